import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { call, ORPCError } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChargily, createEcocash, createPaynow, createPaypal, createStripe } from '#connectors/payments/index.ts';
import { verifyBooks } from '#engine/flows/index.ts';
import { createLot, receiveLot } from '#engine/inventory/index.ts';
import { INVENTORY, CASH, post, readBalances, SUSPENSE } from '#engine/ledger/index.ts';
import { createPaymentProcedures, forgetPhones, PAYMENT_TRANSITIONS, receiveNotice, registerPayments, requestPayment, schedulePayments, settlePayoutsJob, type PaymentsDeps } from '#engine/payments/index.ts';
import type { PaymentMethod, PaymentProvider } from '#engine/payments/ports.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '#engine/settings/index.ts';
import { DomainError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import {
  createChargilyVendor, createEcocashVendor, createPaynowVendor, createPaypalVendor, createStripeVendor, planOf, PRACTICE_CHARGILY, PRACTICE_ECOCASH, PRACTICE_PAYNOW, PRACTICE_PAYPAL, PRACTICE_STRIPE,
} from '#practice/vendors/payments/index.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { explore, traps } from '#tests/support/state-machine.ts';

const VENDORS = { stripe: createStripeVendor, paypal: createPaypalVendor, chargily: createChargilyVendor, paynow: createPaynowVendor, ecocash: createEcocashVendor };
type Id = keyof typeof VENDORS;
const METHODS: Readonly<Record<Id, { readonly method: PaymentMethod; readonly currency: string }>> = {
  stripe: { method: 'checkout', currency: 'USD' }, paypal: { method: 'paypal', currency: 'USD' }, chargily: { method: 'cib', currency: 'DZD' }, paynow: { method: 'paynow', currency: 'USD' }, ecocash: { method: 'ecocash', currency: 'USD' },
};

let runtime: TestRuntime;
let world: World;
const vendors = {} as Record<Id, VendorServer>;
const providers = {} as Record<Id, PaymentProvider & { close(): Promise<void> }>;
let deps: PaymentsDeps;
let os: ReturnType<typeof createPaymentProcedures>;

beforeEach(async () => {
  runtime = await createTestRuntime();
  const { clock } = runtime;
  world = createWorld({ seed: 7, clock, productCount: 1_000 });
  for (const id of Object.keys(VENDORS) as Id[]) {
    vendors[id] = VENDORS[id](world);
    await vendors[id].start();
  }
  const of = (id: Id) => ({ clock, random: seededRandom(id), log: silentLogger, baseUrl: vendors[id].baseUrl, limits: { timeoutMs: 3_000 } });
  providers.stripe = createStripe({ ...of('stripe'), credentials: async () => PRACTICE_STRIPE });
  providers.paypal = createPaypal({ ...of('paypal'), credentials: async () => PRACTICE_PAYPAL });
  providers.chargily = createChargily({ ...of('chargily'), credentials: async () => PRACTICE_CHARGILY });
  providers.paynow = createPaynow({ ...of('paynow'), credentials: async () => PRACTICE_PAYNOW });
  providers.ecocash = createEcocash({ ...of('ecocash'), mode: 'live', credentials: async () => PRACTICE_ECOCASH });
  deps = { ctx: runtime.context, orders: { ctx: runtime.context, inventory: { ctx: runtime.context } }, providers: () => Object.values(providers) };
  await runtime.db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, clock.now()));
  registerPayments(deps);
  await schedulePayments(deps);
  os = createPaymentProcedures(deps, 'amina');
});
afterEach(async () => {
  await runtime.close();
  await Promise.all([...Object.values(vendors), ...Object.values(providers)].map((opened) => opened.close()));
  expect(Object.values(vendors).flatMap((vendor) => vendor.bugs)).toEqual([]);
  world.close();
});

/** A kettle on the shelf, booked. */
async function stock(units: number): Promise<string> {
  const { context, db } = runtime;
  return db.transaction(async (tx) => {
    const totalCost = money(1_500 * units, 'USD');
    const lot = await createLot({ ctx: context }, tx, { purchaseId: `pur_${units}`, productId: 'prd_1', title: 'Kettle', condition: 'new', quantity: units, totalCost, estimate: { profit: money(900, 'USD'), salePrice: money(4_250, 'USD'), daysToSell: 9 } });
    await post({ ctx: context }, tx, { key: `test:${lot.id}`, kind: 'purchase', memo: 'kettles', ref: { kind: 'purchase', id: 'pur_1' }, at: context.clock.now(), lines: [{ account: INVENTORY, amount: totalCost }, { account: CASH, amount: money(-totalCost.minor, 'USD') }] });
    await receiveLot({ ctx: context }, tx, { purchaseId: lot.purchaseId, units, damaged: 0, prepPerUnit: money(0, 'USD') });
    return lot.id;
  });
}

