import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { LIST_ROWS, openListData } from './price-list/list-data.ts';
import type { ListFigures } from './price-list/list-figures.ts';
import { bundle } from './bundle.ts';
import { benchRow, type BenchRow } from './row.ts';

/** Rounds of the three sides in turn, after one that warms the file system's cache; the median counts. */
const ROUNDS = 5;
const MOST_MB = 200;

async function pass(script: string, args: readonly string[]): Promise<ListFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { timeout: 120_000, cwd: path.resolve(import.meta.dirname, '..') });
  const figures = JSON.parse(stdout) as ListFigures;
  if (figures.rows !== LIST_ROWS) throw new Error(`${path.basename(script)} read ${figures.rows} of ${LIST_ROWS} rows`);
  return figures;
}

/** `priced` is the desk with a market price for each product; the others' catalogue has none. */
interface Sides<T> { readonly desk: T; readonly priced: T; readonly bare: T; readonly same: T }

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const wall = (all: readonly ListFigures[]) => median(all.map((f) => f.rows / f.seconds));
const cpu = (all: readonly ListFigures[]) => median(all.map((f) => f.rows / f.cpuSeconds));
const memory = (all: readonly ListFigures[]) => median(all.map((f) => f.grewMb));

/** The same work must find the same products; the bare floor, which repairs nothing, fewer. */
function checkFound({ desk, priced, bare, same }: Sides<ListFigures>): void {
  if (desk.priced > 0 || priced.found !== desk.found || priced.priced !== priced.found) throw new Error(`the pass knew ${desk.priced} prices in a catalogue without any, and ${priced.priced} of the ${priced.found} products in one with all`);
  if (desk.found !== same.found) throw new Error(`the pass knew ${desk.found} products, the same work row by row ${same.found}`);
  if (desk.found <= bare.found) throw new Error(`the pass knew ${desk.found} products, the bare floor ${bare.found}`);
}

function rowsOf({ desk, priced, bare, same }: Sides<readonly ListFigures[]>): BenchRow[] {
  const speed = (name: string, of: typeof wall, [floorName, floor, least]: readonly [string, readonly ListFigures[], number], side = desk) =>
    benchRow({ name, value: of(side), unit: 'rows/s', floorName, floorValue: of(floor), target: `ratio ≥ ${least.toFixed(1)}`, ok: of(side) / of(floor) >= least });
  const BARE = ['csv-parse, a lookup and an insert a row', bare] as const;
  const SAME = ['the same work row by row', same, 1.5] as const;
  return [
    speed('price list of 200,000 rows, end to end', wall, [...BARE, 1.5]), speed('the same by processor time', cpu, [...BARE, 1]),
    // the floor looks up no prices and reckons nothing with them: to be no slower than it is what is asked
    speed('price list, each product with a market price', wall, [...BARE, 1], priced),
    speed('price list, against its own work', wall, SAME), speed('the same by processor time', cpu, SAME),
    benchRow({ name: 'price list, memory, its cache included', value: memory(desk), unit: 'MB', floorName: 'the same work row by row', floorValue: memory(same), target: `< ${MOST_MB} MB`, ok: memory(desk) < MOST_MB }),
    benchRow({ name: 'its memory where each product has a price', value: memory(priced), unit: 'MB', floorName: 'the same work row by row', floorValue: memory(same), target: `< ${MOST_MB} MB`, ok: memory(priced) < MOST_MB }),
  ];
}

/** All sides in processes of their own, from file to stored and indexed results. */
export async function run(): Promise<BenchRow[]> {
  const { database, priced, list } = await openListData();
  const desk = await bundle('bench/price-list/pass-desk.ts');
  const worker = await bundle('electron/engine/flows/pass-price-list-worker.ts');
  const floor = await bundle('bench/price-list/pass-floor.ts', 'as installed');
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-bench-'));
  const all: Sides<ListFigures[]> = { desk: [], priced: [], bare: [], same: [] };
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const results = (side: string) => path.join(dir, `${side}-${round}.sqlite`);
      const one: Sides<ListFigures> = { desk: await pass(desk, [database, list, results('desk'), worker]), priced: await pass(desk, [priced, list, results('priced'), worker]), bare: await pass(floor, [database, list, results('bare'), 'bare']), same: await pass(floor, [database, list, results('same'), 'same-work']) };
      checkFound(one);
      if (round === 0) continue;
      for (const side of ['desk', 'priced', 'bare', 'same'] as const) all[side].push(one[side]);
    }
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
  return rowsOf(all);
}
