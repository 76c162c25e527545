import { expect, it } from 'vitest';
import { earnsKey, type EarningFacts } from './earns-key.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' }) as EarningFacts['profit'];
const said = (decision: EarningFacts['decision'], verdict: EarningFacts['verdict'], profitMinor: number) => earnsKey({ decision, verdict, profit: usd(profitMinor), salePrice: usd(20_000) });

it('calls nothing too close that the figures call clear: something speaks against it', () => {
  expect(said('skip', 'unsure', 4_905)).toBe('against');
  expect(said('skip', 'unsure', 1_199)).toBe('unsure');
  expect(said('negotiate', 'unsure', -300)).toBe('unsure');
});
it('says that it would earn only where the decision does not', () => {
  expect([said('skip', 'profitable', 4_905), said('purchase', 'profitable', 4_905), said('skip', 'losing', -4_905)]).toEqual(['profitable', null, null]);
});
