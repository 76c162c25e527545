/** The desk of somebody who has sold for years: how soon each page shows its first rows, and whether a list holds the window up while it is scrolled. `npm run bench -- --only pages`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { serveDesk } from '#headless/serve-desk.ts';
import { BUILD, buildDesk, chromiumFound, launch } from '#tests/ui/harness.ts';
import { fillYears, ORDERS, TICKETS } from './desk/fill-years.ts';
import { benchRow, quantile, type BenchRow } from './row.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const ROUNDS = 5;
const TARGET_MS = 300;
const LONG_TASK_MS = 50;
const LEAST_SCROLLED_PX = 10_000;
/** What stands on a page once its first rows, or its figures, are there. */
const PAGES: Readonly<Record<string, string>> = {
  '/': '.need', '/purchases?state=received': '.grid-row', '/stock': '.grid-row', '/listings': '.grid-row', '/orders': '.grid-row', '/support': '.grid-row', '/ledger': '.grid-row', '/reports': '.report-figure', '/reorder': '.grid-row', '/purchase-orders': '.grid-row',
};
const SCROLLED = ['/orders', '/support', '/stock', '/listings', '/purchases?state=received', '/ledger'];

/** From the click to what is looked for, in ms of the page's own clock; frame by frame. */
const visit = (page: Page, address: string, ready: string): Promise<number> => page.evaluate(async ([to, wanted]) => {
  const started = performance.now();
  location.hash = `#${to}`;
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (document.querySelector('main')?.querySelector(wanted!)) return performance.now() - started;
    if (performance.now() - started > 20_000) throw new Error(`${to} shows no ${wanted}`);
  }
}, [address, ready] as const);

async function openings(page: Page): Promise<Map<string, number[]>> {
  const took = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    await page.reload();
    await page.waitForSelector('.frame');
    for (const [address, ready] of Object.entries(PAGES)) {
      await visit(page, '/settings', '.settings-foot');
      took.set(address, [...(took.get(address) ?? []), await visit(page, address, ready)]);
    }
  }
  return took;
}

async function longTasks(page: Page, address: string): Promise<number[]> {
  await visit(page, address, '.grid-row');
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    const tasks: number[] = [];
    const watch = new PerformanceObserver((list) => { for (const entry of list.getEntries()) tasks.push(entry.duration); });
    watch.observe({ entryTypes: ['longtask'] });
    Object.assign(globalThis, { longTasks: tasks });
  });
  await page.mouse.move(600, 500);
  for (let step = 0; step < 60; step++) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(33);
  }
  await page.waitForTimeout(300);
  const scrolled = await page.evaluate(() => document.querySelector('.grid')!.scrollTop);
  if (scrolled < LEAST_SCROLLED_PX) throw new Error(`${address} was scrolled by ${scrolled} pixels only`);
  return page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
}

async function measure(url: string): Promise<{ took: Map<string, number[]>; tasks: Map<string, number[]>; floor: number[] }> {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    await page.goto(url);
    await page.waitForSelector('.frame');
    const took = await openings(page);
    const floor: number[] = [];
    for (let n = 0; n < 10; n++) {
      await visit(page, '/gallery', '.price-chart');
      floor.push(await visit(page, '/settings', '.settings-foot'));
    }
    const tasks = new Map<string, number[]>();
    for (const address of SCROLLED) tasks.set(address, await longTasks(page, address));
    return { took, tasks, floor };
  } finally {
    await browser.close();
  }
}

export async function run(): Promise<BenchRow[]> {
  if (!chromiumFound) return [];
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'resale-pages-'));
  try {
    await fillYears(dataDir);
    await buildDesk();
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const desk = await serveDesk({
      init: { rootDir: ROOT, dataDir, seed: null, version }, port: 0, address: '127.0.0.1', allowedHosts: [], engineThread: new URL('../electron/headless/engine-thread.ts', import.meta.url).href, announce: false, rendererDir: BUILD,
      tell: (line) => console.error(line), onGivenUp: (reason) => { throw new Error(reason); },
    });
    try {
      const { took, tasks, floor } = await measure(desk.issueSignInUrl());
      const beside = { floorName: 'settings, p50', floorValue: quantile(floor, 0.5) };
      return [
        ...[...took].map(([address, ms]) => benchRow({ ...beside, name: `first rows of ${address} with ${ORDERS.toLocaleString('en')} orders and ${TICKETS.toLocaleString('en')} tickets, median of ${ROUNDS}`, value: quantile(ms, 0.5), unit: 'ms', target: `< ${TARGET_MS} ms`, ok: quantile(ms, 0.5) < TARGET_MS })),
        // the forecasts of its products are kept, so that the first opening is the slow one
        benchRow({ ...beside, name: 'first rows of /reorder, the first time', value: took.get('/reorder')![0]!, unit: 'ms', target: `< ${TARGET_MS} ms`, ok: took.get('/reorder')![0]! < TARGET_MS }),
        ...[...tasks].map(([address, ms]) => benchRow({ name: `longest task while ${address} is scrolled`, value: Math.max(0, ...ms), unit: 'ms', floorName: 'long task', floorValue: LONG_TASK_MS, target: `≤ ${LONG_TASK_MS} ms`, ok: Math.max(0, ...ms) <= LONG_TASK_MS })),
      ];
    } finally {
      await desk.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
