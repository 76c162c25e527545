import type { Reason } from '#contract/shared.ts';
import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { contactsOf, rememberBuyer } from '../customers/index.ts';
import { takeUnits } from '../inventory/index.ts';
import { listingBySku, soldThrough } from '../listings/index.ts';
import { bookCost, bookFigures, bookPostage, estimateOf, putBack, saleRef, writeOffReturned } from './book-order.ts';
import { fromHome } from './convert-amount.ts';
import type { OnSource } from './deps.ts';
import { wrongState } from './errors.ts';
import { settleByHand } from './do-by-hand.ts';
import { chargedFees, expectedTotal } from './expect-fees.ts';
import { figuresOf, stateOf, type OrderFigures } from './figures.ts';
import { BUYER_NAME, profitOf, withProblem, type FeeCheck, type Order, type OrderLine } from './order.ts';
import type { ChannelOrder, ChannelOrderLine } from './ports.ts';
import { findByExternalId, insertOrder, paymentRefOf, updateOrder } from './repo.ts';
import { coverHandClaims } from './returns/claim-by-hand.ts';
import { takeClaim } from './returns/take-claims.ts';
import { collectedTax, taxChange } from './sales-tax.ts';

export interface Applied {
  readonly outcome: 'ignored' | 'unchanged' | 'added' | 'changed';
  readonly order: Order | null;
}

/**
 * Takes one reading of an order in: the whole of it, or nothing, in the caller's transaction. The same reading again, or an older one, changes nothing.
 * @param postage what sending it costs, for the reading that shows it sent; null where that is not asked for.
 * @param expected the fee card's fees of an order that is new; null where none are known.
 */
export async function applyOrder(deps: OnSource, tx: Tx, reading: ChannelOrder, { postage, expected = null }: { readonly postage: Money | null; readonly expected?: FeeCheck | null }): Promise<Applied> {
  const channel = deps.source.market;
  const known = await findByExternalId(tx, channel, reading.orderId);
  if (known && reading.modifiedAt < known.modifiedAt) return { outcome: 'unchanged', order: known };
  // Not paid for yet: nothing is owed and nothing may be sent; the channel tells again when it is.
  if (!known && (reading.payment === 'pending' || reading.payment === 'failed')) return { outcome: 'ignored', order: null };
  const order = known ?? (await addOrder(deps, tx, reading, expected));
  const covered = await coverHandClaims(deps, tx, order, reading);
  const read = (await changeOrder(deps, tx, { order: covered, reading, postage })) ?? (covered === order ? null : covered);
  const claimed = await takeClaims(deps, tx, read ?? order, reading);
  if (!read && claimed === order) return { outcome: known ? 'unchanged' : 'added', order };
  return { outcome: known ? 'changed' : 'added', order: claimed };
}

/** Claims that the reading shows beside its refunds. */
async function takeClaims(deps: OnSource, tx: Tx, order: Order, reading: ChannelOrder): Promise<Order> {
  let last = order;
  for (const claim of reading.claims ?? []) last = await takeClaim(deps, tx, last, claim);
  return last;
}

interface Sold {
  readonly line: OrderLine;
  /** As the books have it, home currency; null where no stock was taken. */
  readonly cost: Money | null;
  readonly problem: Reason | null;
}

