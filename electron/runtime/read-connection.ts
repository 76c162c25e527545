import BetterSqlite3 from 'better-sqlite3';

/** A read-only connection as the reader thread has it. */
export function openReadConnection(file: string): BetterSqlite3.Database {
  const db = new BetterSqlite3(file, { readonly: true, fileMustExist: true, timeout: 10_000 });
  db.pragma('cache_size = -65536');
  db.pragma('mmap_size = 2147418112'); // the most that SQLite maps: a page that is read costs no call
  db.pragma('temp_store = MEMORY');
  return db;
}
