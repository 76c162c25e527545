import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderMessageKind } from '#contract/order-messages.ts';
import { ConnectorError, type ConnectorErrorKind } from '#kernel/errors.ts';
import { HOUR_MS } from '#kernel/time.ts';
import { createKillSwitch, type HeldKillSwitch } from '#runtime/kill-switch.ts';
import { createTestRuntime, TEST_START, type TestRuntime } from '#runtime/testing.ts';
import { rememberBuyer } from '../../customers/index.ts';
import { eraseCustomer, exportCustomer } from '../../flows/customer-data.ts';
import { readToday } from '../../reporting/index.ts';
import type { SupportDeps } from '../deps.ts';
import type { OrderMessagePort } from '../ports.ts';
import { registerSupport } from '../register.ts';
import { checkOrderMessage } from './check-text.ts';
import { askOpen, readMessages, settleMessage, writeToBuyer } from './write-message.ts';

const NUMBER = '111-2233445-6677889';
const TEXT = 'Good day, which of the two colours would you like?';
let runtime: TestRuntime;
let killSwitch: HeldKillSwitch;
let deps: SupportDeps;
let sent: string[];
let kinds: OrderMessageKind[];
/** What the next calls answer, after the message went out or before. */
let answers: { readonly kind: ConnectorErrorKind | 'killed'; readonly went: boolean }[];

const amazon: OrderMessagePort = {
  market: 'amazon-us', mostCharacters: () => 2_000, open: async () => kinds, language: async () => 'fr-FR',
  send: async (orderId, { kind, text }) => {
    const answer = answers.shift();
    if (!answer || answer.went) sent.push(`${orderId} ${kind} ${text}`);
    // neither an answer nor a failure of the connector: the program ended meanwhile
    if (answer?.kind === 'killed') throw new Error('killed');
    if (answer) throw new ConnectorError({ kind: answer.kind, connector: 'amazon-sp-api', operation: 'message the buyer', message: 'no' });
  },
};

beforeEach(async () => {
  [sent, answers, kinds] = [[], [], ['order-details', 'unexpected-problem']];
  killSwitch = await createKillSwitch(async () => false);
  runtime = await createTestRuntime({ killSwitch });
  deps = { ctx: runtime.context, channels: { get: () => null }, classifier: () => Promise.reject(new Error('nobody wrote')), words: { reply: async () => null }, orderMessages: { get: (market) => (market === amazon.market ? amazon : null) } };
  registerSupport(deps);
  await runtime.db.transaction(async (tx) => {
    await tx.order.create({ data: { id: 'ord_a', channel: 'amazon-us', externalId: NUMBER, state: 'paid', buyerName: null, buyerWords: '', currency: 'USD', totalMinor: 2_000, feesMinor: 300, placedAt: TEST_START, modifiedAt: TEST_START, tracking: 'UPS 5551234567', raw: JSON.stringify({ problems: [], feeKnown: true, fulfilment: 'not-started', payment: 'paid' }) } });
    await rememberBuyer(runtime.context, tx, 'ord_a', { name: 'Dana Cole', contacts: [{ kind: 'email', value: 'd@marketplace.amazon.com' }] });
  });
});
afterEach(() => runtime.close());

const write = (change: Partial<Parameters<typeof writeToBuyer>[1]> = {}) => writeToBuyer(deps, { orderId: 'ord_a', kind: 'order-details', text: TEXT, key: 'key-00001', by: 'owner', ...change });
const standing = async () => (await readMessages(deps, 'ord_a')).messages.map(({ kind, state, error }) => ({ kind, state, error }));
const today = async () => (await readToday({ ctx: runtime.context })).items.filter((item) => item.kind === 'buyer-message');

