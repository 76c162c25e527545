import { reasonSchema, type Reason } from '#contract/shared.ts';
import { money, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber, toNumberOrNull } from '#runtime/database.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import type { Reading, ReadingAt, Watch, WatchTarget } from './watch.ts';

type Row = NonNullable<Awaited<ReturnType<Tx['watch']['findUnique']>>>;

const targetOf = (row: Row): WatchTarget => (row.kind === 'market' ? { kind: 'market', market: row.market ?? '', externalId: row.externalId ?? '' } : { kind: 'page', url: row.address, sourceId: row.sourceId, path: row.externalId ?? '' });
/** One watch of one thing, however its address was written. */
export const keyOf = (target: WatchTarget): string => (target.kind === 'market' ? `${target.market} ${target.externalId}` : target.sourceId === null ? target.url : `${target.sourceId} ${target.path}`);

const priceOf = (row: { readonly priceMinor: bigint | null; readonly currency: string | null }): Money | null => (row.priceMinor === null || row.currency === null ? null : money(toNumber(row.priceMinor), row.currency));

function toWatch(row: Row): Watch {
  return {
    id: row.id, target: targetOf(row), address: row.address, title: row.title, productId: row.productId, state: row.state === 'paused' ? 'paused' : 'active', intervalMs: toNumber(row.intervalMs), belowMinor: toNumberOrNull(row.belowMinor),
    nextAt: toNumber(row.nextAt), checkedAt: toNumberOrNull(row.checkedAt), readAt: toNumberOrNull(row.readAt), problem: row.problem === null ? null : reasonSchema.parse(JSON.parse(row.problem)), failures: row.failures,
    last: row.readAt === null ? null : { price: priceOf(row), available: row.available, quantity: row.quantity, sellers: row.sellers }, changeBp: row.changeBp, createdAt: toNumber(row.createdAt), version: row.version,
  };
}

const readingColumns = ({ price, available, quantity, sellers }: Reading) => ({ priceMinor: price?.minor ?? null, currency: price?.currency ?? null, available, quantity, sellers });

export async function insertWatch(tx: Tx, watch: Watch): Promise<void> {
  const { target, last, problem, ...plain } = watch;
  await tx.watch.create({
    data: {
      ...plain, kind: target.kind, key: keyOf(target), sourceId: target.kind === 'page' ? target.sourceId : null, market: target.kind === 'market' ? target.market : null, externalId: target.kind === 'market' ? target.externalId : target.path,
      problem: problem && JSON.stringify(problem), ...(last ? readingColumns(last) : {}),
    },
  });
}

export async function findWatch(tx: Tx, id: string): Promise<Watch | null> {
  const row = await tx.watch.findUnique({ where: { id } });
  return row && toWatch(row);
}

export async function findByTarget(tx: Tx, target: WatchTarget): Promise<Watch | null> {
  const row = await tx.watch.findUnique({ where: { key: keyOf(target) } });
  return row && toWatch(row);
}

export async function findWatches(tx: Tx, ids: readonly string[]): Promise<Watch[]> {
  return (await tx.watch.findMany({ where: { id: { in: [...ids] } } })).map(toWatch);
}

/** Those that a look is due of, the longest due first. */
export async function findDue(tx: Tx, now: Instant, limit: number): Promise<Watch[]> {
  return (await tx.watch.findMany({ where: { state: 'active', nextAt: { lte: now } }, orderBy: [{ nextAt: 'asc' }, { id: 'asc' }], take: limit })).map(toWatch);
}

export const countActive = (tx: Tx): Promise<number> => tx.watch.count({ where: { state: 'active' } });

/** Compare-and-set on the version. False when somebody was faster. */
export async function updateWatch(tx: Tx, watch: Watch, change: Partial<Pick<Watch, 'state' | 'intervalMs' | 'belowMinor' | 'productId' | 'nextAt'>>): Promise<boolean> {
  return (await tx.watch.updateMany({ where: { id: watch.id, version: watch.version }, data: { ...change, version: { increment: 1 } } })).count === 1;
}

