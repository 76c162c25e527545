import { call } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { apply, balance, clock, db, desk, expectSound, later, reading, usd, useOrderDesk } from '#tests/support/order-desk.ts';
import { readToday } from '../../reporting/index.ts';
import { createOrderProcedures, endClaimAnswer, fixedSources, syncClaims } from '../index.ts';
import type { ChannelClaim, OrderSourcePort } from '../ports.ts';

useOrderDesk();

describe('a claim past the returns', () => {
  it('stands at its order and on Today until it is answered, and says how it ended; an account that cannot read them holds nothing up', async () => {
    const { order } = await apply({ quantity: 2 });
    const open = { claimId: '9', orderId: '10-1', state: 'answer', reason: 'ITEM_NOT_RECEIVED', amount: usd(4_000), respondBy: 1_900_000_000_000 } as const satisfies ChannelClaim;
    let told: readonly ChannelClaim[] | null = null;
    let asked = 0;
    const source = { ...desk.ebay, claims: async () => ((asked += 1), told) };
    const deps = { ...desk.trade.orders, source, sources: fixedSources([source]) };
    const os = createOrderProcedures(deps);
    const look = async (...claims: readonly ChannelClaim[]) => {
      told = claims;
      clock.advanceTo(clock.now() + 3 * HOUR_MS);
      await syncClaims(deps, new AbortController().signal);
      const { problems, version } = await call(os.get, { id: order!.id });
      return { problems, version, today: (await readToday({ ctx: desk.ctx })).items.filter((item) => item.kind === 'claim').map((item) => [item.id, item.reason?.code, item.at]) };
    };
    await syncClaims(deps, new AbortController().signal);
    const first = await look(open, { ...open, claimId: '10', orderId: 'elsewhere' });
    expect(first).toMatchObject({ problems: [{ code: 'order.claim', data: { claimId: '9', reason: 'item not received', amount: usd(4_000), endsAt: open.respondBy } }], today: [[order!.id, 'order.claim', open.respondBy]] });
    expect((await look(open)).version).toBe(first.version);
    expect(await look({ ...open, state: 'waits', respondBy: null })).toMatchObject({ problems: [{ code: 'order.claim-waits' }], today: [] });
    expect(await look({ ...open, state: 'closed', respondBy: null })).toMatchObject({ problems: [{ code: 'order.claim-closed' }], today: [] });
    // asked for no more often than every three hours
    await syncClaims(deps, new AbortController().signal);
    expect(asked).toBe(5);
  });
});

