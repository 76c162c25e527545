import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import http from 'node:http';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookProcedures } from '#app/receive-webhook.ts';
import { startHttpHost, type HttpHost } from '#app/transports/http.ts';
import { createPortLink, createPortServer, type EngineLink } from '#app/transports/message-port.ts';
import { createEmailChannel } from '#connectors/messaging/email.ts';
import { createSendGrid } from '#connectors/messaging/sendgrid/index.ts';
import { createSmsChannel, createTwilio, twilioSignature } from '#connectors/messaging/twilio/index.ts';
import { createChargily, createPaynow, createPaypal, createStripe } from '#connectors/payments/index.ts';
import { hashOf } from '#connectors/payments/paynow-hash.ts';
import { contract } from '#contract/index.ts';
import type { NegotiationDeps } from '#engine/negotiation/index.ts';
import { contactMark } from '#engine/customers/index.ts';
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
let eventKey: string | null;

const OWN_ADDRESS = 'desk@example.org';
/** A key pair as SendGrid makes one for an account. */
const SENDGRID = (() => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
})();

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
  const sendgrid = createSendGrid({ clock, random: seededRandom(2), log: silentLogger, baseUrl: 'http://127.0.0.1:1', credentials: async () => ({ apiKey: 'none' }) });
  closing.unshift(() => sendgrid.close());
  eventKey = SENDGRID.publicKey;
  const unread = { receive: () => Promise.reject(new Error('nobody reads')), find: async () => null, check: async () => {} };
  const email = createEmailChannel({ clock, sendgrid, mailbox: unread, address: async () => OWN_ADDRESS, eventKey: async () => eventKey });
  const channels: NegotiationDeps['channels'] = { get: (id) => ({ sms, email, ebay: null })[id] };
  const negotiation: NegotiationDeps = { ctx: runtime.context, channels, opportunities: { terms: () => Promise.reject(new Error('nobody asks')) }, phrases: { phrase: async () => null } };
  const { port1, port2 } = new MessageChannel();
  createPortServer({ router: { webhooks: createWebhookProcedures({ payments, negotiation, support: { ctx: runtime.context, channels, classifier: () => Promise.reject(new Error('nobody asks')), words: { reply: async () => null }, orderMessages: { get: () => null } } }) }, context: {} }, silentLogger).serve(port1);
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

