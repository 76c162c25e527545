import { ORPCError } from '@orpc/client';
import { expect, it } from 'vitest';
import { reasonsOf } from './print.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });

it('says which limits stood in the way, with their figures, and nothing of what is no refusal', () => {
  const reasons = [{ code: 'limit.per-day', data: { limit: usd(150_000), spent: usd(142_289), total: usd(33_907) } }, { code: 'limit.loss-chance', data: { lossChanceBp: 3_150, limitBp: 2_500 } }, { code: 'limit.two-person', data: {} }];
  expect(reasonsOf(new ORPCError('LIMIT', { data: { reasons } }))).toEqual(['limit.per-day: limit $1,500.00, spent $1,422.89, total $339.07', 'limit.loss-chance: lossChance 31.5 %, limit 25.0 %', 'limit.two-person']);
  expect(reasonsOf(new ORPCError('NOT_FOUND'))).toEqual([]);
  expect(reasonsOf(new Error('no'))).toEqual([]);
});
