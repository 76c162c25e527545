import type { Extractor, FieldConflict, RawCondition, RawIdentifier, SellerFeedback } from '#engine/sources/ports.ts';

/** What one way of reading a page says about the product on it. Texts are as found. */
export interface FactSheet {
  readonly by: Extractor;
  name?: string | undefined;
  brand?: string | undefined;
  model?: string | undefined;
  description?: string | undefined;
  url?: string | undefined;
  sku?: string | undefined;
  identifiers: RawIdentifier[];
  /** Plain decimal text, above zero. */
  price?: string | undefined;
  /** The price as written, where it was text. */
  priceText?: string | undefined;
  /** The page names several prices; `price` is the first or lowest. */
  severalPrices?: boolean | undefined;
  /** ISO 4217. */
  currency?: string | undefined;
  listPrice?: string | undefined;
  shipping?: string | undefined;
  availability?: string | undefined;
  available?: boolean | undefined;
  quantity?: number | undefined;
  condition?: RawCondition | undefined;
  sellerName?: string | undefined;
  sellerFeedback?: SellerFeedback | undefined;
  categoryPath: string[];
  imageUrls: string[];
  weightGrams?: number | undefined;
}

export const emptySheet = (by: Extractor): FactSheet => ({ by, identifiers: [], categoryPath: [], imageUrls: [] });

/** The product on a page: every field from the most trusted sheet that has it. */
export interface ProductFacts extends Omit<FactSheet, 'by'> {
  readonly extractedBy: Readonly<Record<string, Extractor>>;
  /** What less trusted sheets say otherwise: a struck-through structured price beside a visible sale price is such a case. */
  readonly conflicts: readonly FieldConflict[];
}

const SINGLE = ['name', 'brand', 'model', 'description', 'url', 'sku', 'listPrice', 'shipping', 'availability', 'available', 'quantity', 'condition', 'sellerName', 'sellerFeedback', 'weightGrams'] as const;

/** Merges sheets given in falling order of trust. Price and currency travel together: a currency of another sheet stands in only where none came with the price. */
export function mergeSheets(sheets: readonly FactSheet[]): ProductFacts {
  const merged: Record<string, unknown> = { identifiers: [], categoryPath: [], imageUrls: [] };
  const extractedBy: Record<string, Extractor> = {};
  const take = (field: string, sheet: FactSheet, value: unknown) => {
    merged[field] = value;
    extractedBy[field] = sheet.by;
  };
  for (const field of SINGLE) {
    const sheet = sheets.find((s) => s[field] !== undefined && s[field] !== '');
    if (sheet) take(field, sheet, sheet[field]);
  }
  for (const field of ['categoryPath', 'imageUrls'] as const) {
    const sheet = sheets.find((s) => s[field].length > 0);
    if (sheet) take(field, sheet, sheet[field]);
  }
  const priced = sheets.find((s) => s.price !== undefined);
  if (priced) {
    for (const field of ['price', 'priceText', 'severalPrices'] as const) if (priced[field] !== undefined) take(field, priced, priced[field]);
    const currency = priced.currency === undefined ? sheets.find((s) => s.currency !== undefined) : priced;
    if (currency) take('currency', currency, currency.currency);
  }
  const identifiers = mergeIdentifiers(sheets);
  if (identifiers[0]) extractedBy['identifiers'] = (sheets.find((s) => s.identifiers.length > 0) as FactSheet).by;
  return { ...(merged as unknown as Omit<FactSheet, 'by'>), identifiers, extractedBy, conflicts: priced ? priceConflicts(sheets, priced) : [] };
}

function mergeIdentifiers(sheets: readonly FactSheet[]): RawIdentifier[] {
  const seen = new Set<string>();
  return sheets.flatMap((s) => s.identifiers).filter(({ hint, text }) => {
    const key = `${hint === 'sku' || hint === 'mpn' ? hint : ''}:${text}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function priceConflicts(sheets: readonly FactSheet[], priced: FactSheet): FieldConflict[] {
  return sheets
    .filter((s) => s !== priced && s.price !== undefined && Number(s.price) !== Number(priced.price))
    .map((s) => ({ field: 'price' as const, value: `${s.price}${s.currency ? ` ${s.currency}` : ''}`, extractedBy: s.by }));
}
