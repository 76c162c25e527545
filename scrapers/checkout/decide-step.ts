/** Whether a checkout's page may be left by pressing its button, or is the person's. Pure. A button is pressed only where everything says that it leads to a further step; whatever is not sure is not pressed. */
import { foldText } from '#kernel/fold-text.ts';
import type { CheckoutStop } from '#engine/purchasing/ports.ts';
import type { CheckoutButton, CheckoutChoice, CheckoutPage } from './describe-page.ts';
import { addressParts, emptyFields, roleOf } from './fill-fields.ts';

export type StepDecision = { readonly press: number } | { readonly stop: CheckoutStop };

const plain = (text: string) => foldText(text).replace(/[^\p{L}\p{N}&']+/gu, ' ').trim();

/** Names the step that it leads to, and that one is not paying. */
const TO_SHIPPING = /^(?:(?:continue|proceed|go|go on|next)(?: to)?(?: the)? (?:shipping|delivery)(?: (?:methods?|options?|details|information|address))?|(?:continuer|poursuivre|passer|suivant)(?: vers| a| au| aux)?(?: la| le| les| l')? ?(?:livraison|modes? de livraison|expedition)|(?:متابعه|المتابعه|التالي|استمرار) ?(?:الي |ل)?(?:الشحن|التوصيل|طريقه الشحن|طريقه التوصيل))$/;
/** Says only that it goes on, or that paying is next: believed where the shop's own list of steps has paying still before us. */
const ONWARD = /^(?:continue|next|next step|save (?:and|&) continue|continue to (?:the )?(?:payment|review|next step)(?: method| details)?|proceed to (?:the )?payment(?: method| details)?|continuer|suivant|etape suivante|enregistrer et continuer|continuer vers le paiement|passer au paiement|متابعه|التالي|استمرار|حفظ ومتابعه|(?:متابعه|المتابعه) الي الدفع)$/;
const GUEST = /^(?:continue as (?:a )?guest|check ?out as (?:a )?guest|guest checkout|continuer en tant qu'invite|commander en tant qu'invite|المتابعه كزائر|متابعه كزائر|متابعه كضيف)$/;
const PAYS = /\bpay\b|\bpays?er\b|\bpaie|\bpayez|\bbuy\b|\border\b|\bpurchase\b|\bconfirm|\bcomplete\b|\bfinish\b|\bfinali[sz]|\bsubmit\b|\bcommande|\bacheter|\bvalider|\bterminer|ادفع|الدفع|شراء|اشتر|اطلب|طلب|تاكيد|اتمام|انهاء/;
const MARKS_PAYS = /place[-_ ]?(?:the[-_ ]?)?order|\bpay\b|pay[-_]?now|payer|submit[-_ ]?(?:the[-_ ]?)?order|complete|confirm|finali[sz]e|\bbuy|purchase|charge|validate[-_ ]?order|valider/i;
const PAYMENT = /pay|card\b|carte|cash|transfer|especes|virement|cheque|klarna|\bcod\b|دفع|بطاقه|نقد/;
const SHIPPING = /ship|deliver|livraison|expedition|colissimo|courier|pick ?up|retrait|شحن|توصيل/;
/** Pressing anything here may bind: said by pages whose button is called "Continue" all the same. */
const BINDS = /by (?:clicking|pressing|continuing|proceeding|tapping)|obligation de paiement|en cliquant|en continuant|(?:will|shall) be (?:charged|debited)|sera debite|places? (?:your|the|my|an) order|بالنقر|بالضغط|سيتم خصم/;
const LOGIN = /(?:log|sign) ?in to (?:continue|check ?out|place|order|buy)|(?:must|need to|have to|please) (?:be logged in|(?:log|sign) ?in)|connectez[- ]vous pour|identifiez[- ]vous pour|(?:سجل|تسجيل) الدخول (?:للمتابعه|لاكمال|اولا)/;
const ROBOT = /(?:verify|confirm|prove) (?:that )?you are (?:a )?(?:human|not a robot)|i'?m not a robot|checking your browser before|verifiez que vous etes (?:un )?humain|je ne suis pas un robot|(?:اثبت|تحقق من) انك (?:لست روبوت|انسان)/;
const CONSENT = /\bterms\b|conditions|\bcgv\b|\bagb\b|i agree|j'accepte|الشروط|اوافق/;

const AT_ONCE = /\bbuy(?: it)? now\b|\bpay\b|\bpayer\b|acheter (?:maintenant|en un clic)|place (?:the |my |your |an )?order|\border now\b|one[- ]click|\b1[- ]click|اشتر الان|ادفع/;
/** A button on a product's or cart's page that would buy without a checkout. */
export const paysAtOnce = (said: string): boolean => AT_ONCE.test(plain(said));

/** A choice of how the goods come: never one of how they are paid. */
export function isShippingChoice({ name, words, options }: CheckoutChoice): boolean {
  const said = plain([name, words, ...options.map((option) => option.label)].join(' '));
  return SHIPPING.test(said) && !PAYMENT.test(said);
}

const says = ({ text, names }: CheckoutButton) => [text, ...names].map(plain).filter((one) => one !== '');
const isHarmless = (button: CheckoutButton) => says(button).every((one) => TO_SHIPPING.test(one) || ONWARD.test(one) || GUEST.test(one));
/** Something by which an order could be placed; links are no such thing unless they are dressed as one, and those the marks tell. */
const mayPay = (button: CheckoutButton) => says(button).some((one) => PAYS.test(one) && !TO_SHIPPING.test(one) && !ONWARD.test(one) && !GUEST.test(one)) || button.marks.some((mark) => MARKS_PAYS.test(mark));

function asksForPayment({ fields, choices, payFrame, words, buttons }: CheckoutPage): boolean {
  const usable = fields.filter((field) => field.usable);
  const cardFields = usable.some((field) => /\bcc-/.test(field.autocomplete) || /card|cvc|cvv|iban|carte/.test(foldText(`${field.name} ${field.id} ${field.label}`)));
  const consents = usable.some((field) => field.type === 'checkbox' && CONSENT.test(foldText(`${field.name} ${field.label}`)));
  const payChoice = choices.some((choice) => PAYMENT.test(plain([choice.name, choice.words, ...choice.options.map((option) => option.label)].join(' '))));
  return payFrame || cardFields || consents || payChoice || BINDS.test(foldText(words)) || buttons.some((button) => mayPay(button) && (button.form >= 0 || !isLink(button)));
}

/** A link in no form only opens a page. */
const isLink = (button: CheckoutButton) => button.form < 0 && button.marks.some((mark) => /^(?:https?:|\/|\?|[\w-]+\/)/.test(mark));

/** The shop's list of steps has paying after the step that we are at. */
function paysLater({ steps }: CheckoutPage): boolean {
  const at = steps.findIndex((step) => step.current);
  return at >= 0 && steps.slice(at + 1).some((step) => /payment|paiement|\bpay\b|review|الدفع/.test(plain(step.words)));
}

/** The only button of that kind which says so in every way that it says something. */
function only(buttons: readonly CheckoutButton[], pattern: RegExp): CheckoutButton | null {
  const found = buttons.filter((button) => pattern.test(plain(button.text)) && isHarmless(button) && !button.marks.some((mark) => MARKS_PAYS.test(mark)));
  return found.length === 1 ? found[0]! : null;
}

/** What stands empty that the shop wants, by its own labels: fields, and choices without one chosen. */
export const missingOf = (page: CheckoutPage): string[] => [...emptyFields(page.fields), ...page.choices.filter((choice) => !choice.chosen && (choice.required || isShippingChoice(choice))).map((choice) => choice.words || choice.name)].slice(0, 20);

export function decideStep(page: CheckoutPage): StepDecision {
  const words = foldText(page.words);
  if (page.captcha || ROBOT.test(words)) return { stop: 'captcha' };
  const parts = addressParts(page.fields);
  const asksPassword = page.fields.some((field) => field.usable && field.type === 'password');
  if (parts < 3 && (asksPassword || LOGIN.test(words))) {
    const guest = only(page.buttons, GUEST);
    return guest && !asksForPayment(page) ? { press: guest.n } : { stop: 'login' };
  }
  if (asksForPayment(page)) return { stop: 'pay' };
  const isShipping = page.choices.length > 0 && page.choices.every(isShippingChoice);
  // a page of a step that we know, with nothing else to decide on it
  if ((parts < 3 && !isShipping) || (page.choices.length > 0 && !isShipping)) return { stop: 'unsure' };
  if (missingOf(page).length > 0) return { stop: 'fields' };
  const named = only(page.buttons, TO_SHIPPING);
  const onward = named ?? (paysLater(page) ? only(page.buttons, ONWARD) : null);
  const forms = new Set([...page.fields.filter((field) => field.usable && roleOf(field) !== null).map((field) => field.form), ...page.choices.map((choice) => choice.form)]);
  return onward && forms.size === 1 && forms.has(onward.form) ? { press: onward.n } : { stop: 'unsure' };
}

const PRICE = /(?:[$€£]\s?\d[\d.,]*|\d[\d.,\u00a0\u202f ]*(?:[$€£]|(?:usd|eur|gbp|dzd|da|د\.?ج)\b|د\.?ج))/gi;

/** The cheapest way to ship, where each says its price once; null: the person chooses. @param amount of a label's price in minor units. */
export function cheapest(choice: CheckoutChoice, amount: (text: string) => number | null): number | null {
  const priced = choice.options.map(({ n, label }) => {
    const prices = foldText(label).match(PRICE) ?? [];
    const minor = prices.length === 1 ? amount(prices[0]) : prices.length === 0 && /\bfree\b|gratuit|مجان/.test(foldText(label)) ? 0 : null;
    return { n, minor };
  });
  if (priced.length === 1) return priced[0]!.n;
  if (priced.some(({ minor }) => minor === null)) return null;
  return priced.toSorted((a, b) => a.minor! - b.minor!)[0]?.n ?? null;
}
