import { call } from '@orpc/server';
import { createChargily, createEcocash, createPaynow, createPaypal, createStripe } from '#connectors/payments/index.ts';
import { verifyBooks } from '#engine/flows/index.ts';
import { createLot, receiveLot } from '#engine/inventory/index.ts';
import { CASH, INVENTORY, post } from '#engine/ledger/index.ts';
import { createPaymentProcedures, registerPayments, requestPayment, schedulePayments, type PaymentsDeps } from '#engine/payments/index.ts';
import type { PaymentMethod, PaymentProvider } from '#engine/payments/ports.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '#engine/settings/index.ts';
import { createIdSource } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock, MINUTE_MS, type Clock } from '#kernel/time.ts';
import type { CrashProbe, Database } from '#runtime/ports.ts';
import { createFieldSeal, practiceKeyRing } from '#runtime/field-seal.ts';
import { createRuntime } from '#runtime/runtime.ts';
import {
  createChargilyVendor, createEcocashVendor, createPaynowVendor, createPaypalVendor, createStripeVendor, planOf, PRACTICE_CHARGILY, PRACTICE_ECOCASH, PRACTICE_PAYNOW, PRACTICE_PAYPAL, PRACTICE_STRIPE,
} from '#practice/vendors/payments/index.ts';
import { createWorld } from '#practice/world/index.ts';
import { count, type ChildContext, type OpenMarket, type Scenario, type Tally } from './scenario.ts';

export type ProviderId = 'stripe' | 'paypal' | 'chargily' | 'paynow' | 'ecocash';

export const START = Date.UTC(2026, 10, 2, 9);
const UNITS = 10;
const CUSTOMERS = 3;
export const PRICE = 4_250;
const DENT = 1_000;

export interface How {
  readonly method: PaymentMethod;
  readonly currency: string;
  /** The vendor's records of what was asked for, and of what was given back, where it keeps any. */
  readonly asked: string;
  readonly refunds: string | null;
}
export const HOW: Readonly<Record<ProviderId, How>> = {
  stripe: { method: 'checkout', currency: 'USD', asked: 'session:', refunds: 'refund:' }, paypal: { method: 'paypal', currency: 'USD', asked: 'order:', refunds: 'refund:' },
  chargily: { method: 'cib', currency: 'DZD', asked: 'checkout:', refunds: null }, paynow: { method: 'paynow', currency: 'USD', asked: 'transaction:', refunds: null }, ecocash: { method: 'ecocash', currency: 'USD', asked: 'payment:', refunds: 'refund:' },
};
const VENDORS = { stripe: createStripeVendor, paypal: createPaypalVendor, chargily: createChargilyVendor, paynow: createPaynowVendor, ecocash: createEcocashVendor };

function connect(id: ProviderId, clock: Clock, baseUrl: string): PaymentProvider & { close(): Promise<void> } {
  const shared = { clock, random: seededRandom(id), log: silentLogger, baseUrl, limits: { timeoutMs: 3_000 } };
  if (id === 'stripe') return createStripe({ ...shared, credentials: () => Promise.resolve(PRACTICE_STRIPE) });
  if (id === 'paypal') return createPaypal({ ...shared, credentials: () => Promise.resolve(PRACTICE_PAYPAL) });
  if (id === 'chargily') return createChargily({ ...shared, credentials: () => Promise.resolve(PRACTICE_CHARGILY) });
  if (id === 'paynow') return createPaynow({ ...shared, credentials: () => Promise.resolve(PRACTICE_PAYNOW) });
  return createEcocash({ ...shared, mode: 'live', credentials: () => Promise.resolve(PRACTICE_ECOCASH) });
}

/** The desk's payments alone, with one provider. */
export function openDesk(id: ProviderId, options: { readonly db: Database; readonly clock: Clock; readonly baseUrl: string; readonly probe?: CrashProbe; readonly seed?: string }) {
  const { db, clock, probe } = options;
  const random = seededRandom(options.seed ?? 'desk');
  const runtime = createRuntime({ db, clock, random, ids: createIdSource(clock, random), log: silentLogger, killSwitch: { isOn: () => Promise.resolve(false), isOnNow: () => false }, seal: createFieldSeal(practiceKeyRing('tests')), ...(probe ? { crashProbe: probe } : {}) });
  const provider = connect(id, clock, options.baseUrl);
  const ctx = runtime.context;
  const deps: PaymentsDeps = { ctx, orders: { ctx, inventory: { ctx } }, providers: () => [provider] };
  return { ctx, deps, close: async () => void (await Promise.all([runtime.stop(), provider.close()])) };
}

