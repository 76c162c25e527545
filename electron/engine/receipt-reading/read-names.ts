/** Who sold, and under which number. */
import { foldText } from '#kernel/fold-text.ts';
import { isHeading, isNoGoods, labelOf } from './label-words.ts';

export interface FoundName {
  readonly value: string;
  readonly line: number;
  /** 10,000: the text says so in words; less: taken from its place. */
  readonly sureBp: number;
}

const SELLER_WORDS = /^\s*(?:sold by|(?:receipt for )?your payment to|votre paiement a|seller(?: name)?|sold and shipped by|dispatched from and sold by|fulfilled by|merchant|vendor|supplier|store name|vendu par|vendu et expedie par|vendeur|marchand|fournisseur|boutique|magasin|verkauft von|verkaufer|vendido por|shop(?= ?:)|البايع|المتجر|المحل|اسم المتجر)\s*(?:[:：]|\s{2,}|\t)?\s*(.+)$/u;
/** First lines that are no name of a shop. */
const NO_SELLER = /^(?:receipt|sales receipt|cash receipt|your receipt|invoice|tax invoice|simplified invoice|order (?:confirmation|confirmed|details|summary|receipt)|your order|purchase|facture|ticket(?: de caisse)?|recu|bon de (?:commande|livraison|caisse)|confirmation de (?:votre )?commande|votre commande|thank|thanks|merci|bonjour|bienvenue|hello|hi|dear|cher|chere|welcome|www|http|re|fwd|tr|subject|objet|from|to|de|a|duplicat|duplicate|copy|copie|original|customer copy|page|فاتوره|وصل|ايصال|تاكيد الطلب|شكرا|مرحبا|طلبك|بسم الله)(?!\p{L})/u;
const ADDRESS = /\b(?:street|st\.|road|rd\.?|avenue|ave\.?|lane|blvd|boulevard|rue|cite|lot(?:issement)?|bp|zone industrielle|po box|suite|floor|etage|postcode|zip)\b|\b\d{5}\b|شارع|حي /;