/** What a look found or why it found nothing; the person's version stays. False where the watch has gone. */
export async function recordLook(tx: Tx, id: string, look: { readonly checkedAt: Instant; readonly nextAt: Instant; readonly problem: Reason | null; readonly failures: number; readonly found?: { readonly reading: Reading; readonly title: string; readonly productId: string | null; readonly changeBp: number | null } }): Promise<boolean> {
  const { found, problem, ...plain } = look;
  const done = await tx.watch.updateMany({
    where: { id }, data: { ...plain, problem: problem && JSON.stringify(problem), ...(found ? { ...readingColumns(found.reading), title: found.title, productId: found.productId, changeBp: found.changeBp, readAt: look.checkedAt } : {}) },
  });
  return done.count === 1;
}

export async function insertReading(tx: Tx, watchId: string, at: Instant, reading: Reading): Promise<void> {
  const columns = readingColumns(reading);
  await tx.watchReading.upsert({ where: { watchId_at: { watchId, at } }, create: { watchId, at, ...columns }, update: columns });
}

/** Oldest first. */
export async function readReadings(tx: Tx, watchId: string, since = 0): Promise<ReadingAt[]> {
  const rows = await tx.watchReading.findMany({ where: { watchId, at: { gte: since } }, orderBy: { at: 'asc' } });
  return rows.map((row) => ({ at: toNumber(row.at), price: priceOf(row), available: row.available, quantity: row.quantity, sellers: row.sellers }));
}

/** What held at an instant; null before the first look. */
export async function readingAt(tx: Tx, watchId: string, at: Instant): Promise<ReadingAt | null> {
  const row = await tx.watchReading.findFirst({ where: { watchId, at: { lte: at } }, orderBy: { at: 'desc' } });
  return row && { at: toNumber(row.at), price: priceOf(row), available: row.available, quantity: row.quantity, sellers: row.sellers };
}

export async function insertAlert(tx: Tx, alert: { readonly id: string; readonly watchId: string; readonly reason: Reason; readonly at: Instant }): Promise<void> {
  await tx.watchAlert.create({ data: { ...alert, reason: JSON.stringify(alert.reason) } });
}

export async function readAlerts(tx: Tx, watchId: string, limit: number): Promise<{ id: string; reason: Reason; at: Instant; seen: boolean }[]> {
  const rows = await tx.watchAlert.findMany({ where: { watchId }, orderBy: [{ at: 'desc' }, { id: 'desc' }], take: limit });
  return rows.map((row) => ({ id: row.id, reason: reasonSchema.parse(JSON.parse(row.reason)), at: toNumber(row.at), seen: row.seenAt !== null }));
}

/** What products are offered for here now, the lowest of all channels of a currency; no price where there are several currencies. */
export async function readMine(tx: Tx, productIds: readonly string[]): Promise<ReadonlyMap<string, Money>> {
  const rows = await tx.listing.groupBy({ by: ['productId', 'currency'], where: { productId: { in: [...productIds] }, state: 'active', quantity: { gt: 0 } }, _min: { priceMinor: true } });
  const byProduct = Map.groupBy(rows, (row) => row.productId);
  return new Map([...byProduct].flatMap(([productId, all]) => {
    const [only] = all;
    const minor = only?.['_min'].priceMinor ?? null;
    return all.length === 1 && only && minor !== null ? [[productId, money(toNumber(minor), only.currency)] as const] : [];
  }));
}

export async function countUnseen(db: Pick<Database, 'prisma'>, watchIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db.prisma.watchAlert.groupBy({ by: ['watchId'], where: { watchId: { in: [...watchIds] }, seenAt: null }, _count: true });
  return new Map(rows.map((row) => [row.watchId, row['_count']]));
}
