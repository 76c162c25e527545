import { mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ReportFigures, ReportLine, ReportRow } from '#contract/reports.ts';
import type { Business } from '#contract/settings.ts';
import type { ReportBy } from '#contract/words.ts';
import { DomainError } from '#kernel/errors.ts';
import { money, toDecimal, type Money } from '#kernel/money.ts';
import { utcDay } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';
import { SALES_TAX } from '#engine/ledger/index.ts';
import { writeResultsCsv, writeResultsXlsx, type ResultColumn } from '#engine/suppliers/index.ts';
import type { Period } from './period.ts';
import { readLines } from './read-lines.ts';
import { readGroups, viewRows } from './read-rows.ts';
import { readSalesTax } from './read-sales-tax.ts';
import { readMovements } from './read-summary.ts';

export interface ExportQuery { readonly from: string; readonly to: string; readonly period: Period; readonly by: ReportBy; readonly what: 'rows' | 'lines' | 'accounts' | 'sales-tax'; readonly format: 'csv' | 'xlsx' }
export interface ExportDeps {
  readonly db: Database;
  readonly business: Business;
  /** Where the file is made; it does not stay. */
  readonly dir: string;
  readonly id: string;
}

const amount = (value: Money | undefined) => (value ? Number(toDecimal(value)) : null);
/** Of one currency each: amounts of two never stand in one column without it. */
interface PerCurrency<T> { readonly of: T; readonly figures: ReportFigures | null }
const perCurrency = <T>(items: readonly T[], figuresOf: (item: T) => readonly ReportFigures[]): PerCurrency<T>[] => items.flatMap((of): PerCurrency<T>[] => { const all = figuresOf(of); return all.length === 0 ? [{ of, figures: null }] : all.map((figures) => ({ of, figures })); });

type Figured = Pick<PerCurrency<unknown>, 'figures'>;
const column = (header: string, figure: keyof ReportFigures): ResultColumn<Figured> => ({ header, value: ({ figures }) => amount(figures?.[figure]), width: 13 });
const FIGURE_COLUMNS: readonly ResultColumn<Figured>[] = [
  { header: 'Currency', value: ({ figures }) => figures?.profit.currency ?? null, width: 9 },
  column('Revenue', 'revenue'), column('Refunds', 'refunds'), column('Fees', 'fees'), column('Postage', 'postage'), column('Cost of goods', 'cost'), column('Written off', 'writeOff'), column('Profit', 'profit'),
];

/** Units and the like are the row's, and stand beside its first currency alone: added up they are right. */
const firstOnly = <T>(all: readonly PerCurrency<T>[]): ReadonlySet<PerCurrency<T>> => { const seen = new Set<T>(); return new Set(all.filter(({ of }) => !seen.has(of) && seen.add(of))); };

function rowTable(rows: readonly ReportRow[], by: ReportBy) {
  const all = perCurrency(rows, (row) => row.currencies);
  const first = firstOnly(all);
  const once = (value: (row: ReportRow) => number | null) => (one: PerCurrency<ReportRow>) => (first.has(one) ? value(one.of) : null);
  const judged = (one: PerCurrency<ReportRow>) => one.of.sold.estimates.find(({ expected }) => expected.currency === one.figures?.profit.currency);
  const columns: ResultColumn<PerCurrency<ReportRow>>[] = [
    { header: by[0]!.toUpperCase() + by.slice(1), value: ({ of }) => of.label ?? of.key, width: 40 }, { header: 'Key', value: ({ of }) => of.key, width: 24 }, ...FIGURE_COLUMNS,
    { header: 'Profit, home currency', value: once((row) => amount(row.home.profit)), width: 16 }, { header: 'Home currency', value: (one) => (first.has(one) ? one.of.home.profit.currency : null), width: 9 }, { header: 'ROI %', value: once((row) => (row.roiBp === null ? null : row.roiBp / 100)), width: 9 },
    { header: 'Orders', value: once((row) => row.sold.orders), width: 9 }, { header: 'Units sold', value: once((row) => row.sold.units), width: 10 }, { header: 'Days to sell', value: once((row) => row.sold.daysToSell), width: 11 },
    { header: 'Units estimated', value: (one) => judged(one)?.units ?? null }, { header: 'Expected profit of these', value: (one) => amount(judged(one)?.expected), width: 16 }, { header: 'Their outcome', value: (one) => amount(judged(one)?.outcome), width: 14 },
  ];
  return { columns, rows: all };
}

