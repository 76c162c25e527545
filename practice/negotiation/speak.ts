/** What practice sellers write: free text in four languages, as people word it. */
import type { Random } from '#kernel/random.ts';
import type { SellerReply } from './sellers.ts';

export type SellerLanguage = 'en' | 'fr' | 'ar' | 'sn';
export const SELLER_LANGUAGES: readonly SellerLanguage[] = ['en', 'fr', 'ar', 'sn'];

type Spoken = Exclude<SellerReply['kind'], 'silence'>;

/** `{amount}` is the price with its currency. */
export const PHRASES: Readonly<Record<SellerLanguage, Readonly<Record<Spoken, readonly string[]>>>> = {
  en: {
    accept: ['Ok deal', 'Yes, that works for me.', 'Deal, it is yours'],
    price: ['I can do {amount}', 'Hello, {amount} and it is yours', 'Thanks but I want {amount} for it'],
    'last-price': ['{amount} is my last price', 'Best I can do is {amount}, final'],
    refusal: ['No, too low', 'Sorry, not interested at that price'],
  },
  fr: {
    accept: ["D'accord", "Oui ça marche", "Ok c'est bon pour moi"],
    price: ['Je vous le fais à {amount}', 'Bonjour, je le laisse à {amount}', '{amount} et il est à vous'],
    'last-price': ['{amount} dernier prix', 'Mon dernier prix est {amount}'],
    refusal: ['Non, trop bas', 'Non merci'],
  },
  ar: {
    accept: ['موافق', 'نعم موافق', 'اتفقنا'],
    price: ['أعطيك إياه ب {amount}', 'السعر {amount}', 'نبيعها ب {amount}'],
    'last-price': ['آخر سعر {amount}', '{amount} آخر سعر'],
    refusal: ['لا، قليل جدا', 'لا شكرا'],
  },
  sn: {
    accept: ['Zvakanaka', 'Hongu ndabvuma'],
    price: ['Ndinoda {amount}', 'Mutengo i {amount}'],
    'last-price': ['Mutengo wekupedzisira {amount}', 'Last price {amount}'],
    refusal: ['Aiwa, ishoma', 'Kwete'],
  },
};

const DIGITS = 2;

/** `12500 DA`, `125.50 USD`: the way people write it, without grouping. */
export function spokenAmount(minor: number, currency: string): string {
  const major = minor / 10 ** DIGITS;
  const text = Number.isInteger(major) ? String(major) : major.toFixed(DIGITS);
  return currency === 'DZD' ? `${text} DA` : `${text} ${currency}`;
}

export function speak(reply: Exclude<SellerReply, { kind: 'silence' }>, voice: { readonly language: SellerLanguage; readonly currency: string; readonly random: Random }): string {
  const wordings = PHRASES[voice.language][reply.kind];
  const wording = wordings[voice.random.int(wordings.length)]!;
  return 'amountMinor' in reply ? wording.replace('{amount}', () => spokenAmount(reply.amountMinor, voice.currency)) : wording;
}
