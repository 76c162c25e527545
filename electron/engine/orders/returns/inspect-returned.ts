import { DomainError } from '#kernel/errors.ts';
import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { getLot, setUnits, unitsWrittenOff } from '../../inventory/index.ts';
import { INVENTORY, post, WRITE_OFF, type EntryLine } from '../../ledger/index.ts';
import { saleRef } from '../book-order.ts';
import { fromHome } from '../convert-amount.ts';
import type { OrdersDeps } from '../deps.ts';
import { wrongState } from '../errors.ts';
import { profitOf, type Order, type OrderLine } from '../order.ts';
import { updateOrder } from '../repo.ts';
import { loadOrder } from '../ship-order.ts';

export interface Returnable {
  readonly lineId: string;
  readonly title: string;
  /** Written off as the money went back. */
  readonly units: number;
}

/** Lines whose units were given up when their money went back, and which nobody has looked at since. */
export async function returnable(tx: Tx, order: Order): Promise<Returnable[]> {
  if (order.state !== 'refunded' || order.facts.inspected || order.facts.sentByChannel) return [];
  const found: Returnable[] = [];
  for (const line of order.lines) {
    const units = line.lotId === null ? 0 : await unitsWrittenOff(tx, line.lotId, saleRef(order.id, line.externalId));
    if (units > 0) found.push({ lineId: line.id, title: line.title, units });
  }
  return found;
}

export interface InspectInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  /** Of each line, units that are as good as when they were sold; the others stay a loss. A line that is left out has none. */
  readonly good: readonly { readonly lineId: string; readonly units: number }[];
  readonly by: string;
}

const minus = (amount: Money): Money => money(-amount.minor, amount.currency);

/**
 * What came back was looked at: good units are on the shelf again at the cost with which they were given up, and are offered again by the way of any rise in stock. Once for each order.
 * @throws DomainError NOT_FOUND, WRONG_STATE where nothing is to be looked at (any more), INVALID with the field.
 */
export async function inspectReturned(deps: OrdersDeps, input: InspectInput): Promise<Order> {
  const { db, clock, outbox, audit } = deps.ctx;
  return db.transaction(async (tx) => {
    const order = await loadOrder(tx, input.id);
    const waiting = await returnable(tx, order);
    if (order.version !== input.version || waiting.length === 0) throw wrongState(order.state);
    const inOrder = await fromHome(tx, order.total.currency);
    const entries: EntryLine[] = [];
    const costs = new Map<string, Money>();
    let good = 0;
    for (const { lineId, units } of input.good) {
      const line = order.lines.find((candidate) => candidate.id === lineId);
      const most = waiting.find((candidate) => candidate.lineId === lineId)?.units ?? 0;
      if (!line?.lotId || units > most || costs.has(lineId)) throw new DomainError('INVALID', `good: ${most} at most of this line.`, { field: 'good', reason: 'out-of-range' });
      if (units === 0) continue;
      const lot = await getLot(tx, line.lotId);
      const { cost } = await setUnits(deps.inventory, tx, { lotId: line.lotId, ref: `${saleRef(order.id, line.externalId)}:inspected`, units: lot.onHand + units, reason: 'came back, as good as it was sold' });
      entries.push({ account: INVENTORY, amount: cost }, { account: WRITE_OFF, amount: minus(cost) });
      costs.set(lineId, inOrder(cost));
      good += units;
    }
    await post(deps.inventory, tx, { key: `order:${order.id}:inspected`, kind: 'return-inspected', memo: `${order.channel} ${order.externalId}`, ref: { kind: 'order', id: order.id }, at: clock.now(), lines: entries });
    const lines = order.lines.map((line): OrderLine => {
      const cost = costs.get(line.id);
      const next = cost && line.cost ? { ...line, cost: money(line.cost.minor - cost.minor, line.cost.currency) } : line;
      return { ...next, profit: profitOf(next) };
    });
    const spoilt = waiting.reduce((sum, one) => sum + one.units, 0) - good;
    const after: Order = { ...order, lines, facts: { ...order.facts, inspected: { at: clock.now(), good, spoilt } }, version: order.version + 1 };
    if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
    await audit.append(tx, { actor: input.by, channel: 'desktop', action: 'order.return-inspected', subject: order.id, data: { externalId: order.externalId, good, spoilt } });
    await outbox.add(tx, 'order.changed', order.id, { externalId: order.externalId });
    return after;
  });
}
