import type { z } from 'zod';
import type { orderDetail, orderRow, orderWays } from '#contract/selling.ts';
import { money, type Money } from '#kernel/money.ts';
import { searchMarks, type FieldSeal } from '#runtime/field-seal.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import { entriesFor } from '../ledger/index.ts';
import { listOrders, type OrderQuery } from './list-orders.ts';
import { BUYER_NAME, type Order } from './order.ts';
import { findOrders } from './repo.ts';
import { loadOrder } from './ship-order.ts';

/** The sum where every line has a figure; null where one is missing. */
function sumOf(order: Order, figure: 'profit' | 'estimate'): Money | null {
  let minor = 0;
  for (const line of order.lines) {
    const amount = line[figure];
    if (amount === null) return null;
    minor += amount.minor;
  }
  return money(minor, order.total.currency);
}

export function rowOf(seal: FieldSeal, order: Order): z.infer<typeof orderRow> {
  const [first, ...others] = order.lines;
  return {
    id: order.id, channel: order.channel, externalId: order.externalId, state: order.state, buyerName: order.buyerName === null ? null : seal.open(BUYER_NAME, order.buyerName), title: first ? `${first.title}${others.length > 0 ? ` +${others.length}` : ''}` : '',
    units: order.lines.reduce((sum, line) => sum + line.quantity, 0), total: order.total, fees: order.fees, profit: sumOf(order, 'profit'), estimate: sumOf(order, 'estimate'), placedAt: order.placedAt,
    shippedAt: order.shippedAt, tracking: order.tracking, version: order.version,
  };
}

export async function readOrders({ seal, db }: Pick<EngineContext, 'seal' | 'db'>, query: OrderQuery): Promise<Omit<PageOfIds, 'ids'> & { items: z.infer<typeof orderRow>[] }> {
  const { ids, ...page } = await listOrders(db, { ...query, ...(query.search === undefined ? {} : { marks: searchMarks(seal, query.search) }) });
  return { ...page, items: inOrder(ids, await findOrders(db.prisma, ids)).map((order) => rowOf(seal, order)) };
}

export async function readOrder({ seal }: Pick<EngineContext, 'seal'>, tx: Tx, id: string): Promise<Omit<z.infer<typeof orderDetail>, keyof z.infer<typeof orderWays> | 'toInspect'>> {
  const order = await loadOrder(tx, id);
  const entries = await entriesFor(tx, id);
  return {
    ...rowOf(seal, order), tax: order.tax,
    lines: order.lines.map(({ id: lineId, sku, title, quantity, listingId, revenue, fees, postage, cost, refund, profit, estimate }) => ({ id: lineId, sku, title, quantity, listingId, revenue, fees, postage, cost, refund, profit, estimate })),
    problems: [...order.facts.problems],
    entries: entries.map((entry) => ({ id: entry.id, kind: entry.kind, memo: entry.memo, at: entry.at, lines: entry.lines.map((line) => ({ ...line })) })),
  };
}
