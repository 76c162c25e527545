import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { seededRandom } from '#kernel/random.ts';
import { REPRICE_STRATEGIES, type RepriceStrategy } from '#contract/words.ts';
import { choosePrice, type RepriceInput } from './choose-price.ts';
import { earnedByNext, type BuyAgain } from './buy-again.ts';
import { addObserved, drawDemand, meanDemand, noEvidence, poolBelief, salesPerDay, SHARPNESS, uncertainty, type Evidence } from './demand-belief.ts';
import { detectWar, leaveWar, type PricePoint } from './detect-war.ts';
import { logGamma } from './gamma.ts';
import type { MarketView } from './market-view.ts';
import { viewFromHistory, type KnownMarket } from './view-history.ts';
import { DEFAULT_RULE } from './rule-defaults.ts';
import { shareOfBuyers } from './share-of-buyers.ts';
import { bestPrice, type PriceChoice } from './value-stock.ts';

const NOW = Date.UTC(2026, 8, 1);
const feesAt = (minor: number) => Math.round(minor * 0.136) + 40;

function history(lowestMinor: number, at = NOW): KnownMarket {
  return { currency: 'USD', at, source: 'test', lowest: [{ at: at - 60 * DAY_MS, value: lowestMinor }, { at: at - DAY_MS, value: lowestMinor }], buyBoxMinor: null, rivalsMinor: [lowestMinor, Math.round(lowestMinor * 1.05)], rivalCount: null, rankDrops30: 30, monthlySold: null, salesOf: 'amazon' };
}

const market = (lowestMinor: number, at = NOW) => viewFromHistory(history(lowestMinor, at));

/** The same market in a category that sells most in so many days. */
function peakIn(days: number, waveBp: number): MarketView {
  const angle = (2 * Math.PI * (NOW / DAY_MS + days)) / 365.25;
  return viewFromHistory({ ...history(4_000), season: { waveBp: [waveBp * Math.cos(angle), waveBp * Math.sin(angle), 0, 0] } });
}

function input(part: Partial<RepriceInput> = {}): RepriceInput {
  return {
    listingId: 'lst_1', currency: 'USD', now: NOW, listedAt: NOW - 5 * DAY_MS, units: 4, priceMinor: 4_400, floorMinor: 2_800, unitCostMinor: 2_000, postageMinor: 500, feesAt, rule: DEFAULT_RULE, market: market(4_000), evidence: noEvidence(0.25), pool: poolBelief([]),
    ownPrices: [{ at: NOW - 5 * DAY_MS, minor: 4_400 }], changesToday: 0, channelChangesLeft: null, ...part,
  };
}

const by = (strategy: RepriceStrategy) => choosePrice(input({ rule: { ...DEFAULT_RULE, strategy } }));

const stateAt = (ratio: number) => ({ ratio, others: [1, 1.04, 1.08], season: 1 });

