import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { explore, traps } from '#tests/support/state-machine.ts';
import { PRACTICE_BUSINESS, DEFAULT_LIMITS } from '../settings/index.ts';
import { compileFees, outboundPostage, readFeeCards, selectFeeCard } from '../pricing/index.ts';
import type { Lot } from '../inventory/index.ts';
import { byProfitPerDay } from './compare-channels.ts';
import type { ListingFacts } from './facts-port.ts';
import { floorPrice, profitAt } from './floor-price.ts';
import { FIRST_STATES, LISTING_TRANSITIONS } from './machine.ts';
import { priceListing } from './price-listing.ts';
import { choosePrice, LISTING_RULES, marginBpAt, priceForMargin } from './price-rules.ts';
import { channelCondition, writeDescription, writeTitle } from './write-text.ts';

const facts: ListingFacts = { title: 'Wireless Mouse M185, Grey', brand: 'Logitech', mpn: '910-002235', gtins: ['5099206027286'], imageUrls: [], category: null, aspects: { Colour: ['Grey'] }, package: { lengthMm: 100, widthMm: 60, heightMm: 40, weightG: 300 } };

const usd = (minor: number) => ({ minor, currency: 'USD' });

describe('the listing machine', () => {
  it('reaches every state and has one end', () => {
    const { reachable, terminal } = explore(LISTING_TRANSITIONS, FIRST_STATES);
    expect([...reachable].sort()).toEqual(Object.keys(LISTING_TRANSITIONS).sort());
    expect(terminal).toEqual(['ended']);
    expect(traps(LISTING_TRANSITIONS)).toEqual([]);
  });
});

describe('writeTitle', () => {
  it('is brand, title and part number within the channel\'s length', () => {
    expect(writeTitle(facts, 80)).toBe('Logitech Wireless Mouse M185, Grey 910-002235');
    expect(writeTitle({ ...facts, title: 'Logitech Wireless Mouse' }, 80)).toBe('Logitech Wireless Mouse 910-002235');
    expect(writeTitle(facts, 40)).toBe('Logitech Wireless Mouse M185, Grey');
    expect(writeTitle(facts, 30)).toBe('Logitech Wireless Mouse M185');
  });

  it('never passes the length and adds no word that is not a fact', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }), fc.option(fc.string({ maxLength: 40 })), fc.integer({ min: 10, max: 80 }), (title, brand, length) => {
      const text = writeTitle({ ...facts, title, brand, mpn: null }, length);
      expect(text.length).toBeLessThanOrEqual(length);
      expect(/[\p{Cc}<>]/u.test(text)).toBe(false);
    }));
  });
});

const option = (channel: string, minor: number | null, currency = 'USD') => ({ channel, profitPerDay: minor === null ? null : money(minor, currency) });

describe('channels side by side', () => {
  it('stand in the order of what each day leaves, whatever the currency; what has no rate or no price comes last', () => {
    const business = { ...PRACTICE_BUSINESS, rates: [{ from: 'EUR', to: 'USD', rate: '1.10', kind: 'official' as const, source: 'test', asOf: '2026-11-21' }] };
    expect(byProfitPerDay([option('etsy', null), option('ebay-us', 105), option('amazon-uk', 900, 'GBP'), option('ebay-de', 100, 'EUR')], business).map(({ channel }) => channel)).toEqual(['ebay-de', 'ebay-us', 'etsy', 'amazon-uk']);
  });
});

describe('writeDescription', () => {
  it('lists facts, escaped, and stops at the channel\'s length', () => {
    const text = writeDescription({ ...facts, title: 'A <script>alert("1")</script> & more' }, 'new', 4_000);
    expect(text).toBe('<p>A script alert(&quot;1&quot;) /script &amp; more</p><ul><li>Condition: New</li><li>Brand: Logitech</li><li>Part number: 910-002235</li><li>Product code (GTIN): 5099206027286</li><li>Colour: Grey</li></ul>');
    expect(writeDescription(facts, 'new', 90).length).toBeLessThanOrEqual(90);
  });

  it('claims no condition that the source did not state', () => {
    expect(channelCondition('unknown')).toBeNull();
    expect(channelCondition('damaged')).toBe('for-parts');
  });
});

