import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorServer } from '../host.ts';
import { browseRoutes } from './browse.ts';
import { disputeRoutes } from './disputes.ts';
import { refuse } from './errors.ts';
import { giveBackRoutes } from './give-back.ts';
import { inquiryRoutes } from './inquiries.ts';
import { insightsRoutes } from './insights.ts';
import { inventoryRoutes } from './inventory.ts';
import { Tokens } from './oauth.ts';
import { mediaRoutes } from './media.ts';
import { offerRoutes } from './offers.ts';
import { orderRoutes } from './orders.ts';
import { listPolicies } from './policies.ts';
import { returnRoutes } from './returns.ts';
import type { EffectName, Shop } from './shop.ts';
import { EbayStore } from './store.ts';
import { taxonomyRoutes } from './taxonomy.ts';
import { DailyUsage, usageRoutes, type LimitedApi } from './usage.ts';

export { PRACTICE_EBAY } from './oauth.ts';
export type { EffectName } from './shop.ts';
export { aspectsOf, leafOf } from './taxonomy.ts';

export interface EbayVendorOptions extends VendorOptions {
  /** Calls a day by API (`buy.browse`), where they are not the usual ones. */
  readonly callsPerDay?: Partial<Record<LimitedApi, number>>;
}

export interface EbayVendor extends VendorServer {
  /** What was really done since this server was made. */
  effects(): Readonly<Record<EffectName, number>>;
}

/** Routes that an application may call without a seller. */
const PUBLIC = new Set(['getDefaultCategoryTreeId', 'getCategorySuggestions', 'getItemAspectsForCategory', 'getRateLimits', 'search', 'searchSales']);

/** eBay's OAuth, Sell Account, Inventory, Fulfillment, Finances, Post-Order (cancellations, returns, inquiries, cases), Taxonomy, Browse, Marketplace Insights and Developer Analytics APIs over the world, on one address. */
export function createEbayVendor(world: World, options: EbayVendorOptions = {}): EbayVendor {
  const tokens = new Tokens();
  const usage = new DailyUsage(options.callsPerDay);
  const effects: Record<EffectName, number> = {
    itemsCreated: 0, itemsReplaced: 0, locationsCreated: 0, offersCreated: 0, offersRevised: 0, listingsPublished: 0, listingsWithdrawn: 0, shipmentsReported: 0, imagesCreated: 0, refundsIssued: 0, ordersCancelled: 0, returnsApproved: 0, returnsRefunded: 0, inquiriesTracked: 0, inquiriesRefunded: 0, inquiriesEscalated: 0,
  };
  const shop: Shop = { world, store: new EbayStore(world), count: (effect) => void effects[effect]++ };
  const host = createHost({
    name: 'ebay',
    world,
    routes: [
      { method: 'POST', pattern: '/identity/v1/oauth2/token', name: 'token', handle: (request) => tokens.issue(request) },
      { method: 'GET', pattern: '/sell/account/v1/fulfillment_policy', name: 'getFulfillmentPolicies', handle: (request) => listPolicies('fulfillmentPolicies', request) },
      { method: 'GET', pattern: '/sell/account/v1/payment_policy', name: 'getPaymentPolicies', handle: (request) => listPolicies('paymentPolicies', request) },
      { method: 'GET', pattern: '/sell/account/v1/return_policy', name: 'getReturnPolicies', handle: (request) => listPolicies('returnPolicies', request) },
      ...inventoryRoutes(shop), ...offerRoutes(shop), ...orderRoutes(shop), ...giveBackRoutes(shop), ...returnRoutes(shop), ...inquiryRoutes(shop), ...disputeRoutes(shop), ...mediaRoutes(shop), ...taxonomyRoutes(shop), ...browseRoutes(shop), ...insightsRoutes(shop), ...usageRoutes(usage),
    ],
    before: (request, route) => (route.name === 'token' ? null : (tokens.check(request, PUBLIC.has(route.name) ? 'anyone' : 'seller') ?? usage.admit(request))),
    errorBody: (status, message) => {
      if (status === 429) return refuse(429, { errorId: 2001, domain: 'ACCESS', message: 'Too many requests.' });
      if (status >= 500) return refuse(status, { errorId: 25001, category: 'APPLICATION', message: 'A system error has occurred.' });
      return refuse(status, { errorId: status === 404 ? 2002 : 2004, domain: 'ACCESS', message });
    },
  }, options);
  return Object.assign(host, { effects: () => ({ ...effects }) });
}
