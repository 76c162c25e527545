import type { MoneyField, ReceiptItem, ReceiptReading, TextField } from '#contract/receipt-reading.ts';
import type { Reason } from '#contract/shared.ts';
import { exponentOf, money, type Currency } from '#kernel/money.ts';
import { checkSums, type Checked } from './check-sums.ts';
import { currenciesIn, decimalSeparatorOf, numbersIn, type AmountStyle } from './find-amounts.ts';
import { maskPayment } from './mask-payment.ts';
import type { DocumentText } from './ports.ts';
import { findDates } from './read-date.ts';
import { readItems, type FoundItem, type ItemLines } from './read-items.ts';
import { findOrderNumber, findSeller, type FoundName } from './read-names.ts';
import { readSums, type FoundSum, type FoundSums, type SumLabel } from './read-totals.ts';

/** Below it a person has to look. */
export const SURE_BP = 8_000;
/** More is no receipt. */
const MOST_LINES = 400;
const LONGEST_LINE = 300;

export interface ReadingContext {
  /** What the purchase is paid in: it settles shared signs (`$`), and stands in, doubtful, where the text names none. */
  readonly currency: Currency;
  /** Names that the seller may well have. */
  readonly known?: readonly string[] | undefined;
  /** `YYYY-MM-DD`: nothing was ordered later. */
  readonly today: string;
}

interface Page {
  readonly lines: readonly string[];
  readonly letters: readonly number[];
}

const reason = (code: string, data: Reason['data'] = {}): Reason => ({ code, data });
const share = (...parts: readonly number[]): number => Math.round(parts.reduce((product, part) => product * (part / 10_000), 10_000));

/** How sure a figure is: by its letters and its words; sums that hold carry it, and one that does not hold is told. */
function trust(page: Page, { line, sureBp, why, held }: { readonly line: number; readonly sureBp: number; readonly why: readonly Reason[]; readonly held: boolean | null }) {
  const letters = page.letters[line] ?? 10_000;
  const broken = held === false ? [reason('receipt.sum')] : [];
  const all = [...why, ...broken, ...(letters < SURE_BP && held !== true ? [reason('receipt.letters')] : [])];
  const plain = held === null ? share(letters, sureBp, 9_200) : share(letters, sureBp);
  const confidenceBp = held === true && why.length === 0 ? Math.max(plain, 9_500) : all.length > 0 ? Math.min(plain, 6_000) : plain;
  return { confidenceBp, doubtful: all.length > 0 || confidenceBp < SURE_BP, why: all.length > 0 || confidenceBp >= SURE_BP ? all : [reason('receipt.unchecked')], line, snippet: page.lines[line] ?? '', from: 'text' as const };
}

function nameField(page: Page, found: FoundName | null): TextField | null {
  if (!found) return null;
  const letters = page.letters[found.line] ?? 10_000;
  const confidenceBp = share(letters, found.sureBp);
  const doubtful = confidenceBp < SURE_BP;
  return { value: found.value, confidenceBp, doubtful, why: doubtful ? [reason(letters < SURE_BP ? 'receipt.letters' : 'receipt.by-place')] : [], line: found.line, snippet: page.lines[found.line] ?? '', from: 'text' };
}

function currencyField(page: Page, context: ReadingContext): { readonly field: TextField | null; readonly currency: Currency; readonly why: readonly Reason[] } {
  const [first, second] = currenciesIn(page.lines, context.currency);
  if (!first) return { field: null, currency: context.currency, why: [reason('receipt.currency-assumed', { currency: context.currency })] };
  const torn = second !== undefined && second.count >= first.count && !second.shared;
  const why = torn ? [reason('receipt.two-currencies', { first: first.currency, second: second.currency })] : [];
  return {
    field: { value: first.currency, confidenceBp: torn ? 5_000 : first.shared ? 9_000 : 9_800, doubtful: torn, why, line: first.line, snippet: page.lines[first.line] ?? '', from: 'text' }, currency: first.currency, why,
  };
}

function dateFields(page: Page, today: string): Pick<ReceiptReading, 'orderedOn' | 'possibleDates'> {
  const dates = findDates(page.lines, today);
  const [first] = dates;
  if (!first) return { orderedOn: null, possibleDates: [] };
  if (first.day === null) return { orderedOn: null, possibleDates: [...first.possible] };
  const other = dates.some(({ day, labelled }) => day !== first.day && labelled === first.labelled);
  const letters = page.letters[first.line] ?? 10_000;
  const confidenceBp = share(letters, first.labelled ? 9_800 : other ? 7_500 : 9_200);
  const doubtful = confidenceBp < SURE_BP;
  return { orderedOn: { value: first.day, confidenceBp, doubtful, why: doubtful ? [reason(letters < SURE_BP ? 'receipt.letters' : 'receipt.several-dates')] : [], line: first.line, snippet: page.lines[first.line] ?? '', from: 'text' }, possibleDates: [] };
}

interface Amounts {
  readonly page: Page;
  readonly currency: Currency;
  readonly why: readonly Reason[];
  readonly checked: Checked;
}

const heldOf = ({ checks }: Checked, code: 'items' | 'total'): boolean | null => checks.find((check) => check.code === code)?.holds ?? null;

