import type { z } from 'zod';
import type { AiCallRow, AiSettings, aiCallDetail, aiStatus } from '#contract/assistant.ts';
import type { CapitalPlanView, PlanLine } from '#contract/capital.ts';
import type { Opinion } from '#contract/opinions.ts';
import type { OpportunityRow } from '#contract/opportunities.ts';
import { FIXTURE_NOW } from './fixture-data.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });

export const aiSettings = (): AiSettings => ({
  provider: 'openai', models: { openai: 'gpt-4.1-mini', anthropic: 'claude-haiku-5-5' }, baseUrl: null, budgetPerDay: usd(100), ownPrice: null, purposes: ['opinion', 'match', 'extract', 'negotiate', 'describe', 'reply'],
});

const PURPOSES = ['opinion', 'match', 'negotiate', 'describe'] as const;
const OUTCOMES = ['answered', 'cached', 'answered', 'invalid', 'failed', 'over-budget'] as const;

export function aiCalls(empty: boolean): AiCallRow[] {
  return Array.from({ length: empty ? 0 : 240 }, (_, i) => {
    const outcome = OUTCOMES[i % OUTCOMES.length]!;
    const paid = outcome === 'answered' || outcome === 'invalid';
    return {
      id: `aic_${String(i).padStart(6, '0')}`, purpose: PURPOSES[i % PURPOSES.length]!, subject: i % 4 === 0 ? 'opp_000003' : null, vendor: 'openai', model: 'gpt-4.1-mini', promptVersion: `${PURPOSES[i % PURPOSES.length]!}-1`, outcome,
      detail: outcome === 'invalid' ? { code: 'ai.invalid-answer', data: { why: 'no JSON' } } : outcome === 'failed' ? { code: 'ai.failed', data: { kind: 'Throttled', message: 'rate limit reached' } } : outcome === 'over-budget' ? { code: 'ai.over-budget', data: { budget: usd(100) } } : null,
      inputTokens: paid ? 812 + i : 0, outputTokens: paid ? 96 : 0, costMicro: paid ? 48_000 + 40 * i : 0, currency: 'USD', priceCard: 'ai-prices@2026-11-21', latencyMs: paid ? 900 + ((i * 37) % 800) : 0, at: FIXTURE_NOW - i * 780_000, replayable: outcome !== 'over-budget',
    };
  });
}

export const aiCall = (row: AiCallRow): z.infer<typeof aiCallDetail> => ({
  ...row, inputHash: '9f2c41d0a7', answeredBy: row.outcome === 'cached' ? 'aic_000000' : null,
  request: row.replayable ? { instructions: 'A reseller considers buying an offer to sell it on.', data: '<data-6b1c>\n{"figures":{"expectedProfit":"$8.10"},"offer":{"title":"Bosch drill, new"}}\n</data-6b1c>', schemaName: row.promptVersion } : null,
  answer: row.outcome === 'answered' || row.outcome === 'cached' ? { verdict: 'look-closer', summary: 'The title names a drill without a battery.', doubts: [{ about: 'identity', why: 'The title says body only.' }] } : null,
});

export const aiStatusOf = (empty: boolean, settings: AiSettings): z.infer<typeof aiStatus> => ({
  state: settings.provider === 'off' ? 'off' : 'ready', provider: settings.provider, model: settings.provider === 'off' ? null : settings.models[settings.provider],
  price: settings.provider === 'off' ? null : { inputPerMillionMinor: 40, outputPerMillionMinor: 160, source: 'a public price guide of April 2026', version: 'ai-prices@2026-11-21' }, currency: 'USD',
  today: { spentMicro: empty ? 0 : 3_400_000, budget: settings.budgetPerDay, asked: empty ? 0 : 71, cached: empty ? 0 : 29, unanswered: empty ? 0 : 4 },
  days: empty ? [] : Array.from({ length: 12 }, (_, i) => ({ day: new Date(FIXTURE_NOW - i * 86_400_000).toISOString().slice(0, 10), spentMicro: 3_400_000 - i * 130_000, asked: 71 - i, cached: 29 + i, unanswered: 4 })),
  purposes: empty ? [] : PURPOSES.map((purpose, i) => ({ purpose, spentMicro: 20_000_000 - i * 4_000_000, asked: 500 - i * 90, cached: 200 - i * 20 })),
  knownModels: [
    { vendor: 'openai', model: 'gpt-4.1-mini', inputPerMillionMinor: 40, outputPerMillionMinor: 160, source: 'a public price guide' }, { vendor: 'openai', model: 'gpt-5-mini', inputPerMillionMinor: 25, outputPerMillionMinor: 200, source: 'a public price guide' },
    { vendor: 'anthropic', model: 'claude-haiku-5-5', inputPerMillionMinor: 50, outputPerMillionMinor: 250, source: 'a public price guide' },
  ],
});

