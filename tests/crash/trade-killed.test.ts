import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTradeMarket, worthwhileOffers } from '#tests/support/trade-market.ts';
import { runTrade, type TradeRun } from './run-trade.ts';

const around = (step: string) => [`transact:${step}:before`, `transact:${step}:committed`];
const through = (step: string) => [`effect:${step}:before`, `effect:${step}:called`, `effect:${step}:recorded`];

/** Every point that the runtime offers on the way from approval to payout; a test below proves that there is no other. */
const POINTS = [
  ...around('prepare'), ...around('place'), ...through('place-order'), ...around('confirm'),
  ...around('draft'), ...around('publishing'), ...through('put-content'), ...through('ensure-offer'), ...through('publish'), ...around('activate'),
  ...through('mark-shipped'),
];
/** With `RESALE_FULL=1` every point, and many more commits. */
const FULL = process.env['RESALE_FULL'] === '1';
/** What lies on the disk after these is what lies there before the step that follows at once, which is tried. */
const SAME_AS_NEXT = new Set(['transact:prepare:committed', 'transact:place:committed', 'transact:draft:committed', 'transact:publishing:committed']);
/** Beside them, each n-th commit of the whole run: `RESALE_CRASH_EVERY=1` dies at every one. */
const EVERY = Number(process.env['RESALE_CRASH_EVERY'] ?? (FULL ? 5 : 30));
const COMMITS = 120;

const commits = Array.from({ length: Math.floor(COMMITS / EVERY) }, (_, index) => `commit:${index % 2 === 0 ? 'after' : 'before'}#${(index + 1) * EVERY}`);
const KILLS = [...POINTS.filter((point) => FULL || !SAME_AS_NEXT.has(point)).map((point) => `${point}#1`), ...commits];

const runs = new Map<string, TradeRun>();
let clean: TradeRun;

beforeAll(async () => {
  const market = await startTradeMarket();
  const offer = worthwhileOffers(market, 3)[0]!;
  await market.close();
  clean = await runTrade(offer, null);
  const waiting = [...KILLS];
  const worker = async () => {
    for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) runs.set(point, await runTrade(offer, point));
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
}, 900_000);

const row = (cells: readonly (string | number)[]) => cells.map((cell, index) => String(cell).padEnd(index === 0 ? 34 : 9)).join('');

afterAll(() => {
  console.log([
    row(['killed at', 'orders', 'listings', 'sales', 'void', 'shipped', 'on hand', 'entries', 'books']),
    ...[['(not killed)', clean] as const, ...runs].map(([point, run]) => row([point, run.vendor.orders, run.vendor.listings, run.vendor.sales, run.vendor.cancelled, run.vendor.shipments, run.desk.onHand, run.desk.entries, run.books.sound ? 'sound' : 'UNSOUND'])),
  ].join('\n'));
});

describe('a trade whose process is killed', () => {
  it('comes to its end when it is left alone, passing every point that is tried below', () => {
    expect(clean.error).toBe('');
    expect(Object.keys(clean.points).filter((point) => !point.startsWith('commit:')).sort()).toEqual([...POINTS].sort());
    expect(clean.points['commit:after']).toBeGreaterThan(COMMITS - 10);
    expect(clean.vendor).toMatchObject({ orders: 1, listings: 1 });
    expect(clean.vendor.sales).toBeGreaterThan(0);
  });

  it.each(KILLS)('at %s buys, lists, sells and books once, and loses nothing', (point) => {
    const run = runs.get(point)!;
    expect(run.error).toBe('');
    expect(run.killed).toBe(true);
    // At the vendors: one order, one listing; every sale that was not cancelled is shipped exactly once.
    expect(run.vendor).toMatchObject({ orders: 1, listings: 1, live: 1 });
    expect(run.vendor.shipments).toBe(run.vendor.sales - run.vendor.cancelled);
    // At the desk: the same, and every unit and cent accounted for.
    expect(run.desk).toMatchObject({ purchases: 1, confirmed: 1, lots: 1, listings: 1, orders: run.vendor.sales, sent: run.vendor.shipments, cancelled: run.vendor.cancelled });
    expect(run.books).toMatchObject({ sound: true, findings: [], miscounted: [] });
    expect(run.books.units).toMatchObject({ received: 3 });
    expect(run.desk.onHand).toBe(Object.values(run.books.units).reduce((sum, units) => sum + units, 0));
  });
});
