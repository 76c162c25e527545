import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '#kernel/errors.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { createTestRuntime, TEST_START, type TestRuntime } from '#runtime/testing.ts';
import { rememberBuyer } from '../customers/index.ts';
import type { IncomingText, MessageChannel, OutgoingText, SendingChannelId } from '../negotiation/index.ts';
import { putSetting } from '../settings/index.ts';
import { eraseCustomer, exportCustomer } from '../flows/customer-data.ts';
import { AUDITED_ONE_IN, SUPPORT_POLICY } from './policy.ts';
import { forgetOldTickets } from './forget-tickets.ts';
import { readEarned } from './earned.ts';
import { POLL_TICKETS, registerSupport } from './register.ts';
import { readTicket, readTickets } from './read-tickets.ts';
import { closeTicket, escalateTicket, sendReply, snoozeTicket } from './steer-ticket.ts';
import type { IntentClassifier } from './classify/index.ts';
import type { SupportDeps } from './deps.ts';

/** Stands for the trained one: what is under test here is what follows from its answer. */
const classifier: IntentClassifier = {
  labels: [], sendThreshold: 1, trainingAccuracy: 1,
  classify: (text) => {
    const label = /where|arriv|parcel/i.test(text) ? 'shipping' : /return/i.test(text) ? 'return' : /unacceptable|lawyer/i.test(text) ? 'complaint' : /charged|payment/i.test(text) ? 'payment' : /thank/i.test(text) ? 'other' : 'question';
    return { label, confidence: 0.9, ranked: [], autoSendable: false };
  },
};

class FakeChannel implements MessageChannel {
  readonly id: SendingChannelId;
  readonly sent: OutgoingText[] = [];
  inbox: IncomingText[] = [];
  failNext: 'none' | 'unknown-but-sent' | 'unknown-and-lost' = 'none';
  constructor(id: SendingChannelId) { this.id = id; }
  address = (text: string) => text;
  async send(message: OutgoingText) {
    const how = this.failNext;
    this.failNext = 'none';
    if (how !== 'unknown-and-lost') this.sent.push(message);
    if (how !== 'none') throw new ConnectorError({ kind: 'OutcomeUnknown', connector: this.id, operation: 'send', message: 'cut' });
    return { externalId: `out-${this.id}-${this.sent.length}`, at: runtime.clock.now() };
  }
  async find(message: OutgoingText) { return this.sent.includes(message) || this.sent.some((one) => one.text === message.text) ? { found: { externalId: `out-${this.id}-${this.sent.length}`, at: runtime.clock.now() } } : ('absent' as const); }
  async receive(cursor: string | null) { const from = Number(cursor ?? 0); return { messages: this.inbox.slice(from), cursor: String(this.inbox.length) }; }
}

let runtime: TestRuntime;
let deps: SupportDeps;
let channels: Record<SendingChannelId, FakeChannel>;
let words: string | null;
let texts = 0;
beforeEach(async () => {
  runtime = await createTestRuntime();
  channels = { email: new FakeChannel('email'), sms: new FakeChannel('sms'), ebay: new FakeChannel('ebay') };
  words = null;
  deps = { ctx: runtime.context, channels: { get: (id) => channels[id] }, classifier: async () => classifier, words: { reply: async () => words }, orderMessages: { get: () => null } };
  registerSupport(deps);
  await order(1, 'yasmine_b7', { shippedAt: TEST_START - 2 * DAY_MS });
});
afterEach(() => runtime.close());

