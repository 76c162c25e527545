import { titlePackSize, type MarketFacts, type ProductRecord } from '#engine/catalog/index.ts';
import type { OfferRecord } from './repo.ts';

const STOP = new Set(['the', 'and', 'for', 'with', 'of', 'a', 'an', 'in', 'to', 'new', 'brand', 'neuf', 'pack', 'set', 'de', 'la', 'le', 'et', 'avec', 'pour', 'free', 'sale', 'best', 'original']);

function words(text: string): Set<string> {
  return new Set(text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').split(/[^\p{L}\p{N}]+/u).filter((w) => w.length > 1 && !STOP.has(w)));
}

/** Share of the shorter title's words that the other has too, words with a digit counting double. */
function overlap(a: Set<string>, b: Set<string>): number {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  let total = 0;
  let shared = 0;
  for (const word of few) {
    const weight = /\d/.test(word) ? 2 : 1;
    total += weight;
    if (many.has(word)) shared += weight;
  }
  return total === 0 ? 0 : shared / total;
}

/** What a repaired code is worth under a title that does not name the model. */
const REPAIRED_UNPROVED_BP = 6_500;

/** Both name a word with a digit: a model, a part number. */
function sharesModel(offer: OfferRecord, product: ProductRecord): boolean {
  const known = words(`${product.title} ${String(product.attributes['mpn'] ?? '')}`);
  return [...words(`${offer.title} ${offer.mpn ?? ''}`)].some((word) => /\d/.test(word) && known.has(word));
}

const sameBrand = (a: string, b: string) => a.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') === b.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * How sure it is that an offer is the product that its code names, in basis points. A code alone is not proof: shops copy wrong ones. A sure
 * code with a title that agrees is near certain; a title that shares nothing with the product makes the code doubtful; a brand that contradicts more so.
 */
export function identityOf(offer: OfferRecord, product: ProductRecord): number {
  const agreement = overlap(words(`${offer.title} ${offer.brand ?? ''} ${offer.mpn ?? ''}`), words(`${product.title} ${product.brand ?? ''} ${String(product.attributes['mpn'] ?? '')}`));
  const exact = offer.gtin !== null || offer.asin !== null;
  const contradicted = offer.brand !== null && product.brand !== null && !sameBrand(offer.brand, product.brand) && !words(offer.title).has(product.brand.toLowerCase().split(' ')[0] ?? '');
  const base = exact ? 6_000 + 4_000 * Math.min(1, agreement * 1.6) : 3_000 + 7_000 * agreement;
  // a repaired code may have become another's: without the model's own word the title must not be taken for proof
  const most = offer.identifierNote !== null && !sharesModel(offer, product) ? REPAIRED_UNPROVED_BP : 9_900;
  return Math.max(0, Math.round(Math.min(most, agreement < 0.2 ? base - 3_000 : base) - (contradicted && agreement < 0.5 ? 3_000 : 0)));
}

/** Whether both hold the same number of pieces. A code that is right for a single while the title sells three is the classic trap: it vetoes. */
export function packOf(offer: OfferRecord, product: ProductRecord, facts: MarketFacts): 'same' | 'conflict' {
  const catalogued = facts.packQuantity ?? titlePackSize(product.title);
  return offer.packSize === catalogued || offer.packSize === titlePackSize(product.title) ? 'same' : 'conflict';
}

/** Grams, as the page prints it. */
export function weightOf(offer: OfferRecord): number | null {
  const grams = offer.facts['weightGrams'];
  return typeof grams === 'number' ? grams : null;
}

/** Of a piece's weight; boxes and scales make less. */
const LIKE_MORE = 1.7;
const LIKE_MORE_G = 30;

/** The title is silent on packs and the page's weight is that of several pieces: what is sold may be the pack, whatever its code says. */
export function weighsLikeMore(offer: OfferRecord, product: ProductRecord): boolean {
  const weight = weightOf(offer);
  return weight !== null && product.weightG !== null && offer.packSize === 1 && weight >= LIKE_MORE * product.weightG && weight - product.weightG >= LIKE_MORE_G;
}

/** The title, and what the page says of colour and size beside it where the title leaves that out: it tells siblings apart. */
export function titleWithVariant({ title, facts }: OfferRecord): string {
  const text = facts['variantText'];
  if (typeof text !== 'string') return title;
  const named = words(title);
  const missing = text.split(',').map((part) => part.trim()).filter((part) => part !== '' && !part.toLowerCase().split(/\s+/).every((word) => named.has(word) || title.toLowerCase().split(/[^\p{L}\p{N}]+/u).includes(word)));
  return missing.length === 0 ? title : `${title}, ${missing.join(', ')}`;
}
