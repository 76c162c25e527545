import { hash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { DomainError, messageOf } from '#kernel/errors.ts';
import { toIso, type Clock } from '#kernel/time.ts';
import { backUp } from './backup.ts';
import { lockDatabase } from './process-lock.ts';

/** The same table as Prisma's own engine keeps, so that either can go on where the other stopped. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;
const BACKUPS_KEPT = 10;

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

export interface MigrateOptions {
  readonly file: string;
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  /** `backups` beside the file unless told. */
  readonly backupDir?: string;
}

/** `prisma/migrations` of the source tree; a bundled program passes its own copy's folder. */
export const MIGRATIONS_DIR = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** Migrations in order of name, which begins with their time. */
export function readMigrations(dir: string = MIGRATIONS_DIR): Migration[] {
  const names = fs.readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return names.sort().map((name) => ({ name, sql: fs.readFileSync(path.join(dir, name, 'migration.sql'), 'utf8') }));
}

/**
 * Brings a database up to this program, each migration in one transaction; a database that was there before is backed up before each, the last ten
 * backups are kept. Answers the names applied.
 * @throws DomainError DATABASE_NEWER, MIGRATION_EDITED, MIGRATION_FAILED, DATA_IN_USE
 */
export async function migrateDatabase(options: MigrateOptions): Promise<string[]> {
  const unlock = lockDatabase(options.file);
  try {
    const pending = findPending(options);
    const fresh = isEmpty(options.file);
    if (pending.length === 0) return [];
    const db = open(options.file);
    try {
      for (const migration of pending) {
        if (!fresh) await backUpBefore(options, migration);
        apply(db, options, migration);
      }
    } finally {
      db.close();
    }
    return pending.map((migration) => migration.name);
  } finally {
    unlock();
  }
}

function open(file: string): BetterSqlite3.Database {
  const db = new BetterSqlite3(file, { timeout: 10_000 });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  // Outside a transaction, where alone it takes effect: a table rebuild's DROP TABLE would cascade into its children.
  db.pragma('foreign_keys = OFF');
  return db;
}

const checksumOf = (migration: Migration) => hash('sha256', migration.sql);

function findPending({ file, migrations }: MigrateOptions): Migration[] {
  const db = open(file);
  try {
    db.exec(MIGRATIONS_TABLE);
    const applied = db.prepare<[], { name: string; checksum: string }>('SELECT migration_name AS name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL').all();
    const checksums = new Map(applied.map((row) => [row.name, row.checksum]));
    const known = new Map(migrations.map((migration) => [migration.name, migration]));
    const unknown = [...checksums.keys()].filter((name) => !known.has(name)).sort();
    if (unknown.length > 0) {
      throw new DomainError('DATABASE_NEWER', `This data was written by a newer version of Resale Desk (it knows ${unknown.at(-1)}). Update the program; the data was not touched.`, { file, unknown });
    }
    for (const [name, checksum] of checksums) {
      if (checksumOf(known.get(name)!) !== checksum) throw new DomainError('MIGRATION_EDITED', `Migration ${name} is not the one that this database was made with. The data was not touched.`, { file, migration: name });
    }
    return migrations.filter((migration) => !checksums.has(migration.name));
  } finally {
    db.close();
  }
}

async function backUpBefore({ file, clock, backupDir }: MigrateOptions, migration: Migration): Promise<void> {
  const dir = backupDir ?? path.join(path.dirname(file), 'backups');
  const stamp = toIso(clock.now()).replace(/[-:.]/g, '');
  await backUp(file, path.join(dir, `before-${migration.name}-${stamp}.sqlite`));
  const kept = fs.readdirSync(dir).filter((name) => name.startsWith('before-') && name.endsWith('.sqlite'));
  const byAge = kept.map((name) => ({ name, at: fs.statSync(path.join(dir, name)).mtimeMs })).sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1));
  for (const { name } of byAge.slice(BACKUPS_KEPT)) fs.rmSync(path.join(dir, name));
}

/** Nothing was ever migrated into it. */
function isEmpty(file: string): boolean {
  const db = new BetterSqlite3(file, { readonly: true });
  try {
    return db.prepare<[], { count: number }>(`SELECT count(*) AS count FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_prisma_migrations'`).get()!.count === 0;
  } finally {
    db.close();
  }
}

function apply(db: BetterSqlite3.Database, { file, clock }: MigrateOptions, migration: Migration): void {
  const startedAt = clock.now();
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec(migration.sql);
    const broken = db.pragma('foreign_key_check') as unknown[];
    if (broken.length > 0) throw new Error(`it leaves ${broken.length} rows whose parent is missing`);
    db.prepare('INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count) VALUES (?, ?, ?, ?, ?, 1)')
      .run(randomUUID(), checksumOf(migration), migration.name, startedAt, clock.now());
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw new DomainError('MIGRATION_FAILED', `Migration ${migration.name} failed and was undone: ${messageOf(error)}`, { file, migration: migration.name }, error);
  }
}