async function order(n: number, username: string, change: { shippedAt?: number | null } = {}) {
  await runtime.db.transaction(async (tx) => {
    const shipped = change.shippedAt ?? null;
    await tx.order.create({ data: { id: `ord_${n}`, channel: 'ebay-us', externalId: `14-1000${n}-2000${n}`, state: shipped === null ? 'paid' : 'shipped', buyerName: runtime.context.seal.seal('Order.buyerName', 'Yasmine Benali'), buyerWords: '', currency: 'USD', totalMinor: 4_200, feesMinor: 500, placedAt: TEST_START - 3 * DAY_MS, modifiedAt: TEST_START, shippedAt: shipped, tracking: shipped === null ? null : 'USPS 9400110200881', raw: JSON.stringify({ problems: [], feeKnown: true, fulfilment: 'fulfilled', payment: 'paid' }), lines: { create: { id: `ord_${n}:1`, externalId: '1', sku: 's', title: 'Bosch drill', quantity: 1, revenueMinor: 4_200, feesMinor: 500 } } } });
    await rememberBuyer(runtime.context, tx, `ord_${n}`, { name: 'Yasmine Benali', contacts: [{ kind: 'ebay', value: username }, { kind: 'email', value: `${username}@example.org` }] });
  });
}
const incoming = (sender: string, text: string, change: Partial<IncomingText> = {}): IncomingText => ({ externalId: `in-${++texts}`, sender, subject: null, text, at: runtime.clock.now(), tag: null, answers: [], automatic: false, ...change });
async function poll() {
  await runtime.db.transaction((tx) => runtime.context.jobs.add(tx, { kind: POLL_TICKETS, payload: {} }));
  await runtime.context.jobs.runDue();
}
const list = async () => (await readTickets(runtime.context, { limit: 50 })).items;
const get = (id: string) => readTicket(runtime.context, runtime.db.prisma, id);
async function write(text: string, sender = 'yasmine_b7', channel: SendingChannelId = 'ebay', change: Partial<IncomingText> = {}) {
  channels[channel].inbox.push(incoming(sender, text, change));
  await poll();
  return list();
}
const raw = () => ['', '-wal'].map((end) => { try { return readFileSync(`${runtime.db.file}${end}`, 'latin1'); } catch { return ''; } }).join('');