async function ask(id: Id, more: { readonly lotId?: string; readonly minor?: number } = {}) {
  const { method, currency } = METHODS[id];
  return requestPayment(deps, {
    provider: id, method, amount: money(more.minor ?? 4_250, currency), description: 'Kettle', lotId: more.lotId ?? null, units: more.lotId ? 1 : null, hours: 20, by: 'amina',
    customer: { name: 'Tendai Moyo', email: 'tendai@example.org', phone: '0775 123 456' },
  });
}

const read = (id: string) => call(os.get, { id });

/** Time passes, and the desk looks now and then, as one does that was asleep meanwhile: missed turns are one turn. */
async function pass(ms: number): Promise<void> {
  const end = runtime.clock.now() + ms;
  await runtime.context.jobs.runDue();
  while (runtime.clock.now() < end) {
    runtime.clock.advanceTo(Math.min(end, runtime.clock.now() + Math.max(5 * MINUTE_MS, ms / 12)));
    await runtime.context.jobs.runDue();
  }
}

/** Asks several customers at once, and takes the first who leaves a payment so. */
async function askUntil(id: Id, state: string, more: { readonly lotId?: string } = {}) {
  const several: Awaited<ReturnType<typeof ask>>[] = [];
  for (let n = 0; n < (state === 'paid' ? 4 : 24); n++) several.push(await ask(id, more));
  await pass(21 * HOUR_MS);
  for (const payment of several) {
    const after = await read(payment.id);
    if (after.state === state) return after;
  }
  throw new Error(`no customer of ${id} who leaves a payment ${state}`);
}

const books = async () => (await verifyBooks({ ctx: runtime.context }, 'USD')).findings;
const balance = async (account: string, currency = 'USD') => (await readBalances(runtime.db.prisma)).find((line) => line.account === account && line.amount.currency === currency)?.amount.minor ?? 0;
const asked = (id: Id) => world.documents(id, { stripe: 'session:', paypal: 'order:', chargily: 'checkout:', paynow: 'transaction:', ecocash: 'payment:' }[id]).length;
const refusal = (promise: Promise<unknown>) => promise.then(() => 'none', (thrown: unknown) => {
  const error = thrown instanceof ORPCError ? thrown.cause : thrown;
  return error instanceof DomainError ? `${error.code} ${String(error.data['field'] ?? error.data['state'])}` : thrown;
});

it('has no state that cannot be reached, and ends where it says', () => {
  const { reachable, terminal } = explore(PAYMENT_TRANSITIONS, ['requesting']);
  expect([...reachable].toSorted()).toEqual(Object.keys(PAYMENT_TRANSITIONS).toSorted());
  expect(terminal).toEqual(['refunded', 'lost']);
  expect(traps(PAYMENT_TRANSITIONS)).toEqual([]);
});

