/**
 * Understands what the other side of a negotiation wrote, by rules alone. The text is data: nothing in it can be an instruction, and what is doubtful has no amount and a reason, so that
 * a person or a question back settles it.
 */
import { foldText } from '#kernel/fold-text.ts';
import { compare, exponentOf, type Currency, type Money } from '#kernel/money.ts';
import { ACCEPT, CONDITION, INSTRUCTION, LAST_PRICE, NEGATED_AFTER, NEGATED_BEFORE, OPT_OUT, phrase, QUESTION, RANGE, REJECT, RELATIVE, REPORTED_BEFORE, UNAVAILABLE } from './cues.ts';
import { blankOthers, findAmounts, type FoundAmount } from './find-amounts.ts';
import { settleUnit, type UnitProblem } from './settle-unit.ts';

/**
 * `offer`: a price before we made one. `counter`: a price that answers ours. `accept`: ours is taken (`amount` where it was repeated). `last-price`: a price said to be final.
 * `question`: they ask, and name no price that could be taken.
 */
export type OfferIntent = 'offer' | 'counter' | 'accept' | 'reject' | 'last-price' | 'question' | 'unavailable' | 'opt-out';

export type DoubtReason = UnitProblem | 'several-amounts' | 'range' | 'quantity-price' | 'reported-amount' | 'relative-amount' | 'conditional' | 'instruction' | 'nothing-offered' | 'no-offer-to-accept' | 'too-long';

export interface OfferContext {
  /** Currency that the talk is in. */
  readonly expected: Currency | null;
  /** What the other side asked last. */
  readonly asked: Money | null;
  /** What we offered last. */
  readonly ourOffer: Money | null;
}

export type OfferReading =
  | { readonly intent: OfferIntent; readonly amount: Money | null; readonly reason: null }
  | { readonly intent: null; readonly amount: null; readonly reason: DoubtReason };

const LONGEST_TEXT = 1_500;

const is = (intent: OfferIntent, amount: Money | null = null): OfferReading => ({ intent, amount, reason: null });
const doubt = (reason: DoubtReason): OfferReading => ({ intent: null, amount: null, reason });

type Standing = 'stands' | 'reported' | 'negated';

/** `not less than 50` names a floor and refuses nothing. */
const FLOOR_BEFORE = /(?:less|lower|below|under|moins|dessous|اقل|من)(?: than| de)?\s*\p{Sc}?\s*$/u;

function standingOf(text: string, found: FoundAmount): Standing {
  const before = text.slice(Math.max(0, found.start - 60), found.start).split(/[.;\n]|,(?=\s)/).at(-1) ?? '';
  const after = text.slice(found.end, found.end + 40);
  if (FLOOR_BEFORE.test(before)) return 'stands';
  if (NEGATED_AFTER.test(after) || NEGATED_BEFORE.test(before)) return 'negated';
  return REPORTED_BEFORE.test(before) ? 'reported' : 'stands';
}

