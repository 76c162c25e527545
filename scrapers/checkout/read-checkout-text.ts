/** Reads a checkout's words as they stand on the page: totals and confirmations in English, French and Arabic. Pure; total over any text. */
import { foldText } from '#kernel/fold-text.ts';
import { exponentOf, parseDecimal, type Money } from '#kernel/money.ts';

const SIGNS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/[$]/, ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD']], [/€|\beur\b/, ['EUR']], [/£|\bgbp\b/, ['GBP']], [/\bd\.?a\b|\bdzd\b|دج|د\.ج/, ['DZD']], [/\busd\b/, ['USD']], [/\bcad\b/, ['CAD']], [/\bchf\b/, ['CHF']],
];
const AMOUNT = /\d(?:[\d .,\u00a0\u202f']*\d)?/g;

/** The last amount of a line. Null where there is none, or where the line names another currency. */
export function readAmount(line: string, currency: string): Money | null {
  const folded = foldText(line);
  const named = SIGNS.filter(([sign]) => sign.test(folded)).flatMap(([, currencies]) => currencies);
  if (named.length > 0 && !named.includes(currency)) return null;
  const token = folded.match(AMOUNT)?.at(-1)?.replace(/[ \u00a0\u202f']/g, '');
  if (token === undefined) return null;
  const decimals = exponentOf(currency);
  const point = /[.,](\d{1,2})$/.exec(token);
  const isPoint = point !== null && decimals > 0 && (point[1]!.length === decimals || token.search(/[.,]/) === token.length - point[0].length);
  const whole = (isPoint ? token.slice(0, -point[0].length) : token).replace(/[.,]/g, '');
  return parseDecimal(isPoint ? `${whole}.${point[1]}` : whole, currency);
}

const TOTAL = /\b(?:order |grand )?total\b|amount (?:due|paid|to pay)|\bto pay\b|\bmontant\b|a payer|\bpaye\b|المجموع|الاجمالي|المبلغ/;
const PART = /sub-?total|sous-?total|items|goods|shipping|livraison|\btax\b|\btva\b|savings|discount|remise|المجموع الفرعي|الشحن/;

/** The total that stands last on the page; a label's amount may be on the line after it. */
export function readTotal(text: string, currency: string): Money | null {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  let found: Money | null = null;
  for (const [n, line] of lines.entries()) {
    const folded = foldText(line);
    const at = folded.search(TOTAL);
    if (at < 0 || PART.test(folded)) continue;
    // the first amount after the label: sentences may go on
    const after = /\d[\d .,\u00a0\u202f']*/.exec(folded.slice(at))?.[0];
    const amount = after === undefined ? readAmount(/\d/.test(lines[n + 1] ?? '') ? lines[n + 1]! : '', currency) : signOf(line, currency) ? readAmount(after, currency) : null;
    if (amount && amount.minor > 0) found = amount;
  }
  return found;
}

const signOf = (line: string, currency: string): boolean => readAmount(`${line.replace(/\d/g, '')} 1`, currency) !== null;

const CONFIRMED = /thank you|thanks for your (?:order|purchase)|order (?:has been |is |was )?(?:received|confirmed|placed|complete)|order confirmation|merci (?:pour|de) votre (?:commande|achat)|commande (?:a (?:bien )?ete |est )?(?:recue|confirmee|enregistree|validee)|confirmation de (?:votre )?commande|(?:تم|لقد) (?:استلام|تاكيد|تسجيل) (?:طلب|الطلب)|شكرا/;
const NUMBER = /(?:order|confirmation|commande|reference|الطلب|طلبك|طلبكم)\s*(?:number|no\.?|n[°ºo]\.?|numero|num\.?|id|رقم)?\s*[:#]?\s*#?\s*((?:[a-z]{1,6}-?)?\d[\w-]{2,30})/giu;

/** The order's number where the page is a confirmation; null for any other page. */
export function readOrderNumber(text: string): string | null {
  const folded = foldText(text);
  if (!CONFIRMED.test(folded)) return null;
  const match = [...folded.matchAll(NUMBER)].find(([, number]) => number !== undefined);
  if (!match) return null;
  // as the page writes it: folding changed its case alone
  const number = match[1]!.replace(/-$/, '');
  const at = text.toLowerCase().indexOf(number);
  return at < 0 ? number : text.slice(at, at + number.length);
}
