/** Holds a text against facts and policy: a promise that neither makes is named, and the text is not sent by itself. Total over any text. */
import { foldText } from '#kernel/fold-text.ts';
import { ALL_MONTHS } from './write-values.ts';
import type { PromiseKind } from './templates.ts';

export interface ReplyTerms {
  /** Words that may be used as they stand: facts, and the template where there is one. Their figures, dates and links may be repeated. */
  readonly allowed: string;
  readonly promises: readonly PromiseKind[];
}

/** `number:…`, `date:…`, `promise:refund`, `promise:other`, `link`, `length`. */
export type ReplyProblem = string;

/** Arabic letters that may end a word. */
const AR = '[\\u0620-\\u064a]*';
const MONEY = "(?:money|payments?|amount|price|sum|cash|funds?|balance|charges?|what you paid|cost)";
const GIVEN_BACK = "(?:back|return(?:ed|ing)?|revers(?:e|ed|al|ing)|credit(?:ed|ing)?|void(?:ed|ing)?|undo(?:ne|ing)?|waiv(?:e|ed|ing))";

/**
 * Over folded text, by language. Besides the words themselves, what says the same in others: money and going back beside each other, something new being sent, a price that falls, a cost that is ours, amends. Leans towards
 * too many: what a person wrote they can stand by, what a model wrote is thrown away for the template.
 */
const PROMISES_IN: Readonly<Record<PromiseKind, readonly string[]>> = {
  refund: [
    `\\brefund|reimburs|\\b${MONEY}\\b.{0,40}\\b${GIVEN_BACK}\\b|\\b${GIVEN_BACK}\\b.{0,40}\\b(?:${MONEY}|card|account|bank)\\b|make you whole|out of pocket|pay (?:you )?back|give (?:you )?back`,
    "rembours|restitu|\\b(?:argent|sommes?|montant|prix|paiement|sous)\\b.{0,40}(?:rend(?:u|r|ons|ez)|revers|recredit|recuper|retourn|annul)|(?:rend(?:r|ons|u)|revers|recredit|recuper|retourn|annul)[a-z]*.{0,40}\\b(?:argent|somme|montant|paiement|compte|carte)",
    `(?:ارجاع|[سنيت]*رجع|[سنيت]*سترجع${AR}|استرجاع|[سنيت]*عيد|[سي]*عاد|[سنيت]*رد|اعاده|استرداد|[سن]*عوض${AR}).{0,20}(?:(?:ال)?(?:مال|اموال|نقود|فلوس|دراهم|مبلغ|ثمن)${AR}|حساب(?:كم|ك))|ثمن.{0,30}كاملا|تعويض مالي`,
  ],
  replacement: [
    "\\breplac|\\bexchange|\\bsubstitut|\\bswap|\\bresen[dt]|\\breship|\\bbrand new|\\b(?:send|ship|mail)(?:ing)? (?:it|one|them) (?:out )?again|\\b(?:new|fresh|another|second|different|spare)\\b.{0,12}\\b(?:one|unit|item|piece|copy|parcel|product)\\b",
    "remplac|echang|substitution|\\bneu(?:f|fs|ve|ves)\\b|\\ben (?:envo|renvo|exped|remet)[a-z]* (?:un|une|d')|\\b(?:un|une) (?:autre|nouve|second)|reexped|\\bremet(?:s|tons|tra|trons)?\\b|renvo(?:ie|yons|yez|i) (?:un|une)",
    `استبدال|بديل|[سن]*ستبدل${AR}|تبديل|[سن]+بدل${AR}|(?:نرسل|نبعث).{0,12}(?:جديد|اخر)|قطعه اخري|واحد(?:ا|ه)? اخر`,
  ],
  discount: [
    "\\bdiscount|\\brebate|\\bcoupon|\\bvoucher|\\d ?%|per ?cent\\b|\\bhalf price|price (?:cut|reduction|adjust)|\\breduction|\\b(?:dollars?|euros?|pounds?|bit|something|little|money)\\b.{0,12}\\boff\\b|\\boff (?:the|your) (?:price|order|next|purchase)|\\bpay less|\\bcheaper|lower(?:ed|ing)? (?:the |your )?price|\\bknock(?:ed|ing)?\\b|store credit|credit note",
    "\\breduction|(?:une|de|votre|la) remise\\b|\\brabais|bon d'achat|moitie prix|\\bbaiss[a-z]*.{0,12}prix|fai(?:sons|t|re|rons)[a-z]* (?:vous )?un (?:prix|geste)|\\bun avoir\\b|moins cher|ristourne|pour ?cent",
    `تخفيض|خصم|قسيمه|كوبون|سعر.{0,6}اقل|[سن]+نقص.{0,12}(?:السعر|الثمن)|[سن]+خفض|ارخص|بالم[ايئ]ه`,
  ],
  free: [
    "\\bfree\\b|no (?:cost|charge)|zero cost|on us\\b|at our expense|complimentary|(?:won't|will not|do not|don't|need not|never) (?:have to |need to )?pay|nothing to pay|\\bwe(?:'ll| will| shall| are going to)? (?:pay|cover|bear|absorb|take care of|settle)\\b",
    "gratuit|a nos frais|sans frais|aucun frais|offert|offrons|rien a payer|frais en charge|(?:pren(?:ons|drons)|prend)[a-z]*.{0,30}en charge|a notre charge|c'est pour nous",
    `مجان|علي (?:حسابنا|نفقتنا)|(?:بلا|دون|بدون)(?: اي)? مقابل|[سن]+تكفل|[سن]+تحمل|لن تدفع${AR}`,
  ],
  compensation: [
    "\\bcompensat|\\bgoodwill|\\bgift\\b|make it up to you|make amends|as an apology|for (?:the|your) trouble|store credit|little something",
    "dedommag|\\bindemni|geste commercial|cadeau|petit quelque chose|petite attention|(?:nous|vous) faire pardonner",
    `تعويض|هديه|[سن]+رضيكم|[سن]+عوضكم|جبر الضرر`,
  ],
  return: [
    "\\breturn (?:it|them|the item|label)|may return|can return|send (?:it|them) back|open (?:a|the) return",
    "retourner|renvoyer|retour\\b",
    "اعاده|ارجاع(?! ثمن)|اعيدوا",
  ],
};
const PROMISE_WORDS = Object.fromEntries(Object.entries(PROMISES_IN).map(([kind, words]) => [kind, new RegExp(words.join('|'), 'u')])) as Readonly<Record<PromiseKind, RegExp>>;

