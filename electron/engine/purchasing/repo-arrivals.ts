import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';

/** What became of one order with a seller. `goodShare`: of the units bought, those that came as described. */
export type Outcome = { readonly kind: 'arrived'; readonly goodShare: number; readonly late: boolean } | { readonly kind: 'cancelled' } | { readonly kind: 'price-rose' };

/** A parcel that was opened and counted. */
export interface Arrival {
  readonly id: string;
  readonly good: number;
  readonly damaged: number;
  /** Units of something else than was ordered. */
  readonly wrong: number;
  readonly notes: string;
  readonly by: string;
  readonly at: Instant;
}

export async function insertArrival(tx: Tx, purchaseId: string, arrival: Arrival): Promise<void> {
  await tx.purchaseArrival.create({ data: { ...arrival, purchaseId } });
}

/** Oldest first. */
export async function listArrivals(tx: Tx, purchaseId: string): Promise<Arrival[]> {
  const rows = await tx.purchaseArrival.findMany({ where: { purchaseId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  return rows.map(({ id, good, damaged, wrong, notes, by, at }) => ({ id, good, damaged, wrong, notes, by, at: toNumber(at) }));
}

/** The latest orders at a source that say something of a seller. */
const LATEST = 500;

/** What became of orders at a source, by seller. A price that rose is told by the purchase's own timeline. */
export async function findOutcomes(tx: Tx, sourceId: string): Promise<{ readonly sellerName: string | null; readonly outcomes: readonly Outcome[]; /** When the order that they are of last moved. */ readonly at: number }[]> {
  const rows = await tx.purchase.findMany({
    where: { sourceId }, orderBy: { createdAt: 'desc' }, take: LATEST,
    select: {
      state: true, sellerName: true, createdAt: true, quantity: true, unitsPerOffer: true, expectedBy: true, receivedAt: true, confirmedAt: true, arrivals: { select: { good: true, at: true } },
      events: { where: { kind: { in: ['stopped', 'received'] } }, select: { kind: true, data: true } },
    },
  });
  return rows.map((row) => {
    const outcomes: Outcome[] = row.events.filter((event) => event.kind === 'stopped' && event.data.includes('"stop.price-rose"')).map(() => ({ kind: 'price-rose' }));
    if (row.state === 'failed' && row.confirmedAt !== null) outcomes.push({ kind: 'cancelled' });
    if (row.state === 'received' && row.receivedAt !== null) outcomes.push({ kind: 'arrived', goodShare: goodShareOf(row), late: row.expectedBy !== null && firstOf(row.arrivals, row.receivedAt) > row.expectedBy });
    return { sellerName: row.sellerName, outcomes, at: Number(row.receivedAt ?? row.confirmedAt ?? row.createdAt) };
  });
}

const firstOf = (arrivals: readonly { readonly at: bigint }[], otherwise: bigint): bigint => arrivals.reduce((first, { at }) => (at < first ? at : first), otherwise);

interface Counted {
  readonly quantity: number;
  readonly unitsPerOffer: number;
  readonly arrivals: readonly { readonly good: number }[];
  readonly events: readonly { readonly kind: string; readonly data: string }[];
}

/** A purchase that was received before arrivals were counted has its figures in its timeline. */
function goodShareOf({ quantity, unitsPerOffer, arrivals, events }: Counted): number {
  const bought = quantity * unitsPerOffer;
  if (arrivals.length > 0) return Math.min(1, arrivals.reduce((sum, arrival) => sum + arrival.good, 0) / bought);
  const told = JSON.parse(events.find((event) => event.kind === 'received')?.data ?? '{}') as { units?: number; damaged?: number };
  return Math.min(1, Math.max(0, ((told.units ?? bought) - (told.damaged ?? 0)) / bought));
}
