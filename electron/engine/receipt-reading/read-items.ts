/** The goods of a receipt: one line each, or a name with its count and amounts on the line below. */
import { foldText } from '#kernel/fold-text.ts';
import { isGtin } from '#kernel/identifiers.ts';
import { exponentOf } from '#kernel/money.ts';
import { numbersIn, type AmountStyle, type FoundAmount, type LineNumbers } from './find-amounts.ts';
import { isHeading, isNoGoods, labelOf, wordsOf } from './label-words.ts';

export interface FoundItem {
  readonly title: string;
  readonly code: string | null;
  readonly quantity: number;
  /** Null where only the line's amount is there, and it does not divide. */
  readonly unitMinor: number | null;
  readonly totalMinor: number;
  readonly line: number;
  /** Count times unit is the line's amount, or one amount and no count stands there. */
  readonly sure: boolean;
  /** Count and one amount: it may be that of the line, or of each. */
  readonly eachOrAll: boolean;
}

const QUANTITY_WORDS = '(?:qty|qte|quantity|quantite|count|menge|cantidad|nombre|nb|الكميه|كميه|عدد)';
const QUANTITY_FIELD = new RegExp(`${QUANTITY_WORDS}\\s*[.:=]?\\s*(\\d{1,4})(?![\\d.,])`, 'u');
const LEADING_TIMES = /^[^\p{L}\d]*(\d{1,4})\s*(?:[x×*]|@)\s*(?=[\s\p{L}\d€$£])/u;
const TRAILING_TIMES = /(?:^|\s)[x×]\s*(\d{1,4})(?![\d.,\p{L}])/u;
const INNER_TIMES = /(?:^|\s)(\d{1,4})\s*(?:[x×*@]\s*|a\s+)(?=[€$£]?\s*\d)/u;
const CODE_LINE = /^[^\p{L}\d]*(?:ean|upc|gtin|isbn|barcode|code(?:-| )?barres?|sku|ref(?:erence)?|asin|item (?:no|number|#)|model|art(?:icle)?\.? ?(?:no|n°)?|الرمز)\b[\s.:#°]*/u;
const TAIL_FLAG = /\s+(?:[A-Z]{1,2}\d?|\*|\d{1,2}(?:[.,]\d{1,2})?\s*%)\s*$/;

interface Open {
  title: string;
  code: string | null;
  quantity: number | null;
  /** The price of one, told by itself. */
  unitMinor: number | null;
  line: number;
}

/** A shop's own number of an article, in a column of its own before the name. */
const ARTICLE = /^\s*(?:[A-Z]\s{2,})?([A-Z]{0,4}-?\d[\dA-Z-]{2,14})\s{2,}(?=.*\p{L}{2})/u;

function codeIn(text: string): { code: string; start: number; end: number } | null {
  for (const match of text.matchAll(/(?<![\d.,])\d{8,14}(?![\d.,])/g)) if (isGtin(match[0])) return { code: match[0], start: match.index, end: match.index + match[0].length };
  const asin = /\bB0[A-Z0-9]{8}\b/.exec(text);
  if (asin) return { code: asin[0], start: asin.index, end: asin.index + 10 };
  const article = ARTICLE.exec(text);
  return article && !/^(?:19|20)\d\d$/.test(article[1]!) ? { code: article[1]!, start: 0, end: article[0].length } : null;
}

function countIn(folded: string): number | null {
  for (const pattern of [QUANTITY_FIELD, LEADING_TIMES, INNER_TIMES, TRAILING_TIMES]) {
    const count = Number(pattern.exec(folded)?.[1] ?? 0);
    if (count >= 1) return count;
  }
  return null;
}

const LETTERS = /\p{L}{2,}/u;

function cleanTitle(text: string): string {
  return text
    .replace(/^[\s•·*–—|>-]+/, '')
    .replace(/^\s*(?:\d{1,4}\s*)?[x×*@]\s+/i, '')
    .replace(/\s*(?:\(?\b(?:qty|qt[ée]|quantity|quantit[ée])\b\s*[.:=]?\s*\d*\)?|(?:^|\s)[x×]\s*\d{1,4}(?![\d\p{L}]))\s*/giu, ' ')
    .replace(/\s+\d{1,4}\s*[x×@*]\s*$/i, '')
    .replace(/[\s.:;,·_|–—@-]+$/, '')
    .replace(/\s{2,}/g, ' ')
    .trim();
}

interface Fit {
  readonly quantity: number;
  readonly unitMinor: number;
  readonly totalMinor: number;
}

/** Count, unit and amount that agree with one another, out of the figures of a line. */
function agree(amounts: readonly FoundAmount[], counts: readonly number[]): Fit | null {
  const total = amounts.at(-1)!;
  for (const unit of amounts.slice(0, -1).toReversed()) {
    for (const count of counts) if (unit.minor * count === total.minor) return { quantity: count, unitMinor: unit.minor, totalMinor: total.minor };
    const { split } = unit;
    if (split && split.minor * split.count === total.minor) return { quantity: split.count, unitMinor: split.minor, totalMinor: total.minor };
  }
  // a column for a share of discount or tax may stand last
  for (const [at, all] of amounts.slice(0, -1).entries()) for (const unit of amounts.slice(0, at)) for (const count of counts) if (count > 1 && unit.minor * count === all.minor) return { quantity: count, unitMinor: unit.minor, totalMinor: total.minor };
  return null;
}

interface Row {
  readonly numbers: LineNumbers;
  readonly code: ReturnType<typeof codeIn>;
  /** Said in words or by a sign (`Qty 2`, `2 x`), or standing in a column of its own. */
  readonly count: number | null;
  readonly fit: Fit | null;
  /** What is left of the line as a name. */
  readonly title: string;
}

const GAP_BEFORE = /(?:^|\s{2,}|[|;])$/;
const GAP_AFTER = /^\s{2,}|^\s*[|;]|^\s*(?:[x×*@]|pcs?|ea|stk|un|u)\s/i;
/** Between a count and the amounts there may be a currency, a sign for times, and nothing else. */
const NOTHING = /^[\s|;x×*@€$£]*(?:[A-Z]{3}|DA|دج|EA|ea|pcs?|PCS?|pieces?|pièces?|stk|un|u)?[\s|;]*$/;

interface Counted {
  readonly value: number;
  readonly start: number;
  readonly end: number;
  readonly column: boolean;
}

/** Whole numbers before the amounts that may be a count: right before them, or first of the line. */
function countsBefore({ text, wholes }: LineNumbers, first: number): Counted[] {
  return wholes
    .filter(({ end, value }) => end <= first && value >= 1 && value <= 9_999 && Number.isInteger(value))
    .map(({ start, end, value }) => ({ start, end, value, column: GAP_BEFORE.test(text.slice(0, start)) && GAP_AFTER.test(text.slice(end)) }))
    .filter(({ start, end }) => NOTHING.test(text.slice(end, first)) || /^[^\p{L}\d]*$/u.test(text.slice(0, start)));
}

function rowOf(numbers: LineNumbers, folded: string): Row {
  const { text, amounts, wholes } = numbers;
  const code = codeIn(text);
  const first = amounts[0]!.start;
  const said = countIn(folded);
  const before = countsBefore(numbers, first).filter(({ start }) => !code || start < code.start || start >= code.end);
  const between = wholes.filter(({ start, value }) => start > first && Number.isInteger(value) && value >= 1).map(({ value }) => value);
  const fit = amounts.length > 1 ? agree(amounts, [...(said === null ? [] : [said]), ...before.map(({ value }) => value).toReversed(), ...between, 1]) : null;
  const column = before.findLast((one) => one.column);
  const count = said ?? column?.value ?? null;
  const taken = before.findLast(({ value, column: apart }) => (fit ? value === fit.quantity && (apart || value > 1) : apart && value === count));
  return { numbers, code, count, fit, title: titleOf(text, { code, taken, first, last: amounts.at(-1)!.end }) };
}

function titleOf(text: string, { code, taken, first, last }: { readonly code: Row['code']; readonly taken: Counted | undefined; readonly first: number; readonly last: number }): string {
  let [from, to] = [0, first];
  if (taken) [from, to] = /^[^\p{L}\d]*$/u.test(text.slice(0, taken.start)) ? [taken.end, first] : [0, taken.start];
  let head = text.slice(from, to);
  if (code && code.start >= from && code.end <= to) head = `${text.slice(from, code.start)} ${text.slice(code.end, to)}`;
  const cleaned = cleanTitle(head);
  if (LETTERS.test(cleaned)) return cleaned;
  // some tables put the name behind the figures, as Arabic ones read from the right
  const tail = cleanTitle(text.slice(last).replace(/^[\s)]+/, ''));
  return /\p{L}{3,}/u.test(wordsOf(foldText(tail))) && !UNIT_WORDS.test(foldText(tail)) ? tail : '';
}

/** Instead of a name: the price of one, told by itself. */
const UNIT_WORDS = /^[^\p{L}\d]*(?:each|ea|per (?:unit|item|piece)|unit price|item price|price(?: each)?|prix(?: unitaire)?|p\.?u\.?|chacune?|l'unite|(?:a|par) (?:l'unite|piece)|السعر|سعر الوحده)\W*$/u;

