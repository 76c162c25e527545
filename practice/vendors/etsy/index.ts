import { SECOND_MS, startOfUtcDay, type Instant } from '#kernel/time.ts';
import type { World } from '../../world/types.ts';
import { createHost, type Route, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { createDraft, deleteImage, getInventory, getListing, listImages, listListings, putInventory, updateListing, uploadImage } from './listings.ts';
import { Tokens, USER_ID } from './oauth.ts';
import { createShipment, getReceipt, listLedger, listReceipts, receiptPayments } from './receipts.ts';
import { EtsyShop, PROCESSING_PROFILE_ID, refuse, RETURN_POLICY_ID, SHIPPING_PROFILE_ID, SHOP_ID, type EffectName } from './shop.ts';
import { sellerTaxonomy } from './taxonomy.ts';

export { PRACTICE_ETSY } from './oauth.ts';

const CALLS_PER_SECOND = 10;
const CALLS_PER_DAY = 10_000;

export interface EtsyVendor extends VendorServer {
  /** What was really done since this server was made. */
  effects(): Readonly<Record<EffectName, number>>;
}

const fixed = (body: unknown) => () => ({ status: 200, body });

/** Etsy's own count of the application's calls, in the world's time. */
class Usage {
  #day: Instant = 0;
  #today = 0;
  #second = 0;
  #now = 0;

  admit(at: Instant): boolean {
    if (startOfUtcDay(at) !== this.#day) [this.#day, this.#today] = [startOfUtcDay(at), 0];
    const second = Math.floor(at / SECOND_MS);
    if (second !== this.#second) [this.#second, this.#now] = [second, 0];
    if (this.#today >= CALLS_PER_DAY || this.#now >= CALLS_PER_SECOND * 2) return false;
    this.#today += 1;
    this.#now += 1;
    return true;
  }
  get headers(): Record<string, string> {
    return { 'x-limit-per-second': String(CALLS_PER_SECOND), 'x-limit-per-day': String(CALLS_PER_DAY), 'x-remaining-today': String(CALLS_PER_DAY - this.#today) };
  }
}

/** Etsy's Open API v3 over the world, for one shop. */
export function createEtsyVendor(world: World, options: VendorOptions = {}): EtsyVendor {
  const tokens = new Tokens();
  const usage = new Usage();
  const effects: Record<EffectName, number> = { draftsCreated: 0, listingsActivated: 0, listingsPaused: 0, inventoriesPut: 0, picturesTaken: 0, shipmentsReported: 0 };
  const shop = new EtsyShop(world, (effect) => void effects[effect]++);
  const app = '/v3/application';
  const own = `${app}/shops/{shop_id}`;
  const on = (name: string, method: Route['method'], given: { pattern: string; handle: (shop: EtsyShop, request: VendorRequest) => VendorResponse | Promise<VendorResponse> }): Route => ({
    method, pattern: given.pattern, name,
    handle: async (request) => {
      if (request.params['shop_id'] !== undefined && request.params['shop_id'] !== String(SHOP_ID)) return refuse(403, 'The shop is not yours');
      const answer = await given.handle(shop, request);
      return { ...answer, headers: { ...usage.headers, ...answer.headers } };
    },
  });
  const host = createHost({
    name: 'etsy',
    world,
    routes: [
      { method: 'POST', pattern: '/v3/public/oauth/token', name: 'token', handle: (request) => tokens.issue(request) },
      on('getMe', 'GET', { pattern: `${app}/users/me`, handle: fixed({ user_id: USER_ID, shop_id: SHOP_ID }) }),
      on('getShop', 'GET', { pattern: own, handle: fixed({ shop_id: SHOP_ID, user_id: USER_ID, shop_name: 'PracticeShop', currency_code: 'USD' }) }),
      on('getShopShippingProfiles', 'GET', { pattern: `${own}/shipping-profiles`, handle: fixed({ count: 1, results: [{ shipping_profile_id: SHIPPING_PROFILE_ID, title: 'Free shipping', user_id: USER_ID, origin_country_iso: 'US', is_deleted: false, profile_type: 'manual' }] }) }),
      on('getShopReturnPolicies', 'GET', { pattern: `${own}/policies/return`, handle: fixed({ count: 1, results: [{ return_policy_id: RETURN_POLICY_ID, shop_id: SHOP_ID, accepts_returns: true, accepts_exchanges: false, return_deadline: 30 }] }) }),
      on('getShopReadinessStateDefinitions', 'GET', { pattern: `${own}/readiness-state-definitions`, handle: fixed({ count: 1, results: [{ shop_id: SHOP_ID, readiness_state_id: PROCESSING_PROFILE_ID, readiness_state: 'ready_to_ship', min_processing_days: 1, max_processing_days: 3, processing_days_display_label: '1-3 days' }] }) }),
      on('getSellerTaxonomyNodes', 'GET', { pattern: `${app}/seller-taxonomy/nodes`, handle: () => sellerTaxonomy(world) }),
      on('createDraftListing', 'POST', { pattern: `${own}/listings`, handle: createDraft }),
      on('getListingsByShop', 'GET', { pattern: `${own}/listings`, handle: listListings }),
      on('updateListing', 'PATCH', { pattern: `${own}/listings/{listing_id}`, handle: updateListing }),
      on('uploadListingImage', 'POST', { pattern: `${own}/listings/{listing_id}/images`, handle: uploadImage }),
      on('deleteListingImage', 'DELETE', { pattern: `${own}/listings/{listing_id}/images/{listing_image_id}`, handle: deleteImage }),
      on('getListing', 'GET', { pattern: `${app}/listings/{listing_id}`, handle: getListing }),
      on('getListingImages', 'GET', { pattern: `${app}/listings/{listing_id}/images`, handle: listImages }),
      on('getListingInventory', 'GET', { pattern: `${app}/listings/{listing_id}/inventory`, handle: getInventory }),
      on('updateListingInventory', 'PUT', { pattern: `${app}/listings/{listing_id}/inventory`, handle: putInventory }),
      on('getShopReceipts', 'GET', { pattern: `${own}/receipts`, handle: listReceipts }),
      on('getShopReceipt', 'GET', { pattern: `${own}/receipts/{receipt_id}`, handle: getReceipt }),
      on('createReceiptShipment', 'POST', { pattern: `${own}/receipts/{receipt_id}/tracking`, handle: createShipment }),
      on('getShopPaymentByReceiptId', 'GET', { pattern: `${own}/receipts/{receipt_id}/payments`, handle: receiptPayments }),
      on('getShopPaymentAccountLedgerEntries', 'GET', { pattern: `${own}/payment-account/ledger-entries`, handle: listLedger }),
    ],
    before: (request, route) => {
      if (route.name === 'token') return null;
      return tokens.check(request) ?? (usage.admit(request.at) ? null : refuse(429, 'Exceeded rate limit'));
    },
    errorBody: (status, message) => refuse(status, message),
  }, options);
  return Object.assign(host, { effects: () => ({ ...effects }) });
}
