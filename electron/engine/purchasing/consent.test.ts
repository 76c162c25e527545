import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Limits } from '#contract/settings.ts';
import { DomainError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { verifyAuditLog } from '#runtime/audit-log.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { setOpeningCash } from '../ledger/index.ts';
import { BUSINESS, DEFAULT_LIMITS, KILL_SWITCH, LIMITS, PRACTICE_BUSINESS, putSetting } from '../settings/index.ts';
import { approveOpportunity } from './approve-opportunity.ts';
import { agreeAsSecond, expireWaiting } from './consent.ts';
import type { PurchasingDeps } from './deps.ts';
import { cancelPurchase } from './end-purchase.ts';
import type { ApprovalCandidate } from './opportunity-gate.ts';
import { readPurchase } from './read-purchases.ts';

let runtime: TestRuntime;
let deps: PurchasingDeps;
let priceOf: (id: string) => number;
const usd = (minor: number) => money(minor, 'USD');

function candidate(id: string): ApprovalCandidate {
  const n = Number(id.split('_')[1]);
  return {
    opportunityId: id, version: 1, offerId: `off_${n}`, productId: `prd_${n}`, sourceId: `src_${n % 2}`, sourceName: 'Shop', connector: 'by-hand', sellerName: n % 3 === 0 ? 'Acme' : null, offerExternalId: String(n),
    offerUrl: 'https://shop.example', title: `Kettle ${n}`, brand: null, category: n % 2 === 0 ? 'toys' : 'kitchen', condition: 'new', unitsPerOffer: 1, quantity: 1, unitPrice: usd(priceOf(id)), shipping: usd(0),
    expected: { profit: usd(900), salePrice: usd(3_000), unitCost: usd(1_000) }, roiBp: 9_000, lossChanceBp: 100, confidenceBp: 8_000, daysToSell: 10, fees: null, evidence: {},
  };
}

async function open(limits: Partial<Limits> = {}): Promise<void> {
  runtime = await createTestRuntime();
  const { context: ctx } = runtime;
  deps = {
    ctx, checkouts: { supports: () => false, open: () => Promise.reject(new Error('no checkout')) }, stock: { receive: () => Promise.resolve() },
    gate: { loadForApproval: (_tx, id) => Promise.resolve(candidate(id)), markApproved: async () => {}, markPurchased: async () => {}, reopen: async () => {}, feesNow: () => null },
  };
  ctx.workflows.define({ kind: 'buy', input: { parse: (x: unknown) => x } as never, run: async () => {} });
  await setLimits(limits);
  await runtime.db.transaction(async (tx) => {
    await putSetting(tx, BUSINESS, PRACTICE_BUSINESS, runtime.clock.now());
    await setOpeningCash(deps, tx, usd(1_000_000));
    for (const id of ['amina', 'karim']) await tx.person.create({ data: { id, name: id, role: 'approver', createdAt: 0 } });
  });
}
const setLimits = (limits: Partial<Limits>) => runtime.db.transaction((tx) => putSetting(tx, LIMITS, { ...DEFAULT_LIMITS, perPurchase: null, perDay: null, perSellerPerDay: null, cashReserve: usd(0), priceDriftBp: 0, ...limits }, runtime.clock.now()));
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done', (error: unknown) => (error instanceof DomainError ? error.code : String(error)));
const approve = (n: number, by = 'owner', channel = 'desktop') => approveOpportunity(deps, { id: `opp_${n}`, version: 1, approvedBy: by, channel });
const audited = async () => (await runtime.db.prisma.auditEntry.findMany({ where: { action: { not: 'ledger.posted' } }, orderBy: { seq: 'asc' } })).map((row) => `${row.action} ${row.actor}@${row.channel}`);

beforeEach(() => { priceOf = () => 1_000; });
afterEach(() => runtime.close());

describe('a purchase above the amount that needs two persons', () => {
  beforeEach(() => open({ twoPersonAbove: usd(999) }));

  it('waits after the first, and goes out with the consent of another; both are on record', async () => {
    const { purchaseId } = await approve(1);
    const waiting = await readPurchase(runtime.db.prisma, purchaseId);
    expect(waiting.state).toBe('awaiting-second');
    expect(await runtime.db.prisma.workflow.count()).toBe(0);
    expect(await agreeAsSecond(deps, { id: purchaseId, version: waiting.version, approvedBy: 'amina', channel: 'telegram' })).toMatchObject({ state: 'approved' });
    expect(await runtime.db.prisma.workflow.count()).toBe(1);
    expect((await runtime.db.prisma.consent.findMany({ orderBy: { at: 'asc' } })).map((c) => `${c.personId}@${c.channel}`).sort()).toEqual(['amina@telegram', 'owner@desktop']);
    expect(await audited()).toEqual(['approval.given owner@desktop', 'approval.second-given amina@telegram']);
  });

  it('is never approved by one person on two channels', async () => {
    const { purchaseId } = await approve(1, 'amina', 'telegram');
    expect(await approve(1, 'amina', 'phone')).toMatchObject({ purchaseId });
    const { state, version } = await readPurchase(runtime.db.prisma, purchaseId);
    expect(state).toBe('awaiting-second');
    expect(await codeOf(agreeAsSecond(deps, { id: purchaseId, version, approvedBy: 'amina', channel: 'phone' }))).toBe('SAME_PERSON');
    expect(await runtime.db.prisma.consent.count()).toBe(1);
    expect(await runtime.db.prisma.workflow.count()).toBe(0);
  });

  it('takes the same click of another person for the second consent, once, also at the same moment', async () => {
    const first = await approve(1);
    const both = await Promise.all([approve(1, 'karim', 'phone'), approve(1, 'amina', 'telegram')]);
    expect(both).toEqual([first, first]);
    expect(await runtime.db.prisma.workflow.count()).toBe(1);
    expect(await runtime.db.prisma.consent.count()).toBe(2);
  });

  it('asks anew when nobody joined in time, and takes no stranger', async () => {
    const { purchaseId } = await approve(1);
    expect(await codeOf(approve(1, 'stranger'))).toBe('NOT_FOUND');
    runtime.clock.advanceTo(runtime.clock.now() + 48 * HOUR_MS);
    expect(await expireWaiting(deps)).toBe(1);
    expect(await readPurchase(runtime.db.prisma, purchaseId)).toMatchObject({ state: 'stopped', stopReason: { code: 'stop.approval-expired' } });
  });

  it('weighs the limits again with the second consent', async () => {
    const { purchaseId } = await approve(1);
    await setLimits({ twoPersonAbove: usd(999), perPurchase: usd(500) });
    expect(await codeOf(approve(1, 'amina', 'telegram'))).toBe('LIMIT');
    expect((await readPurchase(runtime.db.prisma, purchaseId)).state).toBe('awaiting-second');
    expect(await audited()).toEqual(['approval.given owner@desktop', 'approval.blocked amina@telegram']);
  });

  it('is held by the kill switch at the second consent too', async () => {
    await approve(1);
    await runtime.db.transaction((tx) => putSetting(tx, KILL_SWITCH, { on: true }, runtime.clock.now()));
    expect(await codeOf(approve(1, 'amina', 'telegram'))).toBe('KILL_SWITCH');
    expect(await runtime.db.prisma.workflow.count()).toBe(0);
  });
});

type Op = { readonly kind: 'approve' | 'join' | 'cancel'; readonly n: number; readonly by: string };
const opArb: fc.Arbitrary<Op> = fc.record({ kind: fc.constantFrom('approve', 'approve', 'join', 'cancel'), n: fc.integer({ min: 1, max: 9 }), by: fc.constantFrom('owner', 'amina', 'karim') });

async function carryOut(op: Op): Promise<void> {
  const row = await runtime.db.prisma.purchase.findFirst({ where: { opportunityId: `opp_${op.n}`, state: { notIn: ['cancelled', 'failed'] } } });
  if (op.kind === 'cancel' && row) await codeOf(cancelPurchase(deps, { id: row.id, version: row.version, by: op.by }));
  else if (op.kind === 'join' && row) await codeOf(agreeAsSecond(deps, { id: row.id, version: row.version, approvedBy: op.by }));
  else await codeOf(approve(op.n, op.by));
}

describe('any interleaving of approvals, second consents and cancellations', () => {
  it('never passes a limit, and never goes out with fewer persons than it needs', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.array(opArb, { minLength: 1, maxLength: 6 }), { maxLength: 5 }), fc.array(fc.integer({ min: 100, max: 2_000 }), { minLength: 10, maxLength: 10 }), async (bursts, prices) => {
      priceOf = (id) => prices[Number(id.split('_')[1])]!;
      const limits = { perPurchase: usd(1_800), perDay: usd(3_000), perWeek: usd(4_000), perSellerPerDay: usd(1_900), perCategoryPerMonth: usd(2_500), perSourcePerMonth: usd(2_700), twoPersonAbove: usd(1_200) };
      await open(limits);
      try {
        for (const burst of bursts) {
          await Promise.all(burst.map(carryOut));
          await holds(limits);
          runtime.clock.advanceTo(runtime.clock.now() + DAY_MS / 3);
        }
        expect(await verifyAuditLog(runtime.db)).toMatchObject({ sound: true });
      } finally {
        await runtime.close();
      }
    }), { numRuns: 12 });
    await open();
  });
});

