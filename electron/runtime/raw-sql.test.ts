import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from './ports.ts';
import { PrismaClient } from './prisma/client.ts';
import { createTestDatabase, type TestDatabase } from './template.ts';

let db: TestDatabase;
let prisma: PrismaClient;
beforeAll(async () => {
  db = await createTestDatabase();
  prisma = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: `file:${db.file}` }) });
  await db.prisma.schedule.create({ data: { name: 'nightly', everyMs: 9_007_199_254_740_993n, jobKind: 'none', payload: '"it\'s"', nextAt: 5n, enabled: true, updatedAt: 0n } });
});
afterAll(async () => {
  await prisma.$disconnect();
  await db.close();
});

describe('own SQL', () => {
  it.each([
    ['SELECT name, everyMs, nextAt, enabled, payload FROM "Schedule"'],
    ['SELECT count(*) AS n, max(nextAt) AS last, sum(everyMs) AS big, avg(nextAt) AS mean, NULL AS none, \'\' AS empty FROM "Schedule"'],
    ['SELECT value AS v, typeof(value) AS t FROM json_each(?)', JSON.stringify([1, 2.5, null, 3])],
    ['SELECT value AS v FROM json_each(?)', JSON.stringify([null, 2.5, 1])],
    ['SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e', 'text', 7n, 2.5, true, null],
    ['SELECT ? AS a, ? AS b', new Date(0), undefined],
    ['SELECT CAST(? AS REAL) AS whole, 1 AS whole', 3],
    ['SELECT name FROM "Schedule" WHERE 0'],
  ])('answers as Prisma does: %s', async (sql, ...values) => {
    const theirs = await prisma.$queryRawUnsafe(sql, ...values);
    expect(await db.prisma.$queryRawUnsafe(sql, ...values)).toStrictEqual(theirs);
    expect(await db.transaction((tx) => tx.$queryRawUnsafe(sql, ...values))).toStrictEqual(theirs);
  });

  it('takes tagged templates, and tells how many rows changed', async () => {
    const name = "'; DROP TABLE";
    await db.transaction(async (tx) => {
      expect(await tx.$executeRaw`UPDATE "Schedule" SET payload = ${name} WHERE name = ${'nightly'}`).toBe(1);
      expect(await tx.$executeRawUnsafe('UPDATE "Schedule" SET payload = ? WHERE name = ?', 'x', 'other')).toBe(0);
      expect(await tx.$queryRaw`SELECT payload FROM "Schedule" WHERE payload = ${name}`).toEqual([{ payload: name }]);
    });
  });

  it('is refused after its transaction, and undone with it', async () => {
    let kept: Tx['$executeRawUnsafe'] | undefined;
    await expect(db.transaction(async (tx) => {
      ({ $executeRawUnsafe: kept } = tx);
      await kept('UPDATE "Schedule" SET nextAt = 99');
      throw new Error('given up');
    })).rejects.toThrow('given up');
    await expect(kept!('UPDATE "Schedule" SET nextAt = 99')).rejects.toThrow('too late');
    expect(await db.prisma.$queryRaw`SELECT nextAt FROM "Schedule"`).toEqual([{ nextAt: 5n }]);
  });

  it('tells which constraint was broken, and leaves the transaction usable', async () => {
    await db.transaction(async (tx) => {
      await expect(tx.$executeRaw`INSERT INTO "Schedule" SELECT * FROM "Schedule"`).rejects.toThrow('UNIQUE constraint failed: Schedule.name');
      expect(await tx.$queryRawUnsafe('SELECT count(*) AS n FROM "Schedule"')).toEqual([{ n: 1n }]);
    });
  });
});
