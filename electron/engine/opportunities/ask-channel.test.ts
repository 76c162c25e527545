import { describe, expect, it, vi } from 'vitest';
import { ConnectorError } from '#kernel/errors.ts';
import type { ProductRecord, SoldCountPort } from '#engine/catalog/index.ts';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { askAmazon } from './ask-amazon.ts';
import type { AssessInput } from './assess-offer.ts';
import type { OpportunitiesDeps } from './deps.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { readChannelSales } from './read-channel-sales.ts';

const product = (id: string, gtin: string | null) => ({ id, gtin }) as ProductRecord;
const signal = new AbortController().signal;

function depsWith(sold: SoldCountPort['sold'], market = 'ebay-us') {
  const clock = new ManualClock(0);
  const warn = vi.fn();
  return { warn, clock, deps: { ctx: { log: { warn }, clock }, soldCounts: [{ connector: 'ebay-insights', market, sold }] } as unknown as OpportunitiesDeps };
}

describe('readChannelSales', () => {
  it('asks once in two weeks for each product with a code, and leaves out what the channel says nothing of', async () => {
    const asked: string[] = [];
    const { deps, clock } = depsWith(async ({ value }) => {
      asked.push(value);
      return value.startsWith('4') ? null : { units: 7, days: 90, at: 0 };
    });
    const products = [product('a', '00012345678905'), product('a', '00012345678905'), product('b', null), product('c', '04006381333931')];
    for (const days of [0, 13]) {
      clock.advanceTo(days * DAY_MS);
      expect([...(await readChannelSales(deps, 'ebay-us', { products, signal }))]).toEqual([['a', { units: 7, days: 90 }]]);
    }
    expect(asked).toEqual(['012345678905', '4006381333931']);
    clock.advanceTo(14 * DAY_MS);
    await readChannelSales(deps, 'ebay-us', { products, signal });
    expect(asked).toHaveLength(4);
    expect((await readChannelSales(depsWith(async () => null, 'reverb').deps, 'ebay-us', { products, signal })).size).toBe(0);
  });

  it('asks no further when the channel stops answering; a fault of our own is not hidden', async () => {
    let calls = 0;
    const { deps, warn } = depsWith(async () => {
      if (++calls === 2) throw new ConnectorError({ kind: 'Throttled', connector: 'ebay-insights', operation: 'read sales', message: 'out of quota' });
      return { units: 1, days: 90, at: 0 };
    });
    const products = ['a', 'b', 'c'].map((id) => product(id, '00012345678905'));
    expect((await readChannelSales(deps, 'ebay-us', { products, signal })).size).toBe(1);
    expect([calls, warn.mock.calls.length]).toEqual([2, 1]);
    await expect(readChannelSales(depsWith(async () => { throw new TypeError('ours'); }).deps, 'ebay-us', { products, signal })).rejects.toThrow('ours');
  });
});

function pack(points: readonly (readonly [number, number | null])[]) {
  return { unit: 'minor', start: 0, gap: points.map(([day], i) => ((day - (points[i - 1]?.[0] ?? 0)) * DAY_MS) / 60_000), value: points.map(([, value]) => value) };
}

const facts = (ebayNew: readonly (readonly [day: number, value: number | null])[]) => ({ currency: 'USD', series: { ebayNew: pack(ebayNew), new: pack([[1, 5_000], [50, 5_100]]) }, monthlySold: null, rankDrops30: 3, rankDrops90: 9 }) as unknown as Parameters<typeof gatherEvidence>[0];

describe('gatherEvidence', () => {
  const at = 100 * DAY_MS;
  const evidenceOf = (ebayNew: readonly (readonly [number, number | null])[], units: number) => gatherEvidence(facts(ebayNew), { own: null, rivals: 0, calibration: null, at, sold: { units, days: 90 } });

  it('counts sales over the days on which somebody offered it: nothing sold by nobody says nothing', () => {
    expect(evidenceOf([[1, 4_000], [70, null]], 6).channelSold).toEqual({ units: 6, days: 60 });
    expect(evidenceOf([[1, null]], 0).channelSold).toBeNull();
  });

  it('takes the larger shop\'s price for less where nobody ever offered it on the channel', () => {
    expect(evidenceOf([[1, null]], 0).otherMarket).toEqual({ ratio: 0.95, sigma: 0.1 });
    expect(evidenceOf(Array.from({ length: 9 }, (_, i) => [i + 1, 4_000 + i] as const), 0).otherMarket).toBeUndefined();
  });
});

describe('askAmazon', () => {
  it('tells a brand that is refused whole from a single line that is', async () => {
    const refused = new Set(['A1', 'A2', 'A3', 'B1']);
    const titles = { A: ['Acme Red Drill X1', 'Acme Red Drill X1, Blue', 'Acme Saw Y2', 'Acme Lamp Z3'], B: ['Bolt Fine Saw', 'Bolt Big Lamp'] } as Record<string, readonly string[]>;
    const restriction = vi.fn(async (externalId: string) => ({ externalId, condition: 'new' as const, allowed: !refused.has(externalId), reasons: [], at: 0 }));
    const findMany = async ({ where }: { where: { brand: string } }) => titles[where.brand]!.map((title, i) => ({ asin: `${where.brand}${[1, 9, 2, 3][i]}`, title }));
    const deps = { ctx: { db: { prisma: { product: { findMany } } } }, catalog: { currentPrices: null, restrictions: { restriction } } } as unknown as OpportunitiesDeps;
    const inputs = (['A', 'B', 'C'] as const).map((brand) => ({ product: { asin: `${brand}1`, brand, title: titles[brand]?.[0] ?? 'Cord' } }) as unknown as AssessInput);
    // a colour of the same line is not asked about: it says nothing of the brand
    expect((await askAmazon(deps, inputs, signal)).map(({ guard }) => guard)).toEqual([{ asked: 2, refused: 2 }, { asked: 1, refused: 0 }, null]);
    expect(restriction.mock.calls.map(([asin]) => asin)).toEqual(['A1', 'A2', 'A3', 'B1', 'B9', 'C1']);
  });
});
