import { describe, expect, it } from 'vitest';
import { alignSeries, rangeOf } from './chart-data.ts';
import { csvCell, toCsv } from './copy-csv.ts';
import { densityOf } from './histogram.tsx';
import { filterInput, filterParams } from './list-filters.tsx';
import { wordReason } from './reason.tsx';
import type { Formatter } from './format.ts';
import { eitherWay, nextText, sortAfter, sortParams, sortRows } from './table-sort.ts';

const format: Formatter = { money: (m) => `${m.minor / 100} ${m.currency}`, percent: (bp) => `${bp / 100} %`, number: (n) => String(n), relative: () => '', dateTime: (at) => `at ${at}`, exactTime: (at) => `at ${at}`, fine: (major, currency) => `${major} ${currency}`, date: () => '', day: (text) => text, duration: () => '', month: (month) => `month ${month}` };

describe('densityOf', () => {
  it('holds the share that the quantiles enclose', () => {
    const bins = densityOf([-400, -100, 300, 700, 1_000, 1_300, 1_600]);
    expect(bins.reduce((total, bin) => total + bin.share, 0)).toBeCloseTo(90, 6);
    expect(bins[0]!.from).toBe(-400);
    expect(bins.at(-1)!.to).toBeCloseTo(1_600, 6);
  });
  it('keeps the share of quantiles that coincide', () => {
    expect(densityOf([0, 0, 100, 100, 100, 200, 300]).reduce((total, bin) => total + bin.share, 0)).toBeCloseTo(90, 6);
  });
  it('draws nothing without a spread', () => {
    expect(densityOf([5, 5, 5, 5, 5, 5, 5])).toEqual([]);
    expect(densityOf([])).toEqual([]);
  });
});

describe('alignSeries', () => {
  it('puts series on one axis: null stays a gap, a missing point is none', () => {
    const { x, ys } = alignSeries([{ key: 'a', unit: 'minor', currency: 'USD', at: [1_000, 3_000], value: [5, null] }, { key: 'b', unit: 'rank', currency: null, at: [2_000], value: [9] }]);
    expect(x).toEqual([1, 2, 3]);
    expect(ys).toEqual([[5, undefined, null], [undefined, 9, undefined]]);
  });
  it('ends a range with the last point', () => {
    const day = 86_400;
    expect(rangeOf([0, 100 * day], '30')).toEqual({ min: 70 * day, max: 100 * day });
    expect(rangeOf([0, 10 * day], '30')).toEqual({ min: 0, max: 10 * day });
    expect(rangeOf([], 'all')).toBeNull();
  });
});

describe('csvCell', () => {
  it('defuses formulas, keeps negative numbers, quotes what needs it', () => {
    expect(csvCell('=1+1')).toBe("'=1+1");
    expect(csvCell('@cmd')).toBe("'@cmd");
    expect(csvCell('-1+2')).toBe("'-1+2");
    expect(csvCell('-12.40')).toBe('-12.40');
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
  });
  it('leaves out columns without a plain value', () => {
    expect(toCsv([{ id: 'a', header: 'A', size: 1, cell: () => null, csv: (r: { a: string }) => r.a }, { id: 'b', header: 'B', size: 1, cell: () => null }], [{ a: 'x' }])).toBe('A\r\nx');
  });
  it('puts the currency of an amount beside it', () => {
    expect(toCsv([{ id: 'a', header: 'Total', size: 1, cell: () => null, csv: (r: { a: string }) => r.a, csvCurrency: () => 'DZD' }, { id: 'b', header: 'B', size: 1, cell: () => null, csv: () => 'b' }], [{ a: '12.40' }])).toBe('Total,Total (currency),B\r\n12.40,DZD,b');
  });
});

describe('wordReason', () => {
  const t = ((key: string, options: Record<string, unknown>) => {
    if (key === 'common:reason-fallback') return `${String(options['code'])} (${String(options['figures'])})`;
    return key === 'reasons:stop.price-rose' ? `rose to ${String(options['terms_unit'])}` : '';
  }) as unknown as Parameters<typeof wordReason>[1];
  it('gives nested figures to the message', () => {
    expect(wordReason({ code: 'stop.price-rose', data: { terms: { unit: { minor: 1_327, currency: 'USD' } } } }, t, format)).toBe('rose to 13.27 USD');
  });
  it('shows code and figures where there is no message', () => {
    expect(wordReason({ code: 'x.new', data: { shareBp: 700, amount: { minor: 100, currency: 'USD' } } }, t, format)).toBe('x.new (shareBp 7 %, amount 1 USD)');
    expect(wordReason({ code: 'x.bare', data: {} }, t, format)).toBe('x.bare');
  });
});

