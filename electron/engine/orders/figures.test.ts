import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore, traps } from '#tests/support/state-machine.ts';
import { figuresOf, stateOf } from './figures.ts';
import { FIRST_STATES, ORDER_TRANSITIONS } from './machine.ts';
import type { ChannelOrder, ChannelOrderLine } from './ports.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });
const lineOf = (lineId: string, price: number, extra: Partial<ChannelOrderLine> = {}): ChannelOrderLine => ({
  lineId, sku: lineId, title: lineId, quantity: 1, price: usd(price), shipping: usd(0), discount: usd(0), tax: usd(0), taxCollectedByChannel: usd(100), total: usd(price), fulfilment: 'not-started', ...extra,
});
const orderOf = (change: Partial<ChannelOrder> = {}): ChannelOrder => ({
  orderId: '1', createdAt: 0, modifiedAt: 0, payment: 'paid', fulfilment: 'not-started', cancel: 'none', currency: 'USD', lines: [lineOf('a', 3_000), lineOf('b', 1_000)], total: usd(4_000), marketplaceFee: usd(501), refunds: [], buyer: { addressLines: [] }, ...change,
});

describe('the order machine', () => {
  it('reaches every state and has no trap', () => {
    const { reachable, terminal } = explore(ORDER_TRANSITIONS, FIRST_STATES);
    expect([...reachable].sort()).toEqual(Object.keys(ORDER_TRANSITIONS).sort());
    expect(terminal.sort()).toEqual(['cancelled', 'refunded']);
    expect(traps(ORDER_TRANSITIONS)).toEqual([]);
  });
});

describe('figuresOf', () => {
  it('counts goods and shipping after discount, never tax that the channel collects', () => {
    const order = orderOf({ lines: [lineOf('a', 3_000, { shipping: usd(599), discount: usd(100), taxCollectedByChannel: usd(250) })] });
    expect(figuresOf(order, null)).toMatchObject({ total: usd(3_499), fees: usd(501), refunds: usd(0) });
  });

  it('shares the fee over the lines to the cent', () => {
    expect(figuresOf(orderOf(), null).lines.map((line) => line.fees.minor)).toEqual([376, 125]);
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 50_000 }), (prices, fee) => {
      const { lines } = figuresOf(orderOf({ lines: prices.map((price, i) => lineOf(String(i), price)), marketplaceFee: usd(fee) }), null);
      expect(lines.reduce((sum, line) => sum + line.fees.minor, 0)).toBe(fee);
    }));
  });

  it('keeps the fee that was known when a reading does not name one', () => {
    const silent = orderOf();
    delete (silent as { marketplaceFee?: unknown }).marketplaceFee;
    expect(figuresOf(silent, usd(480))).toMatchObject({ fees: usd(480), feeKnown: false });
  });

  it('gives a refund to the line that it names, else to all, and never more than a line brought', () => {
    const named = figuresOf(orderOf({ refunds: [{ refundId: 'r', amount: usd(5_000), lineId: 'b' }] }), null);
    expect(named.lines.map((line) => line.refund.minor)).toEqual([0, 1_000]);
    const shared = figuresOf(orderOf({ refunds: [{ refundId: 'r', amount: usd(400) }] }), null);
    expect(shared.lines.map((line) => line.refund.minor)).toEqual([300, 100]);
  });
});

const state = (change: Partial<ChannelOrder>, before: 'paid' | 'shipped' | 'cancelled' | null = null) => stateOf(orderOf(change), figuresOf(orderOf(change), null), before);

describe('stateOf', () => {
  it('follows the channel, but keeps what was shipped and what is over', () => {
    expect(state({})).toBe('paid');
    expect(state({ fulfilment: 'fulfilled' })).toBe('shipped');
    expect(state({}, 'shipped')).toBe('shipped');
    expect(state({ cancel: 'cancelled' })).toBe('cancelled');
    expect(state({ cancel: 'requested' })).toBe('paid');
    expect(state({ payment: 'refunded' }, 'shipped')).toBe('refunded');
    expect(state({ refunds: [{ refundId: 'r', amount: usd(4_400) }] }, 'shipped')).toBe('refunded');
    expect(state({ fulfilment: 'fulfilled' }, 'cancelled')).toBe('cancelled');
  });
});

const taxes = (...named: [string, number][]) => figuresOf(orderOf({ lines: [lineOf('a', 1_000, { tax: usd(90) })], taxes: named.map(([jurisdiction, minor]) => ({ jurisdiction, amount: usd(minor) })) }), null).tax!.collected;

describe('sales tax', () => {
  it('goes back in its share with each refund, never more than came, and with the last of the money to the last cent', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 20_000 }), fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 6 }), (price, tax, parts) => {
      const gross = price + tax;
      let left = gross;
      const given = parts.map((part) => { const now = Math.min(part, left); left -= now; return now; }).filter((part) => part > 0);
      const refunds = given.map((minor, n) => ({ refundId: String(n), amount: usd(minor) }));
      const figures = figuresOf(orderOf({ lines: [lineOf('a', price, { tax: usd(tax) })], refunds }), null);
      const back = figures.tax!.back;
      expect(back).toBeGreaterThanOrEqual(0);
      expect(back).toBeLessThanOrEqual(tax);
      // each cent that went to the buyer is of the one or the other
      expect(figures.refunds.minor + back).toBe(gross - left);
      expect(stateOf(orderOf(), figures, 'paid') === 'refunded').toBe(left === 0 || figures.refunds.minor >= price);
    }));
  });

  it('names nobody where the channel does not, and is cut to what passes through', () => {
    expect([taxes(), taxes(['US-CA', 60]), taxes(['US-CA', 60], ['City', 30]), taxes(['US-CA', 120], ['City', 60])]).toEqual([[{ to: '', minor: 90 }], [{ to: 'US-CA', minor: 60 }, { to: '', minor: 30 }], [{ to: 'US-CA', minor: 60 }, { to: 'City', minor: 30 }], [{ to: 'US-CA', minor: 60 }, { to: 'City', minor: 30 }]]);
  });
});