describe('a ticket', () => {
  it('is drafted from its order, and sent once as it stands', async () => {
    const [ticket] = await write('Where is my parcel?');
    expect(ticket).toMatchObject({ state: 'waiting-for-us', orderNumber: '14-10001-20001', customerName: 'Yasmine Benali', intent: 'shipping', handOff: null, hasDraft: true });
    const detail = await get(ticket!.id);
    expect(detail.draft!.text).toMatch(/USPS 9400110200881/);
    await sendReply(deps, { id: ticket!.id, version: ticket!.version, text: detail.draft!.text, despite: false, by: 'owner' });
    await runtime.context.jobs.runDue();
    expect(channels.ebay.sent).toHaveLength(1);
    expect(channels.ebay.sent[0]).toMatchObject({ recipient: 'yasmine_b7' });
    expect(await get(ticket!.id)).toMatchObject({ state: 'waiting-for-customer', dueAt: null, draft: null });
    expect(await runtime.db.prisma.draftOutcome.findMany()).toMatchObject([{ intent: 'shipping', outcome: 'unchanged' }]);
    expect(await write('Thank you, it works great!')).toMatchObject([{ state: 'closed', satisfaction: 'good' }]);
  });

  it.each([['unknown-but-sent', 1], ['unknown-and-lost', 1]] as const)('%s: goes out exactly once', async (how, times) => {
    const [ticket] = await write('Where is my parcel?');
    channels.ebay.failNext = how;
    await sendReply(deps, { id: ticket!.id, version: ticket!.version, text: (await get(ticket!.id)).draft!.text, despite: false, by: 'owner' });
    await runtime.runUntil(TEST_START + 2 * HOUR_MS);
    expect([channels.ebay.sent.length, (await get(ticket!.id)).state]).toEqual([times, 'waiting-for-customer']);
  });

  it('whose reply did not arrive goes back to the person, who is told why; a program’s mail is never answered', async () => {
    const from = 'yasmine_b7@example.org';
    const [ticket] = await write('Where is my parcel?', from, 'email');
    await sendReply(deps, { id: ticket!.id, version: ticket!.version, text: (await get(ticket!.id)).draft!.text, despite: false, by: 'owner' });
    await runtime.context.jobs.runDue();
    const bounce = { recipient: from, original: 'out-email-1', status: '5.1.1', reason: `550 no mailbox ${from}`, isPermanent: true };
    for (const told of [bounce, { ...bounce, original: null }]) channels.email.inbox.push(incoming('mailer-daemon@mx.example', 'Where is my parcel? Undelivered.', { automatic: true, bounce: told }));
    await poll();
    const after = await get(ticket!.id);
    expect(after).toMatchObject({ state: 'waiting-for-us', handOff: { code: 'support.bounced', data: { message: '550 no mailbox …' } }, draft: null });
    expect(after.dueAt).not.toBeNull();
    expect(after.messages.at(-1)).toMatchObject({ direction: 'out', state: 'failed', error: expect.stringContaining('550') });
    expect(after.events.filter((event) => event.kind === 'bounced')).toHaveLength(1);
    channels.email.inbox.push(incoming(from, 'I am out of office. Where is my parcel?', { automatic: true }));
    await poll();
    expect([(await list()).length, channels.email.sent.length, (await get(ticket!.id)).version]).toEqual([1, 1, after.version]);
    expect(raw()).not.toContain(from);
  });

  it('goes to a person, by a field, on a signal; for no order, a foreign order, several orders', async () => {
    expect(await write('My lawyer will write to you. Where is my parcel?')).toMatchObject([{ state: 'escalated', urgency: 3, hasDraft: false, handOff: { code: 'support.signal', data: { signals: expect.arrayContaining(['legal']) } } }]);
    const [foreign] = await write('Where is order 14-10001-20001?', 'stranger_9');
    expect(foreign).toMatchObject({ state: 'escalated', orderId: null, handOff: { code: 'support.foreign-order' } });
    expect((await write('Where is my parcel?', 'stranger_8'))[0]).toMatchObject({ state: 'waiting-for-us', handOff: { code: 'support.no-order' } });
    await order(2, 'omar_1', { shippedAt: TEST_START - DAY_MS });
    await order(3, 'omar_1', { shippedAt: TEST_START - DAY_MS });
    expect((await write('Where is my parcel?', 'omar_1'))[0]).toMatchObject({ hasDraft: false, handOff: { code: 'support.several-orders', data: { count: 2 } } });
    expect((await write('Where is order 14-10002-20002, please?', 'omar_1'))[0]).toMatchObject({ orderNumber: '14-10002-20002', hasDraft: true });
  });

  it('is one for a thread and for the same words on another channel; strangers in the mail are left alone', async () => {
    await write('Where is my parcel? I ordered a week ago.');
    await write('Where is my parcel? I ordered a week ago!');
    await write('Where is my parcel? I ordered a week ago.', 'yasmine_b7@example.org', 'email');
    const [ticket, ...others] = await write('Lunch tomorrow?', 'friend@example.org', 'email');
    expect(others).toEqual([]);
    expect((await get(ticket!.id)).messages.map((message) => message.state)).toEqual(['received', 'repeated', 'repeated']);
    await runtime.db.transaction((tx) => tx.inboundText.create({ data: { channel: 'sms', externalId: 'sms-1', sender: '+15550001111', text: 'Where is my parcel, nobody answers', receivedAt: TEST_START } }));
    await poll();
    expect((await list())[0]).toMatchObject({ channel: 'sms' });
    expect(await runtime.db.prisma.inboundText.findFirst()).toMatchObject({ text: '', sender: '' });
  });

  it('takes words of a model that hold, and the template for words that promise', async () => {
    words = 'Good news: order 14-10001-20001 is with the carrier, tracking USPS 9400110200881.';
    const [first] = await write('Where is my parcel?');
    expect((await get(first!.id)).draft).toMatchObject({ author: 'ai' });
    words = 'We refund you 42.00 USD today.';
    const [again] = await write('But where exactly is the parcel now, please tell?');
    expect((await get(again!.id)).draft).toMatchObject({ author: 'template' });
    await expect(sendReply(deps, { id: again!.id, version: again!.version, text: 'You get a replacement.', despite: false, by: 'owner' })).rejects.toMatchObject({ code: 'PROMISE', data: { problems: ['promise:replacement'] } });
  });

  it('is escalated, put off until its hour, closed, and forgotten by the rule', async () => {
    const [ticket] = await write('Where is my parcel?');
    const escalated = await escalateTicket(deps, { ...ticket!, note: 'call her', by: 'owner' });
    const put = await snoozeTicket(deps, { id: ticket!.id, version: escalated.version, until: TEST_START + HOUR_MS, by: 'owner' });
    await expect(closeTicket(deps, { id: ticket!.id, version: ticket!.version, by: 'owner' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    expect(put).toMatchObject({ state: 'snoozed', dueAt: null });
    runtime.clock.advanceTo(TEST_START + HOUR_MS);
    await poll();
    const [woken] = await list();
    expect(woken).toMatchObject({ state: 'waiting-for-us' });
    await closeTicket(deps, { id: ticket!.id, version: woken!.version, by: 'owner' });
    expect(await forgetOldTickets(runtime.context)).toBe(0);
    runtime.clock.advanceTo(TEST_START + 800 * DAY_MS);
    expect([await forgetOldTickets(runtime.context), await list()]).toEqual([1, []]);
  });
});

const earnedOf = () => readEarned(runtime.db.prisma, { ...SUPPORT_POLICY.fallback, autoSend: ['shipping', 'complaint'] }, 'shipping', runtime.clock.now());

const outcome = (n: number, kind: string, at = TEST_START - 20 * DAY_MS) => ({ messageId: `m${n}-${kind}`, intent: 'shipping', confidenceBp: 9_000, outcome: kind, at: at + n });

describe('sending by itself', () => {

  it('is earned by measure, waits for the shadow, and is lost again', async () => {
    const { prisma } = runtime.db;
    expect((await earnedOf()).why.code).toBe('support.earned-too-few');
    await prisma.draftOutcome.createMany({ data: Array.from({ length: 30 }, (_, n) => outcome(n, n < 27 ? 'unchanged' : 'edited', TEST_START - DAY_MS)) });
    expect(await earnedOf()).toMatchObject({ acceptanceBp: 9_000, eceBp: 0, sends: false, why: { code: 'support.earned-shadow' } });
    runtime.clock.advanceTo(TEST_START + 8 * DAY_MS);
    expect(await earnedOf()).toMatchObject({ sends: true });
    expect(await readEarned(prisma, { ...SUPPORT_POLICY.fallback, autoSend: [] }, 'shipping', runtime.clock.now())).toMatchObject({ sends: false, why: { code: 'support.earned-off' } });
    expect(await readEarned(prisma, { ...SUPPORT_POLICY.fallback, autoSend: ['complaint'] }, 'complaint', runtime.clock.now())).toMatchObject({ sends: false, why: { code: 'support.earned-never' } });
    await prisma.draftOutcome.createMany({ data: Array.from({ length: 8 }, (_, n) => outcome(100 + n, 'regretted', TEST_START)) });
    expect(await earnedOf()).toMatchObject({ sends: false, why: { code: 'support.earned-acceptance' } });
  });

  it('goes without a person in the hours that may be, a part is still shown, and anger in the answer counts against it', async () => {
    const { prisma } = runtime.db;
    await runtime.db.transaction((tx) => putSetting(tx, SUPPORT_POLICY, { ...SUPPORT_POLICY.fallback, autoSend: ['shipping'] }, TEST_START));
    await prisma.draftOutcome.createMany({ data: Array.from({ length: 30 }, (_, n) => outcome(n, n < 27 ? 'unchanged' : 'edited')) });
    runtime.clock.advanceTo(TEST_START + 11 * HOUR_MS);
    const senders = Array.from({ length: 20 }, (_, n) => `buyer_${n}`);
    for (const [n, sender] of senders.entries()) await order(10 + n, sender, { shippedAt: TEST_START - DAY_MS });
    for (const sender of senders) channels.ebay.inbox.push(incoming(sender, 'Where is my parcel?'));
    await poll();
    expect(channels.ebay.sent).toHaveLength(0);
    await runtime.runUntil(TEST_START + 21 * HOUR_MS);
    const tickets = await list();
    const shown = tickets.filter((ticket) => ticket.hasDraft).length;
    expect([channels.ebay.sent.length + shown, new Set(channels.ebay.sent.map((one) => one.recipient)).size]).toEqual([20, channels.ebay.sent.length]);
    expect(shown).toBeLessThan(20 * 4 / AUDITED_ONE_IN);
    expect(tickets.filter((ticket) => ticket.state === 'waiting-for-customer')).toHaveLength(channels.ebay.sent.length);
    await write('This does not help, I am disappointed. Where is my parcel?', channels.ebay.sent[0]!.recipient);
    expect(await prisma.draftOutcome.count({ where: { outcome: 'regretted' } })).toBe(1);
    expect((await list()).find((ticket) => ticket.satisfaction === 'bad')).toMatchObject({ state: 'escalated', handOff: { code: 'support.not-satisfied' } });
    // who wants no more of it is answered by a person alone
    const left = channels.ebay.sent.slice(1, 5).map((one) => one.recipient);
    for (const ticket of await list()) if (left.includes((await get(ticket.id)).recipient)) await prisma.ticketEvent.create({ data: { id: `${ticket.id}:left`, ticketId: ticket.id, kind: 'opted-out', data: '{}', at: runtime.clock.now() } });
    const before = channels.ebay.sent.length;
    for (const recipient of left) channels.ebay.inbox.push(incoming(recipient, 'Where is my parcel? I move on Friday.'));
    await poll();
    await runtime.runUntil(runtime.clock.now() + 12 * HOUR_MS);
    expect([channels.ebay.sent.length, (await list()).filter((ticket) => ticket.hasDraft).length]).toEqual([before, shown + left.length]);
  });
});

describe('what is held of a person', () => {
  it('stands sealed in the file, is given out whole, and goes without hurting the books', async () => {
    const { context: ctx, db } = runtime;
    const [ticket] = await write('Where is my parcel? Ring me at Rue Didouche 12.', 'yasmine_b7', 'ebay', { subject: 'About Didouche' });
    expect(raw()).not.toMatch(/Didouche|yasmine|benali|9400110200881 /i);
    const { customerId } = ticket!;
    expect((await readTickets(ctx, { search: 'Benali', limit: 5 })).items).toHaveLength(1);
    const file = JSON.stringify(await exportCustomer(ctx, customerId!));
    for (const known of ['Yasmine Benali', 'yasmine_b7@example.org', 'Rue Didouche 12', '14-10001-20001']) expect(file).toContain(known);
    expect(await eraseCustomer(ctx, customerId!, 'owner')).toEqual({ tickets: 1, orders: 1, payments: 0, contacts: 2 });
    expect([await list(), await db.prisma.order.findFirst()]).toMatchObject([[], { id: 'ord_1', buyerName: null, totalMinor: 4_200n }]);
    await expect(exportCustomer(ctx, customerId!)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('mail of Amazon’s buyers', () => {
  const relay = 'f8x2k9@marketplace.amazon.com';
  const number = '111-2233445-6677889';
  async function amazonOrder(contacts: readonly { kind: string; value: string }[] = []) {
    await runtime.db.transaction(async (tx) => {
      await tx.order.create({ data: { id: 'ord_a', channel: 'amazon-us', externalId: number, state: 'shipped', buyerName: runtime.context.seal.seal('Order.buyerName', 'Dana Cole'), buyerWords: '', currency: 'USD', totalMinor: 2_000, feesMinor: 300, placedAt: TEST_START - 3 * DAY_MS, modifiedAt: TEST_START, shippedAt: TEST_START - 2 * DAY_MS, tracking: 'UPS 1Z999', raw: JSON.stringify({ problems: [], feeKnown: true, fulfilment: 'fulfilled', payment: 'paid' }), lines: { create: { id: 'ord_a:1', externalId: '1', sku: 's', title: 'Kettle', quantity: 1, revenueMinor: 2_000, feesMinor: 300 } } } });
      await rememberBuyer(runtime.context, tx, 'ord_a', { name: 'Dana Cole', contacts });
    });
  }

  it('joins the order whose number Amazon put into the subject, and its buyer from then on; the answer goes to the relay address', async () => {
    await amazonOrder();
    const [ticket] = await write('Where is my parcel?', relay, 'email', { subject: `Shipping inquiry from Amazon customer Dana (Order: ${number})` });
    expect(ticket).toMatchObject({ orderId: 'ord_a', customerName: 'Dana Cole', intent: 'shipping', handOff: null, hasDraft: true });
    await sendReply(deps, { id: ticket!.id, version: ticket!.version, text: (await get(ticket!.id)).draft!.text, despite: false, by: 'owner' });
    await runtime.context.jobs.runDue();
    expect(channels.email.sent).toMatchObject([{ recipient: relay }]);
    expect(await write('I would like to return it', relay, 'email')).toMatchObject([{ id: ticket!.id, orderId: 'ord_a', intent: 'return' }]);
  });

  it('adds the address to a buyer whom Amazon told without one, whatever the message’s own part of it', async () => {
    await amazonOrder([{ kind: 'sms', value: '+15550001111' }]);
    const [ticket] = await write(`Where is order ${number}?`, relay, 'email');
    await write(`Where is order ${number} now?`, relay.replace('@', '+m7@'), 'email');
    expect([...new Set((await list()).map((one) => one.customerId))]).toEqual([ticket!.customerId]);
    expect(await list()).toEqual(expect.arrayContaining([expect.objectContaining({ orderId: 'ord_a', handOff: null })]));
  });

  it('tells nobody of an order whose buyer has another relay address, and takes no other domain for a relay', async () => {
    await amazonOrder([{ kind: 'email', value: 'other@marketplace.amazon.com' }]);
    expect(await write(`Where is order ${number}?`, relay, 'email')).toMatchObject([{ orderId: null, handOff: { code: 'support.foreign-order' } }]);
    expect(await write('A question', 'x@marketplace.amazon.com.example.org', 'email')).toHaveLength(1);
    expect(await write('Two numbers: 111-2233445-6677889 and 111-2233445-6677880', 'y@marketplace.amazon.de', 'email')).toHaveLength(2);
  });
});
