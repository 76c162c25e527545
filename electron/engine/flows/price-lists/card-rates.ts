import { selectFeeCard, type FeeCard } from '#engine/pricing/index.ts';
import { convert, inverse, type Currency, type Money, type Rate } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';

/** The channel that a rough profit is worked out for: the one that the desk lists on. */
const CHANNEL = 'ebay-us';

/** Null where the desk has none of that day. */
export const cardOfPass = (cards: readonly FeeCard[], at: Instant): FeeCard | null => selectFeeCard(cards, CHANNEL, utcDay(at)) ?? null;

/** How amounts of a currency are brought into the fee card's: by one rate, or through the home currency by two. */
export interface CardRate {
  readonly currency: Currency;
  readonly through: readonly Rate[];
  readonly kind: 'official' | 'parallel';
  readonly source: string;
  /** UTC day, of the older of two. */
  readonly asOf: string;
}

export const intoCard = (amount: Money, { through }: CardRate): Money => through.reduce((so, rate) => convert(so, rate), amount);
export const outOfCard = (amount: Money, { through }: CardRate): Money => through.toReversed().reduce((so, rate) => convert(so, inverse(rate)), amount);
