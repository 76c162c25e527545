import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import { insertJson } from '#runtime/bulk.ts';
import { addSource, type RawOffer } from '#engine/sources/index.ts';
import { DEFAULT_LIMITS, LIMITS, putSetting } from '#engine/settings/index.ts';
import { asinOf, gtinOf, offerOf, openOfferDesk, titleOf, type OfferDesk } from '#tests/support/offer-desk.ts';
import { evaluateOffers, ingestOffers, normaliseOffer, retireUnseen } from './index.ts';
import { createOpportunitiesProcedures } from './procedures.ts';
import { correctOffer } from './repo.ts';
import { registerReconsidering } from './reconsider.ts';

let desk: OfferDesk;
let sourceId: string;
let opportunities: RouterClient<ReturnType<typeof createOpportunitiesProcedures>>;
const usd = (minor: number) => money(minor, 'USD');
const { signal } = new AbortController();

beforeEach(async () => {
  desk = await openOfferDesk();
  ({ id: sourceId } = await addSource(desk.scan.sources, { kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', intervalMs: null }));
  registerReconsidering(desk.opportunities);
  opportunities = createRouterClient(createOpportunitiesProcedures(desk.opportunities, {
    approve: () => Promise.reject(new Error('not asked for here')), purchaseOf: () => Promise.resolve(null), summary: () => Promise.reject(new Error('not asked for here')), trades: () => Promise.resolve([]),
    preview: (_id, _version, quantity) => Promise.resolve({ total: usd(1_200 * quantity), byHand: false, blockedBy: [] }),
  }));
});
afterEach(() => desk.close());

const prisma = () => desk.runtime.db.prisma;
const ingest = (...raw: RawOffer[]) => desk.runtime.db.transaction((tx) => ingestOffers(desk.runtime.context, tx, sourceId, raw.map((o) => normaliseOffer({ ...o, seenAt: desk.runtime.clock.now() }, {}))));
const evaluate = () => evaluateOffers(desk.opportunities, { sourceId, limit: 400, signal });
const offerRow = (n: number) => prisma().offer.findUniqueOrThrow({ where: { sourceId_externalId: { sourceId, externalId: `item-${n}` } } });
const rowOf = async (n: number) => prisma().opportunity.findUniqueOrThrow({ where: { offerId: (await offerRow(n)).id } });
const reasonOf = async (n: number) => (JSON.parse((await offerRow(n)).screenReason ?? '{}') as { code?: string }).code;
const risksShown = async (n: number) => (await opportunities.get({ id: (await rowOf(n)).id })).risks;
const know = (...ns: number[]) => ns.forEach((n) => desk.vendor.know({ n, priceMinor: 4_000 }));

describe('ingestOffers', () => {
  it('counts what is new, changed and the same, and takes the last of two with one id', async () => {
    expect(await ingest(offerOf(1), offerOf(2), offerOf(2, { price: usd(999) }))).toEqual({ seen: 2, added: 2, changed: 0 });
    expect(Number((await offerRow(2)).priceMinor)).toBe(999);
    expect(await ingest(offerOf(1), offerOf(2, { price: usd(998) }), offerOf(3))).toEqual({ seen: 3, added: 1, changed: 1 });
    expect(await ingest()).toEqual({ seen: 0, added: 0, changed: 0 });
  });

  it('keeps id and first sight of an offer that changes', async () => {
    await ingest(offerOf(1));
    const before = await offerRow(1);
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + HOUR_MS);
    await ingest(offerOf(1, { price: usd(1_500) }));
    expect(await offerRow(1)).toMatchObject({ id: before.id, firstSeenAt: before.firstSeenAt, lastSeenAt: BigInt(desk.runtime.clock.now()), state: 'new' });
  });
});

const rated = (scoreBp: number, ratings: number) => ({ sellerFeedback: { scale: 'stars' as const, scoreBp, ratings, text: '3.2/5' } });

/** Whether the seller speaks against the offer, and what is told of them as a risk. */
async function saidOfSeller(n: number) {
  const { reasons } = await opportunities.get({ id: (await rowOf(n)).id });
  return [reasons.some((r) => r.code === 'seller.bad-signs'), (await risksShown(n)).filter((r) => r.code.startsWith('seller.'))];
}

describe('evaluateOffers', () => {
  it('spends quota on survivors of the screen alone, once for each code', async () => {
    know(1, 2);
    await ingest(offerOf(1), offerOf(2, { externalId: 'item-2' }), offerOf(2, { externalId: 'item-22', sellerName: 'B' }), offerOf(3, { stock: { available: false, quantity: null } }), offerOf(4, { condition: 'used' }), offerOf(5, { identifiers: [] }), offerOf(6, { listPrice: usd(1_210) }));
    expect(await evaluate()).toEqual({ taken: 7, survivors: 3, written: 3 });
    expect(desk.vendor.asked).toHaveLength(1);
    expect(desk.vendor.asked[0]!.toSorted()).toEqual([gtinOf(1), gtinOf(2)]);
    expect(await Promise.all([3, 4, 5, 6].map(reasonOf))).toEqual(['screen.out-of-stock', 'screen.not-new', 'screen.no-identifier', 'screen.no-room']);
    expect(await evaluate()).toEqual({ taken: 0, survivors: 0, written: 0 });
  });

  it('asks Amazon about restrictions and prices only where buying looks worth it', async () => {
    know(1);
    desk.vendor.know({ n: 2, priceMinor: 1_300 }); // the offer costs 12.00: no room
    await ingest(offerOf(1), offerOf(2));
    await evaluate();
    expect((await rowOf(1)).decision).toBe('purchase');
    expect(desk.restrictionsAsked).toEqual([asinOf(1)]);
    expect(desk.pricesAsked).toEqual([asinOf(1)]);
  });

  it('lets facts of some days ago settle what is hopeless, and asks anew for what is not', async () => {
    know(1);
    desk.vendor.know({ n: 2, priceMinor: 1_300 });
    await ingest(offerOf(1), offerOf(2));
    await evaluate();
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + 2 * DAY_MS);
    await ingest(offerOf(1, { price: usd(1_250) }), offerOf(2, { price: usd(1_250) }));
    await evaluate();
    expect(desk.vendor.asked.slice(1)).toEqual([[asinOf(1)]]);
    expect(await reasonOf(2)).toBe('screen.no-profit');
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + 11 * DAY_MS);
    await ingest(offerOf(2, { price: usd(1_240) }));
    await evaluate();
    expect(desk.vendor.asked.at(-1)).toEqual([asinOf(2)]);
  });

  it('writes nothing for the same inputs', async () => {
    know(1);
    await ingest(offerOf(1));
    await evaluate();
    const before = await rowOf(1);
    await prisma().offer.updateMany({ data: { state: 'new' } });
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + MINUTE_MS);
    expect(await evaluate()).toMatchObject({ taken: 1, written: 0 });
    expect(await rowOf(1)).toEqual(before);
  });

  it('says which codes nobody knows', async () => {
    await ingest(offerOf(9));
    expect(await evaluate()).toMatchObject({ survivors: 1, written: 0 });
    expect(await offerRow(9)).toMatchObject({ state: 'unidentified' });
    expect(await reasonOf(9)).toBe('identity.unknown-code');
  });

  it('never proposes to buy the code of a single under a title of three, nor another product under the code', async () => {
    know(1, 2);
    await ingest(offerOf(1, { title: `${titleOf(1)} pack of 3` }), offerOf(2, { title: 'Garden hose twenty metres', brand: 'Acme' }));
    await evaluate();
    const rows = await prisma().opportunity.findMany();
    expect(rows.map((r) => r.decision).filter((d) => d !== 'skip')).toEqual([]);
  });

  it('names a brand that is known for complaints with the list that says so, and stops at what the account must not touch', async () => {
    desk.vendor.know({ n: 1, priceMinor: 4_000, over: { brand: 'LEVI’S' } });
    desk.vendor.know({ n: 2, priceMinor: 4_000, over: { hazards: ['lithium battery'] } });
    desk.vendor.know({ n: 3, priceMinor: 4_000, over: { kind: 'variation-parent' } });
    desk.vendor.know({ n: 5, priceMinor: 4_000, newPriceHidden: true });
    know(4);
    await ingest(offerOf(1), offerOf(2), offerOf(3), offerOf(4), offerOf(5));
    await evaluate();
    const risksOf = async (n: number) => (await risksShown(n)).map((r) => [r.code, r.severity]);
    expect((await risksShown(1)).find((r) => r.code === 'brand.ip-risk')?.data).toMatchObject({ brand: 'LEVI’S', source: expect.stringContaining('2026-11-22') as string });
    expect(await risksOf(1)).toContainEqual(['brand.ip-risk', 'warning']);
    expect(await risksOf(2)).toContainEqual(['product.hazmat', 'block']);
    expect(await risksOf(3)).toContainEqual(['product.variation-parent', 'block']);
    const told = desk.runtime.clock.now();
    const answer = { kind: 'answer', source: 'keepa', asOf: told, evidence: 'market-history' };
    expect((await risksShown(1)).find((r) => r.code === 'brand.ip-risk')).toMatchObject({ kind: 'list', source: expect.stringContaining('2026-11-22') as string, asOf: Date.UTC(2026, 10, 22) });
    expect((await risksShown(2)).find((r) => r.code === 'product.hazmat')).toMatchObject({ ...answer, data: { hazards: ['lithium battery'] } });
    expect((await risksShown(3)).find((r) => r.code === 'product.variation-parent')).toMatchObject(answer);
    expect((await risksShown(5)).find((r) => r.code === 'price.map')).toMatchObject({ ...answer, severity: 'warning' });
    expect((await opportunities.get({ id: (await rowOf(2)).id })).evidence.find(({ kind }) => kind === 'market-history')?.data).toMatchObject({ hazards: ['lithium battery'] });
    expect((await risksOf(4)).filter(([code]) => /brand|hazmat|variation/.test(code ?? ''))).toEqual([]);
  });

  it('holds a seller’s own record against their offers, and stops at one that keeps nothing', async () => {
    know(1, 2, 3);
    await ingest(offerOf(1, { sellerName: 'Good' }), offerOf(2, { sellerName: 'Late' }), offerOf(3, { sellerName: 'Gone' }));
    await evaluateOffers({ ...desk.opportunities, sellerRisks: () => Promise.resolve((name) => ({ severity: name === 'Late' ? 'warning' : name === 'Gone' ? 'block' : 'info' })) }, { sourceId, limit: 400, signal });
    const said = async (n: number) => (await opportunities.get({ id: (await rowOf(n)).id })).reasons.filter((r) => r.code === 'seller.bad-signs').map((r) => r.data['kind']);
    expect([await said(1), await said(2), await said(3)]).toEqual([[], ['against'], ['block']]);
    expect([(await rowOf(1)).verdict, (await rowOf(2)).verdict, (await rowOf(3)).decision, (await rowOf(3)).verdict]).toEqual(['profitable', 'profitable', 'skip', 'unsure']);
  });

  it('tells of a seller whom other buyers rate badly, or hardly at all, by the page and the day that said so', async () => {
    know(1, 2, 3);
    await ingest(offerOf(1, rated(9_000, 400)), offerOf(2, rated(5_500, 120)), offerOf(3, rated(5_500, 2)));
    await evaluate();
    expect(await saidOfSeller(1)).toEqual([false, []]);
    expect(await saidOfSeller(2)).toMatchObject([true, [{ code: 'seller.poor-feedback', severity: 'warning', data: { score: '3.2/5', ratings: 120 }, kind: 'page', source: 'source', asOf: desk.runtime.clock.now(), url: offerOf(2, {}).url, evidence: 'offer' }]]);
    expect(await saidOfSeller(3)).toMatchObject([false, [{ code: 'seller.few-ratings', severity: 'info' }]]);
  });

  it('points the dearer of two like offers of one seller at the cheaper', async () => {
    know(1);
    await ingest(offerOf(1, { sellerName: 'S', price: usd(1_300) }), offerOf(1, { externalId: 'item-11', sellerName: 'S' }));
    expect(await evaluate()).toMatchObject({ survivors: 2, written: 1 });
    expect(await offerRow(1)).toMatchObject({ state: 'screened-out', duplicateOfId: (await offerRow(11)).id });
  });

  it('expires the open opportunity of an offer that sold out', async () => {
    know(1);
    await ingest(offerOf(1));
    await evaluate();
    await ingest(offerOf(1, { stock: { available: false, quantity: null } }));
    await evaluate();
    expect(await rowOf(1)).toMatchObject({ state: 'expired', version: 2 });
  });

  it('judges everything again by new limits, from facts that are known already', async () => {
    know(1);
    await ingest(offerOf(1));
    await evaluate();
    const asked = desk.vendor.asked.length;
    await desk.runtime.db.transaction(async (tx) => {
      await putSetting(tx, LIMITS, { ...DEFAULT_LIMITS, blockedBrands: ['northgate'] }, 1);
      await desk.runtime.context.outbox.add(tx, 'settings.limits', null);
    });
    await desk.settle();
    expect(await reasonOf(1)).toBe('screen.blocked-brand');
    expect((await rowOf(1)).state).toBe('expired');
    expect(desk.vendor.asked).toHaveLength(asked);
  });
});

