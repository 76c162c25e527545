import type { Product, World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { invalidProduct, productBody, type ProductRequest } from './product-body.ts';
import { TokenAccount } from './tokens.ts';

export interface KeepaVendorOptions extends VendorOptions {
  /** Tokens a minute: 20, 60 or 250 are Keepa's plans. Default 60. */
  readonly refillRate?: number;
  /** Compress answers, as Keepa does. Default false: on loopback it only costs time. */
  readonly gzip?: boolean;
}

/** Any key of this length is taken for a paid account; others are refused with 402. */
export const PRACTICE_KEEPA_KEY = 'p'.repeat(64);

const CODES_PER_CALL = 100;

/** Keepa's `/product` and `/token` over the world. Tokens refill in the world's time. */
export function createKeepaVendor(world: World, options: KeepaVendorOptions = {}): VendorServer {
  const account = new TokenAccount(options.refillRate ?? 60, world.now());
  const status = (at: number) => ({ timestamp: at, tokensLeft: account.tokensLeft(at), refillIn: account.refillIn(at), refillRate: account.refillRate, tokenFlowReduction: 0 });
  const refuse = (request: { readonly at: number }, code: number, error: { type: string; message: string }): VendorResponse => ({ status: code, body: { ...status(request.at), tokensConsumed: 0, processingTimeInMs: 0, error } });

  const product = (request: VendorRequest): VendorResponse => {
    const { query, at } = request;
    if (query.get('domain') !== '1') return refuse(request, 400, { type: 'invalidParameter', message: 'domain: the practice market has Amazon US (1) only' });
    const asins = query.get('asin')?.split(',') ?? [];
    const codes = query.get('code')?.split(',') ?? [];
    if ((asins.length > 0) === (codes.length > 0) || asins.length > CODES_PER_CALL || codes.length > CODES_PER_CALL) {
      return refuse(request, 400, { type: 'invalidParameter', message: 'give up to 100 of either asin or code' });
    }
    const wanted: ProductRequest = {
      at, history: query.get('history') !== '0', buyBox: query.get('buybox') === '1', rating: query.get('rating') === '1',
      statsDays: Number(query.get('stats') ?? 0) || 0, days: Number(query.get('days') ?? 0) || 0,
    };
    const found: Product[] = [];
    const unknown: string[] = [];
    for (const asin of asins) {
      const hit = world.catalog.byAsin(asin);
      if (hit) found.push(hit);
      else unknown.push(asin);
    }
    for (const code of codes) {
      const hit = world.catalog.byGtin(code);
      if (hit && !found.includes(hit)) found.push(hit);
    }
    const cost = (asins.length > 0 ? asins.length : found.length) * (wanted.buyBox ? 3 : 1);
    // A code costs only when it is found, but Keepa wants the tokens for the most it could cost.
    if (account.tokensLeft(at) < Math.max(cost, codes.length)) return refuse(request, 429, { type: 'NOT_ENOUGH_TOKEN', message: 'Not enough token' });
    account.take(cost);
    const products = [...found.map((hit) => productBody(world, hit, wanted)), ...unknown.map((asin) => invalidProduct(asin, at))];
    return { status: 200, body: { ...status(at), tokensConsumed: cost, processingTimeInMs: 1, products } };
  };

  return createHost({
    name: 'keepa',
    world,
    gzip: options.gzip ?? false,
    routes: [
      { method: 'GET', pattern: '/product', name: 'product', handle: product },
      { method: 'GET', pattern: '/token', name: 'token', handle: ({ at }) => ({ status: 200, body: { ...status(at), tokensConsumed: 0, processingTimeInMs: 0 } }) },
    ],
    before: (request) => (request.query.get('key')?.length === PRACTICE_KEEPA_KEY.length ? null : refuse(request, 402, { type: 'PAYMENT_REQUIRED', message: 'The access key is not valid' })),
    errorBody: (code, message) => ({ status: code, body: { ...status(world.now()), tokensConsumed: 0, error: { type: code === 429 ? 'NOT_ENOUGH_TOKEN' : 'INTERNAL_SERVER_ERROR', message } } }),
  }, options);
}
