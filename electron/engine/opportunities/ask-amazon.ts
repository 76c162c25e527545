import { findOfBrand, type CurrentPrices, type ProductRecord, type RestrictionAnswer } from '#engine/catalog/index.ts';
import type { AssessInput, BrandGuard } from './assess-offer.ts';
import type { OpportunitiesDeps } from './deps.ts';

/** Other lines of a brand that are asked about, and products of it that are looked through for them. */
const MOST_ASKED = 2;
const MOST_LOOKED_THROUGH = 40;

/** Variants of one line are refused together and say nothing new: a line is the first words of a title. */
const lineOf = (title: string) => title.toLowerCase().split(/[^\p{L}\p{N}]+/u).slice(0, 4).join(' ');

/** Whether a refusal is of the product or of its whole brand, by other lines of the brand that are known here. */
async function guardOf(deps: OpportunitiesDeps, product: ProductRecord, signal: AbortSignal): Promise<BrandGuard> {
  const { restrictions } = deps.catalog;
  const guard = { asked: 0, refused: 0 };
  if (!restrictions || product.brand === null) return guard;
  const lines = new Set([lineOf(product.title)]);
  for (const { asin, title } of await findOfBrand(deps.ctx.db, product.brand, MOST_LOOKED_THROUGH)) {
    if (guard.asked === MOST_ASKED) break;
    const line = lineOf(title);
    if (lines.has(line)) continue;
    lines.add(line);
    guard.asked += 1;
    if (!(await restrictions.restriction(asin, 'new', { signal })).allowed) guard.refused += 1;
  }
  return guard;
}

/** What Amazon says now of the products of offers that look worth buying: today's prices, whether this account may sell them there, and where it may not, whether that is so of the whole brand. */
export async function askAmazon(deps: OpportunitiesDeps, inputs: readonly AssessInput[], signal: AbortSignal): Promise<AssessInput[]> {
  const { currentPrices, restrictions } = deps.catalog;
  const products = new Map(inputs.flatMap(({ product }) => (product.asin === null ? [] : [[product.asin, product] as const])));
  const prices = new Map<string, CurrentPrices>();
  if (currentPrices && products.size > 0) {
    for (const item of (await currentPrices.currentPrices([...products.keys()], { signal })).items) prices.set(item.externalId, item);
  }
  const answers = new Map<string, { readonly restriction: RestrictionAnswer; readonly guard: BrandGuard | null }>();
  if (restrictions) {
    for (const [asin, product] of products) {
      const restriction = await restrictions.restriction(asin, 'new', { signal });
      answers.set(asin, { restriction, guard: restriction.allowed ? null : await guardOf(deps, product, signal) });
    }
  }
  return inputs.map((i) => ({ ...i, current: prices.get(i.product.asin ?? '') ?? null, restriction: answers.get(i.product.asin ?? '')?.restriction ?? null, guard: answers.get(i.product.asin ?? '')?.guard ?? null }));
}
