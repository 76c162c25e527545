/** Facts that sellers write into titles and descriptions instead of fields. */
import type { IdentifierHint, RawIdentifier } from '#engine/sources/ports.ts';

const LABELLED = /\b(EAN|UPC|GTIN|ISBN|ASIN|code[ -]?barres?|barcode)(?:-?1[0-4]|-?8)?\b[\s:°#.n]{0,4}([0-9B][0-9A-Za-z -]{7,17})/gi;

const HINTS: Readonly<Record<string, IdentifierHint>> = { isbn: 'isbn', asin: 'asin' };

/** Identifiers named as such in a text (`EAN: 3 165140 …`), as written. A bare number is none. */
export function findLabelledIdentifiers(text: string): RawIdentifier[] {
  const found: RawIdentifier[] = [];
  for (const match of text.slice(0, 20_000).matchAll(LABELLED)) {
    const label = (match[1] ?? '').toLowerCase();
    const hint = HINTS[label] ?? 'gtin';
    const run = hint === 'asin' ? /^[0-9A-Z]{10}/i.exec(match[2] ?? '') : /^\d[\d -]*(?:\d|[\d -][Xx]\b)/.exec(match[2] ?? '');
    const value = run?.[0].trim();
    if (value && value.replace(/\D/g, '').length >= (hint === 'asin' ? 0 : 8) && !found.some((f) => f.text === value)) found.push({ hint, text: value });
  }
  return found;
}

const PACK = /\b(?:pack|lot|set|box|case|bundle|boîte|carton|paquet)\s*(?:of|de|à|x|×)?\s*\d{1,4}\b|\b\d{1,4}\s*[- ]?\s*(?:pack|pk|pcs|pieces|pièces|pièce|count|ct|unités|units)\b|\b\d{1,3}\s*[x×]\s*\d+(?:[.,]\d+)?\s*(?:ml|cl|l|g|kg|oz)\b|(?:^|\s)[x×]\s?\d{1,3}\b|\b(?:twin|double|triple)[- ]pack\b/i;

/** Words about how many units one buys, as written: `Pack of 6`, `6 x 330 ml`. */
export function findPackText(title: string): string | undefined {
  return PACK.exec(title)?.[0].trim();
}

/** What a page's text says in a line or sentence of its own: `Pack of 6.`, `Weight: 0.40 lb`. Inside a sentence the same words may be of anything. */
export interface StandingFacts {
  readonly packText?: string | undefined;
  readonly weightGrams?: number | undefined;
  /** Values of colour and size. */
  readonly variantText?: string | undefined;
}

const VARIANT = /(?:^|[\s,])(?:colou?r|couleur|size|taille|اللون|المقاس)\s*:\s*([\p{L}\d][^,.;:\n]{0,30}?)(?=\s*(?:[,.;\n]|$)|\s+\d+(?:[.,]\d+)?\s*(?:lbs?|kg)\b|\s+\p{L}{2,12}\s*:)/giu;

const GRAMS: Readonly<Record<string, number>> = { g: 1, gr: 1, grams: 1, grammes: 1, kg: 1_000, kgs: 1_000, lb: 453.592, lbs: 453.592, pounds: 453.592, oz: 28.3495, ounces: 28.3495 };
const WEIGHT = /(?:^|\s)(?:(?:item |shipping |package |net |gross )?(?:weight|wt|poids|الوزن)\s*:?\s*)?(\d{1,4}(?:[.,]\d{1,3})?)\s*(lbs?|pounds|kgs?|grams|grammes|gr|g|oz|ounces)\b\.?(?=\s*$|\s+(?:EAN|UPC|GTIN|ISBN|SKU|MPN)\b)/iu;
/** What may stand before a weight without a full stop: `Color: Red, Size: M`. */
const AFTER_LABELS = /^(?:\p{L}[\p{L} ]{1,20}:[^.;:]{1,40})+$/u;
const LONGEST_READ = 20_000;

/** `0.40 lbs`, `1,5 kg`, also after labelled values; undefined for what is no weight, or none that a parcel has. */
export function readWeight(text: string): number | undefined {
  const { head, grams } = weightAtEnd(text.trim());
  return grams !== undefined && (head === '' || AFTER_LABELS.test(head)) ? grams : undefined;
}

function weightAtEnd(text: string): { readonly head: string; readonly grams: number | undefined } {
  const match = WEIGHT.exec(text);
  const grams = match ? Math.round(Number(match[1]!.replace(',', '.')) * GRAMS[match[2]!.toLowerCase()]!) : Number.NaN;
  return grams >= 1 && grams <= 100_000 ? { head: text.slice(0, match!.index).trim(), grams } : { head: text, grams: undefined };
}

export function findStandingFacts(text: string): StandingFacts {
  const facts: { packText?: string; weightGrams?: number; variantText?: string } = {};
  for (const part of text.slice(0, LONGEST_READ).split(/(?<=[.!?])\s+|[\n;•|]/)) {
    const { head, grams } = weightAtEnd(part.trim());
    const said = head.replace(/\.$/, '');
    const pack = findPackText(said);
    if (pack !== undefined && pack === said) facts.packText ??= pack;
    if (grams !== undefined && (said === '' || pack === said || AFTER_LABELS.test(said))) facts.weightGrams ??= grams;
  }
  const variants = [...text.slice(0, LONGEST_READ).matchAll(VARIANT)].map((match) => match[1]!.trim());
  if (variants.length === 1 || variants.length === 2) facts.variantText = variants.join(', ');
  return facts;
}
