import type { ReportBy } from '#contract/words.ts';
import { COST_OF_GOODS_SOLD, feesOf, inboundOf, POSTAGE, REFUNDS, SALES, storageOf, WRITE_OFF } from '#engine/ledger/index.ts';

/** How the accounts of what channels take begin. */
export const FEES: readonly string[] = [feesOf(''), storageOf(''), inboundOf('')];
const when = (account: string, sign: '' | '-') => `SUM(CASE WHEN l.account = '${account}' THEN ${sign}l.minor ELSE 0 END)`;
const isFee = `(${FEES.map((start) => `(l.account >= '${start}' AND l.account < '${start.slice(0, -1)};')`).join(' OR ')})`;
/** The channel is what follows the second colon. */
const feeChannel = `CASE ${FEES.map((start) => `WHEN l.account >= '${start}' AND l.account < '${start.slice(0, -1)};' THEN substr(l.account, ${start.length + 1})`).join(' ')} END`;

/** Of ledger lines `l`, as a person reads them. An expense that is none of those named would be missing: the report's test compares with the whole ledger. */
export const SUMS = `${when(SALES, '-')} AS revenue, ${when(REFUNDS, '')} AS refunds, SUM(CASE WHEN ${isFee} THEN l.minor ELSE 0 END) AS fees, ${when(POSTAGE, '')} AS postage, ${when(COST_OF_GOODS_SOLD, '')} AS cost, ${when(WRITE_OFF, '')} AS writeOff`;
/** Expenses and income, as one range of the index. */
export const OF_PROFIT = `l.account >= 'expenses:' AND l.account < 'income;'`;
/** The time first: by the accounts it would go through all years. ?1 from, ?2 to. */
export const BOOKED = `"LedgerEntry" e CROSS JOIN "LedgerLine" l ON l.entryId = e.id WHERE e.at >= ?1 AND e.at < ?2 AND ${OF_PROFIT}`;

/** Days and months are of the booking: an order that is refunded later is in both. */
const BUCKET: Readonly<Partial<Record<ReportBy, string>>> = { month: `strftime('%Y-%m', e.at / 1000, 'unixepoch')`, day: `strftime('%Y-%m-%d', e.at / 1000, 'unixepoch')` };
export const isOfTime = (by: ReportBy): boolean => by in BUCKET;

/** What was booked in the time on each order, lot, payout… in each currency, apart for each `bucket` of time. `soldAt`: when its sale was booked, in that currency. */
export const perRef = (by: ReportBy): string => `SELECT ${BUCKET[by] ?? `''`} AS bucket, e.refKind, e.refId, l.currency, MIN(CASE WHEN e.kind = 'sale' THEN e.at END) AS soldAt, MAX(e.at) AS at, MAX(e.memo) AS memo, MAX(${feeChannel}) AS feeChannel, ${SUMS}
  FROM ${BOOKED} GROUP BY e.refKind, e.refId, l.currency, bucket`;

/** A line of an order beside what was booked of the order, and the lot, product and origin that it, or the booking itself, is about. */
export const WITH_GOODS = `LEFT JOIN "Order" ord ON x.refKind = 'order' AND ord.id = x.refId LEFT JOIN "OrderLine" o ON o.orderId = ord.id
  LEFT JOIN "StockLot" k ON k.id = CASE x.refKind WHEN 'order' THEN o.lotId WHEN 'stock' THEN x.refId WHEN 'purchase' THEN (SELECT b.id FROM "StockLot" b WHERE b.purchaseId = x.refId) END`;

/** Its dimension's own tables, the key, and its name. */
export const BY: Readonly<Record<ReportBy, { readonly join: string; readonly key: string; readonly label: string }>> = {
  month: { join: '', key: 'x.bucket', label: 'NULL' },
  day: { join: '', key: 'x.bucket', label: 'NULL' },
  channel: { join: '', key: `coalesce(ord.channel, x.feeChannel, '')`, label: 'NULL' },
  category: { join: `LEFT JOIN "Product" p ON p.id = k.productId`, key: `coalesce(p.category, '')`, label: 'NULL' },
  source: {
    join: `LEFT JOIN "Purchase" u ON u.id = k.purchaseId LEFT JOIN "Source" s ON s.id = u.sourceId LEFT JOIN "PurchaseOrder" r ON r.id = substr(k.purchaseId, 1, instr(k.purchaseId, ':') - 1)`,
    key: `coalesce('src:' || u.sourceId, 'sup:' || r.supplierKey, CASE WHEN k.purchaseId LIKE 'hand\\_%' ESCAPE '\\' THEN 'hand' END, '')`, label: `coalesce(s.name, r.supplier)`,
  },
  item: {
    join: `LEFT JOIN "Product" p ON p.id = k.productId`,
    key: `coalesce(k.productId, CASE WHEN o.sku <> '' THEN 'sku:' || o.sku END, 'title:' || substr(o.title, 1, 150), '')`, label: `coalesce(p.title, k.title, o.title)`,
  },
};

/** Orders of several lines are shared out one by one. */
export const SEVERAL = `(SELECT count(*) FROM "OrderLine" c WHERE c.orderId = x.refId) > 1`;
/** Its sale was booked in the time, in this currency, and it was not cancelled. */
const COUNTED = `x.soldAt IS NOT NULL AND ord.state <> 'cancelled'`;
const judged = (value: string) => `SUM(CASE WHEN ${COUNTED} AND o.estimateMinor IS NOT NULL AND o.profitMinor IS NOT NULL THEN ${value} ELSE 0 END)`;
const held = (value: string) => `SUM(CASE WHEN ${COUNTED} AND k.id IS NOT NULL THEN ${value} ELSE 0 END)`;
export const SOLD = `COUNT(DISTINCT CASE WHEN ${COUNTED} THEN x.refId END) AS orders, SUM(CASE WHEN ${COUNTED} THEN coalesce(o.quantity, 0) ELSE 0 END) AS units, ${held('o.quantity')} AS heldUnits, ${held('o.quantity * max(0, x.soldAt - coalesce(k.receivedAt, k.createdAt))')} AS heldMs,
  ${judged('o.quantity')} AS judgedUnits, ${judged('o.estimateMinor')} AS expected, ${judged('o.profitMinor')} AS outcome`;
