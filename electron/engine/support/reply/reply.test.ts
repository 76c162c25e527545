import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#kernel/time.ts';
import { SUPPORT_POLICY } from '../policy.ts';
import { checkReply, decideReply, type OrderFacts, type ReplyLanguage, type ReplyQuestion } from './index.ts';

const NOW = Date.UTC(2026, 10, 21);
const order: OrderFacts = { id: 'ord_1', externalId: '14-10001-20002', channel: 'ebay-us', state: 'shipped', title: 'Bosch GSR 12V drill', total: { minor: 4_200, currency: 'USD' }, placedAt: NOW - 5 * DAY_MS, shippedAt: NOW - 3 * DAY_MS, tracking: 'USPS 9400110200881' };
const ask = (change: Partial<ReplyQuestion>): ReplyQuestion => ({ intent: 'shipping', damaged: false, language: 'en', order, otherOrders: 0, policy: SUPPORT_POLICY.fallback, now: NOW, senderName: 'Ana', ...change });
const replyOf = (change: Partial<ReplyQuestion>) => { const decision = decideReply(ask(change)); return 'reply' in decision ? decision.reply : decision.person.code; };
const kindOf = (change: Partial<ReplyQuestion>) => { const reply = replyOf(change); return typeof reply === 'string' ? reply : reply.kind; };

describe('a reply', () => {
  it.each<[string, Partial<ReplyQuestion>, string]>([
    ['on its way', {}, 'on-its-way'], ['not sent, in time', { order: { ...order, state: 'paid', shippedAt: null, placedAt: NOW } }, 'not-sent-yet'], ['not sent, late', { order: { ...order, state: 'paid', shippedAt: null } }, 'support.dispatch-late'],
    ['parcel late', { now: NOW + 8 * DAY_MS }, 'support.parcel-late'], ['return in time', { intent: 'return' }, 'return-buyer-pays'], ['return late', { intent: 'return', now: NOW + 28 * DAY_MS }, 'support.return-late'],
    ['damaged within the limit', { intent: 'complaint', damaged: true }, 'damaged-return'], ['damaged above the limit', { damaged: true, order: { ...order, total: { minor: 5_001, currency: 'USD' } } }, 'support.above-refund-limit'],
    ['damaged, another currency', { damaged: true, order: { ...order, total: { minor: 1, currency: 'EUR' } } }, 'support.above-refund-limit'], ['damaged where policy refunds nothing', { damaged: true, policy: { ...SUPPORT_POLICY.fallback, damagedRefund: false } }, 'support.no-damage-rule'],
    ['no order', { order: null }, 'support.no-order'], ['several orders', { otherOrders: 2 }, 'support.several-orders'], ['complaint', { intent: 'complaint' }, 'support.complaint'], ['question', { intent: 'question' }, 'support.question'], ['paid', { intent: 'payment' }, 'payment-received'], ['refunded', { order: { ...order, state: 'refunded' } }, 'was-refunded'],
  ])('%s', (_, change, kind) => expect(kindOf(change)).toBe(kind));

  it('passes its own check, in every language and kind', () => {
    const cases: Partial<ReplyQuestion>[] = [{}, { order: { ...order, state: 'paid', shippedAt: null, placedAt: NOW } }, { intent: 'return' }, { intent: 'return', policy: { ...SUPPORT_POLICY.fallback, returnPostage: 'seller' } }, { damaged: true }, { intent: 'payment' }, { order: { ...order, state: 'refunded' } }, { order: { ...order, state: 'cancelled' } }];
    for (const language of ['en', 'fr', 'ar'] as const satisfies readonly ReplyLanguage[]) for (const change of cases) {
      const reply = replyOf({ ...change, language });
      if (typeof reply === 'string') throw new Error(reply);
      expect(checkReply(reply.text, { allowed: '', promises: reply.promises }).filter((problem) => problem.startsWith('promise')), `${language} ${reply.kind}`).toEqual([]);
      expect(checkReply(reply.text, { allowed: reply.text, promises: reply.promises })).toEqual([]);
    }
  });

  it.each([
    ['We refund you 42.00 USD.', ['promise:refund']], ['It arrives tomorrow, guaranteed.', ['date:tomorrow', 'date:guaranteed']], ['You get 10% off.', ['number:10', 'promise:discount']], ['We send you a new one.', ['promise:replacement']], ['It comes by 30 November 2026.', ['number:30']],
    ['Nous vous remboursons.', ['promise:refund']], ['Vous recevrez un remplacement demain.', ['date:demain', 'promise:replacement']], ['سنرسل لكم منتجا جديدا غدا', ['date:غدا', 'promise:replacement']], ['نرجع لكم المبلغ', ['promise:refund']], ['See www.example.org', ['link']], ['It is on its way, free of charge.', ['promise:free']],
    ['Tracking ١٢٣٤٥', ['number:12345']], ['A small gift comes with it.', ['promise:compensation']],
  ])('that says "%s" is refused', (text, problems) => {
    const reply = replyOf({});
    if (typeof reply === 'string') throw new Error(reply);
    const found = checkReply(text, { allowed: `${reply.text} 42.00 USD`, promises: reply.promises });
    expect(found).toEqual(expect.arrayContaining(problems));
  });
});
