import { exponentOf, parseDecimal, type Money } from '#kernel/money.ts';
import type { RawIdentifier, RawOffer, RawReject } from '#engine/sources/ports.ts';
import { parseHtml, visibleText } from '../../core/extract/parse-html.ts';
import { findLabelledIdentifiers, findPackText, findStandingFacts, readWeight } from '../../core/source/read-text-facts.ts';
import { reject } from '../../core/source/scan-progress.ts';
import { productSchema, type WooProduct } from './schema.ts';

export interface ParseContext {
  readonly where: string;
  readonly seenAt: number;
  readonly currency: string | undefined;
  readonly label: string;
}

/** Text of an HTML fragment, entities decoded. */
function plain(html: string): string {
  if (!html.includes('<') && !html.includes('&')) return html.trim();
  return parseHtml(html).children.map(visibleText).join(' ').replace(/[^\S\n]+/g, ' ').trim();
}

/** An amount in the API's own minor unit, which may differ from ISO's: a shop that shows no centimes sends whole dinars. */
export function moneyOf(minorText: string, minorUnit: number, currency: string): Money | null {
  if (!/^\d+$/.test(minorText)) return null;
  const padded = minorText.padStart(minorUnit + 1, '0');
  const cut = padded.length - minorUnit;
  const decimal = minorUnit === 0 ? padded : `${padded.slice(0, cut)}.${padded.slice(cut)}`;
  return parseDecimal(decimal.replace(/^0+(?=\d)/, ''), currency);
}

const IDENTIFIER_NAMES: readonly (readonly [RegExp, RawIdentifier['hint']])[] = [[/^(?:ean|gtin|upc|barcode|code[ -]?barres?)/i, 'gtin'], [/^isbn/i, 'isbn'], [/^asin/i, 'asin'], [/^(?:mpn|model|modèle|référence fabricant|part number)/i, 'mpn']];

function attributeValues(product: WooProduct): { name: string; value: string }[] {
  return (product.attributes ?? []).flatMap((a) => {
    const value = a.terms?.[0]?.name ?? a.value ?? '';
    return value === '' ? [] : [{ name: plain(a.name), value: plain(value) }];
  });
}

function identifiersOf(product: WooProduct, text: string): RawIdentifier[] {
  const found: RawIdentifier[] = [];
  const add = (identifier: RawIdentifier) => {
    if (identifier.text !== '' && !found.some((f) => f.text === identifier.text)) found.push(identifier);
  };
  if (product.global_unique_id) add({ hint: 'gtin', text: product.global_unique_id.trim() });
  for (const { name, value } of attributeValues(product)) for (const [pattern, hint] of IDENTIFIER_NAMES) if (pattern.test(name)) add({ hint, text: value });
  if (product.sku.trim() !== '') add({ hint: 'sku', text: product.sku.trim() });
  for (const identifier of findLabelledIdentifiers(text)) add(identifier);
  return found;
}

/** Where a product has one colour and one size, its attributes say which. */
function variantOf(product: WooProduct): string | undefined {
  const one = { ...product, attributes: (product.attributes ?? []).filter(({ terms }) => (terms?.length ?? 0) <= 1) };
  const said = attributeValues(one).filter(({ name }) => /^(?:colou?r|couleur|size|taille|اللون|المقاس)$/i.test(name));
  return said.length === 0 ? undefined : said.map(({ value }) => value).join(', ');
}

/** Some shops say the condition in an attribute or in the title; silence means new in a shop. */
function conditionOf(product: WooProduct, title: string): RawOffer['condition'] {
  const said = attributeValues(product).find((a) => /^(?:condition|état|etat)/i.test(a.name))?.value ?? title;
  if (/refurb|reconditionn/i.test(said)) return 'refurbished';
  return /\b(?:used|occasion|second[ -]?hand|open[ -]box)\b/i.test(said) ? 'used' : 'new';
}

/** An offer, or why the product is none. */
export function parseProduct(raw: unknown, context: ParseContext): RawOffer | RawReject {
  const { where, seenAt } = context;
  const parsed = productSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return reject('schema-drift', { where, field: issue?.path.join('.'), reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`, raw, seenAt });
  }
  const product = parsed.data;
  const refuse = (code: RawReject['code'], field: string, reason: string) => reject(code, { where, field, reason, externalId: String(product.id), raw, seenAt });
  const title = plain(product.name);
  if (title === '') return refuse('no-title', 'name', 'the product has no name');
  if (!URL.canParse(product.permalink)) return refuse('schema-drift', 'permalink', `not an address: ${product.permalink}`);
  const { prices } = product;
  if (context.currency !== undefined && prices.currency_code !== context.currency) return refuse('doubtful-price', 'prices.currency_code', `the shop answers in ${prices.currency_code}, not in ${context.currency}`);
  const range = prices.price_range;
  if (range && range.min_amount !== range.max_amount) return refuse('doubtful-price', 'prices.price_range', 'the price depends on the variant that is chosen');
  if (prices.price === '' || /^0+$/.test(prices.price)) return refuse('no-price', 'prices.price', 'the shop states no price');
  const price = moneyOf(prices.price, prices.currency_minor_unit, prices.currency_code);
  if (!price || price.minor <= 0) return refuse('doubtful-price', 'prices.price', `${prices.price} in units of 10^-${prices.currency_minor_unit} is no amount of ${prices.currency_code} (which has ${exponentOf(prices.currency_code)} decimals)`);
  if (!product.is_purchasable) return refuse('not-for-sale', 'is_purchasable', 'the shop does not sell it');
  return buildOffer(product, { title, price }, context);
}

function buildOffer(product: WooProduct, read: { readonly title: string; readonly price: Money }, context: ParseContext): RawOffer {
  const { title, price } = read;
  const { prices } = product;
  const description = plain(product.description || product.short_description || '');
  const regular = prices.regular_price ? moneyOf(prices.regular_price, prices.currency_minor_unit, prices.currency_code) : null;
  const attributes = attributeValues(product);
  const brand = product.brands?.[0]?.name ?? attributes.find((a) => /^(?:brand|marque|fabricant|manufacturer)$/i.test(a.name))?.value;
  const identifiers = identifiersOf(product, `${title}\n${description}`);
  const quantity = product.low_stock_remaining ?? null;
  const standing = findStandingFacts(description);
  return {
    externalId: String(product.id), url: product.permalink, title, brand: brand === undefined ? undefined : plain(brand),
    model: identifiers.find((i) => i.hint === 'mpn')?.text, description: description === '' ? undefined : description, identifiers,
    price, listPrice: regular && regular.minor > price.minor ? regular : undefined,
    stock: { available: product.is_in_stock && product.is_on_backorder !== true, quantity, text: quantity === null ? undefined : `${quantity} left` },
    packText: findPackText(title) ?? standing.packText, variantText: variantOf(product) ?? standing.variantText, weightGrams: readWeight(product.formatted_weight ?? '') ?? standing.weightGrams, condition: conditionOf(product, title), sellerName: context.label,
    imageUrls: product.images.map((i) => i.src).filter((src) => URL.canParse(src)), categoryPath: (product.categories ?? []).map((c) => plain(c.name)),
    seenAt: context.seenAt, extractedBy: { packText: 'text', condition: 'text' }, defaultExtractor: 'api',
  };
}
