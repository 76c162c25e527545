import { z } from 'zod';
import type { EbayClient } from './ebay-client.ts';
import type { EbayApi, ToldLimit } from './told-limit.ts';

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish();

/** `RateLimitsResponse` of the Developer Analytics API, v1_beta. A resource without a figure is not limited. */
export const rateLimitsSchema = z.looseObject({
  rateLimits: maybe(z.array(z.looseObject({
    apiContext: maybe(z.string()), apiName: maybe(z.string()),
    resources: maybe(z.array(z.looseObject({
      name: maybe(z.string()),
      rates: maybe(z.array(z.looseObject({ limit: maybe(z.int()), remaining: maybe(z.int()), reset: maybe(z.string()), timeWindow: maybe(z.int()) }))),
    }))),
  }))),
});

/** eBay's words for the APIs that are called here: its context and name. */
const NAMES: Readonly<Record<EbayApi, readonly [context: string, name: string]>> = {
  sellInventory: ['sell', 'inventory'], sellAccount: ['sell', 'account'], sellFulfillment: ['sell', 'fulfillment'], sellFinances: ['sell', 'finances'],
  buyBrowse: ['buy', 'browse'], commerceTaxonomy: ['commerce', 'taxonomy'], developerAnalytics: ['developer', 'analytics'], postOrder: ['post-order', 'cancellation'], commerceMedia: ['commerce', 'media'],
};

type Answer = z.infer<typeof rateLimitsSchema>;

/**
 * An API can be limited as a whole and by method. The whole counts; where only methods are named, the strictest of them stands for all, so that
 * none is exceeded.
 */
export function readLimits(answer: Answer): ToldLimit[] {
  const found: ToldLimit[] = [];
  for (const [api, [context, name]] of Object.entries(NAMES) as [EbayApi, readonly [string, string]][]) {
    const resources = (answer.rateLimits ?? []).filter((entry) => entry.apiContext?.toLowerCase() === context && entry.apiName?.toLowerCase() === name).flatMap((entry) => entry.resources ?? []);
    const whole = resources.filter((r) => [name, `${context}.${name}`].includes(r.name?.toLowerCase() ?? ''));
    for (const { rates } of whole.length > 0 ? whole : resources) {
      for (const { limit, timeWindow, remaining } of rates ?? []) {
        if (limit && limit > 0 && timeWindow && timeWindow > 0) found.push({ api, limit, windowSeconds: timeWindow, remaining: remaining ?? null });
      }
    }
  }
  return found;
}

/** `getRateLimits` (of the application; any token with the basic scope) or `getUserRateLimits` (of the seller whose token is used). */
export async function fetchLimits(client: EbayClient, whose: 'application' | 'user', signal?: AbortSignal): Promise<ToldLimit[]> {
  const path = `/developer/analytics/v1_beta/${whose === 'user' ? 'user_rate_limit' : 'rate_limit'}/`;
  const { body } = await client.send('developerAnalytics', { operation: `read ${whose} rate limits`, method: 'GET', path, effect: 'read', schema: rateLimitsSchema.nullable(), signal });
  return body === null ? [] : readLimits(body);
}
