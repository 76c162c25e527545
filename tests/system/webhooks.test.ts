import { createHmac } from 'node:crypto';
import http from 'node:http';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookProcedures } from '#app/receive-webhook.ts';
import { startHttpHost, type HttpHost } from '#app/transports/http.ts';
import { createPortLink, createPortServer, type EngineLink } from '#app/transports/message-port.ts';
import { createSmsChannel, createTwilio, twilioSignature } from '#connectors/messaging/twilio/index.ts';
import { createChargily, createPaynow, createPaypal, createStripe } from '#connectors/payments/index.ts';
import { hashOf } from '#connectors/payments/paynow-hash.ts';
import { contract } from '#contract/index.ts';
import type { NegotiationDeps } from '#engine/negotiation/index.ts';
import { registerPayments, requestPayment, type PaymentsDeps } from '#engine/payments/index.ts';
import type { PaymentMethod, PaymentProvider } from '#engine/payments/ports.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '#engine/settings/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { createChargilyVendor, createPaynowVendor, createPaypalVendor, createStripeVendor, practicePaypalSignature, PRACTICE_CHARGILY, PRACTICE_PAYNOW, PRACTICE_PAYPAL, PRACTICE_STRIPE } from '#practice/vendors/payments/index.ts';
import { PRACTICE_TWILIO } from '#practice/vendors/twilio/index.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import { createWorld, type World } from '#practice/world/index.ts';

const PUBLIC_URL = 'https://desk.example';
const VENDORS = { stripe: createStripeVendor, paypal: createPaypalVendor, chargily: createChargilyVendor, paynow: createPaynowVendor };
type Id = keyof typeof VENDORS;
const METHODS: Readonly<Record<Id, readonly [PaymentMethod, string]>> = { stripe: ['checkout', 'USD'], paypal: ['paypal', 'USD'], chargily: ['cib', 'DZD'], paynow: ['paynow', 'USD'] };

let runtime: TestRuntime;
let world: World;
let host: HttpHost;
let link: EngineLink | null;
let closing: (() => unknown)[] = [];
let payments: PaymentsDeps;

beforeEach(async () => {
  runtime = await createTestRuntime();
  const { clock } = runtime;
  world = createWorld({ seed: 7, clock, productCount: 1_000 });
  closing = [() => world.close()];
  const vendors = {} as Record<Id, VendorServer>;
  for (const id of Object.keys(VENDORS) as Id[]) {
    vendors[id] = VENDORS[id](world);
    await vendors[id].start();
    closing.unshift(() => vendors[id].close());
  }
  const of = (id: Id) => ({ clock, random: seededRandom(id), log: silentLogger, baseUrl: vendors[id].baseUrl, limits: { timeoutMs: 3_000 } });
  const providers: (PaymentProvider & { close(): Promise<void> })[] = [
    createStripe({ ...of('stripe'), credentials: async () => PRACTICE_STRIPE }), createPaypal({ ...of('paypal'), credentials: async () => PRACTICE_PAYPAL }),
    createChargily({ ...of('chargily'), credentials: async () => PRACTICE_CHARGILY }), createPaynow({ ...of('paynow'), credentials: async () => PRACTICE_PAYNOW }),
  ];
  for (const provider of providers) closing.unshift(() => provider.close());
  payments = { ctx: runtime.context, orders: { ctx: runtime.context, inventory: { ctx: runtime.context } }, providers: () => providers };
  await runtime.db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, clock.now()));
  registerPayments(payments);
  // a signature is checked without a call
  const twilio = createTwilio({ clock, random: seededRandom(1), log: silentLogger, baseUrl: 'http://127.0.0.1:1', credentials: async () => PRACTICE_TWILIO });
  closing.unshift(() => twilio.close());
  const sms = createSmsChannel({ twilio, clock });
  const negotiation: NegotiationDeps = { ctx: runtime.context, channels: { get: (id) => (id === 'sms' ? sms : null) }, opportunities: { terms: () => Promise.reject(new Error('nobody asks')) }, phrases: { phrase: async () => null } };
  const { port1, port2 } = new MessageChannel();
  createPortServer({ router: { webhooks: createWebhookProcedures({ payments, negotiation }) }, context: {} }, silentLogger).serve(port1);
  link = createPortLink(port2);
  host = await startHttpHost({ engine: { call: (request) => (link ? link.call(request) : Promise.reject(new Error('the engine is not running'))) }, contract, version: '1', logger: silentLogger, apiToken: 'secret-of-the-desk-0123456789', rendererDir: null, publicUrl: PUBLIC_URL });
  closing.unshift(() => port1.close(), () => host.close());
});
afterEach(async () => {
  for (const close of closing) await close();
  await runtime.close();
});

