import type { ChannelOffer, ChannelPolicies, ListingContent, OfferState, OfferTerms } from '#engine/listings/ports.ts';
import { z } from 'zod';
import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import type { Money } from '#kernel/money.ts';
import { numberOf } from '../../http/index.ts';
import { readAmount, StrangeAmount } from './amounts.ts';
import type { EtsyClient } from './etsy-client.ts';
import { draftMark, listingPath, type ListingIndex } from './find-listing.ts';
import { imageSchema, imagesSchema, inventorySchema, listingSchema, processingProfilesSchema, returnPoliciesSchema, shippingProfilesSchema, type EtsyListing } from './schema.ts';
import { fromEtsySku, toEtsySku } from './short-sku.ts';
import { notForEtsy, originOf, plainTitle } from './taxonomy.ts';
import { imageForm } from './write-image.ts';

type Options = { readonly signal?: AbortSignal | undefined } | undefined;

const STATES: Readonly<Record<string, OfferState>> = { draft: 'unpublished', active: 'live', sold_out: 'out-of-stock', inactive: 'ended', expired: 'ended' };

const refusal = (operation: string, message: string) => new ConnectorError({ kind: 'Rejected', connector: 'etsy', operation, message });

/** Shipping profile and processing profile, which Etsy wants both: one choice here. */
function splitFulfilment(id: string): { readonly shipping: string; readonly processing: string } {
  const [shipping = '', processing = ''] = id.split(':');
  return { shipping, processing };
}

const plainText = (html: string) => html.replace(/<br\s*\/?>|<\/(?:p|li|div)>/gi, '\n').replace(/<[^>]+>/g, '').replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replace(/\n{3,}/g, '\n\n').trim();

function describe(content: ListingContent): string {
  const note = content.conditionNote && content.condition !== 'new' ? `\n\nCondition: ${content.conditionNote}` : '';
  return plainText(content.description) + note;
}

/**
 * Listings of Open API v3. A listing is made as a draft without a SKU, then gets it with its inventory, its words and its pictures, each of which sets and may be repeated; only making the draft may not, and a lost
 * answer to it is settled by the draft's mark. The listing's id is the offer's too.
 */
export class Listings {
  readonly #client: EtsyClient;
  readonly #index: ListingIndex;

  constructor(client: EtsyClient, index: ListingIndex) {
    this.#client = client;
    this.#index = index;
  }

  async policies(call: Options): Promise<ChannelPolicies> {
    const shop = await this.#client.shopId();
    const read = { method: 'GET', effect: 'read', signal: call?.signal } as const;
    const [shipping, returns, processing] = await Promise.all([
      this.#client.send({ ...read, operation: 'read shipping profiles', path: `/v3/application/shops/${shop}/shipping-profiles`, schema: shippingProfilesSchema }),
      this.#client.send({ ...read, operation: 'read return policies', path: `/v3/application/shops/${shop}/policies/return`, schema: returnPoliciesSchema }),
      this.#client.send({ ...read, operation: 'read processing profiles', path: `/v3/application/shops/${shop}/readiness-state-definitions`, schema: processingProfilesSchema }),
    ]);
    const ready = processing.body.results.find((profile) => profile.readiness_state === 'ready_to_ship');
    return {
      fulfilment: ready ? shipping.body.results.filter((profile) => profile.is_deleted !== true).map((profile, place) => ({ id: `${profile.shipping_profile_id}:${ready.readiness_state_id}`, name: profile.title ?? String(profile.shipping_profile_id), isDefault: place === 0 })) : [],
      // Etsy pays out by itself: there is nothing to choose
      payment: [{ id: 'etsy-payments', name: 'Etsy Payments', isDefault: true }],
      returns: returns.body.results.map((policy, place) => ({ id: String(policy.return_policy_id), name: policy.accepts_returns ? `Returns within ${policy.return_deadline ?? '?'} days` : 'No returns', isDefault: place === 0 })),
    };
  }

