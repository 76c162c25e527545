import { call } from '@orpc/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { NoticeRules } from '#contract/notices.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { createKillSwitch, type HeldKillSwitch } from '#runtime/kill-switch.ts';
import { createTestRuntime, TEST_START, type TestRuntime } from '#runtime/testing.ts';
import { putSetting } from '../../settings/index.ts';
import { createNoticeProcedures, type NoticesDeps } from './index.ts';
import { NOTICES, TOLD } from './rules.ts';
import { noticeText, tellPeople } from './tell.ts';

type Item = Awaited<ReturnType<NoticesDeps['items']>>[number];
let runtime: TestRuntime;
let deps: NoticesDeps;
let killSwitch: HeldKillSwitch;
let items: Item[];
let chats: string[];
let mails: string[];
let fail: (() => void) | null;

const rules: NoticeRules = { ...NOTICES.fallback, telegram: true, mail: true, mailTo: 'ada@example.com' };
const set = (change: Partial<NoticeRules> = {}) => runtime.db.transaction((tx) => putSetting(tx, NOTICES, { ...rules, ...change }, TEST_START));
const ship = (n: number): Item => ({ kind: 'ship', id: `ord_${n}`, title: `Thing ${n}`, reason: null, amount: money(1_250, 'USD'), at: n });
const fell = (at: number): Item => ({ kind: 'watch', id: 'wat_1', title: 'Mouse', reason: { code: 'watch.fell', data: { from: money(2_000, 'USD'), to: money(1_700, 'USD'), changeBp: 1_500 } }, amount: money(1_700, 'USD'), at });
const failing = (kind: 'Retryable' | 'OutcomeUnknown' | 'Rejected') => () => { throw new ConnectorError({ kind, connector: 'telegram', operation: 'sendMessage', message: 'no' }); };

beforeEach(async () => {
  killSwitch = await createKillSwitch(async () => false);
  runtime = await createTestRuntime({ killSwitch });
  [items, chats, mails, fail] = [[ship(1), fell(5)], [], [], null];
  deps = {
    ctx: runtime.context, items: async () => items,
    chat: { isConnected: () => true, send: async ({ chatId, text }) => { fail?.(); chats.push(`${chatId}: ${text}`); return { messageId: '1' }; } },
    mailChannel: () => ({ send: async ({ recipient, subject, text }) => { mails.push(`${recipient}: ${subject}\n${text}`); return { externalId: 'm', at: 0 }; } }),
  };
  await runtime.db.transaction(async (tx) => {
    for (const [n, disabledAt] of [[1, null], [2, TEST_START]] as const) {
      await tx.person.create({ data: { id: `per_${n}`, name: `P${n}`, role: 'owner', disabledAt, createdAt: TEST_START } as never });
      await tx.personChannel.create({ data: { id: `chn_${n}`, personId: `per_${n}`, kind: 'telegram', address: `4${n}`, label: 'phone', linkedAt: TEST_START } as never });
    }
  });
});
afterEach(() => runtime.close());

it('tells each thing once by each way, several in one message, and only what is new the next time', async () => {
  await set();
  expect(await tellPeople(deps)).toBe(2);
  expect(chats).toEqual(['41: Resale Desk: 2 things need you\n• To send: Thing 1 ($12.50)\n• A watched offer changed: Mouse: it became cheaper ($20.00 → $17.00)\nAll of it is under Today at the desk.']);
  expect(mails[0]).toContain('ada@example.com: Resale Desk: 2 things need you\n');
  expect(await tellPeople(deps)).toBe(0);
  // another change of the same watch is news, another look at the same order is none
  items = [{ ...ship(1), at: 99 }, fell(6), ship(2)];
  expect(await tellPeople(deps)).toBe(2);
  expect(chats[1]).toContain('2 things need you\n• A watched offer changed: Mouse');
  expect(chats[1]).toContain('• To send: Thing 2');
});

it('is silent until it is turned on, in quiet hours, about what was not chosen, and of what is for the window alone', async () => {
  expect(await tellPeople(deps)).toBe(0);
  // 12:00 UTC is 13:00 in Algiers
  await set({ quietFromMinute: 13 * 60, quietToMinute: 14 * 60, timeZone: 'Africa/Algiers' });
  expect(await tellPeople(deps)).toBe(0);
  runtime.clock.advanceTo(TEST_START + HOUR_MS);
  await set({ quietFromMinute: 13 * 60, quietToMinute: 14 * 60, timeZone: 'Africa/Algiers', about: ['watch'], mail: false });
  items.push({ ...ship(3), kind: 'identify' });
  expect(await tellPeople(deps)).toBe(1);
  expect([chats.length, mails.length, chats[0]!.includes('Thing')]).toEqual([1, 0, false]);
  expect(Object.keys(TOLD)).not.toContain('identify');
});

