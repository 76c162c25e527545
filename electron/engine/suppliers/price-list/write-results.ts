import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { streamWorkbook } from './stream-workbook.ts';

/** One figure of a result row: numbers stay numbers in a workbook; null is an empty cell. */
export type ResultCell = string | number | null;

export interface ResultColumn<Row> {
  readonly header: string;
  readonly value: (row: Row) => ResultCell;
  /** In characters, for a workbook. */
  readonly width?: number;
}

const PLAIN_NUMBER = /^[+-]?\d[\d\s.,]*%?$/;

/**
 * Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection): cells come from suppliers and listings, and are not trusted.
 * A plain number keeps its sign.
 */
export function neutraliseFormula(text: string): string {
  return /^[\s]*[=+\-@\t\r|]/.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
}

function csvCell(cell: ResultCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = neutraliseFormula(cell);
  return /[",\r\n;\t]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Writes UTF-8 CSV with a byte order mark (Excel reads it as UTF-8), row by row: memory does not grow with the list. */
export async function writeResultsCsv<Row>(file: string, columns: readonly ResultColumn<Row>[], rows: AsyncIterable<Row> | Iterable<Row>): Promise<number> {
  const out = createWriteStream(file, { encoding: 'utf8' });
  let count = 0;
  try {
    out.write(`\uFEFF${columns.map((column) => csvCell(column.header)).join(',')}\r\n`);
    for await (const row of rows) {
      count++;
      if (!out.write(`${columns.map((column) => csvCell(column.value(row))).join(',')}\r\n`)) await once(out, 'drain');
    }
    out.end();
    await finished(out);
  } catch (error) {
    out.destroy();
    throw error;
  }
  return count;
}

/** Writes a workbook, row by row. Text is stored as text, so that no cell is a formula. @throws RangeError when the rows do not fit a sheet */
export function writeResultsXlsx<Row>(file: string, columns: readonly ResultColumn<Row>[], rows: AsyncIterable<Row> | Iterable<Row>): Promise<number> {
  async function* cells(): AsyncGenerator<ResultCell[]> {
    for await (const row of rows) yield columns.map((column) => column.value(row));
  }
  return streamWorkbook(file, { headers: columns.map((column) => column.header), widths: columns.map((column) => column.width ?? 14) }, cells());
}
