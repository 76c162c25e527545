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

  it('a promise is one in other words too, in three languages', () => {
    const paraphrased = [
    "You'll have your money returned.", 'We will send the payment back to your card.', 'The full amount goes back to your account.', "We'll make you whole.", 'Your purchase price will be returned to you.', "We'll undo the charge.",
    'We are crediting your account.', 'Nous vous rendrons votre argent.', 'La somme vous sera reversée.', 'Vous récupérerez votre argent.', 'Le montant sera recrédité sur votre compte.', 'Nous annulons le paiement et vous rendons la somme.',
    'سنعيد لكم المال', 'سنرد إليكم نقودكم', 'ستسترجعون أموالكم', 'نعوضكم عن الثمن', 'سيعاد المبلغ إلى حسابكم', 'سترجع لكم دراهمكم',
    'يتم رد المبلغ', 'A fresh one goes out to you.', "We'll ship a substitute.", 'We are sending out another unit.', "You'll receive a brand new one.", 'We swap it for you.',
    'Nous vous en envoyons un autre.', 'Nous vous renvoyons un neuf.', 'Un article de substitution vous sera expédié.', 'On vous en remet un nouveau.', 'سنرسل لكم قطعة أخرى', 'نعطيكم بديلا',
    'سنبدله لكم', 'سيصلكم منتج بديل', 'We take ten dollars off.', 'We knock a bit off the price.', 'You pay less on it.', 'A price adjustment will follow.',
    'Nous baissons le prix.', 'Nous vous faisons un prix.', 'Un avoir vous sera accordé.', 'سعر أقل', 'ننقص لكم من السعر', 'نخفض لكم الثمن',
    "You won't pay anything.", 'At zero cost to you.', 'We take care of the postage.', 'The shipping is complimentary.', 'We bear the cost.', "Vous n'aurez rien à payer.",
    'Nous prenons les frais en charge.', "C'est pour nous.", 'دون أي مقابل', 'بلا مقابل', 'نتكفل بالمصاريف', 'لن تدفعوا شيئا',
    "We'll make amends.", 'A little something as an apology.', 'A store credit for the trouble.', 'Nous vous offrirons un dédommagement.', 'Un petit quelque chose pour nous excuser.', 'سنرضيكم',
    'جبر الضرر', "We'll put the funds back on your Visa.", 'Expect the sum on your account shortly.', 'You get every cent back.', "I'll get your cash to you again.", 'We shall return what you paid.',
    "We'll dispatch a second parcel.", 'A new set is heading your way.', 'We can mail out a spare.', "We'll shave some off.", 'You get a lower price next time.', "It won't cost you a thing.",
    'The postage is on the house.', "We'll sort out the courier's bill.", "We'd like to thank you with a present.", "We'll compensate your inconvenience.", 'Vous serez remboursé.', 'On vous rend la somme.',
    'Nous vous restituons le montant.', 'Votre carte sera recréditée.', 'Nous expédions un nouvel exemplaire.', "Un second colis part aujourd'hui.", 'Nous vous faisons une ristourne.', 'Le port est pour nous.',
    'Cela ne vous coûtera rien.', 'Un petit cadeau suivra.', 'سنعيد لكم ثمن السلعة', 'ستحصلون على نقودكم من جديد', 'نبعث لكم واحدا آخر', 'سيصلكم طرد جديد',
    'نعمل لكم خصما', 'الشحن على حسابنا', 'لن يكلفكم ذلك شيئا', 'نقدم لكم هدية صغيرة',
    ];
    expect(paraphrased.filter((text) => !checkReply(text, { allowed: '', promises: [] }).some((problem) => problem.startsWith('promise') || problem.startsWith('date')))).toEqual([]);
  });

  it('a word that is a part of another in the facts is not spoken of there', () => {
    expect(checkReply('We will put the sum on your card.', { allowed: 'Summer is discarded stock.', promises: [] })).toEqual(['promise:other']);
    expect(checkReply('Il arrive en mai.', { allowed: 'Mailed on Monday.', promises: [] })).toEqual(['date:mai']);
  });

  it('words that promise nothing pass', () => {
    const plain = [
    'Thank you for your patience; your parcel is with the carrier.', 'Your order is being prepared.', 'We have passed your message on to a colleague.', 'Could you send us a photo of the item?', 'The tracking number is in your order.', 'We are sorry for the delay.',
    'Please check with your neighbours.', 'It fits the model in the listing.', 'Merci pour votre patience, votre colis est en route.', 'Pouvez-vous nous envoyer une photo ?', 'Nous avons transmis votre message.', 'Le numéro de suivi est dans votre commande.',
    'Nous sommes désolés pour ce retard.', 'شكرا على صبركم، طلبكم في الطريق', 'هل يمكنكم إرسال صورة؟', 'نعتذر عن التأخير', 'رقم التتبع موجود في طلبكم',
    ];
    expect(plain.flatMap((text) => checkReply(text, { allowed: '', promises: [] }))).toEqual([]);
  });
});
