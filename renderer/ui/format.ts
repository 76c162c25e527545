import { createContext, use } from 'react';
import { exponentOf, toDecimal, type Money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '#kernel/time.ts';

/** Numbers keep Latin digits in every language, so that columns stay comparable with vendors' pages and statements. */
export const intlLocale = (language: string) => (language.startsWith('ar') ? 'ar-u-nu-latn' : language);

export interface Formatter {
  money(amount: Money, options?: { sign?: boolean; whole?: boolean }): string;
  /** Major units with so many digits: for amounts that are less than the least coin. */
  fine(major: number, currency: string, digits: number): string;
  /** Basis points as a percentage. */
  percent(basisPoints: number, digits?: number): string;
  number(value: number, digits?: number): string;
  /** Relative within a week (`3 hours ago`), else the date. */
  relative(at: Instant, now: Instant): string;
  dateTime(at: Instant): string;
  /** To the second, where the order of things is proof. */
  exactTime(at: Instant): string;
  date(at: Instant): string;
  /** A day as data holds it (`2026-08-21`); what is no day stays as it is. */
  day(text: string): string;
  /** The name of a month, 1 to 12. */
  month(month: number): string;
  duration(seconds: number): string;
}

function createFormatter(locale: string): Formatter {
  const rtl = locale.startsWith('ar');
  const cache = new Map<string, Intl.NumberFormat>();
  const numberFormat = (key: string, options: Intl.NumberFormatOptions) => {
    const known = cache.get(key);
    if (known) return known;
    const made = new Intl.NumberFormat(locale, options);
    cache.set(key, made);
    return made;
  };
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const month = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  /** Latin digits inside right-to-left words stand as one left-to-right piece. */
  const ltr = (text: string) => (rtl ? `\u2066${text}\u2069` : text);
  return {
    money(amount, { sign = false, whole = false } = {}) {
      const digits = whole ? 0 : exponentOf(amount.currency);
      const format = numberFormat(`${amount.currency}:${sign}:${digits}`, {
        style: 'currency', currency: amount.currency, minimumFractionDigits: digits, maximumFractionDigits: digits, ...(sign ? { signDisplay: 'exceptZero' } : {}),
      });
      return ltr(format.format(Number(toDecimal(amount))).replace('-', '−'));
    },
    fine: (major, currency, digits) => ltr(numberFormat(`${currency}:fine:${digits}`, { style: 'currency', currency, minimumFractionDigits: Math.min(2, digits), maximumFractionDigits: digits }).format(major)),
    percent: (bp, digits = 0) => numberFormat(`percent:${digits}`, { style: 'percent', maximumFractionDigits: digits }).format(bp / 10_000),
    month: (value) => month.format(Date.UTC(2025, value - 1, 15)),
    number: (value, digits = 0) => numberFormat(`number:${digits}`, { maximumFractionDigits: digits }).format(value),
    relative(at, now) {
      const delta = at - now;
      const size = Math.abs(delta);
      if (size < MINUTE_MS) return relative.format(0, 'second');
      if (size < HOUR_MS) return relative.format(Math.round(delta / MINUTE_MS), 'minute');
      if (size < DAY_MS) return relative.format(Math.round(delta / HOUR_MS), 'hour');
      if (size < 7 * DAY_MS) return relative.format(Math.round(delta / DAY_MS), 'day');
      return day.format(at);
    },
    dateTime: (at) => full.format(at),
    exactTime: (at) => exact.format(at),
    date: (at) => day.format(at),
    day: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? day.format(Date.parse(`${text}T12:00:00Z`)) : text),
    duration(seconds) {
      const [value, unit] = seconds < 90 ? [Math.ceil(seconds), 'second'] as const : seconds < 5_400 ? [Math.round(seconds / 60), 'minute'] as const : [Math.round(seconds / 3_600), 'hour'] as const;
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
    },
  };
}

const formatters = new Map<string, Formatter>();

/** One for each language: its parts are dear to make, and a list has a thousand cells that use them. */
export function formatterOf(language: string): Formatter {
  const known = formatters.get(language);
  if (known) return known;
  const made = createFormatter(intlLocale(language));
  formatters.set(language, made);
  return made;
}

/** Of the language that is shown. */
export const FormatContext = createContext<Formatter>(formatterOf('en'));

export const useFormat = (): Formatter => use(FormatContext);
