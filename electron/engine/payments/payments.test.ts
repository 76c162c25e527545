/** What a provider may do to the books and to the desk, with a provider of the test's own. Those of the vendors are in `tests/system/payments.test.ts`. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import { createKillSwitch, type HeldKillSwitch } from '#runtime/kill-switch.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { readBalances, verifyLedger } from '../ledger/index.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '../settings/index.ts';
import { cancelPayment, requestPayment } from './request-payment.ts';
import { checkPayment, receiveNotice } from './check-payment.ts';
import type { PaymentsDeps } from './deps.ts';
import type { PaymentProvider, PaymentReading, ProviderDispute, ProviderPayout } from './ports.ts';
import { refundPayment, settleRefund } from './refund-payment.ts';
import { registerPayments, schedulePayments } from './register-payments.ts';
import { settlePayoutsJob } from './settle-payouts.ts';

let desk: TestRuntime;
let deps: PaymentsDeps;
let killSwitch: HeldKillSwitch;
let reading: PaymentReading;
let payouts: ProviderPayout[];
let disputes: ProviderDispute[];
/** What reached the provider and changes something there. */
let calls: string[];
let beforeEffect: (step: string) => void;
/** What comes to pass between the provider's work and its answer. */
let beforeAnswer: () => Promise<void>;

const none = { fee: null, refunded: null, handle: { id: 'p1' } };
const called = <T>(what: string, answer: T): Promise<T> => {
  calls.push(what);
  return Promise.resolve(answer);
};
const provider: PaymentProvider = {
  id: 'square', name: 'Square', methods: ['checkout'], currencies: null, needs: {}, refunds: true,
  check: () => Promise.resolve(), find: () => Promise.resolve('absent'), read: () => Promise.resolve(reading), readWebhook: () => Promise.resolve({ eventId: 'evt_1', about: 'p1', kind: 'paid' }),
  create: async () => {
    await beforeAnswer();
    return called('create', { handle: { id: 'p1' }, url: 'https://pay.example/p1', expiresAt: null });
  },
  capture: () => called('capture', { ...reading, state: 'paid' as const }),
  refund: ({ amount }) => called(`refund ${amount.minor}`, { externalId: 're_1', state: 'done' as const }), findRefund: () => Promise.resolve('absent'),
  cancel: () => called('cancel', undefined),
  payouts: async function* each() { yield* payouts; },
  disputes: async function* each() { yield* disputes; },
};

beforeEach(async () => {
  killSwitch = await createKillSwitch(() => Promise.resolve(false));
  disputes = [];
  [reading, payouts, calls, beforeEffect, beforeAnswer] = [{ state: 'open', status: 'open', paid: null, ...none }, [], [], () => undefined, () => Promise.resolve()];
  desk = await createTestRuntime({ killSwitch, crashProbe: (point) => { if (point.endsWith(':before')) beforeEffect(point); } });
  deps = { ctx: desk.context, orders: { ctx: desk.context, inventory: { ctx: desk.context } }, providers: () => [provider] };
  await desk.db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, desk.clock.now()));
  registerPayments(deps);
});
afterEach(() => desk.close());

const ask = async (currency = 'USD') => {
  const { id } = await requestPayment(deps, { provider: 'square', method: 'checkout', amount: money(4_250, currency), description: 'Kettle', lotId: null, units: null, hours: 20, by: 'amina', customer: { name: null, email: null, phone: null } });
  await desk.context.jobs.runDue();
  return id;
};
const paidOne = async (currency = 'USD') => {
  const id = await ask(currency);
  reading = { ...none, state: 'paid', status: 'paid', paid: money(4_250, currency) };
  return checkPayment(deps, id);
};
const settle = () => settlePayoutsJob(deps).run({}, { jobId: 'job_1', attempt: 1, signal: new AbortController().signal, progress: () => undefined });
const balances = async () => Object.fromEntries((await readBalances(desk.db.prisma)).filter(({ amount }) => amount.minor !== 0).map(({ account, amount }) => [`${account} ${amount.currency}`, amount.minor]));
const sound = async () => (await verifyLedger(deps.orders)).findings;