function lineTable(lines: readonly ReportLine[]) {
  const all = perCurrency(lines, (line) => line.figures);
  const first = firstOnly(all);
  const columns: ResultColumn<PerCurrency<ReportLine>>[] = [
    { header: 'Day', value: ({ of }) => utcDay(of.at), width: 12 }, { header: 'Belongs to', value: ({ of }) => of.refKind, width: 12 }, { header: 'Number', value: ({ of }) => of.detail, width: 22 }, { header: 'Title', value: ({ of }) => of.title, width: 44 },
    { header: 'Units sold', value: (one) => (first.has(one) ? one.of.units : null), width: 10 }, ...FIGURE_COLUMNS, { header: 'Id', value: ({ of }) => of.refId, width: 44 },
  ];
  return { columns, rows: all };
}

async function accountTable(db: Database, period: Period) {
  const rows = await readMovements(db, period);
  type Row = (typeof rows)[number];
  const columns: ResultColumn<Row>[] = [
    { header: 'Account', value: (row) => row.account, width: 32 }, { header: 'Kind of entry', value: (row) => row.kind, width: 22 }, { header: 'Currency', value: (row) => row.currency, width: 9 },
    { header: 'Debits', value: (row) => amount(money(row.up, row.currency)) }, { header: 'Credits', value: (row) => amount(money(-row.down, row.currency)) }, { header: 'Debits less credits', value: (row) => amount(money(row.up + row.down, row.currency)), width: 18 },
  ];
  return { columns, rows };
}

async function salesTaxTable(db: Database, period: Period) {
  const rows = await readSalesTax(db, period);
  type Row = (typeof rows)[number];
  const columns: ResultColumn<Row>[] = [
    { header: 'Month', value: (row) => row.month, width: 10 }, { header: 'Owed to', value: (row) => row.account.slice(SALES_TAX.length + 1) || 'not said', width: 44 }, { header: 'Currency', value: (row) => row.collected.currency, width: 9 }, { header: 'Collected', value: (row) => amount(row.collected) },
    { header: 'Given back to buyers', value: (row) => amount(row.back), width: 18 }, { header: 'Passed on', value: (row) => amount(row.paid) }, { header: 'Owed of the month', value: (row) => amount(money(row.collected.minor - row.back.minor - row.paid.minor, row.collected.currency)), width: 18 }, { header: 'Account', value: (row) => row.account, width: 60 },
  ];
  return { columns, rows };
}

async function write<Row>(file: string, table: { readonly columns: readonly ResultColumn<Row>[]; readonly rows: readonly Row[] }, format: 'csv' | 'xlsx'): Promise<number> {
  try {
    return await (format === 'csv' ? writeResultsCsv : writeResultsXlsx)(file, table.columns, table.rows);
  } catch (error) {
    if (error instanceof RangeError) throw new DomainError('INVALID', 'The rows do not fit one sheet: export CSV.', { field: 'format', reason: 'too-many-rows' }, error);
    throw error;
  }
}

/** The report as a file. Text that a spreadsheet would run is neutralised by the writers. */
export async function exportReport(deps: ExportDeps, query: ExportQuery): Promise<{ readonly name: string; readonly rows: number; readonly contentBase64: string }> {
  const { db, business } = deps;
  mkdirSync(deps.dir, { recursive: true, mode: 0o700 });
  const file = path.join(deps.dir, `${deps.id}.${query.format}`);
  try {
    let rows: number;
    if (query.what === 'accounts') rows = await write(file, await accountTable(db, query.period), query.format);
    else if (query.what === 'sales-tax') rows = await write(file, await salesTaxTable(db, query.period), query.format);
    else if (query.what === 'lines') rows = await write(file, lineTable((await readLines(db, { period: query.period, by: query.by, key: null, home: business.homeCurrency, offset: 0, limit: null })).items), query.format);
    else rows = await write(file, rowTable(viewRows(await readGroups(db, query.period, query.by), business, query.by, Number.MAX_SAFE_INTEGER).rows, query.by), query.format);
    const about = query.what === 'rows' ? `by-${query.by}` : query.what === 'lines' ? 'bookings' : query.what;
    return { name: `report-${about}-${query.from}-to-${query.to}.${query.format}`, rows, contentBase64: (await readFile(file)).toString('base64') };
  } finally {
    rmSync(file, { force: true });
  }
}
