import { generateKeyPairSync, sign } from 'node:crypto';
import { EventWebhook } from '@sendgrid/eventwebhook';
import twilioPackage from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEbayMessages, messageSchema as ebayMessageSchema } from '#connectors/messaging/ebay-message/index.ts';
import { bouncesSchema, createSendGrid, eventKey, isSignedBySendGrid, readMailEvents, SIGNATURE_HEADER, TIMESTAMP_HEADER } from '#connectors/messaging/sendgrid/index.ts';
import { createTwilio, incomingSms, twilioSignature, verifyTwilioSignature } from '#connectors/messaging/twilio/index.ts';
import { messageSchema } from '#connectors/messaging/twilio/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS } from '#kernel/time.ts';
import { PRACTICE_EBAY } from '#practice/vendors/ebay/index.ts';
import { PRACTICE_SENDER, PRACTICE_SENDGRID_KEY } from '#practice/vendors/sendgrid/index.ts';
import { PRACTICE_TWILIO } from '#practice/vendors/twilio/index.ts';
import { CONTACTS, startTalkMarket, type TalkMarket } from '#tests/support/talk-desk.ts';
import { recordTraffic, type Exchange } from './record-traffic.ts';
import { SKIP_NOTE, Spec, SPECS_PRESENT } from './spec.ts';

if (!SPECS_PRESENT) console.log(SKIP_NOTE);

/** Everything in the traffic that the vendor's document does not know, on both sides. */
function faultsIn(exchanges: readonly Exchange[], spec: Spec): string[] {
  return exchanges.filter((exchange) => !exchange.path.endsWith('/token')).flatMap((exchange) => [
    ...spec.checkRequest({ ...exchange, body: exchange.sent }).map((fault) => `${exchange.method} ${exchange.path}: ${fault}`),
    ...spec.checkResponse({ ...exchange, body: exchange.answered }, 'forbid').map((fault) => `${exchange.method} ${exchange.path} ${exchange.status}: ${fault}`),
  ]);
}
const operations = (exchanges: readonly Exchange[], spec: Spec) => [...new Set(exchanges.flatMap((exchange) => spec.match(exchange.method, exchange.path)?.operation.id ?? []))].toSorted();

