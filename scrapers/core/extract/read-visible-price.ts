/** The price that a person sees beside the product's name: what structured data is checked against. */
import { isTag, type Document, type Element } from 'domhandler';
import { readPriceText } from '#kernel/price-text.ts';
import { emptySheet, type FactSheet } from './fact-sheet.ts';
import { elementsIn, priceElementText } from './parse-html.ts';

const PRICED = /(?:^|[\s_-])(?:price|prix|precio|preis|amount)(?:$|[\s_-])|[a-z]Price\b|\bprice[A-Z]/;
/** Prices that are not what one pays now. */
const OTHER = /\b(?:was|old|list|regular|rrp|msrp|strike|crossed|before|barre|original|compare|previous|unit|per|saving|save|discount|shipping|delivery|from|installment|monthly|ancien)\b|(?:^|[-_])(?:was|old|list|regular|original|compare|before|unit)(?:$|[-_])/i;
const HIDDEN = /\bdisplay\s*:\s*none/i;

/** The price's digits as pages write them: thousands apart by a mark or a space, cents after a mark or set small. */
function patternOf(price: string): RegExp | null {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(price);
  if (!match) return null;
  const whole = (match[1] ?? '').replace(/\B(?=(?:\d{3})+$)/g, "(?:[ .,'’\\u00a0\\u202f]|&nbsp;|&#160;|&#8239;)?");
  const cents = (match[2] ?? '').replace(/0+$/, '');
  return new RegExp(`(?<![\\d.,])${whole}${cents === '' ? '(?!\\d)' : `(?:[.,]|(?:\\s|<[^>]{1,200}>|[.,€$£]|&euro;){1,8})${cents}`}`, 'g');
}

/** Whether the page shows the figure anywhere outside its scripts and its head. Needs no tree. */
export function showsPrice(html: string, price: string): boolean {
  const pattern = patternOf(price);
  const body = Math.max(0, html.search(/<body\b/i));
  if (!pattern) return false;
  pattern.lastIndex = body;
  for (let match = pattern.exec(html), tries = 0; match && tries < 200; match = pattern.exec(html), tries++) {
    if (html.lastIndexOf('<script', match.index) <= html.lastIndexOf('</script', match.index)) return true;
  }
  return false;
}

const namesOf = (element: Element) => `${element.attribs['class'] ?? ''} ${element.attribs['id'] ?? ''} ${element.attribs['itemprop'] ?? ''} ${element.attribs['data-testid'] ?? ''}`;
const isOther = (element: Element) => element.name === 's' || element.name === 'del' || element.name === 'strike' || element.name === 'a' || OTHER.test(namesOf(element)) || HIDDEN.test(element.attribs['style'] ?? '') || 'hidden' in element.attribs;

function pricesIn(container: Element, expected: string | null): { amount: string; text: string; currency: string | null }[] {
  const found: { amount: string; text: string; currency: string | null }[] = [];
  const visit = (element: Element) => {
    if (isOther(element)) return;
    const inner = element.children.filter(isTag);
    if (PRICED.test(namesOf(element))) {
      const marked = inner.some((c) => isOther(c) || PRICED.test(namesOf(c)));
      const text = marked ? '' : priceElementText(element);
      const read = readPriceText(text, { expected });
      if (read.amount !== null && read.bound === 'exact' && Number(read.amount) > 0) {
        found.push({ amount: read.amount, text, currency: read.currency });
        return;
      }
    }
    for (const child of inner) visit(child);
  };
  visit(container);
  return found;
}

/** The one price that stands nearest to the product's heading; null where there is none, or more than one. */
export function readVisiblePrice(document: Document, expected: string | null): FactSheet | null {
  let heading: Element | null = null;
  for (const element of elementsIn(document)) {
    if (element.name === 'h1') {
      heading = element;
      break;
    }
  }
  for (let up = heading?.parent ?? null; up && isTag(up) && up.name !== 'body' && up.name !== 'html'; up = up.parent) {
    const prices = pricesIn(up, expected);
    if (prices.length === 0) continue;
    const first = prices[0];
    if (!first || prices.some((p) => Number(p.amount) !== Number(first.amount))) return null;
    return { ...emptySheet('text'), price: first.amount, priceText: first.text, currency: first.currency ?? undefined };
  }
  return null;
}
