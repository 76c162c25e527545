import { money, type Money as Amount } from '#kernel/money.ts';

export interface Line { readonly account: string; readonly amount: Amount }

/** Where money passes through on its way from one currency to another. */
const EXCHANGE = 'equity:fx';

/** Kinds of account in the order in which they are read: what there is, what is owed, whose it was, what came in, what it took. */
export const ACCOUNT_KINDS = ['assets', 'liabilities', 'equity', 'income', 'expenses'] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];
export const kindOf = (account: string): AccountKind => ACCOUNT_KINDS.find((kind) => account.startsWith(`${kind}:`)) ?? 'assets';

const GROWS_BY_CREDIT: ReadonlySet<AccountKind> = new Set(['liabilities', 'equity', 'income']);

/** A balance as a person reads it: money owed, put in or earned is above zero, as it stands on a statement. The books keep it below, so that everything sums to nothing. */
export const asRead = (account: string, balance: Amount): Amount => (GROWS_BY_CREDIT.has(kindOf(account)) && balance.minor !== 0 ? money(-balance.minor, balance.currency) : balance);

/** What an entry moved: from the accounts that were credited to those that were debited, the way through an exchange left out where something else tells it. */
export function flowOf(lines: readonly Line[]): { readonly from: readonly Line[]; readonly to: readonly Line[] } {
  const told = lines.filter((line) => line.account !== EXCHANGE);
  const sides = (of: readonly Line[]) => ({ from: of.filter((line) => line.amount.minor < 0), to: of.filter((line) => line.amount.minor > 0) });
  const shown = sides(told);
  return shown.from.length > 0 && shown.to.length > 0 ? shown : sides(lines);
}

/** Sums by currency, in the order in which the currencies come. */
export function sumsOf(lines: readonly Line[]): readonly Amount[] {
  const sums = new Map<string, number>();
  for (const { amount } of lines) sums.set(amount.currency, (sums.get(amount.currency) ?? 0) + amount.minor);
  return [...sums].map(([currency, minor]) => money(minor, currency));
}
