import { call } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { apply, balance, db, desk, expectSound, later, onHand, usd, useOrderDesk } from '#tests/support/order-desk.ts';
import { readToday } from '../../reporting/index.ts';
import { createOrderProcedures, endReturnAnswer, fixedSources, onSource, syncReturns, takeReturn } from '../index.ts';
import type { ChannelReturn } from '../ports.ts';

useOrderDesk();

const waits = async () => (await readToday({ ctx: desk.ctx })).items.filter((item) => item.kind === 'customer-return').map((item) => [item.id, item.reason?.code]);

describe('a return', () => {
  const asked = { returnId: '5001', orderId: '10-1', state: 'asked', word: 'RETURN_REQUESTED', reason: 'DEFECTIVE_ITEM', units: 2, expected: usd(4_000), respondBy: 1_900_000_000_000, ways: ['approve', 'refund'] } as const satisfies ChannelReturn;

  it('joins its order, waits on Today, and is answered once through the channel', async () => {
    const { order } = await apply({ quantity: 2 });
    let told: readonly ChannelReturn[] = [asked, { ...asked, returnId: '9', orderId: 'elsewhere' }];
    const source = { ...desk.ebay, returns: async () => told };
    const deps = { ...desk.trade.orders, source, sources: fixedSources([source]) };
    const os = createOrderProcedures(deps);
    await syncReturns(deps, new AbortController().signal);
    const before = await call(os.get, { id: order!.id });
    expect(before.return).toMatchObject({ id: '5001', state: 'asked', expected: usd(4_000), ways: ['approve', 'refund'], answering: null });
    expect(await waits()).toEqual([[order!.id, 'order.return-waits']]);
    // the same again within half an hour asks nobody
    told = [];
    await syncReturns(deps, new AbortController().signal);
    await call(os.answerReturn, { id: order!.id, version: before.version, answer: 'refund' });
    const after = await call(os.get, { id: order!.id });
    expect(after.return).toMatchObject({ answering: 'refund' });
    expect(await waits()).toEqual([]);
    expect(await db.prisma.workflow.findFirstOrThrow({ where: { kind: 'answer-return' } })).toMatchObject({ input: JSON.stringify({ orderId: order!.id, returnId: '5001', answer: 'refund', amount: usd(4_000) }) });
    for (const version of [before.version, after.version]) await expect(call(os.answerReturn, { id: order!.id, version, answer: 'approve' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(call(os.refund, { id: order!.id, version: after.version, amount: usd(100), message: 'Twice' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    // refused by the channel: told to a person, and asked again if wanted
    await db.transaction((tx) => endReturnAnswer(deps, tx, { orderId: order!.id, refused: 'no card' }));
    expect(await call(os.get, { id: order!.id })).toMatchObject({ return: { answering: null }, problems: [{ code: 'order.return-refused', data: { message: 'no card' } }] });
    await db.transaction((tx) => takeReturn(deps, tx, { ...asked, state: 'closed', ways: [], respondBy: null }));
    await expect(call(os.answerReturn, { id: order!.id, version: (await call(os.get, { id: order!.id })).version, answer: 'refund' })).rejects.toMatchObject({ code: 'INVALID' });
    expect(await waits()).toEqual([]);
  });

  it('puts what came back good on the shelf again, at its cost, once; the rest stays a loss', async () => {
    const os = createOrderProcedures(desk.trade.orders);
    await apply({ quantity: 2 });
    later();
    await apply({ quantity: 2, fulfilment: 'fulfilled' }, 540);
    later();
    const { order } = await apply({ quantity: 2, fulfilment: 'fulfilled', payment: 'refunded', refunds: [{ refundId: 'r', amount: usd(4_000) }], marketplaceFee: usd(40) });
    await db.transaction((tx) => takeReturn(onSource(desk.trade.orders, 'ebay-us'), tx, { ...asked, state: 'closed', ways: [] }));
    expect(await waits()).toEqual([[order!.id, 'order.return-inspect']]);
    const { toInspect: [line], version } = await call(os.get, { id: order!.id });
    expect([line, await onHand(), await balance('expenses:write-off')]).toEqual([{ lineId: line!.lineId, title: 'Mouse', units: 2 }, 1, 816]);
    await expect(call(os.inspect, { id: order!.id, version, good: [{ lineId: line!.lineId, units: 3 }] })).rejects.toMatchObject({ code: 'INVALID' });
    await call(os.inspect, { id: order!.id, version, good: [{ lineId: line!.lineId, units: 1 }] });
    const after = await call(os.get, { id: order!.id });
    expect(after).toMatchObject({ toInspect: [], inspected: { good: 1, spoilt: 1 }, lines: [{ cost: usd(408), profit: usd(-40 - 540 - 408) }] });
    expect([await onHand(), await balance('expenses:write-off')]).toEqual([2, 408]);
    await expect(call(os.inspect, { id: order!.id, version: after.version, good: [] })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    expect(await waits()).toEqual([]);
    // a later reading of the same order changes nothing of it
    later();
    await apply({ quantity: 2, fulfilment: 'fulfilled', payment: 'refunded', refunds: [{ refundId: 'r', amount: usd(4_000) }], marketplaceFee: usd(40) });
    expect([await onHand(), await balance('expenses:write-off')]).toEqual([2, 408]);
    await expectSound();
  });
});
