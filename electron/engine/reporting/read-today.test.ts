import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { todayView } from '#contract/system.ts';
import { money as amountOf } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { post } from '../ledger/index.ts';
import { BUSINESS, putSetting, readSetting } from '../settings/index.ts';
import { readDrifting } from '../sources/index.ts';
import { readToday, readWaiting } from './index.ts';

let runtime: TestRuntime;
beforeEach(async () => {
  runtime = await createTestRuntime();
});
afterEach(() => runtime.close());
const now = () => runtime.clock.now();
const today = () => readToday({ ctx: runtime.context });

const approval = (id: string, expiresAt: bigint) => ({ id: `apr_${id}`, opportunityId: `opp_${id}`, quantity: 1, maxUnitMinor: 100n, maxTotalMinor: 900n, currency: 'USD', evidence: '{}', evidenceSha256: '', approvedBy: 'owner', approvedAt: 1n, expiresAt });

async function seed(): Promise<void> {
  const at = BigInt(now());
  await runtime.db.transaction(async (tx) => {
    await tx.$executeRawUnsafe('PRAGMA defer_foreign_keys = ON');
    await tx.source.createMany({ data: [
      { id: 'src_ok', kind: 'woocommerce', name: 'Fine', baseUrl: 'a', config: '{}', createdAt: 1n },
      { id: 'src_down', kind: 'woocommerce', name: 'Down', baseUrl: 'b', config: '{}', createdAt: 1n, lastError: 'the shop is down', failedAt: at - 5n },
    ] });
    const purchase = (id: string, state: string, over: object = {}) => ({
      id: `pur_${id}`, approvalId: `apr_${id}`, opportunityId: `opp_${id}`, offerId: 'off_1', productId: 'prd_1', sourceId: 'src_ok', connector: 'woocommerce', title: id, state, quantity: 1, unitsPerOffer: 1, currency: 'USD',
      homeCurrency: 'USD', idempotencyKey: id, createdAt: 1n, updatedAt: at, ...over,
    });
    await tx.approval.createMany({ data: [approval('stopped', 1n), approval('later', at + 99n), approval('sooner', at + 9n), approval('sent', 1n), approval('yesterday', 1n)] });
    await tx.purchase.createMany({ data: [
      purchase('stopped', 'stopped', { stopReason: '{"code":"stop.price-rose","data":{}}', totalMinor: 700n }), purchase('later', 'ordering-by-hand'), purchase('sooner', 'ordering-by-hand'),
      purchase('sent', 'confirmed', { confirmedAt: at, homeTotalMinor: 1_500n }), purchase('yesterday', 'received', { confirmedAt: at - BigInt(DAY_MS), homeTotalMinor: 9_999n }),
    ] });
    await tx.order.create({ data: { id: 'ord_1', channel: 'ebay', externalId: '12-345', state: 'paid', currency: 'USD', totalMinor: 4_000n, feesMinor: 0n, placedAt: at, modifiedAt: at, raw: '{}' } });
    await tx.listing.create({ data: { id: 'lst_1', sku: 's', lotId: 'lot_1', productId: 'prd_1', channel: 'ebay', title: 'Listing', description: '', condition: 'new', priceMinor: 250n, floorMinor: 1n, currency: 'USD', quantity: 4, state: 'stopped', stopReason: 'plain words', idempotencyKey: 'k', createdAt: 1n, updatedAt: at } });
    const job = (id: string, createdAt: number) => ({ id, kind: 'scan', payload: '{}', state: 'failed', runAt: 1n, attempts: 1, maxAttempts: 1, lastError: 'broke', createdAt: BigInt(createdAt), finishedAt: at });
    await tx.job.createMany({ data: [job('job_new', now() - HOUR_MS), job('job_old', now() - 8 * DAY_MS)] });
    for (let i = 0; i < 12; i++) {
      await tx.offer.create({ data: { id: `off_${i}`, sourceId: 'src_ok', externalId: `${i}`, contentHash: 'h', url: 'u', title: 't', condition: 'new', packSize: 1, priceMinor: 1n, currency: 'USD', state: 'evaluated', facts: '{}', firstSeenAt: 1n, lastSeenAt: 1n } });
      await tx.opportunity.create({ data: {
        id: `opp_${i}`, offerId: `off_${i}`, productId: 'prd_1', sourceId: 'src_ok', state: i === 11 ? 'skipped' : 'open', decision: i === 10 ? 'negotiate' : 'purchase', title: `Chance ${i}`, currency: 'USD', unitCostMinor: 1n, salePriceMinor: 1n, feesMinor: 1n, profitMinor: 300n,
        profitLowMinor: 1n, profitHighMinor: 1n, roiBp: 1, lossChanceBp: 1, daysToSell: 1, cashDayMinor: BigInt(i), demandPerMonth: 1, confidenceBp: 1, quantity: 2, channel: 'ebay', inputsHash: 'h', cardVersion: 'c', seenAt: at, evaluatedAt: at,
      } });
    }
  });
}

