/** Numbers that belong to a thing and not to its price: `RTX 4090`, `iPhone 15`, `Pack of 12`, `24 x 330 ml`. Asked only of numbers without a currency mark. */
import { isLetterCode } from './currency-marks.ts';
import { isSpace, type NumberToken } from './price-numbers.ts';

/** Whole words that may stand right before a price without a currency, beside those that speak of a price. */
const LEAD_IN = new Set(
  ('now only just nur jetzt heute from ab desde dès od от vanaf fra från da à a at is ist est es por por für pour for per of de del di du von zu to bis up upto until the le la el il our your my notre votre unser ihr today ' +
    'seulement seul solo sólo soltanto appena só apenas tylko jen pouze bare endast sadece yalnızca только всего за по до فقط الان الآن ب من الى إلى total totale sum summe somme importo amount amounts montant betrag importe valor value wert valeur cost costs coût cout kosten costo coste custo ' +
    'sale sales deal offer offers offre angebot oferta offerta promo promotion promotional aktion aktionspreis special spécial speziale especial was were statt uvp rrp msrp mrp rsp list retail wholesale regular original originally ' +
    'current currently asking net netto brutto gross ttc ht htva vat tva iva mwst btw moms dph pvp rrp الحالي الجديد inc incl inkl excl exkl each unit bid bids buy start starting partir min minimum min. max maximum bare approx subtotal tarif tariff rate fee charge pay payable due save saving discount off').split(' '),
);

/** Stems that make any word one that speaks of a price: `Sonderpreis`, `catalogue price`, `běžná cena`, `بسعر`. */
const PRICE_STEM = /pric|preis|prix|prezz|preci|preç|preco|prec[ií]|cena|ceny|cen[aeouyęą]|cijen|pris|prij[sz]|hint[ao]|hinna|fiyat|harga|giá|ár|kain|цен|цін|стоим|сумм|سعر|ثمن|قيم|مبلغ|τιμ|מחיר/iu;

/** How far before the number the word is looked for. */
const REACH = 32;

/** `Nike Air Max 90`, `Pack of 12`: the word before these decides. */
const TELLS_NOTHING = new Set(['max', 'maximum', 'min', 'plus', 'a', 'da', 'de', 'di', 'of', 'von', 'mit']);

const isWordCode = (c: number): boolean => isLetterCode(c) || c === 39 || c === 0x2019;

/** The last word before `at` that is followed by nothing but spaces and a hyphen or an opening bracket; '' where a colon, a line or the text begins between. */
function wordBefore(text: string, at: number): { readonly word: string; readonly start: number; readonly touches: boolean } {
  let i = at;
  while (i > 0 && at - i < REACH && (isSpace(text.charCodeAt(i - 1)) || text.charCodeAt(i - 1) === 45)) i -= 1;
  const end = i;
  while (i > 0 && at - i < REACH && isWordCode(text.charCodeAt(i - 1))) i -= 1;
  return { word: text.slice(i, end), start: i, touches: end === at || text.charCodeAt(at - 1) === 45 };
}

const speaksOfPrice = (word: string): boolean => PRICE_STEM.test(word) || LEAD_IN.has(word);

/**
 * The number is part of a thing's name: a whole number, or one with a single decimal (`USB 3.0`), whose nearest telling word before it does not speak of a price.
 * Without a word before it the number may be a price.
 */
export function isProductNumber(text: string, { start, groups, separators }: NumberToken): boolean {
  const plain = groups.length === 1 || (separators === '.' && (groups[1] as string).length === 1) || separators.startsWith(' ');
  if (!plain || start === 0) return false;
  if (text.charCodeAt(start - 1) === 35) return true;
  const nearest = wordBefore(text, start);
  if (nearest.word === '') return false;
  const word = nearest.word.toLowerCase();
  if (TELLS_NOTHING.has(word)) {
    const further = wordBefore(text, nearest.start);
    return further.word !== '' && !speaksOfPrice(further.word.toLowerCase());
  }
  return !speaksOfPrice(word);
}

const COUNT_BEFORE = /(?:^|[^\p{L}])(?:packs?|sets?|box(?:es)?|cases?|bags?|bundles?|lots?|pairs?|rolls?|boîtes?|coffrets?|paquets?|paquetes?|cajas?|confezion[ei]|scatol[ae]|packung(?:en)?|satz|karton)\s+(?:of|de|da|di|mit|à|von|con)\s*$/iu;
const SIZE_AFTER = /^\s*(?:ml|cl|dl|l|g|gr|kg|mg|mm|cm|gb|tb|go|oz|lbs?|fl\.? ?oz|мл|кг|г)(?![\p{L}\d])/iu;
const TIMES_BEFORE = /(?:^|[^\p{L}\d.,])\d{1,4}\s*[x×*]\s*$/iu;

/** How many of a thing, or how big: `Pack of 12`, and both numbers of `24 x 330 ml`. */
export function isCount(text: string, { start, end, groups }: NumberToken): boolean {
  if (groups.length > 2 || /^\s*@/.test(text.slice(end, end + 4))) return false;
  if (groups.length === 1 && start > 3 && COUNT_BEFORE.test(text.slice(Math.max(0, start - 20), start))) return true;
  if (SIZE_AFTER.test(text.slice(end, end + 10))) return TIMES_BEFORE.test(text.slice(Math.max(0, start - 10), start));
  return groups.length === 1 && /^\s*[x×*]\s*\d+(?:[.,]\d+)?\s*(?:ml|cl|dl|l|g|gr|kg|mg|mm|cm|gb|tb|go|oz|lbs?|мл|кг|г)(?![\p{L}\d])/iu.test(text.slice(end, end + 24));
}
