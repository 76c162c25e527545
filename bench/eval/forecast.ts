import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { chanceAtMost, demandOver, demandQuantile, FORECASTS, predictDemand, type Predicted, type Series } from '#engine/forecast/index.ts';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { internalsOf } from '#practice/world/create-world.ts';
import { captureShare } from '#practice/world/demand.ts';
import { poissonAt, uniform } from '#practice/world/hash.ts';
import { createWorld } from '#practice/world/index.ts';
import { START } from '../found/open-world.ts';
import { percent } from './read-options.ts';
import { SERVICE_LEADS, serviceLevel } from './service-level.ts';

const HORIZON = 14;
/** Stretches at the end of each series that no choice has seen. */
const HELD_OUT = 6;
const LEAST_DAYS = 120;
const SEEDS = [1, 2, 3];
const PRODUCTS = 1_000;
const HISTORY_DAYS = 399;
const LEAST_UNITS = 8;

const rowSchema = z.object({ sku: z.string().min(1), date: z.iso.date(), units: z.coerce.number().min(0) });

/** Units a day by SKU from a file with sku,date,units; days without a row sold nothing. */
async function readFileSeries(file: string): Promise<Series[]> {
  const rows = parse(await readFile(file), { columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()), bom: true, trim: true, skip_empty_lines: true }) as unknown[];
  const bySku = new Map<string, Map<number, number>>();
  let last = 0;
  rows.forEach((raw, i) => {
    const row = rowSchema.safeParse(raw);
    if (!row.success) throw new Error(`${file}, row ${i + 2}: ${row.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}. The columns are sku,date,units, the date as 2026-11-21.`);
    const day = Math.floor(Date.parse(row.data.date) / DAY_MS);
    const days = bySku.get(row.data.sku) ?? new Map<number, number>();
    days.set(day, (days.get(day) ?? 0) + row.data.units);
    bySku.set(row.data.sku, days);
    last = Math.max(last, day);
  });
  return [...bySku.values()].map((days) => {
    const first = Math.min(...days.keys());
    return Array.from({ length: last - first + 1 }, (_, i) => days.get(first + i) ?? 0);
  });
}

/** What one seller at the going price would have sold on each of the last 399 days in practice worlds. */
function practiceSeries(): Series[] {
  const all: Series[] = [];
  for (const seed of SEEDS) {
    const world = createWorld({ seed, clock: new ManualClock(START), startAt: START, productCount: PRODUCTS, priceListRows: 10 });
    const { process } = internalsOf(world);
    for (let id = 0; id < PRODUCTS; id++) {
      const { salt } = process.plan(id);
      const series = Array.from({ length: HISTORY_DAYS }, (_, day) => poissonAt(uniform(salt, day, 901), process.ebayUnits(id, day) * captureShare(1, process.ebaySellers(id, day))));
      if (series.reduce((sum, units) => sum + units, 0) >= LEAST_UNITS) all.push(series);
    }
    world.close();
  }
  return all;
}

const CONTENDERS = ['naive', 'moving-average', 'smoothing', 'croston', 'sba', 'tsb', 'seasonal', 'chosen'] as const;
type Contender = (typeof CONTENDERS)[number];
interface Tally { squares: number[]; absolutes: number[]; errors: number; actual: number }

const sum = (values: Series): number => values.reduce((total, value) => total + value, 0);

const SHARE = 0.8;

/** The fewest whole numbers of units that hold at least this share of what is expected, and how much they hold: whole units seldom hold just so much. */
function likelyRange({ units, spread, horizon }: Pick<Predicted, 'units' | 'spread'> & { readonly horizon: number }): { readonly low: number; readonly high: number; readonly holds: number } {
  const demand = demandOver({ perDay: units / horizon, spread, leadSd: 0 }, horizon);
  let best = { low: 0, high: demandQuantile(demand, SHARE), holds: SHARE };
  for (let low = 0, below = 0; below + SHARE < 1; below = chanceAtMost(demand, low++)) {
    const high = demandQuantile(demand, below + SHARE);
    if (low === 0 || high - low < best.high - best.low) best = { low, high, holds: chanceAtMost(demand, high) - below };
  }
  return best;
}

