import { ORPCError, type implement } from '@orpc/server';
import type { contract } from '#contract/index.ts';
import { reorderRow, type ReorderDetail, type ReorderSettings } from '#contract/reorder.ts';
import { money } from '#kernel/money.ts';
import { FIXTURE_NOW, stockRows } from './fixture-data.ts';

const usd = (minor: number) => money(minor, 'USD');
const METHODS = ['smoothing', 'tsb', 'croston', 'seasonal'] as const;

function detail(i: number, title: string): ReorderDetail {
  const perDay = 0.11 + ((i * 7) % 13) * 0.09;
  const [onHand, inbound, requested] = [(i * 5) % 9, i % 4 === 1 ? 6 : 0, i % 7 === 2 ? 1 : 0];
  const position = onHand + inbound - requested;
  const leadDays = 6.5 + (i % 5);
  const reorderPoint = Math.ceil(perDay * leadDays + 2);
  const target = Math.ceil(perDay * (leadDays + 7) + 3);
  const loses = i % 11 === 6;
  const caseUnits = i % 3 === 0 ? 6 : 1;
  const units = position > reorderPoint || loses ? 0 : Math.ceil((target - position) / caseUnits) * caseUnits;
  const unit = usd(640 + ((i * 317) % 2_900));
  const few = i % 9 === 8;
  const error = few ? null : 1.4 + (i % 4) * 0.6;
  return {
    productId: `prd_${String(i).padStart(6, '0')}`, title, condition: 'new', onHand, onOrder: inbound, reserved: requested, position, perDay, method: METHODS[i % METHODS.length]!, error, naiveError: error === null ? null : error * 1.31, days: few ? 12 : 120 + i, sold: few ? 2 : 24 + i * 3,
    leadDays, leadSd: 2.2, leadFrom: (['supplier', 'all', 'person', 'prior'] as const)[i % 4]!, reorderPoint, target, units, lastsBp: units > 0 ? 500 + ((i * 1_310) % 8_300) : 9_700, drafted: i === 2 ? 12 : 0,
    supplier: i % 8 === 5 ? null : { name: ['Harbor Wholesale', 'Maple Street Books', 'Oran Tools'][i % 3]!, from: (['offer', 'last-order', 'person', 'last-purchase'] as const)[i % 4]!, unit, url: i % 4 === 0 ? 'https://shop.invalid/offer' : null },
    cost: usd(unit.minor * units), profitPerUnit: usd(loses ? -120 : 420 + i * 35),
    reasons: [...(loses ? [{ code: 'reorder.no-profit', data: { profit: usd(-120) } }] : []), ...(i % 8 === 5 ? [{ code: 'reorder.no-supplier', data: {} }] : []), ...(i === 2 ? [{ code: 'reorder.drafted', data: { count: 12 } }] : []), ...(few ? [{ code: 'reorder.short-history', data: { count: 12, filled: 28 } }, { code: 'reorder.few-sales', data: { count: 2 } }] : [])],
    terms: { value: { supplier: i % 4 === 2 ? 'Oran Tools' : null, caseUnits: i % 3 === 0 ? 6 : null, leastUnits: null, leadDays: null, serviceBp: null, unit: null }, version: 0 },
    caseUnits, caseFrom: caseUnits > 1 ? 'person' : 'none', leastUnits: 0, serviceBp: 9_000, reviewDays: 7, horizon: 14, origins: few ? 0 : 8,
    tests: few ? [] : [METHODS[i % METHODS.length]!, ...(['smoothing', 'tsb', 'moving-average', 'sba', 'croston', 'seasonal', 'naive'] as const).filter((method) => method !== METHODS[i % METHODS.length])].map((method, n) => ({ method, rmse: error! * (1 + n * 0.05), mase: 0.74 + n * 0.045, bias: -0.04 + n * 0.02 })),
    weeks: Array.from({ length: few ? 2 : 26 }, (_, week) => (week * 7 + i * 3) % 6), lead: { priorDays: 10, priorSd: 4, priorWeight: 3, own: i % 4 === 0 ? 6 : 0, ownDays: i % 4 === 0 ? 6.2 : null, all: i % 4 === 3 ? 0 : 31, allDays: i % 4 === 3 ? null : 7.4 },
    stock: { inbound, approved: 0, ordered: 0, requested, oversold: 0 }, overLead: { mean: perDay * leadDays, sd: 1.7 }, overLeadAndReview: { mean: perDay * (leadDays + 7), sd: 2.3 }, limitedBy: 'none',
    lots: onHand === 0 ? [] : [{ id: 'lot_000000', location: 'main', condition: 'new', onHand }],
  };
}

/** The procedures of reordering for the pages' tests. */
export function reorderProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly empty: () => boolean; readonly gate: () => Promise<void> }) {
  const details = stockRows(40).map((lot, i) => detail(i, lot.title)).sort((a, b) => Number(b.units > 0) - Number(a.units > 0) || a.lastsBp - b.lastsBp);
  let stored: { value: ReorderSettings; version: number; updatedAt: number } = { value: { serviceBp: 9_000, reviewDays: 7, leadDays: 10, leadSdDays: 4 }, version: 0, updatedAt: 0 };
  return {
    list: os.reorder.list.handler(async () => {
      await given.gate();
      return { rows: given.empty() ? [] : details.map((row) => reorderRow.strip().parse(row)), more: false };
    }),
    get: os.reorder.get.handler(async ({ input }) => {
      await given.gate();
      const found = details.find((one) => one.productId === input.productId);
      if (!found) throw new ORPCError('NOT_FOUND', { data: { kind: 'product', id: input.productId }, defined: true, status: 404 });
      return found;
    }),
    setTerms: os.reorder.setTerms.handler(({ input }) => ({ value: input.value, version: input.version + 1 })),
    settings: os.reorder.settings.handler(() => stored),
    setSettings: os.reorder.setSettings.handler(({ input }) => (stored = { value: input.value, version: input.version + 1, updatedAt: FIXTURE_NOW })),
  };
}