async function holds(limits: { readonly perPurchase: { minor: number }; readonly perDay: { minor: number }; readonly perSellerPerDay: { minor: number }; readonly perCategoryPerMonth: { minor: number }; readonly perSourcePerMonth: { minor: number }; readonly perWeek: { minor: number }; readonly twoPersonAbove: { minor: number } }): Promise<void> {
  const rows = await runtime.db.prisma.purchase.findMany({ where: { state: { notIn: ['cancelled', 'failed'] } }, include: { approval: { include: { consents: true } } } });
  const spent = new Map<string, number>();
  const count = (key: string, minor: number) => spent.set(key, (spent.get(key) ?? 0) + minor);
  for (const row of rows) {
    const minor = Number(row.homeTotalMinor);
    const day = Math.floor(Number(row.approval.approvedAt) / DAY_MS);
    expect(minor).toBeLessThanOrEqual(limits.perPurchase.minor);
    count(`day ${day}`, minor);
    count(`seller ${day} ${row.sourceId} ${row.sellerName}`, minor);
    count(`category ${row.category}`, minor);
    count(`source ${row.sourceId}`, minor);
    const needed = minor > limits.twoPersonAbove.minor && row.state !== 'awaiting-second' ? 2 : 1;
    expect(new Set(row.approval.consents.map((consent) => consent.personId)).size).toBe(needed);
  }
  const most = { day: limits.perDay.minor, seller: limits.perSellerPerDay.minor, category: limits.perCategoryPerMonth.minor, source: limits.perSourcePerMonth.minor };
  for (const [key, minor] of spent) expect(minor, key).toBeLessThanOrEqual(most[key.split(' ')[0] as keyof typeof most]);
}
