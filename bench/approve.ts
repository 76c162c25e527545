/** From the key press to the recorded approval: the built desk in Chromium, the real engine in its thread, 100,000 opportunities loaded. `npm run bench -- --only approve`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { DEFAULT_LIMITS, PRACTICE_BUSINESS } from '#engine/settings/index.ts';
import { serveDesk } from '#headless/serve-desk.ts';
import { systemClock } from '#kernel/time.ts';
import { migrateDatabase, readMigrations } from '#runtime/migrations.ts';
import { BUILD, buildDesk, chromiumFound, launch } from '#tests/ui/harness.ts';
import { benchRow, quantile, type BenchRow } from './row.ts';

const OPPORTUNITIES = 100_000;
/** All of them can be approved; the first few warm the program up and are not counted. */
const WARM = 10;
const APPROVALS = 100;
const TARGET_MS = 100;
const ROOT = path.resolve(import.meta.dirname, '..');

const EVALUATION = JSON.stringify({
  lines: Array.from({ length: 6 }, (_, i) => ({ code: `fees.line-${i}`, amount: { minor: -123 - i, currency: 'USD' }, detail: {}, source: 'card', asOf: '2026-11-01', confidence: 'high' })), costLines: [], reasons: [], risks: [], unknowns: [],
  evidence: [{ kind: 'offer', vendor: 'source', fetchedAt: 1, data: { title: 'x'.repeat(80), price: 1_000 } }], priceQuantiles: [2_000, 2_100, 2_300, 2_500, 2_700, 2_900, 3_000], profitQuantiles: [300, 400, 600, 800, 1_000, 1_200, 1_300],
  ceiling: null, purchaseUnits: 2, piecesPerPurchase: 1, piecesPerSale: 1, priceSeries: null, restrictionCheckedAt: null,
});

/** A live desk's folder as it is after months: a supplier's list whose 100,000 offers are all worth buying, ordered by hand, so that no vendor is waited for. */
async function fill(dataDir: string): Promise<void> {
  const live = path.join(dataDir, 'live');
  mkdirSync(live, { recursive: true });
  writeFileSync(path.join(dataDir, 'desk.json'), `${JSON.stringify({ mode: 'live', seed: 1 })}\n`);
  const file = path.join(live, 'desk.sqlite');
  await migrateDatabase({ file, migrations: readMigrations(), clock: systemClock });
  const now = systemClock.now();
  const db = new BetterSqlite3(file);
  const setting = db.prepare('INSERT INTO "Setting" (key, value, version, updatedAt) VALUES (?, ?, 1, ?)');
  const product = db.prepare(`INSERT INTO "Product" (id, title, category, weightG, attributes, createdAt, updatedAt) VALUES (?, ?, 'toys', 400, '{}', ?, ?)`);
  const offer = db.prepare(`INSERT INTO "Offer" (id, sourceId, externalId, contentHash, url, title, condition, packSize, priceMinor, currency, shippingMinor, stock, productId, state, facts, firstSeenAt, lastSeenAt) VALUES (?, 'src_1', ?, 'h', 'https://supplier.example', ?, 'new', 1, ?, 'USD', 0, 50, ?, 'evaluated', '{}', ?, ?)`);
  const opportunity = db.prepare(`INSERT INTO "Opportunity" (id, offerId, productId, sourceId, state, decision, title, category, currency, unitCostMinor, salePriceMinor, feesMinor, profitMinor, profitLowMinor, profitHighMinor, roiBp, lossChanceBp, daysToSell, cashDayMinor, demandPerMonth, confidenceBp, quantity, channel, inputsHash, cardVersion, seenAt, evaluatedAt)
    VALUES (?, ?, ?, 'src_1', 'open', 'purchase', ?, 'toys', 'USD', ?, 2500, 400, 800, 300, 1300, 8000, 500, 12, ?, 30, 8000, 2, 'ebay', 'h', '2026', ?, ?)`);
  const detail = db.prepare('INSERT INTO "OpportunityDetail" (opportunityId, evaluation) VALUES (?, ?)');
  db.transaction(() => {
    setting.run('mode', JSON.stringify({ mode: 'live' }), now);
    setting.run('business', JSON.stringify({ ...PRACTICE_BUSINESS, openingCash: { minor: 100_000_000, currency: 'USD' } }), now);
    setting.run('limits', JSON.stringify({ ...DEFAULT_LIMITS, perPurchase: null, perDay: { minor: 90_000_000, currency: 'USD' }, perWeek: { minor: 90_000_000, currency: 'USD' }, perMonth: { minor: 90_000_000, currency: 'USD' }, perSellerPerDay: null }), now);
    db.prepare(`INSERT INTO "Source" (id, kind, name, baseUrl, config, enabled, createdAt) VALUES ('src_1', 'price-list', 'Supplier', 'https://supplier.example', '{}', 0, ?)`).run(now);
    for (let i = 0; i < OPPORTUNITIES; i++) {
      const n = i.toString(16).padStart(12, '0');
      const title = `Building blocks ${i} of the castle series`;
      if (i % 10 === 0) product.run(`prd_${n}`, title, now, now);
      const productId = `prd_${(i - (i % 10)).toString(16).padStart(12, '0')}`;
      offer.run(`off_${n}`, String(i), title, 900 + (i % 700), productId, now, now);
      const id = `opp_0192f3c4-${n.slice(0, 4)}-7000-8000-${n}`;
      opportunity.run(id, `off_${n}`, productId, title, 900 + (i % 700), 10_000 + (i % 5_000), now, now);
      detail.run(id, EVALUATION);
    }
  })();
  db.close();
}

