/** What an own shop took through a payment provider: whatever comes in which order, and wherever the program ends, cash is what the provider paid out, and each order what its movements were. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { CASH, readBalances, SUSPENSE, verifyLedger } from '../ledger/index.ts';
import { applyOrder, expectReceivables, fixedSources, payOut } from '../orders/index.ts';
import type { ChannelOrder, OrderSourcePort } from '../orders/ports.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '../settings/index.ts';
import type { PaymentsDeps } from './deps.ts';
import type { PaymentProvider, PayoutLine, ProviderDispute, ProviderPayout } from './ports.ts';
import { settlePayoutsJob } from './settle-payouts.ts';

const usd = (minor: number) => money(minor, 'USD');
const SHOP = 'woocommerce';

/** What becomes of one order. */
interface Story {
  readonly price: number;
  readonly tax: number;
  readonly fee: number;
  /** What the shop's plug-in says that the fee was; null: nothing. */
  readonly told: number | null;
  /** Basis points of the whole that are given back. */
  readonly back: number;
  readonly dispute: 'none' | 'open' | 'won' | 'lost';
}
const story = fc.record<Story>({
  price: fc.integer({ min: 500, max: 50_000 }), tax: fc.constantFrom(0, 0, 37, 811), fee: fc.integer({ min: 30, max: 400 }), told: fc.option(fc.integer({ min: 30, max: 400 })), back: fc.constantFrom(0, 0, 2_500, 10_000), dispute: fc.constantFrom('none', 'none', 'open', 'won', 'lost'),
});

const line = (externalId: string, of: string, given: { readonly kind: PayoutLine['kind']; readonly gross: number; readonly fee?: number; readonly payment?: readonly string[] }): PayoutLine =>
  ({ externalId, of, kind: given.kind, gross: usd(given.gross), fee: usd(given.fee ?? 0), net: usd(given.gross - (given.fee ?? 0)), description: '', ...(given.payment ? { payment: given.payment } : {}) });

const givenBack = ({ price, tax, back }: Story) => Math.floor(((price + tax) * back) / 10_000);
const disputed = (of: Story) => (of.dispute === 'none' || of.back === 10_000 ? 0 : of.price + of.tax - givenBack(of));
const COST = 1_500;

/** Movements of an order, oldest first, as the provider has them. */
function movesOf(of: Story, n: number): PayoutLine[] {
  const payment = [`ch_${n}`, `pi_${n}`];
  const taken = disputed(of);
  return [
    line(`c${n}`, `ch_${n}`, { kind: 'payment', gross: of.price + of.tax, fee: of.fee, payment: [`pi_${n}`] }), ...(givenBack(of) > 0 ? [line(`r${n}`, `re_${n}`, { kind: 'refund', gross: -givenBack(of), payment })] : []),
    ...(taken > 0 ? [line(`d${n}`, `dp_${n}`, { kind: 'dispute', gross: -taken, fee: COST, payment })] : []), ...(taken > 0 && of.dispute === 'won' ? [line(`w${n}`, `dp_${n}`, { kind: 'dispute', gross: taken, fee: -COST, payment })] : []),
  ];
}

const disputeOf = (of: Story, n: number): ProviderDispute[] => {
  const taken = disputed(of);
  if (taken === 0) return [];
  const won = of.dispute === 'won';
  return [{ externalId: `dp_${n}`, of: `ch_${n}`, payment: [`pi_${n}`], state: of.dispute === 'open' ? 'needs-response' : of.dispute === 'won' ? 'won' : 'lost', amount: usd(taken), withheld: usd(won ? 0 : taken), fee: usd(won ? 0 : COST), reason: 'fraudulent', answerBy: null }];
};

