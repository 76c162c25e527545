import { money } from '#kernel/money.ts';
import { toNumber } from '#runtime/database.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import type { Entry, EntryLine, NewEntry } from './entry.ts';

interface EntryRow {
  id: string; key: string; kind: string; memo: string; refKind: string; refId: string; at: bigint;
  lines: { account: string; minor: bigint; currency: string }[];
}

const include = { lines: { orderBy: { number: 'asc' } } } as const;

function toEntry(row: EntryRow): Entry {
  return {
    id: row.id, key: row.key, kind: row.kind, memo: row.memo, ref: { kind: row.refKind, id: row.refId }, at: toNumber(row.at),
    lines: row.lines.map((line) => ({ account: line.account, amount: money(toNumber(line.minor), line.currency) })),
  };
}

export async function findEntry(tx: Tx, key: string): Promise<Entry | null> {
  const row = await tx.ledgerEntry.findUnique({ where: { key }, include });
  return row && toEntry(row);
}

export async function insertEntry(tx: Tx, id: string, entry: NewEntry): Promise<void> {
  await tx.ledgerEntry.create({
    data: { id, key: entry.key, kind: entry.kind, memo: entry.memo, refKind: entry.ref.kind, refId: entry.ref.id, at: entry.at },
  });
  await tx.ledgerLine.createMany({
    data: entry.lines.map((line, number) => ({ entryId: id, number, account: line.account, minor: line.amount.minor, currency: line.amount.currency })),
  });
}

/** What each account holds, per currency, by name; accounts that come to nothing are left out unless `all`. */
export async function sumAccounts(tx: Tx, accounts?: readonly string[]): Promise<EntryLine[]> {
  const rows = await tx.ledgerLine.groupBy({ by: ['account', 'currency'], _sum: { minor: true }, ...(accounts ? { where: { account: { in: [...accounts] } } } : {}), orderBy: [{ account: 'asc' }, { currency: 'asc' }] });
  return rows.map(({ account, currency, _sum: sum }) => ({ account, amount: money(toNumber(sum.minor ?? 0n), currency) }));
}

/** What does not come to nothing on an account, for each thing of a kind that it was booked for, oldest first. */
export async function sumOpenRefs(tx: Tx, account: string, kind: string): Promise<{ refId: string; currency: string; minor: number }[]> {
  const rows = await tx.$queryRaw<{ refId: string; currency: string; minor: bigint }[]>`
    SELECT e.refId AS refId, l.currency AS currency, CAST(SUM(l.minor) AS INTEGER) AS minor FROM LedgerLine l JOIN LedgerEntry e ON e.id = l.entryId
    WHERE l.account = ${account} AND e.refKind = ${kind} GROUP BY e.refId, l.currency HAVING SUM(l.minor) <> 0 ORDER BY e.refId`;
  return rows.map((row) => ({ refId: row.refId, currency: row.currency, minor: toNumber(row.minor) }));
}

/** What entries of one kind moved on an account, per currency. */
export async function sumOfKind(tx: Tx, account: string, kind: string): Promise<EntryLine[]> {
  const rows = await tx.ledgerLine.groupBy({ by: ['currency'], _sum: { minor: true }, where: { account, entry: { kind } } });
  return rows.map(({ currency, _sum: sum }) => ({ account, amount: money(toNumber(sum.minor ?? 0n), currency) }));
}

/** What entries moved on an account whose keys begin so, in one currency. */
export async function sumUnderKey(tx: Tx, account: string, given: { readonly keyStart: string; readonly currency: string }): Promise<number> {
  const { _sum: sum } = await tx.ledgerLine.aggregate({ _sum: { minor: true }, where: { account, currency: given.currency, entry: { key: { startsWith: given.keyStart } } } });
  return toNumber(sum.minor ?? 0n);
}

export async function countEntries(tx: Tx, kind: string): Promise<number> {
  return tx.ledgerEntry.count({ where: { kind } });
}

/** In no order of their own. */
export async function findEntries(tx: Tx, ids: readonly string[]): Promise<Entry[]> {
  return (await tx.ledgerEntry.findMany({ where: { id: { in: [...ids] } }, include })).map(toEntry);
}

/** What was booked for one thing, newest first. */
export async function entriesOfRef(tx: Tx, refId: string, limit: number): Promise<Entry[]> {
  return (await tx.ledgerEntry.findMany({ where: { refId }, include, orderBy: { id: 'desc' }, take: limit })).map(toEntry);
}

/** Entries whose lines do not add up to zero in some currency: none, unless the file was changed by another hand. */
export async function findUnbalanced(db: Database): Promise<{ entryId: string; currency: string; minor: number }[]> {
  return db.read('SELECT entryId, currency, SUM(minor) AS minor FROM LedgerLine GROUP BY entryId, currency HAVING SUM(minor) <> 0 LIMIT 100');
}

/** Totals over all accounts, per currency. */
export async function sumCurrencies(db: Database): Promise<{ currency: string; minor: number }[]> {
  return db.read('SELECT currency, SUM(minor) AS minor FROM LedgerLine GROUP BY currency ORDER BY currency');
}
