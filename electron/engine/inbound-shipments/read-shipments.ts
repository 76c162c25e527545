import type { InboundDetail, InboundRow } from '#contract/inbound-shipments.ts';
import { z } from 'zod';
import { toNumber } from '#runtime/database.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import { getLots } from '../inventory/index.ts';
import { listShipments, type ShipmentQuery } from './list-shipments.ts';
import { findShipments, loadShipment } from './repo.ts';
import type { InboundShipment } from './shipment.ts';

const dataSchema = z.record(z.string(), z.unknown());

function rowOf(shipment: InboundShipment): InboundRow {
  const { id, number, channel, state, lines, chosen, stopReason, createdAt, sentAt, version } = shipment;
  const sum = (of: (line: (typeof lines)[number]) => number) => lines.reduce((total, line) => total + of(line), 0);
  return { id, number, channel, state, lines: lines.length, units: sum((line) => line.units), received: sum((line) => line.received), agreed: chosen?.total ?? null, reason: stopReason, createdAt, sentAt, version };
}

export async function readShipments(db: Pick<Database, 'prisma' | 'read'>, query: ShipmentQuery): Promise<Omit<PageOfIds, 'ids'> & { items: InboundRow[] }> {
  const { ids, ...page } = await listShipments(db, query);
  return { ...page, items: inOrder(ids, await findShipments(db.prisma, ids)).map(rowOf) };
}

/** @throws DomainError NOT_FOUND */
export async function readShipment(tx: Tx, id: string): Promise<InboundDetail> {
  const shipment = await loadShipment(tx, id);
  const { name, planId, from, readyAt, packing, boxes, options, chosen, deliveries, failedFrom, lines } = shipment;
  const [lots, events] = await Promise.all([
    getLots(tx, lines.flatMap(({ lotId }) => (lotId === null ? [] : [lotId]))), tx.inboundShipmentEvent.findMany({ where: { shipmentId: id }, orderBy: { id: 'desc' }, take: 200 }),
  ]);
  const voids = (chosen?.transports ?? []).flatMap(({ cost, voidableUntil }) => (cost !== null && voidableUntil !== null ? [voidableUntil] : []));
  return {
    ...rowOf(shipment), name, planId, from, readyAt, packing, boxes: [...boxes], options, chosen, deliveries: [...deliveries], failedFrom, freeUntil: voids.length > 0 ? Math.min(...voids) : null,
    lineItems: lines.map((line) => ({ ...line, unitCost: lots.find((lot) => lot.id === line.lotId)?.unitCost ?? null })),
    events: events.map((event) => ({ id: event.id, kind: event.kind, data: dataSchema.parse(JSON.parse(event.data)), at: toNumber(event.at) })),
  };
}
