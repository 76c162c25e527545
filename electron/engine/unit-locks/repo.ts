import { toNumber, toNumberOrNull } from '#runtime/database.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import type { Instant } from '#kernel/time.ts';
import type { CauseKind, UnitLock } from './lock.ts';
import { OPEN_STATES, type LockState } from './machine.ts';

type Row = NonNullable<Awaited<ReturnType<Tx['unitLock']['findUnique']>>>;

function toLock(row: Row): UnitLock {
  return {
    id: row.id, lotId: row.lotId, listingId: row.listingId, channel: row.channel, quantity: row.quantity, causeKind: row.causeKind as CauseKind, causeRef: row.causeRef, causeChannel: row.causeChannel, orderId: row.orderId,
    state: row.state as LockState, soldAt: toNumberOrNull(row.soldAt), heardAt: toNumber(row.heardAt), firstCallAt: toNumberOrNull(row.firstCallAt), toldAt: toNumberOrNull(row.toldAt), provedAt: toNumberOrNull(row.provedAt),
    shown: row.shown, attempts: row.attempts, error: row.error,
  };
}

export type NewLock = Pick<UnitLock, 'id' | 'lotId' | 'listingId' | 'channel' | 'quantity' | 'causeKind' | 'causeRef' | 'causeChannel' | 'orderId' | 'soldAt' | 'heardAt'>;

/** Locks that stand already for their cause and listing are left as they are. */
export async function insertLocks(tx: Tx, locks: readonly NewLock[]): Promise<void> {
  for (const lock of locks) {
    await tx.$executeRawUnsafe(
      `INSERT INTO "UnitLock" (id, lotId, listingId, channel, quantity, causeKind, causeRef, causeChannel, orderId, soldAt, heardAt, state, attempts, nextAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'intended', 0, ?) ON CONFLICT (listingId, causeRef) DO NOTHING`,
      lock.id, lock.lotId, lock.listingId, lock.channel, lock.quantity, lock.causeKind, lock.causeRef, lock.causeChannel, lock.orderId, lock.soldAt, lock.heardAt, lock.heardAt);
  }
}

/** Marks what is due for a channel as being called, oldest first, with every due lock of the same listings; nobody else takes it before `leaseUntil`. */
export async function takeDue(tx: Tx, given: { readonly channel: string; readonly now: Instant; readonly leaseUntil: Instant; readonly listings: number }): Promise<UnitLock[]> {
  const { channel, now, leaseUntil } = given;
  const open = { channel, nextAt: { lte: now }, state: { in: [...OPEN_STATES] } };
  const first = await tx.unitLock.findMany({ where: open, orderBy: { nextAt: 'asc' }, take: given.listings, select: { listingId: true } });
  if (first.length === 0) return [];
  const rows = await tx.unitLock.findMany({ where: { ...open, listingId: { in: [...new Set(first.map((row) => row.listingId))] } }, orderBy: [{ heardAt: 'asc' }, { id: 'asc' }] });
  await tx.$executeRawUnsafe(
    `UPDATE "UnitLock" SET state = 'calling', attempts = attempts + 1, calledAt = ?, firstCallAt = coalesce(firstCallAt, ?), nextAt = ? WHERE id IN (SELECT value FROM json_each(?))`, now, now, leaseUntil, JSON.stringify(rows.map((row) => row.id)));
  return rows.map((row) => toLock({ ...row, firstCallAt: row.firstCallAt ?? BigInt(now), attempts: row.attempts + 1 }));
}

export interface LockResult {
  readonly state: LockState;
  readonly toldAt?: Instant | null;
  readonly provedAt?: Instant | null;
  readonly shown?: number | null;
  readonly proof?: string | null;
  readonly error?: string | null;
  readonly nextAt: Instant | null;
}

export async function writeResult(tx: Tx, ids: readonly string[], result: LockResult): Promise<void> {
  const { toldAt, ...rest } = result;
  // The first answer counts: a later try that only reads must not move it.
  await tx.unitLock.updateMany({ where: { id: { in: [...ids] } }, data: { ...rest, calledAt: null } });
  if (toldAt !== undefined && toldAt !== null) await tx.unitLock.updateMany({ where: { id: { in: [...ids] }, toldAt: null }, data: { toldAt } });
}

/** Calls that a killed program left under way are due at once. */
export async function releaseCalls(tx: Tx, now: Instant): Promise<void> {
  await tx.unitLock.updateMany({ where: { state: 'calling' }, data: { nextAt: now } });
}

/** When the next lock of each channel is due. */
export async function nextDue(db: Database): Promise<{ channel: string; nextAt: number }[]> {
  return db.prisma.unitLock.groupBy({ by: ['channel'], where: { nextAt: { not: null }, state: { in: [...OPEN_STATES] } }, _min: { nextAt: true } })
    .then((rows) => rows.flatMap((row) => { const at = row['_min'].nextAt; return at === null ? [] : [{ channel: row.channel, nextAt: toNumber(at) }]; }));
}

export async function locksOfOrder(tx: Tx, orderId: string): Promise<UnitLock[]> {
  return (await tx.unitLock.findMany({ where: { orderId }, orderBy: [{ heardAt: 'asc' }, { id: 'asc' }] })).map(toLock);
}

export async function locksOfLot(tx: Tx, lotId: string): Promise<UnitLock[]> {
  return (await tx.unitLock.findMany({ where: { lotId }, orderBy: [{ heardAt: 'asc' }, { id: 'asc' }], take: 500 })).map(toLock);
}

export async function findLock(tx: Tx, id: string): Promise<UnitLock | null> {
  const row = await tx.unitLock.findUnique({ where: { id } });
  return row && toLock(row);
}

export interface LagRow {
  readonly channel: string;
  readonly state: string;
  readonly soldAt: number | null;
  readonly heardAt: number;
  readonly toldAt: number | null;
  readonly provedAt: number | null;
}

export function readLags(db: Database, since: Instant, most: number): Promise<LagRow[]> {
  return db.read('SELECT channel, state, soldAt, heardAt, toldAt, provedAt FROM "UnitLock" WHERE heardAt >= ? ORDER BY heardAt DESC LIMIT ?', [since, most]);
}
