/** What customers write, through eBay's API, the mailbox and Twilio into tickets, and the answers back out through the same vendors. */
import { readFileSync } from 'node:fs';
import { call } from '@orpc/server';
import { afterEach, describe, expect, it } from 'vitest';
import { keepIncoming } from '#engine/negotiation/index.ts';
import { POLL_TICKETS, registerSupport } from '#engine/support/index.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { openSupportDesk, ticketOf, type Buyer, type SupportDesk } from '#tests/support/support-desk.ts';
import { CONTACTS, createTalkDatabase, openChannels, openTalkDesk, seedTalk, startTalkMarket } from '#tests/support/talk-desk.ts';

const YASMINE: Buyer = { name: 'Yasmine Benali', username: 'yasmine_b7', email: 'yasmine@buyers.example', phone: '+15550107701' };
const KARIM: Buyer = { name: 'Karim Haddad', username: 'karim_h', email: 'karim@buyers.example', phone: '+15550107702' };
const OMAR: Buyer = { name: 'Omar Ziani', username: 'omar_z', email: 'omar@buyers.example', phone: '+15550107703' };
const buyer = (n: number): Buyer => ({ name: `Buyer Number${n}`, username: `buyer_${n}`, email: `buyer_${n}@buyers.example`, phone: `+1555010${7800 + n}` });

const opened: { close(): Promise<void> }[] = [];
const later = <T extends { close(): Promise<void> }>(one: T): T => (opened.push(one), one);
const open = async (...options: Parameters<typeof openSupportDesk>) => later(await openSupportDesk(...options));
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

const get = (desk: SupportDesk, id: string) => call(desk.os.get, { id });
async function sendDraft(desk: SupportDesk, name: string): Promise<string> {
  const { id, version } = await ticketOf(desk, name);
  const text = (await get(desk, id)).draft!.text;
  await call(desk.os.send, { id, version, text });
  return text;
}
const letIt = (desk: SupportDesk, hours: number) => desk.runtime.runUntil(desk.runtime.clock.now() + hours * HOUR_MS);
async function setPolicy(desk: SupportDesk, change: Record<string, unknown>): Promise<void> {
  const { value, version } = await call(desk.os.policy, undefined);
  await call(desk.os.setPolicy, { value: { ...value, ...change }, version });
}

