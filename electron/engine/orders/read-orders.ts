import type { z } from 'zod';
import type { orderDetail, orderRow, orderWays } from '#contract/selling.ts';
import { DomainError } from '#kernel/errors.ts';
import { money, type Money } from '#kernel/money.ts';
import { searchMarks, type FieldSeal } from '#runtime/field-seal.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { readEntries } from '../ledger/index.ts';
import type { OrderState } from './machine.ts';
import { BUYER_NAME, type Order } from './order.ts';
import { listOrders } from './repo.ts';
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

function parseCursor(text: string): { placedAt: number; id: string } {
  const match = /^(\d{1,15})\/(.{1,80})$/.exec(text);
  if (!match) throw new DomainError('INVALID', 'cursor: not one that a page gave.', { field: 'cursor', reason: 'unreadable' });
  return { placedAt: Number(match[1]), id: match[2]! };
}

export async function readOrders({ seal }: Pick<EngineContext, 'seal'>, tx: Tx, query: { readonly state?: OrderState | undefined; readonly search?: string | undefined; readonly cursor?: string | undefined; readonly limit: number }): Promise<{ items: z.infer<typeof orderRow>[]; nextCursor: string | null }> {
  const { cursor, limit, ...filter } = query;
  const found = await listOrders(tx, { ...filter, limit: limit + 1, ...(filter.search === undefined ? {} : { marks: searchMarks(seal, filter.search) }), ...(cursor === undefined ? {} : { before: parseCursor(cursor) }) });
  const last = found[limit - 1];
  return { items: found.slice(0, limit).map((order) => rowOf(seal, order)), nextCursor: found.length > limit && last ? `${last.placedAt}/${last.id}` : null };
}

export async function readOrder({ seal }: Pick<EngineContext, 'seal'>, tx: Tx, id: string): Promise<Omit<z.infer<typeof orderDetail>, keyof z.infer<typeof orderWays> | 'toInspect'>> {
  const order = await loadOrder(tx, id);
  const entries = await readEntries(tx, { refId: id, limit: 200 });
  return {
    ...rowOf(seal, order),
    lines: order.lines.map(({ id: lineId, sku, title, quantity, listingId, revenue, fees, postage, cost, refund, profit, estimate }) => ({ id: lineId, sku, title, quantity, listingId, revenue, fees, postage, cost, refund, profit, estimate })),
    problems: [...order.facts.problems],
    entries: entries.items.map((entry) => ({ id: entry.id, kind: entry.kind, memo: entry.memo, at: entry.at, lines: entry.lines.map((line) => ({ ...line })) })),
  };
}
