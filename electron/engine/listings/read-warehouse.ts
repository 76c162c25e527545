import { z } from 'zod';
import type { warehouseCount } from '#contract/selling.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { JobHandler } from '#runtime/ports.ts';
import { getLot, type Lot } from '../inventory/index.ts';
import { putSetting, readSetting, type SettingKey } from '../settings/index.ts';
import type { ListingsDeps, SalesChannel } from './deps.ts';
import type { WarehouseUnits } from './ports.ts';
import { liesWith, WAREHOUSE_PLACES } from './warehouses.ts';

export const READ_WAREHOUSES = 'listings.read-warehouses';
export const READ_WAREHOUSES_EVERY_MS = 6 * HOUR_MS;
/** Lots that one read asks after. */
const MOST = 2_000;

const countSchema = z.strictObject({ sellable: z.int(), reserved: z.int(), inbound: z.int(), unsellable: z.int(), at: z.int() });
const countKey = (lotId: string): SettingKey<z.infer<typeof countSchema> | null> => ({ key: `warehouse-count.${lotId}`, schema: countSchema.nullable(), fallback: null });

/** The connected channel that a lot lies with; null where it lies here, or the channel cannot be asked. */
function holderOf(deps: ListingsDeps, lot: Pick<Lot, 'location'>): SalesChannel | null {
  return deps.channels.connected().find(({ port }) => port.warehouseUnits && liesWith(lot.location, port.market)) ?? null;
}

async function keep(deps: ListingsDeps, lots: readonly { readonly id: string; readonly sku: string }[], units: readonly WarehouseUnits[]): Promise<void> {
  const { db, clock } = deps.ctx;
  const at = clock.now();
  await db.transaction(async (tx) => {
    for (const { id, sku } of lots) {
      // the channel knows nothing of it: nothing of it lies there
      const { sellable, reserved, inbound, unsellable } = units.find((entry) => entry.sku === sku) ?? { sellable: 0, reserved: 0, inbound: 0, unsellable: 0 };
      await putSetting(tx, countKey(id), { sellable, reserved, inbound, unsellable, at }, at);
    }
  });
}

/** Asks each channel for what it counts of the lots that lie with it. */
export async function readWarehouses(deps: ListingsDeps, signal: AbortSignal): Promise<number> {
  const rows = await deps.ctx.db.prisma.stockLot.findMany({ where: { location: { in: [...WAREHOUSE_PLACES] }, state: 'on-hand' }, select: { id: true, sku: true, location: true }, orderBy: { id: 'desc' }, take: MOST });
  for (const { port } of deps.channels.connected()) {
    const lots = rows.filter((lot) => liesWith(lot.location, port.market));
    if (port.warehouseUnits && lots.length > 0) await keep(deps, lots, await port.warehouseUnits(lots.map(({ sku }) => sku), { signal }));
  }
  return rows.length;
}

export function readWarehousesJob(deps: ListingsDeps): JobHandler<Record<never, never>> {
  return { kind: READ_WAREHOUSES, payload: z.strictObject({}), run: async (_payload, { signal }) => void (await readWarehouses(deps, signal)) };
}

/** The channel's count of a lot beside the books; null where the lot lies here. `fresh` asks the channel now. @throws DomainError NOT_FOUND, ConnectorError */
export async function warehouseCountOf(deps: ListingsDeps, input: { readonly lotId: string; readonly fresh: boolean }, signal?: AbortSignal): Promise<z.infer<typeof warehouseCount> | null> {
  const { prisma } = deps.ctx.db;
  const lot = await getLot(prisma, input.lotId);
  const holder = holderOf(deps, lot);
  if (!holder) return null;
  const kept = async () => (await readSetting(prisma, countKey(lot.id))).value;
  if (input.fresh || (await kept()) === null) await keep(deps, [lot], await holder.port.warehouseUnits!([lot.sku], { signal }));
  const { at, ...count } = (await kept())!;
  return { channel: holder.port.market, ...count, booked: lot.onHand, difference: count.sellable + count.reserved + count.inbound + count.unsellable - lot.onHand, at };
}
