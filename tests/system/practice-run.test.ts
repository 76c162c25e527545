import { beforeAll, describe, expect, it } from 'vitest';
import { runCli, type CliEnd } from '#tests/support/run-cli.ts';
import { z } from 'zod';

/** `practice run` as a person types it. Thirty days at ten seeds: `npm run bench -- --only practice`. */
const DAYS = 5;
/** A world in which something is sold within these days. */
const SEED = 3;
const resultSchema = z.looseObject({
  seed: z.int(), days: z.int(), purchases: z.int(), unitsBought: z.int(), unitsSold: z.int(), orders: z.int(), profitMinor: z.int(), naiveProfitMinor: z.int(), revenueMinor: z.int(), costMinor: z.int(), feesMinor: z.int(), postageMinor: z.int(), refundsMinor: z.int(),
  vendorOrders: z.int(), duplicateOrders: z.int(), vendorListings: z.int(), duplicateListings: z.int(), vendorSales: z.int(), unbookedSales: z.int(), ledgerBalanced: z.boolean(), unitsConserved: z.boolean(), findings: z.array(z.string()),
  channels: z.array(z.object({ channel: z.string(), listings: z.int(), orders: z.int() })),
});
type Result = z.infer<typeof resultSchema>;

const run = (seed: number, ...more: string[]) => runCli('practice', 'run', '--days', String(DAYS), '--seed', String(seed), '--channels', 'amazon,woocommerce,shopify', '--json', ...more);

function read(end: CliEnd): Result {
  expect(end.err).toBe('');
  expect(end.code).toBe(0);
  return resultSchema.parse(JSON.parse(end.out));
}

/** Something was traded, and all of it adds up: at the desk, at the vendors, and between them. */
function expectSound(result: Result): void {
  expect(result.days).toBe(DAYS);
  expect(result.purchases).toBeGreaterThan(5);
  expect(result.unitsBought).toBeGreaterThanOrEqual(result.purchases);
  expect(result.vendorListings).toBeGreaterThan(0);
  expect(result.orders).toBeGreaterThan(0);
  expect(result.channels.filter(({ listings }) => listings > 0).map(({ channel }) => channel)).toEqual(expect.arrayContaining(['amazon-us', 'ebay-us', 'shopify', 'woocommerce']));
  expect(result).toMatchObject({ ledgerBalanced: true, unitsConserved: true, findings: [], duplicateOrders: 0, duplicateListings: 0, unbookedSales: 0, vendorOrders: result.purchases, vendorSales: result.orders });
}

describe('a practice run', () => {
  let first: CliEnd;
  let second: CliEnd;
  let faulted: CliEnd;
  beforeAll(async () => {
    [first, second] = await Promise.all([run(SEED), run(SEED)]);
    faulted = await run(SEED, '--faults', '5');
  }, 300_000);

  it('is the same to the byte at the same seed', () => {
    read(first);
    expect(second.out).toBe(first.out);
  });

  it('keeps books, units and effects in order, and earns more than a naive buyer', () => {
    const result = read(first);
    expectSound(result);
    expect(result.profitMinor).toBeGreaterThan(0);
    expect(result.profitMinor).toBeGreaterThan(result.naiveProfitMinor);
  });

  it('keeps them in order where one request in twenty fails, in every way that one can', () => {
    expectSound(read(faulted));
    expect(faulted.out).not.toBe(first.out);
  });
});

it('refuses what cannot be run', async () => {
  const [long, broken, strange] = await Promise.all([runCli('practice', 'run', '--days', '400'), runCli('practice', 'run', '--faults', 'all'), runCli('practice', 'run', '--channels', 'etsy,bazaar')]);
  expect(strange.err).toContain('not bazaar');
  expect([long.code, broken.code]).toEqual([64, 64]);
  expect(long.err).toContain('--days takes 1 to 365');
  expect(broken.err).toContain('--faults takes a percentage');
});
