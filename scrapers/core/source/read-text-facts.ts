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
