import { implement, ORPCError } from '@orpc/server';
import type { z } from 'zod';
import { supportContract, type earnedRow, type supportPolicy, type ticketDetail, type ticketRow } from '#contract/support.ts';
import * as data from './fixture-data.ts';
import { FACETS } from './fixture-facets.ts';

type Row = z.infer<typeof ticketRow>;
const HOUR = 3_600_000;
const OWED = ['open', 'waiting-for-us', 'escalated'];
const STATES: readonly Row['state'][] = ['waiting-for-us', 'waiting-for-us', 'escalated', 'waiting-for-customer', 'closed', 'snoozed', 'closed', 'waiting-for-us'];
const TEXTS = [
  ['shipping', 'en', 'Hello, where is my order? The tracking has not moved for three days.'], ['return', 'fr', 'Bonjour, la taille ne convient pas. Comment puis-je retourner cet article ?'], ['complaint', 'en', 'This is unacceptable. I will open a case with my bank if nobody answers.'],
  ['shipping', 'ar', 'السلام عليكم، متى يصل الطرد؟ أنتظر منذ أسبوع.'], ['payment', 'en', 'Did you receive my payment? I see the charge twice.'], ['question', 'fr', "Est-ce que l'adaptateur est compris dans la boîte ?"],
] as const;
const NAMES = ['Yasmine Benali', 'Tendai Moyo', 'Ana Ruiz', 'Omar Haddad', 'Claire Dubois'];

/** Tickets of every kind and state, in three languages. */
export function ticketRows(count: number): Row[] {
  return Array.from({ length: count }, (_, n) => {
    const state = STATES[n % STATES.length]!;
    const [intent, language, excerpt] = TEXTS[state === 'escalated' ? 2 : n % TEXTS.length]!;
    const drafted = state === 'waiting-for-us' && intent !== 'question' && intent !== 'complaint';
    return {
      id: `tkt_${String(n).padStart(6, '0')}`, state, channel: (['ebay', 'email', 'sms'] as const)[n % 3]!, customerName: NAMES[n % NAMES.length]!, customerId: `cst_${n % NAMES.length}`, orderId: 'ord_000000', orderNumber: `14-${10_000 + n}-${20_000 + n}`, subject: n % 3 === 1 ? 'My order' : null, excerpt, intent, language,
      confidenceBp: 6_200 + ((n * 137) % 3_700), urgency: state === 'escalated' ? 3 : n % 3, handOff: state === 'escalated' ? { code: 'support.signal', data: { signals: ['chargeback', 'anger'] } } : drafted ? null : { code: 'support.question', data: {} },
      dueAt: OWED.includes(state) ? data.FIXTURE_NOW + (n % 40) * HOUR - 3 * HOUR : null, snoozedUntil: state === 'snoozed' ? data.FIXTURE_NOW + 20 * HOUR : null, satisfaction: n % 9 === 4 ? 'good' : n % 13 === 6 ? 'bad' : null, hasDraft: drafted, openedAt: data.FIXTURE_NOW - (n % 400) * HOUR, lastInAt: data.FIXTURE_NOW - (n % 400) * HOUR,
      lastOutAt: state === 'waiting-for-customer' || state === 'closed' ? data.FIXTURE_NOW - (n % 300) * HOUR : null, version: 1,
    };
  });
}

const POLICY: z.infer<typeof supportPolicy> = {
  returnDays: 30, returnPostage: 'buyer', shipWithinDays: 3, arriveWithinDays: 10, damagedRefund: true, refundLimit: { minor: 5_000, currency: 'USD' }, quietFromMinute: 1_260, quietToMinute: 480, timeZone: 'UTC', takeMailFrom: 'customers', answerHours: [48, 24, 8, 2],
  autoSend: ['shipping'], leastAcceptanceBp: 8_000, leastDrafts: 20, shadowDays: 7, mostEceBp: 1_500, keepDays: 730, canned: [{ name: 'Thanks', text: 'Thank you for your patience. I am looking into it.' }, { name: 'Photo', text: 'Could you send me a photo of the parcel and of what arrived?' }],
};

const EARNED: readonly z.infer<typeof earnedRow>[] = [
  { intent: 'shipping', on: true, mayEver: true, drafts: 46, acceptanceBp: 9_130, eceBp: 610, sentByItself: 128, shadowUntil: data.FIXTURE_NOW - HOUR, sends: true, why: { code: 'support.earned-earned', data: { acceptanceBp: 9_130, count: 46 } } },
  { intent: 'return', on: false, mayEver: true, drafts: 24, acceptanceBp: 7_500, eceBp: 980, sentByItself: 0, shadowUntil: data.FIXTURE_NOW - HOUR, sends: false, why: { code: 'support.earned-off', data: {} } },
  { intent: 'payment', on: true, mayEver: true, drafts: 6, acceptanceBp: 10_000, eceBp: 1_240, sentByItself: 0, shadowUntil: data.FIXTURE_NOW + 40 * HOUR, sends: false, why: { code: 'support.earned-too-few', data: { count: 6, least: 20 } } },
  ...(['question', 'complaint', 'other'] as const).map((intent) => ({ intent, on: false, mayEver: false, drafts: 0, acceptanceBp: null, eceBp: null, sentByItself: 0, shadowUntil: null, sends: false, why: { code: 'support.earned-never', data: {} } })),
];

