import { money, multiply, zero, type Money } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';
import { compileFees, resolveCategory, selectFeeCard, type FeeLine } from '../pricing/index.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import { findChoice } from './category-store.ts';
import type { ListingsDeps } from './deps.ts';
import type { Listing } from './listing.ts';

export interface ExpectedFees {
  readonly cardId: string;
  readonly lines: readonly Pick<FeeLine, 'code' | 'amount'>[];
}

/** What the channel's card in force at an instant takes of a sale of some units: for each unit where the channel counts by the piece (Amazon), else for the line. Null without a card in the sale's currency. */
export async function expectFees(deps: ListingsDeps, sale: { readonly listing: Pick<Listing, 'channel' | 'productId'>; readonly quantity: number; readonly price: Money; readonly shipping: Money; readonly sentByChannel: boolean; readonly at: Instant }): Promise<ExpectedFees | null> {
  const { listing: { channel, productId }, quantity, price, shipping } = sale;
  const day = utcDay(sale.at);
  const card = selectFeeCard(deps.feeCards, channel, day);
  if (!card || card.currency !== price.currency || price.minor < 0) return null;
  const [facts, choice, business] = await Promise.all([deps.products.facts(productId, channel), findChoice(deps.ctx.db, channel, productId), readSetting(deps.ctx.db, BUSINESS)]);
  const named = [choice?.name, ...(choice?.path ?? []).toReversed(), facts.category ?? undefined].flatMap((words) => (words === undefined ? [] : words in card.categories ? words : (resolveCategory(card, words) ?? [])));
  const pieces = channel.startsWith('amazon-') ? quantity : 1;
  const fees = compileFees(card, {
    category: named[0] ?? null, fulfilment: sale.sentByChannel ? 'fba' : 'fbm', buyerShipping: pieces === 1 ? shipping : money(Math.round(shipping.minor / pieces), shipping.currency), salesTaxBp: deps.salesTaxBp, package: facts.package, storeLevel: business.value.ebayStore, day,
  }).at(pieces === 1 ? price : money(Math.round(price.minor / pieces), price.currency));
  return { cardId: card.id, lines: fees.lines.length === 0 ? [{ code: 'none', amount: zero(card.currency) }] : fees.lines.map(({ code, amount }) => ({ code, amount: multiply(amount, pieces) })) };
}
