/** Words of our moves. `{amount}`, `{item}` and `{name}` are filled in; nothing else varies. No pressure, no claims about others, no talk of limits. */
import type { MessageLanguage } from '#kernel/detect-language.ts';

export type MessageKind = 'opening' | 'counter' | 'accept' | 'walk-away' | 'reminder' | 'ask-availability' | 'clarify-price';

export const TEMPLATES: Readonly<Record<MessageLanguage, Readonly<Record<MessageKind, readonly string[]>>>> = {
  en: {
    opening: ['Hello, I am interested in {item}. Would you accept {amount}?', 'Hi, is {item} still available? I can offer {amount}.'],
    counter: ['Thank you for your answer. I can offer {amount}.', 'Thanks. Would {amount} work for you?'],
    accept: ['Agreed, I will take {item} for {amount}. How would you like to proceed?'],
    'walk-away': ['Thank you for your time. I will leave it for now, and wish you a good sale.'],
    reminder: ['Hello, have you had time to think about my message on {item}? There is no need to answer if it does not suit you.'],
    'ask-availability': ['Hello, is {item} still available?'],
    'clarify-price': ['Thank you. Could you tell me your price for {item}, with its currency?'],
  },
  fr: {
    opening: ['Bonjour, {item} m’intéresse. Accepteriez-vous {amount} ?', 'Bonjour, {item} est-il toujours disponible ? Je peux vous proposer {amount}.'],
    counter: ['Merci pour votre réponse. Je peux vous proposer {amount}.', 'Merci. Est-ce que {amount} vous conviendrait ?'],
    accept: ['D’accord, je prends {item} pour {amount}. Comment souhaitez-vous procéder ?'],
    'walk-away': ['Merci pour votre temps. Je n’irai pas plus loin pour le moment, bonne vente à vous.'],
    reminder: ['Bonjour, avez-vous pu réfléchir à mon message au sujet de {item} ? Vous n’avez pas à répondre si cela ne vous convient pas.'],
    'ask-availability': ['Bonjour, {item} est-il toujours disponible ?'],
    'clarify-price': ['Merci. Pourriez-vous m’indiquer votre prix pour {item}, avec la devise ?'],
  },
  ar: {
    opening: ['السلام عليكم، يهمني {item}. هل تقبلون {amount}؟', 'السلام عليكم، هل {item} ما زال متوفرا؟ يمكنني أن أعرض {amount}.'],
    counter: ['شكرا على جوابكم. يمكنني أن أعرض {amount}.', 'شكرا. هل يناسبكم {amount}؟'],
    accept: ['اتفقنا، آخذ {item} مقابل {amount}. كيف تفضلون إتمام البيع؟'],
    'walk-away': ['شكرا على وقتكم. لن أواصل الآن، وأتمنى لكم بيعا موفقا.'],
    reminder: ['السلام عليكم، هل أتيح لكم النظر في رسالتي بخصوص {item}؟ لا حاجة إلى الرد إن لم يناسبكم ذلك.'],
    'ask-availability': ['السلام عليكم، هل {item} ما زال متوفرا؟'],
    'clarify-price': ['شكرا. هل يمكنكم ذكر سعر {item} مع العملة؟'],
  },
  sn: {
    opening: ['Mhoro, ndiri kuda {item}. Mungabvuma {amount} here?', 'Mhoro, {item} ichiripo here? Ndinogona kupa {amount}.'],
    counter: ['Maita basa nemhinduro. Ndinogona kupa {amount}.', 'Ndatenda. {amount} ingakuitirai here?'],
    accept: ['Zvakanaka, ndichatora {item} ne {amount}. Todii kuenderera mberi?'],
    'walk-away': ['Ndatenda nenguva yenyu. Ndichambosiya pano, ndinokushuvirai kutengesa kwakanaka.'],
    reminder: ['Mhoro, makawana nguva yekufunga nezve mharidzo yangu pamusoro pe {item} here? Musapindure kana zvisingakufadzei.'],
    'ask-availability': ['Mhoro, {item} ichiripo here?'],
    'clarify-price': ['Ndatenda. Munganditaurira mutengo we {item}, nemari yacho here?'],
  },
};

/** What the good is called when its own title may not be repeated. */
export const YOUR_ITEM: Readonly<Record<MessageLanguage, string>> = { en: 'your item', fr: 'votre article', ar: 'السلعة المعروضة', sn: 'chinhu chenyu' };

/** Stands under every message: who writes, and that a program helps. */
export const SIGNATURE: Readonly<Record<MessageLanguage, string>> = {
  en: '{name} (sent with the help of Resale Desk; reply STOP to hear no more)',
  fr: '{name} (envoyé avec l’aide de Resale Desk ; répondez STOP pour ne plus rien recevoir)',
  ar: '{name} (أرسلت بمساعدة Resale Desk؛ أجيبوا STOP لإيقاف الرسائل)',
  sn: '{name} (yatumirwa nerubatsiro rwe Resale Desk; pindurai STOP kuti zvimire)',
};
