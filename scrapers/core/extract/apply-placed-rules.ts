/** Places on a source's pages that a person has shown to the program: the guided repair. */
import { selectOne } from 'css-select';
import type { Document, Element } from 'domhandler';
import { readPriceText } from '#kernel/price-text.ts';
import type { FieldRule, PlacedRule } from '#engine/sources/ports.ts';
import { emptySheet, type FactSheet } from './fact-sheet.ts';
import { attribute, priceElementText, visibleText } from './parse-html.ts';

interface Page {
  readonly document: Document;
  readonly html: string;
}

/** The text at a place; null where the page has no such place. A selector that cannot be read is a place that is not there. */
export function readPlace(rule: FieldRule, page: Page, field: PlacedRule['field']): string | null {
  if ('key' in rule) {
    const at = page.html.indexOf(rule.key);
    const match = at < 0 ? null : /^\s*(?:"((?:[^"\\]|\\.){1,500})"|(\d{1,14}(?:\.\d{1,4})?)\s*[,}\]])/.exec(page.html.slice(at + rule.key.length, at + rule.key.length + 600));
    return match?.[1]?.replaceAll('\\/', '/').replaceAll('\\"', '"') ?? match?.[2] ?? null;
  }
  try {
    const element = selectOne<Document | Element, Element>(rule.css, page.document.children as Element[]);
    if (!element) return null;
    const text = rule.attribute !== undefined ? attribute(element, rule.attribute) : field === 'price' ? priceElementText(element) : visibleText(element);
    return text?.replace(/\s+/g, ' ').trim() || null;
  } catch {
    return null;
  }
}

/** What stands at the accepted places. A price that is not sure there is none. */
export function applyPlacedRules(rules: readonly PlacedRule[], page: Page, currency: string | null): FactSheet | null {
  if (rules.length === 0) return null;
  const sheet = emptySheet('site-rule');
  for (const { field, rule } of rules) {
    const text = readPlace(rule, page, field);
    if (text === null) continue;
    if (field === 'gtin') {
      const digits = /\d[\d -]{6,16}[\dXx]/.exec(text)?.[0];
      if (digits !== undefined) sheet.identifiers.push({ hint: 'gtin', text: digits });
    } else if (field === 'price') {
      const read = readPriceText(text, { expected: currency });
      if (read.amount !== null && read.bound === 'exact' && Number(read.amount) > 0) Object.assign(sheet, { price: read.amount, priceText: text, currency: read.currency ?? undefined });
    } else sheet[field] = text.slice(0, 500);
  }
  return sheet;
}
