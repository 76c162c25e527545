import { call } from '@orpc/server';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIdSource } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { createRuntime } from '#runtime/runtime.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { BookingError, CASH, createLedgerProcedures, createTaxProcedures, INVENTORY, owedTaxes, payTax, post, readBalances, sealEarlierBooks, setOpeningCash, takeBackTax, verifyLedger, verifySeals, type NewEntry } from './index.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });
const purchase = (key: string, minor: number): NewEntry => ({ key, kind: 'purchase', memo: 'Mouse', ref: { kind: 'purchase', id: 'pur_1' }, at: 1_000, lines: [{ account: INVENTORY, amount: usd(minor) }, { account: CASH, amount: usd(-minor) }] });
const noReport = { profit: () => Promise.reject(new Error('not asked for here')) };

let db: TestDatabase;
let ctx: EngineContext;
let os: ReturnType<typeof createLedgerProcedures>;
const book = (entry: NewEntry) => db.transaction((tx) => post({ ctx }, tx, entry));

beforeEach(async () => {
  db = await createTestDatabase();
  const clock = new ManualClock(Date.UTC(2026, 10, 21));
  const random = seededRandom(1);
  ctx = createRuntime({ db, clock, random, ids: createIdSource(clock, random), log: silentLogger, killSwitch: { isOn: () => Promise.resolve(false), isOnNow: () => false } }).context;
  os = createLedgerProcedures({ ctx, reports: noReport });
});
afterEach(() => db.close());

describe('post', () => {
  it('books once for each key, and answers a repeat with the first entry', async () => {
    const first = await book(purchase('a', 500));
    expect(await book({ ...purchase('a', 500), at: 2_000, memo: 'again' })).toBe(first);
    expect(await readBalances(db.prisma)).toEqual([{ account: CASH, amount: usd(-500) }, { account: INVENTORY, amount: usd(500) }]);
  });

  it('refuses a key that stands for another booking, and leaves nothing of the transaction', async () => {
    await book(purchase('a', 500));
    await expect(db.transaction(async (tx) => {
      await post({ ctx }, tx, purchase('b', 100));
      await post({ ctx }, tx, purchase('a', 501));
    })).rejects.toThrow(BookingError);
    expect(await db.prisma.ledgerEntry.count()).toBe(1);
  });

  it('refuses what does not balance', async () => {
    await expect(book({ ...purchase('a', 500), lines: [{ account: CASH, amount: usd(1) }] })).rejects.toThrow('does not balance: 1 USD left over');
  });

  it('writes no entry for lines that come to nothing', async () => {
    expect(await book(purchase('a', 0))).toBeNull();
    expect(await db.prisma.ledgerEntry.count()).toBe(0);
  });
});

describe('setOpeningCash', () => {
  it('books the difference to what was said before', async () => {
    for (const minor of [100_000, 100_000, 80_000]) await db.transaction((tx) => setOpeningCash({ ctx }, tx, usd(minor)));
    expect((await readBalances(db.prisma)).find((line) => line.account === CASH)?.amount).toEqual(usd(80_000));
    expect(await db.prisma.ledgerEntry.count()).toBe(2);
  });
});

describe('verifyLedger', () => {
  it('finds nothing in books that are sound', async () => {
    await book(purchase('a', 500));
    expect(await verifyLedger({ ctx }, [{ name: 'stock', account: INVENTORY, expected: usd(500) }])).toEqual({ balanced: true, findings: [] });
  });

  it('names an entry that another hand changed, and an account that holds something else', async () => {
    const entryId = await book(purchase('a', 500));
    await db.prisma.$executeRawUnsafe(`INSERT INTO LedgerLine (entryId, number, account, minor, currency) VALUES (?, 9, '${INVENTORY}', 3, 'USD')`, entryId);
    const { findings } = await verifyLedger({ ctx }, [{ name: 'stock', account: INVENTORY, expected: usd(500) }]);
    expect(findings).toEqual([
      { code: 'entry-unbalanced', data: { entryId, left: usd(3) } }, { code: 'currency-unbalanced', data: { left: usd(3) } },
      { code: 'account-differs', data: { name: 'stock', account: INVENTORY, booked: usd(503), expected: usd(500) } },
    ]);
    expect((await call(os.balances, undefined)).balanced).toBe(false);
  });
});

