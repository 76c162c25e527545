import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DomainError } from '#kernel/errors.ts';
import { HOUR_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { seedBusiness, seedOpportunity } from '#tests/support/trade-desk.ts';
import { LOT_TRANSITIONS } from '../inventory/index.ts';
import { LISTING_TRANSITIONS } from '../listings/index.ts';
import { TALK_TRANSITIONS } from '../negotiation/strategy/index.ts';
import { ORDER_TRANSITIONS } from '../orders/index.ts';
import { PAYMENT_TRANSITIONS } from '../payments/index.ts';
import { advance, approveOpportunity, BUY_WORKFLOW, loadPurchase, PURCHASE_TRANSITIONS, type PurchaseState, type PurchasingDeps } from '../purchasing/index.ts';

type Table = Readonly<Record<string, readonly string[]>>;
/** `ends`: where it may rest for good. */
const MACHINES: readonly { readonly name: string; readonly table: Table; readonly first: readonly string[]; readonly ends: readonly string[] }[] = [
  { name: 'purchase', table: PURCHASE_TRANSITIONS, first: ['approved', 'awaiting-second'], ends: ['received', 'cancelled', 'failed'] },
  // a lot that is used up is opened again by a return
  { name: 'lot', table: LOT_TRANSITIONS, first: ['inbound'], ends: ['closed'] },
  { name: 'listing', table: LISTING_TRANSITIONS, first: ['draft', 'stopped'], ends: Object.entries(LISTING_TRANSITIONS).filter(([, next]) => next.length === 0).map(([state]) => state) },
  { name: 'order', table: ORDER_TRANSITIONS, first: ['paid', 'shipped', 'cancelled', 'refunded'], ends: ['cancelled', 'refunded'] },
  { name: 'payment', table: PAYMENT_TRANSITIONS, first: ['requesting'], ends: ['refunded', 'lost'] },
  { name: 'talk', table: TALK_TRANSITIONS, first: ['drafted'], ends: ['agreed', 'walked-away', 'rejected', 'unavailable', 'timed-out', 'opted-out'] },
];

describe.each(MACHINES)('a random walk through the $name machine', ({ table, first, ends }) => {
  it('meets every state, stays inside the table, and from everywhere can come to an end', () => {
    const met = new Set<string>();
    fc.assert(fc.property(fc.constantFrom(...first), fc.array(fc.nat(1_000), { minLength: 30, maxLength: 60 }), (from, turns) => {
      let state = from;
      for (const turn of turns) {
        met.add(state);
        const next = table[state]!;
        expect(next).toEqual([...new Set(next)]);
        expect(next).not.toContain(state);
        if (next.length === 0) break;
        state = next[turn % next.length]!;
        expect(Object.keys(table)).toContain(state);
      }
      met.add(state);
      const seen = new Set([state]);
      for (const reached of seen) for (const next of table[reached]!) seen.add(next);
      expect(ends.some((end) => seen.has(end))).toBe(true);
    }), { numRuns: 400, seed: 1 });
    expect([...met].toSorted()).toEqual(Object.keys(table).toSorted());
  });
});

const nothing = () => Promise.resolve();

describe('a purchase on the database', () => {
  let runtime: TestRuntime;
  let deps: PurchasingDeps;
  let count = 0;
  const candidates = new Map<string, Awaited<ReturnType<typeof seedOpportunity>>['candidate']>();

  beforeAll(async () => {
    runtime = await createTestRuntime();
    await seedBusiness(runtime.context);
    runtime.context.workflows.define({ kind: BUY_WORKFLOW, input: z.unknown(), run: nothing });
    deps = {
      ctx: runtime.context, checkouts: { supports: () => true, open: () => Promise.reject(new Error('nothing is bought here')) }, stock: { receive: nothing },
      gate: { loadForApproval: (_tx, id) => Promise.resolve(candidates.get(id)!), markApproved: nothing, markPurchased: nothing, reopen: nothing, feesNow: () => null },
    };
  });
  afterAll(() => runtime.close());

  const states = Object.keys(PURCHASE_TRANSITIONS) as PurchaseState[];
  /** Where somebody wants it to go, and whether they look at what it is now or at what it was a step ago. */
  const steps = fc.array(fc.record({ to: fc.constantFrom(...states), stale: fc.boolean() }), { maxLength: 14 });

  it('goes only where the table leads, never by an old version, and its timeline is the way that it went', async () => {
    await fc.assert(fc.asyncProperty(steps, async (walk) => {
      const { opportunityId, candidate } = await seedOpportunity(runtime.context, { externalId: String(++count), title: 'Mouse', brand: null, gtin: String(400_638_133_000 + count), priceMinor: 10, shippingMinor: 0, salePriceMinor: 2_000, quantity: 1, weightG: 100 });
      candidates.set(opportunityId, candidate);
      const { purchaseId: id } = await approveOpportunity(deps, { id: opportunityId, version: 1, approvedBy: 'test' });
      let now = await loadPurchase(runtime.db.prisma, id);
      let before = now;
      const way: string[] = [];
      for (const { to, stale } of walk) {
        const seen = stale ? before : now;
        const legal = PURCHASE_TRANSITIONS[seen.state].includes(to) && seen.version === now.version;
        const outcome = await runtime.db.transaction((tx) => advance(deps, tx, seen, { to, ...(to === 'stopped' ? { change: { stopReason: { code: 'stop.vendor-refused', data: {} } } } : {}) })).then(() => 'went', (error: unknown) => (error instanceof DomainError ? error.code : error));
        expect(outcome).toBe(legal ? 'went' : 'WRONG_STATE');
        if (legal) {
          way.push(to);
          before = now;
        }
        now = await loadPurchase(runtime.db.prisma, id);
        expect(now.state).toBe(way.at(-1) ?? 'approved');
      }
      const timeline = (await runtime.db.prisma.purchaseEvent.findMany({ where: { purchaseId: id }, orderBy: { id: 'asc' } })).map((event) => event.kind).slice(1);
      expect(timeline).toEqual(way);
      runtime.clock.advanceTo(runtime.clock.now() + HOUR_MS);
    }), { numRuns: 25, seed: 7 });
  });
});
