import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import type { Money } from '#kernel/money.ts';
import type { ChannelOffer, OfferState, OfferTerms } from '#engine/listings/ports.ts';
import { asAmount, orDrift, readAmount } from './amounts.ts';
import type { EbayClient } from './ebay-client.ts';
import { bulkAnswerSchema, nothingSchema, offerCreatedSchema, offerSchema, offersSchema, publishedSchema, type EbayOffer } from './schema.ts';

/** eBay's word for "this SKU has an offer on this site already". */
const OFFER_EXISTS = '25002';

const offerPath = (offerId: string, verb = '') => `/sell/inventory/v1/offer/${encodeURIComponent(offerId)}${verb}`;

function stateOf(offer: EbayOffer): OfferState {
  const listing = offer.listing?.listingStatus;
  if (listing === 'ENDED' || listing === 'EBAY_ENDED' || listing === 'INACTIVE') return 'ended';
  if (offer.status !== 'PUBLISHED') return 'unpublished';
  return listing === 'OUT_OF_STOCK' ? 'out-of-stock' : 'live';
}

function readOffer(offer: EbayOffer): ChannelOffer {
  const price = offer.pricingSummary?.price;
  return {
    sku: offer.sku, offerId: offer.offerId, state: stateOf(offer), listingId: offer.listing?.listingId,
    price: price ? orDrift('read offer', () => readAmount(price, 'pricingSummary.price')) : undefined,
    quantity: offer.availableQuantity ?? undefined, sold: offer.listing?.soldQuantity,
  };
}

function termsOf(client: EbayClient, terms: OfferTerms) {
  return {
    availableQuantity: terms.quantity, categoryId: terms.categoryId, listingDuration: 'GTC', merchantLocationKey: terms.locationKey,
    listingPolicies: { fulfillmentPolicyId: terms.policies.fulfilment, paymentPolicyId: terms.policies.payment, returnPolicyId: terms.policies.returns },
    pricingSummary: { price: asAmount(terms.price) },
  };
}

export async function findOffer(client: EbayClient, sku: string, signal?: AbortSignal): Promise<ChannelOffer | null> {
  // 404 (error 25713) is how eBay says that there is none.
  const body = await client.sendOrNull('sellInventory', {
    operation: 'find offer', method: 'GET', path: '/sell/inventory/v1/offer', effect: 'read', schema: offersSchema, signal,
    query: { sku, marketplace_id: client.site.marketplaceId },
  });
  const offer = body?.offers.find((entry) => entry.marketplaceId === client.site.marketplaceId);
  return offer ? readOffer(offer) : null;
}

async function getOffer(client: EbayClient, offerId: string, signal?: AbortSignal): Promise<ChannelOffer> {
  const { body } = await client.send('sellInventory', { operation: 'read offer', method: 'GET', path: offerPath(offerId), effect: 'read', schema: offerSchema, signal });
  return readOffer(body);
}

export async function ensureOffer(client: EbayClient, sku: string, given: { readonly terms: OfferTerms; readonly signal?: AbortSignal | undefined }): Promise<ChannelOffer & { existed: boolean }> {
  const { terms, signal } = given;
  const standing = await findOffer(client, sku, signal);
  if (standing) return { ...standing, existed: true };
  try {
    const { body } = await client.send('sellInventory', {
      operation: 'create offer', method: 'POST', path: '/sell/inventory/v1/offer', effect: 'once', schema: offerCreatedSchema, signal,
      headers: { 'content-language': client.site.locale },
      json: { sku, marketplaceId: client.site.marketplaceId, format: 'FIXED_PRICE', ...termsOf(client, terms) },
    });
    return { sku, offerId: body.offerId, state: 'unpublished', price: terms.price, quantity: terms.quantity, existed: false };
  } catch (error) {
    const exists = isConnectorError(error, 'Rejected') && error.detail.code === OFFER_EXISTS;
    if (!exists && !isConnectorError(error, 'OutcomeUnknown')) throw error;
    const made = await findOffer(client, sku, signal);
    if (!made) throw error;
    return { ...made, existed: exists };
  }
}

export async function publishOffer(client: EbayClient, offerId: string, signal?: AbortSignal): Promise<{ listingId: string; existed: boolean }> {
  const before = await getOffer(client, offerId, signal);
  if (isPublished(before)) return { listingId: before.listingId, existed: true };
  try {
    const { body } = await client.send('sellInventory', { operation: 'publish offer', method: 'POST', path: offerPath(offerId, '/publish'), effect: 'once', schema: publishedSchema, signal });
    return { listingId: body.listingId, existed: false };
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown')) throw error;
    const after = await getOffer(client, offerId, signal);
    if (!isPublished(after)) throw error;
    return { listingId: after.listingId, existed: false };
  }
}

function isPublished(offer: ChannelOffer): offer is ChannelOffer & { listingId: string } {
  return (offer.state === 'live' || offer.state === 'out-of-stock') && offer.listingId !== undefined;
}

/** `bulk_update_price_quantity` for one SKU: sets price, and quantity on both levels, as one revision. */
export async function reviseOffer(client: EbayClient, sku: string, given: { readonly offerId: string; readonly price: Money; readonly quantity: number; readonly signal?: AbortSignal | undefined }): Promise<void> {
  const operation = 'revise price and quantity';
  const { body } = await client.send('sellInventory', {
    operation, method: 'POST', path: '/sell/inventory/v1/bulk_update_price_quantity', effect: 'idempotent', schema: bulkAnswerSchema, signal: given.signal,
    json: { requests: [{ sku, shipToLocationAvailability: { quantity: given.quantity }, offers: [{ offerId: given.offerId, availableQuantity: given.quantity, price: asAmount(given.price) }] }] },
  });
  const refused = body.responses.find((entry) => entry.statusCode >= 400);
  if (!refused) return;
  const first = refused.errors?.[0];
  const kind = refused.statusCode >= 500 ? 'Retryable' : refused.statusCode === 429 ? 'Throttled' : 'Rejected';
  throw new ConnectorError({
    kind, connector: client.connector, operation, message: first?.longMessage ?? first?.message ?? `status ${refused.statusCode} for ${sku}`,
    httpStatus: refused.statusCode, ...(first ? { code: String(first.errorId) } : {}),
  });
}

/** `PUT offer/{id}` replaces the whole offer, so every field is given, changed or not. */
export async function replaceOffer(client: EbayClient, offerId: string, given: { readonly terms: OfferTerms; readonly signal?: AbortSignal | undefined }): Promise<void> {
  await client.send('sellInventory', {
    operation: 'replace offer', method: 'PUT', path: offerPath(offerId), effect: 'idempotent', schema: nothingSchema, body: 'none', signal: given.signal,
    headers: { 'content-language': client.site.locale }, json: termsOf(client, given.terms),
  });
}

export async function endOffer(client: EbayClient, offerId: string, signal?: AbortSignal): Promise<{ listingId?: string | undefined; existed: boolean }> {
  const before = await getOffer(client, offerId, signal);
  if (!isPublished(before)) return { listingId: before.listingId, existed: true };
  try {
    await client.send('sellInventory', { operation: 'withdraw offer', method: 'POST', path: offerPath(offerId, '/withdraw'), effect: 'once', schema: nothingSchema, body: 'none', signal });
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown') || isPublished(await getOffer(client, offerId, signal))) throw error;
  }
  return { listingId: before.listingId, existed: false };
}
