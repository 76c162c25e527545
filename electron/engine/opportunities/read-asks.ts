import type { z } from 'zod';
import type { opportunitiesContract } from '#contract/opportunities.ts';
import { DomainError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { findProduct, type AskingPrice, type AskingPriceQuery } from '#engine/catalog/index.ts';
import type { AskedMarket, OpportunitiesDeps } from './deps.ts';
import { isPoorFeedback } from './seller-feedback.ts';

type AsksView = z.infer<(typeof opportunitiesContract)['asks']['~orpc']['outputSchema'] & z.ZodType>;
type MarketAsks = AsksView['markets'][number];

const MOST_ASKS = 50;

/** GTIN-14 as it is printed: twelve or thirteen digits. */
export function printedGtin(gtin14: string): string {
  return gtin14.replace(/^0(?=\d{13}$)/, '').replace(/^0(?=\d{12}$)/, '');
}

function queryOf(product: { readonly gtin: string | null; readonly brand: string | null; readonly title: string }, takes: AskedMarket['takes']): { readonly query: AskingPriceQuery; readonly text: string; readonly byCode: boolean } {
  const common = { withoutAuctions: false, most: MOST_ASKS };
  if (product.gtin && takes !== 'words') {
    const value = printedGtin(product.gtin);
    return { query: { ...common, code: { kind: 'gtin', value } }, text: value, byCode: true };
  }
  const words = product.brand && !product.title.toLowerCase().includes(product.brand.toLowerCase()) ? `${product.brand} ${product.title}` : product.title;
  const text = words.split(/\s+/).slice(0, 10).join(' ').slice(0, 100);
  return { query: { ...common, words: text }, text, byCode: false };
}

/** With shipping where it is said. Amounts of one market are of one currency but for strays, which come last. */
function cheapestFirst(asks: readonly AskingPrice[]): AskingPrice[] {
  const currency = asks[0]?.price.currency;
  const total = (a: AskingPrice) => (a.price.currency === currency ? a.price.minor + (a.shipping?.currency === currency ? a.shipping.minor : 0) : Number.POSITIVE_INFINITY);
  return asks.toSorted((a, b) => total(a) - total(b));
}

async function askOne(deps: OpportunitiesDeps, { port, kind = 'asks', takes }: AskedMarket, asked: { readonly product: Parameters<typeof queryOf>[0]; readonly signal: AbortSignal | undefined }): Promise<MarketAsks> {
  const { query, text, byCode } = queryOf(asked.product, takes);
  const head = { market: port.market, kind, query: text, byCode };
  try {
    const found = await port.askingPrices(query, { signal: asked.signal });
    const asks = (kind === 'asks' ? cheapestFirst(found.items) : found.items).map((a) => ({ listingId: a.listingId, url: a.url, title: a.title, price: a.price, shipping: a.shipping ?? null, condition: a.condition, sale: a.sale, sellerName: a.sellerName ?? null, sellerFeedback: a.sellerFeedback ? { ...a.sellerFeedback, isPoor: isPoorFeedback(a.sellerFeedback) } : null, note: a.note ?? null }));
    return { ...head, total: found.total, unread: found.unreadable.length, error: null, at: found.at, asks };
  } catch (error) {
    asked.signal?.throwIfAborted();
    // One market that fails does not take the others' answers away.
    return { ...head, total: null, unread: 0, error: maskText(messageOf(error)).slice(0, 300), at: deps.ctx.clock.now(), asks: [] };
  }
}

/** What is asked now for the opportunity's product, market by market. Nothing of it is kept. */
export async function readAsks(deps: OpportunitiesDeps, id: string, signal?: AbortSignal): Promise<AsksView> {
  const row = await deps.ctx.db.prisma.opportunity.findUnique({ where: { id }, select: { productId: true } });
  if (!row) throw new DomainError('NOT_FOUND', `There is no opportunity ${id}.`, { kind: 'opportunity', id });
  const product = await findProduct(deps.ctx.db, row.productId);
  if (!product) throw new Error(`opportunity ${id} has lost its product`);
  const asked = (deps.askedMarkets ?? []).filter(({ categories, accepts, takes }) => (categories === null || categories.test(product.category ?? '')) && (takes !== 'codes' || product.gtin !== null) && (accepts?.(product) ?? true));
  return { markets: await Promise.all(asked.map((market) => askOne(deps, market, { product, signal }))) };
}