function itemOf(row: Row, open: Open): FoundItem {
  const total = row.numbers.amounts.at(-1)!;
  const base = { title: open.title, code: open.code, line: open.line };
  const held = open.quantity !== null && row.numbers.amounts.length > 1 ? agree(row.numbers.amounts, [open.quantity]) : null;
  const fit = held ?? row.fit;
  if (fit) return { ...base, ...fit, sure: true, eachOrAll: false };
  if (open.unitMinor !== null && total.minor % open.unitMinor === 0 && total.minor > 0) return { ...base, quantity: total.minor / open.unitMinor, unitMinor: open.unitMinor, totalMinor: total.minor, sure: true, eachOrAll: false };
  const quantity = open.quantity ?? row.count ?? 1;
  const alone = row.numbers.amounts.length === 1;
  if (quantity > 999) return { ...base, quantity: 1, unitMinor: total.minor, totalMinor: total.minor, sure: false, eachOrAll: false };
  const unitMinor = total.minor % quantity === 0 ? total.minor / quantity : null;
  return { ...base, quantity, unitMinor, totalMinor: total.minor, sure: alone && quantity === 1, eachOrAll: alone && quantity > 1 };
}

export interface ItemLines {
  readonly items: readonly FoundItem[];
  /** Lines that goods were read from. */
  readonly used: ReadonlySet<number>;
}

