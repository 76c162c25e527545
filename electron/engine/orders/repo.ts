import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import type { OrderState } from './machine.ts';
import { orderFactsSchema, type Order, type OrderLine } from './order.ts';

const include = { lines: { orderBy: { id: 'asc' } } } as const;
type Row = NonNullable<Awaited<ReturnType<typeof rowOf>>>;
const rowOf = (tx: Tx, id: string) => tx.order.findUnique({ where: { id }, include });

function toLine(row: Row['lines'][number], currency: string): OrderLine {
  const amount = (minor: bigint) => money(toNumber(minor), currency);
  const known = (minor: bigint | null) => (minor === null ? null : amount(minor));
  return {
    id: row.id, externalId: row.externalId, listingId: row.listingId, lotId: row.lotId, sku: row.sku, title: row.title, quantity: row.quantity, revenue: amount(row.revenueMinor),
    fees: amount(row.feesMinor), cost: known(row.costMinor), postage: amount(row.postageMinor), refund: amount(row.refundMinor), profit: known(row.profitMinor), estimate: known(row.estimateMinor),
  };
}

function toOrder(row: Row): Order {
  return {
    id: row.id, channel: row.channel, externalId: row.externalId, state: row.state as OrderState, buyerName: row.buyerName, total: money(toNumber(row.totalMinor), row.currency),
    fees: money(toNumber(row.feesMinor), row.currency), tax: money(toNumber(row.taxMinor), row.currency), paymentRef: row.paymentRef, placedAt: toNumber(row.placedAt), modifiedAt: toNumber(row.modifiedAt), shippedAt: row.shippedAt === null ? null : toNumber(row.shippedAt),
    tracking: row.tracking, facts: orderFactsSchema.parse(JSON.parse(row.raw)), version: row.version, lines: row.lines.map((line) => toLine(line, row.currency)),
  };
}

const lineColumns = (line: OrderLine) => ({
  listingId: line.listingId, lotId: line.lotId, quantity: line.quantity, revenueMinor: line.revenue.minor, feesMinor: line.fees.minor, costMinor: line.cost?.minor ?? null, postageMinor: line.postage.minor,
  refundMinor: line.refund.minor, profitMinor: line.profit?.minor ?? null, estimateMinor: line.estimate?.minor ?? null,
});

/** @param buyerWords marks of the words of the buyer's name. */
export async function insertOrder(tx: Tx, order: Order, buyerWords: string | null): Promise<void> {
  const { total, fees, tax, facts, lines, ...plain } = order;
  await tx.order.create({ data: { ...plain, buyerWords, currency: total.currency, totalMinor: total.minor, feesMinor: fees.minor, taxMinor: tax.minor, raw: JSON.stringify(facts) } });
  await tx.orderLine.createMany({ data: lines.map((line) => ({ id: line.id, orderId: order.id, externalId: line.externalId, sku: line.sku, title: line.title, ...lineColumns(line) })) });
}

/** Compare-and-set on the version; lines are written as they are given. False when somebody was faster. */
export async function updateOrder(tx: Tx, before: Order, after: Order): Promise<boolean> {
  const done = await tx.order.updateMany({
    where: { id: before.id, version: before.version },
    data: {
      state: after.state, buyerName: after.buyerName, totalMinor: after.total.minor, feesMinor: after.fees.minor, taxMinor: after.tax.minor, paymentRef: after.paymentRef, modifiedAt: after.modifiedAt, shippedAt: after.shippedAt, tracking: after.tracking,
      raw: JSON.stringify(after.facts), version: { increment: 1 },
    },
  });
  if (done.count !== 1) return false;
  for (const line of after.lines) await tx.orderLine.update({ where: { id: line.id }, data: lineColumns(line) });
  return true;
}

export async function findOrder(tx: Tx, id: string): Promise<Order | null> {
  const row = await rowOf(tx, id);
  return row && toOrder(row);
}

export async function findByExternalId(tx: Tx, channel: string, externalId: string): Promise<Order | null> {
  const row = await tx.order.findUnique({ where: { channel_externalId: { channel, externalId } }, include });
  return row && toOrder(row);
}

/** Orders of own shops that were paid by this payment of a provider. */
export async function findByPayment(tx: Tx, provider: string, reference: string): Promise<Order | null> {
  const row = await tx.order.findFirst({ where: { paymentRef: paymentRefOf(provider, reference) }, include, orderBy: { id: 'asc' } });
  return row && toOrder(row);
}

