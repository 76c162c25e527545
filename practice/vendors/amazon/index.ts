import { z } from 'zod';
import { HOUR_MS, type Instant } from '#kernel/time.ts';
import type { Product, World } from '../../world/types.ts';
import { createHost, type Route, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { catalogItem, competitivePricing, feesResult, restrictionList, US_MARKETPLACE } from './bodies.ts';
import { createInboundVendor, type InboundEffects } from './inbound.ts';
import { carriageOf } from './inbound-bodies.ts';
import { inboundCharges, storageCharges } from './inbound-plan.ts';
import { deleteItem, getItem, patchItem, putItem } from './listings.ts';
import { MESSAGES, messageAttributes, messagingActions, sendMessage } from './messages.ts';
import { confirmShipment, listTransactions, readOrder, searchOrders } from './orders.ts';
import { productTypeSchema, readProductType, searchProductTypes } from './product-types.ts';
import { UsageCounter, USAGE_PLANS, type Operation } from './rate-limits.ts';
import { invalid, refusal } from './refusals.ts';
import type { Desk, EffectName } from './selling.ts';
import { inventorySummaries } from './warehouse.ts';

export { PRACTICE_SELLER_ID } from './bodies.ts';

/** The practice account. Other client secrets and refresh tokens are refused. */
export const PRACTICE_AMAZON = { clientId: 'amzn1.application-oa2-client.practice', clientSecret: 'amzn1.oa2-cs.v1.practice-secret', refreshToken: 'Atzr|practice-refresh-token' } as const;

const ITEMS_PER_CALL = 20;

const amount = z.object({ CurrencyCode: z.string(), Amount: z.number().nonnegative() });
const feeRequest = z.object({
  MarketplaceId: z.literal(US_MARKETPLACE), IsAmazonFulfilled: z.boolean().default(false), Identifier: z.string(),
  PriceToEstimateFees: z.object({ ListingPrice: amount, Shipping: amount.optional() }),
});
const singleFee = z.object({ FeesEstimateRequest: feeRequest });
const feeBatch = z.array(z.object({ IdType: z.literal('ASIN'), IdValue: z.string(), FeesEstimateRequest: feeRequest })).min(1).max(ITEMS_PER_CALL);

const wrongGrant = (error: string, error_description: string): VendorResponse => ({ status: 400, body: { error, error_description } });

const rateText = (rate: number) => (Number.isInteger(rate) ? rate.toFixed(1) : String(rate));

/** Tokens that Login with Amazon has issued, with their end. Forgotten at a restart, as expired ones are. */
class Login {
  readonly #tokens = new Map<string, Instant>();
  #issued = 0;

  issue(request: VendorRequest): VendorResponse {
    const form = request.form();
    if (form.get('grant_type') !== 'refresh_token') return wrongGrant('unsupported_grant_type', 'The authorization grant type is not supported');
    if (form.get('client_id') !== PRACTICE_AMAZON.clientId || form.get('client_secret') !== PRACTICE_AMAZON.clientSecret) return { status: 401, body: { error: 'invalid_client', error_description: 'Client authentication failed' } };
    if (form.get('refresh_token') !== PRACTICE_AMAZON.refreshToken) return wrongGrant('invalid_grant', 'The request has an invalid grant parameter : refresh_token');
    const token = `Atza|practice-${request.at}-${++this.#issued}`;
    this.#tokens.set(token, request.at + HOUR_MS);
    return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: 3_600, refresh_token: PRACTICE_AMAZON.refreshToken } };
  }

  check(request: VendorRequest): VendorResponse | null {
    const until = this.#tokens.get(request.header('x-amz-access-token'));
    if (until !== undefined && request.at < until) return null;
    return { status: 403, body: { errors: [{ code: 'Unauthorized', message: 'Access to requested resource is denied.', details: until === undefined ? 'The access token you provided is not valid.' : 'The access token you provided has expired.' }] } };
  }
}

