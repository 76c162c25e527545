/**
 * `npm run bench [-- --only NAME] [--json]`: runs every bench that takes no minutes (`--only practice` does), prints each figure beside its floor, and exits 1 when a target is missed.
 * A bench is a file beside this one that exports `run(): Promise<BenchRow[]>`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchRow } from './row.ts';

const BENCHES = ['ingest', 'opportunity-page', 'search', 'price-list', 'crawl', 'match', 'negotiation'];
/** Minutes each: run only when named. */
const LONG = ['approve', 'pages', 'practice', 'found', 'trends', 'capital', 'oversell', 'repricing'];

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } } });

const figure = (value: number) => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));

function print(rows: readonly BenchRow[]): void {
  const cells = rows.map((row) => [row.name, `${figure(row.value)} ${row.unit}`, `${figure(row.floorValue)} (${row.floorName})`, figure(row.ratio), row.target, row.target === '' ? '' : row.ok ? 'ok' : 'MISSED']);
  const table = [['bench', 'measured', 'floor', 'ratio', 'target', ''], ...cells];
  const widths = table[0]!.map((_, i) => Math.max(...table.map((line) => line[i]!.length)));
  for (const line of table) console.log(line.map((cell, i) => cell.padEnd(widths[i]!)).join('  ').trimEnd());
}

const chosen = values.only ?? BENCHES.filter((name) => fs.existsSync(path.join(import.meta.dirname, `${name}.ts`)));
const unknown = chosen.filter((name) => !fs.existsSync(path.join(import.meta.dirname, `${name}.ts`)) || ![...BENCHES, ...LONG].includes(name));
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are ${[...BENCHES, ...LONG].join(', ')}`);
  process.exit(64);
}
const rows: BenchRow[] = [];
for (const name of chosen) {
  const bench = (await import(`./${name}.ts`)) as { run(): Promise<BenchRow[]> };
  rows.push(...(await bench.run()));
}
if (values.json) console.log(JSON.stringify(rows, null, 2));
else print(rows);
process.exitCode = rows.every((row) => row.ok) ? 0 : 1;
