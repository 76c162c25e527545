import type { ReportSummary } from '#contract/reports.ts';
import { money } from '#kernel/money.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Database } from '#runtime/ports.ts';
import { SALES_TAX } from '#engine/ledger/index.ts';
import type { Period } from './period.ts';

type ByMonth = ReportSummary['tax']['salesTaxByMonth'];
type Row = { month: string; account: string; currency: string; collected: number; back: number; paid: number };

/** Own shops: the channels whose tax passes through the seller. */
const OWN_SHOPS = `('shopify', 'woocommerce')`;

/** What was collected for the authorities, by month of the booking and by whom it is owed to. What a claim or a refund gave up and a later word took back is taken off `back`. */
export async function readSalesTax(db: Database, period: Period): Promise<ByMonth> {
  const [sql, ...values] = numbered(
    `SELECT strftime('%Y-%m', e.at / 1000, 'unixepoch') AS month, l.account, l.currency, SUM(CASE WHEN e.kind = 'sale' THEN -l.minor ELSE 0 END) AS collected,
       SUM(CASE WHEN e.kind <> 'sale' AND e.refKind = 'order' THEN l.minor ELSE 0 END) AS back, SUM(CASE WHEN e.kind <> 'sale' AND e.refKind <> 'order' THEN l.minor ELSE 0 END) AS paid
     FROM "LedgerLine" l CROSS JOIN "LedgerEntry" e ON e.id = l.entryId WHERE l.account >= '${SALES_TAX}' AND l.account < '${SALES_TAX};' AND e.at >= ?1 AND e.at < ?2 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, period.from, period.to);
  return (await db.read<Row>(sql, values as number[])).map(({ month, account, currency, collected, back, paid }) => ({ month, account, collected: money(collected, currency), back: money(back, currency), paid: money(paid, currency) }));
}

export async function countOrdersWithoutTax(db: Database, period: Period): Promise<number> {
  const [row] = await db.read<{ orders: number }>(`SELECT count(*) AS orders FROM "Order" o WHERE o.placedAt >= ? AND o.placedAt < ? AND o.channel IN ${OWN_SHOPS} AND o.raw->>'$.tax' IS NULL`, [period.from, period.to]);
  return row?.orders ?? 0;
}
