import { describe, expect, it } from 'vitest';
import { daysOf, periodOf } from './period.ts';

const NOW = Date.UTC(2026, 11, 31, 23, 59);

describe('the time of a report', () => {
  it('goes from the beginning of the period to today, beside the same part of the one before', () => {
    expect(periodOf('month', NOW, null)).toEqual({ from: '2026-12-01', to: '2026-12-31', before: { from: '2026-11-01', to: '2026-11-30' } });
    expect(periodOf('last-month', NOW, null)).toEqual({ from: '2026-11-01', to: '2026-11-30', before: { from: '2026-10-01', to: '2026-10-31' } });
    expect(periodOf('quarter', Date.UTC(2026, 4, 30), null)).toEqual({ from: '2026-04-01', to: '2026-05-30', before: { from: '2026-01-01', to: '2026-02-28' } });
    expect(periodOf('year', Date.UTC(2028, 1, 29), null)).toEqual({ from: '2028-01-01', to: '2028-02-29', before: { from: '2027-01-01', to: '2027-02-28' } });
    expect(periodOf('last-month', Date.UTC(2026, 0, 5), null)).toEqual({ from: '2025-12-01', to: '2025-12-31', before: { from: '2025-11-01', to: '2025-11-30' } });
  });

  it('takes own dates, beside as many days before them', () => {
    expect(periodOf('own', NOW, { from: '2026-03-01', to: '2026-03-10' })).toEqual({ from: '2026-03-01', to: '2026-03-10', before: { from: '2026-02-19', to: '2026-02-28' } });
    expect(periodOf('own', NOW, { from: '2026-03-11', to: '2026-03-10' })).toEqual(periodOf('month', NOW, null));
    expect(daysOf({ from: '2026-02-27', to: '2026-03-01' })).toBe(3);
  });
});