describe('choosePrice', () => {
  it('never goes below the floor, whatever the market, the rule and the belief', () => {
    fc.assert(fc.property(fc.constantFrom(...REPRICE_STRATEGIES), fc.integer({ min: 100, max: 20_000 }), fc.integer({ min: 100, max: 20_000 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 200 }), (strategy, lowest, floorMinor, units, age) => {
      const found = choosePrice(input({ rule: { ...DEFAULT_RULE, strategy }, market: market(lowest), floorMinor, units, listedAt: NOW - age * DAY_MS, priceMinor: Math.max(1, floorMinor - 50) }));
      expect(found.toMinor).toBeGreaterThanOrEqual(floorMinor);
      expect(found.action).toBe('change');
    }), { numRuns: 150 });
  });

  it('follows each rule, and says by which', () => {
    expect(by('match-lowest')).toMatchObject({ action: 'change', toMinor: 4_000, reasons: [{ code: 'reprice.match-lowest' }] });
    expect(by('undercut')).toMatchObject({ toMinor: 3_960, reasons: [{ code: 'reprice.undercut' }] });
    expect(by('buy-box')).toMatchObject({ toMinor: 4_000 });
    const margin = by('fixed-margin').toMinor;
    expect(margin - feesAt(margin) - 2_500).toBeGreaterThanOrEqual(500);
    expect(margin - 1 - feesAt(margin - 1) - 2_500).toBeLessThan(500);
  });

  it('asks more where the same units sell elsewhere too, less where money in stock could earn, and says so', () => {
    const known = addObserved(noEvidence(0.5), { units: 30, days: 100, ...stateAt(1) });
    const price = (part: Partial<RepriceInput>) => choosePrice(input({ rule: { ...DEFAULT_RULE, ceilingBp: 20_000, leastChangeBp: 10 }, evidence: known, pool: poolBelief([known]), units: 16, priceMinor: 9_000, ...part }));
    const [alone, beside, earning] = [price({}), price({ elsewhere: [{ keptMinor: 3_200, perDay: 0.2 }] }), price({ earningPerDay: 0.01 })];
    expect(beside.toMinor).toBeGreaterThan(alone.toMinor);
    expect(earning.toMinor).toBeLessThan(alone.toMinor);
    expect([alone, beside, earning].map((chosen) => chosen.reasons[1]?.code)).toEqual([undefined, 'reprice.elsewhere', 'reprice.money-earns']);
    // what nobody buys elsewhere changes nothing
    expect(price({ elsewhere: [{ keptMinor: 3_200, perDay: 0 }] })).toEqual(alone);
  });

  it('waits for a season that comes, and lets go before one that passes, more so the stronger it is, and says so', () => {
    const known = addObserved(noEvidence(0.5), { units: 30, days: 100, ...stateAt(1) });
    const price = (view: MarketView) => choosePrice(input({ rule: { ...DEFAULT_RULE, ceilingBp: 20_000, leastChangeBp: 10 }, evidence: known, pool: poolBelief([known]), units: 4, priceMinor: 9_000, market: view }));
    const now = market(4_000);
    // the same demand today, so that the days ahead alone differ
    const ahead = (days: number, waveBp: number) => price({ ...peakIn(days, waveBp), season: now.season });
    const [flat, coming, strong, passing] = [price(now), ahead(60, 4_000), ahead(60, 9_000), ahead(-60, 4_000)];
    expect(coming.toMinor).toBeGreaterThan(flat.toMinor);
    expect(strong.toMinor).toBeGreaterThan(coming.toMinor);
    expect(passing.toMinor).toBeLessThan(flat.toMinor);
    expect([flat, coming, passing].map((chosen) => chosen.reasons[1]?.code)).toEqual([undefined, 'reprice.season-rises', 'reprice.season-falls']);
    // the whole time that the rule gives is looked at: in a year the season comes and goes
    const [, year] = choosePrice(input({ rule: { ...DEFAULT_RULE, sellWithinDays: 365 }, market: peakIn(91, 4_000) })).reasons;
    expect(year).toMatchObject({ code: 'reprice.season-rises', data: { days: 360 } });
    expect(year!.data['seasonBp']).toBeLessThan(10_600);
    // a wave that the evidence does not bear out is drawn to none, and none changes nothing
    expect(price(peakIn(60, 0))).toEqual(flat);
    // what sold in the peak is not expected of the rest of the year
    expect(peakIn(-15, 6_000).unitsPerDay).toBeLessThan(now.unitsPerDay / 1.5);
  });

  it('sells faster what can be bought again, the cheaper it is to get the more so, and says what it waits for', () => {
    const known = addObserved(noEvidence(0.5), { units: 30, days: 100, ...stateAt(1) });
    const price = (again: BuyAgain | null) => choosePrice(input({ rule: { ...DEFAULT_RULE, ceilingBp: 20_000, leastChangeBp: 10 }, evidence: known, pool: poolBelief([known]), units: 2, priceMinor: 9_000, again }));
    const [last, dear, cheap] = [price(null), price({ costRatio: 1.1, units: 3, chance: 1 }), price({ costRatio: 0.7, units: 3, chance: 1 })];
    expect(dear.toMinor).toBeLessThan(last.toMinor);
    expect(cheap.toMinor).toBeLessThan(dear.toMinor);
    expect(cheap.reasons[1]).toMatchObject({ code: 'reprice.buys-again', data: { cost: { minor: 1_400, currency: 'USD' } } });
    // what costs more than anybody pays is not bought again
    expect(price({ costRatio: 3, units: 3, chance: 1 })).toEqual(last);
    // nor by a desk that never does
    expect(price({ costRatio: 0.7, units: 3, chance: 0 })).toEqual(last);
  });

  it('holds still for a small, an early and one change too many, and says until when', () => {
    const rule = { ...DEFAULT_RULE, strategy: 'match-lowest' as const };
    const moved = [{ at: NOW - 9 * DAY_MS, minor: 4_300 }, { at: NOW - HOUR_MS, minor: 4_400 }];
    expect(choosePrice(input({ rule, priceMinor: 4_010 })).reasons.at(-1)).toMatchObject({ code: 'reprice.small-change' });
    expect(choosePrice(input({ rule, ownPrices: moved }))).toMatchObject({ action: 'keep', reasons: [{}, { code: 'reprice.too-soon', data: { nextAt: NOW + 11 * HOUR_MS } }] });
    expect(choosePrice(input({ rule, changesToday: 4 })).reasons.at(-1)).toMatchObject({ code: 'reprice.day-limit' });
    expect(choosePrice(input({ rule, channelChangesLeft: 0 }))).toMatchObject({ action: 'keep', reasons: [{}, { code: 'reprice.quota' }] });
    // what lies below its floor waits for none of them but the channel's own limit
    expect(choosePrice(input({ rule, ownPrices: moved, changesToday: 9, floorMinor: 4_500 }))).toMatchObject({ action: 'change', toMinor: 4_500 });
    expect(choosePrice(input({ rule, floorMinor: 4_500, channelChangesLeft: 0 }))).toMatchObject({ action: 'refuse' });
  });

  it('moves nothing on old figures or none, and does not undercut itself', () => {
    expect(choosePrice(input({ market: null }))).toMatchObject({ action: 'keep', reasons: [{ code: 'reprice.no-market' }] });
    expect(choosePrice(input({ market: market(3_000, NOW - 5 * DAY_MS) }))).toMatchObject({ action: 'keep', reasons: [{ code: 'reprice.market-stale' }] });
    const own = { ...market(4_400), rivalsMinor: null };
    expect(choosePrice(input({ rule: { ...DEFAULT_RULE, strategy: 'match-lowest' }, market: own })).action).toBe('keep');
  });

  it('asks more for few units with time than for many with little, and less as stock ages', () => {
    const rule = { ...DEFAULT_RULE, search: false };
    const known = Array.from({ length: 60 }).reduce<Evidence>((evidence, _, day) => addObserved(evidence, { units: day % 5 === 0 ? 1 : 0, days: 1, ratio: 1, others: [1, 1.05], season: 1 }), noEvidence(0.25));
    const price = (units: number, age: number) => choosePrice(input({ rule, units, listedAt: NOW - age * DAY_MS, evidence: known, pool: poolBelief([known]), floorMinor: 2_000, priceMinor: 9_000 })).toMinor;
    expect(price(1, 0)).toBeGreaterThan(price(20, 0));
    expect(price(6, 0)).toBeGreaterThan(price(6, 55));
  });

  it('draws the same price from the same belief, and searches only while demand is unknown', () => {
    expect(choosePrice(input())).toEqual(choosePrice(input()));
    expect(choosePrice(input())).toMatchObject({ reasons: [{ code: 'reprice.search' }] });
    expect(choosePrice(input()).seed).not.toBeNull();
    const known = addObserved(noEvidence(0.25), { units: 60, days: 300, ratio: 1, others: [1, 1.05], season: 1 });
    expect(uncertainty(known, poolBelief([known]))).toBeLessThan(0.5);
    expect(choosePrice(input({ evidence: known, pool: poolBelief([known]) })).reasons[0]!.code).toBe('reprice.optimised');
  });
});

