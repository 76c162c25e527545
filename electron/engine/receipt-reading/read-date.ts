/** Dates as receipts write them. Where day and month cannot be told apart, both are given and none is chosen. */
import { foldText } from '#kernel/fold-text.ts';

export interface FoundDate {
  /** `YYYY-MM-DD`; null where it could be either of `possible`. */
  readonly day: string | null;
  readonly possible: readonly string[];
  readonly line: number;
  /** Words beside it say that it is the day of the purchase. */
  readonly labelled: boolean;
}

const MONTHS: readonly (readonly string[])[] = [
  ['january', 'jan', 'janvier', 'janv', 'januar', 'enero', 'يناير', 'جانفي', 'كانون الثاني'], ['february', 'feb', 'fevrier', 'fevr', 'fev', 'februar', 'febrero', 'فبراير', 'فيفري', 'شباط'], ['march', 'mar', 'mars', 'marz', 'marzo', 'مارس', 'اذار'],
  ['april', 'apr', 'avril', 'avr', 'abril', 'ابريل', 'افريل', 'نيسان'], ['may', 'mai', 'mayo', 'مايو', 'ماي', 'ايار'], ['june', 'jun', 'juin', 'juni', 'junio', 'يونيو', 'جوان', 'حزيران'], ['july', 'jul', 'juillet', 'juil', 'juli', 'julio', 'يوليو', 'جويليه', 'تموز'],
  ['august', 'aug', 'aout', 'agosto', 'اغسطس', 'اوت', 'اب'], ['september', 'sept', 'sep', 'septembre', 'septiembre', 'سبتمبر', 'ايلول'], ['october', 'oct', 'octobre', 'oktober', 'okt', 'octubre', 'اكتوبر', 'تشرين الاول'],
  ['november', 'nov', 'novembre', 'noviembre', 'نوفمبر', 'تشرين الثاني'], ['december', 'dec', 'decembre', 'dezember', 'dez', 'diciembre', 'ديسمبر', 'كانون الاول'],
];
const MONTH_OF = new Map(MONTHS.flatMap((names, at) => names.map((name) => [name, at + 1] as const)));
const NAMES = [...MONTH_OF.keys()].toSorted((a, b) => b.length - a.length).join('|');

const YEAR_FIRST = /(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/g;
const DAY_NAME_YEAR = new RegExp(`(?<!\\d)(\\d{1,2})(?:st|nd|rd|th|er)?[ .\\-/]*(?:de )?(${NAMES})\\.?,?[ .\\-/]*(?:de )?(20\\d\\d|\\d\\d)(?!\\d)`, 'g');
const NAME_DAY_YEAR = new RegExp(`(?<![\\p{L}])(${NAMES})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (20\\d\\d)(?!\\d)`, 'gu');
const NUMBERS = /(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(20\d\d|\d\d)(?![\d/-])/g;

const DATE_WORDS = /\b(?:date|order date|ordered|order placed|placed on|purchase date|invoice date|commande(?:e)? (?:du|le|passee)|date de (?:commande|facture|vente|la commande)|le|du|fait le|datum)\b|تاريخ|بتاريخ/;
/** Days that are something else: of delivery, of the end of a warranty. */
const OTHER_DAY = /\b(?:deliver(?:y|ed)?|arriv|estimated|expected|expire|valid|until|due|return by|livraison|echeance|valable|jusqu|retour|shipped|expedie|dispatch|birth|ship date|paid by)\b|التسليم|الاستحقاق|صالح/;

function dayOf(year: number, month: number, day: number): string | null {
  const full = year < 100 ? 2_000 + year : year;
  const at = new Date(Date.UTC(full, month - 1, day));
  if (full < 2_000 || full > 2_099 || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null;
  return at.toISOString().slice(0, 10);
}

interface NumberDate {
  readonly a: number;
  readonly b: number;
  readonly year: number;
}

function possibleOf({ a, b, year }: NumberDate): string[] {
  const both = [dayOf(year, b, a), dayOf(year, a, b)].filter((day): day is string => day !== null);
  return [...new Set(both)];
}

/** A day after this cannot have been ordered yet: clocks of tills run wrong by a day, not by a month. */
const isPast = (day: string, today: string): boolean => day <= today;

/**
 * All dates of a text, best first. A date in numbers whose day stands first or second is settled by another of the same text that can be read in one way alone, and by what lies in the future; by nothing else.
 * @param today `YYYY-MM-DD`, the day after today where the till may be ahead of us
 */
export function findDates(lines: readonly string[], today: string): FoundDate[] {
  const found: { day: string | null; numbers: NumberDate | null; line: number; rank: number }[] = [];
  for (const [line, raw] of lines.entries()) {
    const folded = foldText(raw);
    const rank = OTHER_DAY.test(folded) ? -1 : DATE_WORDS.test(folded) ? 1 : 0;
    const add = (day: string | null, numbers: NumberDate | null = null) => {
      if (day !== null || numbers) found.push({ day, numbers, line, rank });
    };
    for (const [, year, month, day] of folded.matchAll(YEAR_FIRST)) add(dayOf(Number(year), Number(month), Number(day)));
    for (const [, day, name, year] of folded.matchAll(DAY_NAME_YEAR)) add(dayOf(Number(year), MONTH_OF.get(name!)!, Number(day)));
    for (const [, name, day, year] of folded.matchAll(NAME_DAY_YEAR)) add(dayOf(Number(year), MONTH_OF.get(name!)!, Number(day)));
    for (const [, a, , b, year] of folded.matchAll(NUMBERS)) {
      const numbers = { a: Number(a), b: Number(b), year: Number(year) };
      const possible = possibleOf(numbers);
      if (possible.length === 1) add(possible[0]!, numbers);
      else if (possible.length === 2) add(null, numbers);
    }
  }
  const sure = found.filter(({ numbers, day }) => numbers && day !== null && numbers.a !== numbers.b);
  const dayFirst = sure.some(({ numbers }) => numbers!.a > 12);
  const monthFirst = sure.some(({ numbers }) => numbers!.b > 12);
  return found
    .map(({ day, numbers, line, rank }): FoundDate & { rank: number } => {
      if (day !== null || !numbers) return { day, possible: day ? [day] : [], line, labelled: rank > 0, rank };
      const settled = dayFirst === monthFirst ? null : dayFirst ? dayOf(numbers.year, numbers.b, numbers.a) : dayOf(numbers.year, numbers.a, numbers.b);
      const possible = settled ? [settled] : possibleOf(numbers).filter((one) => isPast(one, today));
      return { day: possible.length === 1 ? possible[0]! : null, possible, line, labelled: rank > 0, rank };
    })
    .filter(({ possible, rank }) => rank >= 0 && possible.some((one) => isPast(one, today)))
    .toSorted((a, b) => b.rank - a.rank || a.line - b.line);
}
