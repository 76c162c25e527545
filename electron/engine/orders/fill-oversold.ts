import type { Tx } from '#runtime/ports.ts';
import { getLot, takeUnits } from '../inventory/index.ts';
import { bookLateCost, estimateOf, saleRef } from './book-order.ts';
import { fromHome } from './convert-amount.ts';
import type { BookingDeps } from './deps.ts';
import { wrongState } from './errors.ts';
import { profitOf, type Order, type OrderLine } from './order.ts';
import { findOrders, updateOrder } from './repo.ts';

/**
 * Units came back to a lot that orders still wait for: the earliest at the vendors that had none gets its units, at their cost, and is oversold no more. Orders that had a part of
 * their units stay as they are, for a person. Answers the orders that were filled.
 */
export async function fillOversold(deps: BookingDeps, tx: Tx, lotId: string): Promise<string[]> {
  const lines = await tx.orderLine.findMany({ where: { lotId, costMinor: null, order: { state: 'paid' } }, select: { orderId: true } });
  const waiting = (await findOrders(tx, [...new Set(lines.map((line) => line.orderId))])).filter((order) => order.facts.problems.some((problem) => problem.code === 'order.oversold')).toSorted((a, b) => a.placedAt - b.placedAt);
  const filled: string[] = [];
  for (const order of waiting) {
    const line = order.lines.find((candidate) => candidate.lotId === lotId && candidate.cost === null)!;
    if ((await getLot(tx, lotId)).onHand < line.quantity) continue;
    await fill(deps, tx, order, line);
    filled.push(order.id);
  }
  return filled;
}

async function fill(deps: BookingDeps, tx: Tx, order: Order, line: OrderLine): Promise<void> {
  const taken = await takeUnits(deps.inventory, tx, { lotId: line.lotId!, ref: saleRef(order.id, line.externalId), units: line.quantity });
  const inOrder = await fromHome(tx, order.total.currency);
  const served = { ...line, cost: inOrder(taken.cost), estimate: line.estimate ?? inOrder(await estimateOf(tx, line.lotId!, line.quantity)) };
  const problems = order.facts.problems.map((problem) => (problem.code === 'order.oversold' && problem.data?.['sku'] === line.sku ? { code: 'order.oversold-filled', data: { sku: line.sku } } : problem));
  const after: Order = { ...order, facts: { ...order.facts, problems }, lines: order.lines.map((candidate) => (candidate === line ? { ...served, profit: profitOf(served) } : candidate)), version: order.version + 1 };
  await bookLateCost(deps, tx, order, { lineId: line.externalId, cost: taken.cost });
  if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, 'order.changed', order.id, { externalId: order.externalId });
}
