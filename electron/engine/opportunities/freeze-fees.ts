import { z } from 'zod';
import { moneySchema } from '#contract/shared.ts';
import { convert, inverse, money, type Money, type Rate } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';
import type { ProductRecord } from '#engine/catalog/index.ts';
import { compileFees, computeFees, feeCardSchema, selectFeeCard, type FeeCard, type FeeContext } from '#engine/pricing/index.ts';
import { CARD_CHANNEL, feeContextOf } from './fee-context.ts';

const contextSchema = z.strictObject({
  category: z.string().nullable(), fulfilment: z.enum(['fba', 'fbm']), buyerShipping: moneySchema, salesTaxBp: z.int(),
  package: z.strictObject({ lengthMm: z.number(), widthMm: z.number(), heightMm: z.number(), weightG: z.number() }).nullable(), storeLevel: z.enum(['none', 'starter', 'basic', 'premium', 'anchor', 'enterprise']), day: z.string(),
});

/** The fees of selling one unit, with all that they were computed from: the card itself, for it may be another by the time that somebody asks. */
export const frozenFeesSchema = z.strictObject({ card: feeCardSchema, context: contextSchema, salePrice: moneySchema, total: moneySchema });
export type FrozenFees = z.infer<typeof frozenFeesSchema>;

export interface FeeFacts {
  readonly product: Pick<ProductRecord, 'category' | 'attributes' | 'lengthMm' | 'widthMm' | 'heightMm' | 'weightG'>;
  readonly storeLevel: FeeContext['storeLevel'] & string;
  readonly salePriceMinor: number;
  /** From the card's currency to that of `salePriceMinor`, null where nobody has set one; the same currency unless told. */
  readonly rateFrom?: (currency: string) => Rate | null;
  readonly at: Instant;
}

/** In the card's currency: so that a rate that moves is not taken for a fee that rose. Null where there is no card for the day, or no rate from its currency. */
export function freezeFees(cards: readonly FeeCard[], facts: FeeFacts): FrozenFees | null {
  const day = utcDay(facts.at);
  const card = selectFeeCard(cards, CARD_CHANNEL, day);
  const rate = card && facts.rateFrom?.(card.currency);
  if (!card || rate === null) return null;
  const context = feeContextOf(card, facts.product, { storeLevel: facts.storeLevel, day });
  const salePrice = rate && rate.from !== rate.to ? convert(money(facts.salePriceMinor, rate.to), inverse(rate)) : money(facts.salePriceMinor, card.currency);
  return { card, context, salePrice, total: computeFees(card, context, salePrice).total };
}

/** What the same sale would cost by today's card; null where there is none any more. */
export function feesToday(cards: readonly FeeCard[], frozen: FrozenFees, at: Instant): FrozenFees | null {
  const card = selectFeeCard(cards, CARD_CHANNEL, utcDay(at));
  if (card?.currency !== frozen.salePrice.currency) return null;
  const context = { ...frozen.context, day: utcDay(at) };
  return { ...frozen, card, context, total: money(compileFees(card, context).totalMinor(frozen.salePrice.minor), card.currency) };
}

/** The fees once more, from the frozen card alone. */
export function replayFees(frozen: FrozenFees): Money {
  return computeFees(frozen.card, frozen.context, frozen.salePrice).total;
}