export const opinionOf = (): Opinion => ({
  verdict: 'look-closer', summary: 'The offer’s title says body only: the product that was priced comes with a battery.', doubts: [{ about: 'identity', why: 'The title names a body without a battery.' }], vendor: 'openai', model: 'gpt-4.1-mini', promptVersion: 'opinion-1',
  at: FIXTURE_NOW - 3_600_000, costMicro: 48_300, currency: 'USD', callId: 'aic_000000',
});

export function capitalPlanOf(rows: readonly OpportunityRow[], empty: boolean, cashMinor = 214_350): CapitalPlanView {
  const unit = (value: number, days: number, chance: number) => ({ expectedProfit: usd(value + 40), lockedMoney: usd(25), risk: usd(15), value: usd(value), chanceSoldBp: chance, days });
  const line = (row: OpportunityRow, i: number, quantity: number): PlanLine => ({
    opportunityId: row.id, version: row.version, productId: `prd_${i}`, title: row.title, brand: row.brand, category: row.category, imageUrl: null, sourceId: row.sourceId, sourceName: row.sourceName, quantity, unitsPerOffer: 1, cost: usd(row.unitCost.minor * quantity), expectedProfit: usd(row.profit.minor * quantity),
    last: quantity > 0 ? unit(120 + i, 24, 8_300) : null, next: unit(quantity > 0 ? -12 : -60, 38, 5_100), stoppedBy: (['demand', 'available', 'cash', 'risk', 'locked-money', 'category-limit'] as const)[i % 6]!, ahead: i % 5 === 0 ? 3 : 0,
  });
  const lines = empty ? [] : rows.filter((row) => row.profit.minor > 0).slice(0, 18).map((row, i) => line(row, i, 1 + (i % 3)));
  const leftOut = empty ? [] : rows.slice(18, 40).map((row, i) => ({ ...line(row, i, 0), stoppedBy: (['same-product', 'demand', 'cash', 'seller-limit'] as const)[i % 4]! }));
  const spendable = Math.min(137_600, cashMinor - 62_400);
  while (lines.reduce((total, one) => total + one.cost.minor, 0) > spendable) lines.pop();
  const sum = (minors: number[]) => usd(minors.reduce((a, b) => a + b, 0));
  return {
    currency: 'USD', at: FIXTURE_NOW, horizonDays: 63, payoutDelayDays: 3, earningPerDayCentiBp: empty ? 0 : 1_430,
    cash: { onHand: usd(empty ? 0 : cashMinor), committed: usd(empty ? 0 : 12_400), reserve: usd(50_000), bounds: [{ code: 'cash', left: usd(empty ? 0 : cashMinor - 62_400) }, { code: 'per-day', left: usd(137_600) }], available: usd(empty ? 0 : Math.min(137_600, cashMinor - 62_400)), boundBy: empty || cashMinor < 200_000 ? 'cash' : 'per-day' },
    lines, leftOut, spent: sum(lines.map((l) => l.cost.minor)), expectedProfit: sum(lines.map((l) => l.expectedProfit.minor)), risk: usd(empty ? 0 : 6_430), considered: lines.length + leftOut.length, open: empty ? 0 : 1_412,
  };
}
