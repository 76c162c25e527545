import type { InboundAddress } from '#contract/inbound-shipments.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { getLot, setAside } from '../inventory/index.ts';
import { liesElsewhere, liesWith, warehouseOf, wayTo } from '../listings/index.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import type { InboundDeps } from './deps.ts';
import { badField } from './errors.ts';
import { changeLine, latestAddress, loadShipment, loadVersion, nextNumber } from './repo.ts';
import type { InboundShipment } from './shipment.ts';
import { recordEvent, shift } from './shift-shipment.ts';

export interface NewShipment {
  readonly channel: string;
  readonly from: InboundAddress;
  readonly readyAt: Instant;
  readonly lines: readonly { readonly lotId: string; readonly units: number }[];
}

async function check(tx: Tx, { channel, lines }: Pick<NewShipment, 'channel' | 'lines'>): Promise<void> {
  for (const [place, { lotId, units }] of lines.entries()) {
    const lot = await getLot(tx, lotId);
    if (lot.state !== 'on-hand') throw badField(`lines.${place}.lotId`, `${lot.title} is not on hand`);
    if (liesWith(lot.location, channel) || liesElsewhere(lot.location, channel)) throw badField(`lines.${place}.lotId`, `${lot.title} lies in “${lot.location}” already`);
    if (units > lot.onHand) throw badField(`lines.${place}.units`, `${lot.onHand} of ${lot.title} are on hand`);
  }
  if (new Set(lines.map(({ lotId }) => lotId)).size < lines.length) throw badField('lines', 'a lot stands there twice');
}

/** Nothing moves and nothing is asked yet. @throws DomainError INVALID with the field. */
export async function createShipment(deps: InboundDeps, given: NewShipment, by: string): Promise<InboundShipment> {
  const { ctx } = deps;
  if (!deps.channels.connected().some(({ port }) => port.market === given.channel) || warehouseOf(given.channel) === null) throw badField('channel', 'it has no warehouse, or is not connected');
  return ctx.db.transaction(async (tx) => {
    await check(tx, given);
    const at = ctx.clock.now();
    const id = ctx.ids.next('inboundShipment');
    const number = await nextNumber(tx, new Date(at).getUTCFullYear());
    await tx.inboundShipment.create({ data: { id, number, name: `${number} ${id.slice(-12)}`, channel: given.channel, state: 'draft', from: JSON.stringify(given.from), readyAt: given.readyAt, by, createdAt: at, updatedAt: at } });
    for (const [place, { lotId, units }] of given.lines.entries()) {
      const lot = await getLot(tx, lotId);
      await tx.inboundShipmentLine.create({ data: { id: ctx.ids.next('inboundLine'), shipmentId: id, number: place + 1, sourceLotId: lotId, sourcePlace: lot.location, productId: lot.productId, title: lot.title, units } });
    }
    await recordEvent(deps, tx, id, { kind: 'drafted', data: { number, by } });
    return loadShipment(tx, id);
  });
}

/** The units become lots of their own on their way: nobody else can sell them, and what their lots offer elsewhere falls by as many, in the same transaction as the word to every channel. */
export async function startShipment(deps: InboundDeps, seen: { readonly id: string; readonly version: number }): Promise<InboundShipment> {
  return deps.ctx.db.transaction(async (tx) => {
    const shipment = await loadVersion(tx, seen);
    const planned = await shift(deps, tx, shipment, { to: 'planning' });
    await check(tx, { channel: shipment.channel, lines: shipment.lines.map(({ sourceLotId, units }) => ({ lotId: sourceLotId, units })) });
    for (const line of shipment.lines) {
      const lot = await setAside(deps.inventory, tx, { lotId: line.sourceLotId, units: line.units, location: wayTo(shipment.channel)!, reason: shipment.number, list: true });
      await changeLine(tx, line.id, { lotId: lot.id, sku: lot.sku });
    }
    return loadShipment(tx, planned.id);
  });
}

/** Where boxes leave from: as the last shipment had it, else the business. */
export async function defaultAddress(tx: Tx): Promise<InboundAddress> {
  const last = await latestAddress(tx);
  if (last) return last;
  const { address } = (await readSetting(tx, BUSINESS)).value;
  return { name: [address.firstName, address.lastName].filter(Boolean).join(' '), company: '', line1: address.line1, line2: address.line2, city: address.city, state: address.state, postcode: address.postcode, country: address.country, phone: address.phone };
}