it('nothing leaves while everything is stopped, and what waited goes afterwards', async () => {
  await set();
  killSwitch.press();
  const os = createNoticeProcedures(deps);
  expect([await tellPeople(deps), chats, mails, await call(os.test, undefined)]).toEqual([0, [], [], { held: true, sent: 0, failed: [] }]);
  killSwitch.release();
  expect(await tellPeople(deps)).toBe(2);
  // pressed between the look and the call
  items = [ship(7)];
  const press: NoticesDeps = { ...deps, items: async () => { killSwitch.press(); return items; } };
  expect([await tellPeople(press), chats.length]).toEqual([0, 1]);
  killSwitch.release();
  expect(await tellPeople(deps)).toBe(2);
});

it('tells again only what the service surely did not take: never what nobody knows of, nor after a kill', async () => {
  await set({ mail: false });
  fail = failing('Retryable');
  expect(await tellPeople(deps)).toBe(0);
  fail = null;
  expect(await tellPeople(deps)).toBe(1);
  for (const kind of ['OutcomeUnknown', 'Rejected'] as const) {
    items = [ship(kind === 'Rejected' ? 11 : 12)];
    fail = failing(kind);
    await tellPeople(deps);
    fail = null;
    expect(await tellPeople(deps)).toBe(0);
  }
  // killed in the middle of the call: it is kept as told
  items = [ship(20)];
  await runtime.db.prisma.notice.create({ data: { key: 'ship:ord_20', way: 'telegram:41', state: 'sending', attemptedAt: TEST_START } });
  expect([await tellPeople(deps), chats.length]).toEqual([0, 1]);
  const ways = async () => (await call(createNoticeProcedures(deps).get, undefined)).ways;
  expect(await ways()).toMatchObject({ chats: 1, mail: true, told: 2, failed: 2 });
  // and counted among those that nobody knows of, once no call can take so long
  runtime.clock.advanceTo(TEST_START + HOUR_MS);
  await tellPeople(deps);
  expect(await ways()).toMatchObject({ told: 2, failed: 3 });
});

it('tells again what ended and comes back after a week, not what waits on, and the next step of a claim or a return', async () => {
  await set({ mail: false });
  const claim = (code: string, claimId: string): Item => ({ ...ship(9), kind: 'claim', reason: { code, data: { claimId } } });
  const unreadable = (place: number, number: string): Item => ({ ...ship(9), kind: 'order-unreadable', id: `ebay-us:${place}`, title: number });
  items = [ship(1), ship(2), claim('order.claim', 'c1'), unreadable(0, '12-7'), unreadable(1, '12-8')];
  expect(await tellPeople(deps)).toBe(1);
  items = [ship(2), claim('order.claim', 'c1'), unreadable(0, '12-8')];
  runtime.clock.advanceTo(TEST_START + 8 * DAY_MS);
  expect(await tellPeople(deps)).toBe(0);
  items = [ship(1), ship(2), claim('order.claim-taken', 'c1'), unreadable(0, '12-8'), unreadable(1, '12-9')];
  expect(await tellPeople(deps)).toBe(1);
  expect(chats[1]!.split('\n').slice(1, -1)).toEqual(['• To send: Thing 1 ($12.50)', '• A buyer claims money back: Thing 9 ($12.50)', '• An order cannot be read: 12-9 ($12.50)']);
});

it('says every kind in words, and cuts a long list', () => {
  const many = Array.from({ length: 15 }, (_, n) => ship(n));
  expect(noticeText(many).text.split('\n')).toHaveLength(15);
  expect(noticeText(many).text).toContain('and 3 more');
  expect(noticeText([{ ...ship(1), title: `a\nb ${'x'.repeat(300)}` }]).text.split('\n')[1]!.length).toBeLessThan(160);
});

it('refuses, as declared, a change over another that was not seen', async () => {
  const os = createNoticeProcedures(deps);
  const { version } = await call(os.get, undefined);
  const change = { value: rules, version };
  expect(await call(os.set, change)).toMatchObject({ version: version + 1 });
  await expect(call(os.set, change)).rejects.toMatchObject({ code: 'CONFLICT', defined: true, data: { version: version + 1 } });
});
