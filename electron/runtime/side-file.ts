import BetterSqlite3 from 'better-sqlite3';
import type { BulkValue } from './bulk.ts';

/** A small SQLite file beside the database, written a few rows at a time. */
export interface SideFile {
  /** The same statement for each of `rows`, all or none. */
  write(sql: string, rows: readonly (readonly BulkValue[])[]): void;
  close(): void;
}

/** @throws SQLite's error when there is no such file */
export function openSideFile(file: string): SideFile {
  const db = new BetterSqlite3(file, { fileMustExist: true });
  // Readers on other threads go on while it writes.
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('busy_timeout = 5000');
  return {
    write(sql, rows) {
      const statement = db.prepare(sql);
      db.transaction(() => {
        for (const row of rows) statement.run(...row);
      })();
    },
    close: () => void db.close(),
  };
}
