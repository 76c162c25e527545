import fs from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { BulkValue } from './bulk.ts';

export interface BulkTable {
  readonly name: string;
  /** Each with its SQLite type: `line INTEGER`. */
  readonly columns: readonly string[];
  /** Built once all rows are in: several times as fast as kept up row by row. */
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

/** One table in a file of its own, filled once: for results that can be made again, and that must not hold up the desk's own writes. */
export interface BulkFile {
  /** One transaction. Rows in the order of the columns. */
  append(rows: readonly (readonly BulkValue[])[]): void;
  /** Builds the indexes, moves the file to its place, and closes it: until then there is no file under its name. */
  finish(): void;
  /** Leaves nothing behind. */
  discard(): void;
}

const NAME = /^[A-Za-z_]\w*$/;
const COLUMN = /^[A-Za-z_]\w* (?:TEXT|INTEGER|REAL)(?: NOT NULL)?$/;
/** Pages in memory while it is written: 16 MB. */
const CACHE = 'cache_size = -16384';

/** Begins a file; what stood under its name before is replaced by `finish`. @throws when a name is not a plain one */
export function createBulkFile(file: string, table: BulkTable): BulkFile {
  for (const name of [table.name, ...table.indexes.flatMap((index) => [index.name, ...index.columns])]) if (!NAME.test(name)) throw new Error(`not a table or column name: ${name}`);
  for (const column of table.columns) if (!COLUMN.test(column)) throw new Error(`not a column: ${column}`);
  const partial = `${file}.partial`;
  fs.rmSync(partial, { force: true });
  const db = new BetterSqlite3(partial);
  // A killed pass begins anew: a journal would only cost time.
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'locking_mode = EXCLUSIVE', 'temp_store = MEMORY', CACHE]) db.pragma(pragma);
  db.exec(`CREATE TABLE "${table.name}" (${table.columns.join(', ')})`);
  const insert = db.prepare(`INSERT INTO "${table.name}" VALUES (${table.columns.map(() => '?').join(', ')})`);
  const append = db.transaction((rows: readonly (readonly BulkValue[])[]) => {
    for (const row of rows) insert.run(row);
  });
  return {
    append,
    finish() {
      for (const index of table.indexes) db.exec(`CREATE INDEX "${index.name}" ON "${table.name}" (${index.columns.map((column) => `"${column}"`).join(', ')})`);
      db.close();
      fs.renameSync(partial, file);
    },
    discard() {
      db.close();
      fs.rmSync(partial, { force: true });
    },
  };
}
