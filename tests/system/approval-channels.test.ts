import { readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import { implement } from '@orpc/server';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPortLink, createPortServer } from '#app/transports/message-port.ts';
import { startHttpHost, type HttpHost } from '#app/transports/http.ts';
import { createTelegram, type Telegram } from '#connectors/messaging/telegram/index.ts';
import { approvalsContract } from '#contract/approvals.ts';
import { createApprovalProcedures, pollChat, readHeldBack, readInbox, registerApprovals, replayApproval, syncCards, verifyAudit, type ApprovalsDeps } from '#engine/flows/approvals/index.ts';
import { approveOpportunity, readPurchase } from '#engine/purchasing/index.ts';
import { addPerson, issueCode } from '#engine/team/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { createKillSwitch } from '#runtime/kill-switch.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { createTelegramVendor, PRACTICE_TELEGRAM_TOKEN, type TelegramVendor } from '#practice/vendors/telegram/index.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from '#tests/support/trade-desk.ts';
import { startTradeMarket, worthwhileOffers, type TradeMarket } from '#tests/support/trade-market.ts';

const SCHEMA = path.resolve(import.meta.dirname, '../../../shared/specs/telegram/bot-api.schema.json');
const SPEC = path.resolve(import.meta.dirname, '../../../shared/specs/telegram/api.json');
const present = existsSync(SCHEMA) && existsSync(SPEC);
if (!present) console.log('contract tests skipped: ../shared/specs is not here');

const OWNER = { personId: 'owner', channel: 'desktop' };
const [AMINA, STRANGER] = [5_001, 6_666];
let market: TradeMarket;
let db: TestDatabase;
let desk: TradeDesk;
let vendor: TelegramVendor;
let telegram: Telegram;
let deps: ApprovalsDeps;
let aminaId: string;

beforeEach(async () => {
  market = await startTradeMarket();
  db = await createTestDatabase();
  desk = await openTradeDesk({ db, clock: market.clock, shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl });
  await seedBusiness(desk.ctx, { twoPersonAbove: { minor: 1, currency: 'USD' } });
  vendor = createTelegramVendor(market.world);
  telegram = createTelegram({ clock: market.clock, random: seededRandom('telegram'), log: silentLogger, baseUrl: await vendor.start(), token: () => Promise.resolve(PRACTICE_TELEGRAM_TOKEN), isConnected: () => true });
  let head: Awaited<ReturnType<ApprovalsDeps['heads']['recall']>> = null;
  deps = {
    ctx: desk.ctx, purchasing: desk.trade.purchasing, opportunities: { ctx: desk.ctx, catalog: null as never, feeCards: [] }, killSwitch: await createKillSwitch(() => Promise.resolve(false)), randomBytes: (n) => randomBytes(n), chat: telegram,
    heads: { recall: () => Promise.resolve(head), remember: (next) => { head = { ...next, at: 0, keptIn: 'keychain' }; return Promise.resolve(); } },
  };
  registerApprovals(deps);
  aminaId = (await addPerson(deps, { name: 'Amina B.', by: OWNER })).find((person) => person.name === 'Amina B.')!.id;
});
afterEach(async () => {
  await telegram.close();
  await vendor.close();
  await desk.close();
  await market.close();
  await db.close();
});

const signal = new AbortController().signal;
const poll = () => pollChat(deps, { waitSeconds: 0, signal });
const offerOf = (n: number) => worthwhileOffers(market, 3)[n]!;
const waiting = async () => (await approveOpportunity(desk.trade.purchasing, { id: (await seedOpportunity(desk.ctx, offerOf(0))).opportunityId, version: 1, approvedBy: 'owner' })).purchaseId;
const stateOf = async (id: string) => (await readPurchase(db.prisma, id)).state;
const last = () => vendor.messages.at(-1)!;
const orders = () => market.world.effects().shopOrders.length;