const SELLER = 'seller@shop.example';
const CUSTOMER = 'yasmine@example.org';
const seconds = () => Math.floor(runtime.clock.now() / 1_000);
const event = (id: string, kind: string, of: Readonly<Record<string, unknown>>) => ({ email: SELLER, timestamp: seconds(), event: kind, sg_event_id: id, sg_message_id: 'x.y', ...of });
/** Signed as SendGrid signs: a line end after each event, and the last. */
function tell(events: readonly unknown[], { at = seconds(), key = SENDGRID.privateKey, change = (body: string) => body } = {}) {
  const body = `${JSON.stringify(events).split('},{').join('},\r\n{')}\r\n`;
  const headers = { 'x-twilio-email-event-webhook-timestamp': String(at), 'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(`${at}${body}`), key).toString('base64') };
  return post('/hooks/sendgrid', change(body), headers);
}
async function talk(id: string, externalId: string | null, change: { readonly state?: string; readonly recipient?: string } = {}) {
  const at = runtime.clock.now();
  await runtime.db.prisma.negotiation.create({ data: {
    id, opportunityId: `opp_${id}`, sourceId: 's', sourceName: 'S', sourceKind: 'jsonld', offerExternalId: 'x', offerUrl: 'https://shop.example/x', title: 'A camera', sellerKey: 's:amina', channel: 'email', recipient: SELLER, language: 'en', timeZone: 'UTC', state: 'awaiting-reply',
    currency: 'USD', askedMinor: 20_000, ceilingMinor: 15_000, workingMinor: 15_000, mostOffers: 6, turns: JSON.stringify([{ by: 'us', amountMinor: 12_000 }]), review: false, nextStep: 'remind', nextAt: at + HOUR_MS, evidence: '{}', evidenceSha256: '0', approvedBy: 'owner', approvedAt: at, expiresAt: at + 999 * HOUR_MS, createdAt: at, updatedAt: at, ...change,
  } });
  await runtime.db.prisma.negotiationMessage.create({ data: { id: `msg_${id}`, negotiationId: id, direction: 'out', state: externalId === null ? 'sending' : 'sent', author: 'strategy', kind: 'opening', text: 'Would you accept 120 USD?', amountMinor: 12_000, externalId, sentAt: externalId === null ? null : at, createdAt: at } });
}
const textOf = (id: string) => runtime.db.prisma.negotiationMessage.findUniqueOrThrow({ where: { id: `msg_${id}` } });
const stateOfTalk = async (id: string) => (await runtime.db.prisma.negotiation.findUniqueOrThrow({ where: { id } })).state;
const counted = () => runtime.db.prisma.mailEvent.count();

describe('notices of what became of mails', () => {
  it('tell a text that it arrived, once, and nothing of the copy to ourselves or of mails that are not ours', async () => {
    await talk('neg_a', '<rd.a@example.org>');
    const arrived = event('e1', 'delivered', { 'smtp-id': '<rd.a@example.org>' });
    const batch = [event('e0', 'processed', { 'smtp-id': '<rd.a@example.org>' }), { ...arrived, sg_event_id: 'e2', email: OWN_ADDRESS, timestamp: 5 }, event('e3', 'delivered', { 'smtp-id': '<other@example.org>' }), { new: 'kind of event' }, arrived];
    expect(await tell(batch)).toMatchObject({ status: 200 });
    const { deliveredAt } = await textOf('neg_a');
    expect(Number(deliveredAt)).toBe(seconds() * 1_000);
    runtime.clock.advanceTo(runtime.clock.now() + MINUTE_MS);
    expect((await tell([{ ...arrived, timestamp: seconds() }])).status).toBe(200);
    expect([(await textOf('neg_a')).deliveredAt, await counted()]).toEqual([deliveredAt, 1]);
  });

  it('hand a talk to the person whose mail came back or was dropped, and know it from a delay', async () => {
    for (const [id, kind, of, failed] of [['neg_b', 'bounce', { type: 'bounce', status: '5.1.1', reason: `550 no such user ${SELLER}` }, 'undeliverable: 550 no such user …'], ['neg_c', 'bounce', { type: 'blocked', status: '5.2.2', reason: '552 over quota' }, 'not delivered: 552 over quota'], ['neg_d', 'dropped', { reason: 'Bounced Address' }, 'undeliverable: Bounced Address'], ['neg_e', 'deferred', { response: '451 try later' }, null]] as const) {
      await talk(id, `<rd.${id}@example.org>`, { recipient: SELLER });
      // the argument of ours is believed where the vendor gave the mail a number of its own
      const told = event(`e-${id}`, kind, { ...of, 'smtp-id': '<theirs@sendgrid.net>', resale_desk_message: `<rd.${id}@example.org>` });
      expect((await tell([told])).status).toBe(200);
      expect((await tell([told])).status).toBe(200);
      expect([await textOf(id), await stateOfTalk(id)]).toMatchObject([{ state: failed === null ? 'sent' : 'failed', error: failed }, failed === null ? 'awaiting-reply' : 'needs-person']);
      await runtime.db.prisma.negotiation.deleteMany();
    }
    expect(await counted()).toBe(3);
  });

  it.each(['unsubscribe', 'spamreport', 'group_unsubscribe', 'dropped'])('%s: the seller is never written to again, whichever talk it was', async (kind) => {
    await talk('neg_f', '<rd.f@example.org>');
    await talk('neg_g', '<rd.g@example.org>');
    expect((await tell([event('e1', kind, { 'smtp-id': '<rd.f@example.org>', ...(kind === 'dropped' ? { reason: 'Spam Reporting Address' } : {}) })])).status).toBe(200);
    expect([await stateOfTalk('neg_f'), await stateOfTalk('neg_g')]).toEqual(['opted-out', 'opted-out']);
    expect(await runtime.db.prisma.optOut.findMany()).toMatchObject([{ channel: 'email', recipient: SELLER, sellerKey: 's:amina' }]);
    // from another mail of the account: of the address as a whole, not of another group
    expect((await tell([event('e2', kind, { email: 'else@shop.example' })])).status).toBe(200);
    expect(await runtime.db.prisma.optOut.count()).toBe(1);
  });

  it('tell of a reply to a customer, who is marked and not named', async () => {
    const at = runtime.clock.now();
    const { seal } = runtime.context;
    await runtime.db.prisma.ticket.create({ data: { id: 'tic_1', state: 'waiting-for-customer', channel: 'email', recipient: seal.seal('Ticket.recipient', CUSTOMER), handleMark: contactMark(runtime.context, { kind: 'email', value: CUSTOMER }), words: '', intent: 'shipping', language: 'en', confidenceBp: 9_000, urgency: 1, openedAt: at, lastInAt: at, updatedAt: at } });
    await runtime.db.prisma.ticketMessage.create({ data: { id: 'msg_1', ticketId: 'tic_1', channel: 'email', direction: 'out', state: 'sent', author: 'person', text: seal.seal('TicketMessage.text', 'It is on its way.'), externalId: '<rd.t@example.org>', sentAt: at, createdAt: at } });
    const of = { email: CUSTOMER.toUpperCase(), 'smtp-id': '<rd.t@example.org>' };
    expect((await tell([event('e1', 'delivered', { ...of, email: 'somebody@else.example' }), event('e2', 'delivered', of), event('e3', 'spamreport', of)])).status).toBe(200);
    expect(await runtime.db.prisma.ticketMessage.findMany()).toMatchObject([{ state: 'sent', deliveredAt: BigInt(seconds() * 1_000) }]);
    expect(await runtime.db.prisma.ticket.findMany()).toMatchObject([{ state: 'waiting-for-us' }]);
    expect(await runtime.db.prisma.mailEvent.findMany({ orderBy: { id: 'asc' } })).toMatchObject([{ id: 'e2', messageId: 'msg_1' }, { id: 'e3', messageId: 'msg_1' }]);
  });

  it('that are here before the answer to the sending come again, and count then', async () => {
    await talk('neg_h', null);
    const early = event('e1', 'delivered', { 'smtp-id': '<rd.h@example.org>' });
    expect((await tell([early])).status).toBe(503);
    await runtime.db.prisma.negotiationMessage.update({ where: { id: 'msg_neg_h' }, data: { state: 'sent', externalId: '<rd.h@example.org>' } });
    expect((await tell([early])).status).toBe(200);
    expect((await textOf('neg_h')).deliveredAt).not.toBeNull();
    // of a talk that was deleted since: nothing to wait for
    await runtime.db.prisma.negotiation.deleteMany();
    expect((await tell([event('e2', 'delivered', { timestamp: seconds() - 900, 'smtp-id': '<rd.h@example.org>' })])).status).toBe(200);
  });

  it('by somebody else, changed by a byte, recorded, from the future, or without a key entered here change nothing', async () => {
    await talk('neg_i', '<rd.i@example.org>');
    const told = [event('e1', 'unsubscribe', { 'smtp-id': '<rd.i@example.org>' })];
    const { privateKey: other } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    expect((await tell(told, { key: other })).status).toBe(400);
    // what a parser and a printer would leave out
    expect((await tell(told, { change: (body) => body.trimEnd() })).status).toBe(400);
    expect((await tell(told, { change: (body) => body.replace('unsubscribe', 'delivered  ') })).status).toBe(400);
    expect((await tell(told, { at: seconds() - 26 * 3_600 })).status).toBe(400);
    expect((await tell(told, { at: seconds() + 600 })).status).toBe(400);
    expect((await post('/hooks/sendgrid', JSON.stringify(told))).status).toBe(400);
    expect((await post('/hooks/sendgrid', Buffer.alloc(1_048_577, ' '))).status).toBe(413);
    eventKey = 'no key at all';
    expect((await tell(told)).status).toBe(400);
    eventKey = null;
    expect((await tell(told)).status).toBe(404);
    expect([await stateOfTalk('neg_i'), await counted(), await runtime.db.prisma.optOut.count()]).toEqual(['awaiting-reply', 0, 0]);
  });
});
