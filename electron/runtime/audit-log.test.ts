import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainCheck, GENESIS, hashOfRow, readHead, verifyAuditLog, type AuditRow } from './audit-log.ts';
import { createTestRuntime, type TestRuntime } from './testing.ts';

let desk: TestRuntime;
beforeEach(async () => {
  desk = await createTestRuntime();
  for (let n = 1; n <= 5; n++) await desk.db.transaction((tx) => desk.context.audit.append(tx, { actor: 'owner', channel: 'desktop', action: 'approval.given', subject: `apr_${n}`, data: { total: { minor: n * 100, currency: 'USD' } } }));
});
afterEach(() => desk.close());

/** As somebody with the file and without the program: the guards are taken off first. */
function tamper(sql: string): void {
  const file = new BetterSqlite3(desk.db.file);
  file.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;');
  file.exec(sql);
  file.close();
}
const columns = 'at, actor, channel, action, subject, data, prevHash, hash';

describe('the audit log', () => {
  it('is sound as it was written, and each row holds the hash of the one before', async () => {
    expect(await verifyAuditLog(desk.db)).toMatchObject({ sound: true, rows: 5, head: { seq: 5 }, broken: null });
  });

  it('can only grow', async () => {
    await expect(desk.db.prisma.$executeRawUnsafe(`UPDATE "AuditEntry" SET actor = 'nobody' WHERE seq = 2`)).rejects.toThrow();
    await expect(desk.db.prisma.$executeRawUnsafe('DELETE FROM "AuditEntry" WHERE seq = 5')).rejects.toThrow();
    expect(await verifyAuditLog(desk.db)).toMatchObject({ sound: true, rows: 5 });
  });

  it('writes nothing for what was rolled back, and goes on without a gap', async () => {
    await expect(desk.db.transaction(async (tx) => {
      await desk.context.audit.append(tx, { actor: 'owner', channel: 'desktop', action: 'approval.given' });
      throw new Error('rolled back');
    })).rejects.toThrow('rolled back');
    await desk.db.transaction((tx) => desk.context.audit.append(tx, { actor: 'desk', channel: 'workflow', action: 'effect.made' }));
    expect(await verifyAuditLog(desk.db)).toMatchObject({ sound: true, rows: 6 });
  });

  it.each([
    ['a changed amount', `UPDATE "AuditEntry" SET data = replace(data, '300', '900') WHERE seq = 3`, { seq: 3, problem: 'changed' }],
    ['another actor', `UPDATE "AuditEntry" SET actor = 'nobody' WHERE seq = 2`, { seq: 2, problem: 'changed' }],
    ['a removed row', 'DELETE FROM "AuditEntry" WHERE seq = 2', { seq: 2, problem: 'missing' }],
    ['a removed first row', 'DELETE FROM "AuditEntry" WHERE seq = 1', { seq: 1, problem: 'missing' }],
    ['a removed row, numbers closed up', 'DELETE FROM "AuditEntry" WHERE seq = 2; UPDATE "AuditEntry" SET seq = 2 WHERE seq = 3; UPDATE "AuditEntry" SET seq = 3 WHERE seq = 4; UPDATE "AuditEntry" SET seq = 4 WHERE seq = 5;', { seq: 2, problem: 'out-of-order' }],
    ['swapped rows', `UPDATE "AuditEntry" SET seq = 99 WHERE seq = 2; UPDATE "AuditEntry" SET seq = 2 WHERE seq = 3; UPDATE "AuditEntry" SET seq = 3 WHERE seq = 99;`, { seq: 2, problem: 'out-of-order' }],
    ['a cut-off end', 'DELETE FROM "AuditEntry" WHERE seq > 3', { seq: 4, problem: 'cut-off' }],
    ['everything gone', 'DELETE FROM "AuditEntry"', { seq: 1, problem: 'cut-off' }],
  ])('shows %s, and names the first broken row', async (_what, sql, broken) => {
    tamper(sql);
    expect(await verifyAuditLog(desk.db)).toMatchObject({ sound: false, broken });
  });

  it('shows a cut-off end and a rewritten history against a head that was remembered elsewhere', async () => {
    const anchor = (await readHead(desk.db.prisma))!;
    tamper(`DELETE FROM "AuditEntry" WHERE seq > 4; UPDATE sqlite_sequence SET seq = 4 WHERE name = 'AuditEntry';`);
    expect(await verifyAuditLog(desk.db)).toMatchObject({ sound: true, rows: 4 });
    expect(await verifyAuditLog(desk.db, [anchor])).toMatchObject({ sound: false, broken: { seq: 5, problem: 'cut-off' } });
    const last = (await desk.db.read<AuditRow>(`SELECT seq, ${columns} FROM "AuditEntry" WHERE seq = 4`))[0]!;
    const forged = { ...last, seq: 5, data: '{}', prevHash: last.hash };
    tamper2(`INSERT INTO "AuditEntry" (seq, ${columns}) VALUES (5, ${forged.at}, '${forged.actor}', '${forged.channel}', '${forged.action}', '${forged.subject}', '{}', '${forged.prevHash}', '${hashOfRow(forged)}')`);
    expect(await verifyAuditLog(desk.db)).toMatchObject({ sound: true, rows: 5 });
    expect(await verifyAuditLog(desk.db, [anchor])).toMatchObject({ sound: false, broken: { seq: 5, problem: 'other-history' } });
  });

  it('is checked row by row, without holding the log', () => {
    const check = new ChainCheck();
    let prevHash = GENESIS;
    for (let seq = 1; seq <= 20_000; seq++) {
      const row = { seq, at: seq, actor: 'desk', channel: 'workflow', action: 'effect.made', subject: null, data: '{}', prevHash };
      const hash = hashOfRow(row);
      check.take({ ...row, hash });
      prevHash = hash;
    }
    expect(check.report()).toMatchObject({ sound: true, rows: 20_000, head: { seq: 20_000, hash: prevHash } });
  });
});

function tamper2(sql: string): void {
  const file = new BetterSqlite3(desk.db.file);
  file.exec(sql);
  file.close();
}
