/** Walks a checkout from page to page as far as it surely is none to pay on: fills, takes the cheapest way to ship, goes on; and says where it stopped and why. */
import type { Page } from 'playwright-core';
import type { AssistRequest, FilledCheckout } from '#engine/purchasing/ports.ts';
import { cheapest, decideStep, isShippingChoice, missingOf } from './decide-step.ts';
import { describePage, type CheckoutPage } from './describe-page.ts';
import { fillFields } from './fill-fields.ts';
import type { Guard } from './guard-page.ts';
import { readAmount, readTotal } from './read-checkout-text.ts';

export interface Walk {
  readonly page: Page;
  readonly guard: Guard;
  readonly request: Pick<AssistRequest, 'shipTo' | 'currency'>;
}

const MOST_STEPS = 6;

/** By which a page is known again: one that comes back is not answered twice. */
const signatureOf = ({ path, heading, fields, choices }: CheckoutPage) => JSON.stringify([path, heading, fields.filter((field) => field.usable).map((field) => field.name), choices.map((choice) => choice.name)]);

async function chooseShipping({ page, guard, request: { currency } }: Walk, now: CheckoutPage): Promise<CheckoutPage> {
  const open = now.choices.filter((choice) => !choice.chosen && isShippingChoice(choice));
  for (const choice of open) {
    const n = cheapest(choice, (text) => readAmount(text, currency)?.minor ?? null);
    // the shop may show the label alone; a choice that does not take is the person's
    if (n !== null) await page.locator(`[data-desk-choice="${n}"]`).check({ timeout: 3_000, force: true }).catch(() => undefined);
  }
  if (open.length === 0) return now;
  await guard.settle();
  return describePage(page);
}

/** Presses what was decided, if the page still says the same; and waits for what comes of it. */
async function pressOn({ page, guard }: Walk, n: number, before: CheckoutPage): Promise<boolean> {
  const now = await describePage(page);
  const decided = decideStep(now);
  const same = 'press' in decided && JSON.stringify(now.buttons[decided.press]) === JSON.stringify(before.buttons[n]);
  if (!same) return false;
  await guard.press(page.locator(`[data-desk-button="${decided.press}"]`), async () => {
    // a page on its way to another cannot be read just now
    const next = await describePage(page).catch(() => now);
    return signatureOf(next) !== signatureOf(now);
  });
  return true;
}

export async function walkSteps(walk: Walk): Promise<FilledCheckout> {
  const { page, guard, request: { currency, shipTo } } = walk;
  const seen = new Set<string>();
  for (let step = 0; ; step++) {
    await fillFields(page, shipTo);
    await guard.settle();
    const now = await chooseShipping(walk, await describePage(page));
    const at = (stop: FilledCheckout['stop']): FilledCheckout => ({ stop, total: stop === 'pay' ? readTotal(now.words, currency) : null, missing: missingOf(now) });
    if (guard.held()) return at('self-sending');
    const decided = decideStep(now);
    if ('stop' in decided) return at(decided.stop);
    if (step >= MOST_STEPS || seen.has(signatureOf(now))) return at('unsure');
    seen.add(signatureOf(now));
    if (!(await pressOn(walk, decided.press, now))) return at('unsure');
  }
}