describe('the stored books', () => {
  it('are append-only: the database itself refuses to change or delete a line', async () => {
    await book(purchase('a', 500));
    const before = await db.prisma.ledgerLine.findMany();
    // the driver reports a trigger's refusal as a broken foreign key: that it refuses, and that nothing changed, is what counts
    await expect(db.prisma.ledgerLine.updateMany({ data: { minor: 1 } })).rejects.toMatchObject({ code: 'P2003' });
    await expect(db.prisma.ledgerLine.deleteMany()).rejects.toMatchObject({ code: 'P2003' });
    expect(before).not.toHaveLength(0);
    expect(await db.prisma.ledgerLine.findMany()).toEqual(before);
  });
});

/** A copy of the entry `a` under another id. */
const addEntry = (id: string) => `INSERT INTO LedgerEntry SELECT '${id}', '${id}', kind, memo, refKind, refId, at FROM LedgerEntry WHERE key = 'a'; INSERT INTO LedgerLine SELECT '${id}', number, account, minor, currency FROM LedgerLine WHERE entryId = (SELECT id FROM LedgerEntry WHERE key = 'a')`;

/** Another hand at the file, which has put the triggers out of the way. */
function tamper(sql: string): void {
  const file = new BetterSqlite3(db.file);
  for (const { name } of file.prepare(`SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('LedgerEntry', 'LedgerLine')`).all() as { name: string }[]) file.exec(`DROP TRIGGER "${name}"`);
  file.pragma('foreign_keys = OFF');
  file.exec(sql);
  file.close();
}

describe('the books in the audit log’s chain', () => {
  it('are each as it was booked, and a change shows also where everything still adds up', async () => {
    const [first, second] = [(await book(purchase('a', 500)))!, (await book(purchase('b', 700)))!];
    expect(await verifySeals({ ctx })).toEqual({ entries: 2, broken: null });
    tamper(`UPDATE LedgerLine SET minor = minor * 2 WHERE entryId = '${first}'`);
    expect(await verifySeals({ ctx })).toEqual({ entries: 2, broken: { entryId: first, problem: 'changed' } });
    expect(await verifyLedger({ ctx })).toEqual({ balanced: true, findings: [] });
    tamper(`UPDATE LedgerLine SET minor = minor / 2 WHERE entryId = '${first}'; UPDATE LedgerEntry SET memo = 'Mice' WHERE id = '${second}'`);
    expect((await verifySeals({ ctx })).broken).toEqual({ entryId: second, problem: 'changed' });
    tamper(`DELETE FROM LedgerLine WHERE entryId = '${second}'; DELETE FROM LedgerEntry WHERE id = '${second}'`);
    expect(await verifySeals({ ctx })).toEqual({ entries: 1, broken: { entryId: second, problem: 'missing' } });
  });

  it('show one that came past the program, and hold what is older than the chain as it stood', async () => {
    await book(purchase('a', 500));
    tamper(addEntry('led_0'));
    expect(await verifySeals({ ctx })).toEqual({ entries: 2, broken: { entryId: 'led_0', problem: 'unsealed' } });
    // sealed once, before the first booking alone
    await sealEarlierBooks({ ctx });
    expect((await verifySeals({ ctx })).broken).toMatchObject({ problem: 'unsealed' });
    const file = new BetterSqlite3(db.file);
    file.exec(`DROP TRIGGER audit_no_delete; DELETE FROM AuditEntry`);
    file.close();
    await sealEarlierBooks({ ctx });
    await sealEarlierBooks({ ctx });
    await book(purchase('c', 900));
    expect(await verifySeals({ ctx })).toEqual({ entries: 3, broken: null });
    tamper(`UPDATE LedgerEntry SET at = at + 1 WHERE key = 'a'`);
    expect((await verifySeals({ ctx })).broken).toMatchObject({ problem: 'earlier' });
  });
});

