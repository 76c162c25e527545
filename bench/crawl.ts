import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bundle } from './bundle.ts';
import { PAGES, type CrawlFigures } from './crawl/shop-size.ts';
import { benchRow, type BenchRow } from './row.ts';

/** Rounds of the two crawlers in turn; the median counts. */
const ROUNDS = 3;

const start = (script: string, args: readonly string[]) => spawn(process.execPath, ['--no-warnings', script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });

/** The first line that a child prints, as JSON. @throws when it ends without one */
async function firstLine<T>(child: ChildProcess, name: string): Promise<T> {
  for await (const line of createInterface({ input: child.stdout! })) return JSON.parse(line) as T;
  throw new Error(`${name} printed nothing`);
}

async function crawl(script: string, args: readonly string[]): Promise<CrawlFigures> {
  const name = path.basename(script);
  const child = start(script, args);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const figures = await firstLine<CrawlFigures>(child, name);
  const [code] = await ended;
  if (code !== 0 || figures.pages !== PAGES) throw new Error(`${name} read ${figures.pages} of ${PAGES} products and ended with ${code}`);
  return figures;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

const speed = (all: readonly CrawlFigures[]) => median(all.map((f) => f.pages / f.seconds));
const memory = (all: readonly CrawlFigures[]) => median(all.map((f) => f.peakMb));

/** Both crawlers against one local shop, each in a process of its own, from a cold start; start-up of the process itself is not counted, its memory is. */
export async function run(): Promise<BenchRow[]> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-bench-'));
  const programs = { desk: await bundle('bench/crawl/crawl-desk.ts'), crawlee: await bundle('bench/crawl/crawl-crawlee.ts', 'as installed') };
  const shop = start(path.join(import.meta.dirname, 'crawl/serve-shop.ts'), []);
  const desk: CrawlFigures[] = [];
  const crawlee: CrawlFigures[] = [];
  try {
    const { url } = await firstLine<{ url: string }>(shop, 'the shop');
    for (let round = 0; round < ROUNDS; round++) {
      desk.push(await crawl(programs.desk, [url, path.join(dir, `frontier-${round}.sqlite`)]));
      crawlee.push(await crawl(programs.crawlee, [url]));
    }
  } finally {
    shop.kill();
    fs.rmSync(dir, { recursive: true, force: true });
  }
  const speedRatio = speed(desk) / speed(crawlee);
  const memoryRatio = memory(desk) / memory(crawlee);
  return [
    benchRow({ name: `crawl of ${PAGES.toLocaleString('en')} pages of 60 KB`, value: speed(desk), unit: 'pages/s', floorName: '@crawlee/cheerio', floorValue: speed(crawlee), target: 'ratio ≥ 6', ok: speedRatio >= 6 }),
    benchRow({ name: 'crawl, memory of the process', value: memory(desk), unit: 'MB', floorName: '@crawlee/cheerio', floorValue: memory(crawlee), target: 'ratio ≤ 0.333', ok: memoryRatio <= 1 / 3 }),
  ];
}
