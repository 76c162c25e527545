import { parseDecimal, type Money } from '#kernel/money.ts';
import type { RawIdentifier, RawOffer, RawReject } from '#engine/sources/ports.ts';
import { parseHtml, visibleText } from '../../core/extract/parse-html.ts';
import { findLabelledIdentifiers, findPackText, findStandingFacts } from '../../core/source/read-text-facts.ts';
import { reject } from '../../core/source/scan-progress.ts';
import { productSchema, variantSchema, type ShopifyProduct, type ShopifyVariant } from './schema.ts';

export interface ParseContext {
  readonly baseUrl: string;
  readonly where: string;
  readonly seenAt: number;
  readonly currency: string;
  readonly label: string;
  /** Variant id → barcode, where they were asked for. */
  readonly barcodes: ReadonlyMap<number, string>;
}

export interface ParsedProduct {
  readonly offers: readonly RawOffer[];
  readonly rejects: readonly RawReject[];
}

/** What a variant is called when there is only one. */
const ONLY_VARIANT = /^default(?: title)?$/i;
/** Things in a shop's list that are no goods. */
const NO_GOODS = /\b(?:gift[ -]?cards?|e-?gift|carte[s]? cadeau|shipping protection|route protection)\b/i;

const decimalText = (value: string | number | null | undefined) => (value === null || value === undefined ? '' : String(value).trim());

function amountOf(value: string | number | null | undefined, currency: string): Money | null {
  return parseDecimal(decimalText(value), currency);
}

function plain(html: string): string {
  return parseHtml(html).children.map(visibleText).join(' ').replace(/[^\S\n]+/g, ' ').trim();
}

function conditionOf(product: ShopifyProduct, title: string): RawOffer['condition'] {
  const tags = typeof product.tags === 'string' ? product.tags : (product.tags ?? []).join(' , ');
  const said = `${title} ${product.product_type ?? ''} ${tags}`;
  if (/refurb|reconditionn/i.test(said)) return 'refurbished';
  return /\b(?:pre-?owned|pre-?loved|second[ -]?hand|occasion|open[ -]box)\b/i.test(said) || /\bused\b/i.test(title) ? 'used' : 'new';
}

function identifiersOf(variant: ShopifyVariant, barcode: string | undefined, text: string): RawIdentifier[] {
  const found: RawIdentifier[] = [];
  const add = (identifier: RawIdentifier) => {
    if (identifier.text !== '' && !found.some((f) => f.text === identifier.text)) found.push(identifier);
  };
  if (barcode) add({ hint: 'gtin', text: barcode.trim() });
  if (variant.sku) add({ hint: 'sku', text: variant.sku.trim() });
  for (const identifier of findLabelledIdentifiers(text)) add(identifier);
  return found;
}

function instantOf(text: string | null | undefined): number | undefined {
  const at = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Every variant of a product: an offer, or why it is none. */
export function parseProduct(raw: unknown, context: ParseContext): ParsedProduct {
  const { where, seenAt } = context;
  const parsed = productSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    return { offers: [], rejects: [reject('schema-drift', { where, field, reason: `${field}: ${issue?.message ?? 'unreadable'}`, raw, seenAt })] };
  }
  const product = parsed.data;
  const offers: RawOffer[] = [];
  const rejects: RawReject[] = [];
  if (product.variants.length === 0) rejects.push(reject('schema-drift', { where, field: 'variants', externalId: String(product.id), reason: 'the product has no variant', raw, seenAt }));
  for (const [index, rawVariant] of product.variants.entries()) {
    const read = parseVariant(product, rawVariant, { ...context, where: `${where} variant ${index + 1}` });
    if ('code' in read) rejects.push(read);
    else offers.push(read);
  }
  return { offers, rejects };
}

function parseVariant(product: ShopifyProduct, raw: unknown, context: ParseContext): RawOffer | RawReject {
  const { where, seenAt, currency } = context;
  const parsed = variantSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = `variants.${issue?.path.join('.') ?? ''}`;
    return reject('schema-drift', { where, field, externalId: String(product.id), reason: `${field}: ${issue?.message ?? 'unreadable'}`, raw, seenAt });
  }
  const variant = parsed.data;
  const refuse = (code: RawReject['code'], field: string, reason: string) => reject(code, { where, field, reason, externalId: String(variant.id), raw: { title: product.title, ...variant }, seenAt });
  const title = product.title.replace(/\s+/g, ' ').trim();
  if (title === '') return refuse('no-title', 'title', 'the product has no title');
  if (NO_GOODS.test(title) || /^gift cards?$/i.test(product.product_type ?? '')) return refuse('not-a-product', 'product_type', 'a voucher or a service, not goods');
  const text = decimalText(variant.price);
  if (text === '' || /^0*(?:\.0*)?$/.test(text)) return refuse('no-price', 'variants.price', 'the shop states no price');
  const price = amountOf(variant.price, currency);
  if (!price || price.minor <= 0) return refuse('doubtful-price', 'variants.price', `${text} is no amount of ${currency}`);
  return buildOffer({ product, variant, title, price }, context);
}

interface ReadVariant {
  readonly product: ShopifyProduct;
  readonly variant: ShopifyVariant;
  readonly title: string;
  readonly price: Money;
}

function imagesOf(product: ShopifyProduct, variant: ShopifyVariant): string[] {
  const own = product.images.filter((i) => i.variant_ids?.includes(variant.id));
  return [...own, ...product.images.filter((i) => !own.includes(i) && !i.variant_ids?.length)].map((i) => i.src).filter((src) => URL.canParse(src));
}

function buildOffer({ product, variant, title, price }: ReadVariant, context: ParseContext): RawOffer {
  const choice = variant.title && !ONLY_VARIANT.test(variant.title) ? variant.title : null;
  const description = plain(product.body_html ?? '');
  const full = choice === null ? title : `${title} - ${choice}`;
  const listPrice = amountOf(variant.compare_at_price, price.currency);
  const available = variant.available ?? null;
  return {
    externalId: String(variant.id), url: `${context.baseUrl}/products/${product.handle}${choice === null ? '' : `?variant=${variant.id}`}`, title: full,
    brand: product.vendor?.trim() || undefined, description: description === '' ? undefined : description,
    // A text that names one code names it for the product, which is the variant's own only where there is one variant.
    identifiers: identifiersOf(variant, context.barcodes.get(variant.id), product.variants.length === 1 ? `${title}\n${description}` : ''),
    price, priceText: decimalText(variant.price), listPrice: listPrice && listPrice.minor > price.minor ? listPrice : undefined,
    stock: available === null ? undefined : { available, quantity: null, text: available ? 'available' : 'sold out' },
    packText: findPackText(full) ?? (product.variants.length === 1 ? findStandingFacts(description).packText : undefined), condition: conditionOf(product, title), sellerName: context.label, imageUrls: imagesOf(product, variant),
    categoryPath: product.product_type?.trim() ? [product.product_type.trim()] : [], weightGrams: variant.grams ? Math.round(variant.grams) : undefined,
    seenAt: context.seenAt, updatedAt: instantOf(variant.updated_at ?? product.updated_at), extractedBy: { packText: 'text', condition: 'text' }, defaultExtractor: 'api',
  };
}
