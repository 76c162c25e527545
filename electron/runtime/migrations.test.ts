import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#kernel/time.ts';
import { verifyBackup } from './backup.ts';
import { openDatabase } from './database.ts';
import { migrateDatabase, readMigrations, type Migration } from './migrations.ts';
import { lockDatabase } from './process-lock.ts';

let dir: string;
let file: string;
const clock = new ManualClock(Date.UTC(2026, 10, 21));
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-migrations-'));
  file = path.join(dir, 'desk.sqlite');
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

const migrate = (migrations: readonly Migration[]) => migrateDatabase({ file, migrations, clock });
const first: Migration = { name: '20260101000000_first', sql: 'CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER PRIMARY KEY, parentId INTEGER REFERENCES parent(id) ON DELETE CASCADE); INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1);' };
const second: Migration = { name: '20260102000000_second', sql: 'ALTER TABLE parent ADD COLUMN name TEXT;' };
const backups = () => (fs.existsSync(path.join(dir, 'backups')) ? fs.readdirSync(path.join(dir, 'backups')).sort() : []);

function query(sql: string, of = file): unknown[] {
  const db = new BetterSqlite3(of, { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

describe('migrateDatabase', () => {
  it('makes a new database that the client can use, and is done the second time', async () => {
    const names = readMigrations().map((migration) => migration.name);
    expect(await migrate(readMigrations())).toEqual(names);
    expect(await migrate(readMigrations())).toEqual([]);
    const db = await openDatabase(file);
    expect(await db.prisma.opportunity.count()).toBe(0);
    await db.close();
    expect(backups()).toEqual([]);
  });

  it('backs up before every migration of a database that holds something', async () => {
    await migrate([first]);
    await migrate([first, second, { name: '20260103000000_third', sql: 'ALTER TABLE parent ADD COLUMN note TEXT;' }]);
    expect(backups()).toEqual(['before-20260102000000_second-20261121T000000000Z.sqlite', 'before-20260103000000_third-20261121T000000000Z.sqlite']);
    const oldest = path.join(dir, 'backups', backups()[0]!);
    verifyBackup(oldest);
    expect(query('SELECT * FROM parent', oldest)).toEqual([{ id: 1 }]);
  });

  it('keeps the last ten backups', async () => {
    const many = [first, ...Array.from({ length: 12 }, (_, i) => ({ name: `2026020100000${String(i).padStart(2, '0')}_m`, sql: `CREATE TABLE t${i} (x)` }))];
    await migrate([first]);
    await migrate(many);
    expect(backups()).toHaveLength(10);
    expect(backups().some((name) => name.includes('0000000_m'))).toBe(false);
    expect(backups().some((name) => name.includes('0000011_m'))).toBe(true);
  });

  it('refuses a database newer than the program, and does not touch it', async () => {
    await migrate([first, second]);
    const before = fs.readFileSync(file);
    await expect(migrate([first])).rejects.toMatchObject({ code: 'DATABASE_NEWER', data: { unknown: [second.name] }, message: expect.stringContaining('newer version of Resale Desk') as string });
    expect(fs.readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    await migrate([first]);
    await expect(migrate([{ ...first, sql: `${first.sql} ` }, second])).rejects.toMatchObject({ code: 'MIGRATION_EDITED', data: { migration: first.name } });
    expect(query('PRAGMA table_info(parent)')).toHaveLength(1);
  });

  it('undoes a migration that fails half-way, and names it', async () => {
    await migrate([first]);
    const broken = { name: '20260102000000_broken', sql: 'ALTER TABLE parent ADD COLUMN name TEXT; SELECT * FROM nowhere;' };
    await expect(migrate([first, broken])).rejects.toMatchObject({ code: 'MIGRATION_FAILED', data: { migration: broken.name } });
    expect(query('PRAGMA table_info(parent)')).toHaveLength(1);
    expect(await migrate([first, second])).toEqual([second.name]);
  });

  it('refuses one that leaves rows without their parent, and rebuilds a table without losing its children', async () => {
    await migrate([first]);
    await expect(migrate([first, { name: '20260102000000_orphans', sql: 'DELETE FROM parent;' }])).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    await migrate([first, { name: '20260102000000_rebuild', sql: 'CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO fresh SELECT id, NULL FROM parent; DROP TABLE parent; ALTER TABLE fresh RENAME TO parent;' }]);
    expect(query('SELECT * FROM child')).toEqual([{ id: 1, parentId: 1 }]);
  });

  it('refuses while another process has the database open', async () => {
    const unlock = lockDatabase(file);
    await expect(migrate([first])).rejects.toMatchObject({ code: 'DATA_IN_USE' });
    unlock();
    expect(await migrate([first])).toEqual([first.name]);
  });
});

describe('after every migration', () => {
  it('search follows title and brand of each opportunity', async () => {
    await migrate(readMigrations());
    const db = new BetterSqlite3(file);
    db.pragma('foreign_keys = OFF');
    const insert = db.prepare(`INSERT INTO "Opportunity" (id, offerId, productId, sourceId, state, decision, title, brand, currency, unitCostMinor, salePriceMinor, feesMinor, profitMinor, profitLowMinor, profitHighMinor, roiBp, lossChanceBp,
        daysToSell, cashDayMinor, demandPerMonth, confidenceBp, quantity, channel, inputsHash, cardVersion, seenAt, evaluatedAt)
      VALUES (?, ?, 'p', 's', 'open', 'skip', ?, ?, 'USD', 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 'ebay', 'h', 'c', 1, 1)`);
    const find = (text: string) => db.prepare('SELECT o.id FROM opportunity_search s JOIN "Opportunity" o ON o.rowid = s.rowid WHERE opportunity_search MATCH ? ORDER BY o.id').pluck().all(`"${text}"`);
    insert.run('a', 'a', 'Steel Kettle', 'Northgate');
    insert.run('b', 'b', 'Copper kettle', null);
    expect([find('kettle'), find('NORTH'), find('steel')]).toEqual([['a', 'b'], ['a'], ['a']]);
    db.exec(`UPDATE "Opportunity" SET title = 'Teapot' WHERE id = 'a'; UPDATE "Opportunity" SET version = 2 WHERE id = 'b'`);
    expect([find('kettle'), find('teapot')]).toEqual([['b'], ['a']]);
    db.exec(`DELETE FROM "Opportunity" WHERE id = 'b'`);
    expect(find('kettle')).toEqual([]);
    db.exec(`INSERT INTO opportunity_search(opportunity_search, rank) VALUES ('integrity-check', 1)`);
    db.close();
  });
});
