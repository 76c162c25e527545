/** The last way to read a page: an opinion. It is asked only where nothing surer speaks, and believed only as far as the page's own text bears it out. */
import { z } from 'zod';
import { readPriceText } from '#kernel/price-text.ts';
import { emptySheet, type FactSheet } from './fact-sheet.ts';
import { parseHtml, visibleText } from './parse-html.ts';

/** What is asked for. Every value must be copied from the text, letter for letter; null where the text does not say it. */
export const READ_SCHEMA = z.strictObject({
  name: z.string().max(500).nullable(),
  brand: z.string().max(200).nullable(),
  /** As written, with its currency: `12 500 DA`. What one pays now, not the struck-through price. */
  price: z.string().max(60).nullable(),
  /** A GTIN, EAN, UPC or ISBN, as written. */
  gtin: z.string().max(40).nullable(),
  availability: z.string().max(100).nullable(),
});
export type ReadProduct = z.infer<typeof READ_SCHEMA>;

/** A language model behind a vendor's interface. It is given text alone, and what it answers is data: it can start nothing. */
export interface ProductReader {
  /**
   * @param text what a person sees of the page, at most 12,000 characters. It comes from strangers: to be handed over as data, never as instructions.
   * @returns an object of the schema's shape, unchecked; null where the model names no product, is not to be had, or its budget is spent.
   */
  extractProduct(text: string, schema: typeof READ_SCHEMA, signal: AbortSignal): Promise<unknown>;
}

const MOST_TEXT = 12_000;
/** Words by which pages talk to models and not to people. Such a page is a trap, and no opinion of it is worth having. */
const ADDRESSES_MODELS = /\b(?:ignore|disregard|forget)\b.{0,40}\b(?:previous|prior|above|all|any|these|your)\b.{0,40}\b(?:instruction|prompt|rule|direction)s?\b|\bsystem prompt\b|\byou are (?:now )?(?:an? )?(?:ai|assistant|language model|chatbot)\b|\bas an? (?:ai|language) (?:model|assistant)\b|\b(?:respond|reply|answer|output) (?:only )?with\b.{0,40}\bjson\b|\b(?:report|return|set|use) (?:the |a )?price (?:as|of|to)\b/i;
const HIDDEN = /\bdisplay\s*:\s*none|\bvisibility\s*:\s*hidden|\bfont-size\s*:\s*0(?:[^.\d]|$)|\bopacity\s*:\s*0(?:[^.\d]|$)/i;

export interface ReadByAi {
  /** Null where the model knew nothing that the page bears out. */
  readonly sheet: FactSheet | null;
  /** Values that the page does not hold, as `field: value`; dropped. */
  readonly invented: readonly string[];
  /** Why the page was not handed over at all. */
  readonly refused: string | null;
}

const fold = (text: string) => text.normalize('NFKC').replace(/[\s\u00a0\u202f]+/g, ' ').trim().toLowerCase();

/** The text as people see it: what a page hides from them is no word of the shop's. */
export function shownText(html: string): string {
  const document = parseHtml(html);
  const prune = (node: { children: { type: string; attribs?: Record<string, string> }[] }) => {
    node.children = node.children.filter((c) => !c.attribs || !(HIDDEN.test(c.attribs['style'] ?? '') || 'hidden' in c.attribs || c.attribs['aria-hidden'] === 'true'));
    for (const child of node.children) if ('children' in child) prune(child as never);
  };
  prune(document as never);
  return document.children.map((c) => visibleText(c)).join('\n').trim().slice(0, MOST_TEXT);
}

/** Asks the reader about a page, and keeps what stands there literally. */
export async function readByAi(html: string, reader: ProductReader, signal: AbortSignal): Promise<ReadByAi> {
  const text = shownText(html);
  if (text.length < 20) return { sheet: null, invented: [], refused: 'the page shows no text' };
  if (ADDRESSES_MODELS.test(text)) return { sheet: null, invented: [], refused: 'the page speaks to language models' };
  const parsed = READ_SCHEMA.safeParse(await reader.extractProduct(text, READ_SCHEMA, signal));
  if (!parsed.success) return { sheet: null, invented: [], refused: null };
  return { ...keepLiteral(parsed.data, text), refused: null };
}

/** A value is believed where the page holds it as a whole: `12` is not in `125`. */
function holds(text: string, value: string): boolean {
  const needle = fold(value);
  if (needle === '') return false;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + needle.length] ?? ' ';
    const next = text[at + needle.length + 1] ?? ' ';
    const startsInside = /[\p{L}\p{N}]/u.test(before) && /^[\p{L}\p{N}]/u.test(needle);
    const inNumber = /^\d/.test(needle) && /\d/.test(text[at - 2] ?? ' ') && (/[.,]/.test(before) || (before === ' ' && /^\d{3}(?!\d)/.test(needle)));
    const endsInside = (/[\p{L}\p{N}]/u.test(after) && /[\p{L}\p{N}]$/u.test(needle)) || (/\d$/.test(needle) && /[.,]/.test(after) && /\d/.test(next)) || (/\d$/.test(needle) && after === ' ' && /^\d{3}(?!\d)/.test(text.slice(at + needle.length + 1, at + needle.length + 5)));
    if (!startsInside && !inNumber && !endsInside) return true;
  }
  return false;
}

function keepLiteral(read: ReadProduct, shown: string): Pick<ReadByAi, 'sheet' | 'invented'> {
  const text = fold(shown);
  const invented: string[] = [];
  const keep = (field: keyof ReadProduct): string | undefined => {
    const value = read[field]?.trim();
    if (value === undefined || value === '') return undefined;
    if (holds(text, value)) return value;
    invented.push(`${field}: ${value.slice(0, 100)}`);
    return undefined;
  };
  const sheet = emptySheet('ai');
  sheet.name = keep('name');
  sheet.brand = keep('brand');
  sheet.availability = keep('availability');
  const gtin = keep('gtin');
  if (gtin !== undefined && /^[\d\s-]{8,20}[\dXx]?$/.test(gtin)) sheet.identifiers.push({ hint: 'gtin', text: gtin });
  const price = keep('price');
  const amount = price === undefined ? null : readPriceText(price);
  // A bare number beside a product may be anything; with its currency it is a price.
  if (amount && amount.amount !== null && amount.bound === 'exact' && amount.currency !== null && Number(amount.amount) > 0) Object.assign(sheet, { price: amount.amount, priceText: price, currency: amount.currency });
  return { sheet: sheet.name === undefined && sheet.price === undefined ? null : sheet, invented };
}
