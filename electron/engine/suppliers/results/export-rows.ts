import { toDecimal, type Money } from '#kernel/money.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeResultsCsv, writeResultsXlsx, type ResultColumn } from '../price-list/index.ts';
import { readRowsInOrder, type ResultReader, type ResultRowView, type RowFilter } from './list-rows.ts';

const ROWS_AT_ONCE = 1_000;

type Row = ResultRowView;
const amount = (value: Money | null | undefined) => (value ? Number(toDecimal(value)) : null);
const percent = (bp: number | null | undefined) => (bp === null || bp === undefined ? null : bp / 100);
const utcText = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());

/** Every figure of a row. Amounts are in the currency that stands beside them; identifiers are text, or a spreadsheet would round them. */
const COLUMNS: readonly ResultColumn<Row>[] = [
  { header: 'Line', value: (r) => r.line, width: 8 }, { header: 'Standing', value: (r) => r.standing, width: 11 }, { header: 'Identifier', value: (r) => r.identifier, width: 17 }, { header: 'As written', value: (r) => r.code ?? r.identifier, width: 17 },
  { header: 'Repairs', value: (r) => r.repairs.join(', ') || null, width: 18 }, { header: 'Supplier number', value: (r) => r.mpn }, { header: 'Title', value: (r) => r.title, width: 44 }, { header: 'Brand', value: (r) => r.brand }, { header: 'Category', value: (r) => r.category },
  { header: 'Pack', value: (r) => r.pack, width: 7 }, { header: 'Case', value: (r) => r.case, width: 7 }, { header: 'Quantity', value: (r) => r.quantity, width: 9 }, { header: 'Least order', value: (r) => r.leastOrder, width: 9 }, { header: 'Tax %', value: (r) => percent(r.taxBp), width: 7 },
  { header: 'List cost', value: (r) => amount(r.cost), width: 10 }, { header: 'For pieces', value: (r) => r.units, width: 8 }, { header: 'Unit cost', value: (r) => amount(r.unitCost), width: 10 }, { header: 'Currency', value: (r) => r.unitCost.currency, width: 9 }, { header: 'MAP', value: (r) => amount(r.map), width: 9 },
  { header: 'Retail price', value: (r) => amount(r.retail), width: 10 },
  { header: 'Against the list before', value: (r) => r.change?.kind ?? null }, { header: 'Cost before', value: (r) => amount(r.change?.was), width: 10 },
  { header: 'First pass: sale', value: (r) => amount(r.first?.sale) }, { header: 'First pass: fees', value: (r) => amount(r.first?.fees) }, { header: 'First pass: profit', value: (r) => amount(r.first?.profit) }, { header: 'First pass: ROI %', value: (r) => percent(r.first?.roiBp) },
  { header: 'First pass: price by', value: (r) => (r.first ? [r.first.by, r.first.of, r.first.count === null ? null : `${r.first.count} sold`].filter((said) => said !== null).join(', ') : null), width: 22 }, { header: 'First pass: price of', value: (r) => utcText(r.first?.at ?? undefined), width: 25 },
  { header: 'Product', value: (r) => r.productId }, { header: 'Market: state', value: (r) => r.asked?.state ?? null }, { header: 'Market: reason', value: (r) => r.asked?.reason?.code ?? null, width: 22 }, { header: 'Market: decision', value: (r) => r.asked?.decision ?? null },
  { header: 'Market: currency', value: (r) => r.asked?.figures?.profit.currency ?? null }, { header: 'Market: landed cost', value: (r) => amount(r.asked?.figures?.unitCost) }, { header: 'Market: sale', value: (r) => amount(r.asked?.figures?.sale) }, { header: 'Market: fees', value: (r) => amount(r.asked?.figures?.fees) },
  { header: 'Market: profit', value: (r) => amount(r.asked?.figures?.profit) }, { header: 'Market: profit low', value: (r) => amount(r.asked?.figures?.profitLow) }, { header: 'Market: profit high', value: (r) => amount(r.asked?.figures?.profitHigh) }, { header: 'Market: ROI %', value: (r) => percent(r.asked?.figures?.roiBp) },
  { header: 'Market: chance of a loss %', value: (r) => percent(r.asked?.figures?.lossChanceBp) }, { header: 'Market: days to sell', value: (r) => r.asked?.figures?.daysToSell ?? null }, { header: 'Market: sold a month', value: (r) => r.asked?.figures?.demandPerMonth ?? null }, { header: 'Market: buy', value: (r) => r.asked?.figures?.quantity ?? null },
  { header: 'Market: asked at', value: (r) => utcText(r.asked?.at), width: 25 },
];

async function* rowsOf(reader: ResultReader, filter: RowFilter): AsyncGenerator<Row> {
  for (let after = 0; ;) {
    const rows = await readRowsInOrder(reader, filter, { after, limit: ROWS_AT_ONCE });
    yield* rows;
    await nextTurn();
    if (rows.length < ROWS_AT_ONCE) return;
    after = rows.at(-1)!.row;
  }
}

/** Writes a list's rows in its own order, with every figure, in bounded memory. Answers how many there are. @throws RangeError when they do not fit a sheet */
export function exportRows(reader: ResultReader, file: string, { format, filter }: { readonly format: 'csv' | 'xlsx'; readonly filter: RowFilter }): Promise<number> {
  return format === 'csv' ? writeResultsCsv(file, COLUMNS, rowsOf(reader, filter)) : writeResultsXlsx(file, COLUMNS, rowsOf(reader, filter));
}