describe.skipIf(!SPECS_PRESENT)('messages to sellers follow the vendors’ documents', () => {
  let market: TalkMarket;
  beforeAll(async () => { market = await startTalkMarket({ askedMinor: 20_000, currency: 'USD', kind: 'linear', language: 'en', delayMs: HOUR_MS }); });
  afterAll(() => market.close());
  const common = () => ({ clock: market.clock, random: seededRandom(1), log: silentLogger, limits: { maxAttempts: 1 } });

  it('SendGrid: mail/send, and its refusals', async () => {
    const spec = await Spec.load('sendgrid/tsg_mail_v3.json');
    const recorder = await recordTraffic(market.sendgrid.baseUrl);
    const sendgrid = createSendGrid({ ...common(), baseUrl: recorder.baseUrl, credentials: () => Promise.resolve({ apiKey: PRACTICE_SENDGRID_KEY }) });
    const mail = { from: { email: PRACTICE_SENDER, name: 'Amina' }, to: CONTACTS.email, copyTo: PRACTICE_SENDER, replyTo: 'desk+rd-1@practice.invalid', subject: 'A camera', text: 'Would you accept 150 USD?', headers: { 'Message-ID': '<rd.1@practice.invalid>', 'In-Reply-To': '<x@y>' } };
    await sendgrid.send(mail);
    await expect(sendgrid.send({ ...mail, from: { email: 'somebody@else.invalid', name: 'x' } })).rejects.toMatchObject({ kind: 'Rejected' });
    await sendgrid.close();
    await recorder.close();
    expect(faultsIn(recorder.exchanges, spec)).toEqual([]);
    expect(operations(recorder.exchanges, spec)).toEqual(['SendMail']);
    expect(recorder.exchanges.map((exchange) => exchange.status)).toEqual([202, 403]);
  });

  it('SendGrid: bounces, and every example of the vendor parses', async () => {
    const spec = await Spec.load('sendgrid/tsg_suppressions_v3.json');
    market.post.refuse('gone@shop.example', 'list');
    market.post.accept({ from: PRACTICE_SENDER, fromName: 'x', to: 'gone@shop.example', copies: [], replyTo: PRACTICE_SENDER, subject: 'x', text: 'x', headers: {} }, market.clock.now() - HOUR_MS);
    const recorder = await recordTraffic(market.sendgrid.baseUrl);
    const sendgrid = createSendGrid({ ...common(), baseUrl: recorder.baseUrl, credentials: () => Promise.resolve({ apiKey: PRACTICE_SENDGRID_KEY }) });
    expect(await sendgrid.bounces(market.clock.now() - 2 * HOUR_MS)).toMatchObject([{ email: 'gone@shop.example', status: '5.1.1' }]);
    expect([await sendgrid.bounceOf('gone@shop.example'), await sendgrid.bounceOf(CONTACTS.email)]).toMatchObject([{ email: 'gone@shop.example' }, null]);
    await sendgrid.close();
    await recorder.close();
    expect(faultsIn(recorder.exchanges, spec)).toEqual([]);
    expect(operations(recorder.exchanges, spec)).toHaveLength(2);
    const examples = [...spec.examples()].filter((example) => ['ListSuppressionBounces', 'GetSuppressionBounces'].includes(example.operation) && example.status === 200);
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.filter((example) => !bouncesSchema.safeParse(example.body).success)).toEqual([]);
  });

  it('Twilio: create and list, every example of the vendor parses, and its refusals', async () => {
    const spec = await Spec.load('twilio/twilio_api_v2010.json');
    const recorder = await recordTraffic(market.twilio.baseUrl);
    const twilio = createTwilio({ ...common(), baseUrl: recorder.baseUrl, credentials: () => Promise.resolve(PRACTICE_TWILIO) });
    await twilio.send({ to: CONTACTS.sms, body: 'Would you accept 150 USD?' });
    market.clock.advanceTo(market.clock.now() + 2 * HOUR_MS);
    expect((await twilio.list({ to: PRACTICE_TWILIO.number, since: '2026-11-01' })).map((sms) => sms.direction)).toEqual(['inbound']);
    await expect(twilio.send({ to: '+1', body: 'x' })).rejects.toMatchObject({ kind: 'Rejected', detail: { code: '21211' } });
    await twilio.close();
    await recorder.close();
    expect(faultsIn(recorder.exchanges.filter((exchange) => exchange.status < 400), spec)).toEqual([]);
    expect(operations(recorder.exchanges, spec)).toEqual(['CreateMessage', 'ListMessage']);
    const examples = [...spec.examples()].filter((example) => ['CreateMessage', 'FetchMessage', 'ListMessage'].includes(example.operation));
    expect(examples.length).toBeGreaterThan(5);
    for (const { operation, body } of examples) for (const one of operation === 'ListMessage' ? (body as { messages: unknown[] }).messages : [body]) expect(messageSchema.safeParse(one).error, JSON.stringify(one)).toBeUndefined();
  });

  it('eBay Message: send, list conversations, read one; and refusals', async () => {
    const spec = await Spec.load('ebay/oas3/commerce_message_v1_oas3.json');
    const recorder = await recordTraffic(market.ebay.baseUrl);
    const ebay = createEbayMessages({ ...common(), baseUrl: recorder.baseUrl, credentials: () => Promise.resolve(PRACTICE_EBAY) });
    const since = market.clock.now();
    await ebay.send({ to: CONTACTS.ebay, text: 'Would you accept 150 USD?', listingId: '123456789012' });
    market.clock.advanceTo(since + 2 * HOUR_MS);
    const [conversation] = await ebay.conversations({ since, with: CONTACTS.ebay });
    const messages = await ebay.messages(conversation!.conversationId);
    expect(messages.map((message) => message.senderUsername)).toEqual([CONTACTS.ebay, 'practice-reseller']);
    for (const message of messages) expect(ebayMessageSchema.safeParse(message).success).toBe(true);
    await expect(ebay.send({ to: 'nobody_here', text: 'x', listingId: null })).rejects.toMatchObject({ kind: 'Rejected' });
    await ebay.close();
    await recorder.close();
    expect(faultsIn(recorder.exchanges, spec)).toEqual([]);
    expect(operations(recorder.exchanges, spec)).toEqual(['getConversation', 'getConversations', 'sendMessage']);
  });
});

