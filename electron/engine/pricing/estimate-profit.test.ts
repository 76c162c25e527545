import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { unwrap } from '#kernel/result.ts';
import { DAY_MS } from '#kernel/time.ts';
import { defaultAssumptions, takeDownPerDay } from './assumptions.ts';
import { compileFees } from './compute-fees.ts';
import { decide, landedCeilingMinor, type DecisionFacts, type DecisionLimits } from './decide.ts';
import { chanceOfLoss, estimateProfit, expectedProfitMinor } from './estimate-profit.ts';
import { readFeeCards, selectFeeCard } from './fee-card.ts';
import { landedCost } from './landed-cost.ts';
import { summariseSeries } from './summarise-series.ts';
import type { LandedCostInput, MarketEvidence, SeriesPoint } from './types.ts';

const NOW = Date.UTC(2026, 10, 21);
const usd = (minor: number) => money(minor, 'USD');
const cards = readFeeCards(path.resolve(import.meta.dirname, '../../../resources/fee-cards'));
const ebay = selectFeeCard(cards, 'ebay-us', '2026-11-21')!;
const fees = compileFees(ebay, { category: 'everything', fulfilment: 'fbm', buyerShipping: usd(0), salesTaxBp: 800, package: null, day: '2026-11-21' });
const assumptions = defaultAssumptions(ebay, { category: 'everything', fulfilment: 'fbm', shippingOutMinor: 450 });

/** A price for each of `days` days up to now, by its age in days. */
const series = (days: number, priceAt: (age: number) => number | null): SeriesPoint[] =>
  Array.from({ length: days }, (_, i) => {
    const price = priceAt(days - i);
    return { at: NOW - (days - i) * DAY_MS, value: price === null ? null : Math.round(price) };
  });
const noisy = (seed: number, level: (age: number) => number, sigma = 0.03) => {
  const random = seededRandom(seed);
  return series(120, (age) => level(age) * Math.exp(sigma * random.normal()));
};
const cost = (minor: number): LandedCostInput => ({ unitPrice: usd(minor), quantity: 1, piecesPerPurchase: 1, piecesPerSale: 1, priceSource: 'page', homeCurrency: 'USD' });
const evidence = (over: Partial<MarketEvidence> = {}): MarketEvidence => ({ at: NOW, currency: 'USD', prices: noisy(1, () => 4_000), competingOffers: 3, monthlySold: 120, ...over });
const estimate = (over: Partial<MarketEvidence> = {}, price = 2_000) => unwrap(estimateProfit(evidence(over), { fees, landed: landedCost(cost(price)), assumptions }));

const netFalls = (prices: SeriesPoint[]) => summariseSeries(prices, NOW).netFalls;
const unitsPerDay = (over: Partial<MarketEvidence>) => estimate({ monthlySold: null, ...over }).unitsPerDay;

