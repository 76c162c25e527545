import { describe, expect, it } from 'vitest';
import { HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createWorld, type World } from './index.ts';
import { expectedProfit, simulateCarefulBuyer, simulateNaiveBuyer, trulyProfitable } from './truth.ts';

const START = Date.UTC(2026, 8, 1);
/** Seconds each: the others with `RESALE_FULL=1`. */
const SEEDS = process.env['RESALE_FULL'] === '1' ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [2, 7];

function open(seed: number): World {
  return createWorld({ seed, clock: new ManualClock(START + 9 * HOUR_MS) });
}

describe('trulyProfitable', () => {
  it('finds a small part of the shops\' offers worth buying', () => {
    const world = open(7);
    world.now();
    const shops = world.shops.outlets.filter((o) => o.currency === 'USD' && o.kind !== 'price-list');
    const found = shops.flatMap((o) => trulyProfitable(world, o.id, world.now()));
    const shown = shops.flatMap((o) => world.shops.offers(o.id).filter((offer) => world.shops.state(o.id, offer.number, world.now())));
    const share = found.length / shown.length;
    process.stdout.write(`${(share * 100).toFixed(1)} % of ${shown.length} shop offers are truly profitable\n`);
    expect(share).toBeGreaterThan(0.03);
    expect(share).toBeLessThan(0.08);
  }, 60_000);

  it('misses none that the full calculation would find', () => {
    const world = open(5);
    world.now();
    const quick = new Set(trulyProfitable(world, 'harbor-clearance', world.now()).map((o) => o.number));
    for (const { number } of world.shops.offers('harbor-clearance').slice(0, 500)) {
      if (world.shops.available('harbor-clearance', number, world.now()) === 0) continue;
      const one = expectedProfit(world, { outletId: 'harbor-clearance', number, at: world.now(), quantity: 1 });
      if (one && one.profitMinor >= 200 && one.profitMinor >= 0.15 * one.costMinor) expect(quick.has(number)).toBe(true);
    }
  }, 60_000);
});

describe('the naive buyer', () => {
  const limits = { days: 24, budgetMinor: 400_000, scanEveryDays: 6, perDayMinor: 100_000, perPurchaseMinor: 20_000 };
  it.each(SEEDS)('earns less than a careful one, at seed %i', (seed) => {
    const world = open(seed);
    const naive = simulateNaiveBuyer(world, limits);
    const careful = simulateCarefulBuyer(world, limits);
    process.stdout.write(`seed ${seed}: naive ${naive.realisedMinor / 100} realised, ${naive.liquidatedMinor / 100} liquidated; careful ${careful.realisedMinor / 100}, ${careful.liquidatedMinor / 100}\n`);
    expect(naive.unitsBought).toBeGreaterThan(10);
    expect(careful.realisedMinor).toBeGreaterThan(naive.realisedMinor);
    expect(careful.liquidatedMinor).toBeGreaterThan(naive.liquidatedMinor);
    expect(naive.unitsSold + naive.unitsLeft).toBe(naive.unitsBought);
    expect(world.effects().shopOrders).toEqual([]);
  }, 60_000);
});
