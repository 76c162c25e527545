/** Goods that were taken in by mistake: the entries are reversed, the lots go, and the order waits for them again. */
import { money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { standsAgainst, takeBackLot } from '../inventory/index.ts';
import { findEntry, post } from '../ledger/index.ts';
import type { PurchaseOrdersDeps } from './deps.ts';
import { badField, noSuchReceipt, wrongState } from './errors.ts';
import type { PurchaseOrder } from './order.ts';
import { changeOrder, loadOrder, loadVersion, receiptLines, recordEvent } from './repo.ts';
import { shift } from './shift-order.ts';

export interface TakeBackReceipt {
  readonly id: string;
  readonly version: number;
  readonly receiptId: string;
  readonly by: string;
}

/** What was booked with the receipt, the other way round: the rate and every minor unit are those of then. */
async function reverse(deps: PurchaseOrdersDeps, tx: Tx, { order, receiptId }: { readonly order: PurchaseOrder; readonly receiptId: string }): Promise<void> {
  for (const part of ['goods', 'prepared']) {
    const booked = await findEntry(tx, `purchase-order-receipt:${receiptId}:${part}`);
    if (!booked) continue;
    await post(deps.inventory, tx, {
      key: `purchase-order-receipt:${receiptId}:${part}:taken-back`, kind: booked.kind, memo: `Taken back: ${booked.memo}`, ref: { kind: 'purchase-order', id: order.id }, at: deps.ctx.clock.now(),
      lines: booked.lines.map(({ account, amount }) => ({ account, amount: money(-amount.minor, amount.currency) })),
    });
  }
}

/**
 * Only while everything that came with it lies where it was put: what was sold, counted, split or is listed is named, and nothing changes. Repeated, it changes nothing.
 * @throws DomainError NOT_FOUND; WRONG_STATE, also of an order that was closed since; INVALID with the line and the reason.
 */
export async function takeBackReceipt(deps: PurchaseOrdersDeps, { id, version, receiptId, by }: TakeBackReceipt): Promise<PurchaseOrder> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const receipt = await tx.purchaseOrderReceipt.findUnique({ where: { id: receiptId } });
    if (receipt?.orderId !== id) throw noSuchReceipt(receiptId);
    if (receipt.takenBackAt !== null) return loadOrder(tx, id);
    const order = await loadVersion(tx, { id, version });
    if (order.state !== 'partly-received' && order.state !== 'received') throw wrongState(order.state);
    const lines = receiptLines.parse(JSON.parse(receipt.lines));
    for (const { number, lotId } of lines) {
      const against = lotId === null ? null : await standsAgainst(tx, lotId);
      if (against !== null) throw badField(`lines.${number}`, against);
    }
    for (const { number, lotId, good, damaged } of lines) {
      if (lotId !== null) await takeBackLot(deps.inventory, tx, { lotId, ref: `purchase-order-receipt:${receiptId}`, reason: `${order.number}: receipt taken back` });
      await tx.purchaseOrderLine.update({ where: { orderId_number: { orderId: id, number } }, data: { good: { decrement: good }, damaged: { decrement: damaged } } });
    }
    await reverse(deps, tx, { order, receiptId });
    await tx.purchaseOrderReceipt.update({ where: { id: receiptId }, data: { takenBackAt: ctx.clock.now(), takenBackBy: by } });
    await ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'purchase-order.receipt-taken-back', subject: id, data: { number: order.number, receiptId } });
    const data = { good: lines.reduce((sum, line) => sum + line.good, 0), damaged: lines.reduce((sum, line) => sum + line.damaged, 0) };
    const left = await tx.purchaseOrderReceipt.count({ where: { orderId: id, takenBackAt: null } });
    const to = left === 0 ? 'sent' : 'partly-received';
    if (to !== order.state) return shift(deps, tx, order, { to, kind: 'receipt-taken-back', data });
    await changeOrder(tx, order, { at: ctx.clock.now() });
    await recordEvent(ctx, tx, id, { kind: 'receipt-taken-back', data });
    return loadOrder(tx, id);
  });
}