describe('floorPrice', () => {
  const needs = { unitCostMinor: 1_000, shippingOutMinor: 450, minProfitMinor: 300, buyerShippingMinor: 0 };

  it('is the lowest price that earns what is wanted, for fees that rise with the price', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 500_000 }), (rateBp, fixed, unitCostMinor) => {
      const all = { ...needs, unitCostMinor, feesAt: (price: number) => Math.ceil((price * rateBp) / 10_000) + fixed };
      const floor = floorPrice(all)!;
      expect(profitAt(all, floor)).toBeGreaterThanOrEqual(300);
      expect(profitAt(all, floor - 1)).toBeLessThan(300);
    }));
  });

  it('earns what is wanted by the real card, across its cliffs', () => {
    const card = selectFeeCard(readFeeCards('resources/fee-cards'), 'ebay-us', '2026-11-21')!;
    for (const category of [null, ...Object.keys(card.categories)]) {
      const fees = compileFees(card, { category, fulfilment: 'fbm', buyerShipping: { minor: 0, currency: 'USD' }, salesTaxBp: 700, package: null, day: '2026-11-21' });
      for (const unitCostMinor of [1, 500, 1_000, 9_999, 14_000, 180_000, 450_000]) {
        const all = { ...needs, unitCostMinor, feesAt: fees.totalMinor };
        expect(profitAt(all, floorPrice(all)!)).toBeGreaterThanOrEqual(300);
      }
    }
  });

  it('does not exist where fees eat the whole price', () => {
    expect(floorPrice({ ...needs, feesAt: (price) => price })).toBeNull();
  });
});

describe('priceForMargin', () => {
  const needs = { unitCostMinor: 1_000, shippingOutMinor: 500, minProfitMinor: 300, buyerShippingMinor: 0, feesAt: (price: number) => Math.ceil((price * 1_300) / 10_000) + 30 };

  it('is the lowest price that leaves the margin, and none where fees and margin eat it all', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 8_000 }), fc.integer({ min: 1, max: 500_000 }), (marginBp, unitCostMinor) => {
      const all = { ...needs, unitCostMinor };
      const price = priceForMargin(all, marginBp)!;
      expect(marginBpAt(all, price)).toBeGreaterThanOrEqual(marginBp);
      expect(profitAt(all, price - 1) - ((price - 1) * marginBp) / 10_000).toBeLessThan(1);
    }));
    expect(priceForMargin({ ...needs, feesAt: (price) => Math.ceil(price / 2) }, 5_000)).toBeNull();
    expect(choosePrice({ ...needs, feesAt: (price) => Math.ceil(price / 2) }, { floor: 3_000, going: 4_000, known: true, rules: { targetMarginBp: 5_000, speed: 'patient' } })).toEqual({ minor: 4_200, basis: 'market' });
  });
});

