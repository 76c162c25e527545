import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { LIST_ROWS, openListData } from './price-list/list-data.ts';
import { CACHE_MB, type ListFigures } from './price-list/list-figures.ts';
import { bundle } from './bundle.ts';
import { benchRow, type BenchRow } from './row.ts';

/** Rounds of the two sides in turn, after one that warms the file system's cache; the median counts. */
const ROUNDS = 5;
const MOST_MB = 200;

async function pass(script: string, args: readonly string[]): Promise<ListFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { timeout: 120_000, cwd: path.resolve(import.meta.dirname, '..') });
  const figures = JSON.parse(stdout) as ListFigures;
  if (figures.rows !== LIST_ROWS) throw new Error(`${path.basename(script)} read ${figures.rows} of ${LIST_ROWS} rows`);
  return figures;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const speed = (all: readonly ListFigures[]) => median(all.map((f) => f.rows / f.seconds));
const memory = (all: readonly ListFigures[]) => median(all.map((f) => f.grewMb)) - CACHE_MB;

/** Both sides in processes of their own, from file to stored results. */
export async function run(): Promise<BenchRow[]> {
  const { database, list } = await openListData();
  const programs = {
    desk: await bundle('bench/price-list/pass-desk.ts'), worker: await bundle('electron/engine/flows/pass-price-list-worker.ts'), writer: await bundle('electron/runtime/bulk-file-worker.ts'),
    floor: await bundle('bench/price-list/pass-floor.ts', 'as installed'),
  };
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-bench-'));
  const desk: ListFigures[] = [];
  const floor: ListFigures[] = [];
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const ours = await pass(programs.desk, [database, list, path.join(dir, `desk-${round}.sqlite`), programs.worker, programs.writer]);
      const theirs = await pass(programs.floor, [database, list, path.join(dir, `floor-${round}.sqlite`)]);
      // Repair must find what the floor finds, and more.
      if (ours.found <= theirs.found) throw new Error(`the pass knew ${ours.found} products, the floor ${theirs.found}`);
      if (round === 0) continue;
      desk.push(ours);
      floor.push(theirs);
    }
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
  return [
    benchRow({ name: 'price list of 200,000 rows, end to end', value: speed(desk), unit: 'rows/s', floorName: 'csv-parse, a lookup and an insert a row', floorValue: speed(floor), target: 'ratio ≥ 1.5', ok: speed(desk) / speed(floor) >= 1.5 }),
    benchRow({ name: 'price list, memory beyond the cache', value: memory(desk), unit: 'MB', floorName: 'the same', floorValue: memory(floor), target: `< ${MOST_MB} MB`, ok: memory(desk) < MOST_MB }),
  ];
}