const talk = (id: string, state: string, over: object = {}) => ({
  id, opportunityId: 'opp', sourceId: 'src', sourceName: 's', sourceKind: 'k', offerExternalId: 'x', offerUrl: 'u', title: id, sellerKey: 's', channel: 'email', recipient: 'r', language: 'en', timeZone: 'UTC', state, currency: 'USD', askedMinor: 9n,
  ceilingMinor: 8n, workingMinor: 8n, mostOffers: 3, turns: '[]', review: true, evidence: '{}', evidenceSha256: '', approvedBy: 'owner', approvedAt: 1n, expiresAt: 9n, createdAt: 1n, updatedAt: 7n, ...over,
});

const text = (id: string, negotiationId: string, state: string) => ({ id, negotiationId, direction: 'out', state, author: 'strategy', kind: 'counter', text: 't', createdAt: 1n });

/** A run that read twenty products, each with a price and a brand. */
const read = (sourceId: string, startedAt: bigint) => ({ id: `run_${sourceId}_${startedAt}`, sourceId, state: 'done', seen: 20, products: 20, withTitle: 20, withPrice: 20, withBrand: 20, startedAt });
const source = (id: string, over: object) => ({ id, kind: 'woocommerce', name: id, baseUrl: id, config: '{}', createdAt: 1n, ...over });

const order = (id: string, raw: string) => ({ id, channel: 'ebay', externalId: id, state: 'paid', currency: 'USD', totalMinor: 4_000n, feesMinor: 0n, placedAt: 5n, modifiedAt: 5n, raw });

const byHand = (problems: object[]) => JSON.stringify({ problems, byHand: { what: 'refund', amount: { minor: 300, currency: 'USD' }, before: 0, at: 4 } });
const lot = (id: string, over: object = {}) => ({ id, sku: id, productId: 'prd_1', purchaseId: id, title: id, condition: 'new', location: 'Amazon FBA', state: 'on-hand', unitCostMinor: 200n, totalCostMinor: 2_000n, currency: 'USD', quantity: 10, onHand: 10, estimate: '{}', createdAt: 1n, ...over });
const counted = (id: string, sellable: number) => ({ key: `warehouse-count.${id}`, value: JSON.stringify({ sellable, reserved: 1, inbound: 0, unsellable: 1, at: now() }), updatedAt: 1n });