/** Whole numbers become amounts where a receipt writes no decimals at all. */
function asAmounts(numbers: LineNumbers, style: AmountStyle, integers: boolean): LineNumbers {
  if (!integers || numbers.amounts.length > 0 || numbers.wholes.length === 0) return numbers;
  const places = 10 ** exponentOf(style.currency);
  const last = numbers.wholes.at(-1)!;
  if (/\p{L}/u.test(numbers.text.slice(last.end)) || last.value < 10 || !/\s{2,}$|[:.]\s*$/.test(numbers.text.slice(0, last.start))) return numbers;
  const money = numbers.wholes.filter(({ start, value }) => value >= 10 && (start === last.start || GAP_BEFORE.test(numbers.text.slice(0, start))));
  return { ...numbers, wholes: numbers.wholes.filter((one) => !money.includes(one)), amounts: money.map(({ start, end, value }) => ({ start, end, minor: Math.round(value * places), negative: false, split: null })) };
}

export interface GoodsContext {
  /** The line of the last sum: no goods come behind it. */
  readonly until: number;
  readonly integers: boolean;
  /** Lines that name the day, the number or the seller. */
  readonly taken: ReadonlySet<number>;
  /** Lines that are goods, whatever their words. */
  readonly goods: ReadonlySet<number>;
}

const fresh = (line: number): Open => ({ title: '', code: null, quantity: null, unitMinor: null, line });
/** A sentence with an amount in it is no line of goods. */
const isProse = ({ text, amounts }: LineNumbers): boolean => /(?<!\p{L})(?!(?:each|ttc|tvac|incl|net|piece|pcs|unit|tax|vat|tva|ht)(?!\p{L}))\p{L}{3,}/iu.test(text.slice(amounts.at(-1)!.end)) && LETTERS.test(text.slice(0, amounts[0]!.start));

class GoodsReader {
  readonly items: FoundItem[] = [];
  readonly used = new Set<number>();
  /** A name that waits for its amount. */
  #open: Open | null = null;
  /** `2 @ 1.50` above the goods that it counts. */
  #ahead: { count: number; minor: number; line: number } | null = null;

  drop(): void {
    this.#open = null;
  }

  read(at: number, numbers: LineNumbers, folded: string): void {
    if (numbers.amounts.length === 0 || (CODE_LINE.test(folded) && !/\d[.,]\d{2}(?!\d)/.test(folded))) return void (this.#open = openOf({ line: at, text: numbers.text, folded, code: codeIn(numbers.text) }, { open: this.#open, items: this.items, used: this.used }));
    if (numbers.amounts.at(-1)!.negative || isProse(numbers)) return this.drop();
    const words = wordsOf(folded);
    const row = rowOf(numbers, folded);
    if (row.title === '' || UNIT_WORDS.test(words)) return this.#amountAlone(at, row, words);
    if (isNoGoods(foldText(row.title))) return this.drop();
    this.#put(itemOf(row, { ...fresh(at), title: row.title, code: row.code?.code ?? null }), at);
  }

  #put(item: FoundItem, at: number): void {
    const ahead = this.#ahead;
    const counted = ahead && ahead.line === at - 1 && item.quantity === 1 && ahead.count * ahead.minor === item.totalMinor;
    if (item.totalMinor > 0) {
      this.items.push(counted ? { ...item, quantity: ahead.count, unitMinor: ahead.minor, sure: true, eachOrAll: false } : item);
      this.used.add(at).add(item.line);
      if (counted) this.used.add(ahead.line);
    }
    this.#open = null;
    this.#ahead = null;
  }

