/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeApp, type App, type DeskClient } from '#app/compose.ts';
import { memorySecrets } from '#app/hosting/memory-secrets.ts';
import { SharedManualClock } from '#app/hosting/shared-clock.ts';
import { startRunMarket, type RunMarket } from '#app/hosting/start-run-market.ts';
import { startHttpHost, type HttpHost } from '#app/transports/http.ts';
import { createInProcessClient } from '#app/transports/in-process.ts';
import { createPortLink, createPortServer } from '#app/transports/message-port.ts';
import { contract } from '#contract/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS } from '#kernel/time.ts';
import { BUILD, chromiumFound, launch } from './harness.ts';
import { axe, shoot } from './desk.ts';

const SEED = 7;
const START = Date.UTC(2026, 8, 1, 8);
/** A shop of the practice market that the program orders from by itself; one is enough. */
const SHOPS = ['Harbor Clearance'];
const LONGEST_WAIT_DAYS = 40;

/** The real engine on the practice market, behind the real HTTP host, in a browser; only the clock is moved by hand, since nobody waits for a buyer. */
describe.skipIf(!chromiumFound)('a trade, from the first start to the profit', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'resale-e2e-'));
  const clock = new SharedManualClock(START);
  const { port1, port2 } = new MessageChannel();
  let market: RunMarket;
  let app: App;
  let client: DeskClient;
  let host: HttpHost;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    [market, browser] = await Promise.all([startRunMarket({ seed: SEED, faultRate: 0, clock }), launch()]);
    app = await composeApp({
      version: '0.1.0-test', dataDir: dir, rootDir: path.resolve(import.meta.dirname, '../..'), clock, random: seededRandom('desk'), log: silentLogger, secrets: memorySecrets(), practice: market.wiring, disposable: true,
    });
    client = createInProcessClient<typeof contract>(app);
    createPortServer(app, silentLogger).serve(port1);
    host = await startHttpHost({ engine: createPortLink(port2), contract, version: '0.1.0-test', logger: silentLogger, apiToken: 'x'.repeat(40), rendererDir: BUILD });
    page = await (await browser.newContext({ viewport: { width: 1_440, height: 900 }, reducedMotion: 'reduce', locale: 'en-US', timezoneId: 'UTC' })).newPage();
    page.setDefaultTimeout(30_000);
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(`${message.text()} ${message.location().url}`));
  });

  afterAll(async () => {
    await browser?.close();
    await host?.close();
    port1.close();
    await app?.stop();
    await market?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Lets hours pass and does what is due. */
  const pass = async (hours: number) => {
    clock.advanceTo(clock.now() + hours * HOUR_MS);
    await app.parts.ctx.jobs.runDue();
  };
  const open = (name: string) => page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) }).first().click();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

  it('begins with a question, and opportunities come in', async () => {
    for (const source of await client.sources.list()) if (!SHOPS.includes(source.name)) await client.sources.update({ id: source.id, enabled: false });
    await page.goto(host.issueSignInUrl());
    await page.getByRole('button', { name: 'Start in the practice market' }).click();
    await heading('Today');
    await open('Opportunities');
    await heading('Opportunities');
    // scanning goes on while the page is open: rows appear without a reload
    await pass(1);
    await page.locator('.grid-row').first().waitFor();
  });

  it('shows the arithmetic, and one click approves and buys', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/opportunities`);
    await page.locator('.grid-row').first().click();
    await page.locator('.split-detail .verdict').waitFor();
    await page.getByText('From sale price to profit').waitFor();
    const approve = page.getByRole('button', { name: /^Approve \d+ for \$[\d,.]+$/ });
    await approve.waitFor();
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'e2e-opportunity');
    await approve.click();
    await page.getByText(/^Approved \d+ for/).waitFor();
    await expect.poll(async () => (await client.purchases.list({ limit: 10 })).items.length).toBe(1);
    await pass(0);
    await open('Purchases');
    await heading('Purchases');
    await page.locator('.grid-row').first().click();
    await page.locator('.split-detail').getByText('On its way', { exact: true }).first().waitFor();
  });

  it('takes the goods in, and lists them', async () => {
    await page.getByRole('button', { name: 'Receive the goods' }).click();
    await page.getByRole('dialog').getByRole('button', { name: /^Receive \d+ units?$/ }).click();
    await page.getByText(/units? (is|are) in stock\.$/).first().waitFor();
    await pass(0);
    await pass(1);
    await open('Listings');
    await heading('Listings');
    await page.locator('.grid-row').first().click();
    await page.locator('.split-detail').getByText('Active', { exact: true }).first().waitFor();
  });

  it('is told of the sale, ships it, and shows what it earned', async () => {
    // what is scanned meanwhile is another trade's
    for (const source of await client.sources.list()) await client.sources.update({ id: source.id, enabled: false });
    for (let hours = 0; hours < LONGEST_WAIT_DAYS * 24 && (await client.orders.list({ limit: 1, state: 'paid' })).items.length === 0; hours += 6) await pass(6);
    await open('Orders');
    await heading('Orders');
    await page.locator('.grid-row').first().click();
    await page.getByLabel('Carrier').fill('USPS');
    await page.getByLabel('Tracking number').fill('9400111899223100000000');
    await page.getByRole('button', { name: 'Mark as shipped' }).click();
    await page.getByText('Marked as shipped. The channel is being told.').waitFor();
    await pass(0);
    const outcome = page.getByRole('region', { name: 'Outcome beside estimate' });
    await outcome.getByText(/\$\d/).first().waitFor();
    await page.locator('.split-detail').getByText('Shipped', { exact: true }).first().waitFor();
    await shoot(page, 'e2e-order');
  });

  it('balances, and nothing was done twice', async () => {
    await open('Ledger');
    await heading('Ledger');
    await page.getByText('Balanced', { exact: true }).waitFor();
    await page.getByText('Profit, booked').waitFor();
    await shoot(page, 'e2e-ledger');
    const [books, report, profit] = [await app.verifyBooks(), await market.report({ days: 1, budgetMinor: 0, perDayMinor: null, perPurchaseMinor: null }), await client.ledger.profit({})];
    expect(books).toMatchObject({ sound: true, findings: [], miscounted: [] });
    expect(report).toMatchObject({ orders: 1, listings: 1, duplicateListings: 0 });
    expect(report.sales).toBeGreaterThan(0);
    expect(profit.units).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });
});
