/** The amounts below (or above) the goods: subtotal, shipping, tax, fees, discounts, total. */
import { foldText } from '#kernel/fold-text.ts';
import { exponentOf } from '#kernel/money.ts';
import { numbersIn, type AmountStyle, type FoundAmount, type LineNumbers } from './find-amounts.ts';
import { isHeading, labelOf, saysFree, saysIncluded, wordsOf, type Label } from './label-words.ts';

export interface FoundSum {
  readonly minor: number;
  readonly line: number;
  /** Of totals: how surely its words say that it is what was paid. */
  readonly rank: number;
  /** Several lines, whose amounts were added. */
  readonly parts: number;
}

export type SumLabel = Exclude<Label, 'ignored' | 'tax-included'>;

export interface FoundSums {
  readonly sums: Readonly<Partial<Record<SumLabel, FoundSum>>>;
  /** Other amounts that are called a total with the same right. */
  readonly otherTotals: readonly FoundSum[];
  readonly taxIncluded: boolean;
  /** Lines whose words may as well be the name of a thing that was bought. */
  readonly weak: ReadonlySet<number>;
  readonly used: ReadonlySet<number>;
  /** No goods come behind this line. */
  readonly lastLine: number;
}

interface Said {
  readonly label: Label;
  readonly rank: number;
  readonly minor: number;
  readonly line: number;
  readonly words: string;
  readonly amountLine: number;
  readonly weak: boolean;
}

/** A whole number is an amount beside words that say so, where no other stands there. */
function amountsOf(numbers: LineNumbers, style: AmountStyle): readonly FoundAmount[] {
  if (numbers.amounts.length > 0) return numbers.amounts;
  const bare = numbers.text.replace(/\([^)]*\)/g, (found) => ' '.repeat(found.length));
  const wholes = numbers.wholes.filter(({ start, end }) => bare.slice(start, end).trim() !== '' && !/^\s*(?:items?|articles?|produits?|pcs|pieces?)/i.test(bare.slice(end)));
  return wholes.length === 1 ? wholes.map(({ start, end, value }) => ({ start, end, minor: Math.round(value * 10 ** exponentOf(style.currency)), negative: false, split: null })) : [];
}

/** Of `TVA 20 %  10,00  2,00` the tax: the figure that the rate makes of the other; else the last. */
function taxOf(amounts: readonly FoundAmount[], text: string): FoundAmount {
  const rate = Number(/(\d{1,2}(?:[.,]\d{1,3})?)\s*%/.exec(text)?.[1]?.replace(',', '.') ?? Number.NaN);
  if (amounts.length > 1 && !Number.isNaN(rate)) for (const tax of amounts) for (const base of amounts) if (tax !== base && Math.abs(base.minor * rate / 100 - tax.minor) <= 1) return tax;
  return amounts.at(-1)!;
}

function saidAt(lines: readonly string[], at: number, style: AmountStyle): Said | null {
  const folded = foldText(lines[at]!).trim();
  const numbers = numbersIn(lines[at]!, style);
  // an amount below zero is taken off, whatever it is called
  const match = isHeading(folded) ? null : (labelOf(folded) ?? (numbers.amounts.at(-1)?.negative ? { label: 'discount' as const, rank: 0, weak: false } : null));
  if (!match) return null;
  const own = amountsOf(numbers, style);
  const words = `${wordsOf(folded)} ${/\d{1,2}(?:[.,]\d{1,3})?\s*%/.exec(folded)?.[0] ?? ''}`.trim();
  if (own.length > 0) {
    const found = match.label === 'tax' || match.label === 'tax-included' ? taxOf(own, folded) : own.at(-1)!;
    return { ...match, minor: found.minor, line: at, words, amountLine: at };
  }
  if (match.label === 'shipping' && saysFree(folded)) return { ...match, minor: 0, line: at, words, amountLine: at };
  // the amount on the line below, alone
  const next = lines[at + 1];
  if (next === undefined || /\p{L}{2,}/u.test(wordsOf(foldText(next)).replace(/(?:free|gratuite?|offerte?|مجاني)/, ''))) return null;
  if (match.label === 'shipping' && saysFree(foldText(next))) return { ...match, minor: 0, line: at, words, amountLine: at + 1 };
  const below = amountsOf(numbersIn(next, style), style);
  return below.length === 1 ? { ...match, minor: below[0]!.minor, line: at, words, amountLine: at + 1 } : null;
}

/** Parts that are called differently are added; what is said twice counts once. */
function together(said: readonly Said[]): FoundSum | undefined {
  const first = said[0];
  if (!first) return undefined;
  const parts = said.filter((one, at) => said.findIndex((other) => other.words === one.words && other.minor === one.minor) === at);
  const names = new Set(parts.map(({ words }) => words));
  const kept = names.size === parts.length ? parts : parts.filter((one, at) => parts.findLastIndex((other) => other.words === one.words) === at);
  return { minor: kept.reduce((sum, { minor }) => sum + minor, 0), line: kept[0]!.line, rank: 0, parts: kept.length };
}

/** A sum of taxes that is told beside its parts: `TPS 5,00`, `TVQ 9,98`, `Total taxes 14,98`. */
function withoutSumOfParts(said: readonly Said[]): readonly Said[] {
  for (const whole of said) {
    const others = said.filter((one) => one !== whole);
    if (others.length > 1 && others.reduce((sum, { minor }) => sum + minor, 0) === whole.minor && /\b(?:total|taxes)\b/.test(whole.words)) return [whole];
  }
  return said;
}

/** @param goods lines that are known to be goods, whatever their words */
export function readSums(lines: readonly string[], style: AmountStyle, goods: ReadonlySet<number>): FoundSums {
  const said: Said[] = [];
  for (let at = 0; at < lines.length; at++) {
    const found = goods.has(at) ? null : saidAt(lines, at, style);
    if (found) said.push(found);
  }
  const of = (label: Label) => said.filter((one) => one.label === label);
  const totals = of('total').map(({ minor, line, rank }): FoundSum => ({ minor, line, rank, parts: 1 })).toSorted((a, b) => b.rank - a.rank || b.line - a.line);
  const best = totals[0];
  const included = of('tax-included');
  const taxes = withoutSumOfParts(of('tax'));
  const plainTaxes = taxes.filter(({ line }) => !saysIncluded(foldText(lines[line]!)));
  const taxIncluded = plainTaxes.length === 0 && included.length + taxes.length > 0;
  const sums: Partial<Record<SumLabel, FoundSum>> = {};
  const put = (label: SumLabel, sum: FoundSum | undefined) => {
    if (sum) sums[label] = sum;
  };
  put('subtotal', of('subtotal').at(-1) && { ...together([of('subtotal').at(-1)!])! });
  put('shipping', together(of('shipping')));
  put('tax', together(taxIncluded ? [...included, ...taxes] : plainTaxes));
  put('fees', together(of('fees')));
  put('discount', together(of('discount')));
  put('total', best);
  const labelled = said.filter(({ label }) => label !== 'ignored').map(({ line }) => line);
  return {
    sums, otherTotals: totals.slice(1).filter(({ rank, minor }) => rank === best?.rank && minor !== best.minor), taxIncluded, used: new Set(said.flatMap(({ line, amountLine }) => [line, amountLine])),
    lastLine: labelled.length === 0 ? lines.length : Math.max(...labelled),
    weak: new Set(said.filter(({ weak }) => weak).map(({ line }) => line)),
  };
}
