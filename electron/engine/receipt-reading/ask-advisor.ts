/** What our own rules left open may be asked of a language model; what it answers counts only where the receipt's own text bears it out. */
import type { ReceiptReading, TextField } from '#contract/receipt-reading.ts';
import { foldText } from '#kernel/fold-text.ts';
import { money } from '#kernel/money.ts';
import { decimalSeparatorOf, numbersIn } from './find-amounts.ts';
import type { OpenField, ReceiptAdvisorPort } from './ports.ts';
import { findDates } from './read-date.ts';
import type { ReadingContext } from './read-receipt.ts';

/** Never surer than this: a person looks at it in any case. */
const ADVISED_BP = 6_000;
const LONGEST_NAME = 80;

/** The fields that a person would have to fill in, or look at, by themselves. */
export function openFields(reading: ReceiptReading): OpenField[] {
  const open: OpenField[] = [];
  for (const name of ['seller', 'orderNumber', 'orderedOn', 'total'] as const) if (reading[name] === null || reading[name].doubtful) open.push(name);
  return open;
}

const squeeze = (text: string): string => foldText(text).replace(/\s+/g, ' ').trim();

/** The line that holds the answer, letter for letter but for case and spaces; -1 for words that the receipt does not say. */
function lineOf(lines: readonly string[], answer: string): number {
  const wanted = squeeze(answer);
  return wanted === '' ? -1 : lines.findIndex((line) => squeeze(line).includes(wanted));
}

const proposed = (reading: ReceiptReading, value: string, line: number): TextField => ({ value, confidenceBp: ADVISED_BP, doubtful: true, why: [{ code: 'receipt.advised', data: {} }], line, snippet: reading.lines[line] ?? '', from: 'assistant' });

function dayOf(reading: ReceiptReading, answer: string, context: ReadingContext): { day: string; line: number } | null {
  // the day is read by us out of the receipt's own line; a model does not settle which number is the month
  for (const { day, line } of findDates(reading.lines, context.today)) {
    if (day !== null && (day === answer.trim() || squeeze(reading.lines[line]!).includes(squeeze(answer)))) return { day, line };
  }
  return null;
}

function amountOf(reading: ReceiptReading, answer: string, context: ReadingContext): { minor: number; line: number } | null {
  const style = { currency: reading.currency?.value ?? context.currency, decimalSeparator: decimalSeparatorOf(reading.lines) };
  const [wanted, ...more] = numbersIn(answer, style).amounts;
  if (!wanted || more.length > 0) return null;
  const line = reading.lines.findIndex((one) => numbersIn(one, style).amounts.some(({ minor, negative }) => minor === wanted.minor && !negative));
  return line < 0 ? null : { minor: wanted.minor, line };
}

const PRIVATE = /@|\b(?:tel|telephone|phone|mobile|fax|iban|bic)\b/;
const ADDRESSED = /\b(?:ship(?:ped|ping)? to|bill(?:ed|ing)? to|deliver(?:ed|y)? to|delivery address|shipping address|billing address|adresse de (?:livraison|facturation)|livre a|destinataire)\b|عنوان/;
/** An address has so many lines. */
const ADDRESS_LINES = 5;

/** Without telephone numbers and whose address it is: a model needs neither. */
function withoutPeople(lines: readonly string[]): string[] {
  let hidden = 0;
  return lines.filter((line) => {
    const folded = foldText(line);
    if (ADDRESSED.test(folded)) hidden = ADDRESS_LINES;
    else if (hidden > 0) hidden = /\d[.,]\d{2}(?!\d)/.test(folded) ? 0 : hidden - 1;
    return hidden === 0 && !PRIVATE.test(folded);
  });
}

/** Asks for what is open; without an answer, or with one that the text does not bear out, the reading stays as it is. */
export async function adviseOn(reading: ReceiptReading, context: ReadingContext, { advisor, signal }: { readonly advisor: ReceiptAdvisorPort; readonly signal?: AbortSignal | undefined }): Promise<ReceiptReading> {
  const open = openFields(reading).filter((field) => field !== 'orderedOn' || reading.possibleDates.length === 0);
  if (open.length === 0 || reading.lines.length === 0) return reading;
  const answer = await advisor.advise({ lines: withoutPeople(reading.lines), open }, signal);
  if (!answer) return reading;
  const out = { ...reading };
  for (const field of open) {
    const said = answer[field];
    if (typeof said !== 'string' || said.trim() === '' || said.length > LONGEST_NAME) continue;
    if (field === 'orderedOn') {
      const found = dayOf(reading, said, context);
      if (found) out.orderedOn = proposed(reading, found.day, found.line);
    } else if (field === 'total') {
      const found = amountOf(reading, said, context);
      // what was read by its own words stands, doubtful as it is
      if (found && reading.total === null) out.total = { ...proposed(reading, '', found.line), value: money(found.minor, reading.currency?.value ?? context.currency) };
    } else if (reading[field] === null || reading[field].why.some(({ code }) => code === 'receipt.by-place')) {
      const line = lineOf(reading.lines, said);
      if (line >= 0 && (field === 'seller' || /\d{2}/.test(said))) out[field] = proposed(reading, said.trim(), line);
    }
  }
  return out;
}