describe('priceListing', () => {
  const lot = { location: 'A1', totalCost: { minor: 3_001, currency: 'USD' }, unitCost: { minor: 1_000, currency: 'USD' }, quantity: 3, estimate: { salePrice: { minor: 4_000, currency: 'USD' } } } as Lot;
  const given = { lot, facts, channel: 'ebay-us', feeCards: readFeeCards('resources/fee-cards'), business: PRACTICE_BUSINESS, limits: DEFAULT_LIMITS, market: null, rules: LISTING_RULES.fallback, salesTaxBp: 700, at: Date.UTC(2026, 10, 21) };

  it('follows the market, else the estimate, and never goes below the floor', () => {
    expect(priceListing(given)).toMatchObject({ price: usd(4_000), basis: 'estimate' });
    expect(priceListing({ ...given, market: usd(3_500) })).toMatchObject({ price: usd(3_500), basis: 'market' });
    const low = priceListing({ ...given, market: usd(100) });
    expect(low).toMatchObject({ basis: 'floor' });
    if (!('code' in low)) expect(low.price).toEqual(low.floor);
  });

  it('asks less for a quick sale and more with patience, and reaches for the margin as far as buyers go along', () => {
    const at = (rules: Partial<typeof given.rules>, market: number | null = 4_000) => priceListing({ ...given, market: market === null ? null : usd(market), rules: { ...given.rules, ...rules } });
    expect([at({ speed: 'quick' }), at({ speed: 'usual' }), at({ speed: 'patient' })]).toMatchObject([{ price: usd(3_840), basis: 'market' }, { price: usd(4_000) }, { price: usd(4_200) }]);
    // a margin that the going price leaves anyhow changes nothing; one within reach is asked for; one beyond it is not
    expect(at({ targetMarginBp: 1_000 })).toMatchObject({ price: usd(4_000), basis: 'market' });
    const near = at({ targetMarginBp: 4_500 });
    expect(near).toMatchObject({ basis: 'margin' });
    expect(at({ targetMarginBp: 7_000 })).toMatchObject({ price: usd(4_000), basis: 'market' });
    // nobody to stay near: cost, fees and margin make the price
    expect(at({ targetMarginBp: 5_000 }, null)).toMatchObject({ basis: 'margin' });
    expect(at({ targetMarginBp: 5_000, speed: 'quick' }, null)).toMatchObject({ price: usd(3_840), basis: 'estimate' });
    const low = at({ speed: 'quick' }, 100);
    if ('code' in low) throw new Error('it can be priced');
    expect(low).toMatchObject({ basis: 'floor', price: low.floor });
  });

  it('says why where there is no card or no rate', () => {
    expect(priceListing({ ...given, channel: 'nowhere' })).toEqual({ code: 'listing.no-fee-card', data: { channel: 'nowhere' } });
    expect(priceListing({ ...given, business: { ...PRACTICE_BUSINESS, homeCurrency: 'EUR', rates: [] } })).toMatchObject({ code: 'listing.no-rate' });
  });

  it('counts Amazon’s fees for sending in the place of postage where the units lie there, and says so where they cannot be counted', () => {
    const there = { ...given, channel: 'amazon-us', lot: { ...lot, location: 'Amazon FBA' }, market: usd(1) };
    const [sent, own] = [priceListing(there), priceListing({ ...there, lot })];
    if ('code' in sent || 'code' in own) throw new Error('both can be priced');
    const fee = (fulfilment: 'fba' | 'fbm', minor: number) => compileFees(selectFeeCard(given.feeCards, 'amazon-us', '2026-11-21')!, { category: null, fulfilment, buyerShipping: usd(0), salesTaxBp: 700, package: facts.package, storeLevel: 'none', day: '2026-11-21' }).totalMinor(minor);
    const profit = (minor: number, fulfilment: 'fba' | 'fbm', postage: number) => minor - fee(fulfilment, minor) - 1_001 - postage;
    expect([profit(sent.floor.minor, 'fba', 0), profit(own.floor.minor, 'fbm', 610)].every((left) => left >= DEFAULT_LIMITS.minProfit.minor && left < DEFAULT_LIMITS.minProfit.minor + 20)).toBe(true);
    expect(priceListing({ ...there, facts: { ...facts, package: null } })).toMatchObject({ code: 'listing.no-measures' });
  });

  it('counts postage by weight, begun minor units up', () => {
    expect(outboundPostage(PRACTICE_BUSINESS.outboundShipping, 300).minor).toBe(520 + 90);
    expect(outboundPostage(PRACTICE_BUSINESS.outboundShipping, 1, 3).minor).toBe(521);
  });
});
