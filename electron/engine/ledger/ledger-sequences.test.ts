import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { COST_OF_GOODS_SOLD, FX, INVENTORY, CASH, PAYABLE, SALES, WRITE_OFF } from './accounts.ts';
import { imbalance, type EntryLine, type NewEntry } from './entry.ts';
import { BookingError, post, readBalances, verifyLedger } from './index.ts';

let runtime: TestRuntime;
let run = 0;
beforeAll(async () => void (runtime = await createTestRuntime()));
afterAll(() => runtime.close());

const line = fc.record({ account: fc.constantFrom(CASH, INVENTORY, FX, PAYABLE, SALES, COST_OF_GOODS_SOLD), amount: fc.record({ minor: fc.integer({ min: -9_999_999, max: 9_999_999 }), currency: fc.constantFrom('USD', 'DZD', 'JPY') }) });
const lines = fc.array(line, { minLength: 1, maxLength: 6 });

/** What may be asked of the books: a booking, the same once more, one that does not balance, a key for something else, and a correction by its opposite. */
const operation = fc.oneof(
  fc.record({ kind: fc.constant('book' as const), lines }), fc.record({ kind: fc.constant('repeat' as const), which: fc.nat(30) }), fc.record({ kind: fc.constant('unbalanced' as const), lines, by: fc.integer({ min: 1, max: 500 }) }),
  fc.record({ kind: fc.constant('other' as const), which: fc.nat(30) }), fc.record({ kind: fc.constant('correct' as const), which: fc.nat(30) }), fc.record({ kind: fc.constant('broken' as const), lines }),
);

const closed = (open: readonly EntryLine[]): EntryLine[] => [...open, ...imbalance(open).map((left) => ({ account: WRITE_OFF, amount: { minor: -left.minor, currency: left.currency } }))];
const opposite = (of: readonly EntryLine[]): EntryLine[] => of.map(({ account, amount }) => ({ account, amount: { minor: amount.minor === 0 ? 0 : -amount.minor, currency: amount.currency } }));

it('balance after any sequence of bookings, repeats, corrections and refusals, and hold exactly what was accepted', async () => {
  const deps = { ctx: runtime.context };
  const expected = new Map<string, number>();
  const add = (of: readonly EntryLine[]) => {
    for (const { account, amount } of of) expected.set(`${account} ${amount.currency}`, (expected.get(`${account} ${amount.currency}`) ?? 0) + amount.minor);
  };
  await fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (operations) => {
    run += 1;
    const booked: NewEntry[] = [];
    const corrected = new Set<string>();
    const entry = (key: string, of: readonly EntryLine[]): NewEntry => ({ key, kind: 'test', memo: '', ref: { kind: 'test', id: String(run) }, at: 1, lines: of });
    const book = (one: NewEntry) => runtime.db.transaction((tx) => post(deps, tx, one));
    for (const [index, asked] of operations.entries()) {
      const key = `${run}:${index}`;
      const earlier = 'which' in asked ? booked[asked.which % Math.max(1, booked.length)] : undefined;
      if (asked.kind === 'book') {
        const one = entry(key, closed(asked.lines));
        if ((await book(one)) !== null) booked.push(one);
        add(one.lines);
      } else if (asked.kind === 'unbalanced') {
        await expect(book(entry(key, [...closed(asked.lines), { account: CASH, amount: { minor: asked.by, currency: 'USD' } }]))).rejects.toThrow(BookingError);
      } else if (asked.kind === 'broken') {
        // a transaction that breaks off leaves nothing, however much of it was booked
        await expect(runtime.db.transaction(async (tx) => {
          await post(deps, tx, entry(key, closed(asked.lines)));
          throw new Error('broken off');
        })).rejects.toThrow('broken off');
      } else if (earlier && asked.kind === 'repeat') {
        await book(earlier);
      } else if (earlier && asked.kind === 'other') {
        await expect(book({ ...earlier, ref: { kind: 'test', id: 'another' } })).rejects.toThrow('this key stands for another booking');
      } else if (earlier && asked.kind === 'correct') {
        const undo = entry(`${earlier.key}:undone`, opposite(earlier.lines));
        await book(undo);
        if (!corrected.has(undo.key)) add(undo.lines);
        corrected.add(undo.key);
      }
    }
    expect(await verifyLedger(deps)).toEqual({ balanced: true, findings: [] });
    const balances = new Map((await readBalances(runtime.db.prisma)).map(({ account, amount }) => [`${account} ${amount.currency}`, amount.minor]));
    for (const [account, minor] of expected) expect(balances.get(account) ?? 0).toBe(minor);
  }), { numRuns: 20, seed: 3 });
});
