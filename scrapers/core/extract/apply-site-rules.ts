import { selectAll, selectOne } from 'css-select';
import type { Document, Element } from 'domhandler';
import { readPriceText } from '#kernel/price-text.ts';
import { emptySheet, type FactSheet } from './fact-sheet.ts';
import { attribute, priceElementText } from './parse-html.ts';
import { GENERAL_PRICE, HOST_CURRENCIES, SITE_RULES, type Rule, type SiteRules } from './site-rules.ts';

interface Page {
  readonly document: Document;
  readonly html: string;
  readonly url: string;
}

/** `amazon` stands for `amazon.de` and `www.amazon.co.uk`, not for `amazon.other.example`. */
function endsWithHost(host: string, name: string): boolean {
  if (name.includes('.')) return host === name || host.endsWith(`.${name}`);
  const labels = host.split('.');
  const at = labels.lastIndexOf(name);
  const after = labels.slice(at + 1);
  return at >= 0 && (after.length === 1 || (after.length === 2 && (after[0] as string).length <= 3));
}

export function rulesFor(url: string): SiteRules | null {
  const host = new URL(url).hostname;
  return SITE_RULES.find((s) => s.hosts.some((h) => endsWithHost(host, h))) ?? null;
}

export function hostCurrency(url: string): string | null {
  const host = new URL(url).hostname;
  const name = Object.keys(HOST_CURRENCIES).find((h) => endsWithHost(host, h));
  return name === undefined ? null : (HOST_CURRENCIES[name] as string);
}

function readRule(rule: Rule, { document, html }: Page): string | null {
  if ('key' in rule) return valueAfterKey(html, rule.key);
  const element = selectOne<Document | Element, Element>(rule.css, document.children as Element[]);
  if (!element) return null;
  return rule.attribute === undefined ? priceElementText(element) : (attribute(element, rule.attribute) ?? null);
}

/** A number or a quoted text right after a key: `"currentPrice":59.99`. */
function valueAfterKey(html: string, key: string): string | null {
  const at = html.indexOf(key);
  if (at < 0) return null;
  const match = /^\s*(?:"([^"]{1,40})"|(\d{1,9}(?:\.\d{1,4})?)\s*[,}\]])/.exec(html.slice(at + key.length, at + key.length + 60));
  return match?.[1] ?? match?.[2] ?? null;
}

function firstPrice(rules: readonly Rule[], page: Page, expected: string | null): { price: string; text: string; currency: string | null } | null {
  for (const rule of rules) {
    const text = readRule(rule, page);
    if (text === null || text === '') continue;
    const { amount, currency, bound } = readPriceText(text, { expected });
    if (amount !== null && bound === 'exact' && Number(amount) > 0) return { price: amount, text, currency };
  }
  return null;
}

function firstText(rules: readonly Rule[] | undefined, page: Page): string | undefined {
  for (const rule of rules ?? []) {
    const text = readRule(rule, page)?.replace(/\s+/g, ' ').trim();
    if (text) return text;
  }
  return undefined;
}

/** What the site's own rules find on its page; null for a site without rules. */
export function applySiteRules(page: Page): FactSheet | null {
  const rules = rulesFor(page.url);
  if (!rules) return null;
  const expected = hostCurrency(page.url);
  const sheet = emptySheet('site-rule');
  const price = firstPrice(rules.price, page, expected);
  if (price) Object.assign(sheet, { price: price.price, priceText: price.text, currency: price.currency ?? undefined });
  const list = firstPrice(rules.listPrice ?? [], page, expected);
  if (list) sheet.listPrice = list.price;
  sheet.name = firstText(rules.name, page);
  sheet.brand = firstText(rules.brand, page)?.replace(/^(?:by|Brand:|Visit the)\s+/i, '').replace(/\s+Store$/, '');
  const id = rules.idInPath ? new RegExp(rules.idInPath.pattern).exec(new URL(page.url).pathname)?.[1] : undefined;
  if (id !== undefined && rules.idInPath) sheet.identifiers.push({ hint: rules.idInPath.hint, text: id });
  return sheet;
}

/** A price under a name that any site may use, when every element of that name agrees on it. */
export function applyGeneralRules(page: Page): FactSheet | null {
  const expected = hostCurrency(page.url);
  for (const rule of GENERAL_PRICE) {
    if ('key' in rule) continue;
    const found = selectAll<Document | Element, Element>(rule.css, page.document.children as Element[]);
    const texts = found.map((e) => (rule.attribute === undefined ? priceElementText(e) : (attribute(e, rule.attribute) ?? ''))).filter((t) => t !== '');
    const readings = texts.map((t) => ({ text: t, ...readPriceText(t, { expected }) })).filter((r) => r.amount !== null && r.bound === 'exact' && Number(r.amount) > 0);
    const first = readings[0];
    // The Twitter card's first datum is often a price, and often something else: only with its mark.
    if (!first || first.amount === null || (rule.css.includes('twitter') && first.currencyText === null)) continue;
    if (readings.some((r) => Number(r.amount) !== Number(first.amount))) continue;
    return { ...emptySheet('site-rule'), price: first.amount, priceText: first.text, currency: first.currency ?? undefined };
  }
  return null;
}