describe('the belief', () => {
  it('is exact: the same as integrating the likelihood numerically', () => {
    const others = [1, 1.04];
    let evidence = noEvidence(0.3);
    for (const [ratio, units] of [[0.95, 2], [1, 0], [1.1, 1], [1, 1]] as const) evidence = addObserved(evidence, { units, days: 3, ratio, others, season: 1 });
    const pool = poolBelief([evidence]);
    // brute force over a fine grid of rates for the posterior weight of each sharpness
    const weight = SHARPNESS.map((s) => {
      let sum = 0;
      for (const [k, prior] of [[0.2, 0.06], [0.4, 0.14], [0.7, 0.2], [1, 0.22], [1.5, 0.2], [2.5, 0.12], [4, 0.06]] as const) {
        for (let rate = 0.0005; rate < 8; rate += 0.004) {
          const b = 2 / (k * 0.3);
          let log = Math.log(b * b * rate) - b * rate;
          for (const [ratio, units] of [[0.95, 2], [1, 0], [1.1, 1], [1, 1]] as const) log += units * Math.log(rate * shareOfBuyers(ratio, others, s)) - rate * shareOfBuyers(ratio, others, s) * 3;
          sum += prior * Math.exp(log) * 0.004;
        }
      }
      return sum;
    }).map((sum, i) => sum * [0.08, 0.14, 0.2, 0.2, 0.18, 0.12, 0.08][i]!);
    const total = weight.reduce((a, b) => a + b, 0);
    meanDemand(evidence, pool).terms.forEach((term, i) => expect(term.weight).toBeCloseTo(weight[i]! / total, 3));
  });

  it('finds the buyers that it is shown', () => {
    const random = seededRandom('buyers');
    const truth = { terms: [{ sharpness: 10, weight: 1, perDay: 0.6 }] };
    const all = Array.from({ length: 30 }, () => {
      let evidence = noEvidence(0.2);
      for (let day = 0; day < 60; day++) {
        const ratio = 0.9 + 0.02 * random.int(12);
        const rate = salesPerDay(truth, { ratio, others: [1, 1.04, 1.08], season: 1 });
        evidence = addObserved(evidence, { units: random.next() < 1 - Math.exp(-rate) ? 1 : 0, days: 1, ratio, others: [1, 1.04, 1.08], season: 1 });
      }
      return evidence;
    });
    const pool = poolBelief(all);
    const mean = (ratio: number) => all.reduce((sum, evidence) => sum + salesPerDay(meanDemand(evidence, pool), stateAt(ratio)), 0) / all.length;
    for (const ratio of [0.92, 1, 1.1]) expect(mean(ratio) / salesPerDay(truth, stateAt(ratio))).toBeCloseTo(1, 0);
    const drawn = Array.from({ length: 400 }, (_, i) => salesPerDay(drawDemand(all[0]!, pool, seededRandom(i)), stateAt(1)));
    expect(drawn.reduce((a, b) => a + b, 0) / drawn.length / salesPerDay(meanDemand(all[0]!, pool), stateAt(1))).toBeCloseTo(1, 0);
  });

  it('knows the Gamma function', () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 10);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 10);
  });
});