describe('summariseSeries', () => {
  it('finds a fall, its day and its size, and takes the level after it', () => {
    const summary = summariseSeries(noisy(3, (age) => (age > 12 ? 5_000 : 3_000)), NOW);
    expect(summary.direction).toBe('collapsing');
    expect(Math.abs((NOW - summary.changeAt!) / DAY_MS - 12)).toBeLessThanOrEqual(2);
    expect(summary.changeLog).toBeCloseTo(Math.log(0.6), 1);
    expect(Math.abs(summary.level! - 3_000)).toBeLessThan(100);
  });

  it('sees a rise within four days', () => {
    expect(summariseSeries(noisy(4, (age) => (age > 4 ? 3_000 : 3_900)), NOW).direction).toBe('rising');
  });

  it('follows a steady decline', () => {
    const summary = summariseSeries(noisy(5, (age) => 3_000 * Math.exp(0.012 * age), 0.01), NOW);
    expect(summary.direction).toBe('collapsing');
    expect(summary.driftPerDay).toBeLessThan(-0.008);
  });

  it('raises a false alarm in under 2 % of series that only make noise', () => {
    let alarms = 0;
    for (let seed = 0; seed < 1_000; seed++) if (summariseSeries(noisy(seed + 100, () => 2_500, 0.04), NOW).direction !== 'steady') alarms++;
    expect(alarms).toBeLessThan(20);
  });

  it('is not moved by a single-day spike', () => {
    const calm = summariseSeries(series(120, () => 2_000), NOW);
    const spiked = summariseSeries(series(120, (age) => (age === 5 ? 9_900 : 2_000)), NOW);
    expect(spiked.level).toBeCloseTo(calm.level!, 5);
    expect(spiked.direction).toBe('steady');
  });

  it('leaves gaps out, says how stale it is, and reads nothing from the future', () => {
    const gone = summariseSeries([...series(60, (age) => (age > 10 ? 2_000 : null)), { at: NOW + DAY_MS, value: 9_000 }], NOW);
    expect([Math.round(gone.level!), gone.observedDays, gone.staleDays]).toEqual([2_000, 50, 10]);
    expect(summariseSeries([], NOW).level).toBeNull();
    expect(summariseSeries([{ at: NOW - 5 * DAY_MS, value: -1 }], NOW).level).toBeNull();
  });

  it('holds a value until the next point, however old it is', () => {
    expect(Math.round(summariseSeries([{ at: NOW - 400 * DAY_MS, value: 1_234 }], NOW).level!)).toBe(1_234);
  });

  it('tells a price that keeps falling from one that fell at once, and from one that only wanders', () => {
    expect(netFalls(series(120, (age) => 3_000 * Math.exp(0.01 * age)))).toBeGreaterThan(0.5);
    expect(netFalls(series(120, (age) => (age > 12 ? 4_000 : 2_600)))).toBe(0);
    expect(netFalls(series(120, (age) => 3_000 * Math.exp(-0.01 * age)))).toBe(0);
    expect(Array.from({ length: 200 }, (_, seed) => netFalls(noisy(seed, () => 3_000))).filter((share) => share > 0)).toHaveLength(0);
  });

  it('knows the season from last year', () => {
    const yearly = series(420, (age) => (age > 335 && age <= 365 ? 3_000 : 2_000));
    expect(summariseSeries(yearly, NOW).seasonLog).toBeCloseTo(Math.log(1.5) / 2, 2);
    expect(summariseSeries(series(100, () => 2_000), NOW).seasonLog).toBe(0);
  });
});

const codes = (over: Partial<MarketEvidence>) => estimate(over).unknowns.map((u) => u.code);
const days = (over: Partial<MarketEvidence>) => estimate(over).daysToSellTenths.p50;

const lot = (quantity: number) => unwrap(estimateProfit(evidence({ monthlySold: 3 }), { fees, landed: landedCost({ ...cost(2_000), quantity }), assumptions: { ...assumptions, horizonDays: 60 } }));

