/** Databases for tests: migrated once for each set of migrations on a machine, then copied. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { systemClock } from '#kernel/time.ts';
import { openDatabase, type OpenDatabaseOptions } from './database.ts';
import { migrateDatabase, readMigrations } from './migrations.ts';
import type { Database } from './ports.ts';

export interface TestDatabase extends Database {
  /** A folder of its own, removed with `close`. */
  readonly dir: string;
}

let template: Promise<string> | null = null;

/** The migrated template's path. Made under another name and renamed, so that test processes beside each other never see half of one. */
export function templateFile(): Promise<string> {
  template ??= makeTemplate();
  return template;
}

async function makeTemplate(): Promise<string> {
  const migrations = readMigrations();
  const version = createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 16);
  const file = path.join(os.tmpdir(), `resale-desk-template-${version}-${os.userInfo().uid}.sqlite`);
  if (fs.existsSync(file)) return file;
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-template-'));
  const fresh = path.join(dir, 'fresh.sqlite');
  await migrateDatabase({ file: fresh, migrations, clock: systemClock });
  const db = new BetterSqlite3(fresh);
  db.pragma('journal_mode = DELETE');
  db.close();
  fs.renameSync(fresh, file);
  fs.rmSync(dir, { recursive: true, force: true });
  return file;
}

/** A migrated database in a folder of its own. Its commits do not wait for the disk unless `options` ask for it. */
export async function createTestDatabase(options: OpenDatabaseOptions = {}): Promise<TestDatabase> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-test-'));
  const file = path.join(dir, 'desk.sqlite');
  fs.copyFileSync(await templateFile(), file);
  const db = await openDatabase(file, { synchronous: 'OFF', ...options });
  return {
    ...db,
    dir,
    async close() {
      await db.close();
      fs.rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
