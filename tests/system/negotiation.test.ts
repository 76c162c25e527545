import { call } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KILL_SWITCH, putSetting } from '#engine/settings/index.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { CONTACTS, createTalkDatabase, openTalkDesk, seedTalk, startTalkMarket, TALK_START, type TalkDesk, type TalkDeskOptions, type TalkMarket } from '#tests/support/talk-desk.ts';

const CEILING = 19_000;
const usd = (minor: number) => ({ minor, currency: 'USD' });

type Channel = keyof typeof CONTACTS | 'by-hand';
const opened: { close(): Promise<void> }[] = [];
const later = <T extends { close(): Promise<void> }>(one: T): T => (opened.push(one), one);

let market: TalkMarket;
let talk: TalkDesk;
let ceiling: number | null;

async function open(advertiser: Parameters<typeof startTalkMarket>[0], more: Partial<TalkDeskOptions> = {}): Promise<void> {
  market = later(await startTalkMarket(advertiser));
  talk = later(await openTalkDesk({ market, db: later(await createTalkDatabase()), ceiling: () => ceiling, ...more }));
}

beforeEach(() => {
  ceiling = CEILING;
});
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

const start = (opportunityId: string, channel: Channel, more: { review?: boolean; ceiling?: number; recipient?: string } = {}) =>
  call(talk.os.start, { opportunityId, opportunityVersion: 1, ceiling: usd(more.ceiling ?? CEILING), channel, recipient: more.recipient ?? (channel === 'by-hand' ? '' : CONTACTS[channel]), language: 'en', timeZone: 'Africa/Algiers', review: more.review ?? false });
const get = (id: string) => call(talk.os.get, { id });
const ended = (id: string) => async () => !['drafted', 'deciding', 'awaiting-reply'].includes((await get(id)).state);

/** No text that went out names a price above the ceiling, the ceiling itself as a limit, or nobody as its writer. */
function expectHonest(): void {
  for (const text of market.sent()) {
    for (const [, price] of text.matchAll(/(\d+(?:\.\d+)?) USD/g)) expect(Number(price) * 100).toBeLessThanOrEqual(CEILING);
    expect(text).toContain('Practice Reseller');
    expect(text).toContain('STOP');
  }
}

async function buy(id: string): Promise<void> {
  const agreed = await get(id);
  const { purchaseId } = await call(talk.os.buy, { id, version: agreed.version });
  expect(await call(talk.os.buy, { id, version: agreed.version })).toEqual({ purchaseId });
  await talk.desk.settle();
  const purchase = await call(talk.purchases.get, { id: purchaseId });
  expect(purchase).toMatchObject({ state: 'ordering-by-hand', approval: { maxTotal: agreed.agreed, maxUnit: agreed.agreed } });
  await call(talk.purchases.recordOrder, { id: purchaseId, version: purchase.version, externalId: 'K-1', total: agreed.agreed! });
  expect(await call(talk.purchases.get, { id: purchaseId })).toMatchObject({ state: 'confirmed', total: agreed.agreed });
}

