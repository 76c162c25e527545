import type { ChannelOffer, ListingContent, ListingRestriction, OfferState, OfferTerms } from '#engine/listings/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { Money } from '#kernel/money.ts';
import { SECOND_MS } from '#kernel/time.ts';
import { moneyFromText } from '../../http/index.ts';
import { readRestriction } from '../../data/amazon-sp-api/read-restriction.ts';
import type { ProductTypes } from './product-types.ts';
import { listingsItemSchema, submissionSchema, type SpListingsItem, type SpSubmission } from './schema.ts';
import type { SellerAccount } from './seller-account.ts';
import { refusedBy, stoppingIssues } from './tell-issues.ts';
import { conditionAttributes, availability, BY_SELLER, productAttributes, priceTerms, type Attributes } from './write-attributes.ts';

const DATA_SETS = ['summaries', 'offers', 'fulfillmentAvailability', 'issues'] as const;
/** Amazon takes a submission in and works on it for a while. */
const LOOK_AGAIN_MS = 30 * SECOND_MS;
const MOST_REMEMBERED = 5_000;

interface NewListing {
  readonly productType: string;
  readonly requirements: 'LISTING' | 'LISTING_OFFER_ONLY';
  readonly attributes: Attributes;
}

type Options = { readonly signal?: AbortSignal | undefined } | undefined;

/**
 * Listings Items 2021-08-01. One record holds thing and offer under our SKU, so the SKU is the offer's id too; what buyers see is the page of the catalogue (ASIN). Every write sets, none adds:
 * all of them may be repeated.
 */
export class Listings {
  readonly #account: SellerAccount;
  readonly #productTypes: ProductTypes;
  /** A patch names the product type, and leaves alone what Amazon sends; both are known from the last look at the SKU. */
  readonly #seen = new Map<string, { readonly productType: string; readonly byAmazon: boolean }>();

  constructor(account: SellerAccount, productTypes: ProductTypes) {
    this.#account = account;
    this.#productTypes = productTypes;
  }

  async find(sku: string, call: Options): Promise<ChannelOffer | null> {
    const item = await this.#read(sku, call);
    return item ? this.#offer(item) : null;
  }

