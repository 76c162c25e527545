import { z } from 'zod';
import { HOUR_MS } from '#kernel/time.ts';
import type { JobHandler } from '#runtime/ports.ts';
import { relocateLot } from '../inventory/index.ts';
import { warehouseOf } from '../listings/index.ts';
import type { InboundDeps } from './deps.ts';
import { UNDER_WAY } from './machine.ts';
import type { DeliveryReading } from './ports.ts';
import { changeLine, changeShipment, loadShipment, shipmentsIn } from './repo.ts';
import { unsettled, type InboundShipment } from './shipment.ts';
import { shift } from './shift-shipment.ts';

export const TRACK_INBOUND = 'inbound-shipments.track';
export const TRACK_INBOUND_EVERY_MS = 2 * HOUR_MS;

interface Reading {
  readonly deliveries: readonly DeliveryReading[];
  readonly received: ReadonlyMap<string, number>;
  readonly unsellable: ReadonlyMap<string, number>;
}

async function ask(deps: InboundDeps, shipment: InboundShipment, signal: AbortSignal | undefined): Promise<Reading | null> {
  const channel = deps.channels.get(shipment.channel);
  if (!channel || shipment.planId === null) return null;
  const deliveries: DeliveryReading[] = [];
  const received = new Map<string, number>();
  for (const { shipmentId, confirmationId } of shipment.deliveries) {
    const reading = await channel.port.delivery(shipment.planId, shipmentId, signal);
    deliveries.push(reading);
    if (reading.phase === 'working' || reading.phase === 'sent') continue;
    for (const item of await channel.port.received(confirmationId, signal)) received.set(item.sku, (received.get(item.sku) ?? 0) + item.received);
  }
  const skus = shipment.lines.flatMap(({ sku }) => (sku === null ? [] : [sku]));
  return { deliveries, received, unsellable: deliveries.some(({ phase }) => phase === 'receiving' || phase === 'closed') ? await channel.unsellable(skus, signal) : new Map() };
}

/** What the channel has heard of its shipments and counted of them. Units that it has begun to count lie with it from then on; once all is counted, a difference waits for a person. */
export async function trackShipment(deps: InboundDeps, id: string, signal?: AbortSignal): Promise<void> {
  const { prisma } = deps.ctx.db;
  const before = await loadShipment(prisma, id);
  if (!UNDER_WAY.includes(before.state)) return;
  const reading = await ask(deps, before, signal);
  if (!reading) return;
  await deps.ctx.db.transaction(async (tx) => {
    let shipment = await loadShipment(tx, id);
    if (shipment.version !== before.version) return;
    const lines = shipment.lines.map((line) => ({ ...line, received: reading.received.get(line.sku ?? '') ?? 0, damaged: Math.min(reading.unsellable.get(line.sku ?? '') ?? 0, line.units) }));
    for (const [place, line] of lines.entries()) {
      const { received, damaged } = shipment.lines[place]!;
      if (line.received !== received || line.damaged !== damaged) await changeLine(tx, line.id, { received: line.received, damaged: line.damaged });
    }
    const deliveries = shipment.deliveries.map((delivery) => {
      const now = reading.deliveries.find(({ shipmentId }) => shipmentId === delivery.shipmentId)!;
      return { ...delivery, status: now.status, boxes: delivery.boxes.map((box) => ({ ...box, tracking: box.tracking ?? now.tracking.find(({ boxId }) => boxId === box.boxId)?.number ?? null })) };
    });
    if (JSON.stringify(deliveries) !== JSON.stringify(shipment.deliveries)) {
      await changeShipment(tx, shipment, { deliveries, at: deps.ctx.clock.now() });
      shipment = await loadShipment(tx, id);
    }
    const over = reading.deliveries.every(({ phase }) => phase === 'closed' || phase === 'cancelled');
    const begun = over || reading.deliveries.some(({ phase }) => phase === 'receiving' || phase === 'closed');
    if (begun) for (const { lotId } of lines) await relocateLot(deps.inventory, tx, { lotId: lotId!, location: warehouseOf(shipment.channel)!, reason: shipment.number });
    const data = { received: lines.reduce((sum, { received }) => sum + received, 0) };
    if (over) await shift(deps, tx, shipment, unsettled(lines).length > 0 ? { to: 'differs', data } : { to: 'closed', change: { endedAt: deps.ctx.clock.now() }, data });
    else if (begun && shipment.state === 'sent') await shift(deps, tx, shipment, { to: 'receiving', data });
  });
}

export function trackInboundJob(deps: InboundDeps): JobHandler<Record<never, never>> {
  return {
    kind: TRACK_INBOUND, payload: z.strictObject({}),
    async run(_payload, { signal }) {
      for (const id of await shipmentsIn(deps.ctx.db.prisma, UNDER_WAY)) await trackShipment(deps, id, signal);
    },
  };
}
