import type { ReplyLanguage } from './write-values.ts';

/** What a reply says. Each holds only facts of the order and promises that the policy makes. */
export type ReplyKind = 'not-sent-yet' | 'on-its-way' | 'was-refunded' | 'was-cancelled' | 'return-buyer-pays' | 'return-seller-pays' | 'damaged-return' | 'payment-received';

/** Kinds of promise that a text can make. */
export type PromiseKind = 'refund' | 'replacement' | 'discount' | 'free' | 'compensation' | 'return';

export const PROMISES: Readonly<Record<ReplyKind, readonly PromiseKind[]>> = {
  'not-sent-yet': [], 'on-its-way': [], 'was-refunded': ['refund'], 'was-cancelled': [], 'return-buyer-pays': ['return', 'refund'], 'return-seller-pays': ['return', 'refund', 'free'], 'damaged-return': ['return', 'refund', 'free'], 'payment-received': [],
};

type Templates = Readonly<Record<ReplyKind, string>>;

const EN: Templates = {
  'not-sent-yet': 'Thank you for your message. Your order {order} ({item}) is being prepared and leaves by {ship-by}. You get the tracking number as soon as it is on its way.',
  'on-its-way': 'Thank you for your message. Your order {order} ({item}) was handed to the carrier on {shipped}. Tracking: {tracking}. It should reach you by {arrive-by}.',
  'was-refunded': 'Thank you for your message. Your order {order} ({item}) has been refunded in full. Your bank may take a few days to show it.',
  'was-cancelled': 'Thank you for your message. Your order {order} ({item}) was cancelled, and nothing is being sent.',
  'return-buyer-pays': 'Thank you for your message. You may return {item} (order {order}) until {return-until}. Please open the return from your order; the return postage is yours. When it is back with us as it was sent, the price is refunded.',
  'return-seller-pays': 'Thank you for your message. You may return {item} (order {order}) until {return-until}. Please open the return from your order; we pay the return postage, so it is free for you. When it is back with us as it was sent, the price is refunded.',
  'damaged-return': 'We are sorry that {item} (order {order}) did not reach you as it should. Please open a return from your order until {return-until}, with a photo; the return is free for you. When it is back with us, {total} is refunded.',
  'payment-received': 'Thank you for your message. Your payment of {total} for order {order} ({item}), placed on {placed}, has been received. Nothing more is owed.',
};

const FR: Templates = {
  'not-sent-yet': 'Merci pour votre message. Votre commande {order} ({item}) est en préparation et part au plus tard le {ship-by}. Vous recevrez le numéro de suivi dès son départ.',
  'on-its-way': "Merci pour votre message. Votre commande {order} ({item}) a été remise au transporteur le {shipped}. Suivi : {tracking}. Elle devrait vous parvenir d'ici le {arrive-by}.",
  'was-refunded': 'Merci pour votre message. Votre commande {order} ({item}) a été remboursée intégralement. Votre banque peut mettre quelques jours à l’afficher.',
  'was-cancelled': 'Merci pour votre message. Votre commande {order} ({item}) a été annulée, et rien ne vous sera envoyé.',
  'return-buyer-pays': 'Merci pour votre message. Vous pouvez retourner {item} (commande {order}) jusqu’au {return-until}. Ouvrez le retour depuis votre commande ; les frais de retour sont à votre charge. Quand l’article nous sera revenu tel qu’envoyé, son prix sera remboursé.',
  'return-seller-pays': 'Merci pour votre message. Vous pouvez retourner {item} (commande {order}) jusqu’au {return-until}. Ouvrez le retour depuis votre commande ; le retour est gratuit pour vous. Quand l’article nous sera revenu tel qu’envoyé, son prix sera remboursé.',
  'damaged-return': 'Nous sommes désolés que {item} (commande {order}) ne vous soit pas parvenu en bon état. Ouvrez un retour depuis votre commande jusqu’au {return-until}, avec une photo ; le retour est gratuit pour vous. À sa réception, {total} seront remboursés.',
  'payment-received': 'Merci pour votre message. Votre paiement de {total} pour la commande {order} ({item}), passée le {placed}, a bien été reçu. Vous ne devez plus rien.',
};

const AR: Templates = {
  'not-sent-yet': 'شكرا على رسالتكم. طلبكم {order} ({item}) قيد التحضير ويُرسل في أجل أقصاه {ship-by}. سيصلكم رقم التتبع فور إرساله.',
  'on-its-way': 'شكرا على رسالتكم. سُلّم طلبكم {order} ({item}) إلى شركة الشحن يوم {shipped}. رقم التتبع: {tracking}. من المنتظر أن يصلكم في أجل أقصاه {arrive-by}.',
  'was-refunded': 'شكرا على رسالتكم. تم إرجاع ثمن طلبكم {order} ({item}) كاملا. قد يتأخر ظهوره في البنك بضعة أيام.',
  'was-cancelled': 'شكرا على رسالتكم. أُلغي طلبكم {order} ({item}) ولن يُرسل شيء.',
  'return-buyer-pays': 'شكرا على رسالتكم. يمكنكم إعادة {item} (طلب {order}) حتى {return-until}. افتحوا طلب الإرجاع من صفحة طلبكم؛ مصاريف الإرجاع عليكم. عند وصوله إلينا كما أُرسل يُرجع لكم ثمنه.',
  'return-seller-pays': 'شكرا على رسالتكم. يمكنكم إعادة {item} (طلب {order}) حتى {return-until}. افتحوا طلب الإرجاع من صفحة طلبكم؛ الإرجاع مجاني لكم. عند وصوله إلينا كما أُرسل يُرجع لكم ثمنه.',
  'damaged-return': 'نعتذر لأن {item} (طلب {order}) لم يصلكم سليما. افتحوا طلب الإرجاع من صفحة طلبكم حتى {return-until} مع صورة؛ الإرجاع مجاني لكم. عند وصوله إلينا يُرجع لكم {total}.',
  'payment-received': 'شكرا على رسالتكم. وصلنا دفعكم {total} عن الطلب {order} ({item}) بتاريخ {placed}. لا يلزمكم دفع أي شيء آخر.',
};

export const TEMPLATES: Readonly<Record<ReplyLanguage, Templates>> = { en: EN, fr: FR, ar: AR };
export const GREETING: Readonly<Record<ReplyLanguage, string>> = { en: 'Hello,', fr: 'Bonjour,', ar: 'مرحبا،' };
export const SIGNATURE: Readonly<Record<ReplyLanguage, string>> = { en: 'Kind regards', fr: 'Cordialement', ar: 'مع التحية' };