  /** Nothing stands under the SKU yet: content goes out together with the terms, in `ensure`. */
  async putContent(sku: string, content: ListingContent, call: Options): Promise<void> {
    const item = await this.#read(sku, call);
    if (!item) return;
    const { client } = this.#account;
    const own = content.cataloguePage === undefined ? { ...productAttributes(client, content), ...(await this.#productTypes.attributesFrom(this.#typeIn(item), content.aspects, call?.signal)) } : {};
    await this.#patch(sku, { ...conditionAttributes(client, content), ...own }, { operation: 'change content', signal: call?.signal });
  }

  async ensure(sku: string, terms: OfferTerms, call: Options): Promise<ChannelOffer & { readonly existed: boolean }> {
    const standing = await this.find(sku, call);
    if (standing) return { ...standing, existed: true };
    const listing = await this.#compose(terms, call?.signal);
    const preview = await this.#put(sku, listing, { preview: true, signal: call?.signal });
    if (preview.status !== 'VALID') throw refusedBy(worst(preview), 'check listing');
    const taken = await this.#put(sku, listing, { preview: false, signal: call?.signal });
    if (taken.status !== 'ACCEPTED') throw refusedBy(worst(taken), 'put listing');
    this.#remember(sku, { productType: listing.productType, byAmazon: terms.sentByChannel === true });
    return { sku, offerId: sku, state: 'unpublished', price: terms.price, quantity: terms.quantity, existed: false };
  }

  /** It was sent with its price and quantity: all that is left is to see what Amazon made of it. @throws ConnectorError Retryable while Amazon works on it. */
  async publish(sku: string, call: Options): Promise<{ readonly listingId: string; readonly existed: boolean }> {
    const operation = 'see listing published';
    const item = await this.#read(sku, call);
    const refused = stoppingIssues(item?.issues);
    if (refused.length > 0) throw refusedBy(refused, operation);
    const offer = item && this.#offer(item);
    if (offer?.listingId !== undefined && (offer.state === 'live' || offer.state === 'out-of-stock')) return { listingId: offer.listingId, existed: true };
    throw new ConnectorError({ kind: 'Retryable', connector: this.#account.client.connector, operation, message: 'Amazon has taken the listing in and does not sell it yet', retryAfterMs: LOOK_AGAIN_MS });
  }

  async revise(sku: string, change: { readonly price: Money; readonly floor?: Money | undefined; readonly quantity: number }, call: Options): Promise<void> {
    const { client } = this.#account;
    await this.#patch(sku, { ...priceTerms(client, change), ...(await this.#byAmazon(sku, call) ? {} : availability(client, change)) }, { operation: 'revise price and quantity', signal: call?.signal });
  }

  async replace(sku: string, terms: OfferTerms, call: Options): Promise<void> {
    const { client } = this.#account;
    const stays = terms.sentByChannel !== true && (await this.#byAmazon(sku, call));
    await this.#patch(sku, { ...priceTerms(client, terms), ...(stays ? {} : availability(client, terms)), ...(terms.content ? conditionAttributes(client, terms.content) : {}) }, { operation: 'replace terms', signal: call?.signal });
  }

  /** Amazon keeps nothing of a deleted SKU; the next `ensure` makes it anew. */
  async end(sku: string, call: Options): Promise<{ readonly listingId?: string | undefined; readonly existed: boolean }> {
    const { client, sellerId } = this.#account;
    const standing = await this.find(sku, call);
    if (!standing) return { existed: true };
    const answer = await client.callOrNull('deleteListingsItem', {
      operation: 'delete listing', method: 'DELETE', path: itemPath(await sellerId(), sku), query: { marketplaceIds: client.marketplaceId, issueLocale: 'en_US' }, effect: 'idempotent', schema: submissionSchema, signal: call?.signal,
    });
    if (answer && answer.status !== 'ACCEPTED') throw refusedBy(worst(answer), 'delete listing');
    return { listingId: standing.listingId, existed: false };
  }

  async restrictions(asin: string, condition: ListingContent['condition'], call: Options): Promise<ListingRestriction[]> {
    const { client, sellerId } = this.#account;
    const answer = await readRestriction(client, { asin, condition, sellerId: await sellerId() }, { signal: call?.signal, now: () => client.now() });
    return answer.allowed ? [] : answer.reasons.map(({ message, link }) => ({ message, ...(link === undefined ? {} : { link }) }));
  }

  async #compose({ content, categoryId, ...terms }: OfferTerms, signal: AbortSignal | undefined): Promise<NewListing> {
    const { client } = this.#account;
    if (!content) throw new ConnectorError({ kind: 'Rejected', connector: client.connector, operation: 'write listing', message: 'Amazon takes a new offer only together with its content' });
    const productType = categoryId === '' ? 'PRODUCT' : categoryId;
    const offer = { ...conditionAttributes(client, content), ...priceTerms(client, terms), ...availability(client, terms) };
    if (content.cataloguePage !== undefined) {
      return { productType, requirements: 'LISTING_OFFER_ONLY', attributes: { merchant_suggested_asin: [{ value: content.cataloguePage, marketplace_id: client.marketplaceId }], ...offer } };
    }
    return { productType, requirements: 'LISTING', attributes: { ...productAttributes(client, content), ...(await this.#productTypes.attributesFrom(productType, content.aspects, signal)), ...offer } };
  }

  /** What Amazon sends is never turned into what the seller sends by a new price: that is done in Seller Central, with the goods. */
  async #byAmazon(sku: string, call: Options): Promise<boolean> {
    return this.#seen.get(sku)?.byAmazon ?? sentByAmazon(await this.#read(sku, call));
  }

  async #put(sku: string, listing: NewListing, given: { readonly preview: boolean; readonly signal: AbortSignal | undefined }): Promise<SpSubmission> {
    const { client, sellerId } = this.#account;
    return client.call('putListingsItem', {
      operation: given.preview ? 'check listing' : 'put listing', method: 'PUT', path: itemPath(await sellerId(), sku), effect: given.preview ? 'read' : 'idempotent', schema: submissionSchema, signal: given.signal, json: listing,
      query: { marketplaceIds: client.marketplaceId, includedData: ['issues', 'identifiers'], issueLocale: 'en_US', ...(given.preview ? { mode: 'VALIDATION_PREVIEW' } : {}) },
    });
  }

  async #patch(sku: string, attributes: Attributes, given: { readonly operation: string; readonly signal: AbortSignal | undefined }): Promise<void> {
    const { client, sellerId } = this.#account;
    const known = this.#seen.get(sku)?.productType ?? (await this.#read(sku, given).then((item) => item && this.#typeIn(item)));
    if (!known) throw new ConnectorError({ kind: 'Rejected', connector: client.connector, operation: given.operation, message: `nothing stands under the SKU ${sku}` });
    const answer = await client.call('patchListingsItem', {
      operation: given.operation, method: 'PATCH', path: itemPath(await sellerId(), sku), effect: 'idempotent', schema: submissionSchema, signal: given.signal,
      query: { marketplaceIds: client.marketplaceId, includedData: 'issues', issueLocale: 'en_US' },
      json: { productType: known, patches: Object.entries(attributes).map(([name, value]) => ({ op: 'replace', path: `/attributes/${name}`, value })) },
    });
    if (answer.status !== 'ACCEPTED') throw refusedBy(worst(answer), given.operation);
  }

  async #read(sku: string, call: Options): Promise<SpListingsItem | null> {
    const { client, sellerId } = this.#account;
    const item = await client.callOrNull('getListingsItem', {
      operation: 'read listing', method: 'GET', path: itemPath(await sellerId(), sku), schema: listingsItemSchema, signal: call?.signal,
      query: { marketplaceIds: client.marketplaceId, includedData: DATA_SETS, issueLocale: 'en_US' },
    });
    if (item) this.#remember(sku, { productType: this.#typeIn(item), byAmazon: sentByAmazon(item) });
    else this.#seen.delete(sku);
    return item;
  }

  #typeIn(item: SpListingsItem): string {
    return item.summaries?.find((summary) => summary.marketplaceId === this.#account.client.marketplaceId)?.productType ?? 'PRODUCT';
  }

  #remember(sku: string, seen: { readonly productType: string; readonly byAmazon: boolean }): void {
    if (this.#seen.size >= MOST_REMEMBERED) this.#seen.clear();
    this.#seen.set(sku, seen);
  }

  #offer(item: SpListingsItem): ChannelOffer {
    const { client } = this.#account;
    const summary = item.summaries?.find((entry) => entry.marketplaceId === client.marketplaceId);
    const stated = item.offers?.find((entry) => entry.marketplaceId === client.marketplaceId && entry.offerType === 'B2C')?.price;
    const price = stated ? moneyFromText(stated.amount, stated.currencyCode) : null;
    if (stated && !price) throw new ConnectorError({ kind: 'Critical', connector: client.connector, operation: 'read listing', message: `price: ${stated.amount} ${stated.currencyCode} is no amount` });
    const quantity = item.fulfillmentAvailability?.find((entry) => (entry.fulfillmentChannelCode === BY_SELLER) !== sentByAmazon(item))?.quantity ?? undefined;
    const state: OfferState = summary?.status.includes('BUYABLE') ? 'live' : summary?.asin !== undefined && quantity === 0 && stoppingIssues(item.issues).length === 0 ? 'out-of-stock' : 'unpublished';
    return { sku: item.sku, offerId: item.sku, state, ...(summary?.asin === undefined ? {} : { listingId: summary.asin }), ...(price ? { price } : {}), ...(quantity === undefined ? {} : { quantity }) };
  }
}

const sentByAmazon = (item: SpListingsItem | null): boolean => (item?.fulfillmentAvailability ?? []).some((entry) => entry.fulfillmentChannelCode !== BY_SELLER);

const itemPath = (sellerId: string, sku: string) => `/listings/2021-08-01/items/${encodeURIComponent(sellerId)}/${encodeURIComponent(sku)}`;

/** What to tell: what stops it, else whatever was said. */
function worst(answer: SpSubmission) {
  const stopping = stoppingIssues(answer.issues);
  return stopping.length > 0 ? stopping : (answer.issues ?? []);
}
