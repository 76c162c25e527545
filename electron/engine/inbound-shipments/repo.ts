import { z } from 'zod';
import { inboundAddress, inboundBox, inboundChosen, inboundDelivery, inboundLine, inboundOptions, inboundPacking, inboundPrep, type InboundState } from '#contract/inbound-shipments.ts';
import { reasonSchema, type Reason } from '#contract/shared.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';
import { noSuchShipment, wrongState } from './errors.ts';
import type { InboundShipment, ShipmentLine } from './shipment.ts';

const include = { lines: { orderBy: { number: 'asc' } } } as const;
const findRow = (tx: Tx, id: string) => tx.inboundShipment.findUnique({ where: { id }, include });
type Row = NonNullable<Awaited<ReturnType<typeof findRow>>>;

const parsed = <T extends z.ZodType>(schema: T, text: string | null): z.infer<T> | null => (text === null ? null : schema.parse(JSON.parse(text)));
const instant = (value: bigint | null): Instant | null => (value === null ? null : toNumber(value));

function toLine(line: Row['lines'][number]): ShipmentLine {
  const { prep, settled, shipmentId: _shipment, ...rest } = line;
  return { ...rest, prep: parsed(inboundPrep, prep), settled: parsed(inboundLine.shape.settled, settled) };
}

function toShipment(row: Row): InboundShipment {
  return {
    id: row.id, number: row.number, name: row.name, channel: row.channel, state: row.state as InboundState, failedFrom: row.failedFrom as InboundState | null, stopReason: parsed(reasonSchema, row.stopReason), attempt: row.attempt, from: inboundAddress.parse(JSON.parse(row.from)), readyAt: toNumber(row.readyAt),
    planId: row.planId, packing: parsed(inboundPacking, row.packing), boxes: parsed(z.array(inboundBox), row.boxes) ?? [], options: parsed(inboundOptions, row.options), chosen: parsed(inboundChosen, row.chosen), deliveries: parsed(z.array(inboundDelivery), row.deliveries) ?? [],
    createdAt: toNumber(row.createdAt), updatedAt: toNumber(row.updatedAt), sentAt: instant(row.sentAt), version: row.version, lines: row.lines.map(toLine),
  };
}

/** @throws DomainError NOT_FOUND */
export async function loadShipment(tx: Tx, id: string): Promise<InboundShipment> {
  const row = await findRow(tx, id);
  if (!row) throw noSuchShipment(id);
  return toShipment(row);
}

/** @throws DomainError NOT_FOUND, or WRONG_STATE when it is not the version that the person saw. */
export async function loadVersion(tx: Tx, seen: { readonly id: string; readonly version: number }): Promise<InboundShipment> {
  const shipment = await loadShipment(tx, seen.id);
  if (shipment.version !== seen.version) throw wrongState(shipment.state);
  return shipment;
}

export async function findShipments(tx: Tx, ids: readonly string[]): Promise<InboundShipment[]> {
  return (await tx.inboundShipment.findMany({ where: { id: { in: [...ids] } }, include })).map(toShipment);
}

export async function shipmentsIn(tx: Tx, states: readonly InboundState[]): Promise<string[]> {
  return (await tx.inboundShipment.findMany({ where: { state: { in: [...states] } }, select: { id: true }, orderBy: { id: 'asc' } })).map(({ id }) => id);
}

/** Shipments to a channel that left since, and what was agreed for them, latest first. */
export async function sentSince(tx: Tx, channel: string, since: Instant): Promise<InboundShipment[]> {
  return (await tx.inboundShipment.findMany({ where: { channel, sentAt: { gte: since } }, orderBy: { id: 'desc' }, include })).map(toShipment);
}

export async function latestAddress(tx: Tx) {
  const row = await tx.inboundShipment.findFirst({ orderBy: { id: 'desc' }, select: { from: true } });
  return row ? inboundAddress.parse(JSON.parse(row.from)) : null;
}

/** IN-2026-0001 and on, anew each year (UTC). */
export async function nextNumber(tx: Tx, year: number): Promise<string> {
  const prefix = `IN-${year}-`;
  const last = await tx.inboundShipment.findFirst({ where: { number: { startsWith: prefix } }, orderBy: { id: 'desc' }, select: { number: true } });
  return `${prefix}${String((last ? Number(last.number.slice(prefix.length)) : 0) + 1).padStart(4, '0')}`;
}

export type ShipmentChange = Partial<Pick<InboundShipment, 'state' | 'failedFrom' | 'attempt' | 'planId' | 'sentAt'>> & {
  readonly stopReason?: Reason | null; readonly packing?: InboundShipment['packing']; readonly boxes?: InboundShipment['boxes'] | null; readonly options?: InboundShipment['options']; readonly chosen?: InboundShipment['chosen'];
  readonly deliveries?: InboundShipment['deliveries']; readonly endedAt?: Instant;
};
const JSON_FIELDS = ['stopReason', 'packing', 'boxes', 'options', 'chosen', 'deliveries'] as const;

/** Compare-and-set on the version. @throws DomainError WRONG_STATE when somebody was faster. */
export async function changeShipment(tx: Tx, shipment: InboundShipment, change: ShipmentChange & { readonly at: Instant }): Promise<void> {
  const { at, ...fields } = change;
  const data = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, (JSON_FIELDS as readonly string[]).includes(name) && value !== null ? JSON.stringify(value) : value]));
  const done = await tx.inboundShipment.updateMany({ where: { id: shipment.id, version: shipment.version }, data: { ...data, updatedAt: at, version: { increment: 1 } } });
  if (done.count !== 1) throw wrongState(shipment.state);
}

export async function changeLine(tx: Tx, id: string, change: Partial<Pick<ShipmentLine, 'lotId' | 'sku' | 'prep' | 'received' | 'damaged' | 'settled'>>): Promise<void> {
  const { prep, settled, ...plain } = change;
  await tx.inboundShipmentLine.update({ where: { id }, data: { ...plain, ...(prep ? { prep: JSON.stringify(prep) } : {}), ...(settled ? { settled: JSON.stringify(settled) } : {}) } });
}