  async find(sku: string, call: Options): Promise<ChannelOffer | null> {
    const listing = await this.#index.find(sku, call?.signal);
    return listing ? offerOf(sku, listing) : null;
  }

  /** Nothing stands under the SKU yet: content goes out together with the terms, in `ensure`. */
  async putContent(sku: string, content: ListingContent & { readonly picturesChanged?: boolean | undefined }, call: Options): Promise<void> {
    const listing = await this.#index.find(sku, call?.signal);
    if (!listing || listing.description === draftMark(sku)) return;
    await this.#update(listing.listing_id, words(content), { operation: 'change content', signal: call?.signal });
    if (content.picturesChanged) await this.#putImages(listing.listing_id, content, { replacing: true, signal: call?.signal });
  }

  async ensure(sku: string, terms: OfferTerms, call: Options): Promise<ChannelOffer & { readonly existed: boolean }> {
    const standing = await this.#index.find(sku, call?.signal);
    const listing = standing ?? (await this.#draft(sku, terms, call?.signal));
    if (standing === null || standing.state === 'draft') await this.#complete(sku, listing.listing_id, { terms, signal: call?.signal });
    return { ...offerOf(sku, listing), price: terms.price, quantity: terms.quantity, existed: standing !== null };
  }

  async publish(listingId: string, call: Options): Promise<{ readonly listingId: string; readonly existed: boolean }> {
    const before = await this.#need(listingId, 'publish listing', call?.signal);
    if (before.state === 'active') return { listingId, existed: true };
    // nothing is left to sell: it stays a draft until there is
    const [product] = await this.#inventory(listingId, call?.signal);
    if (!product?.offerings.some((offering) => offering.is_enabled)) return { listingId, existed: false };
    await this.#update(listingId, { state: 'active' }, { operation: 'publish listing', signal: call?.signal });
    return { listingId, existed: false };
  }

  /** Etsy keeps no active listing with nothing to sell: it pauses at none, and goes on with some. */
  async revise(sku: string, listingId: string, change: { readonly price: Money; readonly quantity: number; readonly signal?: AbortSignal | undefined }): Promise<void> {
    const { signal } = change;
    const listing = await this.#need(listingId, 'revise price and quantity', signal);
    if (change.quantity === 0) {
      if (listing.state === 'active') await this.#update(listingId, { state: 'inactive' }, { operation: 'pause listing', signal });
      return;
    }
    // "Setting a sold_out listing to active will update the quantity to 1": so its quantity comes afterwards, and that of a paused one before.
    const goOn = () => this.#update(listingId, { state: 'active' }, { operation: 'go on selling', signal });
    if (listing.state === 'sold_out') await goOn();
    await this.#putInventory(sku, listingId, change);
    if (listing.state === 'inactive' || listing.state === 'expired') await goOn();
  }

  async replace(listingId: string, terms: OfferTerms, call: Options): Promise<void> {
    const listing = await this.#need(listingId, 'replace terms', call?.signal);
    const sku = await this.#skuOf(listing, call?.signal);
    const { shipping } = splitFulfilment(terms.policies.fulfilment);
    await this.#update(listingId, { taxonomy_id: terms.categoryId, shipping_profile_id: shipping, return_policy_id: terms.policies.returns, ...(terms.content ? originOf(terms.content.aspects) : {}) }, { operation: 'replace terms', signal: call?.signal });
    if (terms.quantity > 0) await this.#putInventory(sku, listingId, { ...terms, signal: call?.signal });
  }

  async end(listingId: string, call: Options): Promise<{ readonly listingId?: string | undefined; readonly existed: boolean }> {
    const listing = await this.#index.read(listingId, call?.signal);
    if (!listing || listing.state !== 'active') return { ...(listing ? { listingId } : {}), existed: true };
    await this.#update(listingId, { state: 'inactive' }, { operation: 'end listing', signal: call?.signal });
    return { listingId, existed: false };
  }

  async #draft(sku: string, terms: OfferTerms, signal: AbortSignal | undefined): Promise<EtsyListing> {
    const { content } = terms;
    if (!content) throw refusal('create draft', 'Etsy takes a new listing only together with its content');
    const barred = notForEtsy(content.aspects);
    if (barred) throw refusal('create draft', barred);
    const shop = await this.#client.shopId();
    const { shipping, processing } = splitFulfilment(terms.policies.fulfilment);
    try {
      const { body } = await this.#client.send({
        operation: 'create draft', method: 'POST', path: `/v3/application/shops/${shop}/listings`, effect: 'once', schema: listingSchema, signal,
        form: {
          title: plainTitle(content.title), description: draftMark(sku), price: String(numberOf(terms.price)), quantity: String(Math.max(1, terms.quantity)), ...originOf(content.aspects), taxonomy_id: terms.categoryId,
          shipping_profile_id: shipping, return_policy_id: terms.policies.returns, readiness_state_id: processing, type: 'physical', ...measures(content),
        },
      });
      this.#index.note(sku, body.listing_id);
      return body;
    } catch (error) {
      const made = isConnectorError(error, 'OutcomeUnknown') ? await this.#index.find(sku, signal) : null;
      if (!made) throw error;
      return made;
    }
  }

  /** Inventory, pictures, and last the words: a draft without its mark is whole. */
  async #complete(sku: string, listingId: number, given: { readonly terms: OfferTerms; readonly signal: AbortSignal | undefined }): Promise<void> {
    const { terms, signal } = given;
    if (!terms.content) throw refusal('complete draft', 'Etsy takes a new listing only together with its content');
    await this.#putInventory(sku, listingId, { ...terms, signal });
    await this.#putImages(listingId, terms.content, { replacing: false, signal });
    await this.#update(listingId, words(terms.content), { operation: 'write content', signal });
  }

  /**
   * Each picture at its rank, in order: of a draft, what was sent before the program stopped stands there, and the rest follows. Replacing, each is written over what stands at its rank, and what is left over
   * beyond the last is taken down.
   */
  async #putImages(listingId: number, content: ListingContent, given: { readonly replacing: boolean; readonly signal: AbortSignal | undefined }): Promise<void> {
    const { replacing, signal } = given;
    const standing = await this.#images(listingId, signal);
    const shop = await this.#client.shopId();
    let rank = 0;
    for (const url of content.imageUrls) {
      const picture = await this.#client.options.fetchPicture(url, signal);
      if (!picture) continue;
      rank += 1;
      if (!replacing && rank <= standing.length) continue;
      await this.#client.send({ operation: 'send picture', method: 'POST', path: `/v3/application/shops/${shop}/listings/${listingId}/images`, effect: 'idempotent', schema: imageSchema, signal, bytes: imageForm(picture, { rank, overwrite: true }) });
    }
    if (rank === 0) throw refusal('send pictures', 'Etsy wants a picture, and none of those that are known could be fetched');
    if (!replacing || standing.length <= rank) return;
    for (const { listing_image_id: image } of (await this.#images(listingId, signal)).slice(rank)) {
      await this.#client.sendOrNull({ operation: 'take picture down', method: 'DELETE', path: `/v3/application/shops/${shop}/listings/${listingId}/images/${image}`, effect: 'idempotent', schema: z.null(), body: 'none', signal });
    }
  }

  async #images(listingId: number, signal: AbortSignal | undefined) {
    return (await this.#client.send({ operation: 'read pictures', method: 'GET', path: listingPath(listingId, '/images'), effect: 'read', schema: imagesSchema, signal })).body.results.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  }

  /** The listing's one product: our SKU on it, its price, its quantity; Etsy takes no 0, so one that has nothing is not shown. */
  async #putInventory(sku: string, listingId: string | number, terms: { readonly price: Money; readonly quantity: number; readonly policies?: OfferTerms['policies'] | undefined; readonly signal?: AbortSignal | undefined }): Promise<void> {
    const processing = terms.policies ? Number(splitFulfilment(terms.policies.fulfilment).processing) : await this.#processingOf(listingId, terms.signal);
    await this.#client.send({
      operation: 'set price and quantity', method: 'PUT', path: listingPath(listingId, '/inventory'), effect: 'idempotent', schema: inventorySchema, signal: terms.signal,
      json: { products: [{ sku: toEtsySku(sku), property_values: [], offerings: [{ price: numberOf(terms.price), quantity: Math.max(1, terms.quantity), is_enabled: terms.quantity > 0, readiness_state_id: processing }] }], price_on_property: [], quantity_on_property: [], sku_on_property: [] },
    });
  }

  async #inventory(listingId: string | number, signal: AbortSignal | undefined) {
    return (await this.#client.send({ operation: 'read inventory', method: 'GET', path: listingPath(listingId, '/inventory'), effect: 'read', schema: inventorySchema, signal })).body.products.filter((product) => product.is_deleted !== true);
  }

  /** An inventory is written whole: what a price does not change is written as it stands. */
  async #processingOf(listingId: string | number, signal: AbortSignal | undefined): Promise<number | null> {
    return (await this.#inventory(listingId, signal))[0]?.offerings[0]?.readiness_state_id ?? null;
  }

  async #skuOf(listing: EtsyListing, signal: AbortSignal | undefined): Promise<string> {
    const sku = listing.skus?.[0] ?? (await this.#inventory(listing.listing_id, signal))[0]?.sku;
    if (!sku) throw refusal('replace terms', `the listing ${listing.listing_id} carries no SKU`);
    return fromEtsySku(sku);
  }

  async #need(listingId: string, operation: string, signal: AbortSignal | undefined): Promise<EtsyListing> {
    const listing = await this.#index.read(listingId, signal);
    if (!listing) throw refusal(operation, `there is no listing ${listingId}`);
    return listing;
  }

  async #update(listingId: string | number, form: Readonly<Record<string, string>>, given: { readonly operation: string; readonly signal: AbortSignal | undefined }): Promise<void> {
    const shop = await this.#client.shopId();
    await this.#client.send({ ...given, method: 'PATCH', path: `/v3/application/shops/${shop}/listings/${encodeURIComponent(String(listingId))}`, effect: 'idempotent', schema: listingSchema, form });
  }
}