describe('ledger.entries', () => {
  it('pages from the newest, by account or by what was booked', async () => {
    for (let i = 0; i < 5; i++) await book({ ...purchase(`k${i}`, 100 + i), ref: { kind: 'purchase', id: `pur_${i % 2}` } });
    const first = await call(os.entries, { limit: 2, account: CASH });
    const second = await call(os.entries, { limit: 2, account: CASH, cursor: first.nextCursor! });
    const third = await call(os.entries, { limit: 2, account: CASH, cursor: second.nextCursor! });
    expect([...first.items, ...second.items, ...third.items].map((e) => e.lines[0]!.amount.minor)).toEqual([104, 103, 102, 101, 100]);
    expect(third.nextCursor).toBeNull();
    expect((await call(os.entries, { refId: 'pur_1', limit: 50 })).items).toHaveLength(2);
  });
});

describe('sales tax that is passed on', () => {
  const TAX = 'liabilities:sales-tax:us-ca-state-tax';
  const collect = () => book({ key: 'sale', kind: 'sale', memo: '', ref: { kind: 'order', id: 'ord_1' }, at: 1, lines: [{ account: CASH, amount: usd(900) }, { account: TAX, amount: usd(-900) }] });
  const paid = (given: Partial<Parameters<typeof payTax>[2]> = {}) => db.transaction((tx) => payTax({ ctx }, tx, { key: 'form-one', account: TAX, amount: usd(600), paidAt: Date.UTC(2026, 10, 20), note: 'October', ...given }));

  it('is one booking, however often the form is sent, and is neither income nor expense', async () => {
    await collect();
    const first = await paid();
    expect(await paid()).toEqual(first);
    await expect(paid({ amount: usd(200) })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'amount', reason: expect.stringContaining('6.00 USD is recorded already') as string } });
    expect(await readBalances(db.prisma)).toEqual([{ account: CASH, amount: usd(300) }, { account: TAX, amount: usd(-300) }]);
    expect(await owedTaxes(db.prisma)).toEqual([{ account: TAX, owed: usd(300) }]);
  });

  it('takes no more than is owed, nothing in the future, and no other account', async () => {
    await collect();
    for (const [given, field] of [[{ amount: usd(901) }, 'amount'], [{ amount: usd(0) }, 'amount'], [{ amount: { minor: 100, currency: 'EUR' } }, 'amount'], [{ paidAt: Date.UTC(2026, 10, 25) }, 'paidAt'], [{ account: CASH }, 'account'], [{ account: 'liabilities:sales-tax:No!' }, 'account']] as const) await expect(paid(given)).rejects.toMatchObject({ code: 'INVALID', data: { field } });
  });

  it('is taken back once, and a payment alone can be', async () => {
    await collect();
    const { id } = await paid();
    const back = (of: string) => db.transaction((tx) => takeBackTax({ ctx }, tx, of));
    expect((await back(id)).takenBack).toBe(true);
    await back(id);
    expect((await call(createTaxProcedures({ ctx }).get, undefined)).payments).toMatchObject([{ id, takenBack: true }]);
    expect(await owedTaxes(db.prisma)).toEqual([{ account: TAX, owed: usd(900) }]);
    const sale = (await db.prisma.ledgerEntry.findFirstOrThrow({ where: { kind: 'sale' } })).id;
    const reversal = (await db.prisma.ledgerEntry.findFirstOrThrow({ where: { key: { startsWith: 'tax-payment:back:' } } })).id;
    for (const of of [sale, reversal]) await expect(back(of)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
