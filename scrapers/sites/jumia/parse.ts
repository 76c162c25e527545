import { selectAll, selectOne } from 'css-select';
import type { Document, Element } from 'domhandler';
import { parseDecimal, type Money } from '#kernel/money.ts';
import { readPriceText } from '#kernel/price-text.ts';
import type { Extractor, RawOffer, RawReject } from '#engine/sources/ports.ts';
import { parseHtml, visibleText } from '../../core/extract/parse-html.ts';
import { findLabelledIdentifiers, findPackText } from '../../core/source/read-text-facts.ts';
import { reject } from '../../core/source/scan-progress.ts';
import { productSchema, storeSchema, type JumiaProduct } from './schema.ts';

export interface ParseContext {
  readonly origin: string;
  readonly where: string;
  readonly seenAt: number;
  readonly currency: string;
  readonly label: string;
}

const STORE = 'window.__STORE__=';

/** What the page carries for its own scripts, or null for a page without it. @throws SyntaxError or ZodError when it cannot be read. */
export function findStore(html: string): { readonly products: readonly unknown[]; readonly view: string } | null {
  const at = html.indexOf(STORE);
  if (at < 0) return null;
  const end = html.indexOf('</script', at);
  const { products, view } = storeSchema.parse(JSON.parse(html.slice(at + STORE.length, end < 0 ? undefined : end).trim().replace(/;$/, '')));
  return { products: products ?? [], view };
}

function textIn(card: Element, css: string): string {
  const found = selectOne<Element, Element>(css, card.children as Element[]);
  return found ? visibleText(found).trim() : '';
}

/** Products of a listing by what its cards show, for a page that carries no data. */
export function readCards(html: string): unknown[] {
  const document = parseHtml(html);
  const cards = selectAll<Document | Element, Element>('article.prd a.core', document.children as Element[]);
  return cards.map((card) => {
    const { attribs } = card;
    return {
      sku: attribs['data-gtm-id'] ?? attribs['data-ga4-item_id'] ?? attribs['data-id'] ?? attribs['data-sku'] ?? '', name: textIn(card, '.name'), brand: attribs['data-gtm-brand'] ?? attribs['data-ga4-item_brand'] ?? '',
      url: attribs['href'] ?? '', image: selectOne<Element, Element>('img', card.children as Element[])?.attribs['data-src'] ?? '', prices: { rawPrice: '', price: textIn(card, '.prc'), oldPrice: textIn(card, '.old') },
    };
  });
}

type PriceReading = { readonly price: Money; readonly text: string } | { readonly code: RawReject['code']; readonly reason: string };

/** Marks that stand for other currencies elsewhere: the dirham's, and the franc's of two unions. */
const LOCAL_MARKS: Readonly<Record<string, RegExp>> = { MAD: /^dhs?\.?$/i, XOF: /^f?\s?cfa$/i };

/** The raw amount, unless what the page shows beside it says that it is not the price: then neither is. */
function readPrice(prices: JumiaProduct['prices'], currency: string): PriceReading {
  const shownText = prices?.price ?? '';
  const raw = (prices?.rawPrice ?? '').replace(/\.0+$/, '');
  if (raw === '' && shownText === '') return { code: 'no-price', reason: 'the site states no price' };
  const shown = readPriceText(shownText, { expected: currency });
  if (shown.why === 'range' || shown.why === 'several-prices') return { code: 'doubtful-price', reason: 'the price depends on the variant that is chosen' };
  if (shown.currencyText !== null && shown.currency !== currency && !LOCAL_MARKS[currency]?.test(shown.currencyText)) return { code: 'doubtful-price', reason: `${shownText} is not in ${currency}` };
  const decimal = raw === '' ? shown.amount : raw;
  const price = decimal === null ? null : parseDecimal(decimal, currency);
  if (!price || price.minor <= 0) return { code: Number(decimal) === 0 && decimal !== null ? 'no-price' : 'doubtful-price', reason: `${raw || shownText} is no amount of ${currency}` };
  const beside = shown.amount === null ? null : parseDecimal(shown.amount.replace(/\.0+$/, ''), currency);
  if (raw !== '' && beside && beside.minor !== price.minor) return { code: 'doubtful-price', reason: `the site's data says ${raw}, its page ${shownText}` };
  return { price, text: shownText };
}

/** An offer, or why the product is none. */
export function parseProduct(raw: unknown, context: ParseContext, extractor: Extractor = 'site-rule'): RawOffer | RawReject {
  const { where, seenAt, currency, origin } = context;
  const parsed = productSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    return reject('schema-drift', { where, field, reason: `${field}: ${issue?.message ?? 'unreadable'}`, raw, seenAt });
  }
  const product = parsed.data;
  const refuse = (code: RawReject['code'], field: string, reason: string) => reject(code, { where, field, reason, externalId: product.sku, raw, seenAt });
  const title = (product.displayName || product.name).replace(/\s+/g, ' ').trim();
  if (title === '') return refuse('no-title', 'name', 'the product has no name');
  if (product.url === '' || !URL.canParse(product.url, origin)) return refuse('schema-drift', 'url', `not an address: ${product.url}`);
  const read = readPrice(product.prices, currency);
  if ('code' in read) return refuse(read.code, 'prices', read.reason);
  return buildOffer(product, { title, ...read }, { context, extractor });
}

/** `5 items left` and its French and Arabic likes. */
function quantityIn(text: string): number | null {
  const count = /(\d{1,5})/.exec(text)?.[1];
  return count !== undefined && /left|restant|reste|remaining|متبق/i.test(text) ? Number(count) : null;
}

function buildOffer(product: JumiaProduct, read: { readonly title: string; readonly price: Money; readonly text: string }, how: { readonly context: ParseContext; readonly extractor: Extractor }): RawOffer {
  const { context, extractor } = how;
  const { title, price } = read;
  const old = readPriceText(product.prices?.oldPrice ?? '', { expected: price.currency });
  const listPrice = old.amount === null || old.bound !== 'exact' ? null : parseDecimal(old.amount.replace(/\.0+$/, ''), price.currency);
  const stockText = product.stock?.text ?? '';
  return {
    externalId: product.sku, url: new URL(product.url, context.origin).href, title, brand: product.brand === '' || /^generic$/i.test(product.brand) ? undefined : product.brand,
    identifiers: [{ hint: 'sku', text: product.sku }, ...findLabelledIdentifiers(title)], price, priceText: read.text || undefined,
    listPrice: listPrice && listPrice.minor > price.minor ? listPrice : undefined,
    // A listing shows what can be bought; a page says so.
    stock: { available: product.isBuyable !== false, quantity: quantityIn(stockText), text: stockText || undefined },
    packText: findPackText(title), condition: product.isSecondChance ? 'refurbished' : /refurb|renewed|reconditionn/i.test(title) ? 'refurbished' : 'new',
    sellerName: product.sellerEntity?.name || context.label, imageUrls: URL.canParse(product.image) ? [product.image] : [], categoryPath: (product.categories ?? []).map((c) => c.trim()).filter((c) => c !== ''),
    seenAt: context.seenAt, extractedBy: { packText: 'text', condition: 'text' }, defaultExtractor: extractor,
  };
}