/** Ten kettles on the shelf, booked. */
async function stock(deps: PaymentsDeps): Promise<string> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    await putSetting(tx, BUSINESS, PRACTICE_BUSINESS, ctx.clock.now());
    const totalCost = money(1_500 * UNITS, 'USD');
    const lot = await createLot({ ctx }, tx, { purchaseId: 'pur_1', productId: 'prd_1', title: 'Kettle', condition: 'new', quantity: UNITS, totalCost, estimate: { profit: money(900, 'USD'), salePrice: money(PRICE, 'USD'), daysToSell: 9 } });
    await post({ ctx }, tx, { key: `kettles:${lot.id}`, kind: 'purchase', memo: 'kettles', ref: { kind: 'purchase', id: 'pur_1' }, at: ctx.clock.now(), lines: [{ account: INVENTORY, amount: totalCost }, { account: CASH, amount: money(-totalCost.minor, 'USD') }] });
    await receiveLot({ ctx }, tx, { purchaseId: lot.purchaseId, units: UNITS, damaged: 0, prepPerUnit: money(0, 'USD') });
    return lot.id;
  });
}

/** A provider's practice vendor, and of its market what is the same whatever is done there. */
export async function openProvider(id: ProviderId, seed: number) {
  const clock = new ManualClock(START);
  const world = createWorld({ seed, clock, startAt: START, productCount: 1_000, priceListRows: 10 });
  const vendor = VENDORS[id](world);
  await vendor.start();
  const market = {
    clock, facts: { baseUrl: vendor.baseUrl }, vendors: { [id]: vendor },
    catchUp: () => void world.now(),
    async prepare(db) {
      const desk = openDesk(id, { db, clock, baseUrl: vendor.baseUrl });
      const lotId = await stock(desk.deps);
      await desk.close();
      return { lotId };
    },
    async close() {
      await vendor.close();
      world.close();
    },
  } satisfies Omit<OpenMarket, 'look' | 'tally'>;
  return { clock, world, vendor, market };
}

async function open(id: ProviderId, seed: number): Promise<OpenMarket> {
  const { clock, world, vendor, market } = await openProvider(id, seed);
  const how = HOW[id];
  const refundsAtVendor = () => (how.refunds === null ? [] : world.documents(id, how.refunds).map(({ value }) => value as Readonly<Record<string, unknown>>));

  async function tally(db: Database): Promise<Tally> {
    const desk = openDesk(id, { db, clock, baseUrl: vendor.baseUrl });
    const books = await verifyBooks({ ctx: desk.ctx }, 'USD');
    await desk.close();
    const payments = await db.prisma.payment.findMany();
    const lists = { duplicates: [] as string[], losses: [] as string[] };
    const asked = world.documents(id, how.asked).length;
    // A Paynow page whose address never reached us is one that nobody was sent to.
    const sentTo = id === 'paynow' ? payments.filter((payment) => payment.url !== null).length : asked;
    count(lists, 'payments at the desk', { have: payments.length, want: CUSTOMERS });
    count(lists, 'payments asked for at the provider', { have: sentTo, want: CUSTOMERS });
    const payers = payments.filter((payment) => planOf(seed, payment.id, Number(payment.createdAt)).outcome === 'pays');
    const sales = await db.prisma.order.count();
    // EcoCash and PayPal draw their customers by an id of their own, so there the desk's own count of the paid is held to its sales
    const paid = id === 'ecocash' ? payments.filter((payment) => payment.paidMinor !== null).length : payers.length;
    count(lists, 'payments found paid', { have: payments.filter((payment) => payment.paidMinor !== null).length, want: paid });
    count(lists, 'sales booked', { have: sales, want: paid });
    if (paid === 0) lists.losses.push('nobody paid: the run proves nothing of refunds');
    const refunds = await db.prisma.paymentRefund.findMany({ where: { state: 'done' } });
    count(lists, 'refunds at the desk', { have: refunds.length, want: paid === 0 ? 0 : 2 });
    if (how.refunds !== null) count(lists, 'refunds at the provider', { have: refundsAtVendor().length, want: paid === 0 ? 0 : 2 });
    count(lists, 'minor units given back', { have: refunds.reduce((sum, refund) => sum + Number(refund.amountMinor), 0), want: paid === 0 ? 0 : PRICE });
    count(lists, 'open refunds', { have: await db.prisma.paymentRefund.count({ where: { state: { in: ['asked', 'pending'] } } }), want: 0 });
    const lots = await db.prisma.stockLot.findMany();
    count(lists, 'units moved', { have: lots.reduce((sum, lot) => sum + lot.onHand, 0), want: Object.values(books.units).reduce((sum, units) => sum + units, 0) });
    return { ...lists, effects: asked + refundsAtVendor().length, unbalanced: books.sound ? [] : [...books.findings, ...books.miscounted].map((finding) => JSON.stringify(finding)) };
  }

  // the provider's own list of what was given back, as a person reads it there: `REFERENCE AMOUNT`
  const look = (question: string) => (refundsAtVendor().some((refund) => `${String(refund['origionalEcocashTransactionReference'])} ${Math.round(Number(refund['amount']) * 100)}` === question) ? 'yes' : 'no');
  return { ...market, tally, look };
}