it('nothing leaves while everything is stopped, whoever set it going: asked for, taken after a notice, given back, closed', async () => {
  const id = await ask();
  const paid = await paidOne();
  calls = [];
  killSwitch.press();
  await ask();
  reading = { ...none, state: 'to-capture', status: 'approved', paid: null };
  await desk.db.prisma.paymentAlias.updateMany({ where: { value: 'p1' }, data: { paymentId: id } });
  expect(await receiveNotice(deps, 'square', { raw: new Uint8Array(), headers: {} })).toBe('asked');
  await refundPayment(deps, { id: paid.id, version: paid.version, amount: money(100, 'USD'), reason: 'a dent', by: 'amina' });
  const open = await desk.db.prisma.payment.findFirstOrThrow({ where: { state: 'capturing' } });
  expect(open.id).toBe(id);
  await desk.runUntil(desk.clock.now() + 10 * MINUTE_MS);
  expect(calls).toEqual([]);
  killSwitch.release();
  await desk.runUntil(desk.clock.now() + 5 * MINUTE_MS);
  expect(calls.toSorted()).toEqual(['capture', 'create', 'refund 100']);

  reading = { ...none, state: 'open', status: 'open', paid: null };
  const last = await ask();
  killSwitch.press();
  const { version } = await desk.db.prisma.payment.findUniqueOrThrow({ where: { id: last } });
  await expect(cancelPayment(deps, { id: last, version, by: 'amina' })).rejects.toMatchObject({ code: 'KILL_SWITCH' });
  expect(calls).not.toContain('cancel');
});

it('a customer who pays before the provider’s answer to the asking is here, with the notice of it, is booked once', async () => {
  const notice = () => receiveNotice(deps, 'square', { raw: new Uint8Array(), headers: {} });
  const heard: string[] = [];
  beforeAnswer = async () => {
    reading = { ...none, state: 'paid', status: 'paid', paid: money(4_250, 'USD') };
    heard.push(await notice());
  };
  await schedulePayments(deps);
  const id = await ask();
  await desk.runUntil(desk.clock.now() + 5 * MINUTE_MS);
  heard.push(await notice());
  expect([calls, heard, (await desk.db.prisma.payment.findUniqueOrThrow({ where: { id } })).state, await desk.db.prisma.order.count()]).toEqual([['create'], ['foreign', 'known'], 'paid', 1]);
  expect(await sound()).toEqual([]);
});

it('money that a person gave back by hand at the very moment is not given back once more', async () => {
  const paid = await paidOne();
  killSwitch.press();
  const asked = await refundPayment(deps, { id: paid.id, version: paid.version, amount: money(4_250, 'USD'), reason: 'sent back', by: 'amina' });
  const { id: refundId } = await desk.db.prisma.paymentRefund.findFirstOrThrow({ where: { paymentId: asked.id } });
  await desk.runUntil(desk.clock.now() + 20 * MINUTE_MS);
  killSwitch.release();
  let settled: Promise<unknown> = Promise.resolve();
  beforeEffect = (step) => { if (step.includes('refund')) settled = settleRefund(deps, { refundId, done: true, by: 'amina' }); };
  await desk.runUntil(desk.clock.now() + HOUR_MS);
  await settled;
  expect(calls.filter((one) => one.startsWith('refund'))).toEqual([]);
  expect(await desk.db.prisma.paymentRefund.findMany()).toMatchObject([{ state: 'done', externalId: 'by-hand' }]);
  expect((await desk.db.prisma.payment.findUniqueOrThrow({ where: { id: paid.id } })).state).toBe('refunded');
  expect(await sound()).toEqual([]);
});

