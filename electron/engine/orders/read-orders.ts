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

const FEE_KINDS = ['referral', 'fulfilment', 'closing', 'other'] as const;

/** Kinds that neither side names are left out. A fee that the channel does not break down stands against the whole. */
function feeCheckOf({ facts: { feeCheck, feeKnown }, fees, total: { currency } }: Order): z.infer<typeof orderDetail>['feeCheck'] {
  if (!feeCheck) return null;
  const { expected, charged } = feeCheck;
  const whole = charged !== null && charged.length === 1 && charged[0]!.kind === 'other';
  const sum = (parts: typeof expected, kind: (typeof FEE_KINDS)[number]) => parts.reduce((total, part) => total + (whole || part.kind === kind ? part.minor : 0), 0);
  const kinds = whole ? (['other'] as const) : FEE_KINDS.filter((kind) => [...expected, ...(charged ?? [])].some((part) => part.kind === kind && part.minor !== 0));
  return { cardId: feeCheck.cardId, rows: kinds.map((kind) => ({ kind, expected: money(sum(expected, kind), currency), charged: charged && money(sum(charged, kind), currency) })), charged: charged !== null, accrued: !feeKnown && fees.minor > 0 };
}

export async function readOrder({ seal }: Pick<EngineContext, 'seal'>, tx: Tx, id: string): Promise<Omit<z.infer<typeof orderDetail>, keyof z.infer<typeof orderWays> | 'toInspect'>> {
  const order = await loadOrder(tx, id);
  const entries = await entriesFor(tx, id);
  return {
    ...rowOf(seal, order), tax: order.tax, feeCheck: feeCheckOf(order),
    handClaims: (order.facts.handClaims ?? []).map(({ shown: _shown, taken, fee, ...claim }) => ({ ...claim, taken: money(taken, order.total.currency), fee: money(fee, order.total.currency) })),
    lines: order.lines.map(({ id: lineId, sku, title, quantity, listingId, revenue, fees, postage, cost, refund, profit, estimate }) => ({ id: lineId, sku, title, quantity, listingId, revenue, fees, postage, cost, refund, profit, estimate })),
    problems: [...order.facts.problems],
    entries: entries.map((entry) => ({ id: entry.id, kind: entry.kind, memo: entry.memo, at: entry.at, lines: entry.lines.map((line) => ({ ...line })) })),
  };
}
