import type { Column } from './data-table.tsx';

/** A cell that a spreadsheet would take for a formula is kept as text by an apostrophe; plain numbers stay numbers. */
export function csvCell(value: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const kept = columns.filter((column) => column.csv);
  return [kept.map((c) => csvCell(c.header)), ...rows.map((row) => kept.map((c) => csvCell(c.csv!(row))))].map((line) => line.join(',')).join('\r\n');
}
