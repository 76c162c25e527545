import { DAY_MS, startOfUtcDay, toIso, type Instant } from '#kernel/time.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';

/** The account's calls a day, by eBay's context and name of the API. An account of this market has more than the usual inventory calls and the usual rest. */
export const DEFAULT_CALLS_PER_DAY = {
  'sell.inventory': 2_000_000, 'sell.account': 25_000, 'sell.fulfillment': 100_000, 'sell.finances': 100_000, 'commerce.taxonomy': 5_000, 'buy.browse': 5_000, 'buy.marketplace_insights': 5_000, 'developer.analytics': 400,
} as const;
export type LimitedApi = keyof typeof DEFAULT_CALLS_PER_DAY;

/** eBay counts these by seller, the rest by application. */
const BY_USER: ReadonlySet<string> = new Set(['sell.inventory']);

function apiOf(path: string): LimitedApi | null {
  const [, context, name] = path.split('/');
  const api = `${context}.${name}`;
  return api in DEFAULT_CALLS_PER_DAY ? (api as LimitedApi) : null;
}

/** eBay's count of an account's calls in the running day, in the world's time. */
export class DailyUsage {
  readonly #limits: Readonly<Record<LimitedApi, number>>;
  readonly #used = new Map<LimitedApi, { day: Instant; calls: number }>();

  constructor(limits: Partial<Record<LimitedApi, number>> = {}) {
    this.#limits = { ...DEFAULT_CALLS_PER_DAY, ...limits };
  }

  /** Counts the call; the refusal where it is one too many. */
  admit({ path, at }: VendorRequest): VendorResponse | null {
    const api = apiOf(path);
    if (!api) return null;
    const calls = this.#calls(api, at);
    if (calls >= this.#limits[api]) return refuse(429, { errorId: 2001, domain: 'ACCESS', message: 'Too many requests. The request limit has been reached for the resource.' });
    this.#used.set(api, { day: startOfUtcDay(at), calls: calls + 1 });
    return null;
  }

  #calls(api: LimitedApi, at: Instant): number {
    const used = this.#used.get(api);
    return used && used.day === startOfUtcDay(at) ? used.calls : 0;
  }

  list(whose: 'application' | 'user', { query, at }: VendorRequest): VendorResponse {
    const asked = Object.keys(DEFAULT_CALLS_PER_DAY).map((key) => key as LimitedApi).filter((key) => BY_USER.has(key) === (whose === 'user'));
    const rateLimits = asked.map((key) => [key, ...key.split('.')] as const)
      .filter(([, context, name]) => (query.get('api_context') ?? context) === context && (query.get('api_name') ?? name) === name)
      .map(([key, apiContext, apiName]) => ({
        apiContext, apiName, apiVersion: 'v1',
        resources: [{ name: key, rates: [{ limit: this.#limits[key], remaining: this.#limits[key] - this.#calls(key, at), reset: toIso(startOfUtcDay(at) + DAY_MS), timeWindow: DAY_MS / 1_000 }] }],
      }));
    return rateLimits.length === 0 ? { status: 204 } : { status: 200, body: { rateLimits } };
  }
}

/** The Developer Analytics API: how many calls the account has, and how many are left. */
export function usageRoutes(usage: DailyUsage): Route[] {
  const base = '/developer/analytics/v1_beta';
  return [
    { method: 'GET', pattern: `${base}/rate_limit/`, name: 'getRateLimits', handle: (request) => usage.list('application', request) },
    { method: 'GET', pattern: `${base}/user_rate_limit/`, name: 'getUserRateLimits', handle: (request) => usage.list('user', request) },
  ];
}