describe('a talk on the practice market', () => {
  it.each([['email', 'fr'], ['sms', 'ar'], ['ebay', 'sn']] as const)('over %s with a seller who writes %s: from the opening to a purchase at the agreed price', async (channel, language) => {
    await open({ askedMinor: 20_000, currency: 'USD', kind: 'linear', language, delayMs: HOUR_MS / 2 });
    const { id } = await start(await seedTalk(talk), channel);
    await talk.runUntil(ended(id), 3 * DAY_MS);
    const after = await get(id);
    expect(after.events.map((event) => event.kind)).not.toContain('send-failed');
    expect(after.state, JSON.stringify(after.messages.map((m) => [m.direction, m.text, m.reading, m.error]))).toBe('agreed');
    expect(after.agreed!.minor).toBeLessThanOrEqual(CEILING);
    const conversation = market.correspondence.conversation(CONTACTS[channel])!;
    // the last word may be ours and on its way
    await talk.runUntil(() => Promise.resolve(false), HOUR_MS);
    expect(after.agreed!.minor).toBe(market.correspondence.conversation(CONTACTS[channel])!.agreedMinor);
    expect(conversation.offers.length).toBe(new Set(market.sent()).size - market.sent().filter((text) => /Agreed|prends|آخذ|ndichatora/.test(text)).length);
    expect(after.messages.filter((m) => m.direction === 'in').every((m) => m.reading?.intent !== null)).toBe(true);
    if (after.messages.filter((m) => m.direction === 'in').length > 1) expect(after.language).toBe(language);
    expectHonest();
    await buy(id);
  });

  it('by hand: the person carries texts over and pastes the answers', async () => {
    await open({ askedMinor: 20_000, currency: 'USD' });
    const { id } = await start(await seedTalk(talk), 'by-hand');
    await talk.desk.ctx.jobs.runDue();
    const opening = await get(id);
    expect(opening).toMatchObject({ state: 'drafted', needsYou: true, messages: [{ state: 'by-hand', kind: 'opening' }] });
    await call(talk.os.markSent, { id, version: opening.version, messageId: opening.messages[0]!.id });
    const waiting = await get(id);
    expect(waiting).toMatchObject({ state: 'awaiting-reply', nextStep: 'remind', ourLast: opening.messages[0]!.amount });
    await call(talk.os.paste, { id, version: waiting.version, text: 'Ok deal' });
    expect(await get(id)).toMatchObject({ state: 'agreed', agreed: opening.messages[0]!.amount });
    expect(market.sent()).toEqual([]);
    await buy(id);
  });

  it('reminds once and politely, then closes; what comes after is shown and changes nothing', async () => {
    await open({ askedMinor: 20_000, currency: 'USD', kind: 'stubborn' });
    const id = (await start(await seedTalk(talk), 'sms', { recipient: '+15550109999' })).id;
    await talk.runUntil(ended(id), 10 * DAY_MS);
    expect(await get(id)).toMatchObject({ state: 'timed-out', nextStep: null });
    expect((await get(id)).messages.map((m) => [m.kind, m.state])).toEqual([['opening', 'sent'], ['reminder', 'sent']]);
    market.twilio.text('+15550109999', 'ok deal', market.clock.now());
    await talk.runUntil(() => Promise.resolve(false), HOUR_MS);
    expect((await get(id)).state).toBe('timed-out');
    expect((await get(id)).events.at(-1)!.kind).toBe('late-answer');
  });

  it('honours STOP for ever, on every talk with that seller', async () => {
    await open({ askedMinor: 20_000, currency: 'USD', kind: 'tough' });
    const { id } = await start(await seedTalk(talk), 'sms', { recipient: '+15550109999' });
    await talk.runUntil(async () => market.twilio.sent.length > 0, HOUR_MS);
    market.twilio.text('+15550109999', 'arrêtez de m’écrire', market.clock.now());
    await talk.runUntil(ended(id), HOUR_MS);
    expect((await get(id)).state).toBe('opted-out');
    await talk.desk.ctx.db.prisma.opportunity.updateMany({ data: { state: 'open', version: 1 } });
    await expect(start((await get(id)).opportunityId, 'sms', { recipient: '+1 555 010 9999' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'recipient' } });
    await talk.runUntil(() => Promise.resolve(false), 4 * DAY_MS);
    expect(market.twilio.sent.length).toBe(1);
  });

  it.each(['note', 'list'] as const)('whose mail does not arrive, as a %s says, is a person’s; nothing more goes there by itself', async (how) => {
    await open({ askedMinor: 20_000, currency: 'USD', kind: 'tough' });
    market.post.refuse(CONTACTS.email, how);
    const { id } = await start(await seedTalk(talk), 'email');
    await talk.runUntil(ended(id), DAY_MS);
    const bounced = await get(id);
    expect(bounced).toMatchObject({ state: 'needs-person', nextStep: null, ourLast: null, endReason: { code: 'talk.bounced' }, messages: [{ kind: 'opening', state: 'failed', error: expect.stringContaining('550 5.1.1') }] });
    expect(bounced.events.at(-1)).toMatchObject({ kind: 'bounced', data: { message: expect.not.stringContaining(CONTACTS.email) } });
    await talk.runUntil(() => Promise.resolve(false), 5 * DAY_MS);
    expect([market.post.accepted.length, (await get(id)).version]).toEqual([1, bounced.version]);
    // what the desk says by itself stays here, whoever handed it back
    const taken = await call(talk.os.takeOver, { id, version: bounced.version });
    await call(talk.os.handBack, { id, version: taken.version });
    await talk.runUntil(ended(id), DAY_MS);
    expect([market.post.accepted.length, (await get(id)).state]).toEqual([1, 'needs-person']);
    expect((await get(id)).endReason).toMatchObject({ code: 'talk.undeliverable' });
  });

  it('keeps the seller’s night, and asks nobody while the kill switch is on', async () => {
    await open({ askedMinor: 20_000, currency: 'USD', kind: 'tough' });
    market.clock.advanceTo(TALK_START + 8 * HOUR_MS);
    const opportunityId = await seedTalk(talk);
    const { id } = await start(opportunityId, 'sms');
    const set = (on: boolean) => talk.desk.ctx.db.transaction((tx) => putSetting(tx, KILL_SWITCH, { on }, market.clock.now()));
    await talk.runUntil(() => Promise.resolve(false), 8 * HOUR_MS);
    expect(market.sent()).toEqual([]);
    expect(await get(id)).toMatchObject({ nextStep: 'send', nextAt: Date.UTC(2026, 10, 3, 7) });
    await set(true);
    await expect(call(talk.os.accept, { id, version: (await get(id)).version })).rejects.toThrow();
    await set(false);
    await talk.runUntil(async () => market.sent().length > 0, 2 * HOUR_MS);
    expect(market.twilio.sent[0]!.at).toBeGreaterThanOrEqual(Date.UTC(2026, 10, 3, 7));
  });

  it('walks away when the estimate falls below what was offered, before another word goes out', async () => {
    await open({ askedMinor: 20_000, currency: 'USD', kind: 'tough', language: 'en', delayMs: HOUR_MS });
    const { id } = await start(await seedTalk(talk), 'sms');
    await talk.runUntil(async () => market.sent().length > 0, HOUR_MS);
    ceiling = 5_000;
    await talk.runUntil(ended(id), DAY_MS);
    expect(await get(id)).toMatchObject({ state: 'walked-away', endReason: { code: 'talk.estimate-fell' }, working: usd(5_000) });
    expect(market.sent().length).toBe(1);
  });

  it('shows each text to the person first, refuses an edit that names another number, and lets them take over and hand back', async () => {
    await open({ askedMinor: 20_000, currency: 'USD', kind: 'linear', language: 'en', delayMs: HOUR_MS });
    const { id } = await start(await seedTalk(talk), 'sms', { review: true });
    await talk.runUntil(() => Promise.resolve(false), HOUR_MS);
    const draft = await get(id);
    const text = draft.messages[0]!;
    expect(draft).toMatchObject({ needsYou: true, messages: [{ state: 'draft' }] });
    const release = (words: string) => call(talk.os.release, { id, version: draft.version, messageId: text.id, text: words });
    await expect(release(`${text.text} I can go up to 190 USD`)).rejects.toMatchObject({ code: 'INVALID' });
    await expect(release(text.text.replace('Practice Reseller', 'A friend'))).rejects.toMatchObject({ code: 'INVALID' });
    await release(text.text.replace(/^\S+/, 'Good day'));
    await talk.runUntil(async () => market.sent().length > 0, HOUR_MS);
    expect(market.sent()[0]).toMatch(/^Good day/);
    const taken = await call(talk.os.takeOver, { id, version: (await get(id)).version });
    await talk.runUntil(() => Promise.resolve(false), 6 * HOUR_MS);
    expect((await get(id)).messages.at(-1)).toMatchObject({ direction: 'in' });
    expect(market.sent().length).toBe(1);
    await expect(call(talk.os.write, { id, version: taken.version, text: 'x', amount: null })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    const write = async (amount: number) => call(talk.os.write, { id, version: (await get(id)).version, text: `I can do ${amount / 100} USD.`, amount: usd(amount) });
    await expect(write(CEILING + 100)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'amount' } });
    await write(CEILING - 1_000);
    await talk.runUntil(async () => market.sent().length > 1, 16 * HOUR_MS);
    expect(await get(id)).toMatchObject({ state: 'taken-over', ourLast: usd(CEILING - 1_000) });
    await call(talk.os.handBack, { id, version: (await get(id)).version });
    expect(['awaiting-reply', 'deciding']).toContain((await get(id)).state);
  });

  it('decides anew when the person corrects how an answer was understood', async () => {
    await open({ askedMinor: 20_000, currency: 'USD' });
    const { id } = await start(await seedTalk(talk), 'sms', { recipient: '+15550109999', review: true });
    await talk.desk.ctx.jobs.runDue();
    const draft = await get(id);
    await call(talk.os.release, { id, version: draft.version, messageId: draft.messages[0]!.id });
    await talk.runUntil(async () => market.sent().length > 0, HOUR_MS);
    market.twilio.text('+15550109999', 'one eighty-ish maybe, my cousin said 500', market.clock.now());
    await talk.runUntil(async () => (await get(id)).messages.length > 1, HOUR_MS);
    const doubtful = await get(id);
    expect(doubtful).toMatchObject({ state: 'needs-person', needsYou: true });
    await call(talk.os.correct, { id, version: doubtful.version, messageId: doubtful.messages.at(-1)!.id, intent: 'counter', amount: usd(18_000) });
    await talk.desk.ctx.jobs.runDue();
    const after = await get(id);
    expect(after).toMatchObject({ state: 'deciding', theirLast: usd(18_000) });
    expect(after.messages.at(-1)).toMatchObject({ direction: 'out', state: 'draft' });
    expect(after.reasoning!.curve.length).toBeGreaterThan(5);
  });

  it('uses a model’s words only where every check passes', async () => {
    const said: string[] = [];
    await open({ askedMinor: 20_000, currency: 'USD' }, { phrase: (request) => (said.push(request.amount ?? ''), Promise.resolve(said.length === 1 ? `Hurry! ${request.amount} is my maximum.` : `Hello, would you take ${request.amount} for ${request.item}?`)) });
    const opportunityId = await seedTalk(talk);
    const first = await start(opportunityId, 'sms', { review: true });
    await talk.desk.ctx.jobs.runDue();
    expect((await get(first.id)).messages[0]).toMatchObject({ author: 'strategy' });
    await call(talk.os.end, { id: first.id, version: (await get(first.id)).version, outcome: 'unavailable' });
    const second = await start(opportunityId, 'sms', { review: true });
    await talk.desk.ctx.jobs.runDue();
    expect((await get(second.id)).messages[0]).toMatchObject({ author: 'ai' });
    expect((await get(second.id)).messages[0]!.text).toMatch(/^Hello, would you take [\d.]+ USD for [\s\S]+STOP/);
  });

  it('starts no talk above what the estimate allows, and one talk for each opportunity', async () => {
    await open({ askedMinor: 20_000, currency: 'USD' });
    const opportunityId = await seedTalk(talk);
    await expect(start(opportunityId, 'sms', { ceiling: CEILING + 1 })).rejects.toMatchObject({ code: 'LIMIT' });
    await expect(start(opportunityId, 'sms', { recipient: '0555' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'recipient' } });
    const { id } = await start(opportunityId, 'sms');
    expect((await start(opportunityId, 'email')).id).toBe(id);
  });
});
