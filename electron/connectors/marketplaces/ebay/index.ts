import type { OperationQuota } from '#engine/catalog/ports.ts';
import type { ListingChannelPort } from '#engine/listings/ports.ts';
import type { OrderSourcePort } from '#engine/orders/ports.ts';
import quotas from '../../../../resources/quotas/ebay.json' with { type: 'json' };
import { EbayClient, type EbayOptions } from './ebay-client.ts';
import { putInventoryItem } from './inventory-item.ts';
import { ensureLocation } from './location.ts';
import { cancelOrder, refundOrder } from './give-back.ts';
import { endOffer, ensureOffer, findOffer, publishOffer, replaceOffer, reviseOffer } from './offer.ts';
import { markShipped, readOneOrder, readOrders, readTransactions } from './orders.ts';
import { placePicture } from './place-picture.ts';
import { readPolicies } from './policies.ts';
import { readClaims } from './claims.ts';
import { answerInquiry, ClaimOrders, readInquiries } from './inquiries.ts';
import { answerReturn, readReturns } from './returns.ts';
import { fetchLimits } from './rate-limits.ts';
import { orderPage } from './sites.ts';
import type { EbayApi, ToldLimit } from './told-limit.ts';

export { createEbayApplication, type EbayApplication } from './application.ts';
export type { EbayCredentials, EbayOptions } from './ebay-client.ts';
export type { EbayApi, ToldLimit } from './told-limit.ts';

/** eBay knows both standing terms and places. */
type EbayListings = Omit<ListingChannelPort, 'policies' | 'ensureLocation'> & Required<Pick<ListingChannelPort, 'policies' | 'ensureLocation'>>;

export interface Ebay extends EbayListings, OrderSourcePort {
  readonly connector: string;
  readonly market: string;
  /** `getUserRateLimits`: quotas that eBay counts for this seller. */
  userRateLimits(signal?: AbortSignal): Promise<readonly ToldLimit[]>;
  /** Replaces the dated file's limits by those that eBay told. */
  applyLimits(told: readonly ToldLimit[]): void;
  quotaOf(api: EbayApi): OperationQuota;
  /** To be called when the account's credentials have changed: the next call signs in anew. */
  forgetSession(): void;
  close(): Promise<void>;
}

/** eBay's seller APIs for one account on one site. See README.md for what may be repeated and why. */
export function createEbay(options: EbayOptions): Ebay {
  const client = new EbayClient(options);
  const claimOrders = new ClaimOrders();
  return {
    connector: client.connector,
    market: client.market,
    limits: { titleCharacters: quotas.titleCharacters, descriptionCharacters: quotas.descriptionCharacters, images: quotas.images, revisionsPerDay: quotas.revisionsPerListingPerDay },
    policies: (call) => readPolicies(client, call?.signal),
    ensureLocation: (location, call) => ensureLocation(client, location, call?.signal),
    replacesPictures: 'always',
    placePicture: (picture, call) => placePicture(client, picture, call?.signal),
    putContent: (sku, content, call) => putInventoryItem(client, sku, { content, signal: call?.signal }),
    ensureOffer: (sku, terms, call) => ensureOffer(client, sku, { terms, signal: call?.signal }),
    publishOffer: (offerId, call) => publishOffer(client, offerId, call?.signal),
    reviseOffer: (sku, offerId, change, call) => reviseOffer(client, sku, { offerId, ...change, signal: call?.signal }),
    replaceOffer: (offerId, terms, call) => replaceOffer(client, offerId, { terms, signal: call?.signal }),
    endOffer: (offerId, call) => endOffer(client, offerId, call?.signal),
    findOffer: (sku, call) => findOffer(client, sku, call?.signal),
    listingUrl: (listingId) => client.site.itemPage + encodeURIComponent(listingId),
    orders: (query) => readOrders(client, query),
    order: (orderId, signal) => readOneOrder(client, orderId, signal),
    markShipped: (orderId, shipment, signal) => markShipped(client, orderId, { shipment, signal }),
    orderPage: (orderId) => orderPage(client.site.itemPage, orderId),
    returns: (query) => readReturns(client, query),
    claims: async (query) => [...((await readClaims(client, query)) ?? []), ...(await readInquiries(client, query, claimOrders))],
    answerClaim: (claim, given, signal) => answerInquiry(client, claim, { ...given, signal }),
    ...(client.site.signed ? {} : {
      cancelsInOwnWords: true,
      cancelOrder: (orderId, _given, signal) => cancelOrder(client, orderId, signal),
      refundOrder: (orderId, refund, signal) => refundOrder(client, orderId, { refund, signal }),
      answerReturn: (returnId, given, signal) => answerReturn(client, returnId, { ...given, signal }),
    } satisfies Partial<OrderSourcePort>),
    transactions: (query) => readTransactions(client, query),
    userRateLimits: (signal) => fetchLimits(client, 'user', signal),
    applyLimits: (told) => client.applyLimits(told),
    quotaOf: (api) => client.quotaOf(api),
    forgetSession: () => client.forgetSession(),
    close: () => client.close(),
  };
}