describe('correctOffer', () => {
  it('holds what a checkout told until the page itself changes', async () => {
    know(1);
    await ingest(offerOf(1));
    await evaluate();
    const before = await rowOf(1);
    const offer = await offerRow(1);
    await desk.runtime.db.transaction((tx) => correctOffer(tx, offer.id, { stock: 2, unitPrice: usd(1_400) }));
    expect(await evaluate()).toMatchObject({ taken: 1, written: 1 });
    const corrected = await rowOf(1);
    expect(Number(corrected.unitCostMinor) - Number(before.unitCostMinor)).toBe(200);
    expect(corrected.quantity).toBeLessThanOrEqual(2);
    expect(await ingest(offerOf(1))).toMatchObject({ changed: 0 });
    expect(await offerRow(1)).toMatchObject({ stock: 2, priceMinor: 1_400n });
    expect(await ingest(offerOf(1, { title: `${titleOf(1)} steel` }))).toMatchObject({ changed: 1 });
    expect(await offerRow(1)).toMatchObject({ stock: 20, priceMinor: 1_200n });
  });

  it('takes no price of another currency', async () => {
    await ingest(offerOf(1));
    await desk.runtime.db.transaction(async (tx) => correctOffer(tx, (await offerRow(1)).id, { stock: null, unitPrice: money(5, 'EUR') }));
    expect(await offerRow(1)).toMatchObject({ stock: 20, priceMinor: 1_200n, state: 'new' });
  });
});

