/** What a receipt says of cards and accounts is nobody's business afterwards: it is taken out before anything is read, kept or shown. */
import { foldText } from '#kernel/fold-text.ts';

const MASK = '····';
const CARD_WORDS = /\b(?:visa|mastercard|master card|maestro|amex|american express|discover|card|carte|cb|cib|edahabia|ending|finissant|se terminant|debit|credit|account|compte|pan)\b|بطاقه/;

function hasLuhnCheck(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, twice = false; i >= 0; i--, twice = !twice) {
    const d = Number(digits[i]) * (twice ? 2 : 1);
    sum += d > 9 ? d - 9 : d;
  }
  return sum % 10 === 0;
}

/** A line without the digits of cards and bank accounts. */
export function maskPayment(line: string): string {
  let out = line
    // `**** **** **** 1234`, `XXXX-1234`, `•••• 1234`
    .replace(/[*xX•·#.]{2,}(?:[\s-]?[*xX•·#.]{2,})*[\s-]?\d{2,6}(?!\d|[.,]\d)/g, (found) => (/[*xX•·#]{2}|\.{4}/.test(found) ? MASK : found))
    // in the groups of a card, or in one piece: numbers of orders are grouped otherwise
    .replace(/(?<![\d.,-])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}|3[47]\d{2}([ -]?)\d{6}\2\d{5})(?![\d.,-])/g, (found) => (hasLuhnCheck(found.replace(/\D/g, '')) ? MASK : found))
    .replace(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g, MASK);
  if (CARD_WORDS.test(foldText(out))) out = out.replace(/((?:ending(?: in| with)?|finissant par|se terminant par|n°|no\.?|#)\s*:?\s*)\d{3,6}(?![\d.,])/gi, `$1${MASK}`);
  return out;
}
