import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#kernel/time.ts';
import { createProducts } from './create-catalog.ts';
import { captureShare, HOUR_SHARE } from './demand.ts';
import { poissonAt, uniform } from './hash.ts';
import { HISTORY_DAYS, MarketProcess } from './simulate-market.ts';
import type { CategoryId } from './types.ts';

const START = Date.UTC(2026, 8, 1);
const generated = createProducts(7, 4_000, START);
const market = new MarketProcess(7, START, generated);
const ids = Array.from({ length: generated.sellable }, (_, i) => i);
const ofKind = (kind: string) => ids.filter((id) => market.plan(id).trend.kind === kind);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const logChange = (id: number, from: number, to: number) => Math.log(market.price(id, to) / market.price(id, from));

/** Sum of the products of deviations. */
function comoment(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [mean(x), mean(y)];
  return x.reduce((total, value, i) => total + (value - mx) * (y[i]! - my), 0);
}
const correlation = (a: readonly number[], b: readonly number[]) => comoment(a, b) / Math.sqrt(comoment(a, a) * comoment(b, b));

describe('the market process', () => {
  it('does not depend on the order in which days are asked for', () => {
    const other = new MarketProcess(7, START, generated);
    for (const id of [3, 700, 2_900]) {
      const late = other.price(id, 480);
      for (let day = 0; day <= 480; day += 7) market.price(id, day);
      expect(market.price(id, 480)).toBe(late);
      expect(market.price(id, 100)).toBe(other.price(id, 100));
    }
  });

  it('has products that collapse, that rise, that change regime, and many that return to their level', () => {
    const kinds = (['collapsing', 'rising', 'regime', 'stable'] as const).map((kind) => ofKind(kind).length / ids.length);
    expect(kinds[0]).toBeCloseTo(0.1, 1);
    expect(kinds[1]).toBeCloseTo(0.07, 1);
    expect(kinds[2]).toBeCloseTo(0.09, 1);
    const fallen = ofKind('collapsing').filter((id) => market.plan(id).trend.startDay < 300);
    expect(mean(fallen.map((id) => logChange(id, 195, 480)))).toBeLessThan(-0.4);
    expect(mean(ofKind('rising').filter((id) => market.plan(id).trend.startDay < 300).map((id) => logChange(id, 195, 480)))).toBeGreaterThan(0.1);
    expect(Math.abs(mean(ofKind('stable').map((id) => logChange(id, 195, 480))))).toBeLessThan(0.08);
  });

  it('moves a category together more than categories with each other', () => {
    const series = (category: CategoryId, part: number) => {
      const some = ofKind('stable').filter((id) => generated.products[id]!.category === category && id % 2 === part);
      return Array.from({ length: 24 }, (_, k) => mean(some.map((id) => logChange(id, k * 20, k * 20 + 20))));
    };
    const within = (['books', 'toys', 'beauty', 'home'] as const).map((category) => correlation(series(category, 0), series(category, 1)));
    expect(mean(within)).toBeGreaterThan(0.5);
    expect(Math.abs(correlation(series('books', 0), series('home', 1)))).toBeLessThan(mean(within));
  });

  it('expects, on average, the price that comes', () => {
    const errors = ofKind('stable').map((id) => Math.log(market.price(id, 460) / market.expectedPrice(id, HISTORY_DAYS, 460)));
    expect(Math.abs(mean(errors))).toBeLessThan(0.05);
    const falling = ofKind('collapsing').filter((id) => market.plan(id).trend.startDay < 380);
    expect(mean(falling.map((id) => market.expectedPrice(id, HISTORY_DAYS, 460) / market.price(id, HISTORY_DAYS)))).toBeLessThan(0.95);
  });

  it('sells toys before Christmas and less when dear, by the day of the week', () => {
    const day = (month: number, date: number) => market.dayOf(Date.UTC(2026, month, date));
    expect(market.season('toys', day(11, 10)) / market.season('toys', day(1, 10))).toBeGreaterThan(2.5);
    expect(market.season('grocery', day(11, 10)) / market.season('grocery', day(1, 10))).toBeLessThan(1.3);
    const units = ids.slice(0, 500);
    const total = (d: number) => units.reduce((sum, id) => sum + market.ebayUnits(id, d), 0);
    expect(total(day(9, 11))).toBeGreaterThan(total(day(9, 14)));
    for (const id of units.slice(0, 50)) expect(market.ebayUnits(id, 420, 5_000)).toBeGreaterThan(market.ebayUnits(id, 420, 6_000));
  });

  it('runs out of stock at times, and eBay\'s buyers then pay more', () => {
    const gaps = ids.filter((id) => market.inGap(id, 410));
    expect(gaps.length / ids.length).toBeGreaterThan(0.01);
    expect(gaps.length / ids.length).toBeLessThan(0.2);
    for (const id of gaps.slice(0, 20)) {
      expect(market.sellers(id, 410)).toBe(0);
      expect(market.amazonUnits(id, 410)).toBe(0);
      expect(market.ebayRatio(id, 410)).toBeGreaterThan(market.plan(id).ebayRatio);
    }
  });

  it('keeps its days in UTC', () => {
    expect(market.dayOf(START)).toBe(HISTORY_DAYS);
    expect(market.startOf(HISTORY_DAYS + 1)).toBe(START + DAY_MS);
  });
});

describe('demand', () => {
  it('falls with price and with competitors, and shares a day out among its hours', () => {
    expect(captureShare(0.95, 3)).toBeGreaterThan(captureShare(1, 3));
    expect(captureShare(1, 3)).toBeGreaterThan(captureShare(1, 8));
    expect(captureShare(1.4, 0)).toBe(0);
    expect(HOUR_SHARE).toHaveLength(24);
    expect(HOUR_SHARE.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
  });
  it('draws counts with the mean asked for', () => {
    for (const wanted of [0.05, 0.7, 4, 40]) {
      const counts = Array.from({ length: 20_000 }, (_, i) => poissonAt(uniform(i, 3, 5), wanted));
      expect(mean(counts) / wanted).toBeGreaterThan(0.93);
      expect(mean(counts) / wanted).toBeLessThan(1.07);
    }
  });
});