describe('a customer writes', () => {
  it('and it is one ticket, joined to order and customer, sorted, drafted and answered once where it came from', async () => {
    const desk = await open();
    const { market } = desk;
    for (const [n, who] of [YASMINE, KARIM, OMAR].entries()) await desk.order(n + 1, who);
    market.write('ebay', YASMINE.username, 'Hi, where is my order 14-10001-20001? When will it arrive?');
    market.write('email', YASMINE.email, 'Hi, where is my order 14-10001-20001? When will it arrive??', { name: YASMINE.name });
    market.write('email', KARIM.email, 'Bonjour, je souhaite retourner cet article, comment faire ? Commande 14-10002-20002', { name: KARIM.name, subject: 'Retour' });
    market.write('sms', OMAR.phone, 'السلام عليكم، أين طلبي 14-10003-20003؟ متى يصل الطرد؟');
    await desk.poll();
    const shown = (await call(desk.os.list, { owed: true, limit: 50 })).items.map(({ customerName, orderId, channel, intent, language, urgency, handOff, hasDraft, state }) => ({ customerName, orderId, channel, intent, language, urgency, handOff, hasDraft, state }));
    const calm = { urgency: 1, handOff: null, hasDraft: true, state: 'waiting-for-us' };
    expect(shown).toHaveLength(3);
    expect(shown).toEqual(expect.arrayContaining([
      // whichever came first is the ticket, and the other is kept in it
      expect.objectContaining({ customerName: YASMINE.name, orderId: 'ord_1', intent: 'shipping', language: 'en', ...calm }), { customerName: KARIM.name, orderId: 'ord_2', channel: 'email', intent: 'return', language: 'fr', ...calm }, { customerName: OMAR.name, orderId: 'ord_3', channel: 'sms', intent: 'shipping', language: 'ar', ...calm },
    ]));
    const merged = await get(desk, (await ticketOf(desk, 'Yasmine')).id);
    expect(merged.messages.map((message) => message.state).toSorted()).toEqual(['received', 'repeated']);
    expect(merged.events.map((event) => event.kind)).toContain('duplicate-merged');
    expect(merged).toMatchObject({ order: { externalId: '14-10001-20001', tracking: 'USPS 9400110200881' }, history: { orders: 1 } });
    expect(merged.draft!.facts).toEqual(expect.arrayContaining([expect.objectContaining({ key: 'tracking', value: 'USPS 9400110200881', source: 'order' }), expect.objectContaining({ key: 'arrive-by', source: 'policy' })]));
    const drafts: string[] = [];
    for (const name of ['Yasmine', 'Karim', 'Omar']) drafts.push(await sendDraft(desk, name));
    await letIt(desk, 1);
    const to = [merged.recipient, KARIM.email, OMAR.phone];
    expect(market.sent().toSorted()).toEqual(drafts.map((text, n) => `${to[n]}: ${text}`).toSorted());
    const mail = market.post.accepted.find((one) => one.to === KARIM.email)!;
    expect(mail).toMatchObject({ subject: 'Re: Retour', text: expect.stringMatching(/14-10002-20002/), headers: { 'In-Reply-To': expect.stringMatching(/^<buyer-/) } });
    // asked again, the vendors' lists hold ours too: nothing comes in twice, nothing of ours is taken for theirs
    await desk.poll();
    expect((await call(desk.os.list, { limit: 50 })).items.map((ticket) => ticket.state)).toEqual(Array(3).fill('waiting-for-customer'));
  });

  it('and law, danger, chargeback, anger, or another’s order goes to a person by a field, without a draft', async () => {
    const desk = await open();
    const cases: [string, string, string][] = [
      ['If I do not hear from you by Friday my lawyer will contact you.', 'support.signal', 'legal'], ['Sans réponse, mon avocat vous écrira.', 'support.signal', 'legal'], ['The battery caught fire and burned my hand', 'support.signal', 'safety'], ['I will file a chargeback with my bank', 'support.signal', 'chargeback'],
      ['This is unacceptable!!!! Worst seller ever', 'support.signal', 'anger'], ['I am a journalist and will publish this in the newspaper', 'support.signal', 'press'], ['Where is order 14-10001-20001?', 'support.foreign-order', ''],
    ];
    await desk.order(1, YASMINE);
    for (const [n, [text]] of cases.entries()) {
      await desk.order(n + 2, buyer(n));
      desk.market.write('ebay', buyer(n).username, text);
    }
    await desk.poll();
    for (const [n, [text, code, signal]] of cases.entries()) {
      const ticket = await ticketOf(desk, `Number${n}`);
      expect(ticket, text).toMatchObject({ state: 'escalated', hasDraft: false, handOff: { code } });
      if (signal !== '') expect(ticket.handOff!.data['signals'], text).toContain(signal);
      expect(ticket.dueAt! - ticket.lastInAt).toBeLessThanOrEqual(48 * HOUR_MS);
    }
    expect(await call(desk.os.counts, undefined)).toMatchObject({ owed: cases.length, escalated: cases.length });
    await letIt(desk, 48);
    expect(desk.market.sent()).toEqual([]);
  });
});

