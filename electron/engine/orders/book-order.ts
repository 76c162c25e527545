import { allocate, money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { getLot, returnUnits, setUnits, unitsTaken, type Moved } from '../inventory/index.ts';
import { CASH, COST_OF_GOODS_SOLD, feesOf, INVENTORY, post, POSTAGE, receivableOf, REFUNDS, SALES, salesTaxOf, WRITE_OFF, type EntryLine } from '../ledger/index.ts';
import { fromHome } from './convert-amount.ts';
import type { BookingDeps } from './deps.ts';
import type { Order, OrderLine } from './order.ts';
import type { TaxShare } from './sales-tax.ts';

const minus = (amount: Money): Money => money(-amount.minor, amount.currency);

/** Why a line's units move, once. */
export const saleRef = (orderId: string, lineId: string): string => `${orderId}:${lineId}`;

async function book(deps: BookingDeps, tx: Tx, order: Pick<Order, 'id' | 'externalId' | 'channel'>, entry: { readonly part: string; readonly kind: string; readonly lines: readonly EntryLine[] }): Promise<void> {
  await post(deps.inventory, tx, {
    key: `order:${order.id}:${entry.part}`, kind: entry.kind, memo: `${order.channel} ${order.externalId}`, ref: { kind: 'order', id: order.id }, at: deps.ctx.clock.now(), lines: entry.lines,
  });
}

/** The change of an order's money since it was last booked: sales, fees, refunds, and tax for the authorities, against what the channel owes. */
export async function bookFigures(deps: BookingDeps, tx: Tx, order: Order, change: { readonly part: string; readonly kind: string; readonly total: number; readonly fees: number; readonly refunds: number; readonly tax?: readonly TaxShare[] }): Promise<void> {
  const { currency } = order.total;
  const amount = (minor: number) => money(minor, currency);
  const { total, fees, refunds, tax = [] } = change;
  const passing = tax.reduce((sum, { minor }) => sum + minor, 0);
  await book(deps, tx, order, {
    part: change.part, kind: change.kind,
    lines: [
      { account: receivableOf(order.channel), amount: amount(total + passing - fees - refunds) }, { account: feesOf(order.channel), amount: amount(fees) },
      { account: REFUNDS, amount: amount(refunds) }, { account: SALES, amount: amount(-total) }, ...tax.map(({ to, minor }) => ({ account: salesTaxOf(to), amount: amount(-minor) })),
    ],
  });
}

export async function bookCost(deps: BookingDeps, tx: Tx, order: Order, costs: readonly Money[]): Promise<void> {
  await book(deps, tx, order, { part: 'cost', kind: 'cost-of-goods', lines: costs.flatMap((cost) => [{ account: COST_OF_GOODS_SOLD, amount: cost }, { account: INVENTORY, amount: minus(cost) }]) });
}

/** The cost of units that an oversold line got afterwards. */
export async function bookLateCost(deps: BookingDeps, tx: Tx, order: Order, given: { readonly lineId: string; readonly cost: Money }): Promise<void> {
  await book(deps, tx, order, { part: `cost:${given.lineId}:late`, kind: 'cost-of-goods', lines: [{ account: COST_OF_GOODS_SOLD, amount: given.cost }, { account: INVENTORY, amount: minus(given.cost) }] });
}

/** Postage paid in cash, shared over the lines by their units. */
export async function bookPostage(deps: BookingDeps, tx: Tx, order: Order, postage: Money): Promise<OrderLine[]> {
  await book(deps, tx, order, { part: 'postage', kind: 'postage', lines: [{ account: POSTAGE, amount: postage }, { account: CASH, amount: minus(postage) }] });
  const shares = allocate((await fromHome(tx, order.total.currency))(postage), order.lines.map((line) => line.quantity));
  return order.lines.map((line, index) => ({ ...line, postage: shares[index]! }));
}

/** Units that never left go back on the shelf at the cost that they left with. */
export async function putBack(deps: BookingDeps, tx: Tx, order: Order): Promise<OrderLine[]> {
  return giveUnitsBack(deps, tx, order, async () => null);
}

/**
 * Units that were sent and whose money was given back: whether they come back, and in what state, is not known. They are taken back and written off; a
 * count puts the good ones on the shelf again.
 */
export async function writeOffReturned(deps: BookingDeps, tx: Tx, order: Order): Promise<OrderLine[]> {
  return giveUnitsBack(deps, tx, order, async (back, ref) => {
    const written = await setUnits(deps.inventory, tx, { lotId: back.lot.id, ref, units: back.lot.onHand - back.units, reason: 'refunded after shipping: count it when it is back' });
    return written.cost;
  });
}

async function giveUnitsBack(deps: BookingDeps, tx: Tx, order: Order, writeOff: (back: Moved, ref: string) => Promise<Money | null>): Promise<OrderLine[]> {
  const lines: OrderLine[] = [];
  const entries: EntryLine[] = [];
  const inOrder = await fromHome(tx, order.total.currency);
  for (const line of order.lines) {
    const ref = saleRef(order.id, line.externalId);
    const taken = line.lotId === null ? 0 : await unitsTaken(tx, line.lotId, ref);
    if (line.lotId === null || taken === 0) {
      lines.push(line);
      continue;
    }
    const back = await returnUnits(deps.inventory, tx, { lotId: line.lotId, ref, units: taken });
    const lost = await writeOff(back, ref);
    entries.push({ account: INVENTORY, amount: back.cost }, { account: COST_OF_GOODS_SOLD, amount: minus(back.cost) });
    if (lost) entries.push({ account: WRITE_OFF, amount: lost }, { account: INVENTORY, amount: minus(lost) });
    // What a unit costs depends on how many are left, so it comes back at another cost than it left with by the remainder at most; the books follow the lot.
    lines.push({ ...line, cost: line.cost && money(line.cost.minor - inOrder(back.cost).minor + (lost ? inOrder(lost).minor : 0), order.total.currency) });
  }
  await book(deps, tx, order, { part: 'returned', kind: 'return', lines: entries });
  return lines;
}

/** What was expected of so many units of a lot when its purchase was approved. */
export async function estimateOf(tx: Tx, lotId: string, units: number): Promise<Money> {
  const { profit } = (await getLot(tx, lotId)).estimate;
  return money(profit.minor * units, profit.currency);
}
