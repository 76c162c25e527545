import type { LookupCost, VendorCost } from '#contract/sources.ts';
import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { MINUTE_MS } from '#kernel/time.ts';
import type { CatalogDeps } from './deps.ts';
import type { OperationQuota } from './ports.ts';

type Spent = LookupCost['lookups'];

export interface LookupCount {
  /** Products whose facts would be asked for: those unknown, or known too long ago. */
  readonly lookups: Spent;
  /** Of them, those that would look worth buying: they alone are asked about at the marketplace. */
  readonly promising: Spent;
}

const both = (of: (side: 'expected' | 'most') => number): Spent => ({ expected: of('expected'), most: of('most') });

async function marketDataCost({ marketData, ctx }: CatalogDeps, lookups: Spent): Promise<VendorCost | null> {
  if (!marketData) return null;
  const head = { connector: marketData.connector, operation: 'product', unit: 'token' as const, asOf: ctx.clock.now() };
  try {
    const status = await marketData.quota();
    const [expected, most] = await Promise.all([marketData.estimate(lookups.expected), marketData.estimate(lookups.most)]);
    return {
      ...head, cost: { expected: expected.cost, most: most.cost }, durationMs: { expected: expected.durationMs, most: most.durationMs }, available: status.available, refillPerMinute: status.refillPerMinute,
      capacity: status.capacity, basis: 'vendor', asOf: status.asOf, error: null,
    };
  } catch (error) {
    // One unit a product is the vendor's usual price: enough to show, while how much is left stays unknown.
    return { ...head, cost: lookups, durationMs: null, available: null, refillPerMinute: null, capacity: null, basis: 'file', error: maskText(messageOf(error)).slice(0, 300) };
  }
}

function callsCost(quota: OperationQuota, items: Spent): VendorCost {
  const { connector, operation, unit, available, refillPerMinute, capacity, asOf, itemsPerCall } = quota;
  const cost = both((side) => Math.ceil(items[side] / itemsPerCall));
  const durationMs = both((side) => (cost[side] <= available ? 0 : Math.ceil(((cost[side] - available) / refillPerMinute) * MINUTE_MS)));
  return { connector, operation, unit, cost, durationMs, available, refillPerMinute, capacity, basis: quota.told ? 'vendor' : 'file', asOf, error: null };
}

/** Calls at the marketplace about so many products: today's price and the restriction. */
export function estimateOperations(deps: CatalogDeps, promising: Spent): VendorCost[] {
  const { prices, restrictions } = deps.operationQuotas?.() ?? { prices: null, restrictions: null };
  return [prices, restrictions].filter((quota) => quota !== null).map((quota) => callsCost(quota, promising));
}

/**
 * What it would take to look up so many products as a scan does: histories for all of them, then today's price and the restriction of those
 * that look worth buying. Spends nothing: where the vendor answers how much is left for free, it is asked.
 */
export async function estimateLookups(deps: CatalogDeps, count: LookupCount): Promise<LookupCost> {
  const data = await marketDataCost(deps, count.lookups);
  const vendors = [...(data ? [data] : []), ...estimateOperations(deps, count.promising)];
  const durations = vendors.map((v) => v.durationMs);
  return {
    lookups: count.lookups, vendors,
    durationMs: durations.some((d) => d === null) ? null : both((side) => durations.reduce((sum, d) => sum + (d?.[side] ?? 0), 0)),
    notConnected: [...(deps.marketData ? [] : ['keepa']), ...(deps.currentPrices ?? deps.restrictions ? [] : ['amazon-sp-api'])],
  };
}