describe('readToday', () => {
  it('adds up what is in other currencies at the rates of the business, and names a currency that has none', async () => {
    const book = (key: string, lines: readonly [string, number, string][]) => runtime.db.transaction((tx) => post({ ctx: runtime.context }, tx, {
      key, kind: 'sale', memo: '', ref: { kind: 'order', id: key }, at: now(), lines: lines.map(([account, minor, currency]) => ({ account, amount: amountOf(minor, currency) })),
    }));
    await runtime.db.transaction(async (tx) => {
      const { value } = await readSetting(tx, BUSINESS);
      await putSetting(tx, BUSINESS, { ...value, homeCurrency: 'EUR', rates: [{ from: 'EUR', to: 'USD', kind: 'official', rate: '1.25', source: 'test', asOf: '2026-11-20' }] }, now());
    });
    await book('sold', [['assets:receivable:ebay-us', 5_000, 'USD'], ['income:sales', -5_000, 'USD']]);
    await book('cost', [['expenses:cogs', 1_500, 'EUR'], ['assets:inventory', -1_500, 'EUR']]);
    await book('paid', [['assets:cash', 2_500, 'USD'], ['assets:cash', 700, 'DZD'], ['equity:suspense', -2_500, 'USD'], ['equity:suspense', -700, 'DZD']]);
    const { money } = todayView.parse(await today());
    expect(money).toMatchObject({ currency: 'EUR', without: ['DZD'], cash: { minor: 2_000, currency: 'EUR' }, owedByChannels: { minor: 4_000 }, revenue30: { minor: 4_000 }, profit30: { minor: 2_500 } });
    expect(money.profitByDay.at(-1)!.profit).toEqual({ minor: 2_500, currency: 'EUR' });
  });

  it('of an empty desk is nothing, in the home currency', async () => {
    const view = todayView.parse(await today());
    expect(view.items).toEqual([]);
    expect(Object.values(view.counts).every((n) => n === 0)).toBe(true);
    expect(view.money).toMatchObject({ currency: 'USD', cash: { minor: 0 }, profit30: { minor: 0 } });
    expect(view.money.profitByDay).toHaveLength(30);
    expect(view.money.profitByDay.at(-1)!.day).toBe('2026-11-21');
  });


  it('lists eight of a kind, and knows of all that a person can be told of', async () => {
    await runtime.db.prisma.order.createMany({ data: Array.from({ length: 10 }, (_, n) => order(`ord_${n}`, '{"problems":[]}')) });
    const waiting = await readWaiting({ ctx: runtime.context });
    expect([(await today()).items.length, waiting.map(({ kind, id }) => `${kind}:${id}`).toSorted()]).toEqual([8, Array.from({ length: 10 }, (_, n) => `ship:ord_${n}`)]);
  });

  it('looks for drifting sources by the index of their runs, of which there is no end', async () => {
    const plan: string[] = [];
    await readDrifting({ read: async (sql) => {
      plan.push(...(await runtime.db.read<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, [])).map(({ detail }) => detail));
      return [];
    } });
    expect(plan.filter((step) => /\br\b/.test(step))).toEqual([expect.stringMatching(/^SEARCH r USING INDEX ScanRun_sourceId_startedAt_idx/)]);
  });

  it('names orders that cannot be kept or read, sources that need care, alerts, and questions', async () => {
    await runtime.db.transaction(async (tx) => {
      await tx.$executeRawUnsafe('PRAGMA defer_foreign_keys = ON');
      await tx.order.createMany({ data: [order('ord_over', '{"problems":[{"code":"order.oversold","data":{"sold":2,"had":1}}]}'), order('ord_fine', '{"problems":[{"code":"order.other","data":{}}]}')] });
      await tx.setting.create({ data: { key: 'orders-cursor.ebay-us', value: JSON.stringify({ readUntil: null, unreadable: [{ orderId: '12-7', reason: 'total: expected an amount', excerpt: '', at: 9 }] }), updatedAt: 1n } });
      const hour = BigInt(HOUR_MS);
      await tx.source.createMany({ data: [
        source('stale', { intervalMs: hour, lastSuccessAt: BigInt(now()) - 25n * hour }), source('fresh', { intervalMs: 20n * hour, lastSuccessAt: BigInt(now()) - 39n * hour }),
        source('paused', { intervalMs: hour, lastSuccessAt: 1n, enabled: false, lastError: 'down' }), source('messy', { lastSuccessAt: BigInt(now()) }),
        source('rebuilt', { lastSuccessAt: BigInt(now()) }), source('signed-out', { lastError: 'sign in again', errorKind: 'SessionLost', failedAt: 7n }),
      ] });
      await tx.scanRun.createMany({ data: [{ id: 'run_1', sourceId: 'messy', state: 'done', seen: 80, rejected: 20, startedAt: 2n }, { id: 'run_0', sourceId: 'fresh', state: 'done', seen: 95, rejected: 5, startedAt: 2n },
        { ...read('rebuilt', 3n), withPrice: 1, withBrand: 0, seen: 60, rejected: 40 }, read('rebuilt', 2n), read('rebuilt', 1n), read('fresh', 1n)] });
      await tx.savedView.create({ data: { id: 'viw_1', page: 'opportunities', name: 'Kettles', query: '{}', createdAt: 1n, alert: { create: { filter: '{}', createdAt: 1n, checkedAt: 1n, matches: { create: [{ opportunityId: 'a', matchedAt: 3n }, { opportunityId: 'b', matchedAt: 4n }, { opportunityId: 'c', matchedAt: 4n, seenAt: 5n }] } } } } });
    });
    const { items, counts } = todayView.parse(await today());
    expect(items.map((i) => [i.kind, i.id, i.reason?.code ?? null])).toEqual([
      ['oversold', 'ord_over', 'order.oversold'], ['order-unreadable', 'ebay-us:0', 'order.unreadable'], ['ship', 'ord_fine', null], ['alert', 'viw_1', 'alert.matches'], ['source-failing', 'signed-out', 'source.failed-session'], ['source-drifting', 'rebuilt', 'source.drifting'], ['source-stale', 'stale', null], ['source-rejects', 'messy', 'source.rejects'],
    ]);
    expect(items.find((i) => i.kind === 'source-drifting')).toMatchObject({ title: 'rebuilt', reason: { data: { field: 'price', beforeBp: 10_000, nowBp: 500, count: 2 } }, at: 3 });
    expect(items.find((i) => i.kind === 'alert')).toMatchObject({ reason: { data: { count: 2 } }, at: 4 });
    expect(counts).toMatchObject({ alertMatches: 2, toIdentify: 0, troubledSources: 4 });
  });

  it('names what was said to be done on a channel and is not shown there, and stock that a warehouse counts otherwise', async () => {
    await runtime.db.transaction(async (tx) => {
      await tx.order.createMany({ data: [order('said', byHand([])), order('unseen', byHand([{ code: 'order.refund-unseen', data: { channel: 'amazon-us' } }]))] });
      await tx.stockLot.createMany({ data: [lot('less'), lot('equal'), lot('moved'), lot('home', { location: 'A1' })] });
      await tx.setting.createMany({ data: [counted('less', 5), counted('equal', 8), counted('moved', 5), counted('home', 5)] });
      await tx.stockMovement.create({ data: { id: 'mov_1', lotId: 'moved', kind: 'sold', quantity: -1, ref: 'r', at: BigInt(now() - HOUR_MS) } });
    });
    const { items } = todayView.parse(await today());
    expect(items.filter((item) => item.kind !== 'ship').map((item) => [item.kind, item.id, item.reason, item.amount?.minor])).toEqual([
      ['not-shown', 'unseen', { code: 'order.refund-unseen', data: { channel: 'ebay' } }, 300], ['warehouse-differs', 'less', { code: 'stock.warehouse-differs', data: { counted: 7, booked: 10 } }, 600],
    ]);
  });

  it('names the talks that need a person: asked, agreed and not bought, or with a text that waits to be let go', async () => {
    await runtime.db.transaction(async (tx) => {
      await tx.negotiation.createMany({ data: [
        talk('asked', 'needs-person', { endReason: '{"code":"talk.question","data":{}}' }), talk('agreed', 'agreed', { agreedMinor: 700n }), talk('bought', 'agreed', { purchaseId: 'pur_1' }), talk('draft', 'drafted'), talk('sent', 'awaiting-reply'), talk('over', 'rejected'),
      ] });
      await tx.negotiationMessage.createMany({ data: [text('m1', 'draft', 'draft'), text('m2', 'sent', 'sent'), text('m3', 'over', 'draft')] });
    });
    const { items, counts } = todayView.parse(await today());
    expect(items.filter((i) => i.kind === 'talk').map((i) => [i.id, i.reason?.code ?? null, i.amount?.minor ?? null]).toSorted()).toEqual([['agreed', null, 700], ['asked', 'talk.question', null], ['draft', null, null]]);
    expect(counts).toMatchObject({ talks: 3, toApprove: 0 });
  });

  it('opens the sealed reason why a customer needs a person', async () => {
    const handOff = runtime.context.seal.seal('Ticket.handOff', '{"code":"support.low-confidence","data":{}}');
    await runtime.db.transaction((tx) => tx.ticket.create({ data: { id: 'tkt_1', state: 'escalated', channel: 'ebay', recipient: '', handleMark: '', words: '', intent: 'question', language: 'en', confidenceBp: 1, urgency: 1, handOff, openedAt: 1n, lastInAt: 1n, updatedAt: 1n } }));
    expect(todayView.parse(await today()).items).toMatchObject([{ kind: 'ticket', reason: { code: 'support.low-confidence' } }]);
  });

  it('names what waits in the order of what waiting costs, within a kind the most urgent first', async () => {
    await seed();
    const { items } = todayView.parse(await today());
    expect([...new Set(items.map((i) => i.kind))]).toEqual(['purchase-stopped', 'ship', 'order-by-hand', 'listing-stopped', 'job-failed', 'receive', 'approve', 'source-failing']);
    expect(items.filter((i) => i.kind === 'order-by-hand').map((i) => i.title)).toEqual(['sooner', 'later']);
    expect(items.filter((i) => i.kind === 'approve').map((i) => i.id)).toEqual([9, 8, 7, 6, 5, 4, 3, 2].map((n) => `opp_${n}`));
    expect(items.filter((i) => i.kind === 'job-failed').map((i) => i.id)).toEqual(['job_new']);
  });

  it('says why and how much, also where the reason is plain words', async () => {
    await seed();
    const { items } = await today();
    const of = (kind: string) => items.find((i) => i.kind === kind);
    expect(of('purchase-stopped')).toMatchObject({ reason: { code: 'stop.price-rose' }, amount: { minor: 700, currency: 'USD' } });
    expect(of('listing-stopped')).toMatchObject({ reason: { code: 'message', data: { text: 'plain words' } }, amount: { minor: 1_000 } });
    expect(of('approve')).toMatchObject({ amount: { minor: 600 } });
    expect(of('source-failing')).toMatchObject({ title: 'Down', reason: { code: 'source.failed', data: { message: 'the shop is down' } }, at: now() - 5 });
  });

  it('counts all, not only what is listed, and today’s spending alone', async () => {
    await seed();
    const { counts, money } = await today();
    expect(counts).toEqual({ alertMatches: 0, toIdentify: 0, toApprove: 1, talks: 0, tickets: 0, openOpportunities: 10, stoppedPurchases: 1, toOrder: 2, toReceive: 1, toShip: 1, troubledSources: 1 });
    expect(money.spentToday).toEqual({ minor: 1_500, currency: 'USD' });
  });
});