/** Time passes, and the desk looks now and then. */
export async function pass(context: ChildContext, work: () => Promise<void>, ms: number): Promise<void> {
  const { clock, advanceTo } = context;
  const end = clock.now() + ms;
  await work();
  while (clock.now() < end) {
    await advanceTo(Math.min(end, clock.now() + Math.round(Math.max(5 * MINUTE_MS, ms / 8))));
    await work();
  }
}

async function carry(id: ProviderId, context: ChildContext): Promise<void> {
  const { db, clock, facts, probe, seed, look } = context;
  const { ctx, deps, close } = openDesk(id, { db, clock, baseUrl: facts['baseUrl']!, probe, seed });
  const os = createPaymentProcedures(deps, 'amina');
  registerPayments(deps);
  await schedulePayments(deps);
  const { prisma } = db;
  const work = async () => void (await ctx.jobs.runDue());
  const { method, currency } = HOW[id];
  while ((await prisma.payment.count()) < CUSTOMERS) {
    await requestPayment(deps, { provider: id, method, amount: money(PRICE, currency), description: 'Kettle', lotId: facts['lotId']!, units: 1, hours: 20, by: 'amina', customer: { name: 'Tendai Moyo', email: 'tendai@example.org', phone: '0775 123 456' } });
  }
  await pass(context, work, 21 * HOUR_MS);
  const paid = await prisma.payment.findFirst({ where: { paidMinor: { not: null } }, orderBy: { id: 'asc' } });
  for (const [refund, minor] of paid ? [DENT, PRICE - DENT].entries() : []) {
    if ((await prisma.paymentRefund.count({ where: { paymentId: paid!.id, state: { not: 'failed' } } })) > refund) {
      await pass(context, work, 3 * HOUR_MS);
    } else {
      const { version } = await call(os.get, { id: paid!.id });
      await call(os.refund, { id: paid!.id, version, amount: money(minor, currency), reason: 'a dent' });
      await pass(context, work, 3 * HOUR_MS);
    }
    // EcoCash tells of no refund: a person looks into the account, says what is there, and asks again for what is not, until nothing hangs
    const findHanging = () => prisma.paymentRefund.findFirst({ where: { state: { in: ['asked', 'pending'] } }, orderBy: { id: 'asc' } });
    for (let hanging = await findHanging(); hanging; hanging = await findHanging()) {
      const { handle } = await prisma.payment.findUniqueOrThrow({ where: { id: hanging.paymentId }, select: { handle: true } });
      const reference = (JSON.parse(handle) as Readonly<Record<string, string>>)['ecocashReference'] ?? '';
      const done = (await look(`${reference} ${hanging.amountMinor}`)) === 'yes';
      await call(os.settleRefund, { refundId: hanging.id, done });
      if (done) continue;
      const { version } = await call(os.get, { id: paid!.id });
      await call(os.refund, { id: paid!.id, version, amount: money(Number(hanging.amountMinor), currency), reason: 'a dent' });
      await pass(context, work, 3 * HOUR_MS);
    }
  }
  await pass(context, work, 12 * HOUR_MS);
  await close();
}

const STEPS: Readonly<Record<ProviderId, readonly string[]>> = {
  stripe: ['effect:create', 'transact:note', 'effect:refund'], paypal: ['effect:create', 'transact:note', 'effect:capture', 'effect:refund'], chargily: ['effect:create', 'transact:note'], paynow: ['effect:create', 'transact:note'], ecocash: ['effect:create', 'transact:note', 'effect:refund'],
};

/** Three customers are asked for money; one of those who pay gets a part of it back, then the rest. */
export const payments = (id: ProviderId): Scenario => ({ name: `ask and give back: ${id}`, steps: STEPS[id], open: (seed) => open(id, seed), carry: (context) => carry(id, context) });