describe('estimateProfit', () => {
  it('lays open a sum that holds exactly', () => {
    const e = estimate();
    expect(e.waterfall.reduce((sum, line) => sum + line.amount.minor, 0)).toBe(e.profit.mean.minor);
    expect(e.profitAtMedian.minor).toBe(e.salePrice.p50.minor - e.fees.total.minor - 450 - 2_000);
    expect(Math.abs(e.salePrice.p50.minor - 4_000)).toBeLessThan(120);
    expect(e.chanceOfLossBp).toBeLessThan(1_000);
  });

  it('counts a fall that goes on, and says so', () => {
    const [falling, fell] = [estimate({ prices: series(120, (age) => 4_000 * Math.exp(0.01 * age)) }), estimate({ prices: series(120, (age) => (age > 60 ? 5_400 : 4_000)) })];
    expect(falling.salePrice.p50.minor).toBeLessThan(0.9 * fell.salePrice.p50.minor);
    expect([falling, fell].map((e) => e.unknowns.some(({ code }) => code === 'price.keeps-falling'))).toEqual([true, false]);
  });

  it('expects less demand of what becomes dearer than it was while that was seen, and says so', () => {
    const [steady, dearer] = [estimate({ prices: series(120, () => 4_000) }), estimate({ prices: series(120, (age) => (age > 10 ? 3_000 : 4_000)) })];
    expect(dearer.unitsPerDay / steady.unitsPerDay).toBeLessThan(0.8);
    expect(dearer.unitsPerDay / steady.unitsPerDay).toBeGreaterThan(0.65);
    expect([steady, dearer].map((e) => e.unknowns.some(({ code }) => code === 'demand.price-moves'))).toEqual([false, true]);
  });

  it('answers the same twice, without a clock or chance', () => {
    expect(estimate()).toEqual(estimate());
  });

  it('expects less of a price that collapsed, and says why', () => {
    const fallen = estimate({ prices: noisy(6, (age) => (age > 10 ? 4_000 : 2_600)) });
    expect(fallen.trend.direction).toBe('collapsing');
    expect(fallen.salePrice.p50.minor).toBeLessThan(2_750);
    expect(fallen.chanceOfLossBp).toBeGreaterThan(9_000);
  });

  it('lets the units of a lot sell one after the other: the last ones wait, and what is left at the horizon is sold off', () => {
    const [one, four, twelve] = [lot(1), lot(4), lot(12)];
    expect(four.profit.mean.minor).toBeLessThan(one.profit.mean.minor - 200);
    expect(twelve.profit.mean.minor).toBeLessThan(four.profit.mean.minor);
    expect(twelve.chanceOfLossBp).toBeGreaterThan(one.chanceOfLossBp);
    expect(four.waterfall.find((line) => line.code === 'estimate.clearance')!.amount.minor).toBeLessThan(-200);
    expect(four.waterfall.reduce((sum, line) => sum + line.amount.minor, 0)).toBe(four.profit.mean.minor);
    // what it goes for on the market is not what is left over goes for
    expect(four.salePrice.p50.minor).toBeGreaterThan(3_800);
    expect(lot(1).daysToSellTenths.p50).toBe(lot(12).daysToSellTenths.p50);
  });

  it('takes less beside more rivals, each further one less than the one before', () => {
    const perDay = [0, 1, 2, 4, 8, 20].map((competingOffers) => estimate({ competingOffers }).unitsPerDay);
    expect(perDay).toEqual(perDay.toSorted((a, b) => b - a));
    expect(perDay[0]! / perDay[1]!).toBeCloseTo(2, 5);
    expect(perDay[4]! / perDay[5]!).toBeLessThan(1.15);
  });

  it('reads the middle of the band that a shop page shows, and three months where the last one is mostly chance', () => {
    expect(unitsPerDay({ monthlySold: 200 }) / unitsPerDay({ monthlySold: 50 })).toBeCloseTo(250 / 75, 5);
    expect(unitsPerDay({ rankDrops30: 0, rankDrops90: 9 }) / unitsPerDay({ rankDrops30: 3, rankDrops90: 9 })).toBeGreaterThan(0.9);
    expect(unitsPerDay({ rankDrops30: 90, rankDrops90: 90 }) / unitsPerDay({ rankDrops30: 30, rankDrops90: 90 })).toBeGreaterThan(1.8);
  });

  it('names what it does not know', () => {
    expect(codes({ prices: [], comparables: [{ price: usd(4_000), kind: 'asking' }], competingOffers: null, monthlySold: null })).toEqual(expect.arrayContaining(['price.no-history', 'price.asking-only', 'demand.none', 'competition.unknown', 'returns.assumed']));
    expect(codes({ monthlySold: null, ranks: [{ at: NOW - 40 * DAY_MS, value: 5_000 }] })).toContain('demand.rank-only');
    expect(codes({ prices: series(40, (age) => (age > 12 ? 4_000 : null)) })).toEqual(expect.arrayContaining(['price.short-history', 'price.stale']));
    expect(estimateProfit(evidence({ prices: [] }), { fees, landed: landedCost(cost(1)), assumptions })).toEqual({ ok: false, error: { code: 'NO_PRICE', data: {} } });
  });

  it('is surer with more evidence', () => {
    const bare = estimate({ prices: series(10, () => 4_000), monthlySold: null, competingOffers: null });
    expect(estimate().confidenceBp).toBeGreaterThan(bare.confidenceBp + 1_500);
    expect(estimate().salePrice.p90.minor - estimate().salePrice.p10.minor).toBeLessThan(bare.salePrice.p90.minor - bare.salePrice.p10.minor);
  });

  it('sells slower among more offers, and slower still beside the marketplace itself', () => {
    expect(days({ competingOffers: 0 })).toBeLessThan(days({ competingOffers: 9 }));
    expect(days({ vendorSells: true })).toBeGreaterThan(days({ vendorSells: false }));
    expect(days({ own: { units: 60, days: 30, returns: 0, averagePrice: null } })).toBeLessThan(days({}));
  });

  it('holds 75 to 85 % of outcomes in its 80 % range, for prices that wander', () => {
    let inside = 0;
    const trials = 2_000;
    for (let seed = 0; seed < trials; seed++) {
      const random = seededRandom(`walk${seed}`);
      const logs: number[] = [Math.log(4_000)];
      for (let day = 1; day < 180; day++) logs.push(logs[day - 1]! + 0.012 * random.normal());
      const prices = logs.slice(0, 120).map((log, i): SeriesPoint => ({ at: NOW - (120 - i) * DAY_MS, value: Math.round(Math.exp(log + 0.01 * random.normal())) }));
      const e = estimate({ prices });
      const shelf = Math.min(55, Math.round(-Math.log(1 - random.next()) / (120 / 30 / 4)));
      const sold = Math.exp(logs[Math.min(179, 119 + assumptions.daysToShelf + shelf)]! + 0.01 * random.normal());
      if (sold >= e.salePrice.p10.minor && sold <= e.salePrice.p90.minor) inside++;
    }
    expect(inside / trials).toBeGreaterThan(0.75);
    expect(inside / trials).toBeLessThan(0.88);
  });

  it('orders its quantiles and falls as the cost rises', () => {
    fc.assert(fc.property(fc.integer({ min: 100, max: 6_000 }), fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 50 }), (price, more, seed) => {
      const over = { prices: noisy(seed, () => 4_000, 0.08) };
      const a = estimate(over, price);
      const b = estimate(over, price + more);
      const order = [a.profit.p05, a.profit.p10, a.profit.p25, a.profit.p50, a.profit.p75, a.profit.p90, a.profit.p95].map((m) => m.minor);
      expect(order).toEqual(order.toSorted((x, y) => x - y));
      expect(b.profit.mean.minor).toBeLessThanOrEqual(a.profit.mean.minor);
      expect(b.chanceOfLossBp).toBeGreaterThanOrEqual(a.chanceOfLossBp);
      expect(a.waterfall.reduce((sum, line) => sum + line.amount.minor, 0)).toBe(a.profit.mean.minor);
    }), { numRuns: 60 });
  });
});

