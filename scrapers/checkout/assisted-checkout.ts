/** A shop's checkout in the person's own browser: put into the cart, walked and filled in page by page, and left standing before the pay button or at whatever is not sure. What places an order is the person's alone to press. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { ConnectorError, messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { AssistCompany, AssistedCheckoutPort, AssistRequest, FilledCheckout, ReadConfirmation } from '#engine/purchasing/ports.ts';
import { browserChoices, NO_BROWSER } from '../core/fetch/find-browser.ts';
import { decideStep, paysAtOnce } from './decide-step.ts';
import { describePage } from './describe-page.ts';
import { addressParts, readFields } from './fill-fields.ts';
import { lookWhetherToGoOn } from './go-on.ts';
import { guardPage, type Guard } from './guard-page.ts';
import { readOrderNumber, readTotal } from './read-checkout-text.ts';
import { walkSteps } from './walk-steps.ts';

/** What of a browser is used. */
export type BrowserWindow = Pick<Browser, 'newContext' | 'contexts' | 'isConnected' | 'close'>;

export interface AssistedCheckoutOptions {
  readonly log: Logger;
  /** Kinds of source that have pages to buy on. */
  readonly supports: (connector: string) => boolean;
  /** A window that the person sees, in the person's own browser. */
  readonly launch: () => Promise<BrowserWindow>;
  /** How often the pages are looked at for a confirmation. */
  readonly lookEveryMs?: number;
  /** How long a shop's scripts are given to come to rest after each step. */
  readonly restMs?: number;
}

interface Filling {
  readonly request: AssistRequest;
  readonly page: Page;
  readonly guard: Guard;
  readonly at: Progress;
}

/** How far it got. Goods are put into the cart once: whatever comes of that press, it is not made again. */
interface Progress {
  step: 'cart' | 'checkout' | 'walk';
  /** Why the window is the person's; null while the desk has it. */
  stop: FilledCheckout['stop'] | null;
  /** The person wants it to go on. */
  asked: boolean;
  /** The page as it was last looked at, and how often it was the same since. */
  still: { readonly page: string; readonly looks: number };
}

interface Standing {
  readonly browser: BrowserWindow;
  readonly request: AssistRequest;
  /** The page before which the person sits; paying may open others. */
  readonly page: Page;
  readonly at: Progress;
}

const STEP_MS = 15_000;
const SAYS = 1_500;
const ADD = 'button[name="add-to-cart"], .single_add_to_cart_button, form.cart button[type="submit"], form[action*="cart" i] button[type="submit"], form[action*="panier" i] button[type="submit"]';
const ADD_WORDS = /^\s*(?:add to (?:your )?(?:cart|basket|bag|trolley)|ajouter au panier|(?:ا|أ)ضف (?:إلى|الى) (?:السلة|العربة))\s*$/i;
const QUANTITY = 'form input[name="quantity"], form input[name="qty"], form input[type="number"][name*="quantity" i]';
/** Links alone, and the button that leads from a cart to its checkout: nothing that could place an order. */
const TO_CHECKOUT = 'a[href*="checkout" i], a[href*="/caisse" i], a[href*="/commande" i], button[name="checkout"]';
const TO_CART = 'a[href*="/cart" i], a[href*="/basket" i], a[href*="/panier" i]';

const NO_SCREEN = 'The desk runs on a machine without a screen, so no window can be opened there: order at the shop yourself and record the order, or run the desk where you sit.';

/** A visible browser of the person's, with a profile of its own: nothing of an earlier cart stands in it. @throws ConnectorError `Critical` with code NO_BROWSER. */
export async function launchVisibleBrowser(executablePath?: string): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  const failures: string[] = [];
  for (const which of browserChoices(executablePath)) {
    try {
      return await chromium.launch({ ...which, headless: false, chromiumSandbox: process.getuid?.() !== 0, args: ['--no-first-run', '--no-default-browser-check'] });
    } catch (error) {
      failures.push(`${which.channel ?? which.executablePath}: ${messageOf(error).slice(0, 4_000)}`);
    }
  }
  const noScreen = failures.some((failure) => /X server|\$DISPLAY|headed browser/i.test(failure));
  throw new ConnectorError({ kind: 'Critical', connector: 'browser', operation: 'open a window', code: noScreen ? 'NO_SCREEN' : 'NO_BROWSER', message: noScreen ? NO_SCREEN : NO_BROWSER, evidence: failures.join('\n') });
}

