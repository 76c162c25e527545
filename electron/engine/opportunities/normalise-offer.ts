import { hash } from 'node:crypto';
import { impliedAsin, isAsin, repairIdentifier } from '#kernel/identifiers.ts';
import type { Instant } from '#kernel/time.ts';
import { titlePackSize } from '#engine/catalog/index.ts';
import type { RawOffer, SellerFeedback, SourceTerms } from '#engine/sources/index.ts';
import { feedbackFacts, feedbackSign } from './seller-feedback.ts';

/** An offer in the program's own terms. Amounts are in `currency`, as offered: for one pack of `packSize`. */
export interface NormalOffer {
  readonly externalId: string;
  readonly contentHash: string;
  readonly url: string;
  readonly title: string;
  readonly brand: string | null;
  /** GTIN-14. */
  readonly gtin: string | null;
  readonly asin: string | null;
  readonly mpn: string | null;
  /** What a damaged identifier may have been; only when there is no sure one. */
  readonly candidates: readonly string[];
  /** For a person: what was repaired, or why there is none. */
  readonly identifierNote: string | null;
  readonly condition: RawOffer['condition'];
  readonly packSize: number;
  readonly priceMinor: number;
  readonly listPriceMinor: number | null;
  readonly currency: string;
  readonly shippingMinor: number | null;
  /** Units known to be there; 0 when sold out; null when not said. */
  readonly stock: number | null;
  readonly sellerName: string | null;
  readonly imageUrl: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly seenAt: Instant;
}

interface Identified {
  gtin: string | null;
  asin: string | null;
  mpn: string | null;
  candidates: string[];
  note: string | null;
}

/** Reads every identifier that the source gave. A sure one wins; two sure ones that disagree are both only candidates. */
function identify(offer: RawOffer): Identified {
  const exact = new Set<string>();
  const repaired = new Set<string>();
  const notes: string[] = [];
  let asin: string | null = null;
  let mpn: string | null = null;
  for (const { hint, text } of offer.identifiers) {
    if (hint === 'mpn') {
      mpn ??= text.trim() || null;
      continue;
    }
    if (hint === 'asin' && isAsin(text.trim().toUpperCase())) {
      asin ??= text.trim().toUpperCase();
      continue;
    }
    // a shop's own stock code is no product code, unless it happens to be one beyond doubt
    const outcome = repairIdentifier(text);
    if (outcome.status === 'refused') {
      if (hint === 'gtin' || hint === 'isbn') notes.push(`${text.trim()}: ${outcome.reason}`);
      continue;
    }
    if (hint === 'sku' && outcome.status !== 'exact') continue;
    // a complete code is what it says; what it could be with a digit lost is no rival to that
    const readings = outcome.status === 'exact' ? outcome.candidates.slice(0, 1) : outcome.candidates;
    for (const { identifier, repairs } of readings) {
      if (identifier.gtin14) (outcome.status === 'exact' || readings.length === 1 ? exact : repaired).add(identifier.gtin14);
      else asin ??= identifier.value;
      asin ??= impliedAsin(identifier);
      if (repairs.length > 0 && outcome.status === 'repaired') notes.push(`${text.trim()} read as ${identifier.value} (${repairs.join(', ')})`);
    }
  }
  const sure = [...exact];
  if (sure.length === 1) return { gtin: sure[0]!, asin, mpn, candidates: [], note: notes.join('; ') || null };
  if (sure.length > 1) notes.push(`several codes: ${sure.join(', ')}`);
  return { gtin: null, asin: sure.length > 1 ? null : asin, mpn, candidates: [...sure, ...repaired], note: notes.join('; ') || null };
}

/** Everything whose change would matter: not when it was seen, not under which host the shop answered, and of a seller's ratings only what they come to. */
function hashOf({ url, ...offer }: Omit<NormalOffer, 'contentHash' | 'seenAt'>, feedback: SellerFeedback | undefined): string {
  const told = feedback ? { ...offer, facts: { ...offer.facts, sellerFeedback: feedbackSign(feedback) } } : offer;
  return hash('sha256', JSON.stringify([told, url.replace(/^https?:\/\/[^/]+/, '')]), 'base64url').slice(0, 22);
}

/** The title's own count stands; what the page says of packs beside it counts where the title is silent. */
function packSizeOf(title: string, packText: string | undefined): number {
  const named = titlePackSize(title);
  return named > 1 || !packText ? named : titlePackSize(`${title} ${packText}`);
}

/** Shipping as the page says it, else as the source charges it for one order. */
function shippingOf(raw: RawOffer, terms: SourceTerms): number | null {
  if (raw.shipping) return raw.shipping.currency === raw.price.currency ? raw.shipping.minor : null;
  if (!terms.shipping) return null;
  const { flatMinor, freeFromMinor } = terms.shipping;
  return freeFromMinor !== null && raw.price.minor >= freeFromMinor ? 0 : flatMinor;
}

/** Of one unit that pays shipping: what goods an order needs to be sent free. Nothing where the page says its own shipping, which terms do not speak of. */
function freeShippingFrom(raw: RawOffer, { shipping }: SourceTerms): { shippingFreeFromMinor: number } | null {
  if (raw.shipping || !shipping || shipping.freeFromMinor === null || raw.price.minor >= shipping.freeFromMinor) return null;
  return { shippingFreeFromMinor: shipping.freeFromMinor };
}

export function normaliseOffer(raw: RawOffer, terms: SourceTerms): NormalOffer {
  const id = identify(raw);
  const title = raw.title.normalize('NFC').replace(/\s+/g, ' ').trim();
  const stock = raw.stock === undefined ? null : !raw.stock.available ? 0 : raw.stock.quantity;
  const normal = {
    externalId: raw.externalId, url: raw.url, title, brand: raw.brand?.trim() || null, gtin: id.gtin, asin: id.asin, mpn: id.mpn ?? raw.model ?? null,
    candidates: id.candidates, identifierNote: id.note, condition: raw.condition, packSize: packSizeOf(title, raw.packText),
    priceMinor: raw.price.minor, listPriceMinor: raw.listPrice?.currency === raw.price.currency ? raw.listPrice.minor : null, currency: raw.price.currency, shippingMinor: shippingOf(raw, terms),
    stock, sellerName: raw.sellerName ?? null, imageUrl: raw.imageUrls[0] ?? null,
    facts: { categoryPath: raw.categoryPath, ...(raw.packText ? { packText: raw.packText } : {}), ...(raw.weightGrams ? { weightGrams: raw.weightGrams } : {}), ...(raw.variantText ? { variantText: raw.variantText } : {}), ...(raw.supply ? { supply: raw.supply } : {}), ...(raw.conflicts?.length ? { conflicts: raw.conflicts } : {}), extractedBy: raw.defaultExtractor, ...(terms.negotiable ? { negotiable: true } : {}), ...freeShippingFrom(raw, terms), ...(terms.forwarding ? { forwarding: terms.forwarding } : {}), ...feedbackFacts(raw.sellerFeedback, raw.seenAt) },
  };
  return { ...normal, contentHash: hashOf(normal, raw.sellerFeedback), seenAt: raw.seenAt };
}
