import type { ReportFigures } from '#contract/reports.ts';
import type { Business } from '#contract/settings.ts';
import { allocate, convert, money, type Currency } from '#kernel/money.ts';
import { homeRate } from '#engine/settings/index.ts';

export const FIGURES = ['revenue', 'refunds', 'fees', 'postage', 'cost', 'writeOff'] as const;
export type Figure = (typeof FIGURES)[number];
/** Minor units of one currency. */
export type Sums = Record<Figure, number>;

export const noSums = (): Sums => ({ revenue: 0, refunds: 0, fees: 0, postage: 0, cost: 0, writeOff: 0 });

export function addSums(to: Sums, more: Readonly<Sums>): void {
  for (const figure of FIGURES) to[figure] += more[figure];
}

const profitOf = (sums: Readonly<Sums>) => sums.revenue - sums.refunds - sums.fees - sums.postage - sums.cost - sums.writeOff;

export function figuresOf(sums: Readonly<Sums>, currency: Currency): ReportFigures {
  const amount = (minor: number) => money(minor, currency);
  return { revenue: amount(sums.revenue), refunds: amount(sums.refunds), fees: amount(sums.fees), postage: amount(sums.postage), cost: amount(sums.cost), writeOff: amount(sums.writeOff), profit: amount(profitOf(sums)) };
}

export const isNothing = (sums: Readonly<Sums>) => FIGURES.every((figure) => sums[figure] === 0);

/** Sums by currency, the home currency first. */
export type ByCurrency = Map<Currency, Sums>;

export function addTo(all: ByCurrency, currency: Currency, sums: Readonly<Sums>): void {
  const known = all.get(currency);
  if (known) addSums(known, sums);
  else all.set(currency, { ...sums });
}

export function listFigures(all: ByCurrency, home: Currency): ReportFigures[] {
  return [...all].filter(([, sums]) => !isNothing(sums)).toSorted(([a], [b]) => (a === home ? -1 : b === home ? 1 : a < b ? -1 : 1)).map(([currency, sums]) => figuresOf(sums, currency));
}

/** All of it in the home currency; what no rate is known of is named, and left out. */
export function inHome(all: ByCurrency, business: Business) {
  const home = business.homeCurrency;
  const total = noSums();
  const rates: { currency: string; rate: string; asOf: string; source: string }[] = [];
  const without: string[] = [];
  for (const [currency, sums] of all) {
    if (isNothing(sums)) continue;
    const rate = homeRate(business, currency);
    if (!rate) { without.push(currency); continue; }
    for (const figure of FIGURES) total[figure] += currency === home ? sums[figure] : convert(money(sums[figure], currency), rate.rate).minor;
    if (currency !== home) rates.push({ currency, rate: String(Number((rate.rate.numerator / rate.rate.denominator).toPrecision(8))), asOf: rate.asOf, source: rate.source });
  }
  return { figures: figuresOf(total, home), rates, without: without.toSorted() };
}

/** What an order's line says of itself: the key by which an order's booked sums are shared over its lines. */
export interface Weighed { readonly quantity: number; readonly revenueMinor: number; readonly refundMinor: number; readonly feesMinor: number; readonly postageMinor: number; readonly costMinor: number | null }

const WEIGHT: Readonly<Record<Figure, (line: Weighed) => number>> = {
  revenue: (line) => line.revenueMinor, refunds: (line) => line.refundMinor, fees: (line) => line.feesMinor, postage: (line) => line.postageMinor, cost: (line) => line.costMinor ?? 0, writeOff: (line) => line.costMinor ?? 0,
};

/** Shares what was booked of an order over its lines, by each line's own figure, else its revenue, else its units. No minor unit is lost. */
export function shareOver(sums: Readonly<Sums>, currency: Currency, lines: readonly Weighed[]): Sums[] {
  const shares = lines.map(noSums);
  for (const figure of FIGURES) {
    if (sums[figure] === 0) continue;
    const weights = [WEIGHT[figure], WEIGHT.revenue, (line: Weighed) => line.quantity, () => 1].map((of) => lines.map((line) => Math.max(0, of(line)))).find((list) => list.some((weight) => weight > 0))!;
    allocate(money(sums[figure], currency), weights).forEach((share, i) => { shares[i]![figure] = share.minor; });
  }
  return shares;
}