describe('bestPrice', () => {
  it('is worth what trying every course of prices finds', () => {
    const choices: PriceChoice[] = [{ minor: 900, keptMinor: 700, perDay: 0.2 }, { minor: 1_200, keptMinor: 950, perDay: 0.075 }];
    // four days at most at 0.2 a day: two steps of two days
    const [steps, step] = [2, 2];
    const worth = (s: number, n: number): number => (n === 0 ? 0 : s === steps ? n * 200 : Math.max(...choices.map((choice) => gain(choice, s, n))));
    const gain = (choice: PriceChoice, s: number, n: number): number => {
      const q = 1 - Math.exp(-choice.perDay * step);
      return q * (choice.keptMinor + worth(s + 1, n - 1)) + (1 - q) * worth(s + 1, n) - n * 3 * step;
    };
    const found = bestPrice({ units: 2, days: 4, choices, clearanceMinor: 200, holdingPerUnitDayMinor: 3, driftPerDay: 0 });
    expect(found.valueMinor).toBe(Math.round(worth(0, 2)));
    expect(found.choice).toBe(choices.toSorted((a, b) => gain(b, 0, 2) - gain(a, 0, 2))[0]);
  });
});

/** Profit a day, from order to order, at 16.00 a unit. */
const round = (choice: PriceChoice, units: number) => (units * (choice.keptMinor - 1_600)) / (5 + units / choice.perDay);