describe('the order of a list', () => {
  const usual = '-placed' as const;
  const after = (now: { sort?: 'total' | '-total' | 'placed' | '-placed'; second?: 'total' | '-total' | 'placed' | '-placed' }, text: 'total' | '-total' | 'placed' | '-placed', second = false) => sortAfter(now, { text, second, usual });

  it('goes the other way at a second click, and takes a second column with Shift', () => {
    const total = eitherWay('total', 'desc').sort;
    expect([nextText(total, undefined), nextText(total, '-total'), nextText(total, 'total'), nextText(eitherWay('title').sort, undefined)]).toEqual(['-total', 'total', '-total', 'title']);
    expect(nextText({ key: 'score', direction: 'desc' }, 'score')).toBe('score');
    expect(after({}, '-total')).toEqual({ sort: '-total', second: undefined });
    expect(after({}, '-total', true)).toEqual({ sort: '-placed', second: '-total' });
    expect(after({ sort: '-placed', second: '-total' }, 'total', true)).toEqual({ sort: '-placed', second: 'total' });
    expect(after({ sort: '-total', second: 'placed' }, 'total')).toEqual({ sort: 'total', second: 'placed' });
    expect(after({ sort: 'total' }, '-placed')).toEqual({ sort: undefined, second: undefined });
  });

  it('reads an address, and passes over what is no order of the list', () => {
    expect(sortParams({ sort: '-total', second: 'placed' }, ['total', 'placed'])).toEqual({ sort: '-total', second: 'placed' });
    expect(sortParams({ sort: '--total', second: 7 }, ['total', 'placed'])).toEqual({});
  });
});

const start = (month: number, day: number) => new Date(2026, month - 1, day).getTime();

describe('filters in an address', () => {
  const noon = new Date(2026, 10, 22, 12).getTime();

  it('reads what the list can be narrowed by, and passes over what cannot be read', () => {
    expect(filterParams({ channel: 'ebay-us', source: 'src_1', days: 30, least: 500, most: '900', cur: 'USD', account: 'assets:cash', state: 'paid' }, 'orders')).toEqual({ channel: 'ebay-us', source: 'src_1', days: 30, least: 500, most: 900, cur: 'USD' });
    expect(filterParams({ days: -1, from: 'yesterday', to: '2026-11-20', least: 500 }, 'ledger')).toEqual({ to: '2026-11-20' });
  });
  it('asks for whole days of this machine, today among the last ones and both ends of a range', () => {
    expect(filterInput('orders', { days: 7 }, noon)).toEqual({ since: start(11, 16) });
    expect(filterInput('orders', { days: 1 }, noon)).toEqual({ since: start(11, 22) });
    expect(filterInput('stock', { older: 30, location: 'A-1' }, noon)).toEqual({ until: start(10, 23), location: 'A-1' });
    expect(filterInput('orders', { from: '2026-11-01', to: '2026-11-20', least: 0, cur: 'USD' }, noon)).toEqual({ since: start(11, 1), until: start(11, 21), least: 0, currency: 'USD' });
  });
});

describe('sortRows', () => {
  const rows = [{ id: 1, name: 'b', cost: 3 }, { id: 2, name: 'A', cost: null }, { id: 3, name: 'b', cost: 1 }, { id: 4, name: 'a', cost: null }];
  const values = { name: (r: (typeof rows)[number]) => r.name.toLowerCase(), cost: (r: (typeof rows)[number]) => r.cost };
  const ids = (...sorts: ('name' | '-name' | 'cost' | '-cost' | undefined)[]) => sortRows(rows, values, sorts).map((r) => r.id);
  it('orders by one after the other, and leaves what both hold equal as it was', () => {
    expect([ids('name', 'cost'), ids('name', '-cost'), ids('-name', undefined), ids(undefined)]).toEqual([[2, 4, 3, 1], [2, 4, 1, 3], [1, 3, 2, 4], [1, 2, 3, 4]]);
  });
  it('puts what has no value last in either direction', () => {
    expect([ids('cost'), ids('-cost')]).toEqual([[3, 1, 2, 4], [1, 3, 2, 4]]);
  });
});
