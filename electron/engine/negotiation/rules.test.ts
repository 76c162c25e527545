import { call } from '@orpc/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import type { NegotiationDeps } from './deps.ts';
import { createNegotiationProcedures } from './procedures.ts';

let runtime: TestRuntime;
beforeEach(async () => { runtime = await createTestRuntime(); });
afterEach(() => runtime.close());

it('keeps how sellers are written to as a person wants it, and never overwrites a change unseen', async () => {
  const deps: NegotiationDeps = { ctx: runtime.context, channels: { get: () => null }, opportunities: { terms: () => Promise.reject(new Error('nobody asks')) }, phrases: { phrase: async () => null } };
  const os = createNegotiationProcedures(deps, { buy: () => Promise.reject(new Error('nothing is bought')) });
  const first = await call(os.rules, undefined);
  expect(first).toMatchObject({ version: 0, value: { quietFromMinute: 1_260, quietToMinute: 480, mostPerDay: 6 } });
  const value = { ...first.value, quietFromMinute: 1_200, mostPerDay: 2 };
  expect(await call(os.setRules, { value, version: 0 })).toMatchObject({ version: 1, value });
  expect((await call(os.rules, undefined)).value).toEqual(value);
  await expect(call(os.setRules, { value: first.value, version: 0 })).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(call(os.setRules, { value: { ...value, quietToMinute: 1_440 }, version: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect((await call(os.rules, undefined)).value).toEqual(value);
});
