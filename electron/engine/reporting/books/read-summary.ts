import type { ReportBrief, ReportSummary } from '#contract/reports.ts';
import type { Business } from '#contract/settings.ts';
import { money } from '#kernel/money.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Database } from '#runtime/ports.ts';
import { COST_OF_GOODS_SOLD, INVENTORY, POSTAGE, REFUNDS, SALES, SALES_TAX, WRITE_OFF } from '#engine/ledger/index.ts';
import { addTo, inHome, listFigures, noSums, type ByCurrency, type Figure, type Sums } from './figures.ts';
import type { Period } from './period.ts';
import { viewSold, type SoldSums } from './read-rows.ts';
import { countOrdersWithoutTax, readSalesTax } from './read-sales-tax.ts';
import { BOOKED, FEES, SOLD, SUMS } from './report-sql.ts';

/** What one kind of entry moved on one account. `up` and `down` are the debits and the credits of it. */
export interface Movement { readonly account: string; readonly currency: string; readonly kind: string; readonly up: number; readonly down: number }

const valuesOf = (values: readonly unknown[]) => values as number[];

export async function readMovements(db: Database, period: Period): Promise<Movement[]> {
  const [sql, ...values] = numbered(
    `SELECT l.account, l.currency, e.kind, SUM(max(l.minor, 0)) AS up, SUM(min(l.minor, 0)) AS down FROM "LedgerEntry" e CROSS JOIN "LedgerLine" l ON l.entryId = e.id WHERE e.at >= ?1 AND e.at < ?2 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, period.from, period.to);
  return db.read<Movement>(sql, valuesOf(values));
}

const PLAIN: Readonly<Record<string, readonly [Figure, 1 | -1]>> = { [SALES]: ['revenue', -1], [REFUNDS]: ['refunds', 1], [POSTAGE]: ['postage', 1], [COST_OF_GOODS_SOLD]: ['cost', 1], [WRITE_OFF]: ['writeOff', 1] };

function sumsOf(movements: readonly Movement[]): ByCurrency {
  const all: ByCurrency = new Map();
  for (const { account, currency, up, down } of movements) {
    const [figure, sign] = PLAIN[account] ?? (FEES.some((start) => account.startsWith(start)) ? (['fees', 1] as const) : [null, 1]);
    if (figure) addTo(all, currency, { ...noSums(), [figure]: sign * (up + down) });
  }
  return all;
}

async function readSums(db: Database, period: Period): Promise<ByCurrency> {
  const [sql, ...values] = numbered(`SELECT l.currency, ${SUMS} FROM ${BOOKED} GROUP BY 1`, period.from, period.to);
  const all: ByCurrency = new Map();
  for (const { currency, ...sums } of await db.read<Sums & { currency: string }>(sql, valuesOf(values))) addTo(all, currency, sums);
  return all;
}

type SoldRow = { currency: string; orders: number; units: number; heldUnits: number; heldMs: number; judgedUnits: number; expected: number | null; outcome: number | null };

/** An order is sold in one currency, its own, and its sale is one entry. */
async function readSold(db: Database, period: Period): Promise<SoldSums> {
  const [sql, ...values] = numbered(`SELECT ord.currency, ${SOLD} FROM (SELECT e.refKind, e.refId, e.at AS soldAt FROM "LedgerEntry" e WHERE e.at >= ?1 AND e.at < ?2 AND e.kind = 'sale' AND e.refKind = 'order') x
    CROSS JOIN "Order" ord ON ord.id = x.refId LEFT JOIN "OrderLine" o ON o.orderId = ord.id LEFT JOIN "StockLot" k ON k.id = o.lotId GROUP BY 1`, period.from, period.to);
  const sold: SoldSums = { orders: new Set(), ordersAlone: 0, units: 0, heldUnits: 0, heldMs: 0, judged: new Map() };
  for (const row of await db.read<SoldRow>(sql, valuesOf(values))) {
    sold.ordersAlone += row.orders;
    sold.units += row.units;
    sold.heldUnits += row.heldUnits;
    sold.heldMs += row.heldMs;
    if (row.judgedUnits > 0) sold.judged.set(row.currency, { units: row.judgedUnits, expected: row.expected ?? 0, outcome: row.outcome ?? 0 });
  }
  return sold;
}

async function unitsAt(db: Database, at: number): Promise<number> {
  const [row] = await db.read<{ units: number | null }>(`SELECT SUM(quantity) AS units FROM "StockMovement" WHERE kind <> 'bought' AND at < ?`, [at]);
  return row?.units ?? 0;
}

/** What the stock account held when the time began: its balance, without all that was booked since. */
async function stockAtStart(db: Database, period: Period, { currency, moved }: { readonly currency: string; readonly moved: number }): Promise<number> {
  const [later] = await db.read<{ minor: number | null }>(`SELECT SUM(l.minor) AS minor FROM "LedgerEntry" e CROSS JOIN "LedgerLine" l ON l.entryId = e.id WHERE e.at >= ? AND l.account = '${INVENTORY}' AND l.currency = ?`, [period.to, currency]);
  const [all] = await db.read<{ minor: number | null }>(`SELECT SUM(minor) AS minor FROM "LedgerLine" WHERE account = '${INVENTORY}' AND currency = ?`, [currency]);
  return (all?.minor ?? 0) - (later?.minor ?? 0) - moved;
}

const inStock = (movements: readonly Movement[], currency: string) => movements.reduce((sum, { account, currency: of, up, down }) => sum + (account === INVENTORY && of === currency ? up + down : 0), 0);

const STOCK_KINDS: Readonly<Record<string, 'bought' | 'prepared' | 'returnedToSupplier' | 'sold' | 'writtenOff'>> = {
  purchase: 'bought', 'cash-purchase': 'bought', 'opening-stock': 'bought', 'goods-received': 'bought', preparation: 'prepared', 'purchase-refund': 'returnedToSupplier', 'purchase-return': 'returnedToSupplier',
  'cost-of-goods': 'sold', return: 'sold', sale: 'sold', 'return-inspected': 'writtenOff', 'stock-count': 'writtenOff', 'write-off': 'writtenOff', adjustment: 'writtenOff', 'stock-adjusted': 'writtenOff',
};
const GOES_OUT: ReadonlySet<string> = new Set(['returnedToSupplier', 'sold', 'writtenOff']);

function taxOf(movements: readonly Movement[], opening: number, home: string): Omit<ReportSummary['tax'], 'salesTaxByMonth' | 'ordersWithoutTax'> {
  const amount = (minor: number) => money(minor, home);
  const stock = { bought: 0, prepared: 0, returnedToSupplier: 0, sold: 0, writtenOff: 0, other: 0 };
  let moved = 0;
  const expenses = new Map<string, { account: string; currency: string; minor: number }>();
  const taxes = new Map<string, { collected: number; settled: number }>();
  for (const { account, currency, kind, up, down } of movements) {
    if (account === INVENTORY && currency === home) {
      const as = STOCK_KINDS[kind] ?? 'other';
      stock[as] += GOES_OUT.has(as) ? -(up + down) : up + down;
      moved += up + down;
    } else if (account.startsWith('expenses:')) {
      const key = `${account} ${currency}`;
      expenses.set(key, { account, currency, minor: (expenses.get(key)?.minor ?? 0) + up + down });
    } else if (account === SALES_TAX || account.startsWith(`${SALES_TAX}:`)) {
      const known = taxes.get(currency) ?? { collected: 0, settled: 0 };
      taxes.set(currency, { collected: known.collected - down, settled: known.settled + up });
    }
  }
  return {
    salesTax: [...taxes].map(([currency, { collected, settled }]) => ({ collected: money(collected, currency), settled: money(settled, currency) })),
    stock: { opening: amount(opening), bought: amount(stock.bought), prepared: amount(stock.prepared), returnedToSupplier: amount(stock.returnedToSupplier), sold: amount(stock.sold), writtenOff: amount(stock.writtenOff), other: amount(stock.other), closing: amount(opening + moved) },
    expenses: [...expenses.values()].filter(({ minor }) => minor !== 0).map(({ account, currency, minor }) => ({ account, amount: money(minor, currency) })),
  };
}

export interface SummaryQuery { readonly from: string; readonly to: string; readonly period: Period }

/** What the ledger has of a time. */
export async function readSummary(db: Database, business: Business, { from, to, period }: SummaryQuery): Promise<ReportSummary> {
  const home = business.homeCurrency;
  const movements = await readMovements(db, period);
  const sums = sumsOf(movements);
  const sold = await readSold(db, period);
  const [left, opening, salesTaxByMonth, ordersWithoutTax] = await Promise.all([unitsAt(db, period.to), stockAtStart(db, period, { currency: home, moved: inStock(movements, home) }), readSalesTax(db, period), countOrdersWithoutTax(db, period)]);
  const could = sold.units + Math.max(0, left);
  return {
    from, to, homeCurrency: home, currencies: listFigures(sums, home), home: inHome(sums, business), sold: viewSold(sold),
    sellThroughBp: could === 0 ? null : Math.round((sold.units / could) * 10_000), tax: { ...taxOf(movements, opening, home), salesTaxByMonth, ordersWithoutTax },
  };
}

/** A time in short, without what only the time that is looked at is asked for. */
export async function readBrief(db: Database, business: Business, { from, to, period }: SummaryQuery): Promise<ReportBrief> {
  const [sums, sold] = await Promise.all([readSums(db, period), readSold(db, period)]);
  return { from, to, home: inHome(sums, business), units: sold.units, orders: sold.ordersAlone };
}
