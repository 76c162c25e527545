import type { Business } from '#contract/settings.ts';
import { inverse, rateOf, type Currency, type Rate } from '#kernel/money.ts';

/** A rate with its origin, as the business has set it. */
export interface BusinessRate {
  readonly rate: Rate;
  readonly kind: 'official' | 'parallel';
  readonly source: string;
  /** UTC day. */
  readonly asOf: string;
}

/** The rate from `currency` to the home currency, of the kind that the business uses; the other kind when only that is known; null without any. */
export function homeRate(business: Business, currency: Currency): BusinessRate | null {
  const home = business.homeCurrency;
  if (currency === home) return { rate: { from: home, to: home, numerator: 1, denominator: 1 }, kind: 'official', source: 'same currency', asOf: '' };
  const known = business.rates.filter((r) => (r.from === currency && r.to === home) || (r.from === home && r.to === currency));
  const chosen = known.find((r) => r.kind === business.rateKind) ?? known[0];
  if (!chosen) return null;
  const rate = rateOf(chosen.from, chosen.to, chosen.rate);
  return { rate: chosen.from === currency ? rate : inverse(rate), kind: chosen.kind, source: chosen.source, asOf: chosen.asOf };
}
