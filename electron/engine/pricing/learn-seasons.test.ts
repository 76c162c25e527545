import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#kernel/time.ts';
import { seededRandom } from '#kernel/random.ts';
import { forecastDemand, seasonRatio } from './demand.ts';
import { fallsOf, learnSeasons, peakOf, SEASON_DAYS, type FallHistory } from './learn-seasons.ts';
import type { MarketEvidence, SeriesPoint } from './types.ts';

const AT = Date.UTC(2026, 8, 1);
const START = AT - SEASON_DAYS * DAY_MS;

/** A product that sells `perDay` in an average month, and in December so many times that; each sale lowers its rank, which rises again. */
function ranksOf(random: ReturnType<typeof seededRandom>, perDay: number, december: number): SeriesPoint[] {
  const points: SeriesPoint[] = [{ at: START, value: 50_000 }];
  for (let day = 0; day < SEASON_DAYS; day++) {
    const at = START + day * DAY_MS;
    const angle = (2 * Math.PI * (at - Date.UTC(2025, 11, 16))) / (365.25 * DAY_MS);
    if (random.next() < perDay * Math.exp(Math.log(december) * Math.cos(angle))) points.push({ at: at + 6 * 3_600_000, value: 30_000 }, { at: at + 12 * 3_600_000, value: 50_000 });
  }
  return points;
}

function histories(category: string, products: number, december: number): FallHistory[] {
  const random = seededRandom(`season:${category}`);
  return Array.from({ length: products }, () => ({ category, falls: fallsOf(ranksOf(random, 0.35, december), AT)! }));
}

const waveOf = (all: readonly FallHistory[], category: string) => learnSeasons(all, AT).find((one) => one.category === category)!;

describe('learnSeasons', () => {
  const flat = [...histories('home', 40, 1), ...histories('tools', 40, 1)];

  it('learns from falls of ranks which month sells most, and how much more', () => {
    const toys = waveOf([...flat, ...histories('toys', 40, 1.8)], 'toys');
    const { month, timesBp } = peakOf(toys);
    expect([12, 1]).toContain(month);
    expect(timesBp).toBeGreaterThan(14_000);
    expect(timesBp).toBeLessThan(20_000);
    expect(toys).toMatchObject({ products: 40, falls: expect.any(Number) as number });
    expect(seasonRatio(toys, Date.UTC(2026, 9, 15), 90)).toBeGreaterThan(1.4);
    expect(seasonRatio(toys, Date.UTC(2026, 0, 15), 30)).toBeLessThan(0.8);
  });

  it('keeps near to no season where there is none, and where few products show one', () => {
    expect(Math.abs(seasonRatio(waveOf([...flat, ...histories('toys', 40, 1.8)], 'home'), AT, 90) - 1)).toBeLessThan(0.1);
    const times = (products: number) => peakOf(waveOf([...flat, ...histories('toys', products, 1.8)], 'toys')).timesBp;
    expect(times(5)).toBeLessThan(times(40));
    expect(waveOf([...flat, ...histories('toys', 4, 1.8)], 'toys')).toBeUndefined();
    expect(learnSeasons(histories('toys', 19, 1.8), AT)).toEqual([]);
  });

  it('counts no history that is shorter than thirteen months, and none that falls too seldom', () => {
    const ranks = ranksOf(seededRandom('one'), 0.35, 1);
    expect(fallsOf(ranks, AT)!.reduce((a, b) => a + b, 0)).toBe((ranks.length - 1) / 2);
    expect(fallsOf(ranks.filter((point) => point.at > START + 11 * DAY_MS), AT)).toBeNull();
    expect(fallsOf(ranksOf(seededRandom('two'), 0.05, 1), AT)).toBeNull();
  });
});

describe('forecastDemand', () => {
  it('expects of what sold in the last months what the season makes of it in the weeks to come', () => {
    const toys = { waveBp: [5_000, 0, 0, 0] as const };
    const at = Date.UTC(2026, 9, 15);
    const evidence: MarketEvidence = { at, currency: 'USD', prices: [], competingOffers: 2, rankDrops30: 30, rankDrops90: 90, channelSold: { units: 60, days: 90 }, channelShare: 0.5 };
    const ratio = Math.exp(forecastDemand({ ...evidence, season: toys }, null).logRatePerDay - forecastDemand(evidence, null).logRatePerDay);
    expect(ratio).toBeGreaterThan(seasonRatio(toys, at, 30) - 0.01);
    expect(ratio).toBeLessThan(seasonRatio(toys, at, 90) + 0.01);
    expect(forecastDemand({ ...evidence, season: toys }, null).seasonal).toBe(true);
  });
});
