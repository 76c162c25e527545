import type { Business } from '#contract/settings.ts';
import { convert, money, type Currency, type Money, type Rounding } from '#kernel/money.ts';
import { homeRate } from './home-rate.ts';

/** An amount in the home currency, at the rate that the business uses; null where nobody has set one. */
export function homeValue(business: Business, amount: Money, rounding: Rounding = 'half-even'): Money | null {
  if (amount.currency === business.homeCurrency) return amount;
  const known = homeRate(business, amount.currency);
  return known && convert(amount, known.rate, rounding);
}

export interface HomeSum {
  readonly sum: Money;
  /** Currencies that no rate is known of, in order: what is in them is left out. */
  readonly without: readonly Currency[];
}

/** Amounts of any currencies in the home currency; what no rate is known of is named and left out. */
export function homeSum(business: Business, amounts: Iterable<Money>, rounding: Rounding = 'half-even'): HomeSum {
  const without = new Set<Currency>();
  let minor = 0;
  for (const amount of amounts) {
    if (amount.minor === 0) continue;
    const value = homeValue(business, amount, rounding);
    if (value) minor += value.minor;
    else without.add(amount.currency);
  }
  return { sum: money(minor, business.homeCurrency), without: [...without].toSorted() };
}