describe('a reply', () => {
  it('may promise only what facts and policy hold, whoever worded it', async () => {
    let words = 'We refund you 42.00 USD today.';
    const desk = await open({ model: () => words });
    await desk.order(1, YASMINE);
    await desk.order(2, KARIM, { totalMinor: 9_900 });
    desk.market.write('ebay', YASMINE.username, 'Hi, where is my parcel?');
    desk.market.write('ebay', KARIM.username, 'The item arrived broken, the box was crushed. What now?');
    await desk.poll();
    // the model promised money: its words are gone; above the limit no refund is promised at all
    const { id, version } = await ticketOf(desk, 'Yasmine');
    expect((await get(desk, id)).draft).toMatchObject({ author: 'template', text: expect.not.stringMatching(/refund/) });
    expect(await ticketOf(desk, 'Karim')).toMatchObject({ hasDraft: false, handOff: { code: 'support.above-refund-limit', data: { limit: { minor: 5_000, currency: 'USD' } } } });
    for (const text of ['You get your money back.', 'A replacement leaves tomorrow.', 'Here is 10% off your next order.', 'It arrives by 30 November 2026.', 'See www.example.org']) await expect(call(desk.os.send, { id, version, text }), text).rejects.toMatchObject({ code: 'PROMISE' });
    await letIt(desk, 1);
    expect(desk.market.sent()).toEqual([]);
    // a person may stand by it, and it is written down that they did
    await call(desk.os.send, { id, version, text: 'You get your money back.', despite: true });
    await letIt(desk, 1);
    expect(desk.market.sent()).toEqual([`${YASMINE.username}: You get your money back.`]);
    expect((await desk.runtime.db.prisma.auditEntry.findMany({ where: { action: 'support.reply-sent' } })).map((entry) => entry.data).join()).toContain('promise:refund');
    words = 'Your order 14-10003-20003 is with the carrier, tracking USPS 9400110200883.';
    await desk.order(3, OMAR);
    desk.market.write('ebay', OMAR.username, 'Where is my parcel?');
    await desk.poll();
    expect((await get(desk, (await ticketOf(desk, 'Omar')).id)).draft).toMatchObject({ author: 'ai', text: expect.stringContaining(words) });
  });

  it('reaches the vendor exactly once, wherever it breaks off', async () => {
    const passed = new Map<string, number>();
    let kill: string | null = null;
    let killed = 0;
    const desk = await open({ crashProbe: (point) => {
      passed.set(point, (passed.get(point) ?? 0) + 1);
      if (kill !== point) return;
      kill = null;
      killed += 1;
      throw new Error('killed here');
    } });
    let n = 0;
    const run = async (channel: 'ebay' | 'email' | 'sms', before: () => void) => {
      const who = buyer(++n);
      await desk.order(n, who);
      desk.market.write(channel, channel === 'ebay' ? who.username : channel === 'email' ? who.email : who.phone, 'Where is my parcel?', { name: who.name });
      await desk.poll();
      const was = desk.market.sent().length;
      before();
      await sendDraft(desk, `Number${n}`);
      await letIt(desk, 8);
      desk.market.ebay.setFaults({ rate: 0 });
      return { out: desk.market.sent().length - was, state: (await ticketOf(desk, `Number${n}`)).state };
    };
    expect(await run('sms', () => passed.clear())).toEqual({ out: 1, state: 'waiting-for-customer' });
    const points = [...passed.keys()].filter((point) => /send|record|may-leave/.test(point));
    expect(points).toEqual(expect.arrayContaining(['effect:send:before', 'effect:send:called', 'effect:send:recorded', 'transact:record:before', 'transact:record:committed']));
    const table: Record<string, unknown> = {};
    for (const [index, point] of points.entries()) table[point] = await run((['sms', 'ebay', 'email'] as const)[index % 3]!, () => { kill = point; });
    // the answer is lost after the vendor took it, on each of the three
    for (const [channel, vendor, route] of [['ebay', 'ebay', 'sendMessage'], ['email', 'sendgrid', 'sendMail'], ['sms', 'twilio', 'createMessage']] as const) {
      for (const kind of ['cut-after', 'cut-before', 'server-error'] as const) table[`${vendor} ${kind}`] = await run(channel, () => desk.market[vendor].setFaults({ rate: 1, kinds: [kind], routes: [route], limit: 1 }));
    }
    expect(killed).toBe(points.length);
    expect(table).toEqual(Object.fromEntries(Object.keys(table).map((name) => [name, { out: 1, state: 'waiting-for-customer' }])));
  }, 30_000);

  it.each([['ebay', 'ebay', 'sendMessage'], ['sms', 'twilio', 'createMessage']] as const)('of the same words as the one before is not taken for it: %s', async (channel, vendor, route) => {
    const desk = await open();
    await desk.order(1, YASMINE);
    desk.market.write(channel, channel === 'ebay' ? YASMINE.username : YASMINE.phone, 'Where is my parcel?');
    await desk.poll();
    for (const [n, kinds] of [[1, []], [2, ['cut-before']], [3, ['cut-after']]] as const) {
      desk.market[vendor].setFaults({ rate: kinds.length, kinds, routes: [route], limit: 1 });
      const { id, version } = (await call(desk.os.list, { limit: 1 })).items[0]!;
      await call(desk.os.send, { id, version, text: 'Thank you. I am looking into it.' });
      await desk.runtime.context.jobs.runDue();
      // the vendor is asked as soon as it may be, and once it has to know
      await desk.runtime.runUntil(desk.runtime.clock.now() + (n === 1 ? 10_000 : 2 * HOUR_MS));
      expect([n, desk.market.sent().length]).toEqual([n, n]);
    }
  });

  it('goes by itself only after the shadow, and only while four in five drafts were taken as they stood', async () => {
    const desk = await open();
    await setPolicy(desk, { autoSend: ['shipping'], leastDrafts: 5, shadowDays: 2, mostEceBp: 2_500, quietFromMinute: 0, quietToMinute: 0 });
    let n = 0;
    const arrive = async (count: number, text = 'Where is my parcel? When will it arrive?') => {
      const from = n + 1;
      for (let one = 0; one < count; one++) {
        await desk.order(++n, buyer(n), { shippedAt: desk.runtime.clock.now() - DAY_MS });
        desk.market.write('ebay', buyer(n).username, text);
      }
      await desk.poll();
      return Array.from({ length: count }, (_, k) => from + k);
    };
    const why = async (intent: string) => (await call(desk.os.earned, undefined)).find((row) => row.intent === intent)!.why.code;
    expect(await why('shipping')).toBe('support.earned-too-few');
    for (const k of await arrive(4)) await sendDraft(desk, `Number${k}`);
    const [fifth] = await arrive(1);
    const edited = await ticketOf(desk, `Number${fifth}`);
    await call(desk.os.send, { id: edited.id, version: edited.version, text: 'Hello, it is on its way. Practice Reseller' });
    expect((await call(desk.os.earned, undefined)).find((row) => row.intent === 'shipping')).toMatchObject({ drafts: 5, acceptanceBp: 8_000, sends: false, why: { code: 'support.earned-shadow' } });
    await letIt(desk, 1);
    const before = desk.market.sent().length;
    await arrive(1);
    await letIt(desk, 1);
    expect([before, desk.market.sent().length]).toEqual([5, 5]);
    await letIt(desk, 48);
    expect(await why('shipping')).toBe('support.earned-earned');
    // one in ten still waits for the person
    const shown = await arrive(6);
    await letIt(desk, 1);
    const went = desk.market.sent().length - 5;
    expect(went).toBeGreaterThan(3);
    const waiting: string[] = [];
    for (const k of shown) if ((await ticketOf(desk, `Number${k}`)).hasDraft) waiting.push(`Number${k}`);
    expect(went + waiting.length).toBe(6);
    // what is not switched on waits, however sure it is
    const [payment] = await arrive(1, 'Did you receive my payment for the order?');
    expect(await ticketOf(desk, `Number${payment}`)).toMatchObject({ intent: 'payment', hasDraft: true });
    // one more passed over: below four in five, and it waits again
    const [sixth] = [await ticketOf(desk, 'Number6')];
    await call(desk.os.close, { id: sixth.id, version: sixth.version });
    expect(await why('shipping')).toBe('support.earned-acceptance');
    const [last] = await arrive(1);
    await letIt(desk, 1);
    expect(await ticketOf(desk, `Number${last}`)).toMatchObject({ hasDraft: true, state: 'waiting-for-us' });
  }, 20_000);

  it('is put off until its hour, taken from the canned ones, and what the customer thought of it is kept', async () => {
    const desk = await open();
    await setPolicy(desk, { canned: [{ name: 'Looking into it', text: 'Thank you for your message. A colleague is looking into it.' }] });
    await desk.order(1, YASMINE);
    await desk.order(2, KARIM);
    desk.market.write('email', YASMINE.email, 'Quick question: does it come with the original box and the charger?', { name: YASMINE.name });
    desk.market.write('ebay', KARIM.username, 'Where is my parcel?');
    await desk.poll();
    const asked = await ticketOf(desk, 'Yasmine');
    const until = desk.runtime.clock.now() + 5 * HOUR_MS;
    await call(desk.os.snooze, { id: asked.id, version: asked.version, until });
    expect((await call(desk.os.list, { owed: true, limit: 10 })).items).toHaveLength(1);
    desk.runtime.clock.advanceTo(until);
    await desk.poll();
    const back = await ticketOf(desk, 'Yasmine');
    expect(back).toMatchObject({ state: 'waiting-for-us', snoozedUntil: null, dueAt: expect.any(Number) });
    const [canned] = (await call(desk.os.policy, undefined)).value.canned;
    await call(desk.os.send, { id: back.id, version: back.version, text: canned!.text });
    await sendDraft(desk, 'Karim');
    await letIt(desk, 1);
    expect(desk.market.sent()).toEqual(expect.arrayContaining([`${YASMINE.email}: ${canned!.text}`]));
    desk.market.write('email', YASMINE.email, 'Thank you, that is all I needed.', { name: YASMINE.name });
    desk.market.write('ebay', KARIM.username, 'That does not help, I am disappointed.');
    await desk.poll();
    expect(await ticketOf(desk, 'Yasmine')).toMatchObject({ state: 'closed', satisfaction: 'good' });
    expect(await ticketOf(desk, 'Karim')).toMatchObject({ state: 'escalated', satisfaction: 'bad', handOff: { code: 'support.not-satisfied' } });
    expect(await call(desk.os.counts, undefined)).toMatchObject({ good: 1, bad: 1 });
  });
});

