import * as fc from 'fast-check';
import { rememberRestrictions } from './remember-restrictions.ts';
import { ManualClock } from '#kernel/time.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import { asinOf, gtin14Of, gtinOf, openOfferDesk, titleOf, type OfferDesk } from '#tests/support/offer-desk.ts';
import { enrichProducts, findByCodes, findSnapshots, unpackSeries, valueNow } from './index.ts';
import { factsOf, marketFactsSchema, packSeries } from './market-facts.ts';
import type { Series } from './ports.ts';

/** Whole minutes, rising, with gaps, as data vendors give them. */
const seriesArbitrary: fc.Arbitrary<Series> = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 * 24 * 60 }), fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: null })), { maxLength: 60 }).map((steps) => {
  let at = 29_000_000 * MINUTE_MS;
  return { at: steps.map(([gap]) => (at += gap * MINUTE_MS)), value: steps.map(([, value]) => value) };
});
/** What a series says at an instant; undefined before it begins. */
function valueAt(series: Series, instant: number): number | null | undefined {
  const index = series.at.findLastIndex((at) => at <= instant);
  return index < 0 ? undefined : series.value[index];
}
const FROM = 29_000_000 * MINUTE_MS + 10 * DAY_MS;

describe('packSeries and unpackSeries', () => {
  it('say at every kept instant what the series said within the hour after it', () => {
    fc.assert(fc.property(seriesArbitrary, (series) => {
      const back = unpackSeries(packSeries(series, 'minor', 0));
      back.at.forEach((at, i) => {
        const near = [valueAt(series, at), ...series.at.flatMap((t, j) => (t >= at && t - at < HOUR_MS ? [series.value[j]] : []))];
        expect(near).toContain(back.value[i]);
      });
      expect(back.value.at(-1) ?? null).toBe(series.value.at(-1) ?? null);
    }));
  });

  it('are exact where no two points are within an hour', () => {
    fc.assert(fc.property(seriesArbitrary, (dense) => {
      const kept = dense.at.flatMap((at, i) => (i === 0 || at - dense.at[i - 1]! >= HOUR_MS ? [i] : []));
      const at = kept.map((i) => dense.at[i]!);
      const series = { at, value: kept.map((i) => dense.value[i]!) };
      const back = unpackSeries(packSeries(series, 'minor', 0));
      for (const instant of at.flatMap((t) => [t, t + 30 * MINUTE_MS])) expect(valueAt(back, instant)).toBe(valueAt(series, instant));
    }));
  });

  it('begin where history is kept from, with the value that held there', () => {
    fc.assert(fc.property(seriesArbitrary, (series) => {
      const packed = packSeries(series, 'minor', FROM);
      const back = unpackSeries(packed);
      expect(back.at.every((at) => at >= FROM)).toBe(true);
      expect(back.at.every((at, i) => i === 0 || at > back.at[i - 1]!)).toBe(true);
      expect(valueNow(packed)).toBe(series.value.at(-1) ?? null);
      if (series.at.some((at) => at <= FROM) && !series.at.some((at) => at > FROM && at < FROM + HOUR_MS)) expect(valueAt(back, FROM)).toBe(valueAt(series, FROM));
    }));
  });
});

let desk: OfferDesk;
beforeEach(async () => {
  desk = await openOfferDesk();
});
afterEach(() => desk.close());
const { signal } = new AbortController();
const prisma = () => desk.runtime.db.prisma;
const enrich = (...codes: string[]) => enrichProducts(desk.catalog, codes, signal);
const factsNow = async (productId: string) => (await findSnapshots(desk.runtime.db, 'keepa', [productId])).get(productId)!;