/** That something will be done or come, in any words. */
const COMMITS = /\b(?:we|i)(?:'ll| will| shall|'d| would)\b|\byou(?:'ll| will| get| shall)\b|\bwe (?:can|are) \b|\bwon't\b|\bexpect\b|\bis (?:heading|going|coming)\b|on the house|\b(?:nous|on|je|vous|cela|il|elle)\b.{0,24}[a-z]{2,}(?:rons|rez|rai|ra|ront)\b|\bser(?:a|ont)\b|pour nous\b|\bon vous\b|(?<![\u0620-\u064a])و?س[نيتا][\u0620-\u064a]{2,}|(?<![\u0620-\u064a])لن (?![\u0620-\u064a]*رسل)|نبعث|نعمل لكم|نقدم لكم/u;
/** What is worth something: money, its places, and goods. */
const WORTH = /\b(?:cash|cents?|pennies|penny|funds?|sum|money|account|card|visa|costs?|prices?|postage|bill|fees?|presents?|gifts?|sets?|spares?|parcels?|packages?|units?|pieces?|extras?|a thing|some off|argent|sommes?|carte|compte|prix|cout[a-z]*|port|frais|colis|exemplaires?|articles?|cadeaux?)\b|(?<![\u0620-\u064a])(?:ال)?(?:نقود|مال|اموال|مبلغ|حساب|بطاقه|سعر|ثمن|طرد|قطعه|شي|شييا|شيئا|مصاريف|هديه)[\u0620-\u064a]{0,3}(?![\u0620-\u064a])/gu;

/** A sentence that commits to something of value of which neither facts nor template speak: a promise, whatever its words. */
function commitsBeyond(folded: string, allowed: string): boolean {
  const spoken = new Set(found(WORTH, allowed));
  return folded.split(/[.!?؟;؛\n]+/u).some((sentence) => COMMITS.test(sentence) && found(WORTH, sentence).some((word) => !spoken.has(word)));
}

const RELATIVE_DATES = /\b(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|next (?:week|month)|(?:this|within|in) (?:a|an|one|two|three|four|five|six|seven|ten|few)\s+\w+|guarantee\w*|fortnight|weekend|aujourd'hui|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:la )?semaine prochaine|week-end|(?:sous|dans) (?:un|une|deux|trois|quatre|cinq|dix|quelques)\s+\w+|garanti\w*)\b|(?<![\u0620-\u064a])(?:اليوم|غدا|بعد غد|الاسبوع القادم|خلال (?:يوم|يومين|اسبوع|ايام)|نضمن|مضمون)(?![\u0620-\u064a])/gu;
const NUMBERS = /[\p{L}]*\d[\p{L}\d]*(?:[.,:/-][\p{L}\d]*\d[\p{L}\d]*)*/gu;
const MONTHS = new RegExp(`(?<![\\p{L}])(?:${ALL_MONTHS.map(foldText).join('|')})(?![\\p{L}])`, 'gu');
const LINKS = /https?:\/\/\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+/gi;
const MOST = 2_000;

const found = (pattern: RegExp, text: string): string[] => [...new Set(text.match(pattern) ?? [])];

export function checkReply(text: string, terms: ReplyTerms): ReplyProblem[] {
  const [folded, allowed] = [foldText(text), foldText(terms.allowed)];
  const may = new Set([...found(NUMBERS, allowed), ...found(MONTHS, allowed)]);
  return [
    ...found(NUMBERS, folded).filter((token) => !may.has(token)).map((token) => `number:${token}`),
    ...[...found(MONTHS, folded).filter((month) => !may.has(month)), ...found(RELATIVE_DATES, folded).filter((words) => !allowed.includes(words))].map((word) => `date:${word}`),
    ...(Object.keys(PROMISE_WORDS) as PromiseKind[]).filter((kind) => !terms.promises.includes(kind) && PROMISE_WORDS[kind].test(folded)).map((kind) => `promise:${kind}`),
    ...(terms.promises.length === 0 && commitsBeyond(folded, allowed) ? ['promise:other'] : []),
    ...(found(LINKS, folded).some((link) => !allowed.includes(link)) ? ['link'] : []),
    ...(text.trim() === '' || text.length > MOST ? ['length'] : []),
  ];
}
