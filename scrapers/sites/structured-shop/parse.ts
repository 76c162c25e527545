import { parseDecimal, toDecimal, type Money } from '#kernel/money.ts';
import type { PageValues, PlacedRule, RawOffer, RawReject } from '#engine/sources/ports.ts';
import { extractProduct, type ExtractedPage } from '../../core/extract/extract-product.ts';
import type { FactSheet, ProductFacts } from '../../core/extract/fact-sheet.ts';
import { findLabelledIdentifiers, findPackText, findStandingFacts } from '../../core/source/read-text-facts.ts';
import { reject } from '../../core/source/scan-progress.ts';

export interface ParseContext {
  readonly url: string;
  readonly externalId: string;
  readonly seenAt: number;
  readonly currency: string | undefined;
  readonly depth: 'fast' | 'full';
  readonly label: string;
  /** Places that a person has shown. */
  readonly rules?: readonly PlacedRule[] | undefined;
  /** What a language model read of the page, where nothing else did. */
  readonly opinion?: FactSheet | undefined;
}

/** The page's path stands for the offer: shops keep it longer than their numbers. */
export function externalIdOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** An offer, or why the page holds none. */
export function parsePage(html: string, context: ParseContext): RawOffer | RawReject {
  return judgeFacts(html, extractProduct(html, context.url, { depth: context.depth, rules: context.rules, opinion: context.opinion }), context);
}

/** As `parsePage`, of facts that were read already. */
export function judgeFacts(html: string, { product, broken }: Pick<ExtractedPage, 'product' | 'broken'>, context: ParseContext): RawOffer | RawReject {
  const { url, seenAt, externalId } = context;
  const refuse = (code: RawReject['code'], field: string | undefined, detail: { reason: string; raw?: unknown }) => reject(code, { where: url, externalId, field, reason: detail.reason, raw: detail.raw ?? html.slice(0, 1_000), seenAt });
  if (!product || (product.name === undefined && product.price === undefined)) {
    return broken[0] === undefined ? refuse('not-a-product', undefined, { reason: 'the page describes no one product' }) : refuse('unparseable', undefined, { reason: 'the structured data cannot be read', raw: broken[0] });
  }
  const title = product.name?.replace(/\s+/g, ' ').trim() ?? '';
  if (title === '') return refuse('no-title', 'name', { reason: 'the page names no product', raw: product });
  if (product.price === undefined) return refuse('no-price', 'price', { reason: 'the page states no sure price', raw: product });
  if (product.severalPrices) return refuse('doubtful-price', 'price', { reason: 'the price depends on the variant that is chosen', raw: product });
  const currency = product.currency ?? context.currency;
  if (currency === undefined) return refuse('doubtful-price', 'currency', { reason: `the price ${product.price} has no currency`, raw: product });
  const price = parseDecimal(product.price, currency);
  if (!price || price.minor <= 0) return refuse('doubtful-price', 'price', { reason: `${product.price} is no amount of ${currency}`, raw: product });
  return buildOffer(product, { title, price }, context);
}

function optionalMoney(decimal: string | undefined, currency: string): Money | undefined {
  return decimal === undefined ? undefined : (parseDecimal(decimal, currency) ?? undefined);
}

function buildOffer(product: ProductFacts, read: { readonly title: string; readonly price: Money }, context: ParseContext): RawOffer {
  const { title, price } = read;
  const listPrice = optionalMoney(product.listPrice, price.currency);
  const labelled = findLabelledIdentifiers(`${title}\n${product.description ?? ''}`).filter((l) => !product.identifiers.some((i) => i.text === l.text));
  return {
    externalId: context.externalId, url: context.url, title, brand: product.brand, model: product.model, description: product.description, identifiers: [...product.identifiers, ...labelled],
    price, priceText: product.priceText, listPrice: listPrice && listPrice.minor > price.minor ? listPrice : undefined, shipping: optionalMoney(product.shipping, price.currency),
    stock: product.available === undefined ? undefined : { available: product.available, quantity: product.quantity ?? null, text: product.availability },
    packText: findPackText(title) ?? findStandingFacts(product.description ?? '').packText, condition: product.condition ?? 'unknown', sellerName: product.sellerName ?? context.label, sellerFeedback: product.sellerFeedback,
    imageUrls: product.imageUrls, categoryPath: product.categoryPath, weightGrams: product.weightGrams, seenAt: context.seenAt,
    extractedBy: { ...product.extractedBy, packText: 'text', ...(product.name === undefined ? {} : { title: product.extractedBy['name'] ?? 'json-ld' }) }, defaultExtractor: product.extractedBy['price'] ?? 'json-ld',
    conflicts: product.conflicts.length > 0 ? product.conflicts : undefined,
  };
}

/** What an offer says of its product, as text: what its page is searched for when the site is rebuilt. */
export function valuesOf(offer: RawOffer): PageValues {
  const gtin = offer.identifiers.find((i) => i.hint === 'gtin' || i.hint === 'isbn')?.text;
  return { name: offer.title, price: offer.priceText ?? `${toDecimal(offer.price)} ${offer.price.currency}`, ...(offer.brand === undefined ? {} : { brand: offer.brand }), ...(gtin === undefined ? {} : { gtin }) };
}
