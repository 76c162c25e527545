import { describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { assumedReturnRateBp } from './assumptions.ts';
import { learnCalibration, LEAST_COUNTED, LEAST_SALES, type Exposure, type SettledSale } from './learn-calibration.ts';
import type { ReturnRecord } from './learn-returns.ts';

const random = seededRandom('calibration');
const sale = (category: string, ratio: number): SettledSale => ({ category, estimatedPriceMinor: 5_000, realisedPriceMinor: Math.round(5_000 * ratio * Math.exp(0.05 * random.normal())), estimatedFeesMinor: 700, realisedFeesMinor: Math.round(700 * ratio) });
const sales = (category: string, ratio: number, n: number) => Array.from({ length: n }, () => sale(category, ratio));
const exposure = (category: string, expectedUnits: number, soldUnits: number): Exposure => ({ category, expectedUnits, soldUnits });

const demand = (exposures: Exposure[]) => learnCalibration({ sales: sales('toys', 1, 20), exposures })[0]!.demandBp;

const toyLots = (n: number, expected: number, sold: number) => Array.from({ length: n }, () => exposure('toys', expected, sold));

const sold = (category: string, n: number, every: number): ReturnRecord[] => Array.from({ length: n }, (_, i) => {
  const back = i % every === 0;
  return { category, soldUnits: 1, returnedUnits: back ? 1 : 0, seenUnits: back ? 1 : 0, goodUnits: back ? 0.8 : 0, estimatedFeesMinor: back ? 700 : 0, keptFeesMinor: back ? 40 : 0 };
});
const learn = (returns: ReturnRecord[]) => new Map(learnCalibration({ sales: [...sales('toys', 1, 20), ...sales('clothing', 1, 20)], exposures: [], returns }).map((l) => [l.category, l]));
const counted = (category: string, n: number, units: number) => Array.from({ length: n }, () => exposure(category, 10, units));

describe('learnCalibration', () => {
  it('says nothing of a handful of sales', () => {
    expect(learnCalibration({ sales: sales('toys', 0.8, LEAST_SALES - 1), exposures: [] })).toEqual([]);
  });

  it('is drawn towards no correction, less so the more was sold', () => {
    const [few] = learnCalibration({ sales: sales('toys', 0.9, 12), exposures: [] });
    const [many] = learnCalibration({ sales: sales('toys', 0.9, 400), exposures: [] });
    expect(few!.priceBp).toBeGreaterThan(9_350);
    expect(few!.priceBp).toBeLessThan(9_900);
    expect(Math.abs(many!.priceBp - 9_000)).toBeLessThan(120);
    expect(many!.spreadBp).toBeGreaterThan(300);
    expect(many!.spreadBp).toBeLessThan(900);
  });

  it('gives a category its own correction from enough sales, drawn towards that of all', () => {
    const learned = learnCalibration({ sales: [...sales('toys', 1, 200), ...sales('watches', 0.8, 40), ...sales('books', 0.5, 3)], exposures: [] });
    expect(learned.map((l) => l.category)).toEqual(['all', 'toys', 'watches']);
    const of = (category: string) => learned.find((l) => l.category === category)!;
    expect(of('watches').priceBp).toBeLessThan(of('all').priceBp);
    expect(of('toys').priceBp).toBeGreaterThan(9_850);
  });

  it('counts what did not sell: time on sale without a buyer lowers the demand', () => {
    expect(demand(toyLots(20, 2, 2))).toBe(10_000);
    expect(demand(toyLots(20, 8, 2))).toBeLessThan(4_500);
    expect(demand(toyLots(20, 0.8, 2))).toBeGreaterThan(17_000);
    // one lot says little of the others
    expect(demand(toyLots(1, 8, 2))).toBeGreaterThan(8_000);
  });

  it('learns the mean speed of lots that end when they are sold out, though the slow ones are for sale longest', () => {
    const chance = seededRandom('speeds');
    const poissonTime = (rate: number) => -Math.log(1 - chance.next()) / rate;
    const lots = Array.from({ length: 600 }, () => {
      // a speed of its own around 1.6 of the forecast, and two units to sell within 40 days
      const speed = 1.6 * Math.exp(0.55 * chance.normal() - 0.15);
      const [first, second] = [poissonTime(0.05 * speed), poissonTime(0.05 * speed)];
      const days = Math.min(40, first + second);
      return exposure('toys', 0.05 * days, first + second <= 40 ? 2 : first <= 40 ? 1 : 0);
    });
    const [all] = learnCalibration({ sales: sales('toys', 1, 20), exposures: lots });
    const overall = lots.reduce((sum, lot) => sum + lot.soldUnits, 0) / lots.reduce((sum, lot) => sum + lot.expectedUnits, 0);
    expect(Math.abs(all!.demandBp - 16_000)).toBeLessThan(1_600);
    expect(Math.abs(overall - 1.6)).toBeGreaterThan(Math.abs(all!.demandBp / 10_000 - 1.6));
  });

  it('learns how many come back and what is lost with one, the more surely the more came back, a category drawn towards all', () => {
    expect(learn([]).get('all')).toMatchObject({ returnsBp: null, recoveryBp: null, feesKeptBp: null });
    // toys come back at half of what is assumed, clothing as often
    const few = learn([...sold('toys', 40, 40), ...sold('clothing', 10, 6)]);
    const many = learn([...sold('toys', 4_000, 40), ...sold('clothing', 1_000, 6)]);
    expect([assumedReturnRateBp('toys'), assumedReturnRateBp('clothing'), assumedReturnRateBp('music'), assumedReturnRateBp('musical-instruments')]).toEqual([500, 1_800, 250, 500]);
    expect(Math.abs(many.get('toys')!.returnsBp! - 5_000)).toBeLessThan(500);
    expect(Math.abs(many.get('clothing')!.returnsBp! - 9_300)).toBeLessThan(500);
    expect(few.get('toys')!.returnsBp).toBeGreaterThan(many.get('toys')!.returnsBp! + 2_000);
    expect(Math.abs(many.get('toys')!.recoveryBp! - 8_000)).toBeLessThan(150);
    expect(few.get('toys')!.recoveryBp).toBeLessThan(6_500);
    expect(Math.abs(many.get('all')!.feesKeptBp! - 571)).toBeLessThan(60);
    expect(many.get('toys')!.measured.returns).toMatchObject({ soldUnits: 4_000, returnedUnits: 100, expectedUnits: 200, seenUnits: 100 });
    // a category of which nothing came to its time yet takes what all taught
    expect(learn(sold('toys', 400, 10)).get('clothing')!.returnsBp).toBe(learn(sold('toys', 400, 10)).get('all')!.returnsBp);
  });

  it('learns from the channel’s own counts what it sells, before anything of one’s own is sold', () => {
    expect(learnCalibration({ sales: [], exposures: [], counted: counted('toys', LEAST_COUNTED - 1, 30) })).toEqual([]);
    const learned = learnCalibration({ sales: [], exposures: [], counted: [...counted('toys', 60, 30), ...counted('grocery', 60, 5), ...counted('books', 3, 50)] });
    expect(learned.map((l) => [l.category, l.items, l.priceBp, l.demandBp])).toEqual(['all', 'grocery', 'toys'].map((category) => [category, 0, 10_000, 10_000]));
    const of = (category: string) => learned.find((l) => l.category === category)!.channelBp!;
    expect(of('toys')).toBeGreaterThan(25_000);
    expect(of('grocery')).toBeLessThan(8_000);
    expect(learned[0]!.measured.channel).toEqual({ products: 123, soldUnits: 2_250, promisedUnits: 1_230 });
  });

  it('learns a bias of the fees apart from that of the price', () => {
    const [all] = learnCalibration({ sales: Array.from({ length: 200 }, () => ({ ...sale('toys', 0.9), realisedFeesMinor: 0 })).map((s) => ({ ...s, realisedFeesMinor: Math.round((s.realisedPriceMinor * 0.14) * 1.1) })), exposures: [] });
    expect(all!.feesBp).toBeGreaterThan(10_800);
    expect(all!.priceBp).toBeLessThan(9_300);
  });
});
