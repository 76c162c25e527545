import { allocate, money, scaleMinor } from '#kernel/money.ts';
import type { TaxFacts } from './order.ts';
import type { ChannelOrder } from './ports.ts';

/** Minor units of an order's currency, by whom they are owed to; empty: nobody was named. */
export interface TaxShare {
  readonly to: string;
  readonly minor: number;
}

const sumOf = (shares: readonly TaxShare[]) => shares.reduce((sum, share) => sum + share.minor, 0);
export const collectedTax = (tax: TaxFacts | undefined): number => sumOf(tax?.collected ?? []);

/** Sales tax that passes through the seller, as a reading states it. What the named parts leave of the lines' tax names nobody; named parts beyond the lines' tax are the channel's own to remit, and are cut to it. */
export function taxIn(order: ChannelOrder): TaxShare[] {
  const whole = order.lines.reduce((sum, line) => sum + line.tax.minor, 0);
  const named = new Map<string, number>();
  for (const { jurisdiction, amount } of order.taxes ?? []) named.set(jurisdiction, (named.get(jurisdiction) ?? 0) + amount.minor);
  const shares = [...named].flatMap(([to, minor]) => (minor > 0 ? [{ to, minor }] : []));
  const left = whole - sumOf(shares);
  if (left > 0) return [...shares, { to: '', minor: left }];
  return left === 0 || whole <= 0 ? shares.filter(() => whole > 0) : allocate(money(whole, order.currency), shares.map(({ minor }) => minor)).map(({ minor }, index) => ({ to: shares[index]!.to, minor }));
}

/** The tax within money that was given back of `gross` with `tax` in it: its share, and never more than there is. */
export const taxWithin = (given: number, { tax, gross }: { readonly tax: number; readonly gross: number }): number => (tax <= 0 || gross <= 0 ? 0 : Math.min(tax, scaleMinor(Math.max(0, given), tax, gross, 'half-even')));

/** What is still owed, by whom to: what went back to the buyer is taken off each in its share. */
export function owedTax(tax: TaxFacts | undefined): TaxShare[] {
  const weights = (tax?.collected ?? []).map(({ minor }) => minor);
  if (!tax || !weights.some((weight) => weight > 0)) return [];
  const back = allocate(money(tax.back, 'XXX'), weights);
  return tax.collected.map(({ to, minor }, index) => ({ to, minor: minor - back[index]!.minor }));
}

/** What has to be booked to come from the one to the other. */
export function taxChange(before: TaxFacts | undefined, after: TaxFacts | undefined): TaxShare[] {
  const change = new Map<string, number>();
  for (const { to, minor } of owedTax(after)) change.set(to, (change.get(to) ?? 0) + minor);
  for (const { to, minor } of owedTax(before)) change.set(to, (change.get(to) ?? 0) - minor);
  return [...change].flatMap(([to, minor]) => (minor === 0 ? [] : [{ to, minor }]));
}
