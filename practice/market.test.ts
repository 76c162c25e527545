import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { type PracticeMarket, startMarket } from './market.ts';

const START = Date.UTC(2026, 8, 1, 10);
const open: PracticeMarket[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((market) => market.close()));
});

async function start(faults?: Parameters<typeof startMarket>[0]['faults']) {
  const clock = new ManualClock(START);
  const market = await startMarket({ seed: 7, clock, productCount: 3_000, ...(faults ? { faults } : {}) });
  open.push(market);
  return { market, clock };
}

describe('startMarket', () => {
  it('starts a server for every vendor, on loopback alone', async () => {
    const { market } = await start();
    expect(Object.keys(market.vendors).toSorted()).toEqual(['ai', 'amazon', 'bookscouter', 'brightshelf', 'chargily', 'corner-outlet', 'dar-el-hanout', 'ebay', 'ebay-message', 'ecocash', 'etsy', 'harbor-clearance', 'imap', 'keepa', 'maplecart', 'ouedkniss', 'paynow', 'paypal', 'price-lists', 'reverb', 'sendgrid', 'shopify', 'stripe', 'twilio', 'woocommerce']);
    for (const [name, vendor] of Object.entries(market.vendors)) {
      expect(vendor.name).toBe(name);
      expect(vendor.baseUrl).toMatch(/^(http|imap):\/\/127\.0\.0\.1:\d+$/);
    }
  });

  it('lets all vendors see one world at one time', async () => {
    const { market, clock } = await start();
    clock.advanceTo(START + 3 * DAY_MS);
    await fetch(`${market.vendors['maplecart']!.baseUrl}/wp-json/wc/store/v1/products`);
    await fetch(`${market.vendors['brightshelf']!.baseUrl}/`);
    expect([market.vendors['maplecart']!.log[0]?.at, market.vendors['brightshelf']!.log[0]?.at]).toEqual([START + 3 * DAY_MS, START + 3 * DAY_MS]);
    expect(market.effects()).toEqual({ shopOrders: [], listings: [], sales: [] });
  });

  it('plants faults in every vendor at once', async () => {
    const { market } = await start();
    market.setFaults({ rate: 1, kinds: ['server-error'] });
    const statuses = await Promise.all(Object.values(market.vendors).filter((vendor) => vendor.baseUrl.startsWith('http')).map(async (vendor) => (await fetch(`${vendor.baseUrl}/robots.txt`)).status));
    expect(new Set(statuses)).toEqual(new Set([500]));
  });
});

describe('vendors', () => {
  it('know of the world what its interface says, and nothing of its truth', () => {
    const folder = new URL('./vendors/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    expect(sources.length).toBeGreaterThan(10);
    const reached = sources.flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/from '[^']*\bworld\/([\w-]+)\.ts'/g)].map((found) => `${name}: ${found[1]}`));
    expect(reached.filter((line) => !/: (index|types)$/.test(line))).toEqual([]);
  });
});