describe('opportunities.get', () => {
  it('lays open every line from the sale price to the profit: they sum to it exactly', async () => {
    know(1, 2);
    await ingest(offerOf(1, { shipping: usd(333) }), offerOf(2, { price: usd(1_777) }), offerOf(1, { externalId: 'item-12', sellerName: 'Other', price: usd(1_999) }));
    await evaluate();
    for (const n of [1, 2]) {
      const detail = await opportunities.get({ id: (await rowOf(n)).id });
      expect(detail.lines.reduce((sum, l) => sum + l.amount.minor, 0)).toBe(detail.profit.minor);
      expect(detail.priceQuantiles).toEqual(detail.priceQuantiles.toSorted((a, b) => a - b));
      expect(detail.approval).toMatchObject({ allowed: true, blockedBy: [] });
      expect(detail.evidence.map((e) => e.kind)).toEqual(expect.arrayContaining(['offer', 'market-history', 'restriction']));
    }
    const { comparables } = await opportunities.get({ id: (await rowOf(1)).id });
    expect(comparables.map((c) => c.unitPrice.minor)).toEqual([1_999]);
    const { series } = await opportunities.history({ id: (await rowOf(1)).id });
    expect(series.map((s) => s.key)).toEqual(['new', 'ebayNew']);
  });

  it('counts no shipping of a lot that the shop sends free', async () => {
    desk.vendor.know({ n: 1, priceMinor: 3_300 });
    const shippingOf = async (freeFromMinor: number | null) => {
      const offer = normaliseOffer({ ...offerOf(1, { seenAt: desk.runtime.clock.now() }), shipping: undefined }, { shipping: { flatMinor: 900, freeFromMinor } });
      await desk.runtime.db.transaction((tx) => ingestOffers(desk.runtime.context, tx, sourceId, [offer]));
      await evaluate();
      return (await opportunities.get({ id: (await rowOf(1)).id })).costLines.find((l) => l.code === 'cost.shipping-in')?.amount.minor;
    };
    expect(await shippingOf(null)).toBeGreaterThan(0);
    expect(await shippingOf(2_400)).toBe(0);
  });

  it('knows nothing of an id that is none', async () => {
    await expect(opportunities.get({ id: 'opp_none' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'opportunity', id: 'opp_none' } });
  });
});

