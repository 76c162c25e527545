import type { Instant } from '#kernel/time.ts';
import type { Listing } from '../../world/types.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse, type EbayError } from './errors.ts';
import { PAYMENT_POLICY_ID, RETURN_POLICY_ID, shippingCharge } from './policies.ts';
import { productOf, type Shop } from './shop.ts';
import { categoryFault } from './taxonomy.ts';
import { newOfferSchema, termsSchema, type Offer, type Terms } from './store.ts';

const NOT_AVAILABLE: EbayError = { errorId: 25713, message: 'This Offer is not available.' };

/** `12.4` in cents. Texts have passed the schema. */
const minorOf = (value: string) => Math.round(Number(value) * 100);

const missing = (field: string): EbayError => ({ errorId: 25002, category: 'BUSINESS', message: `A user error has occurred. ${field} is missing or not valid.`, parameters: [{ name: 'field', value: field }] });

/** What eBay needs before an offer can become, or stay, a listing. */
function missingFor(shop: Shop, offer: Offer): EbayError | null {
  const { terms, sku } = offer;
  const item = shop.store.item(sku);
  if (!item) return { errorId: 25702, message: `SKU ${sku} could not be found or is not available in the system.` };
  if (!item.product?.title) return missing('product.title');
  if (!item.product.description) return missing('product.description');
  if (!item.product.imageUrls?.length) return missing('product.imageUrls');
  if (!item.condition) return missing('condition');
  if (!terms.categoryId) return missing('categoryId');
  if (!terms.pricingSummary?.price || minorOf(terms.pricingSummary.price.value) < 99) return missing('pricingSummary.price');
  if (!terms.merchantLocationKey || !shop.store.location(terms.merchantLocationKey)) return missing('merchantLocationKey');
  const { fulfillmentPolicyId, paymentPolicyId, returnPolicyId } = terms.listingPolicies ?? {};
  if (!fulfillmentPolicyId || shippingCharge(fulfillmentPolicyId) === undefined) return missing('fulfillmentPolicyId');
  if (paymentPolicyId !== PAYMENT_POLICY_ID) return missing('paymentPolicyId');
  return returnPolicyId === RETURN_POLICY_ID ? null : missing('returnPolicyId');
}

/** Units for sale: the offer's own number, or else the item's. */
function quantityOf(shop: Shop, offer: Offer): number {
  return offer.terms.availableQuantity ?? shop.store.item(offer.sku)?.availability?.shipToLocationAvailability?.quantity ?? 0;
}

function listingStatus(listing: Listing): string {
  if (listing.status === 'active') return listing.quantity > 0 ? 'ACTIVE' : 'OUT_OF_STOCK';
  return listing.endReason === 'brand-complaint' ? 'EBAY_ENDED' : 'ENDED';
}

function offerBody(shop: Shop, offer: Offer) {
  const listing = shop.store.listing(offer.offerId);
  const running = listing?.status === 'active';
  return {
    offerId: offer.offerId, sku: offer.sku, marketplaceId: 'EBAY_US', format: 'FIXED_PRICE', ...offer.terms,
    availableQuantity: running ? listing.quantity : quantityOf(shop, offer), status: running ? 'PUBLISHED' : 'UNPUBLISHED',
    ...(listing ? { listing: { listingId: listing.id, listingStatus: listingStatus(listing), soldQuantity: listing.soldQuantity } } : {}),
  };
}

/** Stores an offer's new terms and, while it runs, changes the listing with them. Returns why not. */
export function reviseRunning(shop: Shop, { offer, at }: { readonly offer: Offer; readonly at: Instant }): EbayError | null {
  const listing = shop.store.listing(offer.offerId);
  if (listing?.status === 'active') {
    const lacking = missingFor(shop, offer);
    if (lacking) return lacking;
    if (!shop.store.countRevision(listing.id, at)) return { errorId: 25026, category: 'BUSINESS', message: 'You have exceeded the maximum number of revisions (250) for this listing today.' };
    const revised = shop.world.actions.reviseListing(listing.id, {
      priceMinor: minorOf(offer.terms.pricingSummary!.price!.value), quantity: quantityOf(shop, offer), shippingMinor: shippingCharge(offer.terms.listingPolicies!.fulfillmentPolicyId!)!,
    });
    if (!revised.ok) return { errorId: 25001, category: 'APPLICATION', message: revised.refusal.message };
  }
  shop.store.putOffer(offer);
  shop.count('offersRevised');
  return null;
}

function createOffer(shop: Shop, request: VendorRequest): VendorResponse {
  if (request.header('content-language') === '') return refuse(400, { errorId: 25709, message: 'Invalid value for header Content-Language.' });
  const parsed = newOfferSchema.safeParse(request.json());
  if (!parsed.success) return refuse(400, { errorId: 25709, message: `Invalid value for ${parsed.error.issues[0]?.path.join('.') ?? 'body'}.` });
  const { sku, marketplaceId: _site, format: _format, ...terms } = parsed.data;
  if (!shop.store.item(sku)) return refuse(400, { errorId: 25702, message: `SKU ${sku} could not be found or is not available in the system.` });
  const standing = shop.store.offerOf(sku);
  if (standing) {
    return refuse(400, { errorId: 25002, message: 'A user error has occurred. Offer entity already exists.', parameters: [{ name: 'offerId', value: standing.offerId }] });
  }
  const offer = shop.store.createOffer(sku, terms as Terms);
  shop.count('offersCreated');
  return { status: 201, body: { offerId: offer.offerId } };
}

