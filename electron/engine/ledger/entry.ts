import type { Currency, Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { isAccount } from './accounts.ts';

/** One side of an entry: a debit above zero, a credit below. */
export interface EntryLine {
  readonly account: string;
  readonly amount: Money;
}

export interface NewEntry {
  /** What is booked, once: `purchase:pur_…:confirmed`. */
  readonly key: string;
  /** `purchase`, `sale`, `cost-of-goods`… */
  readonly kind: string;
  readonly memo: string;
  readonly ref: { readonly kind: string; readonly id: string };
  readonly at: Instant;
  readonly lines: readonly EntryLine[];
}

/** An entry as it is stored. */
export interface Entry extends NewEntry {
  readonly id: string;
}

/** Lines of one account and currency joined, those that come to nothing left out; the order of first mention is kept. */
export function condense(lines: readonly EntryLine[]): EntryLine[] {
  const joined = new Map<string, { account: string; currency: Currency; minor: number }>();
  for (const { account, amount } of lines) {
    const key = `${account} ${amount.currency}`;
    const line = joined.get(key);
    if (line) line.minor += amount.minor;
    else joined.set(key, { account, currency: amount.currency, minor: amount.minor });
  }
  return [...joined.values()].filter((line) => line.minor !== 0).map(({ account, currency, minor }) => ({ account, amount: { minor, currency } }));
}

/** What the lines of each currency add up to, where that is not zero. */
export function imbalance(lines: readonly EntryLine[]): Money[] {
  const sums = new Map<Currency, number>();
  for (const { amount } of lines) sums.set(amount.currency, (sums.get(amount.currency) ?? 0) + amount.minor);
  return [...sums].filter(([, minor]) => minor !== 0).map(([currency, minor]) => ({ minor, currency }));
}

/** Why an entry may not be booked; null when it may. */
export function faultOf(entry: NewEntry): string | null {
  for (const { account, amount } of entry.lines) {
    if (!isAccount(account)) return `the chart has no account ${account}`;
    if (!Number.isSafeInteger(amount.minor)) return `${account}: ${amount.minor} is no whole number of minor units`;
    if (!/^[A-Z]{3}$/.test(amount.currency)) return `${account}: ${amount.currency} is no currency`;
  }
  const open = imbalance(entry.lines);
  return open.length === 0 ? null : `does not balance: ${open.map((m) => `${m.minor} ${m.currency}`).join(', ')} left over`;
}

/** The same booking: kind, reference and lines. Time and memo may differ when it is tried again. */
export function sameBooking(a: NewEntry, b: NewEntry): boolean {
  if (a.kind !== b.kind || a.ref.kind !== b.ref.kind || a.ref.id !== b.ref.id || a.lines.length !== b.lines.length) return false;
  const text = (entry: NewEntry) => entry.lines.map((l) => `${l.account} ${l.amount.currency} ${l.amount.minor}`).sort().join('\n');
  return text(a) === text(b);
}
