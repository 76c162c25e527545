/** Whether the desk takes a checkout up again that it left to the person at a wall. Only looks: two hands on one page is what this prevents. */
import type { Page } from 'playwright-core';
import type { FilledCheckout } from '#engine/purchasing/ports.ts';
import { decideStep, missingOf } from './decide-step.ts';
import { describePage, type CheckoutPage } from './describe-page.ts';
import { addressParts, roleOf } from './fill-fields.ts';
import { readTotal } from './read-checkout-text.ts';

/** Looks at the same page, with nothing typed in between, before it is taken for left alone. */
const STILL_LOOKS = 3;

type Step = 'cart' | 'checkout' | 'walk';
export interface LeftCheckout {
  readonly page: Page;
  readonly at: { readonly step: Step; readonly stop: FilledCheckout['stop'] | null; readonly asked: boolean; still: { readonly page: string; readonly looks: number } };
  readonly offerUrl: string;
  readonly currency: string;
}
/** From where it goes on; or where the person went alone, which is only told. */
export type GoingOn = { readonly from: Step } | { readonly stands: FilledCheckout };

const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : url);
/** What changes under a person's hand. */
const signatureOf = (url: string, { fields, choices, heading }: CheckoutPage) => JSON.stringify([url, heading, fields.map(({ name, value }) => [name, value]), choices.map(({ name, chosen }) => [name, chosen])]);
const hasEmptyAddress = ({ fields }: CheckoutPage) => fields.some((field) => field.usable && field.value.trim() === '' && roleOf(field) !== null && field.required);

/** Null: not now. Without being asked only where the wall is gone, the page is still, and it is surely one of the checkout's, or the offer's own where nothing is in the cart yet. */
export async function lookWhetherToGoOn({ page, at, offerUrl, currency }: LeftCheckout): Promise<GoingOn | null> {
  if (at.stop === null || at.stop === 'pay' || (!at.asked && at.stop !== 'captcha' && at.stop !== 'login')) return null;
  const now = await describePage(page);
  const decided = decideStep(now);
  const stop = 'stop' in decided ? decided.stop : null;
  const signature = signatureOf(page.url(), now);
  at.still = signature === at.still.page ? { page: signature, looks: at.still.looks + 1 } : { page: signature, looks: 1 };
  const stands = (why: FilledCheckout['stop']): GoingOn => ({ stands: { stop: why, total: why === 'pay' ? readTotal(now.words, currency) : null, missing: missingOf(now), byPerson: true } });
  if (stop === 'captcha' || stop === 'login') return at.asked ? stands(stop) : null;
  const from = fromWhere(now, { step: at.step, stop, onOffer: pathOf(page.url()) === pathOf(offerUrl) });
  if (from === null) return at.asked ? stands('unsure') : null;
  if (from === 'lost' && !at.asked) return null;
  if (!at.asked && at.still.looks < STILL_LOOKS) return null;
  // the person has gone as far as the desk would: their hand is on the button now
  if (stop === 'pay' && !hasEmptyAddress(now)) return stands('pay');
  return { from: from === 'lost' ? 'checkout' : from };
}

/** `lost`: somewhere else in the shop, from where the way to the checkout would have to be looked for. Null: the goods are not in the cart, and this is not where they are put there. */
function fromWhere(now: CheckoutPage, { step, stop, onOffer }: { readonly step: Step; readonly stop: FilledCheckout['stop'] | null; readonly onOffer: boolean }): Step | 'lost' | null {
  if (step === 'cart') return onOffer ? 'cart' : null;
  return stop === 'unsure' && addressParts(now.fields) < 3 ? 'lost' : 'walk';
}