/** As a vendor behind a proxy calls: no token, the public name as host, an origin of its own. */
function post(path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, host.url), { method: 'POST', agent: false, headers: { host: 'desk.example', origin: 'https://vendor.example', 'content-type': 'application/json', ...headers } }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function ask(provider: Id): Promise<string> {
  const [method, currency] = METHODS[provider];
  const payment = await requestPayment(payments, { provider, method, amount: money(4_250, currency), description: 'Kettle', lotId: null, units: null, hours: 20, by: 'amina', customer: { name: 'Tendai Moyo', email: 'tendai@example.org', phone: '0775 123 456' } });
  await runtime.context.jobs.runDue();
  return payment.id;
}
const stateOf = async (id: string) => (await runtime.db.prisma.payment.findUniqueOrThrow({ where: { id } })).state;
const noticesOf = () => runtime.db.prisma.paymentNotice.count();

interface Notice {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}
// spaces, tabs, line ends: what a parser and a printer would not give back
const odd = (value: unknown) => `\r\n${JSON.stringify(value, null, 3).replaceAll('":', '" :\t')}\n \n`;

const NOTICES: Readonly<Record<Id, (paymentId: string, at: number) => Notice>> = {
  stripe: (id, at) => {
    const body = odd({ id: 'evt_1', object: 'event', type: 'checkout.session.completed', data: { object: { id: 'cs_1', object: 'checkout.session', client_reference_id: id, payment_intent: null, memo: 'réglé' } } });
    const t = Math.floor(at / 1_000);
    return { body, headers: { 'stripe-signature': `t=${t},v1=${createHmac('sha256', PRACTICE_STRIPE.webhookSecret).update(`${t}.${body}`).digest('hex')}` } };
  },
  paypal: (id) => {
    const body = odd({ id: 'WH-1', event_type: 'CHECKOUT.ORDER.APPROVED', resource: { id: 'x', custom_id: id, memo: 'réglé' } });
    return { body, headers: { 'paypal-auth-algo': 'SHA256withRSA', 'paypal-cert-url': 'https://api.paypal.com/cert', 'paypal-transmission-id': 't-1', 'paypal-transmission-time': '2026-11-02T14:00:00Z', 'paypal-transmission-sig': practicePaypalSignature(body) } };
  },
  chargily: (id) => {
    const body = odd({ id: 'evt_c1', entity: 'event', type: 'checkout.paid', data: { id, entity: 'checkout' } });
    return { body, headers: { signature: createHmac('sha256', PRACTICE_CHARGILY.secretKey).update(body).digest('hex') } };
  },
  paynow: (id) => {
    const fields: [string, string][] = [['reference', id], ['paynowreference', '77'], ['amount', '42.50'], ['status', 'Paid']];
    return { body: ` ${new URLSearchParams([...fields, ['hash', hashOf(fields, PRACTICE_PAYNOW.integrationKey)]]).toString()}\r\n`, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  },
};

describe('notices of payment vendors, through the real host', () => {
  it.each(Object.keys(VENDORS) as Id[])('%s: kept once, asked about at once, and not believed', async (id) => {
    const payment = await ask(id);
    runtime.clock.advanceTo(runtime.clock.now() + 21 * HOUR_MS);
    const before = await stateOf(payment);
    const notice = NOTICES[id](payment, runtime.clock.now());
    // changed on the way, by one byte
    expect(await post(`/hooks/${id}`, notice.body.replace(payment, `${payment.slice(0, -1)}~`), notice.headers)).toEqual({ status: 400, text: '' });
    // unsigned; Paynow's hash stands among its fields
    expect((await post(`/hooks/${id}`, notice.body.replace(/&hash=\w+/, ''))).status).toBe(400);
    expect(await noticesOf()).toBe(0);
    expect(await stateOf(payment)).toBe(before);

    expect((await post(`/hooks/${id}`, notice.body, notice.headers)).status).toBe(200);
    const { checks } = await runtime.db.prisma.payment.findUniqueOrThrow({ where: { id: payment } });
    expect((await post(`/hooks/${id}`, notice.body, notice.headers)).status).toBe(200);
    expect(await noticesOf()).toBe(1);
    expect((await runtime.db.prisma.payment.findUniqueOrThrow({ where: { id: payment } })).checks).toBe(checks);
    expect(await stateOf(payment)).not.toBe('open');
  });

  it('that are a recording, no notice at all, too long, or for nobody are turned away without detail', async () => {
    const payment = await ask('stripe');
    const old = NOTICES.stripe(payment, runtime.clock.now() - 10 * MINUTE_MS);
    expect(await post('/hooks/stripe', old.body, old.headers)).toEqual({ status: 400, text: '' });
    for (const id of Object.keys(VENDORS)) {
      for (const body of ['', '{', Buffer.from([0xff, 0x00, 0x80])]) expect((await post(`/hooks/${id}`, body)).status, id).toBe(400);
    }
    expect((await post('/hooks/stripe', 'x'.repeat(262_145))).status).toBe(413);
    expect((await post('/hooks/stripe', 'x'.repeat(262_144))).status).toBe(400);
    expect((await post('/hooks/stripe', '{}', { 'stripe-signature': 'x'.repeat(9_000) })).status).toBe(400);
    for (const path of ['/hooks/nobody', '/hooks/ecocash', '/hooks/__proto__', '/hooks/a/b', '/hooks/']) expect((await post(path, '{}')).status, path).toBe(404);
  });

  it('do not open any other door, and come again when the engine is away', async () => {
    expect((await post('/rpc/webhooks/receive', '{}')).status).toBe(421);
    expect((await fetch(`${host.url}/hooks/stripe`)).status).toBe(401);
    expect((await fetch(`${host.url}/rpc/webhooks/receive`, { method: 'POST', body: '{}' })).status).toBe(401);
    link = null;
    const notice = NOTICES.stripe('pay_1', runtime.clock.now());
    expect((await post('/hooks/stripe', notice.body, notice.headers)).status).toBe(503);
  });

  it('are taken by no desk that has no public address', async () => {
    const shut = await startHttpHost({ engine: { call: () => Promise.reject(new Error('nobody asks')) }, contract, version: '1', logger: silentLogger, apiToken: 'secret-of-the-desk-0123456789', rendererDir: null });
    expect((await fetch(`${shut.url}/hooks/stripe`, { method: 'POST', body: '{}' })).status).toBe(401);
    await shut.close();
  });
});

const form = (values: Readonly<Record<string, string>>, path = '/hooks/twilio') => post(path, new URLSearchParams(values).toString(), { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': twilioSignature(PRACTICE_TWILIO.authToken, `${PUBLIC_URL}${path}`, values) });

describe('a text message', () => {

  it('signed over the public address is kept once, and answered by nothing', async () => {
    const values = { MessageSid: 'SM1', From: '+213555123456', To: PRACTICE_TWILIO.number, Body: '  ok 12 mille dernier prix ✓ ' };
    const first = await form(values);
    expect(first.status).toBe(200);
    expect(first.text).toContain('<Response/>');
    expect((await form(values)).status).toBe(200);
    const [kept, ...more] = await runtime.db.prisma.inboundText.findMany();
    expect(more).toEqual([]);
    expect(kept).toMatchObject({ externalId: 'SM1', text: expect.stringMatching(/^sealed\./) as string });
    expect([runtime.context.seal.open('InboundText.sender', kept!.sender), runtime.context.seal.open('InboundText.text', kept!.text)]).toEqual(['+213555123456', '  ok 12 mille dernier prix ✓ ']);
    expect((await form({ ...values, MessageSid: 'SM2' }, '/hooks/twilio?bodySHA=1')).status).toBe(200);
    // a status report is Twilio's too, and no message
    expect((await form({ SmsStatus: 'delivered' })).status).toBe(200);
    expect(await runtime.db.prisma.inboundText.count()).toBe(2);
  });

  it('signed by somebody else, or for another address, is refused', async () => {
    const values = { MessageSid: 'SM1', From: '+213555123456', Body: 'ok' };
    const body = new URLSearchParams(values).toString();
    for (const signature of ['', 'x', twilioSignature('another token', `${PUBLIC_URL}/hooks/twilio`, values), twilioSignature(PRACTICE_TWILIO.authToken, `${host.url}/hooks/twilio`, values)]) {
      expect((await post('/hooks/twilio', body, { 'x-twilio-signature': signature })).status).toBe(400);
    }
    expect(await runtime.db.prisma.inboundText.count()).toBe(0);
  });
});