const NUMBER_WORDS: readonly (readonly [RegExp, number])[] = [
  [/(?:order|purchase order|commande|bestell(?:ung|nummer)|pedido|طلبيه|الطلب|طلب|طلبك|الطلبيه)\s*(?:number|no|num(?:ero)?|n|id|ref(?:erence)?|confirmation|رقم)?\s*[.°ºo]?\s*(?:de commande)?\s*[:#：-]*\s*#?\s*([a-z]{0,6}[-_]?\d[\w/-]{1,38})/gu, 10_000],
  [/(?:n[°ºo]\.?|numero|num\.?|ref(?:erence)?\.?|رقم)\s*(?:de |d'|of )?(?:la |votre )?(?:commande|order|الطلبيه|الطلب|طلب)\s*[:#：-]*\s*#?\s*([a-z]{0,6}[-_]?\d[\w/-]{1,38})/gu, 10_000],
  [/(?:invoice|facture|rechnung|factura|الفاتوره|فاتوره)\s*(?:number|no|num(?:ero)?|n|id|nr|رقم)?\s*[.°ºo]?\s*[:#：-]*\s*#?\s*([a-z]{0,6}[-_]?\d[\w/-]{1,38})/gu, 8_500],
  [/(?:رقم الفاتوره|رقم الوصل)\s*[:#：-]*\s*([a-z]{0,6}[-_]?\d[\w/-]{1,38})/gu, 8_500],
  [/(?:receipt|ticket|recu|transaction|trans|tx|sale|bon|docket|check|وصل|ايصال)\s*(?:number|no|num(?:ero)?|n|id|ref)?\s*[.°ºo]?\s*[:#：-]*\s*#?\s*([a-z]{0,6}[-_]?\d[\w/-]{1,38})/gu, 8_500],
  [/(?:reference|ref|confirmation)\s*(?:number|no|code)?\s*[.°ºo]?\s*[:#：-]+\s*#?\s*([a-z]{0,6}[-_]?\d[\w/-]{2,38})/gu, 8_000],
];
const IS_DATE = /^(?:\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|20\d\d[/.-]\d{1,2}[/.-]\d{1,2})$/;

/** As the text writes it: folding changes case and digits alone. */
function asWritten(raw: string, folded: string): string {
  const plain = raw.normalize('NFKC');
  const at = plain.toLowerCase().indexOf(folded);
  return at < 0 ? folded.toUpperCase() : plain.slice(at, at + folded.length);
}

export function findOrderNumber(lines: readonly string[]): FoundName | null {
  for (const [pattern, sureBp] of NUMBER_WORDS) {
    for (const [line, raw] of lines.entries()) {
      const folded = foldText(raw);
      for (const match of folded.matchAll(pattern)) {
        const value = match[1]!.replace(/[-/_]+$/, '');
        // an amount, a day, a year or a count is no number of an order
        const after = folded.slice(match.index + match[0].length);
        if (IS_DATE.test(value) || /^[.,]\d/.test(after) || /^\s*(?:items?|articles?|%)/.test(after) || value.replace(/\D/g, '').length < 2 || /^(?:19|20)\d\d$/.test(value) && value.length === match[1]!.length && !/[#:°]/.test(match[0])) continue;
        return { value: asWritten(raw, value), line, sureBp };
      }
    }
    // the number on the line below its words
    const below = numberBelow(lines, pattern);
    if (below) return { ...below, sureBp: Math.min(sureBp, 9_000) };
  }
  return null;
}

function numberBelow(lines: readonly string[], pattern: RegExp): { value: string; line: number } | null {
  for (const [line, raw] of lines.entries()) {
    const next = lines[line + 1]?.trim() ?? '';
    if (!/^#?[A-Za-z]{0,6}[-_]?\d[\w/-]{2,38}$/.test(next) || IS_DATE.test(next) || /\d/.test(raw)) continue;
    if ([...`${foldText(raw)} 12345`.matchAll(pattern)].some(([found]) => found.endsWith('12345'))) return { value: next.replace(/^#/, ''), line: line + 1 };
  }
  return null;
}

const tidy = (name: string): string => name.replace(/^[\s*=~#|•·_-]+|[\s*=~#|•·_,;:-]+$/g, '').replace(/\s{2,}/g, ' ').slice(0, 80);

/** @param known names that it may well be: the purchase's seller and shop. @param sender of a mail */
export function findSeller(lines: readonly string[], given: { readonly known: readonly string[]; readonly numberLine: number | null; readonly sender?: string | undefined }): FoundName | null {
  for (const [line, raw] of lines.entries()) {
    const folded = foldText(raw);
    const said = SELLER_WORDS.exec(folded)?.[1]?.trim();
    if (!said || !/\p{L}{2}/u.test(said)) continue;
    const value = tidy(raw.slice(Math.max(0, raw.length - said.length)).replace(/^[:：\s]+/, ''));
    if (value) return { value, line, sureBp: 10_000 };
  }
  for (const name of given.known) {
    const folded = foldText(name).trim();
    if (folded.length < 3) continue;
    const line = lines.findIndex((one) => foldText(one).includes(folded));
    if (line >= 0) return { value: name, line, sureBp: 9_500 };
  }
  const sender = given.sender?.trim();
  if (sender && /\p{L}{2}/u.test(sender)) return { value: tidy(sender), line: 0, sureBp: 8_500 };
  return firstName(lines, given.numberLine);
}

function firstName(lines: readonly string[], numberLine: number | null): FoundName | null {
  for (const [line, raw] of lines.slice(0, 8).entries()) {
    const folded = foldText(raw).trim().replace(/^[^\p{L}\d]+/u, '');
    const letters = folded.replace(/[^\p{L}]/gu, '').length;
    if (line === numberLine || letters < 3 || letters < folded.replace(/\s/g, '').length * 0.55 || NO_SELLER.test(folded) || isNoGoods(folded) || isHeading(folded) || labelOf(folded) || ADDRESS.test(folded) || folded.length > 60) continue;
    return { value: tidy(raw.trim().split(/\t| {3,}/)[0]!), line, sureBp: line === 0 ? 8_200 : 7_000 };
  }
  return null;
}