async function link(): Promise<void> {
  const { code } = await issueCode(deps, { personId: aminaId, kind: 'telegram', by: OWNER, randomBytes: (n) => randomBytes(n) });
  vendor.say(AMINA, `/start ${code}`);
  await poll();
}

describe('a Telegram chat', () => {
  it('is linked by a one-time code, and by nothing else', async () => {
    const { code } = await issueCode(deps, { personId: aminaId, kind: 'telegram', by: OWNER, randomBytes: (n) => randomBytes(n) });
    vendor.say(STRANGER, 'AAAAAAAAAA');
    vendor.say(STRANGER, '/stop');
    vendor.say(STRANGER, `/start ${code}`, { id: -100, type: 'group' });
    await poll();
    expect(await db.prisma.personChannel.count()).toBe(0);
    expect((await readHeldBack(deps)).on).toBe(false);
    vendor.say(AMINA, code);
    vendor.say(STRANGER, code);
    await poll();
    expect((await db.prisma.personChannel.findMany()).map((channel) => [channel.personId, channel.address])).toEqual([[aminaId, String(AMINA)]]);
    expect(JSON.stringify(await db.prisma.auditEntry.findMany().then((rows) => rows.map((row) => row.data)))).not.toContain(code);
  });

  it('shows amount and evidence, takes the second consent once, and loses its buttons in every chat', async () => {
    await link();
    const purchaseId = await waiting();
    await syncCards(deps);
    const card = vendor.messages.find((message) => message.buttons.size > 0 && message.text.startsWith('Needs a second person'))!;
    expect(card.text).toContain(offerOf(0).title.slice(0, 20));
    expect(card.text).toMatch(/at most \$[\d,.]+/);
    expect(card.text).toContain('Agreed: Owner');
    const press = vendor.press(AMINA, card, 'Approve');
    await poll();
    expect(vendor.answers.get(press)).toBe('Approved.');
    vendor.repeatLast();
    await poll();
    await desk.settle();
    expect(await stateOf(purchaseId)).toBe('confirmed');
    expect(orders()).toBe(1);
    expect([...card.buttons.keys()]).toEqual([]);
    expect(card.text).toContain('Approved by Amina B. (telegram).');
    expect(await db.prisma.consent.count()).toBe(2);
    expect(await replayApproval(deps, purchaseId)).toMatchObject({ equal: true, consents: [{ name: 'Owner' }, { name: 'Amina B.', channel: 'telegram' }] });
    expect(await verifyAudit(deps)).toMatchObject({ sound: true });
  });

  it('reads a press again whose message came garbled, and leaves behind what is garbled every time', async () => {
    await link();
    const purchaseId = await waiting();
    await syncCards(deps);
    const card = last();
    const press = vendor.press(AMINA, card, 'Approve');
    const read = telegram.updates.bind(telegram);
    const garbled = vi.spyOn(telegram, 'updates').mockImplementationOnce(async (input) => (await read(input)).map(({ updateId }) => ({ updateId, kind: 'unreadable', problem: 'callback_query.from: invalid_type' })));
    await poll();
    expect([await stateOf(purchaseId), vendor.answers.get(press)]).toEqual(['awaiting-second', undefined]);
    await poll();
    expect(vendor.answers.get(press)).toBe('Approved.');
    vendor.say(AMINA, '/stop');
    garbled.mockImplementation(async (input) => (await read(input)).map(({ updateId }) => ({ updateId, kind: 'unreadable', problem: 'message: invalid_type' })));
    await poll();
    await poll();
    await poll();
    garbled.mockRestore();
    expect(await poll()).toBe(0);
    expect((await readHeldBack(deps)).on).toBe(false);
  });

  it('answers a press that is not of its own card, and one that was decided at the desk', async () => {
    await link();
    const purchaseId = await waiting();
    await syncCards(deps);
    const card = last();
    const data = new Map(card.buttons);
    vendor.press(STRANGER, { ...card, chatId: STRANGER }, 'Approve');
    await poll();
    expect(await stateOf(purchaseId)).toBe('awaiting-second');
    await approveOpportunity(desk.trade.purchasing, { id: (await readPurchase(db.prisma, purchaseId)).opportunityId, version: 1, approvedBy: 'Karim' });
    await syncCards(deps);
    expect(card.buttons.size).toBe(0);
    const late = vendor.press(AMINA, { ...card, buttons: data }, 'Approve');
    await poll();
    expect(vendor.answers.get(late)).toBe('This was decided already.');
    await desk.settle();
    expect(orders()).toBe(1);
  });

  it('stops everything, says what waits, and releases only when told twice', async () => {
    await link();
    vendor.say(AMINA, '/stop');
    await poll();
    expect(deps.killSwitch.isOnNow()).toBe(true);
    vendor.say(AMINA, '/release');
    await poll();
    expect(last().text).toContain('Send "/release yes"');
    expect(deps.killSwitch.isOnNow()).toBe(true);
    vendor.say(AMINA, '/release yes');
    await poll();
    expect(deps.killSwitch.isOnNow()).toBe(false);
    expect((await db.prisma.auditEntry.findMany({ where: { action: { startsWith: 'kill-switch' } } })).map((row) => [row.action, row.actor, row.channel])).toEqual([['kill-switch.pressed', aminaId, 'telegram'], ['kill-switch.released', aminaId, 'telegram']]);
  });

  it.skipIf(!present)('speaks as the Bot API says: every request and every answer', async () => {
    await link();
    await waiting();
    await syncCards(deps);
    vendor.press(AMINA, vendor.messages.find((message) => message.buttons.has('Details'))!, 'Details');
    await poll();
    await telegram.check();
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addSchema(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object, 'bot');
    const spec = JSON.parse(readFileSync(SPEC, 'utf8')) as { methods: Record<string, { fields?: { name: string; required: boolean; types: string[] }[]; returns: string[] }> };
    const faults: string[] = [];
    const checkType = (type: string, value: unknown): boolean => {
      const plain: Record<string, (v: unknown) => boolean> = { Integer: Number.isInteger, String: (v) => typeof v === 'string', Boolean: (v) => typeof v === 'boolean', True: (v) => v === true };
      if (type.startsWith('Array of ')) return Array.isArray(value) && value.every((item) => checkType(type.slice(9), item));
      if (plain[type]) return plain[type](value);
      const valid = ajv.getSchema(`bot#/$defs/${type}`);
      return Boolean(valid?.(value));
    };
    for (const { method, request, response } of vendor.traffic) {
      const described = spec.methods[method]!;
      const fields = new Map((described.fields ?? []).map((field) => [field.name, field]));
      for (const [name, value] of Object.entries(request as object)) {
        const field = fields.get(name);
        if (!field) faults.push(`${method}.${name}: not in the specification`);
        else if (!field.types.some((type) => checkType(type, value))) faults.push(`${method}.${name}: ${JSON.stringify(value)} is none of ${field.types.join(', ')}`);
      }
      for (const field of fields.values()) if (field.required && !(field.name in (request as object))) faults.push(`${method}.${field.name}: required`);
      const { result } = response as { result: unknown };
      if (!described.returns.some((type) => checkType(type, result))) faults.push(`${method} answers ${JSON.stringify(result).slice(0, 200)}, which is none of ${described.returns.join(', ')}`);
    }
    expect(new Set(vendor.traffic.map((call) => call.method))).toEqual(new Set(['getUpdates', 'sendMessage', 'answerCallbackQuery', 'getMe']));
    expect(faults).toEqual([]);
    expect(vendor.bugs).toEqual([]);
  });
});