describe('a message about an order', () => {
  it('goes out once for its key, and not again with the same words', async () => {
    expect(await askOpen(deps, 'ord_a')).toEqual({ kinds, language: 'fr-FR', mostCharacters: 2_000 });
    const first = await write();
    expect((await write()).id).toBe(first.id);
    await expect(write({ text: 'Other words, the same key.' })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(write({ key: 'key-00002', text: 'Another while that one is under way.' })).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'queued' } });
    await runtime.context.jobs.runDue();
    expect(sent).toEqual([`${NUMBER} order-details ${TEXT}`]);
    expect(await standing()).toEqual([{ kind: 'order-details', state: 'sent', error: null }]);
    await expect(write({ key: 'key-00003' })).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'sent' } });
    expect(await today()).toEqual([]);
  });

  it.each([['OutcomeUnknown', true], ['OutcomeUnknown', false], ['killed', true], ['killed', false]] as const)('whose answer is lost (%s) is never sent again (it went out: %s); a person says what became of it', async (kind, went) => {
    answers = [{ kind, went }];
    const { id } = await write();
    await runtime.runUntil(TEST_START + 6 * HOUR_MS);
    expect([sent.length, await standing()]).toEqual([went ? 1 : 0, [{ kind: 'order-details', state: 'unknown', error: null }]]);
    expect(await today()).toMatchObject([{ id: 'ord_a', reason: { code: 'order.message-unknown' } }]);
    await expect(write({ key: 'key-00002', text: 'Is it there?' })).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'unknown' } });
    expect(await settleMessage(deps, { id, arrived: went, by: 'owner' })).toMatchObject({ state: went ? 'sent' : 'failed' });
    expect(await today()).toEqual([]);
    await expect(settleMessage(deps, { id, arrived: true, by: 'owner' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await write({ key: 'key-00004', text: 'Is it there?' });
    await runtime.context.jobs.runDue();
    expect(sent).toHaveLength(went ? 2 : 1);
  });

  it('is tried again where nothing can have gone out, and failed with its words where the channel will not', async () => {
    answers = [{ kind: 'Throttled', went: false }];
    await write();
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect(sent).toHaveLength(1);
    answers = [{ kind: 'Rejected', went: false }];
    await write({ kind: 'unexpected-problem', key: 'key-00002' });
    await runtime.runUntil(TEST_START + 2 * HOUR_MS);
    kinds = [];
    await write({ kind: 'delivery-details', key: 'key-00003' });
    await runtime.runUntil(TEST_START + 3 * HOUR_MS);
    expect(sent).toHaveLength(1);
    expect((await standing()).slice(1)).toEqual([{ kind: 'unexpected-problem', state: 'failed', error: expect.stringContaining('no') as string }, { kind: 'delivery-details', state: 'failed', error: expect.stringContaining('does not take this message') as string }]);
    expect(await today()).toMatchObject([{ reason: { code: 'order.message-failed' } }, { reason: { code: 'order.message-failed' } }]);
  });

  it('waits while everything is stopped', async () => {
    killSwitch.press();
    await write();
    await runtime.context.jobs.runDue();
    expect([sent, await standing()]).toEqual([[], [{ kind: 'order-details', state: 'sending', error: null }]]);
  });

  it('is given out and erased with its buyer', async () => {
    await write();
    await runtime.context.jobs.runDue();
    const customerId = (await runtime.db.prisma.customerOrder.findUniqueOrThrow({ where: { orderId: 'ord_a' } })).customerId;
    expect((await exportCustomer(runtime.context, customerId))['messagesAboutOrders']).toMatchObject([{ text: TEXT, state: 'sent' }]);
    await eraseCustomer(runtime.context, customerId, 'owner');
    expect(await standing()).toEqual([]);
  });

  it('is refused for what Amazon forbids, before anything is kept', async () => {
    await expect(write({ text: 'See www.example.com' })).rejects.toMatchObject({ code: 'FORBIDDEN_CONTENT', data: { problems: ['link'] } });
    await expect(write({ orderId: 'ord_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await standing()).toEqual([]);
  });
});

const check = (text: string) => checkOrderMessage(text, { own: [NUMBER, 'UPS', '5551234567'], mostCharacters: 2_000 });

describe('what a message must not hold', () => {
  it.each([
    ['write to me at shop@example.org', 'email'], ['me (at) example.org', 'email'], ['see https://example.org/x', 'link'], ['my-shop.co.uk has more', 'link'], ['call +1 (555) 010-9999', 'phone'], ['05 55 12 34 56', 'phone'], ['اتصل ٠٥٥٥١٢٣٤٥٦', 'phone'],
    ['ring 555-010-9999', 'phone'], ['<b>Hello</b>', 'html'], ['10 % discount on your next order', 'marketing:discount'], ['تخفيض كبير', 'marketing:تخفيض'], ['code promo inside', 'marketing:code promo'], ['une remise de 10 %', 'marketing:remise de 1'], ['please leave us a review', 'review:review'],
    ['merci de laisser un avis', 'review:avis'], ['pay me by PayPal', 'elsewhere:paypal'], ['x'.repeat(2_001), 'length'], ['  ', 'length'],
  ])('%s: %s', (text, problem) => expect(check(text)).toContain(problem));
  it.each([
    TEXT, `Your order ${NUMBER} goes with UPS 5551234567.`, 'It left on 2026-11-20 and comes by 28/11/2026 between 9:00 and 12:30.', 'The model is BS-2000.45, 220 V, 1.5 m.', 'Bonjour, la couleur bleue n’est plus disponible. Souhaitez-vous la rouge ?', 'السلام عليكم، أي لون تفضلون؟', 'Souhaitez-vous une remise en main propre ?', 'Is there a call bell at the door of no. 12?',
  ])('%s: nothing', (text) => expect(check(text)).toEqual([]));
});