const readingOf = (of: Story, n: number, at: { readonly placed: number; readonly now: number; readonly last: boolean }): ChannelOrder => ({
  orderId: String(n), createdAt: at.placed, modifiedAt: at.now, payment: !at.last || of.back === 0 ? 'paid' : of.back === 10_000 ? 'refunded' : 'partly-refunded', fulfilment: 'fulfilled', cancel: 'none', currency: 'USD', total: usd(of.price + of.tax),
  ...(of.told === null ? {} : { marketplaceFee: usd(of.told) }), refunds: at.last && givenBack(of) > 0 ? [{ refundId: 'r', amount: usd(givenBack(of)) }] : [], buyer: { addressLines: [] }, ...(of.tax > 0 ? { taxes: [{ jurisdiction: 'US-CA State Tax', amount: usd(of.tax) }] } : {}),
  // some plug-ins keep the charge, some the intent
  paidThrough: { provider: 'stripe', reference: n % 2 === 0 ? `ch_${n}` : `pi_${n}` },
  lines: [{ lineId: '1', title: 'x', quantity: 1, price: usd(of.price), shipping: usd(0), discount: usd(0), tax: usd(of.tax), taxCollectedByChannel: usd(0), total: usd(of.price + of.tax), fulfilment: 'fulfilled' }],
});

class Ended extends Error {}

/** The program ends at the n-th word to the outbox: nothing of the transaction that it is in has happened. */
function endingContext(desk: TestRuntime): { readonly ctx: TestRuntime['context']; endAfter: number } {
  const { context } = desk;
  const state = { endAfter: Number.POSITIVE_INFINITY, ctx: context };
  const outbox: TestRuntime['context']['outbox'] = Object.assign(Object.create(context.outbox) as TestRuntime['context']['outbox'], {
    add: (...given: Parameters<typeof context.outbox.add>) => {
      state.endAfter -= 1;
      if (state.endAfter < 0) throw new Ended();
      return context.outbox.add(...given);
    },
  });
  state.ctx = { ...context, outbox };
  return state;
}

