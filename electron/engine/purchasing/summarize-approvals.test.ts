import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { BUSINESS, DEFAULT_LIMITS, LIMITS, PRACTICE_BUSINESS, putSetting } from '../settings/index.ts';
import { setOpeningCash } from '../ledger/index.ts';
import type { PurchasingDeps } from './deps.ts';
import type { ApprovalCandidate } from './opportunity-gate.ts';
import { summarizeApprovals } from './summarize-approvals.ts';

let runtime: TestRuntime;
let deps: PurchasingDeps;
const usd = (minor: number) => money(minor, 'USD');

const candidate = (n: number, over: Partial<ApprovalCandidate> = {}): ApprovalCandidate => ({
  opportunityId: `opp_${n}`, version: 1, offerId: `off_${n}`, productId: `prd_${n}`, sourceId: `src_${n}`, sourceName: 'Shop', connector: 'woocommerce', sellerName: null, offerExternalId: String(n), offerUrl: 'https://shop.example',
  title: `Kettle ${n}`, brand: null, category: null, condition: 'new', unitsPerOffer: 2, quantity: 5, unitPrice: usd(1_000), shipping: usd(0),
  expected: { profit: usd(600), salePrice: usd(2_000), unitCost: usd(500) }, roiBp: 9_000, lossChanceBp: 100, confidenceBp: 9_000, daysToSell: 10, fees: null, evidence: {}, ...over,
});

beforeEach(async () => {
  runtime = await createTestRuntime();
  deps = { ctx: runtime.context, checkouts: { supports: () => true } } as unknown as PurchasingDeps;
  await runtime.db.transaction(async (tx) => {
    await putSetting(tx, BUSINESS, PRACTICE_BUSINESS, runtime.clock.now());
    await putSetting(tx, LIMITS, { ...DEFAULT_LIMITS, perPurchase: null, perDay: usd(12_000), perSellerPerDay: null, cashReserve: usd(0), priceDriftBp: 0 }, runtime.clock.now());
    await setOpeningCash(deps, tx, usd(1_000_000));
  });
});
afterEach(() => runtime.close());
const summarize = (...candidates: ApprovalCandidate[]) => summarizeApprovals(deps, runtime.db.prisma, candidates);

describe('summarizeApprovals', () => {
  it('sums what can be approved together, and names the limit that the next one would pass', async () => {
    const summary = await summarize(candidate(1), candidate(2), candidate(3), candidate(4, { quantity: 2 }));
    expect(summary.items.map((i) => [i.blockedBy.map((r) => r.code), i.beyond.map((r) => r.code)])).toEqual([[[], []], [[], []], [[], ['limit.per-day']], [[], []]]);
    expect(summary).toMatchObject({ sum: usd(12_000), approvable: 3, dayLimit: usd(12_000), spentToday: usd(0) });
    expect(summary.items[0]).toMatchObject({ total: usd(5_000), profit: usd(6_000) });
  });

  it('leaves out of the sum what cannot be approved by itself, and counts a seller’s limit over all of it', async () => {
    await runtime.db.transaction((tx) => putSetting(tx, LIMITS, { ...DEFAULT_LIMITS, perPurchase: usd(6_000), perDay: null, perSellerPerDay: usd(7_000), cashReserve: usd(0), priceDriftBp: 0 }, runtime.clock.now()));
    const summary = await summarize(candidate(1, { quantity: 9 }), candidate(2, { sourceId: 'src_a' }), candidate(3, { sourceId: 'src_a' }));
    expect(summary.items.map((i) => [...i.blockedBy, ...i.beyond].map((r) => r.code))).toEqual([['limit.per-purchase', 'limit.per-seller'], [], ['limit.per-seller']]);
    expect(summary).toMatchObject({ sum: usd(5_000), approvable: 1 });
  });
});
