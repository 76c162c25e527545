import { readPriceText } from '#kernel/price-text.ts';
import { parseDecimal } from '#kernel/money.ts';
import type { RawIdentifier } from '#engine/sources/ports.ts';
import { emptySheet, type FactSheet } from '../../core/extract/fact-sheet.ts';
import { parseHtml } from '../../core/extract/parse-html.ts';
import { isTag } from 'domhandler';
import { embeddedSchema, type EmbeddedProduct } from './schema.ts';

/** The page's own product, or null for a theme that does not carry it. @throws z.ZodError or SyntaxError when it is there and cannot be read. */
export function findEmbedded(html: string): EmbeddedProduct | null {
  // A listing's miniatures carry other attributes; only the page's product is JSON.
  const at = html.search(/data-product=(["'])\s*(?:\{|&quot;|&#123;)/);
  if (at < 0) return null;
  const open = html.charAt(at + 13);
  const end = html.indexOf(open, at + 14);
  if (end < 0) return null;
  const [element] = parseHtml(`<i ${html.slice(at, end + 1)}>`).children;
  return element && isTag(element) ? embeddedSchema.parse(JSON.parse(element.attribs['data-product'] ?? '')) : null;
}

/** Of `var prestashop = {"currency":{"id":1,"name":"Euro","iso_code":"EUR",…}}`: the one that the page shows prices in. */
export function pageCurrency(html: string): string | undefined {
  return /"currency"\s*:\s*\{[^{}]{0,400}?"iso_code"\s*:\s*"([A-Z]{3})"/.exec(html)?.[1];
}

/** A decimal of at most the currency's digits: a number computed with more is rounded by the shop's own display, which is not ours to guess. */
function decimalOf(value: string | number | null | undefined, currency: string): { price: string; text?: string } | null {
  if (value === null || value === undefined) return null;
  const plain = String(value).trim();
  if (/^\d+(?:\.\d+)?$/.test(plain)) return Number(plain) > 0 && parseDecimal(plain.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''), currency) ? { price: plain } : null;
  const read = readPriceText(plain, { expected: currency });
  return read.amount !== null && read.bound === 'exact' && (read.currency === null || read.currency === currency) && Number(read.amount) > 0 ? { price: read.amount, text: plain } : null;
}

function identifiersOf(product: EmbeddedProduct): RawIdentifier[] {
  const found: RawIdentifier[] = [];
  const add = (hint: RawIdentifier['hint'], text: string | undefined) => {
    if (text && text !== '0' && !found.some((f) => f.text === text)) found.push({ hint, text });
  };
  const chosen = Object.values(product.attributes ?? {});
  // A product whose combinations have codes of their own often keeps that of one of them: the chosen one's comes first, and stands alone.
  const coded = chosen.some((a) => a.ean13 || a.upc || a.isbn) ? chosen : [product];
  for (const { ean13, upc, isbn } of coded) {
    add('gtin', ean13);
    add('gtin', upc);
    add('isbn', isbn);
  }
  add('mpn', chosen.find((a) => a.mpn)?.mpn ?? product.mpn);
  add('sku', chosen.find((a) => a.reference)?.reference ?? product.reference);
  return found;
}

function stockOf(product: EmbeddedProduct): { available: boolean | undefined; quantity: number | undefined } {
  const count = product.quantity === null || product.quantity === undefined || product.quantity === '' ? Number.NaN : Number(product.quantity);
  const said = product.availability ?? '';
  const claimed = said === '' ? undefined : !/^(?:unavailable|out_of_stock|discontinued)/.test(said);
  // Zero or below and still "available" means that orders are taken before there is any.
  if (Number.isInteger(count)) return { available: count > 0 && claimed !== false, quantity: Math.max(0, count) };
  return { available: claimed, quantity: undefined };
}

const CONDITIONS: Readonly<Record<string, 'new' | 'used' | 'refurbished'>> = { new: 'new', used: 'used', refurbished: 'refurbished' };

/** What the embedded product says, in the currency of the page. */
export function sheetOf(product: EmbeddedProduct, currency: string | undefined): FactSheet {
  const sheet = emptySheet('site-rule');
  const options = Object.values(product.attributes ?? {}).map((a) => a.name).filter((n) => n);
  const price = currency === undefined ? null : (decimalOf(product.price_amount, currency) ?? decimalOf(product.price, currency));
  const list = currency === undefined ? null : decimalOf(product.regular_price_amount, currency);
  const { available, quantity } = stockOf(product);
  return Object.assign(sheet, {
    name: product.name ? [product.name, ...options].join(' - ') : undefined, brand: product.manufacturer_name || undefined,
    identifiers: identifiersOf(product), sku: product.reference || undefined,
    price: price?.price, priceText: price?.text, currency: price ? currency : undefined, listPrice: list?.price,
    available, quantity, availability: product.availability_message || product.availability || undefined,
    condition: CONDITIONS[product.condition ?? ''], categoryPath: product.category_name ? [product.category_name] : [],
  });
}