async function closed(browser: BrowserWindow | null): Promise<null> {
  await browser?.close().catch(() => undefined);
  return null;
}

const wordsOf = async (page: Page): Promise<string> => String(await page.evaluate('document.body ? document.body.innerText : ""')).slice(0, 100_000);

/** Presses the first that is no button to buy with at once. */
async function clickFirst({ page, guard }: Filling, selector: string, changed?: () => Promise<boolean>): Promise<boolean> {
  const found = page.locator(selector).filter({ visible: true });
  for (let n = 0; n < Math.min(await found.count(), 20); n++) {
    const one = found.nth(n);
    const said = await Promise.all([one.textContent(), ...['value', 'aria-label', 'title'].map((name) => one.getAttribute(name))]);
    if (paysAtOnce(said.join(' '))) continue;
    await guard.press(one, changed);
    return true;
  }
  return false;
}

async function putIntoCart(one: Filling): Promise<boolean> {
  const { page, guard, request: { quantity } } = one;
  const field = page.locator(QUANTITY).filter({ visible: true }).first();
  const hasQuantity = (await field.count()) > 0;
  if (hasQuantity) await field.fill(String(quantity), { timeout: STEP_MS });
  else if (quantity > 1) return false;
  // a shop whose cart is kept by script says that something is in it, and sends nothing
  const before = await wordsOf(page);
  const changed = async () => (await wordsOf(page).catch(() => before)) !== before;
  one.at.step = 'checkout';
  if (await clickFirst(one, ADD, changed)) return true;
  const button = page.getByRole('button', { name: ADD_WORDS }).first();
  if ((await button.count()) === 0) {
    one.at.step = 'cart';
    return false;
  }
  await guard.press(button, changed);
  return true;
}

const isCheckout = async (page: Page) => addressParts(await readFields(page)) >= 3;

/** Only to the checkout's first page, which may be one to log in on. */
async function goToCheckout(one: Filling): Promise<boolean> {
  if ((await isCheckout(one.page)) || (await clickFirst(one, TO_CHECKOUT))) return true;
  return (await clickFirst(one, TO_CART)) && clickFirst(one, TO_CHECKOUT);
}

/** The way was lost: to a wall that the page shows, or for no reason that can be told. */
async function lost({ page, guard }: Filling, step: 'cart' | 'checkout'): Promise<FilledCheckout> {
  const decided = decideStep(await describePage(page));
  const stop = guard.held() ? 'self-sending' : 'stop' in decided && (decided.stop === 'captcha' || decided.stop === 'login') ? decided.stop : 'unsure';
  return { stop, total: null, missing: [step] };
}

/** From the step that it is at. */
async function fill(one: Filling): Promise<FilledCheckout> {
  if (one.at.step === 'cart' && !(await putIntoCart(one))) return lost(one, 'cart');
  if (one.at.step === 'checkout') {
    if (!(await goToCheckout(one))) return lost(one, 'checkout');
    const first = decideStep(await describePage(one.page));
    if ('stop' in first && first.stop === 'unsure' && !(await isCheckout(one.page))) return lost(one, 'checkout');
    one.at.step = 'walk';
  }
  return walkSteps(one);
}

/** From here on the person may have the page in hand: whatever fails leaves it to them, and is never taken for nothing ordered. */
async function handOver(one: Filling, log: Logger): Promise<FilledCheckout> {
  const filled = await fill(one).catch((error: unknown): FilledCheckout => { log.warn('a checkout could not be filled in to its end', { reason: messageOf(error) }); return { stop: 'unsure', total: null, missing: ['checkout'] }; });
  await one.guard.lift().catch((error: unknown) => log.warn('a window may hold requests up', { reason: messageOf(error) }));
  one.at.stop = filled.stop;
  return filled;
}

