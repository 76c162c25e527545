import { z } from 'zod';
import type { World } from '../../world/index.ts';
import { costOf, executeDocument, type Resolver } from '../graphql/execute-document.ts';
import { GraphqlError, parseDocument, type Document } from '../graphql/parse-document.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { disputes, paymentsAccount } from './payouts.ts';
import { orderResolvers } from './orders.ts';
import { productResolvers } from './products.ts';
import { stagedRoute } from './staged-uploads.ts';
import { Shop, Throttle, type Product, type ShopEffect } from './shop.ts';

/** The practice shop's app and the token that it gets; others are refused. */
export const PRACTICE_SHOPIFY = { clientId: 'practice-client', clientSecret: 'practice-client-secret' } as const;
const TOKEN = 'shpat_practice_token';

/** The most that one query may ask for. */
const MOST_COST = 1_000;
/** Mutations that are refused without a key, since 2026-04. */
const KEYED: ReadonlySet<string> = new Set(['inventorySetQuantities', 'inventoryActivate', 'refundCreate']);

const bodySchema = z.strictObject({ query: z.string(), variables: z.record(z.string(), z.unknown()).default({}), operationName: z.string().nullish() });

export interface ShopifyVendor extends VendorServer {
  effects(): Readonly<Record<ShopEffect, number>>;
  product(sku: string): Product | undefined;
  /** Answers that asked to slow down. */
  throttled(): number;
}

const failed = (message: string, code?: string, extensions: object = {}): VendorResponse => ({ status: 200, body: { errors: [{ message, ...(code ? { extensions: { code } } : {}) }], ...extensions } });

/** A mutation with a key is done once: the same key answers what was answered, and for something else it is refused. */
function keyed(shop: Shop, name: string, resolve: Resolver): Resolver {
  if (!KEYED.has(name)) return resolve;
  return (args, field) => {
    const key = field.directives['idempotent']?.['key'];
    if (typeof key !== 'string' || key.trim() === '') throw new GraphqlError(`The @idempotent directive is required for ${name}`);
    const asked = JSON.stringify([name, args]);
    const before = shop.answered(key, asked);
    if (before === 'mismatch') return { userErrors: [{ field: [], message: 'The same idempotency key cannot be used with different operation parameters.', code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' }] };
    if (before) return before.answer;
    const answer = resolve(args, field);
    shop.keepAnswer(key, asked, answer);
    return answer;
  };
}

function signIn(request: VendorRequest): VendorResponse {
  const form = request.form();
  const known = form.get('grant_type') === 'client_credentials' && form.get('client_id') === PRACTICE_SHOPIFY.clientId && form.get('client_secret') === PRACTICE_SHOPIFY.clientSecret;
  return known ? { status: 200, body: { access_token: TOKEN, scope: 'write_products', expires_in: 86_399 } } : { status: 400, body: { error: 'invalid_client', error_description: 'The client id or secret is not known.' } };
}

/** The reseller's own Shopify shop: `POST /admin/api/{version}/graphql.json`, with the cost points and throttle that Shopify counts. */
export function createShopifyVendor(world: World, options: VendorOptions & { /** The app may read what Shopify Payments has paid out. */ readonly payouts?: boolean } = {}): ShopifyVendor {
  const shop = new Shop(world);
  shop.moreScopes = ['read_shopify_payments_disputes', ...(options.payouts ? ['read_shopify_payments_payouts'] : [])];
  const throttle = new Throttle();
  const [products, orders] = [productResolvers(shop), orderResolvers(shop)];
  const root = { query: { ...products.query, ...orders.query, shopifyPaymentsAccount: paymentsAccount(shop), disputes: disputes(shop) }, mutation: Object.fromEntries(Object.entries({ ...products.mutation, ...orders.mutation }).map(([name, resolve]) => [name, keyed(shop, name, resolve)])) };
  const parsed = new Map<string, Document>();
  let slowed = 0;

  const answer = (request: VendorRequest): VendorResponse => {
    const body = bodySchema.safeParse(request.json());
    if (!body.success) return { status: 400, body: { errors: { query: 'Required parameter missing or invalid' } } };
    try {
      const { query, variables } = body.data;
      const document = parsed.get(query) ?? parseDocument(query);
      parsed.set(query, document);
      const requestedQueryCost = costOf(document, variables);
      const cost = (actualQueryCost: number | null) => ({ extensions: { cost: { requestedQueryCost, actualQueryCost, throttleStatus: { maximumAvailable: throttle.maximum, currentlyAvailable: throttle.available(request.at), restoreRate: throttle.restoreRate } } } });
      if (requestedQueryCost > MOST_COST) return failed(`Query cost is ${requestedQueryCost}, which exceeds the single query max cost limit (${MOST_COST}).`, 'MAX_COST_EXCEEDED');
      if (requestedQueryCost > throttle.available(request.at)) {
        slowed += 1;
        return failed('Throttled', 'THROTTLED', cost(null));
      }
      const { data, objects } = executeDocument(document, variables, root);
      const actual = Math.min(requestedQueryCost, document.operation.kind === 'mutation' ? 10 + objects : objects);
      throttle.spend(actual);
      return { status: 200, body: { data, ...cost(actual) } };
    } catch (cause) {
      if (cause instanceof GraphqlError) return failed(cause.message, 'undefinedField');
      throw cause;
    }
  };
  const host = createHost({
    name: 'shopify', world, errorBody: (status, message) => ({ status, body: { errors: message } }),
    routes: [stagedRoute(shop), { method: 'POST', pattern: '/admin/oauth/access_token', name: 'accessToken', handle: signIn }, { method: 'POST', pattern: '/admin/api/{version}/graphql.json', name: 'graphql', handle: answer }],
    before: (request, route) => (route.name === 'accessToken' || route.name === 'stagedUpload' || request.header('x-shopify-access-token') === TOKEN ? null : { status: 401, body: { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' } }),
  }, options);
  shop.address = () => host.baseUrl;
  return Object.assign(host, { effects: () => ({ ...shop.done }), product: (sku: string) => shop.bySku(sku)[0], throttled: () => slowed });
}
