import { DomainError } from '#kernel/errors.ts';
import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { outboundPostage } from '../pricing/index.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import { getLots } from '../inventory/index.ts';
import { bookPostage } from './book-order.ts';
import type { OrdersDeps } from './deps.ts';
import { badTracking, noSuchOrder, wrongState } from './errors.ts';
import { profitOf, withProblem, type Order } from './order.ts';
import { findOrder, updateOrder } from './repo.ts';

/** The kind of workflow that tells the channel of a shipment. */
export const SHIP_WORKFLOW = 'ship-order';

export async function loadOrder(tx: Tx, id: string): Promise<Order> {
  const order = await findOrder(tx, id);
  if (!order) throw noSuchOrder(id);
  return order;
}

/** What sending units of some lots in one parcel costs by the business's own rates, in the home currency. Reads; done outside a transaction. */
export async function postageFor(deps: OrdersDeps, channel: string, units: readonly { readonly lotId: string; readonly quantity: number }[]): Promise<Money> {
  const business = (await readSetting(deps.ctx.db, BUSINESS)).value;
  const lots = new Map((await getLots(deps.ctx.db.prisma, units.map((unit) => unit.lotId))).map((lot) => [lot.id, lot]));
  const { base } = business.outboundShipping;
  let minor = base.minor;
  for (const { lotId, quantity } of units) {
    const lot = lots.get(lotId);
    const facts = lot && (await deps.listings.products.facts(lot.productId, channel));
    minor += outboundPostage(business.outboundShipping, facts?.package?.weightG ?? null, quantity).minor - base.minor;
  }
  return money(minor, base.currency);
}

/** Letters and digits: what channels take. */
function cleanTracking(text: string): string {
  const clean = text.replace(/[\s-]/g, '').toUpperCase();
  if (!/^[A-Z0-9]{3,60}$/.test(clean)) throw badTracking('letters and digits only');
  return clean;
}

export interface ShipInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  readonly carrier: string;
  readonly tracking: string;
}

/** A person sent it: postage is booked, and the channel is told by a workflow that outlives the program. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID. */
export async function shipOrder(deps: OrdersDeps, input: ShipInput): Promise<Order> {
  const tracking = cleanTracking(input.tracking);
  const seen = await loadOrder(deps.ctx.db.prisma, input.id);
  const postage = await postageFor(deps, seen.channel, seen.lines.flatMap((line) => (line.lotId === null ? [] : [{ lotId: line.lotId, quantity: line.quantity }])));
  return deps.ctx.db.transaction(async (tx) => {
    const order = await loadOrder(tx, input.id);
    if (order.version !== input.version || order.state !== 'paid') throw wrongState(order.state);
    if (order.facts.cancelling || order.facts.byHand?.what === 'cancel') throw new DomainError('INVALID', 'order: it is being cancelled; do not send it.', { field: 'order', reason: 'being-cancelled' });
    if (order.facts.openClaims?.some(({ answering }) => answering === 'refund')) throw new DomainError('INVALID', 'order: its buyer is being given the money back for a claim; do not send it.', { field: 'order', reason: 'its buyer is being given the money back for a claim: do not send it' });
    if (order.facts.sentByChannel) throw new DomainError('INVALID', `order: ${order.channel} sends it from its own warehouse.`, { field: 'order', reason: 'sent-by-channel' });
    const at = deps.ctx.clock.now();
    const lines = (await bookPostage(deps, tx, order, postage)).map((line) => ({ ...line, profit: profitOf(line) }));
    const shipped: Order = { ...order, state: 'shipped', shippedAt: at, tracking: `${input.carrier.trim()} ${tracking}`, lines, version: order.version + 1 };
    if (!(await updateOrder(tx, order, shipped))) throw wrongState(order.state);
    await deps.ctx.workflows.start(tx, SHIP_WORKFLOW, `${SHIP_WORKFLOW}:${order.id}`, { orderId: order.id, carrier: input.carrier.trim(), tracking, shippedAt: at });
    await deps.ctx.outbox.add(tx, 'order.shipped', order.id, { externalId: order.externalId });
    return shipped;
  });
}

/** The channel would not take the shipment: kept with the order, for a person. */
export async function noteShipmentRefused(deps: OrdersDeps, tx: Tx, orderId: string, message: string): Promise<void> {
  const order = await loadOrder(tx, orderId);
  if (!(await updateOrder(tx, order, { ...order, facts: withProblem(order.facts, { code: 'order.shipment-refused', data: { message } }) }))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, 'order.shipment-refused', orderId, { message });
}
