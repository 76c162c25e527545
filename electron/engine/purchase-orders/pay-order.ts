import { convert, money, toDecimal, type Money } from '#kernel/money.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, FX, PAYABLE, post, type EntryLine, type Expectation } from '../ledger/index.ts';
import { BUSINESS, homeRate, readSetting } from '../settings/index.ts';
import type { PurchaseOrdersDeps } from './deps.ts';
import { badField, wrongState } from './errors.ts';
import { totalMinor, type PurchaseOrder } from './order.ts';
import { changeOrder, loadOrder, loadVersion, recordEvent } from './repo.ts';

const minus = (amount: Money): Money => money(-amount.minor, amount.currency);

/** What arrived and what was paid of orders, in their own currencies. */
export async function accountsOf(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, { readonly arrived: number; readonly paid: number }>> {
  const where = { orderId: { in: [...orderIds] } };
  const [receipts, payments] = await Promise.all([tx.purchaseOrderReceipt.groupBy({ by: ['orderId'], where: { ...where, takenBackAt: null }, _sum: { goodsMinor: true, extraMinor: true } }), tx.purchaseOrderPayment.groupBy({ by: ['orderId'], where, _sum: { minor: true } })]);
  const paid = new Map(payments.map(({ orderId, _sum: sums }) => [orderId, toNumber(sums.minor ?? 0n)]));
  const arrived = new Map(receipts.map(({ orderId, _sum: sums }) => [orderId, toNumber(sums.goodsMinor ?? 0n) + toNumber(sums.extraMinor ?? 0n)]));
  return new Map(orderIds.map((id) => [id, { arrived: arrived.get(id) ?? 0, paid: paid.get(id) ?? 0 }]));
}

/** What the suppliers' account must hold by the orders, in each currency that they are in. */
export async function expectPayables(tx: Tx): Promise<Expectation[]> {
  const [receipts, payments] = await Promise.all([tx.purchaseOrderReceipt.groupBy({ by: ['currency'], where: { takenBackAt: null }, _sum: { goodsMinor: true, extraMinor: true } }), tx.purchaseOrderPayment.groupBy({ by: ['currency'], _sum: { minor: true } })]);
  const owed = new Map<string, number>();
  for (const { currency, _sum: sums } of receipts) owed.set(currency, toNumber(sums.goodsMinor ?? 0n) + toNumber(sums.extraMinor ?? 0n));
  for (const { currency, _sum: sums } of payments) owed.set(currency, (owed.get(currency) ?? 0) - toNumber(sums.minor ?? 0n));
  return [...owed].map(([currency, minor]) => ({ name: 'suppliers', account: PAYABLE, expected: money(-minor, currency) }));
}

async function check(tx: Tx, order: PurchaseOrder, amount: Money): Promise<void> {
  if (order.state === 'draft') throw wrongState(order.state);
  if (amount.currency !== order.currency || amount.minor === 0) throw badField('amount', `give it in ${order.currency}, and not zero`);
  const { arrived, paid } = (await accountsOf(tx, [order.id])).get(order.id)!;
  const most = Math.max(order.state === 'sent' || order.state === 'partly-received' ? totalMinor(order) : 0, arrived);
  const inWords = (minor: number) => `${toDecimal(money(minor, order.currency))} ${order.currency}`;
  if (amount.minor > 0 && paid + amount.minor > most) throw badField('amount', `at most ${inWords(Math.max(0, most - paid))} is left to pay; freight that is invoiced comes in with the goods`);
  if (paid + amount.minor < 0) throw badField('amount', `only ${inWords(paid)} was paid`);
}

/** Money went to the supplier, or came back, once for each form. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID with the field. */
export async function payOrder(deps: PurchaseOrdersDeps, input: { readonly id: string; readonly version: number; readonly key: string; readonly amount: Money; readonly note: string; readonly by: string }): Promise<PurchaseOrder> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const before = await tx.purchaseOrderPayment.findUnique({ where: { key: input.key }, select: { orderId: true } });
    if (before) return loadOrder(tx, before.orderId);
    const order = await loadVersion(tx, input);
    const { amount } = input;
    await check(tx, order, amount);
    const business = (await readSetting(tx, BUSINESS)).value;
    const rate = homeRate(business, order.currency);
    if (!rate) throw badField('currency', `there is no rate from ${order.currency} to ${business.homeCurrency}: set one in the settings`);
    const [id, at, home] = [ctx.ids.next('payment'), ctx.clock.now(), convert(amount, rate.rate)];
    const across: EntryLine[] = amount.currency === home.currency ? [] : [{ account: FX, amount: minus(amount) }, { account: FX, amount: home }];
    await post(deps.inventory, tx, {
      key: `purchase-order-payment:${id}`, kind: 'supplier-payment', memo: `${order.number} ${order.supplier}${input.note ? `: ${input.note}` : ''}`, ref: { kind: 'purchase-order', id: order.id }, at,
      lines: [{ account: PAYABLE, amount }, ...across, { account: CASH, amount: minus(home) }],
    });
    await tx.purchaseOrderPayment.create({ data: { id, orderId: order.id, key: input.key, minor: amount.minor, currency: amount.currency, homeMinor: home.minor, note: input.note, by: input.by, at } });
    await ctx.audit.append(tx, { actor: input.by, channel: 'desktop', action: 'purchase-order.paid', subject: order.id, data: { number: order.number, amount, home } });
    await changeOrder(tx, order, { at });
    await recordEvent(ctx, tx, order.id, { kind: 'paid', data: { amount, home } });
    return loadOrder(tx, order.id);
  });
}