const facts: DecisionFacts = {
  restriction: 'allowed', hazmat: false, brandRisk: null, blockedBrand: null, blockedCategory: null, hiddenPrice: false, variationParent: false, pack: 'same', identityBp: 10_000, sellerRisk: 'none', available: null, negotiable: true,
};
const limits: DecisionLimits = {
  minProfitMinor: 300, minRoiBp: 2_000, maxLossChanceBp: 2_500, minConfidenceBp: 2_000, minIdentityBp: 9_000, maxPerPurchaseMinor: 50_000, remainingTodayMinor: 100_000, remainingSellerMinor: null, remainingCategoryMinor: null,
  targetSellDays: 30, maxDaysToSell: 90, maxDiscountBp: 2_500,
};
const decideAt = (price: number, over: Partial<DecisionFacts> = {}, limit: Partial<DecisionLimits> = {}, seen: Partial<MarketEvidence> = {}) =>
  decide({ estimate: estimate(seen, price), cost: cost(price), facts: { ...facts, ...over }, limits: { ...limits, ...limit } });

describe('decide', () => {
  it('buys what meets every floor, as many as sell in time and fit the budget', () => {
    const result = decideAt(1_800);
    expect(result.decision).toBe('purchase');
    expect(result.quantity).toBeGreaterThan(3);
    expect(result.quantity * 1_800).toBeLessThanOrEqual(50_000);
    expect(result.ceiling!.purchasePrice.minor).toBeGreaterThan(1_800);
    expect(decideAt(1_800, { available: 2 }).quantity).toBe(2);
    expect(decideAt(1_800, {}, { maxPerPurchaseMinor: 3_700 }).quantity).toBe(2);
    expect(decideAt(1_800, {}, { targetSellDays: 3 }).quantity).toBeLessThan(result.quantity);
  });

  it('negotiates where a better price would meet them, and skips where it is too far or fixed', () => {
    const ceiling = decideAt(1_800).ceiling!.purchasePrice.minor;
    const dear = decideAt(Math.round(ceiling * 1.1));
    expect(dear.decision).toBe('negotiate');
    expect(dear.quantity).toBeGreaterThan(0);
    expect(decideAt(Math.round(ceiling * 1.1), { negotiable: false }).decision).toBe('skip');
    expect(decideAt(Math.round(ceiling * 1.6)).reasons.map((r) => r.code)).toContain('ceiling.too-far');
  });

  it.each([
    ['restriction.not-eligible', { restriction: 'not-eligible' }], ['restriction.approval-required', { restriction: 'approval-required' }], ['product.hazmat', { hazmat: true }],
    ['brand.ip-risk', { brandRisk: { level: 'block', brand: 'X', source: 'VeRO' } }], ['limit.brand-blocked', { blockedBrand: 'X' }], ['limit.category-blocked', { blockedCategory: 'toys' }], ['price.hidden', { hiddenPrice: true }],
    ['product.variation-parent', { variationParent: true }], ['pack.conflict', { pack: 'conflict' }], ['seller.bad-signs', { sellerRisk: 'block' }], ['identity.unsure', { identityBp: 8_999 }], ['offer.out-of-stock', { available: 0 }],
  ] as [string, Partial<DecisionFacts>][])('skips whatever the profit for %s', (code, over) => {
    const result = decideAt(100, over);
    expect([result.decision, result.quantity]).toEqual(['skip', 0]);
    expect(result.reasons).toContainEqual(expect.objectContaining({ kind: 'block', code }));
  });

  it('skips when no unit fits the budget, or too little is known', () => {
    expect(decideAt(1_800, {}, { remainingTodayMinor: 1_799 }).reasons[0]?.code).toBe('limit.no-unit-fits');
    expect(decideAt(1_800, {}, { minConfidenceBp: 9_900 }).reasons.map((r) => r.code)).toContain('confidence.below');
  });

  it('has a ceiling that is the last price to meet every floor', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 1_500 }), fc.integer({ min: 0, max: 6_000 }), fc.integer({ min: 600, max: 9_000 }), (seed, minProfitMinor, minRoiBp, maxLossChanceBp) => {
      const { proceeds } = estimate({ prices: noisy(seed, () => 4_000, 0.1) });
      const floors = { minProfitMinor, minRoiBp, maxLossChanceBp };
      const meets = (landed: number) => expectedProfitMinor(proceeds, landed) >= minProfitMinor && expectedProfitMinor(proceeds, landed) * 10_000 >= minRoiBp * landed && Math.round(chanceOfLoss(proceeds, landed) * 10_000) <= maxLossChanceBp;
      const ceiling = landedCeilingMinor(proceeds, floors);
      if (ceiling === null) expect(meets(0)).toBe(false);
      else expect([meets(ceiling), meets(ceiling + 1)]).toEqual([true, false]);
    }), { numRuns: 60 });
  });
});