function detail(row: Row): z.infer<typeof ticketDetail> {
  const draft = 'Hello,\n\nThank you for your message. Your order 14-10000-20000 (Bosch GSR 12V-35 drill) was handed to the carrier on 18 November 2026. Tracking: USPS 9400110200881234567890. It should reach you by 28 November 2026.\n\nKind regards\nResale Desk';
  return {
    ...row, recipient: row.channel === 'email' ? 'customer@example.org' : row.channel === 'sms' ? '+213555123456' : 'y_benali7',
    messages: [
      { id: 'msg_1', direction: 'in', state: 'received', author: 'customer', text: row.excerpt, subject: row.subject, sentAt: row.lastInAt - HOUR, deliveredAt: null, error: null, createdAt: row.lastInAt - HOUR },
      ...(row.lastOutAt === null ? [] : [{ id: 'msg_2', direction: 'out' as const, state: 'sent' as const, author: 'template' as const, text: draft, subject: null, sentAt: row.lastOutAt, deliveredAt: row.lastOutAt + 4_000, error: null, createdAt: row.lastOutAt }]),
    ],
    draft: row.hasDraft ? { messageId: 'msg_9', text: draft, author: 'template', facts: [{ key: 'order', value: '14-10000-20000', source: 'order' }, { key: 'item', value: 'Bosch GSR 12V-35 drill', source: 'order' }, { key: 'shipped', value: '18 November 2026', source: 'order' }, { key: 'tracking', value: 'USPS 9400110200881234567890', source: 'order' }, { key: 'arrive-by', value: '28 November 2026', source: 'policy' }] } : null,
    order: { id: 'ord_000000', externalId: row.orderNumber ?? '', channel: 'ebay-us', state: 'shipped', title: 'Bosch GSR 12V-35 drill', total: { minor: 8_900, currency: 'USD' }, placedAt: data.FIXTURE_NOW - 96 * HOUR, shippedAt: data.FIXTURE_NOW - 72 * HOUR, tracking: 'USPS 9400110200881234567890' },
    history: { orders: 3, tickets: [{ id: 'tkt_000003', intent: 'shipping', state: 'closed', openedAt: data.FIXTURE_NOW - 900 * HOUR, satisfaction: 'good' }] },
    events: [{ id: 'evt_1', kind: 'opened', data: { channel: row.channel }, at: row.openedAt }, { id: 'evt_2', kind: row.hasDraft ? 'drafted' : 'handed-over', data: {}, at: row.openedAt + 60_000 }],
  };
}

/** @param state what the desk's test wants: how many, nothing at all, and answers that wait or fail. */
export function supportProcedures(state: { readonly empty: () => boolean; readonly gate: () => Promise<void>; readonly calls: string[] }, count = 5_000) {
  const os = implement(supportContract);
  const rows = ticketRows(count);
  let policy = { value: POLICY, version: 1 };
  const find = (id: string) => rows.find((row) => row.id === id) ?? rows[0]!;
  const move = (id: string, change: Partial<Row>) => {
    const at = rows.findIndex((row) => row.id === id);
    rows[at] = { ...rows[at]!, ...change, version: rows[at]!.version + 1 };
    return rows[at]!;
  };
  return os.router({
    list: os.list.handler(async ({ input }) => {
      await state.gate();
      const all = state.empty() ? [] : rows.filter((row) => (!input.state || row.state === input.state) && (!input.intent || row.intent === input.intent) && (input.owed !== true || row.dueAt !== null) && (!input.search || `${row.customerName} ${row.orderNumber}`.toLowerCase().includes(input.search.toLowerCase())));
      const found = input.owed === true ? all.toSorted((a, b) => a.dueAt! - b.dueAt!) : all;
      const from = input.cursor ? found.findIndex((row) => row.id === input.cursor) + 1 : 0;
      const items = found.slice(from, from + input.limit);
      return { items, nextCursor: from + input.limit < found.length ? items.at(-1)!.id : null };
    }),
    facets: os.facets.handler(() => FACETS.support),
    get: os.get.handler(({ input }) => detail(find(input.id))),
    counts: os.counts.handler(async () => {
      await state.gate();
      return state.empty() ? { owed: 0, late: 0, escalated: 0, good: 0, bad: 0 } : { owed: rows.filter((row) => row.dueAt !== null).length, late: rows.filter((row) => row.dueAt !== null && row.dueAt < data.FIXTURE_NOW).length, escalated: rows.filter((row) => row.state === 'escalated').length, good: 41, bad: 7 };
    }),
    send: os.send.handler(({ input }) => {
      if (/replace|50 %/.test(input.text) && !input.despite) throw new ORPCError('PROMISE', { defined: true, status: 422, message: 'promise', data: { problems: ['promise:replacement'] } });
      state.calls.push(`support.send ${input.id} ${input.text.length}`);
      return move(input.id, { state: 'waiting-for-customer', dueAt: null, hasDraft: false });
    }),
    escalate: os.escalate.handler(({ input }) => move(input.id, { state: 'escalated', hasDraft: false, handOff: { code: 'support.by-person', data: { note: input.note } } })),
    snooze: os.snooze.handler(({ input }) => move(input.id, { state: 'snoozed', dueAt: null, snoozedUntil: input.until })),
    close: os.close.handler(({ input }) => move(input.id, { state: 'closed', dueAt: null, hasDraft: false })),
    reopen: os.reopen.handler(({ input }) => move(input.id, { state: 'waiting-for-us', dueAt: data.FIXTURE_NOW + 24 * HOUR })),
    earned: os.earned.handler(() => [...EARNED]),
    policy: os.policy.handler(() => policy),
    setPolicy: os.setPolicy.handler(({ input }) => (policy = { value: input.value, version: input.version + 1 })),
    customers: os.customers.handler(() => []),
    exportCustomer: os.exportCustomer.handler(() => ({})),
    eraseCustomer: os.eraseCustomer.handler(() => ({ tickets: 0, orders: 0, payments: 0, contacts: 0 })),
  });
}