function searchCatalog(world: World, request: VendorRequest): VendorResponse {
  const { query, at } = request;
  if (query.get('marketplaceIds') !== US_MARKETPLACE) return invalid('marketplaceIds: the practice market has Amazon US only');
  const data = new Set((query.get('includedData') ?? 'summaries').split(','));
  const keywords = query.get('keywords');
  const identifiers = query.get('identifiers')?.split(',') ?? [];
  if (identifiers.length > ITEMS_PER_CALL) return invalid('identifiers: at most 20');
  if (identifiers.length === 0 && !keywords) return invalid('give identifiers or keywords');
  if (identifiers.length > 0 && !query.get('identifiersType')) return invalid('identifiersType is required with identifiers');
  const pageSize = Math.min(ITEMS_PER_CALL, Number(query.get('pageSize') ?? 10) || 10);
  const offset = Number(/^practice-(\d+)$/.exec(query.get('pageToken') ?? '')?.[1] ?? 0);
  const hits = identifiers.length > 0 ? byIdentifiers(world, identifiers, query.get('identifiersType') ?? '') : null;
  const searched = hits ? null : world.catalog.search(keywords ?? '', { limit: pageSize, offset });
  const total = hits ? hits.length : (searched?.total ?? 0);
  const page = hits ? hits.slice(offset, offset + pageSize) : (searched?.products ?? []);
  const pagination = offset + page.length < total && page.length > 0 ? { pagination: { nextToken: `practice-${offset + page.length}` } } : {};
  return { status: 200, body: { numberOfResults: total, ...pagination, items: page.map((product) => catalogItem(world, product, { data, at })) } };
}

function byIdentifiers(world: World, identifiers: readonly string[], type: string): Product[] {
  const found = new Set<Product>();
  for (const identifier of identifiers) {
    const product = type === 'ASIN' ? world.catalog.byAsin(identifier) : world.catalog.byGtin(identifier);
    if (product) found.add(product);
  }
  return [...found];
}

function competitivePrices(world: World, { query, at }: VendorRequest): VendorResponse {
  const asins = query.get('Asins')?.split(',') ?? [];
  if (query.get('MarketplaceId') !== US_MARKETPLACE || query.get('ItemType') !== 'Asin' || asins.length === 0 || asins.length > ITEMS_PER_CALL) return invalid('give MarketplaceId, ItemType=Asin and 1 to 20 Asins');
  const payload = asins.map((asin) => {
    const product = world.catalog.byAsin(asin);
    return product ? competitivePricing(world, product, at) : { status: 'ClientError', ASIN: asin };
  });
  return { status: 200, body: { payload } };
}

function estimateOne(world: World, request: VendorRequest): VendorResponse {
  const parsed = singleFee.safeParse(request.json());
  if (!parsed.success) return invalid(parsed.error.issues[0]?.message ?? 'malformed request');
  return { status: 200, body: { payload: { FeesEstimateResult: feesResult(world, request.params['asin'] ?? '', { request: parsed.data.FeesEstimateRequest, at: request.at }) } } };
}

function estimateBatch(world: World, request: VendorRequest): VendorResponse {
  const parsed = feeBatch.safeParse(request.json());
  if (!parsed.success) return invalid(parsed.error.issues[0]?.message ?? 'malformed request');
  return { status: 200, body: parsed.data.map((entry) => feesResult(world, entry.IdValue, { request: entry.FeesEstimateRequest, at: request.at })) };
}

function restrictions(world: World, { query }: VendorRequest): VendorResponse {
  const asin = query.get('asin');
  if (!asin || !query.get('sellerId') || query.get('marketplaceIds') !== US_MARKETPLACE) return invalid('give asin, sellerId and marketplaceIds');
  return { status: 200, body: restrictionList(world.catalog.byAsin(asin), asin, query.get('conditionType')) };
}

export interface AmazonVendor extends VendorServer {
  /** What was really done since this server was made. */
  effects(): Readonly<Record<EffectName, number>>;
  /** The same of stock on its way into the warehouse. */
  inboundEffects(): Readonly<InboundEffects>;
}

