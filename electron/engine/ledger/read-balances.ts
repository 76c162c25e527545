import { money, type Currency, type Money } from '#kernel/money.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import type { Entry, EntryLine } from './entry.ts';
import { listEntryIds, type EntryQuery } from './list-entries.ts';
import { entriesOfRef, findEntries, sumAccounts, sumOfKind, sumOpenRefs, sumUnderKey } from './repo.ts';

/** Shown with the thing itself. */
const MOST_OF_ONE = 200;

/** Every account that was ever booked on, by name and currency. */
export function readBalances(tx: Tx): Promise<EntryLine[]> {
  return sumAccounts(tx);
}

/** What one account holds in one currency. */
export async function balanceOf(tx: Tx, account: string, currency: Currency): Promise<Money> {
  const lines = await sumAccounts(tx, [account]);
  return lines.find((line) => line.amount.currency === currency)?.amount ?? money(0, currency);
}

/** What an account still holds for each thing of a kind (`order`) that it was booked for; what has come to nothing is left out. */
export async function openByRef(tx: Tx, account: string, kind: string): Promise<{ readonly refId: string; readonly amount: Money }[]> {
  return (await sumOpenRefs(tx, account, kind)).map((row) => ({ refId: row.refId, amount: money(row.minor, row.currency) }));
}

/** What entries of one kind moved on an account, in one currency. */
export async function movedByKind(tx: Tx, account: string, given: { readonly kind: string; readonly currency: Currency }): Promise<Money> {
  const sums = await sumOfKind(tx, account, given.kind);
  return sums.find((line) => line.amount.currency === given.currency)?.amount ?? money(0, given.currency);
}

/** What entries whose keys begin so moved on an account, in one currency. */
export async function movedUnder(tx: Tx, account: string, given: { readonly keyStart: string; readonly currency: Currency }): Promise<Money> {
  return money(await sumUnderKey(tx, account, given), given.currency);
}

interface EntryPage extends Omit<PageOfIds, 'ids'> {
  readonly items: readonly Entry[];
}

/** Entries, newest first unless told. */
export async function readEntries(db: Pick<Database, 'prisma' | 'read'>, query: EntryQuery): Promise<EntryPage> {
  const { ids, ...page } = await listEntryIds(db, query);
  return { ...page, items: inOrder(ids, await findEntries(db.prisma, ids)) };
}

/** The latest that were booked for one thing, newest first. */
export const entriesFor = (tx: Tx, refId: string): Promise<Entry[]> => entriesOfRef(tx, refId, MOST_OF_ONE);
