import { DomainError } from '#kernel/errors.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';

/** Half open. */
export interface Period { readonly from: Instant; readonly to: Instant }

/** From the start of one UTC day to the end of another. @throws DomainError INVALID where it ends before it begins. */
export function periodOf(from: string, to: string): Period {
  const period = { from: Date.parse(`${from}T00:00:00Z`), to: Date.parse(`${to}T00:00:00Z`) + DAY_MS };
  if (period.to <= period.from) throw new DomainError('INVALID', 'to: the time ends before it begins.', { field: 'to', reason: 'before-from' });
  return period;
}

/** The part of the time that a month (`2026-11`) or a day has. */
export function narrowed(period: Period, key: string): Period {
  const [year = 0, month = 1, day] = key.split('-').map(Number);
  const from = Date.UTC(year, month - 1, day ?? 1);
  const to = day === undefined ? Date.UTC(year, month, 1) : from + DAY_MS;
  return { from: Math.max(period.from, from), to: Math.max(period.from, Math.min(period.to, to)) };
}
