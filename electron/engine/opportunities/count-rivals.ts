import { isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { AskingPricesPort, ProductRecord } from '#engine/catalog/index.ts';
import type { OpportunitiesDeps } from './deps.ts';
import { printedGtin } from './read-asks.ts';

/** Offers beyond this many change nothing any more. */
const MOST_COUNTED = 25;

/** A count holds this long: offers come and go over weeks, and each product costs a call. */
const COUNT_HOLDS_MS = 3 * DAY_MS;
const MOST_KEPT = 20_000;

/** What each channel answered last, by our product id. */
const kept = new WeakMap<AskingPricesPort, Map<string, { readonly at: Instant; readonly count: number }>>();

/** The channel's own count of what is offered there, where it can be asked. */
const channelOf = (deps: OpportunitiesDeps, market: string): AskingPricesPort | null =>
  (deps.askedMarkets ?? []).find(({ port, kind = 'asks', takes, categories }) => kind === 'asks' && takes !== 'words' && categories === null && port.market === market)?.port ?? null;

/**
 * New offers of others that stand on the selling channel now, by our product id: what an offer of ours would share the demand with. A product without a code, and a market that does not answer, are left
 * out: the estimate then goes by the larger shop's count. One call a product in three days.
 */
export async function countRivals(deps: OpportunitiesDeps, market: string, asked: { readonly products: readonly ProductRecord[]; readonly signal: AbortSignal }): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const port = channelOf(deps, market);
  if (!port) return counts;
  const now = deps.ctx.clock.now();
  const known = kept.get(port) ?? new Map<string, { readonly at: Instant; readonly count: number }>();
  kept.set(port, known);
  for (const { id, gtin } of new Map(asked.products.map((p) => [p.id, p])).values()) {
    if (gtin === null) continue;
    const held = known.get(id);
    if (held && now - held.at < COUNT_HOLDS_MS) {
      counts.set(id, held.count);
      continue;
    }
    try {
      const { items, total } = await port.askingPrices({ code: { kind: 'gtin', value: printedGtin(gtin) }, onlyNew: true, withoutAuctions: true, most: MOST_COUNTED }, { signal: asked.signal });
      const count = Math.min(MOST_COUNTED, total ?? items.length);
      counts.set(id, count);
      if (known.size >= MOST_KEPT) known.clear();
      known.set(id, { at: now, count });
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      deps.ctx.log.warn('the selling channel did not say what is offered there', { market, reason: error.message });
      // one that is out of order or out of quota is not asked again for each product
      return counts;
    }
  }
  return counts;
}