async function readConfirmation(page: Page, { currency }: AssistRequest): Promise<ReadConfirmation | null> {
  const words = await wordsOf(page);
  const externalId = readOrderNumber(words);
  // a checkout may thank for earlier orders: where an address is asked for nothing is confirmed yet
  if (externalId === null || (await isCheckout(page))) return null;
  return { externalId, total: readTotal(words, currency), url: page.url().split(/[?#]/)[0]!, says: words.replace(/\s+/g, ' ').trim().slice(0, SAYS) };
}

export function createAssistedCheckout({ log, supports, launch, lookEveryMs = 700, restMs = 3_000 }: AssistedCheckoutOptions): AssistedCheckoutPort {
  const standing = new Map<string, Standing>();
  /** The newest that is on its way to stand: a browser takes a while to start. */
  const opening = new Map<string, symbol>();
  let ended = false;
  const dismiss = async (purchaseId: string) => {
    const one = standing.get(purchaseId);
    opening.delete(purchaseId);
    standing.delete(purchaseId);
    await one?.browser.close().catch(() => undefined);
  };
  /** Where the person passed the wall that it stopped at, or asks for it. */
  const goOn = async (one: Standing, company: AssistCompany): Promise<void> => {
    const { at, page, request } = one;
    // a page on its way to another is looked at again
    const how = await lookWhetherToGoOn({ page, at, offerUrl: request.url, currency: request.currency }).catch(() => null);
    if (how === null || !(await company.mayGoOn())) return;
    at.asked = false;
    if ('stands' in how) {
      at.stop = how.stands.stop;
      return company.wentOn(how.stands);
    }
    at.step = how.from;
    at.stop = null;
    await company.wentOn(await handOver({ request, page, guard: await guardPage(page, restMs), at }, log));
  };
  return {
    supports,
    isOpen: (purchaseId) => opening.has(purchaseId) || (standing.get(purchaseId)?.browser.isConnected() ?? false),
    async goOn(purchaseId) {
      const one = standing.get(purchaseId);
      if (!one) return;
      one.at.asked = true;
      await one.page.bringToFront();
    },
    show: async (purchaseId) => void (await standing.get(purchaseId)?.page.bringToFront()),
    async open(request) {
      const { purchaseId } = request;
      const mine = Symbol(purchaseId);
      opening.set(purchaseId, mine);
      const isCalledOff = () => ended || opening.get(purchaseId) !== mine;
      let browser: BrowserWindow | null = null;
      try {
        browser = await launch();
        if (isCalledOff()) return await closed(browser);
        const page = await (await browser.newContext({ viewport: null })).newPage();
        const guard = await guardPage(page, restMs);
        const at: Progress = { step: 'cart', stop: null, asked: false, still: { page: '', looks: 0 } };
        if (isCalledOff()) return await closed(browser);
        standing.set(purchaseId, { browser, request, page, at });
        const answer = await page.goto(request.url, { waitUntil: 'domcontentloaded', timeout: 30_000 });
        if (answer && answer.status() >= 400) throw new ConnectorError({ kind: 'Rejected', connector: 'browser', operation: 'open the offer', code: String(answer.status()), message: `the shop answered ${answer.status()} for the offer's page` });
        const filled = await handOver({ request, page, guard, at }, log);
        if (isCalledOff()) return await closed(browser);
        opening.delete(purchaseId);
        return filled;
      } catch (error) {
        if (isCalledOff()) return await closed(browser);
        opening.delete(purchaseId);
        standing.delete(purchaseId);
        await closed(browser);
        throw error;
      }
    },
    async confirmation(purchaseId, company) {
      const one = standing.get(purchaseId);
      for (;;) {
        // said to be settled, or opened anew: another waits for that window
        if (ended || !one || standing.get(purchaseId) !== one) return 'gave-up';
        const pages = one.browser.contexts().flatMap((context) => context.pages());
        if (!one.browser.isConnected() || pages.length === 0) {
          await dismiss(purchaseId);
          return null;
        }
        for (const page of pages) {
          // a page on its way to another cannot be read just now
          const read = await readConfirmation(page, one.request).catch((error: unknown) => { log.debug('a page could not be read', { reason: messageOf(error) }); return null; });
          if (read) return read;
        }
        await goOn(one, company);
        await wait(lookEveryMs);
      }
    },
    dismiss,
    async close() {
      ended = true;
      await Promise.all([...standing.keys()].map(dismiss));
    },
  };
}