describe('factsOf', () => {
  it('has the same hash when only the day of the refresh differs, and another for any other fact', () => {
    const data = desk.vendor.dataOf({ n: 1, priceMinor: 4_000 });
    const facts = factsOf(data, 0);
    expect(marketFactsSchema.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
    expect(factsOf({ ...data, refreshedAt: 77 }, 0)).toMatchObject({ hash: facts.hash, refreshedAt: 77 });
    const changes = [{ currency: 'EUR' }, { demand: { monthlySold: 601 } }, { newPriceHidden: true }, { outOfStockPercent90: 5 }, { histories: { new: data.histories.new } }, { item: { ...data.item, packQuantity: 2 } }, { item: { ...data.item, hazards: ['battery'] } }];
    for (const change of changes) expect(factsOf({ ...data, ...change }, 0).hash).not.toBe(facts.hash);
  });
});

describe('enrichProducts', () => {
  it('stores product, codes and facts once, however often it is asked', async () => {
    desk.vendor.know({ n: 1, priceMinor: 4_000 });
    const first = await enrich(gtin14Of(1));
    const [id] = first.products.get(gtin14Of(1))!;
    expect(await prisma().product.findMany()).toMatchObject([{ id, gtin: gtin14Of(1), asin: asinOf(1), title: titleOf(1), weightG: 400, lengthMm: 200 }]);
    expect(desk.vendor.asked).toEqual([[gtinOf(1)]]);
    const again = await enrich(gtin14Of(1), asinOf(1));
    expect([...again.products.values()]).toEqual([[id], [id]]);
    expect(await prisma().product.count()).toBe(1);
    expect(await prisma().productIdentifier.count()).toBe(2);
    expect(await prisma().marketSnapshot.count()).toBe(1);
  });

  it('holds the same facts on the next day when the vendor says the same', async () => {
    const data = desk.vendor.dataOf({ n: 1, priceMinor: 4_000 });
    const longAgo = { ...data, histories: { new: { currency: 'USD', at: [0, ...data.histories.new!.at], value: [3_900, ...data.histories.new!.value] } } };
    desk.vendor.lookup = (codes) => Promise.resolve({ matches: codes.map((code) => ({ code, items: [longAgo] })), unreadable: [], at: desk.runtime.clock.now() });
    const [id] = (await enrich(asinOf(1))).products.get(asinOf(1))!;
    const before = await factsNow(id!);
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + DAY_MS);
    await enrich(asinOf(1));
    const after = await factsNow(id!);
    expect(after.facts.hash).toBe(before.facts.hash);
    expect(after.expiresAt - before.expiresAt).toBe(DAY_MS);
  });

  it('keeps what a later answer leaves out', async () => {
    desk.vendor.know({ n: 1, priceMinor: 4_000 });
    await enrich(asinOf(1));
    desk.vendor.products.set(asinOf(1), [{ n: 1, priceMinor: 4_000, over: { title: undefined, brand: undefined, packageMeasures: undefined } }]);
    await enrich(asinOf(1));
    expect(await prisma().product.findMany()).toMatchObject([{ title: titleOf(1), brand: 'Northgate', weightG: 400 }]);
  });

  it('gives a code that several products share to the first, stands it when each is asked for again, and names all', async () => {
    const shared = [{ kind: 'gtin' as const, value: gtinOf(1) }];
    const [a, b, c] = [1, 2, 3].map((n) => ({ n, priceMinor: 4_000, over: { codes: shared } }));
    desk.vendor.products.set(gtinOf(1), [a!, b!]);
    for (const one of [a, b, c]) desk.vendor.products.set(asinOf(one!.n), [one!]);
    const { products } = await enrich(gtin14Of(1));
    expect(products.get(gtin14Of(1))).toHaveLength(2);
    await enrich(asinOf(2));
    await enrich(asinOf(3));
    await enrich(asinOf(2), asinOf(1));
    const stored = await prisma().product.findMany({ orderBy: { asin: 'asc' } });
    expect(stored.map((p) => p.gtin)).toEqual([gtin14Of(1), null, null]);
    expect(await prisma().productIdentifier.count({ where: { kind: 'gtin', value: gtin14Of(1) } })).toBe(3);
  });

  it('stores nothing of an id that is gone, and tells what could not be read', async () => {
    desk.vendor.know({ n: 1, priceMinor: 4_000, over: { kind: 'unavailable' } });
    expect((await enrich(asinOf(1), asinOf(2))).products).toEqual(new Map([[asinOf(1), []], [asinOf(2), []]]));
    expect(await prisma().product.count()).toBe(0);
    const unreadable = [{ where: 'item 1', reason: 'csv.0: expected a whole number', excerpt: '{' }];
    desk.vendor.lookup = () => Promise.resolve({ matches: [], unreadable, at: 0 });
    expect((await enrich(asinOf(1))).unreadable).toEqual(unreadable);
  });

  it('asks nobody when no vendor is connected or there is nothing to ask', async () => {
    await enrich();
    await enrichProducts({ ...desk.catalog, marketData: null }, [asinOf(1)], signal);
    expect(desk.vendor.asked).toEqual([]);
  });
});

describe('findByCodes', () => {
  it('leaves out a code that names several products: somebody must choose', async () => {
    const [one, other] = [{ n: 1, priceMinor: 1 }, { n: 2, priceMinor: 1, over: { codes: [{ kind: 'gtin' as const, value: gtinOf(1) }, { kind: 'gtin' as const, value: gtinOf(2) }] } }];
    desk.vendor.products.set(asinOf(1), [one!]);
    desk.vendor.products.set(asinOf(2), [other!]);
    const { products } = await enrich(asinOf(1), asinOf(2));
    expect(await findByCodes(desk.runtime.db, 'gtin', [gtin14Of(1), gtin14Of(2), gtin14Of(3)])).toEqual(new Map([[gtin14Of(2), products.get(asinOf(2))![0]]]));
    expect(await findByCodes(desk.runtime.db, 'gtin', [])).toEqual(new Map());
  });
});

describe('findSnapshots', () => {
  it('counts facts that no longer parse as missing, so that they are fetched anew', async () => {
    desk.vendor.know({ n: 1, priceMinor: 4_000 });
    await enrich(asinOf(1));
    await prisma().marketSnapshot.updateMany({ data: { facts: '{"market":"amazon-us"}' } });
    const { id } = (await prisma().product.findFirst())!;
    expect(await findSnapshots(desk.runtime.db, 'keepa', [id])).toEqual(new Map());
  });
});

describe('rememberRestrictions', () => {
  it('asks once in three days for each product and condition, and keeps no failure', async () => {
    const clock = new ManualClock(Date.UTC(2026, 10, 21));
    const asked: string[] = [];
    let broken = true;
    const port = rememberRestrictions({
      connector: 'x', market: 'amazon-us',
      restriction: async (externalId, condition) => {
        asked.push(externalId);
        if (broken) throw new Error('not now');
        return { externalId, condition, allowed: true, reasons: [], at: clock.now() };
      },
    }, clock);
    await expect(port.restriction('B000000001', 'new')).rejects.toThrow('not now');
    broken = false;
    await port.restriction('B000000001', 'new');
    await port.restriction('B000000001', 'new');
    expect(asked).toHaveLength(2);
    clock.advanceTo(clock.now() + 4 * 86_400_000);
    await port.restriction('B000000001', 'new');
    expect(asked).toHaveLength(3);
  });
});
