/** The last gate before a text goes out, whoever wrote it: a template, a person or an AI. Pure; a text with any problem is not sent. */
import { findAmounts } from '../read-offer/find-amounts.ts';
import { NUMBER_WORDS } from '../read-offer/number-words.ts';
import { foldText } from '#kernel/fold-text.ts';
import { exponentOf, type Money } from '#kernel/money.ts';

export type TextProblem = 'other-number' | 'amount-missing' | 'wrong-currency' | 'pressure' | 'false-claim' | 'reveals-limit' | 'contact-or-link' | 'no-identity' | 'too-long';

export interface TextTerms {
  /** The decided amount; null for a message that names none. */
  readonly amount: Money | null;
  /** The sender's own name, as signed. */
  readonly name: string;
  /** The item's title where the text may repeat it: its numbers are no prices. Null where it may not. */
  readonly title: string | null;
}

const LONGEST = 900;

const PRESSURE = /(?:last chance|final offer|today only|right now|hurry|act fast|or else|you must|take it or leave|urgent|derniere (?:chance|offre)|offre finale|aujourd'hui seulement|depechez|tout de suite|a prendre ou a laisser|اخر فرصه|اخر عرض|بسرعه|عرض نهايي|kukurumidza)/u;
/** Words by which a limit shows without its number: that there is more to be had. */
const MORE = /(?<!\p{L})(?:stretch\p{L}*|wiggle|flexib\p{L}*|negotiable|(?:there(?:'s| is)|have|some|more) (?:some |more |a little )*room|room (?:left|to (?:move|go|talk))|authori[sz]ed|permission|(?:a )?(?:little|bit|slightly|somewhat|few|couple)(?: of)?(?: \p{L}+)? (?:higher|more)|(?:go|going|come|coming|move|moving|climb) (?:up|higher|further|above|beyond)|(?:pay|offer|give|spend|add) (?:you )?(?:more|extra)|(?:raise|increase|improve|sweeten|top up) (?:it|my|our|the|this)|on top|(?:negociab|marge|davantage|autorise|augment|monter)\p{L}*|un peu plus|plus haut|payer plus|(?:نزيد|ازيد|ازود|زياده|الزياده|اعلي من|ارفع|نرفع|مجال)\p{L}*|kuwedzera|ndowedzera|tinowedzera|kukwira)(?!\p{L})/u;
/** Times a number, and numbers in words that `findAmounts` passes over because they are as often no numbers, or in a language that it does not count in. */
const MULTIPLES = /(?<!\p{L})(?:twice|double\p{L}*|triple\p{L}*|thrice|dozen\p{L}*|couple|douzaine\p{L}*|ضعف|دزينه|gumi|makumi|zana|mazana|chiuru|zviuru|piri|maviri|tatu|matatu|mana|shanu|mashanu|tanhatu|matanhatu|nomwe|manomwe|masere|pfumbamwe)(?!\p{L})/u;
/** Of the number words those that are articles too. */
const ARTICLES: ReadonlySet<string> = new Set(['one', 'un', 'une', 'واحد', 'neuf']);
const FALSE_CLAIM = /(?:other (?:seller|offer|buyer)s?|(?:another|someone else|cheaper) (?:seller|one|elsewhere|offer)|cheaper elsewhere|for my (?:sick|dying|poor)|i am (?:a |an )?(?:poor|student|orphan|doctor|police)|autres? (?:vendeurs?|offres?)|moins cher ailleurs|ailleurs pour|je suis (?:etudiant|pauvre|malade)|بايع اخر|عرض اخر|ارخص عند)/u;
const LIMIT = /(?:my (?:max(?:imum)?|limit|ceiling|budget|highest)|(?:the )?(?:most|highest) (?:that )?i can|can'?t go (?:higher|above|over)|up to|mon (?:max(?:imum)?|plafond|budget)|ma limite|au (?:plus|maximum)|maximum|plafond|ceiling|ميزانيتي|الحد الاقصي|اقصي|سقف|muganhu)/u;
const CONTACT = /(?:https?:|www\.|\b[\w.-]+\.(?:com|net|org|io|dz|zw|me|ru|cn)\b|[\w.+-]+@[\w-]+|(?:\+|00)\d{6,}|\bwhatsapp\b|\btelegram\b|واتساب|تيليغرام)/u;

/** Every number of the text in ASCII digits, plain: `12 500,50` is `12500.5`. */
function stripTitle(folded: string, title: string | null): string {
  const foldedTitle = title === null ? '' : foldText(title).replace(/\s+/g, ' ').trim();
  return foldedTitle === '' ? folded : folded.replaceAll(foldedTitle, ' ');
}

const hasNumberWord = (text: string): boolean => MULTIPLES.test(text) || (text.match(/\p{L}+/gu) ?? []).some((word) => NUMBER_WORDS.has(word) && !ARTICLES.has(word));

function numberProblems(text: string, amount: Money | null): TextProblem[] {
  const found = findAmounts(text, amount?.currency ?? null);
  const digits = text.match(/\d/g)?.length ?? 0;
  if (amount === null) return found.length > 0 || digits > 0 || hasNumberWord(text) ? ['other-number'] : [];
  const major = amount.minor / 10 ** exponentOf(amount.currency);
  const problems = new Set<TextProblem>();
  for (const one of found) {
    if (one.scale !== 'plain' || one.centimes || Math.abs(one.value - major) > 1e-9) problems.add('other-number');
    else if (one.currency !== null && one.currency !== amount.currency) problems.add('wrong-currency');
  }
  const blanked = found.reduce((rest, one) => rest.slice(0, one.start) + ' '.repeat(one.end - one.start) + rest.slice(one.end), text);
  if (/\d/.test(blanked) || hasNumberWord(blanked)) problems.add('other-number');
  if (found.length === 0) problems.add('amount-missing');
  return [...problems];
}

/** @returns every problem of an outgoing text; empty when it may go. */
export function checkText(text: string, terms: TextTerms): TextProblem[] {
  if (text.length > LONGEST) return ['too-long'];
  const folded = foldText(text).replace(/ئ/g, 'ي').replace(/\s+/g, ' ');
  const name = foldText(terms.name).replace(/\s+/g, ' ').trim();
  const problems: TextProblem[] = [];
  if (name === '' || !folded.includes(name)) problems.push('no-identity');
  const words = stripTitle(folded, terms.title).replaceAll(name === '' ? '\u0000' : name, ' ');
  problems.push(...numberProblems(words, terms.amount));
  if (PRESSURE.test(words)) problems.push('pressure');
  if (FALSE_CLAIM.test(words)) problems.push('false-claim');
  if (LIMIT.test(words) || MORE.test(words)) problems.push('reveals-limit');
  if (CONTACT.test(folded)) problems.push('contact-or-link');
  return problems;
}
