import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';
import { parseIdentifier } from '#kernel/identifiers.ts';
import type { CatalogDeps } from './deps.ts';
import { factsOf } from './market-facts.ts';
import type { CatalogItem, MarketData, ProductCode, UnreadableItem } from './ports.ts';
import { findByCodes, findProducts, findTakenGtins, insertIdentifiers, putSnapshots, upsertProducts, type NewIdentifier, type ProductRecord, type StoredSnapshot } from './repo.ts';

/** History that is kept: a full year for the season, and a month more to see where it broke. */
const HISTORY_MS = 400 * DAY_MS;
/** Where it begins moves in steps, so that the same history is the same facts on the next day. */
const HISTORY_STEP_MS = 30 * DAY_MS;
/** After this a snapshot is fetched again before money is spent on it. */
export const SNAPSHOT_TTL_MS = 20 * HOUR_MS;

export interface Enrichment {
  /** Our product ids for each code, in the order of `codes`; none: the vendor knows no such product; several: the code is shared. */
  readonly products: ReadonlyMap<string, readonly string[]>;
  readonly unreadable: readonly UnreadableItem[];
}

const historyFrom = (at: Instant) => Math.floor((at - HISTORY_MS) / HISTORY_STEP_MS) * HISTORY_STEP_MS;

const measure = (value: number | undefined) => (value === undefined ? null : Math.round(value));

function productOf(item: CatalogItem, known: ProductRecord | undefined, fresh: { id: string; gtin: string | null; category: string | null }): ProductRecord {
  const box = item.packageMeasures ?? item.itemMeasures ?? {};
  return {
    id: known?.id ?? fresh.id, gtin: known?.gtin ?? fresh.gtin, asin: item.externalId,
    title: item.title ?? known?.title ?? item.externalId, brand: item.brand ?? item.manufacturer ?? known?.brand ?? null, category: fresh.category ?? known?.category ?? null,
    lengthMm: measure(box.lengthMm) ?? known?.lengthMm ?? null, widthMm: measure(box.widthMm) ?? known?.widthMm ?? null, heightMm: measure(box.heightMm) ?? known?.heightMm ?? null,
    weightG: measure(box.weightGrams) ?? known?.weightG ?? null, imageUrl: known?.imageUrl ?? null,
    attributes: { ...known?.attributes, kind: item.kind, model: item.model ?? null, mpn: item.partNumber ?? null, author: item.author ?? null, categoryPath: item.categoryPath, parentAsin: item.parentExternalId ?? null },
  };
}

function gtinsOf(item: CatalogItem): string[] {
  return [...new Set(item.codes.map((c) => parseIdentifier(c.value)?.gtin14).filter((g): g is string => typeof g === 'string'))];
}

/** Stores what the vendor said of each product, and which codes name it. Answers our product id by the vendor's id. */
async function storeMarketData(deps: CatalogDeps, data: readonly MarketData[], at: Instant): Promise<Map<string, string>> {
  const items = [...new Map(data.filter((d) => d.item.kind !== 'unavailable').map((d) => [d.item.externalId, d])).values()];
  return deps.ctx.db.transaction(async (tx) => {
    const byAsin = await findByCodes(tx, 'asin', items.map((d) => d.item.externalId));
    const known = await findProducts(tx, [...byAsin.values()]);
    const taken = await findTakenGtins(tx, items.flatMap((d) => gtinsOf(d.item)));
    const ids = new Map<string, string>();
    const products: ProductRecord[] = [];
    const identifiers: NewIdentifier[] = [];
    const snapshots: StoredSnapshot[] = [];
    for (const one of items) {
      const gtins = gtinsOf(one.item);
      const own = gtins.find((g) => !taken.has(g)) ?? null;
      if (own) taken.add(own);
      const old = known.get(byAsin.get(one.item.externalId) ?? '');
      const product = productOf(one.item, old, { id: deps.ctx.ids.next('product'), gtin: own, category: deps.categoryOf(one.item.categoryPath) });
      ids.set(one.item.externalId, product.id);
      products.push(product);
      identifiers.push({ kind: 'asin', value: one.item.externalId, productId: product.id, source: deps.marketData?.connector ?? '' });
      for (const gtin of gtins) identifiers.push({ kind: 'gtin', value: gtin, productId: product.id, source: deps.marketData?.connector ?? '' });
      snapshots.push({ productId: product.id, facts: factsOf(one, historyFrom(at)), fetchedAt: at, expiresAt: at + SNAPSHOT_TTL_MS });
    }
    await upsertProducts(tx, products, at);
    await insertIdentifiers(tx, identifiers);
    await putSnapshots(tx, deps.marketData?.connector ?? '', snapshots);
    return ids;
  });
}

/**
 * Asks the data vendor what the codes are and what they have sold for; spends quota (one unit a product, as a rule) and waits for it.
 * Codes are GTIN-14 or ASIN. An unconnected vendor answers nothing.
 */
export async function enrichProducts(deps: CatalogDeps, codes: readonly string[], signal: AbortSignal): Promise<Enrichment> {
  if (!deps.marketData || codes.length === 0) return { products: new Map(), unreadable: [] };
  const asked: ProductCode[] = codes.map((value) => ({ kind: /^\d{14}$/.test(value) ? 'gtin' : 'external', value: /^\d{14}$/.test(value) ? value.replace(/^0(?=\d{13}$)/, '') : value }));
  const answer = await deps.marketData.lookup(asked, { signal });
  const ids = await storeMarketData(deps, answer.matches.flatMap((m) => m.items), answer.at);
  const products = new Map<string, readonly string[]>();
  answer.matches.forEach((match, index) => {
    const found = match.items.map((item) => ids.get(item.item.externalId)).filter((id): id is string => id !== undefined);
    products.set(codes[index]!, [...new Set(found)]);
  });
  return { products, unreadable: answer.unreadable };
}