/** Takes a line's units from its lot; what stock does not have is named, never made up. */
async function sellLine(deps: OnSource, tx: Tx, given: { readonly orderId: string; readonly line: ChannelOrderLine; readonly figures: OrderFigures['lines'][number]; readonly live: boolean }): Promise<Sold> {
  const { orderId, line, figures, live } = given;
  const { currency } = figures.revenue;
  const none = money(0, currency);
  const base: OrderLine = {
    id: `${orderId}:${line.lineId}`, externalId: line.lineId, listingId: null, lotId: null, sku: line.sku ?? '', title: line.title, quantity: line.quantity, revenue: figures.revenue, fees: figures.fees,
    cost: null, postage: none, refund: none, profit: null, estimate: null,
  };
  const listing = line.sku === undefined ? null : await listingBySku(tx, deps.source.market, line.sku);
  if (!listing) return { line: base, cost: null, problem: { code: 'order.unknown-sku', data: { sku: line.sku ?? null, title: line.title } } };
  const joined = { ...base, listingId: listing.id, lotId: listing.lotId };
  if (!live) return { line: { ...joined, cost: none }, cost: null, problem: null };
  const taken = await takeUnits(deps.inventory, tx, { lotId: listing.lotId, ref: saleRef(orderId, line.lineId), units: line.quantity });
  await soldThrough(deps.listings, tx, listing.id, line.quantity);
  const inOrder = await fromHome(tx, currency);
  const sold = { ...joined, cost: inOrder(taken.cost), estimate: inOrder(await estimateOf(tx, listing.lotId, line.quantity)) };
  if (taken.units >= line.quantity) return { line: sold, cost: taken.cost, problem: null };
  return { line: { ...sold, cost: taken.units === 0 ? null : sold.cost }, cost: taken.cost, problem: { code: 'order.oversold', data: { sku: line.sku ?? null, sold: line.quantity, had: taken.units } } };
}

/** A new order, booked as it was when it was paid; what has happened to it since follows as a change. */
async function addOrder(deps: OnSource, tx: Tx, reading: ChannelOrder, expected: FeeCheck | null): Promise<Order> {
  const { ids, outbox, log } = deps.ctx;
  const id = ids.next('order');
  const live = reading.cancel !== 'cancelled';
  // a channel that names its fee later takes what its card says until then; the difference is booked when it does
  const accrued = expected && deps.source.feeComesLater && live ? expectedTotal(expected, reading.currency) : null;
  const paid = figuresOf({ ...reading, refunds: [], cancel: 'none', payment: 'paid' }, accrued);
  const sold: Sold[] = [];
  for (const [index, line] of reading.lines.entries()) sold.push(await sellLine(deps, tx, { orderId: id, line, figures: paid.lines[index]!, live }));
  const problems = sold.flatMap(({ problem }) => (problem ? [problem] : []));
  const name = reading.buyer.name ?? reading.buyer.username ?? null;
  const order: Order = {
    id, channel: deps.source.market, externalId: reading.orderId, state: 'paid', buyerName: name === null ? null : deps.ctx.seal.seal(BUYER_NAME, name), total: paid.total, fees: paid.fees, tax: money(collectedTax(paid.tax), paid.total.currency),
    paymentRef: reading.paidThrough ? paymentRefOf(reading.paidThrough.provider, reading.paidThrough.reference) : null, placedAt: reading.createdAt, modifiedAt: reading.modifiedAt, shippedAt: null, tracking: null,
    facts: { problems, feeKnown: paid.feeKnown, fulfilment: reading.fulfilment, payment: reading.payment, heardAt: deps.ctx.clock.now(), ...(reading.sentByChannel ? { sentByChannel: true } : {}), tax: paid.tax, ...(expected ? { feeCheck: chargedFees(expected, reading)! } : {}) }, version: 1, lines: sold.map(({ line }) => ({ ...line, profit: profitOf(line) })),
  };
  await insertOrder(tx, order, name === null ? null : deps.ctx.seal.words(`${name} ${reading.buyer.username ?? ''}`));
  await rememberBuyer(deps.ctx, tx, id, { name: reading.buyer.name ?? null, contacts: contactsOf(reading.buyer, order.channel) });
  await bookFigures(deps, tx, order, { part: 'sale', kind: 'sale', total: paid.total.minor, fees: paid.fees.minor, refunds: 0, tax: taxChange(undefined, paid.tax) });
  await bookCost(deps, tx, order, sold.flatMap(({ cost }) => (cost ? [cost] : [])));
  await outbox.add(tx, 'order.added', id, { externalId: order.externalId });
  for (const problem of problems) {
    log.warn('an order does not add up', { orderId: id, externalId: order.externalId, ...problem });
    await outbox.add(tx, problem.code, id, problem.data);
  }
  return order;
}

