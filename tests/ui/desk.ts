/// <reference lib="dom" />
import type { Browser, Page } from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runAxe } from '#tests/support/run-axe.ts';
import { FixtureServer } from './fixture-server.ts';
import { BUILD, launch } from './harness.ts';

const SHOTS = path.resolve(import.meta.dirname, '../../test-results/ui');
/** Where a page is, and what is on it once it has loaded. */
export const PAGES: Readonly<Record<string, { readonly heading: string; readonly address: string; readonly ready: string }>> = {
  today: { heading: 'Today', address: '/', ready: '.need' },
  opportunities: { heading: 'Opportunities', address: '/opportunities', ready: '.grid-row' },
  opportunity: { heading: 'Opportunities', address: '/opportunities?open=opp_000003', ready: '.price-chart .u-wrap' },
  product: { heading: 'Product', address: '/product?id=opp_000003', ready: '.price-chart .u-wrap' },
  compare: { heading: 'Compare', address: '/compare?ids=opp_000003,opp_000004,opp_000005', ready: '.price-chart .u-wrap' },
  fees: { heading: 'Fee cards', address: '/fees', ready: '.plain-table' },
  scans: { heading: 'Scan history', address: '/scans?source=src_0&run=run_000001', ready: '.split-detail .plain-table' },
  approvals: { heading: 'Approvals', address: '/approvals', ready: '.inbox-item' },
  negotiations: { heading: 'Negotiations', address: '/negotiations?open=neg_000001', ready: '.talk-thread' },
  purchases: { heading: 'Purchases', address: '/purchases?open=pur_000000', ready: '.timeline' },
  stock: { heading: 'Stock', address: '/stock?open=lot_000000', ready: '.split-detail .plain-table' },
  listings: { heading: 'Listings', address: '/listings?open=lst_000000', ready: '.timeline' },
  orders: { heading: 'Orders', address: '/orders?open=ord_000000', ready: '.split-detail .plain-table' },
  'purchase-orders': { heading: 'Purchase orders', address: '/purchase-orders?open=pod_000898', ready: '.split-detail .timeline' },
  counts: { heading: 'Stock control', address: '/counts?open=cnt_000900', ready: '.count-sheet' },
  reorder: { heading: 'Reorder', address: '/reorder?open=prd_000003', ready: '.split-detail .plain-table' },
  payments: { heading: 'Payments', address: '/payments?open=pay_000001', ready: '.timeline' },
  reports: { heading: 'Reports', address: '/reports?by=item&open=.prd_3', ready: '.split-detail .plain-table' },
  ledger: { heading: 'Ledger', address: '/ledger', ready: '.grid-row' },
  plan: { heading: 'Plan', address: '/plan', ready: '.grid-row' },
  ai: { heading: 'AI', address: '/ai?open=aic_000000', ready: '.ai-text' },
  sources: { heading: 'Sources', address: '/sources?open=src_1', ready: '.split-detail .plain-table' },
  'settings-limits': { heading: 'Settings', address: '/settings', ready: '.settings-foot' },
  'settings-business': { heading: 'Settings', address: '/settings?tab=business', ready: '.settings-foot' },
  'settings-people': { heading: 'Settings', address: '/settings?tab=people', ready: '.person-foot' },
  'settings-audit': { heading: 'Settings', address: '/settings?tab=audit', ready: '.audit-table' },
  'settings-connections': { heading: 'Settings', address: '/settings?tab=connections', ready: '.settings-group footer' },
  'settings-appearance': { heading: 'Settings', address: '/settings?tab=appearance', ready: '.settings-group' },
  identify: { heading: 'To identify', address: '/identify', ready: '.identify-pair' },
  repricing: { heading: 'Repricing', address: '/repricing', ready: '.reprice-scroll .plain-table' },
  inbound: { heading: 'Shipments to Amazon', address: '/inbound?open=ins_5', ready: '.split-detail .plain-table' },
  watch: { heading: 'Watch', address: '/watch?open=wat_0', ready: '.watch-verdict' },
  support: { heading: 'Support', address: '/support?open=tkt_000000', ready: '.ticket-message' },
  'support-escalated': { heading: 'Support', address: '/support?open=tkt_000002', ready: '.ticket-message' },
  'support-rules': { heading: 'Support', address: '/support?view=rules', ready: '.earned-table' },
  gallery: { heading: 'Gallery', address: '/gallery', ready: '.price-chart .u-wrap' },
};

export interface Desk {
  readonly server: FixtureServer;
  readonly browser: Browser;
  readonly url: string;
  close(): Promise<void>;
}

export async function openDesk(rows = 10_000): Promise<Desk> {
  const server = new FixtureServer({ root: BUILD, rows });
  const [url, browser] = await Promise.all([server.start(), launch()]);
  return { server, browser, url, close: async () => { await browser.close(); await server.stop(); } };
}

/** A page whose errors fail the test that it is in: `problems` holds what the console and the page complained about. */
export async function openPage(desk: Desk, options: { readonly width?: number; readonly scheme?: 'light' | 'dark' } = {}): Promise<{ page: Page; problems: string[] }> {
  const width = options.width ?? 1280;
  const context = await desk.browser.newContext({ viewport: { width, height: width > 1500 ? 1080 : 800 }, reducedMotion: 'reduce', locale: 'en-US', timezoneId: 'UTC' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) problems.push(message.text()); });
  desk.server.appearance = { ...desk.server.appearance, scheme: options.scheme ?? 'light' };
  return { page, problems };
}

export async function go(desk: Desk, page: Page, name: string): Promise<void> {
  const target = PAGES[name];
  if (!target) throw new Error(`there is no page ${name}`);
  await page.goto(`${desk.url}/#${target.address}`);
  // The page before may hold the same parts: the heading says that this one is shown.
  await page.getByRole('heading', { level: 1, name: target.heading, exact: true }).waitFor();
  await page.waitForSelector(target.ready);
}

/** What axe finds, as text: empty when the page is clean. */
export async function axe(page: Page, rules?: readonly string[]): Promise<string[]> {
  const violations = await runAxe(page, rules ? { type: 'rule', values: rules } : { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] });
  return violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}) ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? n.failureSummary ?? ''}`).join(' | ')}`);
}

/** Pictures are for a person to look at: on CI, where nobody does, none are taken. */
const PICTURES = process.env['CI'] === undefined || process.env['RESALE_FULL'] === '1';

export async function shoot(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}

/** Wider than the window: something pushes the page sideways. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
