import { selectFeeCard, type FeeCard } from '#engine/pricing/index.ts';
import { convert, exponentOf, inverse, type Currency, type Money, type Rate } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';

/** The channel that a rough profit is worked out for: the one that the desk lists on. */
const CHANNEL = 'ebay-us';

/** Null where the desk has none of that day. */
export const cardOfPass = (cards: readonly FeeCard[], at: Instant): FeeCard | null => selectFeeCard(cards, CHANNEL, utcDay(at)) ?? null;

/** How amounts of a currency are brought into the fee card's: by one rate, or through the home currency by two. */
export interface CardRate {
  readonly currency: Currency;
  readonly through: readonly Rate[];
  /** `parallel` where either of two is. */
  readonly kind: 'official' | 'parallel';
  readonly source: string;
  /** UTC day, of the older of two. */
  readonly asOf: string;
}

/** In minor units: a barcode in the price's column, at a weak currency's rate, leaves the whole numbers that money is counted in. */
const MOST_MINOR = 1e15;

function along(amount: Money, rates: readonly Rate[]): Money | null {
  let so = amount;
  for (const rate of rates) {
    const minor = Math.abs(so.minor) * (rate.numerator / rate.denominator) * 10 ** (exponentOf(rate.to) - exponentOf(rate.from));
    if (minor > MOST_MINOR) return null;
    so = convert(so, rate);
  }
  return so;
}

/** Null for an amount that no price can be. */
export const intoCard = (amount: Money, { through }: CardRate): Money | null => along(amount, through);
/** As `intoCard`, the other way. */
export const outOfCard = (amount: Money, { through }: CardRate): Money | null => along(amount, through.toReversed().map(inverse));