/** Amazon's Selling Partner API over the world, with Login with Amazon on the same address. */
export function createAmazonVendor(world: World, options: VendorOptions = {}): AmazonVendor {
  const login = new Login();
  const usage = new UsageCounter();
  const effects: Record<EffectName, number> = { listingsCreated: 0, listingsReplaced: 0, listingsPatched: 0, listingsDeleted: 0, shipmentsReported: 0, messagesSent: 0 };
  const inbound = createInboundVendor(world);
  const desk: Desk = { world, count: (effect) => void effects[effect]++ };
  const selling = (handle: (own: Desk, request: VendorRequest) => VendorResponse) => (_world: World, request: VendorRequest) => handle(desk, request);
  const item = '/listings/2021-08-01/items/{sellerId}/{sku}';
  const operation = (name: Operation, method: Route['method'], given: { pattern: string; handle: (world: World, request: VendorRequest) => VendorResponse }): Route => ({
    method, pattern: given.pattern, name,
    handle: (request) => {
      if (!usage.allow(name, request.at)) return refusal(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.');
      const answer = given.handle(world, request);
      return { ...answer, headers: { 'x-amzn-RequestId': `practice-${request.at}`, 'x-amzn-RateLimit-Limit': rateText(USAGE_PLANS[name][0]), ...answer.headers } };
    },
  });
  const host = createHost({
    name: 'amazon',
    world,
    routes: [
      { method: 'POST', pattern: '/auth/o2/token', name: 'token', handle: (request) => login.issue(request) },
      operation('searchCatalogItems', 'GET', { pattern: '/catalog/2022-04-01/items', handle: searchCatalog }),
      operation('getCompetitivePricing', 'GET', { pattern: '/products/pricing/v0/competitivePrice', handle: competitivePrices }),
      operation('getMyFeesEstimates', 'POST', { pattern: '/products/fees/v0/feesEstimate', handle: estimateBatch }),
      operation('getMyFeesEstimateForASIN', 'POST', { pattern: '/products/fees/v0/items/{asin}/feesEstimate', handle: estimateOne }),
      operation('getListingsRestrictions', 'GET', { pattern: '/listings/2021-08-01/restrictions', handle: restrictions }),
      operation('getListingsItem', 'GET', { pattern: item, handle: selling(getItem) }),
      operation('putListingsItem', 'PUT', { pattern: item, handle: selling(putItem) }),
      operation('patchListingsItem', 'PATCH', { pattern: item, handle: selling(patchItem) }),
      operation('deleteListingsItem', 'DELETE', { pattern: item, handle: selling(deleteItem) }),
      operation('searchDefinitionsProductTypes', 'GET', { pattern: '/definitions/2020-09-01/productTypes', handle: searchProductTypes }),
      operation('getDefinitionsProductType', 'GET', { pattern: '/definitions/2020-09-01/productTypes/{productType}', handle: readProductType }),
      { method: 'GET', pattern: '/schemas/{name}', name: 'schema', handle: () => ({ status: 200, body: productTypeSchema() }) },
      operation('searchOrders', 'GET', { pattern: '/orders/2026-01-01/orders', handle: selling(searchOrders) }),
      operation('getOrder', 'GET', { pattern: '/orders/2026-01-01/orders/{orderId}', handle: selling(readOrder) }),
      operation('confirmShipment', 'POST', { pattern: '/orders/v0/orders/{orderId}/shipmentConfirmation', handle: selling(confirmShipment) }),
      operation('getInventorySummaries', 'GET', { pattern: '/fba/inventory/v1/summaries', handle: selling((own, request) => inventorySummaries(own, request, inbound.plans)) }),
      operation('getMessagingActionsForOrder', 'GET', { pattern: '/messaging/v1/orders/{orderId}', handle: selling(messagingActions) }),
      operation('getAttributes', 'GET', { pattern: '/messaging/v1/orders/{orderId}/attributes', handle: selling(messageAttributes) }),
      ...MESSAGES.map(({ name, action }) => operation(name, 'POST', { pattern: `/messaging/v1/orders/{orderId}/messages/${action}`, handle: selling((own, request) => sendMessage(own, request, action)) })),
      ...inbound.routes.map(({ name, method, pattern, handle }) => operation(name, method, { pattern, handle: selling(handle) })),
      { method: 'GET', pattern: '/labels/{sheet}', name: 'labels', handle: (request) => inbound.labels(request) },
      operation('listTransactions', 'GET', { pattern: '/finances/2024-06-19/transactions', handle: selling((own, request) => listTransactions(own, request, (until) => [...inboundCharges(inbound.plans, carriageOf, until), ...storageCharges(world, until)])) }),
    ],
    before: (request, route) => {
      if (inbound.plans.any) inbound.plans.advance(request.at);
      return ['token', 'schema', 'labels'].includes(route.name) ? null : login.check(request);
    },
    errorBody: (status, message) => refusal(status, status === 429 ? 'QuotaExceeded' : status === 404 ? 'NotFound' : status < 500 ? 'InvalidInput' : 'InternalFailure', message),
  }, options);
  return Object.assign(host, { effects: () => ({ ...effects }), inboundEffects: () => ({ ...inbound.effects }) });
}