describe('what the next lot earns', () => {
  const choices = [0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2].map((ratio): PriceChoice => ({ minor: Math.round(4_000 * ratio), keptMinor: Math.round(3_400 * ratio) - 500, perDay: 0.15 * ratio ** -6 }));

  it('is the most that round after round can earn, and the price that it leads to is one at which they do', () => {
    for (const units of [1, 2, 4, 12]) {
      const best = choices.toSorted((a, b) => round(b, units) - round(a, units))[0]!;
      const next = earnedByNext({ costRatio: 0.8, units, chance: 1 }, { unitCostMinor: 2_000, unitsHere: 1, choices, elsewhere: [] })!;
      expect(next).toMatchObject({ units, unitCostMinor: 1_600 });
      expect(next.perDayMinor).toBeCloseTo(round(best, units), 6);
      const stock = { units, days: 160, choices, clearanceMinor: 2_000, holdingPerUnitDayMinor: 0, driftPerDay: 0 };
      const { choice } = bestPrice({ ...stock, placePerDayMinor: next.perDayMinor });
      expect(round(choice, units)).toBeGreaterThan(0.97 * round(best, units));
      // the last lot that there will be takes its time
      expect(bestPrice(stock).choice.minor).toBeGreaterThan(choice.minor);
    }
  });

  it('counts what sells elsewhere, and is nothing where no price leaves a profit', () => {
    const given = { unitCostMinor: 2_000, unitsHere: 1, choices, elsewhere: [] };
    const more = earnedByNext({ costRatio: 1, units: 2, chance: 1 }, { ...given, elsewhere: [{ keptMinor: 3_000, perDay: 0.5 }] })!;
    expect(more.perDayMinor).toBeGreaterThan(earnedByNext({ costRatio: 1, units: 2, chance: 1 }, given)!.perDayMinor);
    expect(earnedByNext({ costRatio: 3, units: 2, chance: 1 }, given)).toBeNull();
  });
});

const point = (hours: number, minor: number): PricePoint => ({ at: NOW + hours * HOUR_MS, minor });

const duel = (calm: boolean) => {
  let mine = 4_000;
  let rival = 4_000;
  const own: PricePoint[] = [{ at: NOW, minor: mine }];
  const others: PricePoint[] = [{ at: NOW - DAY_MS, minor: rival }];
  for (let day = 1; day <= 40; day++) {
    const now = NOW + day * DAY_MS;
    const war = calm ? detectWar(own, others, now) : null;
    const next = war ? leaveWar(war, { priceMinor: mine, changedAt: own.at(-1)!.at, now }).minor : Math.max(2_000, Math.floor(rival * 0.99));
    if (next !== mine) own.push({ at: now, minor: (mine = next) });
    rival = Math.max(2_000, mine - 40);
    if (rival !== others.at(-1)!.minor) others.push({ at: now + 6 * HOUR_MS, minor: rival });
  }
  return mine;
};

describe('wars', () => {

  it('names three answered cuts a war, and neither a falling market nor cuts that nobody answers', () => {
    const own = [point(0, 4_000), point(24, 3_960), point(48, 3_880), point(72, 3_800)];
    const answers = [point(-100, 4_000), point(30, 3_920), point(54, 3_840), point(78, 3_760)];
    expect(detectWar(own, answers, NOW + 80 * HOUR_MS)).toMatchObject({ rounds: 3, beforeMinor: 4_000, lastAnswerAt: NOW + 78 * HOUR_MS });
    expect(detectWar(own.slice(0, 1), answers, NOW + 80 * HOUR_MS)).toBeNull();
    expect(detectWar(own, answers.slice(0, 1), NOW + 80 * HOUR_MS)).toBeNull();
    expect(detectWar(own, answers, NOW + 40 * DAY_MS)).toBeNull();
  });

  it('waits two days, then steps up to what was asked before, a step a day', () => {
    const war = { rounds: 3, beforeMinor: 4_000, lastAnswerAt: NOW };
    expect(leaveWar(war, { priceMinor: 3_760, changedAt: NOW, now: NOW + 10 * HOUR_MS })).toMatchObject({ minor: 3_760, phase: 'waiting' });
    expect(leaveWar(war, { priceMinor: 3_760, changedAt: NOW, now: NOW + 48 * HOUR_MS })).toMatchObject({ minor: 3_873, phase: 'stepping-up' });
    expect(leaveWar(war, { priceMinor: 3_990, changedAt: NOW, now: NOW + 96 * HOUR_MS })).toMatchObject({ minor: 4_000 });
    expect(leaveWar(war, { priceMinor: 4_100, changedAt: NOW, now: NOW + 96 * HOUR_MS })).toMatchObject({ minor: 4_100 });
  });

  it('ends far above the floor against a rival that undercuts every price and follows every rise', () => {
    expect(duel(false)).toBeLessThan(2_600);
    expect(duel(true)).toBeGreaterThan(3_600);
  });
});