const words = (content: ListingContent): Record<string, string> => ({ title: plainTitle(content.title), description: describe(content) });

function measures({ packageMeasures }: ListingContent): Record<string, string> {
  const { lengthMm, widthMm, heightMm, weightGrams } = packageMeasures ?? {};
  return {
    ...(lengthMm && widthMm && heightMm ? { item_length: String(lengthMm), item_width: String(widthMm), item_height: String(heightMm), item_dimensions_unit: 'mm' } : {}),
    ...(weightGrams ? { item_weight: String(weightGrams), item_weight_unit: 'g' } : {}),
  };
}

function offerOf(sku: string, listing: EtsyListing): ChannelOffer {
  const state = STATES[listing.state];
  if (!state) throw new ConnectorError({ kind: 'Critical', connector: 'etsy', operation: 'read listing', message: `state: unknown state ${listing.state}` });
  const listingId = String(listing.listing_id);
  try {
    // a paused listing keeps its number, and sells none of it
    return { sku, offerId: listingId, state, ...(listing.state === 'draft' ? {} : { listingId }), price: readAmount(listing.price, 'price'), ...(listing.state === 'draft' ? {} : { quantity: listing.state === 'active' ? listing.quantity : 0 }) };
  } catch (error) {
    if (!(error instanceof StrangeAmount)) throw error;
    throw new ConnectorError({ kind: 'Critical', connector: 'etsy', operation: 'read listing', message: error.message }, error);
  }
}
