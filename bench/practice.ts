import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runPracticeCommand } from '#headless/cli/practice-command.ts';
import type { PracticeRunResult } from '#app/practice-run.ts';
import { benchRow, type BenchRow } from './row.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const DAYS = Number(process.env['RESALE_BENCH_DAYS'] ?? 30);
const SEEDS = (process.env['RESALE_BENCH_SEEDS'] ?? '1,2,3,4,5,6,7,8,9,10').split(',').map(Number);
/** Percent of the vendors' requests that go wrong. */
const FAULTS = Number(process.env['RESALE_BENCH_FAULTS'] ?? 0);
/** Run a second time, to be the same to the byte. */
const REPEATED_SEED = 7;
const LONGEST_S = 60;

const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };

async function trade(seed: number): Promise<{ result: PracticeRunResult; text: string; seconds: number; sound: boolean }> {
  const started = performance.now();
  const answer = await runPracticeCommand({ days: DAYS, seed, faultsPercent: FAULTS, channels: 'none', rootDir: ROOT, version, quiet: true });
  return { result: answer.json as PracticeRunResult, text: JSON.stringify(answer.json), seconds: (performance.now() - started) / 1_000, sound: answer.exitCode === 0 };
}

/** The whole loop in virtual time at each seed: profit beside a naive buyer's in the same world, and the time that it took. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const seed of SEEDS) {
    const { result, text, seconds, sound } = await trade(seed);
    const { profitMinor, naiveProfitMinor } = result;
    rows.push(
      benchRow({
        name: `practice seed ${seed}: profit in ${DAYS} days${sound ? '' : ' (BOOKS, UNITS OR EFFECTS DO NOT ADD UP)'}`, value: profitMinor / 100, unit: '$', floorName: 'naive buyer', floorValue: naiveProfitMinor / 100,
        target: 'above, balanced', ok: sound && profitMinor > naiveProfitMinor,
      }),
      benchRow({ name: `practice seed ${seed}: time`, value: seconds, unit: 's', floorName: 'limit', floorValue: LONGEST_S, target: FAULTS > 0 ? '' : `below ${LONGEST_S} s`, ok: FAULTS > 0 || seconds < LONGEST_S }),
    );
    process.stderr.write(`practice seed ${seed}: ${(profitMinor / 100).toFixed(2)} against ${(naiveProfitMinor / 100).toFixed(2)} in ${seconds.toFixed(1)} s, ${sound ? 'sound' : text}\n`);
    if (seed === REPEATED_SEED) {
      const same = (await trade(seed)).text === text;
      rows.push(benchRow({ name: `practice seed ${seed}: a second run`, value: same ? 1 : 0, unit: '', floorName: 'same bytes', floorValue: 1, target: 'the same', ok: same }));
    }
  }
  return rows;
}