/** Notes in the page when a key was pressed and when the answer to `approve` was there, and what a question costs that records nothing. */
function watch(): void {
  const kept: { pressed: number; asked: number; took: number[]; floors: number[] } = { pressed: 0, asked: 0, took: [], floors: [] };
  Object.assign(globalThis, { approveTimes: kept });
  globalThis.addEventListener?.('keydown', (event) => { if ((event as KeyboardEvent).key === 'a') kept.pressed = performance.now(); }, { capture: true });
  const plain = globalThis.fetch;
  globalThis.fetch = async (...given) => {
    const url = given[0] instanceof Request ? given[0].url : String(given[0]);
    const pressed = kept.pressed;
    const asked = performance.now();
    const answer = await plain(...given);
    if (url.includes('opportunities/approve') && !url.includes('Many')) {
      if (!answer.ok) throw new Error(`approve answered ${answer.status}`);
      kept.took.push(performance.now() - pressed);
    } else if (url.includes('settings/appearance')) kept.floors.push(performance.now() - asked);
    return answer;
  };
}

interface Times { took: number[]; floors: number[] }
const timesOf = (page: Page): Promise<Times> => page.evaluate(() => (globalThis as unknown as { approveTimes: Times }).approveTimes);

async function measure(url: string): Promise<Times> {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
    await page.addInitScript(watch);
    await page.goto(url);
    await page.waitForSelector('.frame');
    await page.evaluate(() => { location.hash = '#/opportunities'; });
    await page.waitForSelector('.grid-row', { timeout: 60_000 });
    await page.keyboard.press('j');
    for (let n = 0; n < WARM + APPROVALS; n++) {
      await page.keyboard.press('a');
      await page.waitForFunction((wanted) => (globalThis as unknown as { approveTimes: Times }).approveTimes.took.length > wanted, n, { timeout: 20_000, polling: 10 });
      // a person looks at the next one
      await page.waitForTimeout(120);
    }
    await page.evaluate(async () => { for (let n = 0; n < 40; n++) await fetch('/rpc/settings/appearance', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }); });
    return await timesOf(page);
  } finally {
    await browser.close();
  }
}

export async function run(): Promise<BenchRow[]> {
  if (!chromiumFound) return [];
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'resale-approve-'));
  try {
    await fill(dataDir);
    await buildDesk();
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const desk = await serveDesk({
      init: { rootDir: ROOT, dataDir, seed: null, version }, port: 0, address: '127.0.0.1', allowedHosts: [], engineThread: new URL('../electron/headless/engine-thread.ts', import.meta.url).href, announce: false, rendererDir: BUILD,
      tell: (line) => console.error(line), onGivenUp: (reason) => { throw new Error(reason); },
    });
    try {
      const { took, floors } = await measure(desk.issueSignInUrl());
      const counted = took.slice(WARM);
      const stored = new BetterSqlite3(path.join(dataDir, 'live/desk.sqlite'), { readonly: true });
      const { n } = stored.prepare<[], { n: number }>('SELECT count(*) AS n FROM "Approval"').get()!;
      stored.close();
      if (n !== WARM + APPROVALS) throw new Error(`${n} approvals are recorded, not ${WARM + APPROVALS}`);
      const common = { unit: 'ms', floorName: 'a question that records nothing, p50', floorValue: quantile(floors, 0.5) };
      const name = `key to recorded approval, ${OPPORTUNITIES.toLocaleString('en')} opportunities`;
      return [
        benchRow({ ...common, name: `${name}, p50`, value: quantile(counted, 0.5), target: '', ok: true }),
        benchRow({ ...common, name: `${name}, p95`, value: quantile(counted, 0.95), target: `p95 < ${TARGET_MS} ms`, ok: quantile(counted, 0.95) < TARGET_MS }),
      ];
    } finally {
      await desk.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
