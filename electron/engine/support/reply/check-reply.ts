/** Holds a text against facts and policy: a promise that neither makes is named, and the text is not sent by itself. Total over any text. */
import { foldText } from '#kernel/fold-text.ts';
import { ALL_MONTHS } from './write-values.ts';
import type { PromiseKind } from './templates.ts';

export interface ReplyTerms {
  /** Words that may be used as they stand: facts, and the template where there is one. Their figures, dates and links may be repeated. */
  readonly allowed: string;
  readonly promises: readonly PromiseKind[];
}

/** `number:…`, `date:…`, `promise:refund`, `link`, `length`. */
export type ReplyProblem = string;

/** Over folded text. Leans towards too many: what a person wrote they can stand by, what a model wrote is thrown away. */
const PROMISE_WORDS: Readonly<Record<PromiseKind, RegExp>> = {
  refund: /\brefund|money back|reimburs|pay (?:you )?back|give (?:you )?back|credit(?:ed)? (?:your|to)|rembours|rendre (?:votre|l') ?argent|restitu|(?:نرجع|ارجاع|يرجع|استرجاع|نعيد|استرداد|رد) (?:ثمن|لكم ثمن|لكم|المبلغ|مبلغ|المال|فلوس|دراهم)|ثمن.{0,30}كاملا|تعويض مالي/u,
  replacement: /\breplac|\bexchange|(?:send|ship)(?:ing)? (?:you )?(?:a |an )?(?:new|another|second)|remplac|echang|(?:renvo|envo)\w* (?:un|une) (?:nouve|autre|second)|استبدال|نستبدل|تبديل|نبدل|(?:نرسل|نبعث).{0,12}(?:جديد|اخر)/u,
  discount: /\bdiscount|\brebate|\bcoupon|\bvoucher|\d ?%|per ?cent off|\bhalf price|price (?:cut|reduction)|\breduction|(?:une|de|votre|la) remise|\brabais|bon d'achat|moitie prix|تخفيض|خصم|قسيمه|كوبون/u,
  free: /\bfree\b|no (?:cost|charge)|on us\b|at our expense|we(?: will|'ll)? (?:pay|cover)|gratuit|a nos frais|sans frais|offert|مجان|علي حسابنا|علي نفقتنا/u,
  compensation: /\bcompensat|\bgoodwill|\bgift\b|make it up to you|dedommag|\bindemni|geste commercial|cadeau|تعويض|هديه/u,
  return: /\breturn (?:it|them|the item|label)|may return|can return|send (?:it|them) back|open (?:a|the) return|retourner|renvoyer|retour\b|اعاده|ارجاع(?! ثمن)|اعيدوا/u,
};
const RELATIVE_DATES = /\b(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|next (?:week|month)|(?:this|within|in) (?:a|an|one|two|three|four|five|six|seven|ten|few)\s+\w+|guarantee\w*|aujourd'hui|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:la )?semaine prochaine|(?:sous|dans) (?:un|une|deux|trois|quatre|cinq|dix|quelques)\s+\w+|garanti\w*)\b|(?<![\u0620-\u064a])(?:اليوم|غدا|بعد غد|الاسبوع القادم|خلال (?:يوم|يومين|اسبوع|ايام)|نضمن|مضمون)(?![\u0620-\u064a])/gu;
const NUMBERS = /[\p{L}]*\d[\p{L}\d]*(?:[.,:/-][\p{L}\d]*\d[\p{L}\d]*)*/gu;
const MONTHS = new RegExp(`(?<![\\p{L}])(?:${ALL_MONTHS.map(foldText).join('|')})(?![\\p{L}])`, 'gu');
const LINKS = /https?:\/\/\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+/gi;
const MOST = 2_000;

const found = (pattern: RegExp, text: string): string[] => [...new Set(text.match(pattern) ?? [])];

export function checkReply(text: string, terms: ReplyTerms): ReplyProblem[] {
  const [folded, allowed] = [foldText(text), foldText(terms.allowed)];
  const may = new Set(found(NUMBERS, allowed));
  return [
    ...found(NUMBERS, folded).filter((token) => !may.has(token)).map((token) => `number:${token}`),
    ...[...found(MONTHS, folded), ...found(RELATIVE_DATES, folded)].filter((word) => !allowed.includes(word)).map((word) => `date:${word}`),
    ...(Object.keys(PROMISE_WORDS) as PromiseKind[]).filter((kind) => !terms.promises.includes(kind) && PROMISE_WORDS[kind].test(folded)).map((kind) => `promise:${kind}`),
    ...(found(LINKS, folded).some((link) => !allowed.includes(link)) ? ['link'] : []),
    ...(text.trim() === '' || text.length > MOST ? ['length'] : []),
  ];
}