describe.each(Object.keys(VENDORS) as Id[])('a payment through %s', (id) => {
  it('is asked for once, found paid, sold from stock, and balances', async () => {
    const lotId = await stock(40);
    const paid = await askUntil(id, 'paid', { lotId });
    expect(paid).toMatchObject({ paid: paid.amount, problem: null, customerName: 'Tendai Moyo' });
    const order = await runtime.db.prisma.order.findFirstOrThrow({ where: { id: paid.orderId! }, include: { lines: true } });
    expect(order).toMatchObject({ channel: id, externalId: paid.id, state: 'paid' });
    expect(order.lines[0]).toMatchObject({ lotId, quantity: 1 });
    expect(await books()).toEqual([]);
    expect(paid.events.map((event) => event.kind).filter((kind) => kind !== 'capturing' && kind !== 'processing')).toEqual([...(id === 'ecocash' ? ['requesting'] : ['requesting', 'open']), 'paid']);
  });

  it('that nobody pays ends, and leaves the stock where it is', async () => {
    const ended = await askUntil(id, { stripe: 'expired', paypal: 'expired', chargily: 'failed', paynow: 'cancelled', ecocash: 'expired' }[id]);
    expect(ended.orderId).toBeNull();
    await pass(3 * DAY_MS);
    expect((await read(ended.id)).checkAt).toBeNull();
  });

  it('is asked for once although the answer was lost', async () => {
    vendors[id].setFaults({ rate: 1, kinds: ['cut-after'], routes: ['create-session', 'create', 'initiate', 'pay'], limit: 1 });
    const payment = await ask(id);
    await pass(10 * MINUTE_MS);
    expect((await read(payment.id)).state).not.toBe('requesting');
    // a Paynow page whose address was lost is one that nobody was sent to: another is made
    expect(asked(id)).toBe(id === 'paynow' ? 2 : 1);
  });

  it('is given back in part and in whole, never more than came in', async () => {
    const paid = await askUntil(id, 'paid', { lotId: await stock(40) });
    const { currency } = paid.amount;
    await call(os.refund, { id: paid.id, version: paid.version, amount: money(1_000, currency), reason: 'a dent' });
    await pass(3 * HOUR_MS);
    let now = await read(paid.id);
    // EcoCash never tells what became of a refund: a person looks
    if (id === 'ecocash') now = await call(os.settleRefund, { refundId: now.refunds[0]!.id, done: true });
    expect(now).toMatchObject({ state: 'paid', refunded: money(1_000, currency), refundable: money(3_250, currency) });
    expect(await refusal(call(os.refund, { id: paid.id, version: now.version, amount: money(3_251, currency), reason: 'too much' }))).toBe('INVALID amount');
    await call(os.refund, { id: paid.id, version: now.version, amount: money(3_250, currency), reason: 'sent back' });
    await pass(3 * HOUR_MS);
    now = await read(paid.id);
    if (id === 'ecocash') now = await call(os.settleRefund, { refundId: now.refunds[1]!.id, done: true });
    expect(now.state).toBe('refunded');
    expect((await runtime.db.prisma.order.findUniqueOrThrow({ where: { id: paid.orderId! } })).state).toBe('refunded');
    expect(await books()).toEqual([]);
    expect(await refusal(call(os.refund, { id: paid.id, version: now.version, amount: money(1, currency), reason: 'again' }))).toBe('WRONG_STATE refunded');
  });
});