/** What a check of the sums says of one of them. */
function heldFor(label: SumLabel, checked: Checked): boolean | null {
  const [items, total] = [heldOf(checked, 'items'), heldOf(checked, 'total')];
  return label === 'subtotal' ? (items ?? total) : total;
}

function moneyFieldOf({ page, currency, why, checked }: Amounts, label: SumLabel, { sum, others }: { readonly sum: FoundSum | undefined; readonly others: readonly FoundSum[] }): MoneyField | null {
  if (!sum) return null;
  const several = others.length > 0 && heldFor(label, checked) !== true ? [reason('receipt.several-totals', { other: money(others[0]!.minor, currency) })] : [];
  const trusted = trust(page, { line: sum.line, sureBp: label === 'total' && sum.rank === 1 ? 8_800 : 9_900, why: [...why, ...several], held: heldFor(label, checked) });
  return { value: money(sum.minor, currency), ...trusted };
}

function itemField({ page, currency, why, checked }: Amounts, item: FoundItem): ReceiptItem {
  const held = heldOf(checked, 'items') ?? heldOf(checked, 'total');
  const unsure = item.sure || held === true ? [] : [reason('receipt.count')];
  const { from: _from, ...trusted } = trust(page, { line: item.line, sureBp: 9_500, why: [...why, ...unsure], held });
  return { title: item.title, code: item.code, quantity: item.quantity, unit: item.unitMinor === null ? null : money(item.unitMinor, currency), total: money(item.totalMinor, currency), ...trusted };
}

/** No decimals anywhere: whole numbers are the amounts. */
function writesNoDecimals(lines: readonly string[], style: AmountStyle): boolean {
  return exponentOf(style.currency) === 0 || !lines.some((line) => numbersIn(line, style).amounts.some(({ start, end }) => /\d[.,\u066b]\d{2}(?!\d)/.test(line.slice(Math.max(0, start - 1), end + 2))));
}

function pageOf({ lines }: DocumentText): Page {
  const kept = lines.slice(0, MOST_LINES).map(({ text, confidenceBp }) => ({ text: maskPayment(text.normalize('NFKC').replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')).slice(0, LONGEST_LINE).trimEnd(), confidenceBp })).filter(({ text }) => text.trim() !== '');
  return { lines: kept.map(({ text }) => text), letters: kept.map(({ confidenceBp }) => confidenceBp) };
}

interface Figures {
  readonly sums: FoundSums;
  readonly found: ItemLines;
  readonly checked: Checked;
}

/** Sums and goods. Words that are a label or the name of a thing (`Shipping Simulator 2`) are taken for what makes the sums hold, and for the label where neither does. */
function readFigures(page: Page, style: AmountStyle, taken: ReadonlySet<number>): Figures {
  const integers = writesNoDecimals(page.lines, style);
  const read = (goods: ReadonlySet<number>): Figures => {
    const sums = readSums(page.lines, style, goods);
    const found = readItems(page.lines, style, { until: sums.lastLine, integers, goods, taken });
    return { sums, found, checked: checkSums(found.items, sums) };
  };
  const holds = ({ checked: { checks } }: Figures) => checks.length > 0 && checks.every((check) => check.holds);
  const plain = read(new Set());
  if (plain.sums.weak.size === 0 || holds(plain)) return plain;
  const other = read(plain.sums.weak);
  return holds(other) ? other : plain;
}

/**
 * Reads a receipt's words by rules of our own. Total over any text: what it cannot read stays among `unread`. Each figure tells where it stood and how sure it is; what the receipt says in words (do this, ignore that) is never
 * followed, only figures and names are taken.
 */
export function readReceipt(text: DocumentText, context: ReadingContext): ReceiptReading {
  const page = pageOf(text);
  const currency = currencyField(page, context);
  const style: AmountStyle = { currency: currency.currency, decimalSeparator: decimalSeparatorOf(page.lines) };
  const orderNumber = nameField(page, findOrderNumber(page.lines));
  const seller = nameField(page, findSeller(page.lines, { known: context.known ?? [], sender: text.sender, numberLine: orderNumber?.line ?? null }));
  const dates = dateFields(page, context.today);
  const { sums, found, checked } = readFigures(page, style, new Set([seller?.line, orderNumber?.line, ...findDates(page.lines, context.today).map(({ line }) => line)].filter((line) => line !== undefined)));
  const amounts: Amounts = { page, currency: currency.currency, why: currency.why, checked };
  const sumField = (label: SumLabel) => moneyFieldOf(amounts, label, { sum: sums.sums[label], others: label === 'total' ? sums.otherTotals : [] });
  const used = new Set([...sums.used, ...found.used, ...[seller, orderNumber, dates.orderedOn].flatMap((field) => (field ? [field.line] : []))]);
  return {
    origin: text.origin, seller, orderNumber, currency: currency.field, ...dates,
    subtotal: sumField('subtotal'), shipping: sumField('shipping'), tax: sumField('tax'), fees: sumField('fees'), discount: sumField('discount'), total: sumField('total'), taxIncluded: sums.sums.tax !== undefined && checked.taxIncluded,
    items: checked.items.map((item) => itemField(amounts, item)), checks: checked.checks.map(({ code, holds, expectedMinor, foundMinor }) => ({ code, holds, expected: money(expectedMinor, currency.currency), found: money(foundMinor, currency.currency) })),
    lines: [...page.lines], unread: page.lines.map((_, line) => line).filter((line) => !used.has(line)),
  };
}
