import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { readMigrations } from './migrations.ts';

/**
 * A database of a person who had the program from its first version and updated every time, with a row written into every table of every version. It is every older
 * database with data in one: what a migration does to the rows of the versions before it is the same. In memory, each migration in one transaction with foreign
 * keys off, as migrations.ts applies them.
 */
interface Column { readonly name: string; readonly type: string; readonly notnull: number; readonly pk: number; readonly hidden: number }
type Row = Readonly<Record<string, unknown>>;

const tablesOf = (db: BetterSqlite3.Database) =>
  db.prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_prisma_migrations' AND name NOT LIKE 'opportunity_search%' ORDER BY name`).all().map(({ name }) => name);
const columnsOf = (db: BetterSqlite3.Database, table: string) => (db.pragma(`table_xinfo("${table}")`) as Column[]).filter(({ hidden }) => hidden === 0);

/** Keys and what points at them are the same text in every table, so that every row has its parents; the text is JSON, as many columns want. */
function rowOf(columns: readonly Column[], version: number): Row {
  return Object.fromEntries(columns.map(({ name, type }) => [name, /INT|REAL|NUM|DEC/i.test(type) ? version : type.toUpperCase() === 'BLOB' ? Buffer.from([version]) : /BOOL/i.test(type) ? 1 : JSON.stringify(`v${version}`)]));
}

function fill(db: BetterSqlite3.Database, version: number): Map<string, Row> {
  const written = new Map<string, Row>();
  for (const table of tablesOf(db)) {
    const row = rowOf(columnsOf(db, table), version);
    const names = Object.keys(row);
    db.prepare(`INSERT INTO "${table}" (${names.map((name) => `"${name}"`).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(...Object.values(row));
    written.set(table, row);
  }
  return written;
}

/** What became of one row: nothing where it stands as it was written. */
function findLoss(db: BetterSqlite3.Database, table: string, row: Row): string[] {
  const columns = columnsOf(db, table);
  if (columns.length === 0) return [`${table} is gone`];
  const keys = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
  const now = db.prepare<unknown[], Row>(`SELECT * FROM "${table}" WHERE ${keys.map((name) => `"${name}" = ?`).join(' AND ')}`).get(...keys.map((name) => row[name]));
  if (!now) return [`a row of ${table} is gone`];
  return columns.filter(({ name }) => name in row && JSON.stringify(now[name]) !== JSON.stringify(row[name])).map(({ name }) => `${table}.${name} was ${String(row[name])}, is ${String(now[name])}`);
}

it('brings the rows of every older version to now, none lost and none changed', () => {
  const db = new BetterSqlite3(':memory:');
  db.pragma('foreign_keys = OFF');
  const written: Map<string, Row>[] = [];
  for (const [at, { name, sql }] of readMigrations().entries()) {
    db.transaction(() => db.exec(sql))();
    expect(db.pragma('foreign_key_check'), name).toEqual([]);
    written.push(fill(db, at + 1));
  }
  expect(db.pragma('foreign_key_check')).toEqual([]);
  expect(db.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(written[0]!.size).toBeGreaterThan(15);
  expect(written.flatMap((rows, at) => [...rows].flatMap(([table, row]) => findLoss(db, table, row).map((loss) => `version ${at + 1}: ${loss}`)))).toEqual([]);
  db.close();
});
