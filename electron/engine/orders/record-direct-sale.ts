import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { contactsOf, rememberBuyer } from '../customers/index.ts';
import { getLot, takeUnits } from '../inventory/index.ts';
import { bookCost, bookFigures, estimateOf, putBack, saleRef, writeOffReturned } from './book-order.ts';
import { fromHome } from './convert-amount.ts';
import type { BookingDeps } from './deps.ts';
import { noSuchOrder, wrongState } from './errors.ts';
import { BUYER_NAME, profitOf, type Order, type OrderLine } from './order.ts';
import { findByExternalId, findOrder, insertOrder, updateOrder } from './repo.ts';

/** A sale outside the marketplaces: one line, paid for through a payment provider. */
export interface DirectSale {
  /** The provider: it owes the money until it pays out. */
  readonly channel: string;
  /** The payment's id: the same one is the same sale. */
  readonly externalId: string;
  readonly title: string;
  /** The stock that is sold; null for something that is in no lot. */
  readonly lotId: string | null;
  readonly units: number;
  readonly total: Money;
  readonly fee: Money | null;
  readonly buyer: { readonly name: string | null; readonly email: string | null; readonly phone: string | null };
}

const LINE = '1';

/** Books it and takes its units, in the caller's transaction; a second call for the same payment changes nothing. */
export async function recordDirectSale(deps: BookingDeps, tx: Tx, sale: DirectSale): Promise<Order> {
  const known = await findByExternalId(tx, sale.channel, sale.externalId);
  if (known) return known;
  const { ids, clock, outbox } = deps.ctx;
  const id = ids.next('order');
  const { currency } = sale.total;
  const none = money(0, currency);
  const fees = sale.fee ?? none;
  const lot = sale.lotId === null ? null : await getLot(tx, sale.lotId);
  const taken = lot && (await takeUnits(deps.inventory, tx, { lotId: lot.id, ref: saleRef(id, LINE), units: sale.units }));
  const inOrder = await fromHome(tx, currency);
  const short = taken !== null && taken.units < sale.units;
  const line: OrderLine = {
    id: `${id}:${LINE}`, externalId: LINE, listingId: null, lotId: lot?.id ?? null, sku: lot?.sku ?? '', title: sale.title, quantity: sale.units, revenue: sale.total, fees, postage: none, refund: none, profit: null,
    cost: taken === null || taken.units === 0 ? (lot ? null : none) : inOrder(taken.cost), estimate: lot ? inOrder(await estimateOf(tx, lot.id, sale.units)) : null,
  };
  const problems = short ? [{ code: 'order.oversold', data: { sku: lot!.sku, sold: sale.units, had: taken.units } }] : [];
  const at = clock.now();
  const { name } = sale.buyer;
  const order: Order = {
    id, channel: sale.channel, externalId: sale.externalId, state: 'paid', buyerName: name === null ? null : deps.ctx.seal.seal(BUYER_NAME, name), total: sale.total, fees, tax: none, paymentRef: null, placedAt: at, modifiedAt: at, shippedAt: null, tracking: null,
    facts: { problems, feeKnown: sale.fee !== null, fulfilment: 'not-started', payment: 'paid', heardAt: at }, version: 1, lines: [{ ...line, profit: profitOf(line) }],
  };
  await insertOrder(tx, order, name === null ? null : deps.ctx.seal.words(name));
  await rememberBuyer(deps.ctx, tx, id, { name, contacts: contactsOf(sale.buyer, sale.channel) });
  await bookFigures(deps, tx, order, { part: 'sale', kind: 'sale', total: sale.total.minor, fees: fees.minor, refunds: 0 });
  if (taken) await bookCost(deps, tx, order, [taken.cost]);
  await outbox.add(tx, 'order.added', id, { externalId: order.externalId });
  for (const problem of problems) await outbox.add(tx, problem.code, id, problem.data);
  return order;
}

async function change(deps: BookingDeps, tx: Tx, order: Order, to: { readonly part: string; readonly kind: string; readonly state: Order['state']; readonly fees: Money; readonly refund: Money }): Promise<Order> {
  const line = order.lines[0]!;
  await bookFigures(deps, tx, order, { part: to.part, kind: to.kind, total: 0, fees: to.fees.minor - order.fees.minor, refunds: to.refund.minor - line.refund.minor });
  const back = to.state === order.state ? order.lines : order.state === 'paid' ? await putBack(deps, tx, order) : await writeOffReturned(deps, tx, order);
  const lines = back.map((moved) => {
    const next = { ...moved, fees: to.fees, refund: to.refund };
    return { ...next, profit: profitOf(next) };
  });
  const after: Order = { ...order, state: to.state, fees: to.fees, modifiedAt: deps.ctx.clock.now(), facts: { ...order.facts, feeKnown: true, payment: to.state === 'refunded' ? 'refunded' : order.facts.payment }, lines, version: order.version + 1 };
  if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, to.state === order.state ? 'order.changed' : `order.${to.state}`, order.id, { externalId: order.externalId });
  return after;
}

async function load(tx: Tx, orderId: string): Promise<Order> {
  const order = await findOrder(tx, orderId);
  if (!order) throw noSuchOrder(orderId);
  return order;
}

/** Money given back so far, in all. All of it ends the sale: goods that were not sent are on the shelf again, goods that were are written off until they are counted. */
export async function refundDirectSale(deps: BookingDeps, tx: Tx, orderId: string, refunded: Money): Promise<Order> {
  const order = await load(tx, orderId);
  const total = Math.min(refunded.minor, order.total.minor);
  if (total <= order.lines[0]!.refund.minor) return order;
  const state = total >= order.total.minor && (order.state === 'paid' || order.state === 'shipped') ? 'refunded' : order.state;
  return change(deps, tx, order, { part: `refund:${total}`, kind: 'refund', state, fees: order.fees, refund: money(total, order.total.currency) });
}

/** The provider names its fee later, or another one. */
export async function correctDirectFee(deps: BookingDeps, tx: Tx, orderId: string, fee: Money): Promise<Order> {
  const order = await load(tx, orderId);
  if (fee.minor === order.fees.minor) return order;
  return change(deps, tx, order, { part: `fee:${order.version}`, kind: 'order-change', state: order.state, fees: fee, refund: order.lines[0]!.refund });
}
