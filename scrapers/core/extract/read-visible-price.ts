/** The price that a person sees beside the product's name: what structured data is checked against. */
import { isTag, type Document, type Element } from 'domhandler';
import { readPriceText } from '#kernel/price-text.ts';
import { emptySheet, type FactSheet } from './fact-sheet.ts';
import { elementsIn, priceElementText, visibleText } from './parse-html.ts';

const PRICED = /(?:^|[\s_-])(?:price|prix|precio|preis|amount)(?:$|[\s_-])|[a-z]Price\b|\bprice[A-Z]/;
/** Prices that are not what one pays now. */
const OTHER = /\b(?:was|old|list|regular|rrp|msrp|strike|crossed|before|barre|original|compare|previous|unit|per|saving|save|discount|shipping|delivery|from|installment|monthly|ancien)\b|(?:^|[-_])(?:was|old|list|regular|original|compare|before|unit)(?:$|[-_])/i;
/** Says of the price in it that it is a reduced one. */
const REDUCED = /\b(?:has|with|is)-discount\b/g;
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
const isOther = (element: Element) => element.name === 's' || element.name === 'del' || element.name === 'strike' || element.name === 'a' || OTHER.test(namesOf(element).replace(REDUCED, '')) || HIDDEN.test(element.attribs['style'] ?? '') || 'hidden' in element.attribs;

interface ShownPrice {
  readonly amount: string;
  readonly text: string;
  readonly currency: string | null;
  readonly hasMark: boolean;
}

function pricesIn(container: Element, expected: string | null): ShownPrice[] {
  const found: ShownPrice[] = [];
  const visit = (element: Element, isPriced: boolean) => {
    if (isOther(element)) return;
    const inner = element.children.filter(isTag);
    if (isPriced || PRICED.test(namesOf(element))) {
      const marked = inner.some((c) => isOther(c) || PRICED.test(namesOf(c)));
      const text = marked ? '' : priceElementText(element);
      const read = readPriceText(text, { expected });
      if (read.amount !== null && read.bound === 'exact' && Number(read.amount) > 0) {
        found.push({ amount: read.amount, text, currency: read.currency, hasMark: read.currencyText !== null });
        return;
      }
    }
    // `<p class="price"><del>…</del> <ins>…</ins></p>`: what is left of a price beside a former one.
    const holdsFormer = PRICED.test(namesOf(element)) && inner.some(isOther);
    for (const child of inner) visit(child, holdsFormer);
  };
  visit(container, false);
  return found;
}

function headingOf(document: Document): Element | null {
  for (const element of elementsIn(document)) if (element.name === 'h1') return element;
  return null;
}

/** The one price that stands nearest to the product's heading; null where there is none, or more than one. */
export function readVisiblePrice(document: Document, expected: string | null): FactSheet | null {
  const heading = headingOf(document);
  for (let up = heading?.parent ?? null; up && isTag(up) && up.name !== 'body' && up.name !== 'html'; up = up.parent) {
    const prices = pricesIn(up, expected);
    if (prices.length === 0) continue;
    const first = prices[0];
    if (!first || prices.some((p) => Number(p.amount) !== Number(first.amount))) return null;
    return { ...emptySheet('text'), price: first.amount, priceText: first.text, currency: first.currency ?? undefined };
  }
  return null;
}

const BUY = /\badd[\s_-]*(?:item[\s_-]*)?to[\s_-]*(?:cart|basket|bag|trolley)|\bbuy[\s_-]*(?:it[\s_-]*)?now\b|in den (?:waren|einkaufs)korb|ajouter[\s_-]*au[\s_-]*panier|acheter|añadir al carrito|agregar al carrito|comprar|adicionar ao carrinho|aggiungi al carrello|in winkel(?:wagen|mand)|do koszyka|do košíku|в корзину|купить|أضف (?:إلى|الى|ل)|اشتر/iu;
/** A page that says so has no price to be had, whatever figure stands on it. */
const GONE = /no longer (?:available|sold)|discontinued|nicht mehr (?:verfügbar|lieferbar)|n['’]est plus (?:disponible|en vente)|ya no está disponible|não está mais disponível|non è più disponibile|لم يعد متوفر/iu;

function buyControlsIn(container: Element): number {
  let count = 0;
  for (const element of elementsIn(container)) {
    const { name, attribs } = element;
    if (name !== 'button' && name !== 'a' && !(name === 'input' && /^(?:submit|button|image)$/i.test(attribs['type'] ?? ''))) continue;
    if ('disabled' in attribs) continue;
    if (BUY.test(`${attribs['value'] ?? ''} ${attribs['aria-label'] ?? ''} ${attribs['name'] ?? ''} ${attribs['class'] ?? ''} ${visibleText(element).slice(0, 60)}`)) count += 1;
  }
  return count;
}

/**
 * A product of a page without any data for programs: a heading, one price with its currency, and one place to buy it (or the same in a bar that stays
 * on top), nearest to each other. Null where any of them is missing or stands more than that often: a list of products, an article, something that is gone.
 */
export function readShownOffer(document: Document, expected: string | null): FactSheet | null {
  const heading = headingOf(document);
  const name = heading ? visibleText(heading).replace(/\s+/g, ' ') : '';
  if (name === '') return null;
  for (let up = heading?.parent ?? null; up && isTag(up) && up.name !== 'html'; up = up.parent) {
    const prices = pricesIn(up, expected);
    const first = prices[0];
    const controls = buyControlsIn(up);
    // What is bought here has no price here; one farther away is another product's.
    if (!first && controls > 0) return null;
    if (!first) continue;
    if (!first.hasMark) return null;
    if (prices.some((p) => Number(p.amount) !== Number(first.amount))) return null;
    if (controls === 0) continue;
    if (controls > 2 || GONE.test(visibleText(up))) return null;
    return { ...emptySheet('text'), name, price: first.amount, priceText: first.text, currency: first.currency ?? undefined };
  }
  return null;
}
