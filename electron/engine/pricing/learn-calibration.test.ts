import { describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { learnCalibration, LEAST_SALES, type Exposure, type SettledSale } from './learn-calibration.ts';

const random = seededRandom('calibration');
const sale = (category: string, ratio: number): SettledSale => ({ category, estimatedPriceMinor: 5_000, realisedPriceMinor: Math.round(5_000 * ratio * Math.exp(0.05 * random.normal())), estimatedFeesMinor: 700, realisedFeesMinor: Math.round(700 * ratio) });
const sales = (category: string, ratio: number, n: number) => Array.from({ length: n }, () => sale(category, ratio));
const exposure = (category: string, expectedUnits: number, soldUnits: number): Exposure => ({ category, expectedUnits, soldUnits });

const demand = (exposures: Exposure[]) => learnCalibration(sales('toys', 1, 20), exposures)[0]!.demandBp;

const toyLots = (n: number, expected: number, sold: number) => Array.from({ length: n }, () => exposure('toys', expected, sold));

describe('learnCalibration', () => {
  it('says nothing of a handful of sales', () => {
    expect(learnCalibration(sales('toys', 0.8, LEAST_SALES - 1), [])).toEqual([]);
  });

  it('is drawn towards no correction, less so the more was sold', () => {
    const [few] = learnCalibration(sales('toys', 0.9, 12), []);
    const [many] = learnCalibration(sales('toys', 0.9, 400), []);
    expect(few!.priceBp).toBeGreaterThan(9_350);
    expect(few!.priceBp).toBeLessThan(9_900);
    expect(Math.abs(many!.priceBp - 9_000)).toBeLessThan(120);
    expect(many!.spreadBp).toBeGreaterThan(300);
    expect(many!.spreadBp).toBeLessThan(900);
  });

  it('gives a category its own correction from enough sales, drawn towards that of all', () => {
    const learned = learnCalibration([...sales('toys', 1, 200), ...sales('watches', 0.8, 40), ...sales('books', 0.5, 3)], []);
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
    const [all] = learnCalibration(sales('toys', 1, 20), lots);
    const overall = lots.reduce((sum, lot) => sum + lot.soldUnits, 0) / lots.reduce((sum, lot) => sum + lot.expectedUnits, 0);
    expect(Math.abs(all!.demandBp - 16_000)).toBeLessThan(1_600);
    expect(Math.abs(overall - 1.6)).toBeGreaterThan(Math.abs(all!.demandBp / 10_000 - 1.6));
  });

  it('learns a bias of the fees apart from that of the price', () => {
    const [all] = learnCalibration(Array.from({ length: 200 }, () => ({ ...sale('toys', 0.9), realisedFeesMinor: 0 })).map((s) => ({ ...s, realisedFeesMinor: Math.round((s.realisedPriceMinor * 0.14) * 1.1) })), []);
    expect(all!.feesBp).toBeGreaterThan(10_800);
    expect(all!.priceBp).toBeLessThan(9_300);
  });
});
