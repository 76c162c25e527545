import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp, restoreBackup, verifyBackup } from './backup.ts';
import { insertJson } from './bulk.ts';
import { afterCommit, openDatabase, toNumber } from './database.ts';
import { createTestDatabase, type TestDatabase } from './template.ts';
import type { Tx } from './ports.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.close());

const put = (tx: Tx, key: string, value = '1') => tx.setting.create({ data: { key, value, updatedAt: 1n } });
const line = (number: number, minor: bigint) => ({ number, account: 'cash', minor, currency: 'USD' });
const entry = (lines: ReturnType<typeof line>[]) => ({ id: 'led_1', key: 'k', kind: 'x', memo: '', refKind: 'a', refId: 'b', at: 1n, lines: { create: lines } });
const keys = async () => (await db.prisma.setting.findMany({ orderBy: { key: 'asc' } })).map((row) => row.key);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('transaction', () => {
  it('commits when the callback resolves, and rolls back when it throws', async () => {
    await db.transaction((tx) => put(tx, 'kept'));
    await expect(db.transaction(async (tx) => {
      await put(tx, 'lost');
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await keys()).toEqual(['kept']);
  });

  it('lets one in at a time, in order of asking', async () => {
    const log: string[] = [];
    await Promise.all(['a', 'b', 'c'].map((name) => db.transaction(async (tx) => {
      log.push(`${name} in`);
      await put(tx, name);
      await pause(5);
      log.push(`${name} out`);
    })));
    expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('does not roll back a write that was made beside it', async () => {
    let beside: Promise<unknown> = Promise.resolve();
    const failing = db.transaction(async (tx) => {
      await put(tx, 'inside');
      await pause(20);
      throw new Error('no');
    });
    await pause(5);
    beside = put(db.prisma, 'beside');
    await expect(failing).rejects.toThrow('no');
    await beside;
    expect(await keys()).toEqual(['beside']);
  });

  it('counts a query through db.prisma inside the callback as part of it', async () => {
    await expect(db.transaction(async () => {
      await put(db.prisma, 'through prisma');
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await keys()).toEqual([]);
  });

  it('refuses one inside another instead of waiting for ever', async () => {
    await expect(db.transaction(() => db.transaction((tx) => put(tx, 'x')))).rejects.toThrow('inside another');
    await db.transaction((tx) => put(tx, 'after'));
    expect(await keys()).toEqual(['after']);
  });

  it('runs what waits for the commit after it, and not at all after a rollback', async () => {
    const ran: string[] = [];
    await db.transaction(async (tx) => {
      afterCommit(() => ran.push('committed'));
      await put(tx, 'a');
      expect(ran).toEqual([]);
    });
    await db.transaction(() => {
      afterCommit(() => ran.push('rolled back'));
      return Promise.reject(new Error('no'));
    }).catch(() => {});
    expect(ran).toEqual(['committed']);
  });

  it('refuses its client once it has ended, also while the next one is open', async () => {
    let kept: Tx | null = null;
    await db.transaction((tx) => {
      kept = tx;
      return put(tx, 'in time');
    });
    expect(() => put(kept!, 'late')).toThrow('the transaction has ended');
    await db.transaction(async (tx) => {
      expect(() => put(kept!, 'in the next one')).toThrow('the transaction has ended');
      await put(tx, 'next');
    });
    expect(await keys()).toEqual(['in time', 'next']);
  });

  it('keeps apart what is asked inside and outside in the same moment', async () => {
    await put(db.prisma, 'a');
    let outside: Promise<unknown> = Promise.resolve();
    const go = Promise.withResolvers<void>();
    const asked = go.promise.then(() => (outside = db.prisma.setting.findUnique({ where: { key: 'b' } })));
    await db.transaction(async (tx) => {
      await put(tx, 'b');
      go.resolve();
      await Promise.resolve();
      expect(await tx.setting.findUnique({ where: { key: 'b' } })).not.toBeNull();
      await tx.setting.delete({ where: { key: 'b' } });
    });
    await asked;
    expect(await outside).toBeNull();
  });

  it('undoes the part of a nested write that failed, and goes on', async () => {
    await db.transaction(async (tx) => {
      await expect(tx.ledgerEntry.create({ data: entry([line(1, 5n), line(1, -5n)]) })).rejects.toMatchObject({ code: 'P2002' });
      expect(await tx.ledgerEntry.count()).toBe(0);
      await tx.ledgerEntry.create({ data: entry([line(1, 5n), line(2, -5n)]) });
    });
    expect([await db.prisma.ledgerEntry.count(), await db.prisma.ledgerLine.count()]).toEqual([1, 2]);
  });

  it('takes nested writes that are asked for at once', async () => {
    const ids = ['led_1', 'led_2', 'led_3'];
    await db.transaction((tx) => Promise.all(ids.map((id) => tx.ledgerEntry.create({ data: { ...entry([line(1, 5n), line(2, -5n)]), id, key: id } }))));
    expect([await db.prisma.ledgerEntry.count(), await db.prisma.ledgerLine.count()]).toEqual([3, 6]);
  });

  it('goes on after a commit that failed', async () => {
    // A deferred foreign key is only checked by COMMIT itself.
    await expect(db.transaction(async (tx) => {
      await tx.$executeRawUnsafe('PRAGMA defer_foreign_keys = ON');
      await tx.$executeRawUnsafe(`INSERT INTO "WorkflowStep" (workflowId, name, state, idempotencyKey, startedAt) VALUES ('none', 'x', 'done', 'k', 1)`);
    })).rejects.toThrow();
    await db.transaction((tx) => put(tx, 'after'));
    expect(await keys()).toEqual(['after']);
    expect(await db.prisma.workflowStep.count()).toBe(0);
  });
});

describe('settings of the connection', () => {
  it('writes ahead, syncs each commit, checks foreign keys, and waits for a lock', async () => {
    const full = await createTestDatabase({ synchronous: 'FULL' });
    const pragma = async (name: string) => Object.values((await full.prisma.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${name}`))[0]!).map(String)[0];
    expect([await pragma('journal_mode'), await pragma('synchronous'), await pragma('foreign_keys'), await pragma('recursive_triggers'), await pragma('busy_timeout')]).toEqual(['wal', '2', '1', '1', '10000']);
    const within = await full.transaction(() => pragma('synchronous'), { durable: false });
    const failed = await full.transaction(() => Promise.reject(new Error('no')), { durable: false }).catch((error: unknown) => error);
    expect([within, failed instanceof Error, await pragma('synchronous'), await full.transaction(() => pragma('synchronous'))]).toEqual(['1', true, '2', '2']);
    await full.close();
  });
});

describe('read', () => {
  it('sees what was committed, with whole numbers as numbers', async () => {
    await db.transaction((tx) => tx.setting.create({ data: { key: 'a', value: 'x', updatedAt: 1_760_000_000_000n } }));
    expect(await db.read('SELECT key, updatedAt FROM "Setting" WHERE key = ?', ['a'])).toEqual([{ key: 'a', updatedAt: 1_760_000_000_000 }]);
  });

  it('answers while a transaction is open, with the state before it', async () => {
    await db.transaction(async (tx) => {
      await put(tx, 'open');
      expect(await db.read('SELECT count(*) AS count FROM "Setting"')).toEqual([{ count: 0 }]);
    });
    expect(await db.read('SELECT count(*) AS count FROM "Setting"')).toEqual([{ count: 1 }]);
  });

  it('does not hold up the event loop', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 2);
    await db.read('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) AS count FROM n');
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  it('says which statement failed and why, and goes on', async () => {
    await expect(db.read('SELECT * FROM nowhere')).rejects.toMatchObject({ name: 'ReadError', sql: 'SELECT * FROM nowhere', message: expect.stringContaining('no such table') as string });
    await expect(db.read(`DELETE FROM "Setting"`)).rejects.toThrow();
    expect(await db.read('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('refuses an integer that lost digits', async () => {
    await expect(db.read('SELECT 9007199254740993 AS big')).rejects.toThrow('beyond 2^53');
  });

  it('is refused after close', async () => {
    const other = await createTestDatabase();
    await other.read('SELECT 1');
    await other.close();
    await expect(other.read('SELECT 1')).rejects.toThrow('closed');
  });
});

describe('insertJson', () => {
  it('keeps text, integers, fractions and nulls as they are, across statements', async () => {
    const rows = Array.from({ length: 10_050 }, (_, i) => [`k${i}`, i % 2 ? `"quoted" {json} [${i}]` : '123', 1, 1_760_000_000_000 + i]);
    const count = await db.transaction((tx) => insertJson(tx, { table: 'Setting', columns: ['key', 'value', 'version', 'updatedAt'], rows }));
    expect(count).toBe(10_050);
    expect(await db.read('SELECT value, typeof(value) AS type, updatedAt FROM "Setting" WHERE key IN (?, ?) ORDER BY key', ['k10048', 'k10049'])).toEqual([
      { value: '123', type: 'text', updatedAt: 1_760_000_010_048 }, { value: '"quoted" {json} [10049]', type: 'text', updatedAt: 1_760_000_010_049 },
    ]);
  });

  it('refuses a row that is too short, and a table name that is none', async () => {
    await expect(db.transaction((tx) => insertJson(tx, { table: 'Setting', columns: ['key', 'value'], rows: [['a']] }))).rejects.toThrow('a row of 1 values for 2 columns');
    await expect(db.transaction((tx) => insertJson(tx, { table: 'x"; DROP', columns: ['key'], rows: [] }))).rejects.toThrow('not a table');
  });
});

describe('guards in the database', () => {
  it('keeps ledger entries and lines as they were booked', async () => {
    await db.transaction((tx) => tx.ledgerEntry.create({ data: { id: 'led_1', key: 'k', kind: 'x', memo: '', refKind: 'a', refId: 'b', at: 1n, lines: { create: [{ number: 1, account: 'cash', minor: 5n, currency: 'USD' }, { number: 2, account: 'stock', minor: -5n, currency: 'USD' }] } } }));
    const raw = (sql: string) => db.prisma.$executeRawUnsafe(sql);
    await expect(raw(`UPDATE "LedgerLine" SET minor = 6`)).rejects.toThrow();
    await expect(raw(`DELETE FROM "LedgerLine"`)).rejects.toThrow();
    await expect(raw(`UPDATE "LedgerEntry" SET memo = 'x'`)).rejects.toThrow();
    await expect(raw(`DELETE FROM "LedgerEntry"`)).rejects.toThrow();
    await expect(raw(`INSERT OR REPLACE INTO "LedgerLine" VALUES ('led_1', 1, 'cash', 6, 'USD')`)).rejects.toThrow();
    expect(await db.read('SELECT sum(minor) AS sum, count(*) AS count FROM "LedgerLine"')).toEqual([{ sum: 0, count: 2 }]);
  });

  it('keeps stock on hand from falling below zero', async () => {
    const lot = { id: 'lot_1', sku: 's', productId: 'p', purchaseId: 'u', title: 't', condition: 'new', location: '', state: 'on-hand', unitCostMinor: 1n, totalCostMinor: 1n, currency: 'USD', quantity: 1, onHand: 1, estimate: '{}', createdAt: 1n };
    await db.prisma.stockLot.create({ data: lot });
    await expect(db.prisma.stockLot.update({ where: { id: 'lot_1' }, data: { onHand: { decrement: 2 } } })).rejects.toThrow();
    await expect(db.prisma.stockLot.create({ data: { ...lot, id: 'lot_2', purchaseId: 'v', onHand: -1 } })).rejects.toThrow();
    expect((await db.prisma.stockLot.findUniqueOrThrow({ where: { id: 'lot_1' } })).onHand).toBe(1);
  });
});

describe('one process', () => {
  it('refuses a database that is open already, and names the holder', async () => {
    await expect(openDatabase(db.file)).rejects.toMatchObject({ code: 'DATA_IN_USE', data: { pid: process.pid } });
    expect(await keys()).toEqual([]);
  });

  it('lets the next one in after the holder was killed', () => {
    const file = path.join(db.dir, 'other.sqlite');
    const holder = `import { lockDatabase } from ${JSON.stringify(path.join(import.meta.dirname, 'process-lock.ts'))}; lockDatabase(process.argv[1]); process.kill(process.pid, 'SIGKILL');`;
    const killed = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', holder, file], { encoding: 'utf8' });
    expect(killed.signal).toBe('SIGKILL');
    expect(fs.existsSync(`${file}.owner`)).toBe(true);
    const taken = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', holder.replace(`process.kill(process.pid, 'SIGKILL')`, `console.log('in')`), file], { encoding: 'utf8' });
    expect(taken.stdout.trim()).toBe('in');
  });
});

describe('backup', () => {
  it('copies a database in use whole, and restores it', async () => {
    await db.transaction((tx) => put(tx, 'before'));
    const copy = path.join(db.dir, 'copy.sqlite');
    await backUp(db.file, copy);
    const restored = path.join(db.dir, 'restored.sqlite');
    restoreBackup(copy, restored);
    const opened = await openDatabase(restored);
    expect((await opened.prisma.setting.findMany()).map((row) => row.key)).toEqual(['before']);
    await opened.close();
  });

  it('keeps what a restore replaces, also what was only in the log', async () => {
    const copy = path.join(db.dir, 'copy.sqlite');
    await backUp(db.file, copy);
    const target = path.join(db.dir, 'target.sqlite');
    restoreBackup(copy, target);
    const opened = await openDatabase(target);
    await opened.transaction((tx) => put(tx, 'newer'));
    await opened.close();
    restoreBackup(copy, target);
    const kept = new BetterSqlite3(`${target}.before-restore`);
    expect(kept.prepare('SELECT key FROM "Setting"').pluck().all()).toEqual(['newer']);
    kept.close();
  });

  it('refuses a damaged copy, and a database in use', async () => {
    const damaged = path.join(db.dir, 'damaged.sqlite');
    await backUp(db.file, damaged);
    const bytes = fs.readFileSync(damaged);
    bytes.fill(0x5a, 8_192, 40_960);
    fs.writeFileSync(damaged, bytes);
    expect(() => verifyBackup(damaged)).toThrow(/is damaged/);
    expect(() => restoreBackup(damaged, path.join(db.dir, 'x.sqlite'))).toThrow(/is damaged/);
    expect(() => restoreBackup(damaged, db.file)).toThrow(/in use/);
  });
});

describe('toNumber', () => {
  it('converts what a number holds exactly, and refuses the rest', () => {
    expect(toNumber(9_007_199_254_740_991n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => toNumber(9_007_199_254_740_992n)).toThrow(RangeError);
  });
});
