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

/** What a finished file's tables are read through, and what is worked out of them: any statement, with its values. */
export type RunSql = (sql: string, ...values: readonly BulkValue[]) => void;

/**
 * Tables in a file of their own, filled once: for results that can be made again, and that must not hold up the desk's own writes. It writes on the thread that calls it, so that
 * thread is not the desk's: a thread between the two would cost more to hand rows to than it saves.
 */
export interface BulkFile {
  /** Fills one of the tables. @throws Error for a name that is none of them */
  table(name: string): BulkAppender;
  /** Builds the indexes, lets `also` add to the file, and moves it to its place: until then there is no file under its name. */
  finish(also?: (run: RunSql) => void): void;
  /** Leaves nothing behind. */
  discard(): void;
}

export interface BulkAppender {
  /**
   * Whole rows out of `values`, from place `from` up to `to`: values in the order of the columns, one row after the other.
   * @throws RangeError when they are not whole rows; SQLite's error when the file cannot be written
   */
  append(values: readonly BulkValue[], from?: number, to?: number): void;
}

const NAME = /^[A-Za-z_]\w*$/;
const COLUMN = /^[A-Za-z_]\w* (?:TEXT|INTEGER|REAL)(?: NOT NULL)?$/;
/** Rows in one statement: a third faster than one by one; with 64 it is slower again. */
const AT_ONCE = 16;
// A pass that is killed begins anew: a journal would only cost time. 16 MB of pages in memory.
const PRAGMAS = ['journal_mode = OFF', 'synchronous = OFF', 'locking_mode = EXCLUSIVE', 'temp_store = MEMORY', 'cache_size = -16384'];

function checkNames(table: BulkTable): void {
  for (const name of [table.name, ...table.indexes.flatMap((index) => [index.name, ...index.columns])]) if (!NAME.test(name)) throw new Error(`not a table or column name: ${name}`);
  for (const column of table.columns) if (!COLUMN.test(column)) throw new Error(`not a column: ${column}`);
}

/** Statements that insert 16 rows, and one. Values are bound as arguments: out of an array each would be one more call of the engine. */
function prepareInserts(db: BetterSqlite3.Database, table: BulkTable) {
  const row = `(${table.columns.map(() => '?').join(', ')})`;
  const insert = (rows: number) => db.prepare<BulkValue[]>(`INSERT INTO "${table.name}" VALUES ${Array.from({ length: rows }, () => row).join(', ')}`);
  return { many: insert(AT_ONCE), one: insert(1) };
}

function appenderOf(db: BetterSqlite3.Database, table: BulkTable): BulkAppender {
  const inserts = prepareInserts(db, table);
  const width = table.columns.length;
  return {
    append(values, from = 0, to = values.length) {
      if ((to - from) % width !== 0) throw new RangeError(`${to - from} values are no whole rows of ${width}`);
      let at = from;
      for (const step = AT_ONCE * width; at + step <= to; at += step) inserts.many.run(...values.slice(at, at + step));
      for (; at < to; at += width) inserts.one.run(...values.slice(at, at + width));
    },
  };
}

/**
 * Begins a file; what stands under its name is replaced by `finish`.
 * @throws when a name is not a plain one, or no file can be made there
 */
export function createBulkFile(file: string, tables: readonly BulkTable[]): BulkFile {
  for (const table of tables) checkNames(table);
  const partial = `${file}.partial`;
  fs.rmSync(partial, { force: true });
  const db = new BetterSqlite3(partial);
  for (const pragma of PRAGMAS) db.pragma(pragma);
  for (const table of tables) db.exec(`CREATE TABLE "${table.name}" (${table.columns.join(', ')})`);
  const appenders = new Map(tables.map((table) => [table.name, appenderOf(db, table)]));
  db.exec('BEGIN');
  return {
    table(name) {
      const appender = appenders.get(name);
      if (!appender) throw new Error(`there is no table ${name} in this file`);
      return appender;
    },
    finish(also) {
      db.exec('COMMIT');
      for (const table of tables) for (const index of table.indexes) db.exec(`CREATE INDEX "${index.name}" ON "${table.name}" (${index.columns.map((column) => `"${column}"`).join(', ')})`);
      also?.((sql, ...values) => void (values.length === 0 ? db.exec(sql) : db.prepare(sql).run(...values)));
      db.close();
      fs.renameSync(partial, file);
    },
    discard() {
      db.close();
      fs.rmSync(partial, { force: true });
    },
  };
}
