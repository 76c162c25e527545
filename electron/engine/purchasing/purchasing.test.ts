import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore, traps } from '#tests/support/state-machine.ts';
import { canonicalJson, sha256Of } from '#runtime/canonical-json.ts';
import { canGo, COMMITTED_STATES, FIRST_OF_TWO, FIRST_STATE, PURCHASE_TRANSITIONS, VOID_STATES, type PurchaseState } from './machine.ts';
import { compareQuote, parseRate, rateText, termsOf } from './terms.ts';

describe('the purchase machine', () => {
  it('reaches every state, and ends where nothing more can happen', () => {
    const { reachable, terminal } = explore(PURCHASE_TRANSITIONS, [FIRST_STATE, FIRST_OF_TWO]);
    expect([...reachable].sort()).toEqual(Object.keys(PURCHASE_TRANSITIONS).sort());
    expect(terminal.sort()).toEqual(['cancelled', 'failed', 'received']);
    expect(traps(PURCHASE_TRANSITIONS)).toEqual([]);
  });

  it('never gives up what the vendor may have', () => {
    const states = Object.keys(PURCHASE_TRANSITIONS) as PurchaseState[];
    expect(states.filter((state) => canGo(state, 'cancelled'))).toEqual(['awaiting-second', 'approved', 'preparing', 'ordering-by-hand', 'stopped']);
  });

  it('reaches confirmed only through placing, or by a person who ordered', () => {
    const states = Object.keys(PURCHASE_TRANSITIONS) as PurchaseState[];
    expect(states.filter((state) => canGo(state, 'confirmed'))).toEqual(['placing', 'reconciling', 'ordering-by-hand']);
  });

  it('counts money as committed exactly until it is paid or given up', () => {
    expect([...COMMITTED_STATES, ...VOID_STATES, 'confirmed', 'received'].sort()).toEqual(Object.keys(PURCHASE_TRANSITIONS).sort());
  });
});

describe('canonicalJson', () => {
  const shuffled = (value: unknown): unknown => (Array.isArray(value) ? value.map(shuffled) : value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).toReversed().map(([k, v]) => [k, shuffled(v)])) : value);

  it('is the same text for the same content, and reads back as it', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(sha256Of(canonicalJson(shuffled(value)))).toBe(sha256Of(canonicalJson(value)));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }));
  });

  it('refuses what JSON would lose', () => {
    expect(() => canonicalJson({ profit: Number.NaN })).toThrow(RangeError);
    expect(() => canonicalJson({ total: 2n ** 60n })).toThrow(RangeError);
    expect(canonicalJson({ total: -12n })).toBe('{"total":-12}');
  });
});

const usd = (minor: number) => ({ minor, currency: 'USD' });

describe('termsOf', () => {
  it('asks for shipping only of an order that the seller does not send free', () => {
    const candidate = { unitPrice: usd(1_000), shipping: usd(600), shippingFreeFrom: usd(3_000) };
    const rules = { limits: { priceDriftBp: 0 }, business: { purchaseTaxBp: 0 } };
    expect([2, 3].map((quantity) => termsOf(candidate, quantity, rules).maxTotal)).toEqual([usd(2_600), usd(3_000)]);
  });
});

describe('compareQuote', () => {
  const approved = { quantity: 3, maxUnit: usd(1_020), maxTotal: usd(3_600) };
  const quote = { quantity: 3, unitPrice: usd(1_000), goods: usd(3_000), shipping: usd(500), tax: usd(0), total: usd(3_500), at: 0 };

  it('passes what stays within the approved terms, to the cent', () => {
    expect(compareQuote(approved, quote)).toBeNull();
    expect(compareQuote(approved, { ...quote, unitPrice: usd(1_020), total: usd(3_600) })).toBeNull();
  });

  it.each([
    ['stop.price-rose', { unitPrice: usd(1_021) }],
    ['stop.total-rose', { total: usd(3_601) }],
    ['stop.stock-below-quantity', { quantity: 2 }],
    ['stop.currency-changed', { total: { minor: 3_500, currency: 'EUR' } }],
  ])('stops with %s and the new figures', (code, change) => {
    const now = { ...quote, ...change };
    expect(compareQuote(approved, now)).toMatchObject({ code, data: { terms: { quantity: now.quantity, unit: now.unitPrice, total: now.total } } });
  });
});

describe('a stored rate', () => {
  it('reads back exactly', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (numerator, denominator) => {
      const rate = { from: 'DZD', to: 'USD', numerator, denominator };
      expect(parseRate('DZD', 'USD', rateText(rate))).toEqual(rate);
    }));
    expect(() => parseRate('DZD', 'USD', '0/1')).toThrow();
  });
});