  /** An amount without a name: of the name above, of each of the goods above, or of those below. */
  #amountAlone(at: number, row: Row, words: string): void {
    const { amounts } = row.numbers;
    const [amount] = amounts;
    const open = this.#open;
    if (open && UNIT_WORDS.test(words) && /each|ea\b|unit|chacun|وحده/.test(words)) {
      open.unitMinor = amount!.minor;
      this.used.add(at);
      // nothing more may come: then the goods are so many of it
      return;
    }
    if (open && open.title !== '') return this.#put(itemOf(row, row.code && open.code === null ? { ...open, code: row.code.code } : open), at);
    const last = this.items.at(-1);
    const count = row.count ?? 0;
    if (last && count > 1 && this.used.has(at - 1) && last.quantity === 1 && (amount!.minor * count === last.totalMinor)) {
      this.items[this.items.length - 1] = { ...last, quantity: count, unitMinor: amount!.minor, sure: true, eachOrAll: false };
      this.used.add(at);
    } else if (count > 1 && amounts.length === 1) this.#ahead = { count, minor: amount!.minor, line: at };
  }

  /** A name with the price of one and no amount of its own. */
  settle(): void {
    const open = this.#open;
    if (open && open.unitMinor !== null && open.title !== '') this.items.push({ title: open.title, code: open.code, line: open.line, quantity: open.quantity ?? 1, unitMinor: open.unitMinor, totalMinor: open.unitMinor * (open.quantity ?? 1), sure: false, eachOrAll: false });
    this.#open = null;
  }
}

export function readItems(lines: readonly string[], style: AmountStyle, given: GoodsContext): ItemLines {
  const reader = new GoodsReader();
  for (let at = 0; at < Math.min(lines.length, given.until + 1); at++) {
    const folded = foldText(lines[at]!).trim();
    if (folded === '') continue;
    const label = given.goods.has(at) ? null : labelOf(folded);
    if (given.taken.has(at) || isHeading(folded) || (label !== null && (label.label === 'total' || !/^\d/.test(folded)))) {
      if (label) reader.settle();
      reader.drop();
      continue;
    }
    reader.read(at, asAmounts(numbersIn(lines[at]!.replace(TAIL_FLAG, ''), style), style, given.integers), folded);
  }
  reader.settle();
  return { items: reader.items, used: reader.used };
}

interface PlainLine {
  readonly line: number;
  readonly text: string;
  readonly folded: string;
  readonly code: ReturnType<typeof codeIn>;
}

/** A line without an amount: a name whose amount comes below, or a count or a code of the goods above. */
function openOf({ line, text, folded, code }: PlainLine, { open, items, used }: { readonly open: Open | null; readonly items: FoundItem[]; readonly used: Set<number> }): Open | null {
  const last = items.at(-1);
  const near = last !== undefined && line - Math.max(...used) <= 3;
  const isCode = CODE_LINE.test(folded);
  if (isCode || (code && !LETTERS.test(text.replace(code.code, '')))) {
    const value = code?.code ?? /[A-Za-z0-9][\w./-]{2,30}$/.exec(text.trim())?.[0] ?? null;
    if (open) open.code ??= value;
    else if (last && near && last.code === null) items[items.length - 1] = { ...last, code: value };
    if (open || near) used.add(line);
    return open;
  }
  const counted = countIn(folded);
  const rest = wordsOf(folded).replace(new RegExp(QUANTITY_WORDS, 'u'), '').replace(/[x×]/g, '').trim();
  if (counted !== null && !LETTERS.test(rest)) {
    if (open) open.quantity = counted;
    else if (last && near && last.quantity === 1 && last.totalMinor > 0) items[items.length - 1] = { ...last, quantity: counted, unitMinor: last.totalMinor % counted === 0 ? last.totalMinor / counted : null, sure: false, eachOrAll: true };
    used.add(line);
    return open;
  }
  if (isNoGoods(folded) || !LETTERS.test(text)) return open && line - open.line <= 2 ? open : null;
  const title = cleanTitle(code ? text.replace(code.code, ' ') : text);
  // the name may go on over a second line, set in: the first says what it is
  if (open && line === open.line + 1 && /^\s{2,}/.test(text)) return open;
  return { ...fresh(line), title, code: code?.code ?? null, quantity: counted };
}
