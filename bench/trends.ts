import { summariseSeries } from '#engine/pricing/index.ts';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { internalsOf } from '#practice/world/create-world.ts';
import { createWorld } from '#practice/world/index.ts';
import type { Trend } from '#practice/world/plan-product.ts';
import { START } from './found/open-world.ts';
import { benchRow, quantile, type BenchRow } from './row.ts';

/**
 * Whether breaks of price are seen, and how soon, against the practice world's own plans: regimes that jump by 15 to 33 %, collapses that go on for weeks, and products whose price only
 * wanders about its level with jumps that pass. A *false alarm* is a falling or rising price named where the plan has no trend.
 */
const SEEDS = [1, 2, 3];
const PRODUCTS = 1_500;
const WINDOW_DAYS = 90;
/** A break is seen in time within so many days. */
const IN_TIME_DAYS = 30;
const MOST_FALSE = 0.1;
const LEAST_SEEN = 0.7;

const wrongWay = (trend: Trend) => (trend.rate < 0 ? 'rising' : 'collapsing');
const rightWay = (trend: Trend) => (trend.rate < 0 ? 'collapsing' : 'rising');

export function run(): Promise<BenchRow[]> {
  let quiet = 0;
  let alarms = 0;
  let breaks = 0;
  let seen = 0;
  let mistaken = 0;
  const delays: number[] = [];
  for (const seed of SEEDS) {
    const world = createWorld({ seed, clock: new ManualClock(START), startAt: START });
    const { process } = internalsOf(world);
    const today = process.dayOf(START);
    const directionOn = (id: number, day: number) => {
      const at = process.startOf(day) + 23 * 3_600_000;
      return summariseSeries(world.market.history(id, 'ebayNew', { from: at - WINDOW_DAYS * DAY_MS, to: Math.min(at, START) }), Math.min(at, START)).direction;
    };
    for (let id = 0; id < PRODUCTS; id++) {
      const { trend } = process.plan(id);
      if (trend.kind === 'stable') {
        quiet += 1;
        const direction = directionOn(id, today);
        if (direction === 'collapsing' || direction === 'rising') alarms += 1;
      } else if ((trend.kind === 'regime' || trend.kind === 'collapsing') && trend.startDay > WINDOW_DAYS && trend.startDay + 30 <= today) {
        breaks += 1;
        let found: number | null = null;
        for (let days = 1; days <= 30 && found === null; days++) {
          const direction = directionOn(id, trend.startDay + days);
          if (direction === rightWay(trend)) found = days;
          else if (days > 5 && direction === wrongWay(trend)) mistaken += 1;
        }
        if (found !== null) delays.push(found);
        if (found !== null && found <= IN_TIME_DAYS) seen += 1;
      }
    }
    world.close();
  }
  process.stderr.write(`trends: ${alarms} alarms in ${quiet} quiet series; ${delays.length} of ${breaks} breaks seen within 30 days, ${mistaken} product-days named the wrong way\n`);
  return Promise.resolve([
    benchRow({ name: 'false alarms in series without a trend', value: (100 * alarms) / quiet, unit: '%', floorName: 'of', floorValue: quiet, target: `≤ ${MOST_FALSE * 100} %`, ok: alarms <= MOST_FALSE * quiet }),
    benchRow({ name: `breaks seen within ${IN_TIME_DAYS} days`, value: (100 * seen) / breaks, unit: '%', floorName: 'of', floorValue: breaks, target: `≥ ${LEAST_SEEN * 100} %`, ok: seen >= LEAST_SEEN * breaks }),
    benchRow({ name: 'days until a break is seen, median', value: quantile(delays, 0.5), unit: 'd', floorName: 'seen', floorValue: delays.length, target: '', ok: true }),
  ]);
}