it('what comes in by another currency than was asked for is booked under none, and a person is told once', async () => {
  const id = await ask('USD');
  reading = { ...none, state: 'paid', status: 'paid', paid: money(4_250, 'DZD') };
  for (let n = 0; n < 2; n++) expect(await checkPayment(deps, id)).toMatchObject({ state: 'open', paid: null, orderId: null, problem: { code: 'payment.other-currency' } });
  expect([await balances(), await desk.db.prisma.paymentEvent.count({ where: { kind: 'other-currency' } })]).toEqual([{}, 1]);
  // a fee in another currency is not known in this one
  reading = { ...none, state: 'paid', status: 'paid', paid: money(4_250, 'USD'), fee: money(9_999, 'DZD'), refunded: money(4_250, 'EUR') };
  expect(await checkPayment(deps, id)).toMatchObject({ state: 'paid', fee: null, refunded: money(0, 'USD'), problem: null });
  expect(await balances()).toEqual({ 'assets:receivable:square USD': 4_250, 'income:sales USD': -4_250 });
});

const line = (externalId: string, of: string, kind: 'payment' | 'refund', [gross, fee]: readonly [number, number]) => ({ externalId, of, kind, gross: money(gross, 'USD'), fee: money(fee, 'USD'), net: money(gross - fee, 'USD'), description: '' });

it('a payout in another currency than its payments clears what was owed in theirs, at the provider’s rate, and leaves nothing unexplained', async () => {
  const paid = await paidOne('EUR');
  await refundPayment(deps, { id: paid.id, version: paid.version, amount: money(1_000, 'EUR'), reason: 'a dent', by: 'amina' });
  await desk.context.jobs.runDue();
  payouts = [{ externalId: 'po_1', state: 'paid', amount: money(3_360, 'USD'), arrivesAt: desk.clock.now(), lines: [line('l1', 'p1', 'payment', [4_590, 150]), line('l2', 're_1', 'refund', [-1_080, 0])] }];
  await settle();
  await settle();
  expect(await balances()).toEqual({
    'assets:cash USD': 3_360, 'expenses:fees:square USD': 150, 'income:sales EUR': -4_250, 'income:refunds EUR': 1_000, 'equity:fx EUR': 3_250, 'equity:fx USD': -3_510,
  });
  expect((await desk.db.prisma.ledgerEntry.findFirstOrThrow({ where: { kind: 'payout' } })).memo).toBe('square po_1 (32.50 EUR as 35.10 USD)');
  expect(await sound()).toEqual([]);
});

it.each([['USD', 'USD', 5_750], ['USD', 'EUR', 4_250], ['EUR', 'USD', 0]] as const)('a dispute over %s with a fee in %s that is lost takes what it took, and no figure of another currency', async (of, feeIn, taken) => {
  const paid = await paidOne('USD');
  disputes = [{ externalId: 'dp_1', of: 'p1', state: 'lost', amount: money(4_250, of), fee: money(1_500, feeIn), reason: 'fraudulent', answerBy: null }];
  await settle();
  expect((await desk.db.prisma.payment.findUniqueOrThrow({ where: { id: paid.id } })).state).toBe('lost');
  expect(4_250 - ((await balances())['assets:receivable:square USD'] ?? 0)).toBe(taken);
  expect([await sound(), await desk.db.prisma.paymentEvent.count({ where: { kind: 'other-currency' } })]).toEqual([[], of === 'USD' ? 0 : 1]);
});

it('a payout that the bank sent back after it had arrived is owed again, once', async () => {
  await paidOne();
  const before = await balances();
  payouts = [{ externalId: 'po_1', state: 'paid', amount: money(4_100, 'USD'), arrivesAt: desk.clock.now(), lines: [line('l1', 'p1', 'payment', [4_250, 150])] }];
  await settle();
  const arrived = await balances();
  expect(arrived['assets:cash USD']).toBe(4_100);
  payouts = [{ ...payouts[0]!, state: 'failed' }];
  await settle();
  await settle();
  expect(await balances()).toEqual({ ...before, 'assets:receivable:square USD': 4_100, 'expenses:fees:square USD': 150 });
  expect([await sound(), await desk.db.prisma.payout.findMany()]).toMatchObject([[], [{ state: 'failed', bookedAt: null }]]);
});