describe('SendGrid’s event webhook', () => {
  const vendor = new EventWebhook();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const shown = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const check = (body: string, signature: string, timestamp: string, key = shown) => {
    const theirs = (() => { try { return vendor.verifySignature(vendor.convertPublicKeyToECDSA(key), body, signature, timestamp); } catch { return false; } })();
    return [theirs, isSignedBySendGrid(eventKey(key)!, { raw: Buffer.from(body), signature, timestamp })];
  };
  it('is checked as the vendor’s own package checks it', () => {
    for (const body of ['[]', '[{"email":"a@b.example","reason":"boîte pleine ✉"}]\r\n']) {
      const signature = sign('sha256', Buffer.from(`1600112502${body}`), privateKey).toString('base64');
      expect(check(body, signature, '1600112502')).toEqual([true, true]);
      for (const [b, s, t] of [[`${body} `, signature, '1600112502'], [body, signature, '1600112503'], [body, 'MEUCIGHQVtGj', '1600112502'], [body, '', '1600112502']] as const) expect(check(b, s, t), `${b} ${s} ${t}`).toEqual([false, false]);
    }
    for (const key of [`-----BEGIN PUBLIC KEY-----\n${shown}\n-----END PUBLIC KEY-----\n`, ` ${shown}\n`]) expect(eventKey(key)?.equals(publicKey)).toBe(true);
    for (const none of ['', 'x', shown.slice(8)]) expect(eventKey(none)).toBeNull();
  });
  it('is read by what each event says, and by ours alone where the vendor gave no number of its own', () => {
    const now = 1_600_112_502_000;
    const events = [{ email: 'A@B.example', timestamp: 1_600_112_492, event: 'dropped', reason: 'Bounced Address', sg_event_id: 'e1', 'smtp-id': '<rd.1@x>' }, { email: 'a@b.example', timestamp: 1_600_112_492, event: 'open', sg_event_id: 'e2' }, { email: 'a@b.example', timestamp: 1_600_112_492, event: 'unsubscribe' }];
    const body = JSON.stringify(events);
    const headers = { [TIMESTAMP_HEADER]: '1600112502', [SIGNATURE_HEADER]: sign('sha256', Buffer.from(`1600112502${body}`), privateKey).toString('base64') };
    const read = readMailEvents({ raw: Buffer.from(body), headers, now }, publicKey);
    expect(read).toMatchObject([{ id: 'e1', recipient: 'a@b.example', messageId: '<rd.1@x>', bounce: { isPermanent: true }, optOut: false }, { id: expect.stringMatching(/^[0-9a-f]{64}$/), optOut: true, everywhere: true, messageId: null }]);
    expect(readMailEvents({ raw: Buffer.from(body), headers, now }, publicKey)).toEqual(read);
  });
});

describe('Twilio’s webhook', () => {
  const url = 'https://desk.example.org/webhooks/twilio?x=1';
  const parameters = { MessageSid: `SM${'a'.repeat(32)}`, From: '+213555123456', To: '+15550100001', Body: 'ok 12 mille — d’accord', NumMedia: '0' };
  it('is signed as the vendor’s own package signs and checks it', () => {
    const signature = twilioSignature('token', url, parameters);
    expect(twilioPackage.validateRequest('token', signature, url, parameters)).toBe(true);
    expect(verifyTwilioSignature('token', signature, { url, parameters })).toBe(true);
    for (const wrong of [{ ...parameters, Body: 'ok 13 mille' }, { ...parameters, Extra: '1' }]) {
      expect(twilioPackage.validateRequest('token', signature, url, wrong)).toBe(false);
      expect(verifyTwilioSignature('token', signature, { url, parameters: wrong })).toBe(false);
    }
    expect(verifyTwilioSignature('other', signature, { url, parameters })).toBe(false);
    expect(verifyTwilioSignature('token', '', { url, parameters })).toBe(false);
  });
  it('is read as the message that polling would find, so that a replay is known by its id', () => {
    expect(incomingSms(parameters, 7)).toMatchObject({ externalId: parameters.MessageSid, sender: '+213555123456', text: parameters.Body, at: 7 });
    expect(incomingSms({ From: '+1' }, 7)).toBeNull();
  });
});
