import { isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { ProductRecord, SoldCountPort } from '#engine/catalog/index.ts';
import type { OpportunitiesDeps } from './deps.ts';
import type { ChannelSales } from './gather-evidence.ts';
import { printedGtin } from './read-asks.ts';

/** What was sold in three months moves slowly, and each product costs a call. */
const HOLDS_MS = 14 * DAY_MS;
const MOST_KEPT = 20_000;

/** What each channel answered last, by our product id. */
const kept = new WeakMap<SoldCountPort, Map<string, { readonly at: Instant; readonly sold: ChannelSales | null }>>();

/**
 * What all sellers together sold on the selling channel, by our product id. Products without a code are left out, as are those that the channel says nothing of: the estimate then goes by an assumed share
 * of the larger shop's sales. One call a product in two weeks.
 */
export async function readChannelSales(deps: OpportunitiesDeps, market: string, asked: { readonly products: readonly ProductRecord[]; readonly signal: AbortSignal }): Promise<Map<string, ChannelSales>> {
  const found = new Map<string, ChannelSales>();
  const port = deps.soldCounts?.find((p) => p.market === market);
  if (!port) return found;
  const now = deps.ctx.clock.now();
  const known = kept.get(port) ?? new Map<string, { readonly at: Instant; readonly sold: ChannelSales | null }>();
  kept.set(port, known);
  for (const { id, gtin } of new Map(asked.products.map((p) => [p.id, p])).values()) {
    if (gtin === null) continue;
    let held = known.get(id);
    if (!held || now - held.at >= HOLDS_MS) {
      try {
        const answer = await port.sold({ kind: 'gtin', value: printedGtin(gtin) }, { signal: asked.signal });
        held = { at: now, sold: answer && { units: answer.units, days: answer.days } };
      } catch (error) {
        if (!isConnectorError(error)) throw error;
        deps.ctx.log.warn('the selling channel did not say what was sold there', { market, reason: error.message });
        // one that is out of order or out of quota is not asked again for each product
        return found;
      }
      if (known.size >= MOST_KEPT) known.clear();
      known.set(id, held);
    }
    if (held.sold) found.set(id, held.sold);
  }
  return found;
}
