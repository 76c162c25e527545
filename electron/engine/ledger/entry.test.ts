import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASH, FX, INVENTORY, isAccount, kindOf, PAYABLE, receivableOf, SALES, WRITE_OFF } from './accounts.ts';
import { condense, faultOf, imbalance, sameBooking, type EntryLine, type NewEntry } from './entry.ts';

const entry = (lines: readonly EntryLine[]): NewEntry => ({ key: 'k', kind: 'test', memo: '', ref: { kind: 'test', id: '1' }, at: 0, lines });
const line = fc.record({
  account: fc.constantFrom(CASH, INVENTORY, FX, PAYABLE, SALES, WRITE_OFF, receivableOf('ebay-us')),
  amount: fc.record({ minor: fc.integer({ min: -1_000_000, max: 1_000_000 }), currency: fc.constantFrom('USD', 'DZD') }),
});

const byCurrency = (amounts: ReturnType<typeof imbalance>) => new Map(amounts.map(({ currency, minor }) => [currency, minor]));

/** Lines of which the last of each currency brings it to zero. */
const balanced = fc.array(line, { maxLength: 12 }).map((lines) => [...lines, ...imbalance(lines).map((left) => ({ account: WRITE_OFF, amount: { minor: -left.minor, currency: left.currency } }))]);

const usd = (account: string, minor: number) => ({ account, amount: { minor, currency: 'USD' } });

describe('an entry', () => {
  it('may be booked exactly when every currency adds up to zero', () => {
    fc.assert(fc.property(balanced, (lines) => faultOf(entry(lines)) === null));
    fc.assert(fc.property(balanced, line, (lines, extra) => (faultOf(entry([...lines, extra])) === null) === (extra.amount.minor === 0)));
  });

  it('is not balanced by another currency', () => {
    expect(faultOf(entry([{ account: CASH, amount: { minor: 100, currency: 'USD' } }, { account: SALES, amount: { minor: -100, currency: 'DZD' } }]))).toBe('does not balance: 100 USD, -100 DZD left over');
  });

  it('takes whole minor units and accounts of the chart only', () => {
    expect(faultOf(entry([usd(CASH, 0.5), usd(SALES, -0.5)]))).toContain('no whole number');
    expect(faultOf(entry([usd('assets:csah', 1), usd(SALES, -1)]))).toBe('the chart has no account assets:csah');
    expect(faultOf(entry([usd(CASH, Number.NaN), usd(SALES, 1)]))).toContain('no whole number');
  });

  it('keeps its sums when its lines are joined, and joins each account and currency once', () => {
    fc.assert(fc.property(fc.array(line), (lines) => {
      const joined = condense(lines);
      const keys = joined.map((l) => `${l.account} ${l.amount.currency}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(joined.every((l) => l.amount.minor !== 0)).toBe(true);
      // sums, not their order: a currency comes later where its first lines cancelled each other out
      expect(byCurrency(imbalance(joined))).toEqual(byCurrency(imbalance(lines)));
    }), { examples: [[[['USD', 5], ['DZD', 3], ['USD', -5], ['USD', 7]].map(([currency, minor], i) => ({ account: i % 2 === 0 ? CASH : INVENTORY, amount: { currency: currency as string, minor: minor as number } }))]] });
  });

  it('is the same booking whatever the order of its lines and the time, and another one when an amount differs', () => {
    fc.assert(fc.property(balanced, (lines) => sameBooking(entry(lines), { ...entry(lines.toReversed()), at: 5, memo: 'again' })));
    const one = entry([{ account: CASH, amount: { minor: 1, currency: 'USD' } }, { account: SALES, amount: { minor: -1, currency: 'USD' } }]);
    expect(sameBooking(one, entry(one.lines.map((l) => ({ ...l, amount: { ...l.amount, minor: l.amount.minor * 2 } }))))).toBe(false);
  });
});

describe('the chart of accounts', () => {
  it('knows its accounts and those of channels', () => {
    expect([CASH, receivableOf('ebay-us'), 'expenses:fees:amazon-us'].map(kindOf)).toEqual(['assets', 'assets', 'expenses']);
    expect(['assets:receivable:', 'assets:receivable:EBAY', 'income', ''].some(isAccount)).toBe(false);
    expect(() => kindOf('assets:gold')).toThrow(RangeError);
  });
});
