import { call } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { apply, balance, db, desk, expectSound, later, onHand, usd, useOrderDesk } from '#tests/support/order-desk.ts';
import { createOrderProcedures, noteByHandUnseen } from './index.ts';
import type { OrderFacts } from './order.ts';

useOrderDesk();

const byHand = async (what: 'refund' | 'cancel', minor: number | null) => {
  const { order } = await apply();
  later();
  await call(createOrderProcedures(desk.trade.orders).byHand, { id: order!.id, version: order!.version, what, amount: minor === null ? null : usd(minor) });
  return order!.id;
};
const shown = (id: string) => call(createOrderProcedures(desk.trade.orders).get, { id });

describe('what a person does on the channel’s own page', () => {
  it('is written down, books nothing, and is settled by what the channel shows', async () => {
    const id = await byHand('refund', 500);
    expect(await shown(id)).toMatchObject({ byHand: { what: 'refund', amount: usd(500) }, refundable: usd(2_000), problems: [] });
    expect(await balance('assets:receivable:ebay-us')).toBe(1_700);
    await apply({ payment: 'partly-refunded', refunds: [{ refundId: 'r', amount: usd(500), pending: true }] });
    expect(await shown(id)).toMatchObject({ byHand: { what: 'refund' }, refundable: usd(2_000) });
    later();
    await apply({ payment: 'partly-refunded', refunds: [{ refundId: 'r', amount: usd(500) }] });
    expect(await shown(id)).toMatchObject({ byHand: null, refundable: usd(1_500), problems: [] });
    expect(await balance('assets:receivable:ebay-us')).toBe(1_200);
    await expectSound();
  });

  it('is a problem where the channel shows another sum, or nothing in time, and one of it stands at a time', async () => {
    const id = await byHand('refund', 500);
    await expect(call(createOrderProcedures(desk.trade.orders).byHand, { id, version: 2, what: 'cancel', amount: null })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(call(createOrderProcedures(desk.trade.orders).refund, { id, version: 2, amount: usd(1), message: 'Twice' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    const { at } = (await shown(id)).byHand!;
    await db.transaction((tx) => noteByHandUnseen(desk.trade.orders, tx, { orderId: id, at: at - 1 }));
    expect((await shown(id)).problems).toEqual([]);
    await db.transaction((tx) => noteByHandUnseen(desk.trade.orders, tx, { orderId: id, at }));
    expect(await shown(id)).toMatchObject({ byHand: { what: 'refund' }, problems: [{ code: 'order.refund-unseen', data: { channel: 'ebay-us' } }] });
    await apply({ payment: 'partly-refunded', refunds: [{ refundId: 'r', amount: usd(300) }] });
    expect(await shown(id)).toMatchObject({ byHand: null, problems: [{ code: 'order.refund-unseen' }, { code: 'order.refund-differs', data: { said: usd(500), shown: usd(300) } }] });
  });

  it('gives an order up when the channel says so, keeps it from being sent until then, and can be taken back', async () => {
    const os = createOrderProcedures(desk.trade.orders);
    const id = await byHand('cancel', null);
    await expect(call(os.ship, { id, version: (await shown(id)).version, carrier: 'USPS', tracking: '94001' })).rejects.toMatchObject({ code: 'INVALID' });
    await call(os.forgetByHand, { id, version: (await shown(id)).version });
    expect(await shown(id)).toMatchObject({ byHand: null, cancelWay: 'desk' });
    await call(os.byHand, { id, version: (await shown(id)).version, what: 'cancel', amount: null });
    await apply({ cancel: 'cancelled' });
    expect(await shown(id)).toMatchObject({ state: 'cancelled', byHand: null, cancelWay: null, refundable: null, problems: [] });
    expect(await onHand()).toBe(3);
    await expectSound();
  });
});

describe('an order whose money moves', () => {
  it('is given none back beside a cancellation, is not cancelled beside a refund, and is not sent while a claim is being paid', async () => {
    const { order } = await apply();
    const facts = async (change: Partial<OrderFacts>) => { await db.prisma.order.update({ where: { id: order!.id }, data: { raw: JSON.stringify({ ...order!.facts, ...change }) } }); };
    const os = createOrderProcedures(desk.trade.orders);
    await facts({ cancelling: true });
    await expect(call(os.refund, { id: order!.id, version: 1, amount: usd(100), message: 'Sorry' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await facts({ refunding: true });
    await expect(call(os.cancel, { id: order!.id, version: 1, message: 'We cannot send it.' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await facts({ openClaims: [{ id: 'inquiry-5', kind: 'inquiry', amount: null, respondBy: null, ways: [], answering: 'refund' }] });
    await expect(call(os.ship, { id: order!.id, version: 1, carrier: 'USPS', tracking: '94001' })).rejects.toMatchObject({ code: 'INVALID', data: { reason: expect.stringContaining('money back for a claim') as string } });
  });
});
