/** What practice buyers write after a sale, as people word it. */
export type BuyerKind = 'where' | 'late' | 'question' | 'damaged' | 'return' | 'payment' | 'angry' | 'legal';
export type BuyerLanguage = 'en' | 'fr' | 'ar';

const TEXTS: Readonly<Record<BuyerLanguage, Readonly<Record<BuyerKind, readonly string[]>>>> = {
  en: {
    where: ['Hi, where is my order {order}? When will it arrive?', 'Hello, has my parcel been shipped yet? Order {order}.', 'Can you tell me the tracking number of my order please?'],
    late: ['My parcel should have been here days ago and tracking shows nothing new. Where is it? Order {order}', 'Still waiting for my delivery, it is very late. Order {order}.'],
    question: ['Quick question: does it come with the original box and the charger?', 'Is this compatible with the 230V version?'], damaged: ['The item arrived broken, the box was crushed. What now? Order {order}', 'It was damaged in the parcel, one corner is cracked. Order {order}'],
    return: ['I would like to return this, it does not fit. How do I return it? Order {order}', 'I changed my mind. How can I send it back?'], payment: ['Did you receive my payment for order {order}?', 'I was charged for order {order}, can you confirm the payment went through?'],
    angry: ['This is unacceptable!!!! Worst seller ever, nobody answers me about {order}.'], legal: ['If I do not hear from you by Friday my lawyer will contact you about order {order}.'],
  },
  fr: {
    where: ['Bonjour, où est ma commande {order} ? Quand arrive le colis ?', 'Bonjour, avez-vous expédié mon colis ? Commande {order}.'], late: ['Mon colis devait arriver il y a plusieurs jours et le suivi ne bouge plus. Où est-il ? Commande {order}'], question: ["Bonjour, est-ce que l'adaptateur est compris dans la boîte ?"],
    damaged: ["L'article est arrivé cassé, le carton était écrasé. Commande {order}"], return: ['Je souhaite retourner cet article, comment faire ? Commande {order}'], payment: ['Avez-vous bien reçu mon paiement pour la commande {order} ?'], angry: ["C'est inadmissible, vous vous moquez de moi ! Commande {order}"], legal: ['Sans réponse de votre part, mon avocat vous écrira au sujet de la commande {order}.'],
  },
  ar: {
    where: ['السلام عليكم، أين طلبي {order}؟ متى يصل الطرد؟'], late: ['تأخر الطرد كثيرا ولم يصل بعد، أين هو؟ الطلب {order}'], question: ['هل يأتي المنتج مع الشاحن الأصلي؟'], damaged: ['وصل المنتج مكسور والعلبة تالفة. الطلب {order}'], return: ['أريد إرجاع المنتج، كيف أعيده؟ الطلب {order}'], payment: ['هل وصلكم الدفع الخاص بالطلب {order}؟'],
    angry: ['هذا غير مقبول، أسوأ بائع! الطلب {order}'], legal: ['سأتصل بمحامي إن لم تردوا على الطلب {order}'],
  },
};
const THANKS: Readonly<Record<BuyerLanguage, string>> = { en: 'Thank you, that is all I needed.', fr: 'Merci beaucoup, parfait.', ar: 'شكرا جزيلا' };
const STILL: Readonly<Record<BuyerLanguage, string>> = { en: 'That does not help, I am disappointed.', fr: "Je suis déçu, cela n'aide pas.", ar: 'أنا غير راض عن هذا' };

export function writeBuyer(kind: BuyerKind, language: BuyerLanguage, order: string, pick: number): string {
  const texts = TEXTS[language][kind];
  return texts[pick % texts.length]!.replace('{order}', order);
}
export const answerOf = (mood: 'good' | 'bad', language: BuyerLanguage): string => (mood === 'good' ? THANKS : STILL)[language];