describe('opportunities.skip and reopen', () => {
  beforeEach(async () => {
    know(1);
    await ingest(offerOf(1));
    await evaluate();
  });

  it('skips what was shown, stays skipped when the offer changes, and opens again at today’s figures', async () => {
    const row = await rowOf(1);
    expect(await opportunities.skip({ id: row.id, version: row.version })).toMatchObject({ state: 'skipped', version: 2 });
    await ingest(offerOf(1, { price: usd(1_300) }));
    await evaluate();
    expect(await rowOf(1)).toMatchObject({ state: 'skipped', version: 2, unitCostMinor: row.unitCostMinor });
    expect(await opportunities.reopen({ id: row.id })).toMatchObject({ state: 'open', version: 3 });
    await desk.settle();
    expect(await rowOf(1)).toMatchObject({ state: 'open', unitCostMinor: row.unitCostMinor + 100n });
  });

  it('refuses what changed since it was shown, and what is not open', async () => {
    const { id } = await rowOf(1);
    await expect(opportunities.skip({ id, version: 7 })).rejects.toMatchObject({ code: 'STALE', data: { version: 1 } });
    await expect(opportunities.reopen({ id })).rejects.toMatchObject({ code: 'NOT_OPEN', data: { state: 'open' } });
    await opportunities.skip({ id, version: 1 });
    await expect(opportunities.skip({ id, version: 2 })).rejects.toMatchObject({ code: 'NOT_OPEN', data: { state: 'skipped' } });
    await expect(opportunities.skip({ id: 'opp_none', version: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('does not open what is gone', async () => {
    const { id } = await rowOf(1);
    await opportunities.skip({ id, version: 1 });
    await desk.runtime.db.transaction((tx) => retireUnseen(tx, sourceId, desk.runtime.clock.now() + 1));
    await expect(opportunities.reopen({ id })).rejects.toMatchObject({ code: 'NOT_OPEN', data: { state: 'expired' } });
    expect(await rowOf(1)).toMatchObject({ state: 'skipped' });
  });
});

describe('opportunities.skipMany and reopenMany', () => {
  it('skips all that can be skipped, names the others, and one undo brings them back', async () => {
    know(1, 2, 3);
    await ingest(offerOf(1), offerOf(2), offerOf(3));
    await evaluate();
    const rows = await Promise.all([1, 2, 3].map(rowOf));
    await opportunities.skip({ id: rows[2]!.id, version: 1 });
    const outcome = await opportunities.skipMany({ items: [{ id: rows[0]!.id, version: 1 }, { id: rows[1]!.id, version: 9 }, { id: rows[2]!.id, version: 2 }, { id: 'opp_none', version: 1 }] });
    expect(outcome).toEqual({ done: [rows[0]!.id], refused: [{ id: rows[1]!.id, code: 'STALE' }, { id: rows[2]!.id, code: 'NOT_OPEN' }, { id: 'opp_none', code: 'NOT_FOUND' }] });
    expect(await opportunities.reopenMany({ ids: outcome.done })).toEqual({ done: [rows[0]!.id], refused: [] });
    expect(await rowOf(1)).toMatchObject({ state: 'open' });
  });
});

describe('opportunities.sparklines', () => {
  it('answers the last 90 days of the series that the estimate follows, and nothing for what has none', async () => {
    know(1);
    await ingest(offerOf(1));
    await evaluate();
    const { id } = await rowOf(1);
    const [line, ...rest] = await opportunities.sparklines({ ids: [id, 'opp_none'] });
    expect(rest).toEqual([]);
    expect(line).toMatchObject({ id });
    expect(line!.value).toHaveLength(30);
    expect(line!.value.every((v) => v !== null && v > 3_000 && v < 5_500)).toBe(true);
  });
});

describe('opportunities.list and facets', () => {
  const COLUMNS = ['id', 'offerId', 'productId', 'sourceId', 'state', 'decision', 'title', 'brand', 'category', 'currency', 'unitCostMinor', 'salePriceMinor', 'feesMinor', 'profitMinor', 'profitLowMinor', 'profitHighMinor', 'roiBp',
    'lossChanceBp', 'daysToSell', 'cashDayMinor', 'demandPerMonth', 'confidenceBp', 'quantity', 'channel', 'inputsHash', 'cardVersion', 'seenAt', 'evaluatedAt'];
  const rows = (() => {
    const random = seededRandom('listed');
    return Array.from({ length: 300 }, (_, i) => ({
      id: `opp_${String(random.int(1_000_000)).padStart(7, '0')}-${i}`, decision: ['purchase', 'negotiate', 'skip'][random.int(3)]!, category: random.int(2) ? 'kitchen' : null, profit: random.int(9) * 100, roi: random.int(5) * 700, days: 1 + random.int(9), score: random.int(7), seen: 1_000 + random.int(5),
    }));
  })();
  const KEYS = { score: (r: (typeof rows)[number]) => -r.score, profit: (r: (typeof rows)[number]) => -r.profit, roi: (r: (typeof rows)[number]) => -r.roi, days: (r: (typeof rows)[number]) => r.days, newest: (r: (typeof rows)[number]) => -r.seen };

  beforeEach(async () => {
    await desk.runtime.db.transaction(async (tx) => {
      await insertJson(tx, { table: 'Offer', columns: ['id', 'sourceId', 'externalId', 'contentHash', 'url', 'title', 'condition', 'packSize', 'priceMinor', 'currency', 'state', 'facts', 'firstSeenAt', 'lastSeenAt'], rows: rows.map((r) => [`off ${r.id}`, sourceId, r.id, 'h', 'u', r.id, 'new', 1, 1, 'USD', 'evaluated', '{}', 1, 1]) });
      await insertJson(tx, { table: 'Opportunity', columns: COLUMNS, rows: rows.map((r) => [r.id, `off ${r.id}`, 'p', sourceId, 'open', r.decision, r.id, null, r.category, 'USD', 1, 1, 1, r.profit, 1, 1, r.roi, 1, r.days, r.score, 1, 1, 1, 'ebay', 'h', 'c', r.seen, 1]) });
    });
  });

  it.each(['score', 'profit', 'roi', 'days', 'newest'] as const)('pages by %s without gap or repeat', async (sort) => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await opportunities.list({ sort, limit: 37, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.total).toEqual(cursor === undefined ? { count: 300, capped: false } : undefined);
      ids.push(...page.items.map((i) => i.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const sign = sort === 'days' ? 1 : -1;
    const key = KEYS[sort];
    expect(ids).toEqual(rows.toSorted((a, b) => key(a) - key(b) || sign * (a.id < b.id ? -1 : 1)).map((r) => r.id));
  });

  it('refuses the cursor of another sort', async () => {
    const { nextCursor } = await opportunities.list({ sort: 'roi', limit: 5 });
    await expect(opportunities.list({ sort: 'days', limit: 5, cursor: nextCursor! })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'cursor' } });
  });

  const count = (test: (r: (typeof rows)[number]) => boolean) => rows.filter(test).length;
  it('counts the filter values that occur', async () => {
    expect(await opportunities.facets()).toEqual({
      sources: [{ id: sourceId, name: 'Shop', count: 300 }], categories: [{ key: 'kitchen', count: count((r) => r.category === 'kitchen') }],
      decisions: ['purchase', 'negotiate', 'skip'].map((key) => ({ key, count: count((r) => r.decision === key) })),
    });
  });
});