/** Each contender forecasts the held-out stretches of each series; errors are scaled by the series' own naive one, so that large sellers don't drown small ones. */
function compare(all: readonly Series[]): { figures: Record<Contender, Tally>; series: number; inside: number; promised: number; stretches: number; zeroShare: number } {
  const figures = Object.fromEntries(CONTENDERS.map((name) => [name, { squares: [], absolutes: [], errors: 0, actual: 0 }])) as unknown as Record<Contender, Tally>;
  let [series, inside, promised, stretches, zeros, days] = [0, 0, 0, 0, 0, 0];
  for (const one of all) {
    if (one.length < LEAST_DAYS) continue;
    const errors = new Map<Contender, number[]>(CONTENDERS.map((name) => [name, []]));
    for (let k = HELD_OUT; k >= 1; k--) {
      const origin = one.length - k * HORIZON;
      const before = one.slice(0, origin);
      const actual = sum(one.slice(origin, origin + HORIZON));
      const predicted = predictDemand(before, HORIZON);
      for (const name of CONTENDERS) {
        const error = (name === 'chosen' ? predicted.units : sum(FORECASTS[name](before, HORIZON))) - actual;
        errors.get(name)!.push(error);
        figures[name].errors += error;
        figures[name].actual += actual;
      }
      stretches += 1;
      const range = likelyRange({ ...predicted, horizon: HORIZON });
      promised += range.holds;
      if (actual >= range.low && actual <= range.high) inside += 1;
    }
    const base = errors.get('naive')!;
    const [square, absolute] = [sum(base.map((e) => e * e)), sum(base.map(Math.abs))];
    if (square === 0) continue;
    series += 1;
    zeros += one.filter((units) => units === 0).length;
    days += one.length;
    for (const name of CONTENDERS) {
      const own = errors.get(name)!;
      figures[name].squares.push(sum(own.map((e) => e * e)) / square);
      figures[name].absolutes.push(sum(own.map(Math.abs)) / absolute);
    }
  }
  return { figures, series, inside, promised, stretches, zeroShare: days === 0 ? 0 : zeros / days };
}

const average = (values: readonly number[]) => sum(values) / Math.max(1, values.length);

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { file: { type: 'string' }, json: { type: 'boolean', default: false } } });
  const all = values.file === undefined ? practiceSeries() : await readFileSeries(values.file);
  const found = compare(all);
  if (found.series === 0) {
    console.error(`no series is long enough: ${LEAST_DAYS} days of one SKU with changing sales are needed`);
    return 2;
  }
  const rows = CONTENDERS.map((name) => {
    const { squares, absolutes, errors, actual } = found.figures[name];
    return { method: name, rmsse: Math.sqrt(average(squares)), mase: average(absolutes), biasPercent: actual > 0 ? (100 * errors) / actual : 0 };
  });
  const long = all.filter((one) => one.length >= LEAST_DAYS);
  const beginnings = Array.from({ length: HELD_OUT }, (_, k) => (HELD_OUT - k) * HORIZON);
  const service = SERVICE_LEADS.map((leadDays) => serviceLevel(long, { leadDays, horizon: HORIZON, beginnings }));
  if (values.json) console.log(JSON.stringify({ evaluation: 'forecast', series: found.series, horizonDays: HORIZON, daysWithoutSale: found.zeroShare, within80: found.inside / found.stretches, promised80: found.promised / found.stretches, service, rows }));
  else {
    console.log(`forecast: ${found.series} series, ${HELD_OUT} unseen stretches of ${HORIZON} days each, ${(100 * found.zeroShare).toFixed(0)} % of days without a sale`);
    for (const row of rows) console.log(`  ${row.method.padEnd(15)} RMSSE ${row.rmsse.toFixed(3)}   MASE ${row.mase.toFixed(3)}   bias ${row.biasPercent >= 0 ? '+' : ''}${row.biasPercent.toFixed(1)} %`);
    console.log(`  80 % interval of the chosen method, in whole units, held ${percent(found.inside, found.stretches)}; it promised ${percent(found.promised, found.stretches)}`);
    console.log('  stock that lasts a lead time, aimed at 95 %:');
    for (const one of service) console.log(`    ${one.leadDays} days: lasted ${percent(one.lasted, 1)} (promised ${percent(one.promised, 1)}), ${one.left.toFixed(2)} units left; naive rule ${percent(one.naive.lasted, 1)}, ${one.naive.left.toFixed(2)} left; ${one.stretches} stretches`);
  }
  return 0;
}
