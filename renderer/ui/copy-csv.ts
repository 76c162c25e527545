import type { Column } from './data-table.tsx';

/** A cell that a spreadsheet would take for a formula is kept as text by an apostrophe; plain numbers stay numbers. */
export function csvCell(value: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

interface Plain<Row> { readonly header: string; readonly value: (row: Row) => string }

/** `currency`: what the column of an amount's currency is headed, from the amount's own heading. */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[], currency: (header: string) => string = (header) => `${header} (currency)`): string {
  const kept = columns.flatMap((column): Plain<Row>[] => (column.csv ? [{ header: column.header, value: column.csv }, ...(column.csvCurrency ? [{ header: currency(column.header), value: column.csvCurrency }] : [])] : []));
  return [kept.map((c) => csvCell(c.header)), ...rows.map((row) => kept.map((c) => csvCell(c.value(row))))].map((line) => line.join(',')).join('\r\n');
}