const wanderedOff = (age: number) => 4_000 * Math.exp(age > 30 ? 0 : (0.09 * (30 - age)) / 30);

const seen = (calibration: NonNullable<MarketEvidence['calibration']>) => estimate({ monthlySold: 40, channelShare: 0.15, channelSold: { units: 2, days: 90 }, calibration });
const profitBeside = (monthlySold: number, takeDownPerDayBp: number) => unwrap(estimateProfit(evidence({ monthlySold }), { fees, landed: landedCost(cost(2_000)), assumptions: { ...assumptions, takeDownPerDayBp } })).profit.mean.minor;

describe('what is known of the selling channel', () => {
  const slow = { channelShare: 0.15, rankDrops30: 3, rankDrops90: 9 } as const;

  it('believes what the channel sold the more the longer it sold, and leaves the uncorrected figure by the market alone', () => {
    const rate = (channelSold: NonNullable<MarketEvidence['channelSold']> | null) => unitsPerDay({ ...slow, channelSold });
    expect(rate({ units: 30, days: 90 })).toBeGreaterThan(5 * rate(null));
    expect(rate({ units: 10, days: 30 })).toBeGreaterThan(rate(null));
    expect(rate({ units: 10, days: 30 })).toBeLessThan(rate({ units: 30, days: 90 }));
    expect(rate({ units: 0, days: 90 })).toBeLessThan(rate(null));
    const told = estimate({ monthlySold: null, ...slow, channelSold: { units: 30, days: 90 }, calibration: { priceBp: 10_000, leastSigma: 0, demandBp: 20_000 } });
    expect(told.uncorrectedUnitsPerDay).toBeCloseTo(rate(null), 6);
  });

  it('takes what the channel’s counts taught of its share in place of what own sales did, and trusts it more', () => {
    const [plain, own, counts] = [seen({ priceBp: 10_000, leastSigma: 0, demandBp: 10_000 }), seen({ priceBp: 10_000, leastSigma: 0, demandBp: 20_000 }), seen({ priceBp: 10_000, leastSigma: 0, demandBp: 10_000, channelBp: 20_000 })];
    expect(own.unitsPerDay).toBeGreaterThan(plain.unitsPerDay);
    expect(counts.unitsPerDay).toBeGreaterThan(own.unitsPerDay);
    expect(counts.channelCount).toEqual({ units: 2, days: 90, promisedPerDay: plain.channelCount!.promisedPerDay });
  });

  it('counts as sold off what is not sold by the horizon, to the part of a unit: a horizon a little longer leaves a little less', () => {
    const left = [40, 45, 50, 55, 60].map((horizonDays) => -unwrap(estimateProfit(evidence({ monthlySold: 3 }), { fees, landed: landedCost(cost(2_000)), assumptions: { ...assumptions, horizonDays } })).waterfall.find((l) => l.code === 'estimate.clearance')!.amount.minor);
    const steps = left.slice(1).map((minor, i) => (left[i]! - minor) / left[0]!);
    for (const step of steps) expect(step).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(0.2);
  });

  it('takes the price of another market for what it brings here, less surely', () => {
    const here = estimate();
    const other = estimate({ otherMarket: { ratio: 0.9, sigma: 0.1 } });
    expect(other.salePrice.p50.minor / here.salePrice.p50.minor).toBeCloseTo(0.9, 2);
    expect(other.salePrice.p90.minor / other.salePrice.p10.minor).toBeGreaterThan(here.salePrice.p90.minor / here.salePrice.p10.minor);
    expect(other.unknowns.map((u) => u.code)).toContain('price.other-market');
  });

  it('expects a price that wandered off to come part of the way back, and less of it after a break', () => {
    const level = summariseSeries(noisy(9, wanderedOff, 0.005), NOW);
    expect(level.usual!).toBeLessThan(level.level!);
    const sold = estimate({ prices: noisy(9, wanderedOff, 0.005) }).salePrice.p50.minor;
    expect(sold).toBeLessThan(level.level! * Math.exp(20 * level.driftPerDay));
  });

  it('sells off what is taken down: the slower it sells, the more of it', () => {
    expect(profitBeside(120, 300)).toBeLessThan(profitBeside(120, 0));
    expect(profitBeside(20, 0) - profitBeside(20, 300)).toBeGreaterThan(2 * (profitBeside(200, 0) - profitBeside(200, 300)));
    expect([{ asked: 0, refused: 0 }, { asked: 1, refused: 1 }, { asked: 5, refused: 5 }, { asked: 2, refused: 1 }].map(takeDownPerDay)).toEqual([80, 160, 190, 0]);
  });

  it('calls profitable what earns more than estimates are off by, is the thing that it is sold as, and need not meet the limits', () => {
    const verdict = (price: number, over: Partial<DecisionFacts> = {}) => decide({ estimate: estimate({}, price), cost: cost(price), facts: { ...facts, ...over }, limits: { ...limits, minProfitMinor: 100_000 } }).verdict;
    const even = landedCeilingMinor(estimate({}).proceeds, { minProfitMinor: 0, minRoiBp: 0, maxLossChanceBp: 10_000 })!;
    expect([even - 400, even - 20, even + 20, even + 400].map((price) => verdict(price))).toEqual(['profitable', 'unsure', 'unsure', 'losing']);
    const fourInHundred = (over: Partial<MarketEvidence>) => {
      const price = landedCeilingMinor(estimate(over).proceeds, { minProfitMinor: 0, minRoiBp: 0, maxLossChanceBp: 10_000 })! - 160;
      return decide({ estimate: estimate(over, price), cost: cost(price), facts, limits }).verdict;
    };
    const sold = { channelSold: { units: 360, days: 90 } };
    expect([sold, { channelSold: null }, {}, { ...sold, otherMarket: { ratio: 0.95, sigma: 0.02 } }].map(fourInHundred)).toEqual(['profitable', 'profitable', 'unsure', 'unsure']);
    expect([verdict(even - 400, { pack: 'conflict' }), verdict(even - 400, { identityBp: 100 }), verdict(even - 400, { blockedBrand: 'Acme' }), verdict(even - 400, { available: 0 })]).toEqual(['unsure', 'unsure', 'profitable', 'profitable']);
  });
});
