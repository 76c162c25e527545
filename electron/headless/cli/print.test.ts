import { ORPCError } from '@orpc/client';
import { expect, it } from 'vitest';
import { describeError, reasonsOf } from './print.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });

it('says which limits stood in the way, with their figures, and nothing of what is no refusal', () => {
  const reasons = [{ code: 'limit.per-day', data: { limit: usd(150_000), spent: usd(142_289), total: usd(33_907) } }, { code: 'limit.loss-chance', data: { lossChanceBp: 3_150, limitBp: 2_500 } }, { code: 'limit.two-person', data: {} }];
  expect(reasonsOf(new ORPCError('LIMIT', { data: { reasons } }))).toEqual(['limit.per-day: limit $1,500.00, spent $1,422.89, total $339.07', 'limit.loss-chance: lossChance 31.5 %, limit 25.0 %', 'limit.two-person']);
  expect(reasonsOf(new ORPCError('NOT_FOUND'))).toEqual([]);
  expect(reasonsOf(new Error('no'))).toEqual([]);
});

it('names each field that the desk does not take, for people and for programs', () => {
  const error = new ORPCError('BAD_REQUEST', { message: 'Input validation failed', data: { issues: [{ code: 'too_small', path: ['limit'], message: 'Too small: expected number to be >=1' }, { path: [], message: 'Unrecognized key: "x"' }] } });
  expect(reasonsOf(error)).toEqual(['limit: Too small: expected number to be >=1', 'input: Unrecognized key: "x"']);
  expect(describeError(error, false)).toMatchObject({ code: 'BAD_REQUEST', message: 'Input validation failed', reasons: reasonsOf(error), data: { issues: [{ path: ['limit'] }, { path: [] }] } });
  expect(describeError(new Error('no'), false)).toEqual({ code: 'FAILED', message: 'no', reasons: [] });
  expect(describeError(new Error('no such option'), true)).toMatchObject({ code: 'USAGE' });
});