describe('payments', () => {
  it('leave what cannot be looked up to a person, and ask again only on their word', async () => {
    vendors.paynow.setFaults({ rate: 1, kinds: ['cut-after'], routes: ['remote'], limit: 1 });
    const payment = await requestPayment(deps, { provider: 'paynow', method: 'ecocash', amount: money(900, 'USD'), description: 'Cable', lotId: null, units: null, hours: 20, by: 'amina', customer: { name: null, email: null, phone: '0771111111' } });
    await pass(2 * HOUR_MS);
    const unclear = await read(payment.id);
    expect(unclear).toMatchObject({ state: 'unclear', problem: { code: 'payment.unclear' } });
    expect(asked('paynow')).toBe(1);
    await call(os.requestAgain, { id: payment.id, version: unclear.version });
    await pass(HOUR_MS);
    expect((await read(payment.id)).state).toBe('paid');
    expect(asked('paynow')).toBe(2);
  });

  it('keep a payer’s number sealed and nowhere else, and go without it once it was erased', async () => {
    const raw = () => ['', '-wal'].map((end) => (existsSync(`${runtime.db.file}${end}`) ? readFileSync(`${runtime.db.file}${end}`, 'latin1') : '')).join('');
    const paid = await askUntil('ecocash', 'paid');
    await requestPayment(deps, { provider: 'paynow', method: 'ecocash', amount: money(900, 'USD'), description: 'Cable', lotId: null, units: null, hours: 20, by: 'amina', customer: { name: null, email: null, phone: '0775 123 456' } });
    await pass(HOUR_MS);
    expect(paid.customerPhone).toBe('••• 456');
    for (const shape of ['775123456', '775 123 456']) expect(raw()).not.toContain(shape);
    // what an older program left
    const row = await runtime.db.prisma.payment.findUniqueOrThrow({ where: { id: paid.id } });
    const step = await runtime.db.prisma.workflowStep.findFirstOrThrow({ where: { output: { contains: `"reference"` } } });
    await runtime.db.transaction(async (tx) => {
      await tx.payment.update({ where: { id: paid.id }, data: { handle: JSON.stringify({ ...(JSON.parse(row.handle) as object), msisdn: '263775123456' }) } });
      await tx.paymentAlias.create({ data: { provider: 'ecocash', value: '263775123456', paymentId: paid.id } });
      await tx.workflowStep.updateMany({ where: { workflowId: step.workflowId, name: step.name }, data: { output: step.output!.replace('"reference"', '"msisdn":"263775123456","reference"') } });
    });
    expect([raw().includes('775123456'), await forgetPhones(runtime.context), await forgetPhones(runtime.context), raw().includes('775123456')]).toEqual([true, 1, 0, false]);
    expect((await runtime.db.prisma.workflowStep.findUniqueOrThrow({ where: { workflowId_name: { workflowId: step.workflowId, name: step.name } } })).output).toBe(step.output);
    await runtime.db.transaction((tx) => tx.payment.updateMany({ data: { customerName: null, customerEmail: null, customerPhone: null, customerWords: null } }));
    const now = await read(paid.id);
    await call(os.refund, { id: paid.id, version: now.version, amount: money(100, 'USD'), reason: 'a dent' });
    await pass(MINUTE_MS);
    expect((await read(paid.id)).refunds).toMatchObject([{ state: 'failed', error: expect.stringContaining('phone number is not kept') }]);
  });

  it('say which field is wrong', async () => {
    const base = { provider: 'ecocash', method: 'ecocash' as const, amount: money(900, 'USD'), description: 'Cable', lotId: null, units: null, hours: 20, by: 'amina', customer: { name: null, email: null, phone: null } };
    expect(await refusal(requestPayment(deps, base))).toBe('INVALID customer.phone');
    expect(await refusal(requestPayment(deps, { ...base, method: 'link' }))).toBe('INVALID method');
    expect(await refusal(requestPayment(deps, { ...base, amount: money(0, 'USD') }))).toBe('INVALID amount');
    expect(await refusal(requestPayment(deps, { ...base, amount: money(900, 'DZD') }))).toBe('INVALID amount');
    expect(await refusal(requestPayment(deps, { ...base, provider: 'square' }))).toBe('INVALID provider');
    const lotId = await stock(2);
    expect(await refusal(requestPayment(deps, { ...base, customer: { name: null, email: null, phone: '0771' }, lotId, units: 3 }))).toBe('INVALID units');
    const refused = await requestPayment(deps, { ...base, customer: { name: null, email: null, phone: '12' } });
    await pass(MINUTE_MS);
    expect(await read(refused.id)).toMatchObject({ state: 'failed', problem: { code: 'payment.refused' } });
  });

  it('are not given back any more once a person said that they were not, and took it into their own hands', async () => {
    const paid = await askUntil('stripe', 'paid');
    vendors.stripe.setFaults({ rate: 1, kinds: ['cut-before'], routes: ['refund'] });
    const { refunds: [asking] } = await call(os.refund, { id: paid.id, version: paid.version, amount: money(1_000, paid.amount.currency), reason: 'a dent' });
    await pass(MINUTE_MS);
    expect(await refusal(call(os.settleRefund, { refundId: asking!.id, done: false }))).toBe('INVALID refundId');
    await pass(15 * MINUTE_MS);
    expect((await read(paid.id)).refunds).toMatchObject([{ state: 'asked', hangs: true }]);
    expect((await call(os.settleRefund, { refundId: asking!.id, done: false })).refunds).toMatchObject([{ state: 'failed', hangs: false }]);
    vendors.stripe.setFaults({ rate: 0 });
    await pass(3 * HOUR_MS);
    expect((await read(paid.id)).refunds).toMatchObject([{ state: 'failed' }]);
    expect(world.documents('stripe', 'refund:')).toEqual([]);
  });

  it.each([['stripe', 25 * HOUR_MS], ['paypal', 46 * DAY_MS]] as const)('are given back once through %s also where the answer was lost and the desk was away for longer than keys are known there', async (id, away) => {
    const paid = await askUntil(id, 'paid', { lotId: await stock(40) });
    vendors[id].setFaults({ rate: 1, kinds: ['cut-after'], routes: ['refund'] });
    await call(os.refund, { id: paid.id, version: paid.version, amount: money(1_000, 'USD'), reason: 'a dent' });
    await runtime.context.jobs.runDue();
    vendors[id].setFaults({ rate: 0 });
    expect([(await read(paid.id)).refunds[0]!.state, world.documents(id, 'refund:').length]).toEqual(['asked', 1]);
    runtime.clock.advanceTo(runtime.clock.now() + away);
    await pass(3 * HOUR_MS);
    expect(world.documents(id, 'refund:')).toHaveLength(1);
    expect(await read(paid.id)).toMatchObject({ refunded: money(1_000, 'USD'), refunds: [{ state: 'done' }] });
    expect(await books()).toEqual([]);
  });

  it('for longer than a day are asked for once although the answer was lost: the repeat says the same', async () => {
    vendors.stripe.setFaults({ rate: 1, kinds: ['cut-after'], routes: ['create-session'], limit: 3 });
    const { id } = await requestPayment(deps, { provider: 'stripe', method: 'checkout', amount: money(900, 'USD'), description: 'Cable', lotId: null, units: null, hours: 72, by: 'amina', customer: { name: null, email: null, phone: null } });
    await pass(10 * MINUTE_MS);
    expect([(await read(id)).url !== null, asked('stripe')]).toEqual([true, 1]);
  });

  it('cannot be paid any more once they are cancelled', async () => {
    const payment = await ask('stripe');
    await pass(MINUTE_MS);
    const open = await read(payment.id);
    const cancelled = await call(os.cancel, { id: payment.id, version: open.version });
    expect(cancelled.state).toBe('cancelled');
    await pass(2 * DAY_MS);
    expect((await read(payment.id)).state).toBe('cancelled');
  });

  it('are looked at when a signed notice says so, once for each notice', async () => {
    let payment = await ask('stripe');
    while (planOf(7, payment.id, runtime.clock.now()).outcome !== 'pays') payment = await ask('stripe');
    await pass(MINUTE_MS);
    const session = (await runtime.db.prisma.paymentAlias.findMany({ where: { paymentId: payment.id } })).find(({ value }) => value.startsWith('cs_'))!.value;
    runtime.clock.advanceTo(planOf(7, payment.id, runtime.clock.now()).at + 1_000);
    const notice = (at = runtime.clock.now(), secret = PRACTICE_STRIPE.webhookSecret) => {
      const raw = Buffer.from(JSON.stringify({ id: 'evt_1', object: 'event', type: 'checkout.session.completed', data: { object: { id: session, object: 'checkout.session', client_reference_id: null, payment_intent: null } } }));
      const t = Math.floor(at / 1_000);
      return { raw, headers: { 'stripe-signature': `t=${t},v1=${createHmac('sha256', secret).update(`${t}.`).update(raw).digest('hex')}` } };
    };
    await expect(receiveNotice(deps, 'stripe', notice(undefined, 'whsec_other'))).rejects.toThrow('not Stripe’s');
    await expect(receiveNotice(deps, 'stripe', notice(runtime.clock.now() - 10 * MINUTE_MS))).rejects.toThrow('too old');
    expect((await read(payment.id)).state).toBe('open');
    expect(await receiveNotice(deps, 'stripe', notice())).toBe('asked');
    expect((await read(payment.id)).state).toBe('paid');
    expect(await receiveNotice(deps, 'stripe', notice())).toBe('known');
    expect(await runtime.db.prisma.order.count()).toBe(1);
  });

  it('are settled by payouts, movement by movement, also those that a bank took back', async () => {
    let disputed: string | null = null;
    for (let n = 0; n < 400 && disputed === null; n++) {
      const payment = await ask('stripe', { minor: 3_000 + n });
      if (planOf(7, payment.id, runtime.clock.now()).disputedAt !== null) disputed = payment.id;
      else if (n > 5) await runtime.db.prisma.workflow.deleteMany({ where: { key: { contains: payment.id } } });
    }
    await pass(21 * HOUR_MS);
    expect((await read(disputed!)).state).toBe('paid');
    await pass(60 * DAY_MS);
    expect(await read(disputed!)).toMatchObject({ state: 'lost' });
    const payouts = await call(os.payouts, { limit: 200 });
    expect(payouts.length).toBeGreaterThan(1);
    expect(payouts.filter((payout) => !payout.booked || payout.difference.minor !== 0)).toEqual([]);
    expect(await books()).toEqual([]);
    // all that Stripe owed has come, and what a dispute took is booked as a refund with its fee
    expect(await balance('assets:receivable:stripe')).toBe(0);
    expect(await balance(SUSPENSE)).toBe(0);
    expect((await call(os.disputes, undefined))[0]).toMatchObject({ paymentId: disputed, state: 'lost', fee: money(1_500, 'USD') });
    const before = await runtime.db.prisma.ledgerEntry.count();
    await settlePayoutsJob(deps).run({}, { jobId: 'job_1', attempt: 1, signal: new AbortController().signal, progress: () => undefined });
    expect(await runtime.db.prisma.ledgerEntry.count()).toBe(before);
  });

  it('through a provider that names no payouts are settled by what a person saw arrive', async () => {
    await askUntil('chargily', 'paid');
    const owed = await balance('assets:receivable:chargily', 'DZD');
    expect(owed).toBeGreaterThan(0);
    await call(os.recordPayout, { provider: 'chargily', amount: money(owed, 'DZD'), reference: 'CCP 2026-11-25' });
    expect(await balance('assets:receivable:chargily', 'DZD')).toBe(0);
    expect(await refusal(call(os.recordPayout, { provider: 'chargily', amount: money(owed, 'DZD'), reference: 'CCP 2026-11-25' }))).toBe('INVALID reference');
    expect(await books()).toEqual([]);
  });
});