async function live(desk: TestRuntime, given: { readonly kept: number; readonly stories: readonly Story[]; readonly steps: readonly { readonly what: 'settle' | 'end' | 'by-date' | 'read'; readonly after: number }[] }): Promise<void> {
  const { kept, stories, steps } = given;
  const { clock, db } = desk;
  const ending = endingContext(desk);
  const { ctx } = ending;
  const source: OrderSourcePort = { connector: SHOP, market: SHOP, orders: () => { throw new Error('nobody asks'); }, order: () => Promise.resolve(null), markShipped: () => { throw new Error('nobody asks'); } };
  const orders = { ctx, inventory: { ctx }, listings: {} as Parameters<typeof payOut>[0]['listings'], sources: fixedSources([source]), source };
  const moves = stories.flatMap((of, n) => movesOf(of, n));
  const foreign = line('f', 'ch_elsewhere', { kind: 'payment', gross: 1_234, fee: 34 });
  // half of the movements in a first payout, the rest with one that is not ours in a second, and the provider's own charge; what stays with the provider at the first comes with the second
  const half = Math.ceil(moves.length / 2);
  const carried = (gross: number): PayoutLine[] => (kept === 0 ? [] : [line(`b${gross}`, 'none', { kind: 'balance', gross })]);
  const all: ProviderPayout[] = [[...moves.slice(0, half), ...carried(-kept)], [...moves.slice(half), foreign, line('s', 'none', { kind: 'fee', gross: -200 }), ...carried(kept)]].map((lines, n) => ({ externalId: `po_${n}`, state: 'paid', arrivesAt: clock.now(), lines, amount: usd(lines.reduce((sum, { net }) => sum + net.minor, 0)) }));
  let known: ProviderPayout[] = [];
  const provider: PaymentProvider = {
    id: 'stripe', name: 'Stripe', methods: [], currencies: null, needs: {}, refunds: false, check: () => Promise.resolve(), find: () => Promise.resolve('absent'), create: () => { throw new Error('nobody asks'); }, read: () => { throw new Error('nobody asks'); },
    payouts: async function* each() { yield* known; }, disputes: async function* each() { yield* stories.flatMap((of, n) => disputeOf(of, n)); },
  };
  const deps: PaymentsDeps = { ctx, orders, providers: () => [provider] };
  const settle = () => settlePayoutsJob(deps).run({}, { jobId: 'job_1', attempt: 1, signal: new AbortController().signal, progress: () => undefined });
  const placed = clock.now();
  const read = async (last: boolean) => {
    clock.advanceTo(clock.now() + MINUTE_MS);
    for (const [n, of] of stories.entries()) await db.transaction((tx) => applyOrder(orders, tx, readingOf(of, n, { placed, now: clock.now(), last }), { postage: null }));
  };
  await read(false);
  for (const step of steps) {
    clock.advanceTo(clock.now() + 10 * DAY_MS);
    if (step.what === 'by-date') await payOut(orders);
    else if (step.what === 'read') await read(false);
    else {
      known = all.slice(0, known.length + 1);
      ending.endAfter = step.what === 'end' ? step.after : Number.POSITIVE_INFINITY;
      await settle().catch((error: unknown) => { if (!(error instanceof Ended)) throw error; });
      ending.endAfter = Number.POSITIVE_INFINITY;
    }
  }
  known = all;
  await settle();
  await read(true);
  await payOut(orders);
  const entries = await db.prisma.ledgerEntry.count();
  await settle();
  await payOut(orders);
  expect(await db.prisma.ledgerEntry.count()).toBe(entries);

  const balances = new Map((await readBalances(db.prisma)).map(({ account, amount }) => [account, amount.minor]));
  expect(balances.get(CASH) ?? 0).toBe(all.reduce((sum, { amount }) => sum + amount.minor, 0));
  expect([balances.get(`assets:receivable:${SHOP}`) ?? 0, balances.get(SUSPENSE) ?? 0, balances.get('expenses:fees:stripe') ?? 0, balances.get('assets:receivable:stripe') ?? 0]).toEqual([0, -1_200, 200, 0]);
  for (const [n] of stories.entries()) {
    const order = await db.prisma.order.findFirstOrThrow({ where: { externalId: String(n) }, include: { lines: true } });
    const ours = order.lines.reduce((sum, of) => sum + Number(of.revenueMinor - of.refundMinor - of.feesMinor), Number(order.taxMinor));
    expect(ours).toBe(moves.filter(({ externalId }) => externalId.slice(1) === String(n)).reduce((sum, { net }) => sum + net.minor, 0));
  }
  expect((await verifyLedger(orders.inventory, await db.transaction((tx) => expectReceivables(tx)))).findings).toEqual([]);
}

/** Paid by date before the provider tells, ended in the middle of the first payout, a refund, a dispute that is won and one that is lost. */
const WORST: [number, Story[], { what: 'settle' | 'end' | 'by-date' | 'read'; after: number }[]] = [
  500,
  [{ price: 9_999, tax: 811, fee: 343, told: 300, back: 2_500, dispute: 'won' }, { price: 1_188, tax: 37, fee: 65, told: null, back: 0, dispute: 'lost' }, { price: 2_000, tax: 0, fee: 88, told: 88, back: 10_000, dispute: 'none' }],
  [{ what: 'by-date', after: 0 }, { what: 'by-date', after: 0 }, { what: 'end', after: 4 }, { what: 'by-date', after: 0 }, { what: 'read', after: 0 }],
];
const step = fc.record({ what: fc.constantFrom('settle' as const, 'end' as const, 'by-date' as const, 'read' as const), after: fc.integer({ min: 0, max: 12 }) });

describe('payouts of an own shop', () => {
  it('are the sum of its orders’ movements to the cent, whatever came by date before, and nothing twice wherever it ends', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(0, 500), fc.array(story, { minLength: 1, maxLength: 5 }), fc.array(step, { maxLength: 6 }), async (kept, stories, steps) => {
      const desk = await createTestRuntime({});
      try {
        await desk.db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, desk.clock.now()));
        await live(desk, { kept, stories, steps });
      } finally {
        await desk.close();
      }
    }), { numRuns: 2, seed: 20_261_122, endOnFailure: true, examples: [WORST] });
  });
});
