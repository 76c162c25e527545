import { money } from '#kernel/money.ts';
import type { ProductRecord } from '#engine/catalog/index.ts';
import type { FeeCard, FeeContext } from '#engine/pricing/index.ts';
import { feeCategoryOf } from './fee-category.ts';

/** Where an opportunity is to be sold: the fee card's name, and the market's where it is asked what stands there. */
export const CARD_CHANNEL = 'ebay-us';
/** Assumed sales tax on top, in eBay's fee base: the mean of US states weighted by population is near 7 % (assumption of this program). */
export const SALES_TAX_BP = 700;

/** A sale of the product as the fee card asks for it: sent by the seller, postage included in the price. */
export function feeContextOf(card: FeeCard, product: Pick<ProductRecord, 'category' | 'attributes' | 'lengthMm' | 'widthMm' | 'heightMm' | 'weightG'>, sale: { readonly storeLevel: NonNullable<FeeContext['storeLevel']>; readonly day: string }): FeeContext & { readonly storeLevel: NonNullable<FeeContext['storeLevel']> } {
  const { lengthMm, widthMm, heightMm, weightG } = product;
  return {
    category: feeCategoryOf(card, product), fulfilment: 'fbm', buyerShipping: money(0, card.currency), salesTaxBp: SALES_TAX_BP, storeLevel: sale.storeLevel, day: sale.day,
    package: lengthMm && widthMm && heightMm && weightG ? { lengthMm, widthMm, heightMm, weightG } : null,
  };
}