/** Of orders that a listing of the channel may be claimed for: the newest. */
const CLAIMABLE = 200;

/** The channel's ids of the orders, newest first, with units of what it knows, or knew, as this listing: one that was ended and listed anew had another id. */
export async function ordersOfListing(db: Database, channel: string, listingId: string): Promise<string[]> {
  const [sql, ...values] = numbered(
    `SELECT DISTINCT o.externalId AS id, o.placedAt FROM OrderLine l JOIN "Order" o ON o.id = l.orderId WHERE o.channel = ?1 AND l.sku IN (
       SELECT g.sku FROM Listing g WHERE g.channel = ?1 AND (g.externalId = ?2 OR EXISTS (SELECT 1 FROM ListingEvent e WHERE e.listingId = g.id AND e.data ->> '$.externalId' = ?2)))
     ORDER BY o.placedAt DESC LIMIT ${CLAIMABLE}`,
    channel, listingId,
  );
  return (await db.read<{ id: string }>(sql, values as string[])).map(({ id }) => id);
}

export const paymentRefOf = (provider: string, reference: string): string => `${provider} ${reference}`;

export async function findOrders(tx: Tx, ids: readonly string[]): Promise<Order[]> {
  return (await tx.order.findMany({ where: { id: { in: [...ids] } }, include, orderBy: { id: 'asc' } })).map(toOrder);
}

/** The latest change that was read from a channel; null before the first order. */
export async function latestChange(tx: Tx, channel: string): Promise<Instant | null> {
  const found = await tx.order.aggregate({ where: { channel }, _max: { modifiedAt: true } });
  const { modifiedAt } = found['_max'];
  return modifiedAt === null ? null : toNumber(modifiedAt);
}

/** What orders have brought after fees and refunds, tax that has to be passed on with it, paid out or not, for each channel and currency. */
export async function sumOwed(tx: Tx): Promise<{ channel: string; currency: string; minor: number }[]> {
  const rows = await tx.$queryRaw<{ channel: string; currency: string; minor: bigint }[]>`
    SELECT o.channel AS channel, o.currency AS currency, CAST(SUM(o.totalMinor + o.taxMinor - o.feesMinor - (SELECT COALESCE(SUM(l.refundMinor), 0) FROM OrderLine l WHERE l.orderId = o.id)) AS INTEGER) AS minor
    FROM "Order" o GROUP BY o.channel, o.currency ORDER BY o.channel, o.currency`;
  return rows.map((row) => ({ ...row, minor: toNumber(row.minor) }));
}

export interface ProfitSums {
  currency: string; units: number; revenue: number; cost: number; fees: number; postage: number; refunds: number; profit: number;
  estimated: number; estimatedUnits: number; absoluteError: number; signedError: number;
}

/** Sums over the lines of orders that were placed in the time and not cancelled; errors are of lines that have both outcome and estimate. */
export async function sumProfit(db: Database, range: { readonly from: Instant; readonly to: Instant }): Promise<ProfitSums[]> {
  return db.read(
    `SELECT o.currency AS currency, SUM(l.quantity) AS units, SUM(l.revenueMinor) AS revenue, SUM(COALESCE(l.costMinor, 0)) AS cost, SUM(l.feesMinor) AS fees, SUM(l.postageMinor) AS postage,
       SUM(l.refundMinor) AS refunds, SUM(l.revenueMinor - l.refundMinor - l.feesMinor - l.postageMinor - COALESCE(l.costMinor, 0)) AS profit, SUM(COALESCE(l.estimateMinor, 0)) AS estimated,
       SUM(CASE WHEN l.estimateMinor IS NULL OR l.profitMinor IS NULL THEN 0 ELSE l.quantity END) AS estimatedUnits,
       SUM(CASE WHEN l.estimateMinor IS NULL OR l.profitMinor IS NULL THEN 0 ELSE ABS(l.estimateMinor - l.profitMinor) END) AS absoluteError,
       SUM(CASE WHEN l.estimateMinor IS NULL OR l.profitMinor IS NULL THEN 0 ELSE l.estimateMinor - l.profitMinor END) AS signedError
     FROM OrderLine l JOIN "Order" o ON o.id = l.orderId WHERE o.placedAt >= ? AND o.placedAt < ? AND o.state <> 'cancelled' GROUP BY o.currency ORDER BY o.currency`,
    [range.from, range.to],
  );
}
