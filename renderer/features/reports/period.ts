import { DAY_MS, utcDay, type Instant } from '#kernel/time.ts';

export const PERIODS = ['month', 'last-month', 'quarter', 'year', 'own'] as const;
export type PeriodName = (typeof PERIODS)[number];

/** UTC days, both within. */
export interface Days { readonly from: string; readonly to: string }
export interface Period extends Days { readonly before: Days }

const last = (year: number, month: number) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

/** The same day so many months earlier; the last one of a shorter month. */
function monthsBefore(at: Instant, months: number): Instant {
  const day = new Date(at);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() - months];
  return Date.UTC(year, month, Math.min(day.getUTCDate(), last(year, month)));
}

const span = (from: Instant, to: Instant): Days => ({ from: utcDay(from), to: utcDay(to) });

/** A period of the calendar up to today, beside the same part of the one before; own dates beside as many days that end right before them. */
export function periodOf(name: PeriodName, now: Instant, own: Days | null): Period {
  const today = new Date(now);
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  const to = Date.UTC(year, month, today.getUTCDate());
  if (name === 'own' && own && own.from <= own.to) {
    const [from, until] = [Date.parse(own.from), Date.parse(own.to)];
    const length = until - from + DAY_MS;
    return { ...own, before: span(from - length, from - DAY_MS) };
  }
  if (name === 'last-month') return { ...span(Date.UTC(year, month - 1), Date.UTC(year, month, 0)), before: span(Date.UTC(year, month - 2), Date.UTC(year, month - 1, 0)) };
  const months = name === 'quarter' ? 3 : name === 'year' ? 12 : 1;
  const from = Date.UTC(year, name === 'year' ? 0 : name === 'quarter' ? month - (month % 3) : month);
  return { ...span(from, to), before: span(monthsBefore(from, months), monthsBefore(to, months)) };
}

export const daysOf = ({ from, to }: Days): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
