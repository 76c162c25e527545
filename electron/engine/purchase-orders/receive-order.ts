import { allocate, convert, money, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { shelveLot, unitCostOf } from '../inventory/index.ts';
import { CASH, FX, INVENTORY, PAYABLE, post, WRITE_OFF, type EntryLine } from '../ledger/index.ts';
import { BUSINESS, homeRate, readSetting } from '../settings/index.ts';
import type { PurchaseOrdersDeps } from './deps.ts';
import { badField, wrongState } from './errors.ts';
import { leftOf, type OrderLine, type PurchaseOrder } from './order.ts';
import { changeOrder, loadOrder, loadVersion, recordEvent } from './repo.ts';
import { shift } from './shift-order.ts';

export interface ArrivedLine {
  readonly lineId: string;
  readonly good: number;
  readonly damaged: number;
  /** As it is invoiced, in the order's currency. */
  readonly unit: Money;
  /** Of one, home currency. */
  readonly salePrice: Money;
}

export interface ReceiveOrder {
  readonly id: string;
  readonly version: number;
  readonly key: string;
  readonly location: string;
  readonly notes: string;
  /** Freight, duty and tax that count into the cost, in the order's currency. */
  readonly extra: Money;
  readonly list: boolean;
  readonly lines: readonly ArrivedLine[];
  readonly by: string;
}

interface Arrived extends ArrivedLine {
  readonly line: OrderLine;
}

const minus = (amount: Money): Money => money(-amount.minor, amount.currency);

function check(order: PurchaseOrder, input: ReceiveOrder, home: string): Arrived[] {
  if (order.state !== 'sent' && order.state !== 'partly-received') throw wrongState(order.state);
  if (input.extra.currency !== order.currency || input.extra.minor < 0) throw badField('extra', `give it in ${order.currency}, zero or above`);
  const arrived = input.lines.filter((one) => one.good + one.damaged > 0).map((one): Arrived => {
    const line = order.lines.find((candidate) => candidate.id === one.lineId);
    if (!line) throw badField('lines', 'a line is not of this order');
    const field = `lines.${line.number}`;
    if (one.good + one.damaged > leftOf(line)) throw badField(field, `${leftOf(line)} were still to come; take in by hand, on the Stock page, what came on top`);
    if (one.unit.currency !== order.currency || one.unit.minor < 0) throw badField(`${field}.unit`, `give it in ${order.currency}, zero or above`);
    if (one.salePrice.currency !== home || one.salePrice.minor < 0) throw badField(`${field}.salePrice`, `give it in ${home}, zero or above`);
    return { ...one, line };
  });
  if (new Set(arrived.map((one) => one.lineId)).size < arrived.length) throw badField('lines', 'a line stands there twice');
  if (arrived.length === 0) throw badField('lines', 'nothing arrived');
  return arrived;
}

/** What each line cost at home, landed: the whole shared out by value (by units, where nothing has a value), to the last minor unit. */
function landedCosts(arrived: readonly Arrived[], total: Money): Money[] {
  const value = arrived.map((one) => one.unit.minor * (one.good + one.damaged));
  return allocate(total, value.some((minor) => minor > 0) ? value : arrived.map((one) => one.good + one.damaged));
}

/** The good units of a line become a lot; answers its id, and what goes to the books: stock and loss, both without preparation. */
async function shelve(deps: PurchaseOrdersDeps, tx: Tx, given: { readonly one: Arrived; readonly landed: Money; readonly prep: Money; readonly receiptId: string; readonly input: ReceiveOrder }): Promise<{ lotId: string | null; lost: Money; prepared: Money }> {
  const { one, landed, prep, receiptId, input } = given;
  const { line } = one;
  const [kept, lost] = allocate(landed, [one.good, one.damaged]) as [Money, Money];
  const prepared = money(prep.minor * one.good, prep.currency);
  if (one.good === 0) return { lotId: null, lost, prepared };
  const totalCost = money(kept.minor + prepared.minor, kept.currency);
  const estimate = await deps.estimator.estimate(tx, { productId: line.productId, unitCost: unitCostOf(totalCost, one.good), salePrice: one.salePrice });
  const lot = await shelveLot(deps.inventory, tx, {
    purchaseId: `${input.id}:${receiptId}:${line.number}`, productId: line.productId, title: line.title, condition: line.condition, quantity: one.good, totalCost, location: input.location, estimate, list: input.list, reason: input.notes || null,
  });
  return { lotId: lot.id, lost, prepared };
}

const sumOf = (amounts: readonly Money[], currency: string): Money => money(amounts.reduce((total, amount) => total + amount.minor, 0), currency);

/** What arrived is owed in the order's currency, and stands in the books at home. */
async function book(deps: PurchaseOrdersDeps, tx: Tx, given: { readonly order: PurchaseOrder; readonly receiptId: string; readonly owed: Money; readonly home: Money; readonly lost: Money; readonly prepared: Money; readonly at: Instant }): Promise<void> {
  const { order, receiptId, owed, home, lost, prepared, at } = given;
  const stock = money(home.minor - lost.minor, home.currency);
  const across: EntryLine[] = owed.currency === home.currency ? [{ account: PAYABLE, amount: minus(owed) }] : [{ account: FX, amount: minus(home) }, { account: FX, amount: owed }, { account: PAYABLE, amount: minus(owed) }];
  const about = { ref: { kind: 'purchase-order', id: order.id }, at };
  await post(deps.inventory, tx, { ...about, key: `purchase-order-receipt:${receiptId}:goods`, kind: 'goods-received', memo: `${order.number} ${order.supplier}`, lines: [{ account: INVENTORY, amount: stock }, { account: WRITE_OFF, amount: lost }, ...across] });
  await post(deps.inventory, tx, { ...about, key: `purchase-order-receipt:${receiptId}:prepared`, kind: 'preparation', memo: `Preparing goods of ${order.number}`, lines: [{ account: INVENTORY, amount: prepared }, { account: CASH, amount: minus(prepared) }] });
}

async function store(deps: PurchaseOrdersDeps, tx: Tx, given: { readonly order: PurchaseOrder; readonly arrived: readonly Arrived[]; readonly input: ReceiveOrder }): Promise<PurchaseOrder> {
  const { order, arrived, input } = given;
  const { ids, clock } = deps.ctx;
  const business = (await readSetting(tx, BUSINESS)).value;
  const rate = homeRate(business, order.currency);
  if (!rate) throw badField('currency', `there is no rate from ${order.currency} to ${business.homeCurrency}: set one in the settings`);
  const goods = sumOf(arrived.map((one) => money(one.unit.minor * (one.good + one.damaged), order.currency)), order.currency);
  const owed = money(goods.minor + input.extra.minor, order.currency);
  const home = convert(owed, rate.rate);
  const landed = landedCosts(arrived, home);
  const [receiptId, at] = [ids.next('purchaseOrderReceipt'), clock.now()];
  const shelved = [];
  for (const [i, one] of arrived.entries()) {
    shelved.push({ one, ...(await shelve(deps, tx, { one, landed: landed[i]!, prep: business.prepPerUnit, receiptId, input })) });
    await tx.purchaseOrderLine.update({ where: { id: one.lineId }, data: { good: { increment: one.good }, damaged: { increment: one.damaged } } });
  }
  await book(deps, tx, { order, receiptId, owed, home, at, lost: sumOf(shelved.map((each) => each.lost), home.currency), prepared: sumOf(shelved.map((each) => each.prepared), home.currency) });
  await tx.purchaseOrderReceipt.create({
    data: {
      id: receiptId, orderId: order.id, key: input.key, goodsMinor: goods.minor, extraMinor: input.extra.minor, currency: order.currency, homeMinor: home.minor, rate: rate.asOf === '' ? null : `${rate.rate.numerator}/${rate.rate.denominator} ${rate.kind} ${rate.asOf}`,
      location: input.location, notes: input.notes, by: input.by, at, lines: JSON.stringify(shelved.map(({ one, lotId }) => ({ number: one.line.number, good: one.good, damaged: one.damaged, unit: one.unit, lotId }))),
    },
  });
  await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desktop', action: 'purchase-order.received', subject: order.id, data: { number: order.number, owed, home } });
  const left = order.lines.reduce((sum, line) => sum + leftOf(line), 0) - arrived.reduce((sum, one) => sum + one.good + one.damaged, 0);
  const data = { good: arrived.reduce((sum, one) => sum + one.good, 0), damaged: arrived.reduce((sum, one) => sum + one.damaged, 0), left };
  return left === 0 || order.state === 'sent' ? shift(deps, tx, order, { to: left === 0 ? 'received' : 'partly-received', kind: 'received', data }) : noteMore(deps, tx, order, data);
}

/** More arrived on one that is partly here: the state stays. */
async function noteMore(deps: PurchaseOrdersDeps, tx: Tx, order: PurchaseOrder, data: Readonly<Record<string, unknown>>): Promise<PurchaseOrder> {
  await changeOrder(tx, order, { at: deps.ctx.clock.now() });
  await recordEvent(deps.ctx, tx, order.id, { kind: 'received', data });
  return loadOrder(tx, order.id);
}

/** Goods arrived and were counted: lots, loss, debt and state in one transaction, once for each form. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID with the field. */
export async function receiveOrder(deps: PurchaseOrdersDeps, input: ReceiveOrder): Promise<PurchaseOrder> {
  return deps.ctx.db.transaction(async (tx) => {
    const before = await tx.purchaseOrderReceipt.findUnique({ where: { key: input.key }, select: { orderId: true } });
    if (before) return loadOrder(tx, before.orderId);
    const order = await loadVersion(tx, input);
    const { homeCurrency } = (await readSetting(tx, BUSINESS)).value;
    return store(deps, tx, { order, arrived: check(order, input, homeCurrency), input });
  });
}