describe('a desk', () => {
  it('to which no customer writes never trains the classifier, also where strangers write', async () => {
    const desk = await open();
    await desk.poll();
    desk.market.write('email', 'friend@elsewhere.example', 'Lunch tomorrow?', { name: 'A friend' });
    await desk.poll();
    expect([desk.asked(), (await call(desk.os.list, { limit: 10 })).items]).toEqual([0, []]);
    await desk.order(1, YASMINE);
    desk.market.write('sms', YASMINE.phone, 'Where is my parcel?');
    await desk.poll();
    expect(desk.asked()).toBeGreaterThan(0);
  });

  it('holds nothing readable of a customer in its file, gives all of it out, and what was erased does not come in again', async () => {
    const desk = await open();
    const { db, context: ctx } = desk.runtime;
    await desk.order(1, YASMINE);
    await desk.order(2, KARIM);
    for (const [channel, from] of [['ebay', YASMINE.username], ['email', YASMINE.email], ['sms', YASMINE.phone]] as const) desk.market.write(channel, from, `Please ring me at Rue Didouche 12 about ${channel}, where is my parcel?`, { name: YASMINE.name, subject: 'Didouche' });
    desk.market.write('ebay', KARIM.username, 'Where is my parcel?');
    // a notice that talks keep first, before support has seen it
    await db.transaction((tx) => keepIncoming({ ctx } as Parameters<typeof keepIncoming>[0], tx, 'sms', { externalId: 'SMnotice', sender: KARIM.phone, subject: null, text: 'Rue Larbi 7 is where I live', at: ctx.clock.now(), tag: null, answers: [], automatic: false }));
    const raw = () => ['', '-wal'].map((end) => { try { return readFileSync(`${db.file}${end}`, 'latin1'); } catch { return ''; } }).join('');
    const plain = /Didouche|Larbi|yasmine|benali|555010770/i;
    expect(raw()).not.toMatch(plain);
    await desk.poll();
    expect(raw()).not.toMatch(plain);
    const { customerId, id, version } = await ticketOf(desk, 'Yasmine').catch(async () => (await call(desk.os.list, { search: 'Benali', limit: 1 })).items[0]!);
    await call(desk.os.escalate, { id, version, note: 'Live at Didouche, call' });
    expect(raw()).not.toMatch(plain);
    const file = JSON.stringify(await call(desk.os.exportCustomer, { id: customerId! }));
    for (const known of [YASMINE.name, YASMINE.username, YASMINE.email, YASMINE.phone, 'Rue Didouche 12', '14-10001-20001']) expect(file).toContain(known);
    expect(file).not.toMatch(/Larbi|Karim/);
    expect(await call(desk.os.eraseCustomer, { id: customerId! })).toMatchObject({ orders: 1, contacts: 3 });
    expect(raw()).not.toMatch(plain);
    // the vendors still list it: a look back, and a mailbox that is numbered anew
    desk.market.post.renumber();
    await desk.poll();
    await letIt(desk, 2);
    await desk.poll();
    expect((await call(desk.os.list, { limit: 50 })).items.every((ticket) => ticket.customerName === KARIM.name)).toBe(true);
    expect((await call(desk.os.list, { search: 'Benali', limit: 5 })).items).toEqual([]);
    expect(await db.prisma.order.findUnique({ where: { id: 'ord_1' } })).toMatchObject({ buyerName: null, totalMinor: 4_200n });
    // whoever writes again is somebody new
    desk.market.write('ebay', YASMINE.username, 'Hello again, do you have this in blue?');
    await desk.poll();
    expect((await call(desk.os.list, { limit: 50 })).items.filter((ticket) => ticket.orderId === null)).toHaveLength(1);
  });

  it('takes its own words in a conversation with a seller for nobody’s question, also after a restart', async () => {
    const market = later(await startTalkMarket({ askedMinor: 20_000, currency: 'USD', kind: 'stubborn', delayMs: HOUR_MS }));
    const talk = later(await openTalkDesk({ market, db: later(await createTalkDatabase()), ceiling: () => 19_000 }));
    await call(talk.os.start, { opportunityId: await seedTalk(talk), opportunityVersion: 1, ceiling: { minor: 19_000, currency: 'USD' }, channel: 'ebay', recipient: CONTACTS.ebay, language: 'en', timeZone: 'Africa/Algiers', review: false });
    await talk.runUntil(async () => market.ebay.sent.length > 0, 4 * HOUR_MS);
    expect(market.ebay.sent).toHaveLength(1);
    const again = openChannels(market);
    const { ctx } = talk.desk;
    let asked = 0;
    registerSupport({ ctx, channels: { get: (id) => again.channels[id] }, classifier: () => Promise.reject(new Error(`nobody wrote, and was read ${++asked} times`)), words: { reply: async () => null }, orderMessages: { get: () => null } });
    await ctx.db.transaction((tx) => ctx.jobs.add(tx, { kind: POLL_TICKETS, payload: {} }));
    await ctx.jobs.runDue();
    expect([asked, await ctx.db.prisma.ticket.count(), await ctx.db.prisma.job.count({ where: { kind: POLL_TICKETS, state: 'failed' } })]).toEqual([0, 0, 0]);
    await again.close();
  });
});
