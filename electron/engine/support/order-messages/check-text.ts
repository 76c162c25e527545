/** Holds a text against what Amazon forbids in messages to buyers (links, addresses, HTML, advertising, wishes for reviews). Total over any text; leans towards too many. */
import { foldText } from '#kernel/fold-text.ts';

/** `length`, `link`, `email`, `phone`, `html`, `marketing:…`, `review:…`, `elsewhere:…`. */
export type TextProblem = string;

const EMAIL = /[^\s@<>()]+\s?(?:@|\(at\)|\[at\])\s?[^\s@<>()]+\.[a-z]{2,}/u;
const LINK = /\b(?:https?|ftp):\/\/|\bwww\.|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]*\.)+(?:com|net|org|info|biz|shop|store|online|site|app|io|me|ly|co|uk|ca|de|fr|it|es|eu|us|dz|ma|tn|gl)\b(?:\/\S*)?/u;
const HTML = /<\/?[a-z][^>]*>|&(?:nbsp|amp|lt|gt|#\d+);/u;
/** With a country's code, in groups of three and four, in pairs, or ten and more digits in a row that start like a number of one country. */
const PHONES: readonly RegExp[] = [
  /(?:\+|(?<!\d)00)\d[\d\s().-]{6,}\d/u, /(?<![\d-])\(?\d{3}\)?[\s.-]?\d{3}[\s.-]\d{4}(?![\d-])/u, /(?<!\d)0\d(?:[\s.-]?\d{2}){4}(?!\d)/u, /(?<!\d)[2-9]\d{9}(?!\d)/u,
  /\b(?:call|phone|text|whatsapp|telegram|viber|sms|tel|appel\w*|telephon\w*)\b[^\n]{0,24}\d[\d\s().-]{5,}\d/u, /(?:واتساب|اتصل|هاتف|رقم)[^\n]{0,24}\d[\d\s().-]{5,}\d/u,
];
const MARKETING = /\bdiscounts?\b|\bcoupons?\b|\bvouchers?\b|\bpromo(?:tion|tions|tional|s)?\b|\bspecial offers?\b|\bour (?:store|shop|other (?:products|items|listings))\b|\bnewsletters?\b|\bsubscribe\b|\bfollow us\b|\bnext (?:order|purchase)\b|\bbuy (?:more|again)\b|\bfree gift\b|\b\d+ ?% off\b|\bsoldes?\b|\breductions?\b|\bcode promo\b|\bremises? de \d|% de remise|\bbons? d'achat\b|\bnotre (?:boutique|magasin)\b|\bprochain achat\b|\babonnez\b|تخفيض|خصم|عرض خاص|كوبون|قسيمه|متجرنا|اشترك/u;
const REVIEW = /\breviews?\b|\bfeedback\b|\b(?:5|five)[ -]?stars?\b|\brat(?:e|ing) us\b|\bevaluations?\b|\bavis\b|\b(?:5|cinq) etoiles\b|تقييم|مراجعه|نجوم/u;
/** Buyers must not be led away from the marketplace. */
const ELSEWHERE = /\bpaypal\b|\bvenmo\b|\bzelle\b|\bcash ?app\b|\bwestern union\b|\bbank transfer\b|\bwhatsapp\b|\btelegram\b|\binstagram\b|\bfacebook\b|\btiktok\b|\bebay\b|\betsy\b|\bshopify\b|\boutside (?:of )?amazon\b|\bvirement\b|\bhors (?:d')?amazon\b|واتساب|تحويل بنكي/u;

const firstOf = (name: string, pattern: RegExp, text: string): TextProblem[] => {
  const found = pattern.exec(text)?.[0];
  return found === undefined ? [] : [`${name}:${found.trim()}`];
};

/** @param own numbers of the order that may stand in the text: they look like telephone numbers. */
export function checkOrderMessage(text: string, { own, mostCharacters }: { readonly own: readonly string[]; readonly mostCharacters: number }): TextProblem[] {
  let folded = foldText(text);
  for (const number of own) if (number.length >= 5) folded = folded.replaceAll(foldText(number), ' ');
  return [
    ...(text.trim() === '' || text.length > mostCharacters ? ['length'] : []),
    ...(EMAIL.test(folded) ? ['email'] : []),
    ...(LINK.test(folded.replace(new RegExp(EMAIL, 'gu'), ' ')) ? ['link'] : []),
    ...(PHONES.some((pattern) => pattern.test(folded)) ? ['phone'] : []),
    ...(HTML.test(folded) ? ['html'] : []),
    ...firstOf('marketing', MARKETING, folded), ...firstOf('review', REVIEW, folded), ...firstOf('elsewhere', ELSEWHERE, folded),
  ];
}