function listOffers(shop: Shop, { query, path }: VendorRequest): VendorResponse {
  const sku = query.get('sku');
  if (!sku) return refuse(400, { errorId: 25709, message: 'Invalid value for sku.' });
  const offer = shop.store.offerOf(sku);
  if (!offer) return refuse(404, NOT_AVAILABLE);
  return { status: 200, body: { href: path, total: 1, size: 1, limit: 1, offers: [offerBody(shop, offer)] } };
}

function withOffer(handle: (shop: Shop, offer: Offer, request: VendorRequest) => VendorResponse) {
  return (shop: Shop, request: VendorRequest): VendorResponse => {
    const offer = shop.store.offer(request.params['offerId'] ?? '');
    return offer ? handle(shop, offer, request) : refuse(404, NOT_AVAILABLE);
  };
}

function updateOffer(shop: Shop, offer: Offer, request: VendorRequest): VendorResponse {
  if (request.header('content-language') === '') return refuse(400, { errorId: 25709, message: 'Invalid value for header Content-Language.' });
  const parsed = termsSchema.safeParse(request.json());
  if (!parsed.success) return refuse(400, { errorId: 25709, message: `Invalid value for ${parsed.error.issues[0]?.path.join('.') ?? 'body'}.` });
  const refused = reviseRunning(shop, { offer: { ...offer, terms: parsed.data }, at: request.at });
  return refused ? refuse(400, refused) : { status: 204 };
}

function deleteOffer(shop: Shop, offer: Offer): VendorResponse {
  const listing = shop.store.listing(offer.offerId);
  if (listing?.status === 'active') shop.world.actions.endListing(listing.id);
  shop.store.deleteOffer(offer);
  return { status: 204 };
}

/** A published offer answers with the listing that it has. */
function publishOffer(shop: Shop, offer: Offer): VendorResponse {
  const standing = shop.store.listing(offer.offerId);
  if (standing?.status === 'active') return { status: 200, body: { listingId: standing.id } };
  const lacking = missingFor(shop, offer);
  if (lacking) return refuse(400, lacking);
  const misplaced = categoryFault(shop.world, offer.terms.categoryId!, shop.store.item(offer.sku)!);
  if (misplaced) return refuse(400, misplaced);
  const quantity = quantityOf(shop, offer);
  if (quantity < 1) return refuse(400, { errorId: 25004, category: 'BUSINESS', message: 'The quantity must be a valid number greater than 0.' });
  const item = shop.store.item(offer.sku)!;
  const made = shop.world.actions.createListing({
    channel: 'ebay', sku: offer.sku, productId: productOf(shop.world, item)?.id ?? null, condition: item.condition === 'NEW' || item.condition === 'NEW_OTHER' ? 'new' : 'used',
    priceMinor: minorOf(offer.terms.pricingSummary!.price!.value), shippingMinor: shippingCharge(offer.terms.listingPolicies!.fulfillmentPolicyId!)!, quantity, vendorRef: offer.offerId,
  });
  if (!made.ok) return refuse(400, { errorId: 25019, category: 'BUSINESS', message: made.refusal.message });
  shop.store.noteListing(offer.offerId, made.value);
  shop.count('listingsPublished');
  return { status: 200, body: { listingId: made.value.id } };
}

function withdrawOffer(shop: Shop, offer: Offer): VendorResponse {
  const listing = shop.store.listing(offer.offerId);
  if (listing?.status !== 'active') return refuse(400, { errorId: 25002, category: 'BUSINESS', message: 'The offer is not published.' });
  // What is left goes back to the offer, so that it can be published again.
  shop.store.putOffer({ ...offer, terms: { ...offer.terms, availableQuantity: listing.quantity } });
  shop.world.actions.endListing(listing.id);
  shop.count('listingsWithdrawn');
  return { status: 200, body: { listingId: listing.id } };
}

/** Offers of the Sell Inventory API. */
export function offerRoutes(shop: Shop): Route[] {
  const base = '/sell/inventory/v1/offer';
  const on = (method: Route['method'], path: string, given: { name: string; handle: (shop: Shop, request: VendorRequest) => VendorResponse }): Route => ({ method, pattern: base + path, name: given.name, handle: (request) => given.handle(shop, request) });
  return [
    on('POST', '', { name: 'createOffer', handle: createOffer }),
    on('GET', '', { name: 'getOffers', handle: listOffers }),
    on('GET', '/{offerId}', { name: 'getOffer', handle: withOffer((own, offer) => ({ status: 200, body: offerBody(own, offer) })) }),
    on('PUT', '/{offerId}', { name: 'updateOffer', handle: withOffer(updateOffer) }),
    on('DELETE', '/{offerId}', { name: 'deleteOffer', handle: withOffer(deleteOffer) }),
    on('POST', '/{offerId}/publish', { name: 'publishOffer', handle: withOffer(publishOffer) }),
    on('POST', '/{offerId}/withdraw', { name: 'withdrawOffer', handle: withOffer(withdrawOffer) }),
  ];
}
