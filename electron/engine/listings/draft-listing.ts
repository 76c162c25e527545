import { z } from 'zod';
import { isConnectorError } from '#kernel/errors.ts';
import { moneySchema, reasonSchema, type Reason } from '#contract/shared.ts';
import type { Tx } from '#runtime/ports.ts';
import { getLot, type Lot } from '../inventory/index.ts';
import { BUSINESS, LIMITS, readSetting } from '../settings/index.ts';
import { recordListing } from './advance-listing.ts';
import { categoryOn } from './choose-category.ts';
import type { ListingFacts } from './facts-port.ts';
import { feeCategoryIn } from './fee-category.ts';
import type { ListingsDeps, OnChannel } from './deps.ts';
import type { Listing } from './listing.ts';
import { priceListing } from './price-listing.ts';
import { LISTING_RULES } from './price-rules.ts';
import { findBySku, insertListing } from './repo.ts';
import { cleanTitle } from './text/clean-title.ts';
import { channelCondition, writeDescription, writeTitle } from './write-text.ts';

/** The kinds of workflow that carry a listing to its channel. */
export const PUBLISH_WORKFLOW = 'publish-listing';
export const REVISE_WORKFLOW = 'revise-listing';
export const END_WORKFLOW = 'end-listing';

export const composedSchema = z.strictObject({
  title: z.string(), description: z.string(), condition: z.string(), price: moneySchema, floor: moneySchema, basis: z.string(), refusal: reasonSchema.nullable(),
});
export type Composed = z.infer<typeof composedSchema>;

/** The fee card's category: by the leaf that it is listed in where the channel can be asked just now, else our own. */
async function feeCategory(deps: OnChannel, productId: string, facts: ListingFacts): Promise<string | null> {
  try {
    return feeCategoryIn(deps, await categoryOn(deps, { id: productId, facts }), facts).key;
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return facts.category;
  }
}

/** Words and price of a lot's listing, from facts alone. Reads the market, so it is done outside a transaction. */
export async function composeListing(deps: OnChannel, lotId: string): Promise<Composed> {
  const { ctx, channel } = deps;
  const lot = await getLot(ctx.db.prisma, lotId);
  const [facts, market, business, limits, rules] = await Promise.all([
    deps.products.facts(lot.productId, channel.market), deps.market.priceNow(lot.productId, channel.market), readSetting(ctx.db, BUSINESS), readSetting(ctx.db, LIMITS), readSetting(ctx.db, LISTING_RULES),
  ]);
  const condition = channelCondition(lot.condition);
  // a shop's title may promise what is not ours to promise
  const said = { ...facts, title: cleanTitle(facts.title, channel.market) };
  const priced = priceListing({
    lot, facts: { ...facts, category: await feeCategory(deps, lot.productId, facts) }, channel: channel.market, feeCards: deps.feeCards, business: business.value, limits: limits.value, market: market?.price ?? null, rules: rules.value, salesTaxBp: deps.salesTaxBp, at: ctx.clock.now(),
  });
  const refusal: Reason | null = 'code' in priced ? priced : condition === null ? { code: 'listing.condition-unknown', data: { condition: lot.condition } } : null;
  const price = 'code' in priced ? lot.estimate.salePrice : priced.price;
  return {
    title: writeTitle(said, channel.limits.titleCharacters), description: writeDescription(said, condition ?? 'used-acceptable', channel.limits.descriptionCharacters),
    condition: condition ?? lot.condition, price, floor: 'code' in priced ? price : priced.floor, basis: 'code' in priced ? 'none' : priced.basis, refusal,
  };
}

/** One listing for each lot and channel: asked again, it answers with the one that stands. What cannot be listed is kept as stopped, with the reason. */
export async function draftListing(deps: OnChannel, tx: Tx, given: { readonly lot: Lot; readonly composed: Composed }): Promise<Listing> {
  const { lot, composed } = given;
  const { ctx, channel } = deps;
  const standing = await findBySku(tx, channel.market, lot.sku);
  if (standing) return standing;
  const at = ctx.clock.now();
  const id = ctx.ids.next('listing');
  const { refusal, basis, ...words } = composed;
  const listing: Listing = {
    id, sku: lot.sku, lotId: lot.id, productId: lot.productId, channel: channel.market, ...words, quantity: lot.onHand, state: refusal ? 'stopped' : 'draft', stopReason: refusal,
    externalOfferId: null, externalId: null, idempotencyKey: id, createdAt: at, publishedAt: null, updatedAt: at, version: 1,
  };
  await insertListing(tx, listing);
  await recordListing(deps, tx, id, { kind: listing.state, data: { price: listing.price, floor: listing.floor, basis, ...(refusal ? { reason: refusal } : {}) } });
  await ctx.outbox.add(tx, `listing.${listing.state}`, id, { lotId: lot.id });
  if (!refusal) await startPublishing(deps, tx, listing);
  return listing;
}

export async function startPublishing(deps: ListingsDeps, tx: Tx, listing: Listing): Promise<void> {
  await deps.ctx.workflows.start(tx, PUBLISH_WORKFLOW, `${PUBLISH_WORKFLOW}:${listing.id}:${listing.version}`, { listingId: listing.id });
}

/** Tells the channel price and quantity as they stand when it runs. `rise`: units that came in; without them the channel's own count is never raised. */
export async function startRevising(deps: ListingsDeps, tx: Tx, listing: Listing, rise = 0): Promise<void> {
  await deps.ctx.workflows.start(tx, REVISE_WORKFLOW, `${REVISE_WORKFLOW}:${listing.id}:${listing.version}`, { listingId: listing.id, ...(rise > 0 ? { rise } : {}) });
}