describe('an inquiry', () => {
  it('waits on Today until its day, is answered once through the channel, and moves the money beside nothing else', async () => {
    await apply();
    later();
    const { order } = await apply({ fulfilment: 'fulfilled' });
    const listing = await db.prisma.listing.findFirstOrThrow();
    const asked: ChannelClaim = { claimId: 'inquiry-5', orderId: '10-1', kind: 'inquiry', state: 'answer', reason: 'ITEM_NOT_RECEIVED', amount: usd(2_000), respondBy: 1_900_000_000_000, ways: ['tracking', 'refund', 'escalate'] };
    let told: readonly ChannelClaim[] = [asked];
    const orders: (readonly string[])[] = [];
    const source: OrderSourcePort = { ...desk.ebay, claims: async ({ ordersOf }) => (orders.push(await ordersOf(listing.externalId ?? ''), await ordersOf('elsewhere')), told), answerClaim: () => Promise.reject(new Error('nobody runs the workflow here')) };
    const deps = { ...desk.trade.orders, source, sources: fixedSources([source]) };
    const os = createOrderProcedures(deps);
    const read = async () => {
      clock.advanceTo(clock.now() + 3 * HOUR_MS);
      await syncClaims(deps, new AbortController().signal);
      return call(os.get, { id: order!.id });
    };
    const first = await read();
    expect(orders).toEqual([listing.externalId === null ? [] : ['10-1'], []]);
    // nothing was sent with a number that this program knows
    expect(first.claims).toEqual([{ id: 'inquiry-5', kind: 'inquiry', amount: usd(2_000), respondBy: asked.respondBy, ways: ['refund', 'escalate'], answering: null }]);
    expect(await claimsToday()).toEqual([[order!.id, asked.respondBy]]);
    expect((await read()).version).toBe(first.version);
    const { version } = first;
    const answer = { id: order!.id, version, claimId: 'inquiry-5', message: 'Sorry' } as const;
    await expect(call(os.answerClaim, { ...answer, answer: 'tracking' })).rejects.toMatchObject({ code: 'INVALID' });
    await db.prisma.order.update({ where: { id: order!.id }, data: { tracking: 'Deutsche Post 9400' } });
    expect((await call(os.get, { id: order!.id })).claims[0]!.ways).toEqual(asked.ways);
    await call(os.answerClaim, { ...answer, answer: 'refund' });
    expect(JSON.parse((await db.prisma.workflow.findFirstOrThrow({ where: { kind: 'answer-claim' } })).input)).toEqual({ orderId: order!.id, claimId: 'inquiry-5', answer: 'refund', message: 'Sorry', shipment: null });
    const busy = (await call(os.get, { id: order!.id })).version;
    for (const again of [version, busy]) await expect(call(os.answerClaim, { ...answer, version: again, answer: 'refund' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(call(os.refund, { id: order!.id, version: busy, amount: usd(100), message: 'Twice' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    // closed by now at the channel, and still being answered here: nothing moves until that is settled
    told = [{ ...asked, state: 'closed', respondBy: null, ways: [] }];
    expect((await read()).claims).toMatchObject([{ ways: [], answering: 'refund' }]);
    await db.transaction((tx) => endClaimAnswer(deps, tx, { orderId: order!.id, claimId: 'inquiry-5', refused: null }));
    expect(await read()).toMatchObject({ claims: [], problems: [{ code: 'order.claim-inquiry-closed' }] });
    expect(await claimsToday()).toEqual([]);
    await expectSound();
  });
});

const claim = (change: Partial<ChannelClaim>): ChannelClaim => ({ claimId: 'A-to-z 10-1', orderId: '10-1', state: 'taken', reason: 'A-to-z guarantee', amount: usd(2_000), respondBy: clock.now() + 30 * DAY_MS, taken: usd(2_000), ...change });
const figures = async () => [await balance('assets:receivable:ebay-us'), await balance('income:refunds'), await balance('expenses:fees:ebay-us'), Number((await db.prisma.orderLine.findFirstOrThrow()).profitMinor)];
const claimsToday = async () => (await readToday({ ctx: desk.ctx })).items.filter((item) => item.kind === 'claim').map((item) => [item.id, item.at]);

describe('what a claim takes', () => {
  it('is booked once as given back, leaves the order sent and its goods sold, may be objected to until its day, and comes back whole when it is won', async () => {
    const { order } = await apply({ fulfilment: 'fulfilled' });
    const sold = await figures();
    later();
    const taken = claim({});
    const { order: claimed } = await apply({ fulfilment: 'fulfilled', claims: [taken] });
    expect(claimed).toMatchObject({ state: 'shipped', facts: { problems: [{ code: 'order.claim-taken', data: { amount: usd(2_000), endsAt: taken.respondBy } }] } });
    expect(await figures()).toEqual([-300, 2_000, 300, sold[3]! - 2_000]);
    const entries = await db.prisma.ledgerEntry.count();
    expect((await apply({ fulfilment: 'fulfilled', claims: [taken] })).outcome).toBe('unchanged');
    // a reading without a word of it (another look at the order) takes nothing back
    await apply({ fulfilment: 'fulfilled', modifiedAt: clock.now() + 1 });
    expect(await db.prisma.ledgerEntry.count()).toBe(entries);
    expect(await claimsToday()).toEqual([[order!.id, taken.respondBy]]);
    clock.advanceTo(taken.respondBy! + 1);
    expect(await claimsToday()).toEqual([]);
    await apply({ fulfilment: 'fulfilled', modifiedAt: clock.now(), claims: [claim({ state: 'won', taken: usd(0), respondBy: null })] });
    expect(await figures()).toEqual(sold);
    await expectSound();
  });

  it('beside a refund takes what is left and no more, with its fee, and tax in its share', async () => {
    const [line] = reading().lines;
    const taxed = { lines: [{ ...line!, tax: usd(160) }], taxes: [{ jurisdiction: 'US-CA State Tax', amount: usd(140) }] };
    await apply({ ...taxed, refunds: [{ refundId: 'r', amount: usd(540) }], payment: 'partly-refunded' });
    // 5.40 of 21.60: a quarter, with a quarter of the tax
    expect([await balance('liabilities:sales-tax:us-ca-state-tax'), await balance('liabilities:sales-tax'), await balance('income:refunds')]).toEqual([-105, -15, 500]);
    later();
    const again = { ...taxed, refunds: [{ refundId: 'r', amount: usd(540) }], payment: 'partly-refunded', claims: [claim({ taken: usd(1_620), fee: usd(1_500) })] } as const;
    await apply(again);
    expect([await balance('liabilities:sales-tax:us-ca-state-tax'), await balance('liabilities:sales-tax'), await balance('income:refunds'), await balance('expenses:fees:ebay-us'), await balance('assets:receivable:ebay-us')]).toEqual([0, 0, 2_000, 1_800, -1_800]);
    await expectSound();
    later();
    await apply({ ...again, claims: [claim({ state: 'won', taken: usd(0), fee: usd(0), respondBy: null })] });
    expect([await balance('liabilities:sales-tax:us-ca-state-tax'), await balance('income:refunds'), await balance('expenses:fees:ebay-us')]).toEqual([-105, 500, 300]);
    await expectSound();
  });

  it('changes nothing where two that can be answered are read again, one after the other', async () => {
    const ways = (['c1', 'c2'] as const).map((claimId) => claim({ claimId, kind: 'inquiry', state: 'answer', taken: undefined, ways: ['escalate'] }));
    await apply({ fulfilment: 'fulfilled', claims: ways });
    expect((await apply({ fulfilment: 'fulfilled', claims: ways })).outcome).toBe('unchanged');
  });

  it('of another currency than the order is told and booked under none', async () => {
    await apply();
    const before = await db.prisma.ledgerEntry.count();
    later();
    await apply({ claims: [claim({ taken: { minor: 2_000, currency: 'EUR' } })] });
    expect([await db.prisma.ledgerEntry.count(), (await db.prisma.order.findFirstOrThrow()).raw.includes('order.claim-taken')]).toEqual([before, true]);
  });
});
