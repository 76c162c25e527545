import type { Tx } from './ports.ts';

/** What JSON carries into SQLite without loss. */
export type BulkValue = string | number | null;

export interface BulkInsert {
  readonly table: string;
  readonly columns: readonly string[];
  /** One array a row, in the order of `columns`. Whole numbers within 2^53 stay integers; true and false are 1 and 0 by the caller. */
  readonly rows: readonly (readonly BulkValue[])[];
  /** What follows the SELECT, such as `ON CONFLICT ("id") DO NOTHING`. */
  readonly onConflict?: string;
}

const NAME = /^[A-Za-z_]\w*$/;
/** Rows in one statement: beyond this the JSON text grows without getting faster. */
const ROWS_AT_ONCE = 10_000;

/**
 * Inserts rows by one statement for each 10,000: INSERT … SELECT … FROM jsonb_each(?), thirty times as fast as createMany. (json_each hands out each row
 * as text, which is parsed again for every column: half as fast.)
 * Answers how many rows changed.
 */
export async function insertJson(tx: Tx, insert: BulkInsert): Promise<number> {
  for (const name of [insert.table, ...insert.columns]) if (!NAME.test(name)) throw new Error(`not a table or column name: ${name}`);
  const sql = `INSERT INTO "${insert.table}" (${insert.columns.map((c) => `"${c}"`).join(', ')}) SELECT ${insert.columns.map((_, i) => `value->>${i}`).join(', ')} FROM jsonb_each(?) WHERE true ${insert.onConflict ?? ''}`;
  let changed = 0;
  for (let start = 0; start < insert.rows.length; start += ROWS_AT_ONCE) {
    const rows = insert.rows.slice(start, start + ROWS_AT_ONCE);
    for (const row of rows) if (row.length !== insert.columns.length) throw new Error(`a row of ${row.length} values for ${insert.columns.length} columns of ${insert.table}`);
    changed += await tx.$executeRawUnsafe(sql, JSON.stringify(rows));
  }
  return changed;
}