describe('the phone page', () => {
  let host: HttpHost;
  let close: () => void;
  beforeEach(async () => {
    const { port1, port2 } = new MessageChannel();
    createPortServer({ router: implement({ approvals: approvalsContract }).router({ approvals: createApprovalProcedures(deps, OWNER) }), context: {} }, silentLogger).serve(port1);
    host = await startHttpHost({ engine: createPortLink(port2), contract: { approvals: approvalsContract }, version: '1', logger: silentLogger, apiToken: 'a-token-of-the-interface-0123456789', rendererDir: path.resolve('renderer/public') });
    close = () => port1.close();
  });
  afterEach(async () => {
    await host.close();
    close();
  });
  const ask = (question: string, body: unknown, headers: Record<string, string> = {}) => fetch(`${host.url}/phone/api/${question}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-resale-phone': '1', ...headers }, body: JSON.stringify(body) });

  it('is opened by a one-time code, decides as its person, and ends when it is unlinked', async () => {
    const { code } = await issueCode(deps, { personId: aminaId, kind: 'phone', by: OWNER, randomBytes: (n) => randomBytes(n) });
    const purchaseId = await waiting();
    const login = await ask('login', { code: code.toLowerCase() });
    const set = login.headers.get('set-cookie')!;
    expect(login.status).toBe(200);
    expect(set).toMatch(/; Path=\/phone; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    expect(await login.text()).not.toContain(set.split('=')[1]!.split(';')[0]);
    expect((await ask('login', { code })).status).toBe(401);
    const cookie = set.split(';')[0]!;
    const inbox = (await (await ask('inbox', {}, { cookie })).json()) as { name: string; items: { kind: string; id: string; version: number; mayDecide: boolean }[] };
    expect(inbox).toMatchObject({ name: 'Amina B.', items: [{ kind: 'second', id: purchaseId, mayDecide: true }] });
    const { kind, id, version } = inbox.items[0]!;
    const decided = await Promise.all([ask('decide', { kind, id, version, decision: 'approve' }, { cookie }), ask('decide', { kind, id, version, decision: 'approve' }, { cookie })]);
    expect(decided.map((answer) => answer.status).sort()).toEqual([200, 409]);
    await desk.settle();
    expect([await stateOf(purchaseId), orders()]).toEqual(['confirmed', 1]);
    await db.prisma.personChannel.updateMany({ data: { revokedAt: 1 } });
    expect((await ask('inbox', {}, { cookie })).status).toBe(401);
  });

  it('takes no request of another site, no cookie elsewhere, and no more than a few codes a minute', async () => {
    expect((await ask('inbox', {}, { 'x-resale-phone': '0' })).status).toBe(403);
    expect((await ask('inbox', {}, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask('inbox', {})).status).toBe(401);
    expect((await fetch(`${host.url}/phone`)).headers.get('content-security-policy')).toContain("script-src 'self'");
    expect((await fetch(`${host.url}/api/approvals`, { headers: { cookie: `resale_phone=${'x'.repeat(43)}` } })).status).toBe(401);
    const tries = [];
    for (let n = 0; n < 8; n++) tries.push((await ask('login', { code: 'AAAAAAAAAA' })).status);
    expect(tries.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 401));
    expect(tries.slice(6)).toEqual([429, 429]);
  });
});

describe('offline', () => {
  it('approves without a connection, and carries out on reconnection only after the evidence is checked anew', async () => {
    await seedBusiness(desk.ctx);
    market.shop.setFaults({ rate: 1, kinds: ['cut-before'] });
    const { opportunityId } = await seedOpportunity(desk.ctx, offerOf(0));
    const { purchaseId } = await approveOpportunity(desk.trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'owner' });
    await desk.ctx.jobs.runDue();
    expect([await stateOf(purchaseId), orders()]).toEqual(['preparing', 0]);
    market.shop.setFaults({ rate: 0 });
    await desk.settle();
    expect([await stateOf(purchaseId), orders()]).toEqual(['confirmed', 1]);
    const steps = (await db.prisma.workflowStep.findMany({ where: { workflow: { kind: 'buy' } }, orderBy: { finishedAt: 'asc' } })).map((step) => step.name);
    expect(steps.indexOf('quote')).toBeLessThan(steps.indexOf('place-order'));
    expect((await readInbox(deps, 'owner')).waiting).toBe(0);
  });
});