/** What the reading shows beyond what is booked; null when nothing. */
async function changeOrder(deps: OnSource, tx: Tx, given: { readonly order: Order; readonly reading: ChannelOrder; readonly postage: Money | null }): Promise<Order | null> {
  const { order, reading, postage } = given;
  const figures = figuresOf(reading, order.fees, order.facts);
  const state = stateOf(reading, figures, order.state);
  const booked = order.lines.reduce((sum, line) => sum + line.refund.minor, 0);
  const deltas = { total: figures.total.minor - order.total.minor, fees: figures.fees.minor - order.fees.minor, refunds: figures.refunds.minor - booked };
  const tax = taxChange(order.facts.tax, figures.tax);
  const facts = settleByHand({ ...order.facts, feeKnown: figures.feeKnown || order.facts.feeKnown, fulfilment: reading.fulfilment, payment: reading.payment, ...(figures.tax ? { tax: figures.tax } : {}), ...(order.facts.feeCheck ? { feeCheck: chargedFees(order.facts.feeCheck, reading)! } : {}) }, { state, refunds: money(figures.refunds.minor + (figures.tax?.back ?? 0), reading.currency) });
  const paymentRef = reading.paidThrough ? paymentRefOf(reading.paidThrough.provider, reading.paidThrough.reference) : order.paymentRef;
  const same = state === order.state && paymentRef === order.paymentRef && tax.length === 0 && Object.values(deltas).every((delta) => delta === 0) && JSON.stringify(facts) === JSON.stringify(order.facts) && reading.modifiedAt === order.modifiedAt;
  if (same) return null;
  await bookFigures(deps, tx, order, { part: `change:${order.version}`, kind: deltas.refunds === 0 ? 'order-change' : 'refund', ...deltas, tax });
  const moved = await moveGoods(deps, tx, { order, state, postage, sent: order.state === 'shipped' || reading.fulfilment === 'fulfilled' });
  const byLine = new Map(figures.lines.map((line) => [line.lineId, line]));
  const lines = moved.map((line) => {
    const read = byLine.get(line.externalId);
    const next = read ? { ...line, revenue: read.revenue, fees: read.fees, refund: read.refund } : line;
    return { ...next, profit: profitOf(next) };
  });
  const missing = order.lines.length !== reading.lines.length && !order.facts.problems.some((problem) => problem.code === 'order.lines-changed');
  const after: Order = {
    ...order, state, total: figures.total, fees: figures.fees, tax: money(order.tax.minor + tax.reduce((sum, { minor }) => sum + minor, 0), order.tax.currency), paymentRef, modifiedAt: reading.modifiedAt, shippedAt: order.shippedAt ?? (state === 'shipped' ? deps.ctx.clock.now() : null),
    facts: missing ? withProblem(facts, { code: 'order.lines-changed', data: { before: order.lines.length, now: reading.lines.length } }) : facts, lines, version: order.version + 1,
  };
  if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, state === order.state ? 'order.changed' : `order.${state}`, order.id, { externalId: order.externalId });
  return after;
}

/** @param given.sent they have left: also where one reading shows an order sent and refunded that was not known to be sent */
async function moveGoods(deps: OnSource, tx: Tx, given: { readonly order: Order; readonly state: Order['state']; readonly postage: Money | null; readonly sent: boolean }): Promise<readonly OrderLine[]> {
  const { order, state, postage, sent } = given;
  if (state === order.state) return order.lines;
  const posted = order.state === 'paid' && sent && postage ? await bookPostage(deps, tx, order, postage) : order.lines;
  if (state === 'shipped') return posted;
  const known = { ...order, lines: posted };
  return sent ? writeOffReturned(deps, tx, known) : putBack(deps, tx, known);
}