const QUANTITY = /\d\s*(?:\p{Sc}|usd|da|euros?|dollars?)?\s*(?:each|apiece|a piece|chacune?|piece|l'unite|per (?:unit|piece|item|pc|one)|\/ ?(?:pcs?|units?|piece|unite)|pour (?:les )?\d{1,2}(?!\d)|for (?:all |the )?\d{1,2}(?!\d)|for (?:both|all|the (?:pair|lot))(?!\p{L})|pour (?:les deux|les trois|le lot|la paire|tout)(?!\p{L})|للواحد|للقطعه|للاثنين|للزوج)/u;
/** A price that holds for several alone: `48 if you take 3`. Read in the whole text, because counts are blanked from what may be money. */
const SEVERAL = phrase(
  '(?:if|when|only|as long as) (?:you |u |we )?(?:take|buy|get|order|want|took|bought)(?: all| the| at least)*(?: \\d{1,3}(?!\\d)| two| three| four| five| both| them all| all)', 'moq', 'min(?:imum)?(?: order)?(?: of)? \\d{1,3} (?:pieces?|pcs|units?|items?)', 'pp',
  "(?:si|condition|quand)(?: de| d'| que| vous| tu| on| en| l'| les)* ?(?:prenez|prends|prend|prendre|achetez|achetes|achete|acheter|commandez)(?: en| les| au moins)*(?: \\d{1,3}(?!\\d)| deux| trois| quatre| cinq| tout| tous)",
  '(?:اذا|لو|بشرط|ان) (?:اخذت|تاخذ|اشتريت|تشتري|شريت|تشري|ديت|تدي)(?: ال)?(?: ?\\d{1,3}(?!\\d)| اثنين| زوج| ثلاثه| كل)', 'kana (?:u|mu|ma)\\p{L}+ (?:\\d{1,3}(?!\\d)|zviviri|zvitatu|zvese)',
);
/** A part of the price, or a part of it later. */
const PART_PAYMENT = phrase('deposit', 'down ?payment', 'down and', 'now and', 'upfront', 'up front', 'instal?lments?', 'acompte', 'avance et', 'maintenant et', 'tout de suite et', 'a la livraison et', 'عربون', 'بالتقسيط', 'مقدم');
/** `48 less 10%`. */
const SHARE_OFF = /\d\s?%\s*(?:off|less|discount|moins|de (?:moins|remise|reduction))|(?:less|minus|moins|ناقص)\s*\d+(?:[.,]\d+)?\s?%/u;
/** Currencies in which no talk is held, and what is no currency: beside a number it is not the talk's money. */
const FOREIGN = /(?:(?<![\p{L}\d])(?:cad|aud|nzd|hkd|sgd|chf|jpy|yen|yuan|rmb|cny|zar|rands?|inr|rupees?|naira|ngn|kes|ghs|cedis?|xof|xaf|cfa|aed|sar|qar|kwd|riyals?|egp|lira|brl|mxn|pesos?|rub|sek|nok|dkk|pln|btc|bitcoins?|eth|usdt|crypto)\s?\d|\d\s?(?:cad|aud|nzd|hkd|sgd|chf|jpy|yen|yuan|rmb|cny|zar|rands?|inr|rupees?|naira|ngn|kes|ghs|cedis?|xof|xaf|cfa|aed|sar|qar|kwd|riyals?|egp|lira|brl|mxn|pesos?|rub|sek|nok|dkk|pln|btc|bitcoins?|eth|usdt|ريال|جنيه|ليره)(?![\p{L}\d]))/u;
const ONE_OR_OTHER = /\d\s*(?:\p{Sc}|da|usd|€)?\s*(?:or|ou|او|-|–|\/|to|a)\s*(?:\p{Sc})?\s*\d/u;

/** A price that is not simply that of the thing. @param text without what is no money */
function whyNotAsItStands(folded: string, text: string): DoubtReason | null {
  if (/\d\s*(?:%|\p{Sc})?\s*off(?!\p{L})/u.test(text) || SHARE_OFF.test(folded)) return 'relative-amount';
  if (QUANTITY.test(text) || SEVERAL.test(folded)) return 'quantity-price';
  if (PART_PAYMENT.test(folded)) return 'conditional';
  return FOREIGN.test(folded) ? 'no-currency' : null;
}

type Chosen = { readonly amount: Money } | { readonly reason: DoubtReason } | null;

/** The one amount that stands; null when the message names none. */
function chooseAmount(text: string, standing: readonly FoundAmount[], context: OfferContext): Chosen {
  if (standing.length === 0) return null;
  if (standing.length > 1 && RANGE.test(text)) return { reason: 'range' };
  const asked = context.asked ?? context.ourOffer;
  const reference = asked && asked.currency === context.expected ? asked.minor / 10 ** exponentOf(asked.currency) : null;
  const settled = standing.map((found) => settleUnit(found, { expected: context.expected, reference }));
  const sure = settled.flatMap((s) => (s.ok ? [s.amount] : []));
  const [first] = sure;
  if (!first) return { reason: settled.flatMap((s) => (s.ok ? [] : [s.reason]))[0] ?? 'doubtful-unit' };
  // digits that run on make a number that nobody can read, not a price and a rest
  if (standing.some((found, n) => n > 0 && text.slice(standing[n - 1]!.end, found.start).trim() === '')) return { reason: 'several-amounts' };
  const same = sure.every((amount) => amount.currency === first.currency && amount.minor === first.minor);
  if (!same) return { reason: ONE_OR_OTHER.test(text) ? 'range' : 'several-amounts' };
  return { amount: first };
}

const equals = (a: Money, b: Money | null) => b !== null && a.currency === b.currency && compare(a, b) === 0;

function withAmount(text: string, amount: Money, context: OfferContext): OfferReading {
  const asks = text.includes('?');
  if (asks && /(?<!\p{L})(?:still|final|firm|dernier|toujours|encore)(?!\p{L})/u.test(text)) return is('question');
  if (equals(amount, context.ourOffer) && !asks && !CONDITION.test(text)) return is('accept', amount);
  if (!asks && LAST_PRICE.test(text)) return is('last-price', amount);
  return is(context.ourOffer ? 'counter' : 'offer', amount);
}

function withoutAmount(text: string, context: OfferContext): OfferReading {
  if (RELATIVE.test(text)) return doubt('relative-amount');
  if (REJECT.test(text)) return is('reject');
  const asks = text.includes('?') || QUESTION.test(text);
  if (asks && /^(?:ok(?:ay)?|yes|deal|oui|d'accord|موافق|نعم) ?\?+$/u.test(text)) return is('question');
  if (ACCEPT.test(text) && !(asks && !/^(?:yes|ok|oui|deal|sure|نعم|موافق)/u.test(text))) {
    if (!context.ourOffer) return doubt('no-offer-to-accept');
    return CONDITION.test(text) ? doubt('conditional') : is('accept');
  }
  return asks ? is('question') : doubt('nothing-offered');
}

/** Total: any text has a reading. Amounts are in the minor units of their currency. */
export function readOffer(message: string, context: OfferContext): OfferReading {
  if (message.length > LONGEST_TEXT) return doubt('too-long');
  const folded = foldText(message).replace(/؟/g, '?').replace(/،/g, ',').replace(/ئ/g, 'ي').replace(/\s+/g, ' ').trim();
  if (OPT_OUT.test(folded)) return is('opt-out');
  if (INSTRUCTION.test(folded)) return doubt('instruction');
  if (UNAVAILABLE.test(folded) && !/(?:mark|still|toujours|encore|will be|yours|makeit).{0,12}(?:sold|vendu|available|disponible)/u.test(folded)) return is('unavailable');
  const text = blankOthers(folded);
  const found = findAmounts(text, context.expected);
  const kept = found.map((f) => ({ f, standing: standingOf(folded, f) }));
  const standing = kept.filter((k) => k.standing === 'stands').map((k) => k.f);
  if (standing.length > 0) {
    const reason = whyNotAsItStands(folded, text);
    if (reason) return doubt(reason);
  }
  const chosen = chooseAmount(text, standing, context);
  if (chosen && 'amount' in chosen) return withAmount(folded, chosen.amount, context);
  if (chosen) return doubt(chosen.reason);
  if (kept.some((k) => k.standing === 'negated')) return is('reject');
  if (kept.some((k) => k.standing === 'reported')) return doubt('reported-amount');
  return withoutAmount(folded, context);
}
