/** A shop's checkout in the person's own browser: put into the cart, address filled in, and left standing before the pay button. What places an order is the person's alone to press. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { ConnectorError, messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { AssistedCheckoutPort, AssistRequest, FilledCheckout, ReadConfirmation } from '#engine/purchasing/ports.ts';
import { browserChoices, NO_BROWSER } from '../core/fetch/find-browser.ts';
import { addressParts, fillFields, readFields } from './fill-fields.ts';
import { readOrderNumber, readTotal } from './read-checkout-text.ts';

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

interface Standing {
  readonly browser: BrowserWindow;
  readonly request: AssistRequest;
  /** The page before which the person sits; paying may open others. */
  readonly page: Page;
  readonly restMs: number;
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

async function clickFirst({ page, restMs }: Standing, selector: string): Promise<boolean> {
  const found = page.locator(selector).filter({ visible: true }).first();
  if ((await found.count()) === 0) return false;
  await found.click({ timeout: STEP_MS });
  await settle(page, restMs);
  return true;
}

/** Shops that fill their cart by script need a moment after the page itself. */
async function settle(page: Page, restMs: number): Promise<void> {
  await page.waitForLoadState('domcontentloaded', { timeout: STEP_MS }).catch(() => undefined);
  await page.waitForLoadState('networkidle', { timeout: restMs }).catch(() => undefined);
}

async function putIntoCart(one: Standing): Promise<boolean> {
  const { page, restMs, request: { quantity } } = one;
  const field = page.locator(QUANTITY).filter({ visible: true }).first();
  const hasQuantity = (await field.count()) > 0;
  if (hasQuantity) await field.fill(String(quantity), { timeout: STEP_MS });
  else if (quantity > 1) return false;
  if (await clickFirst(one, ADD)) return true;
  const button = page.getByRole('button', { name: ADD_WORDS }).first();
  if ((await button.count()) === 0) return false;
  await button.click({ timeout: STEP_MS });
  await settle(page, restMs);
  return true;
}

const isCheckout = async (page: Page) => addressParts(await readFields(page)) >= 3;

async function goToCheckout(one: Standing): Promise<boolean> {
  const { page } = one;
  if (await isCheckout(page)) return true;
  if (await clickFirst(one, TO_CHECKOUT)) return isCheckout(page);
  if (!(await clickFirst(one, TO_CART))) return false;
  return (await clickFirst(one, TO_CHECKOUT)) && isCheckout(page);
}

const wordsOf = async (page: Page): Promise<string> => String(await page.evaluate('document.body ? document.body.innerText : ""')).slice(0, 100_000);

async function fill(one: Standing): Promise<FilledCheckout> {
  const { page, request, restMs } = one;
  if (!(await putIntoCart(one))) return { total: null, missing: ['cart'] };
  if (!(await goToCheckout(one))) return { total: null, missing: ['checkout'] };
  const { missing } = await fillFields(page, request.shipTo);
  await settle(page, restMs);
  return { total: readTotal(await wordsOf(page), request.currency), missing };
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
  let ended = false;
  const dismiss = async (purchaseId: string) => {
    const one = standing.get(purchaseId);
    standing.delete(purchaseId);
    await one?.browser.close().catch(() => undefined);
  };
  return {
    supports,
    isOpen: (purchaseId) => standing.get(purchaseId)?.browser.isConnected() ?? false,
    show: async (purchaseId) => void (await standing.get(purchaseId)?.page.bringToFront()),
    async open(request) {
      const browser = await launch();
      try {
        const page = await (await browser.newContext({ viewport: null })).newPage();
        const one: Standing = { browser, request, page, restMs };
        standing.set(request.purchaseId, one);
        const answer = await page.goto(request.url, { waitUntil: 'domcontentloaded', timeout: 30_000 });
        if (answer && answer.status() >= 400) throw new ConnectorError({ kind: 'Rejected', connector: 'browser', operation: 'open the offer', code: String(answer.status()), message: `the shop answered ${answer.status()} for the offer's page` });
        // from here on the person may have the page in hand: whatever fails leaves it to them, and is never taken for nothing ordered
        return await fill(one).catch((error: unknown) => { log.warn('a checkout could not be filled in to its end', { reason: messageOf(error) }); return { total: null, missing: ['checkout'] }; });
      } catch (error) {
        standing.delete(request.purchaseId);
        await browser.close().catch(() => undefined);
        throw error;
      }
    },
    async confirmation(purchaseId) {
      for (;;) {
        const one = standing.get(purchaseId);
        if (ended) return 'gave-up';
        const pages = one?.browser.contexts().flatMap((context) => context.pages()) ?? [];
        if (!one || !one.browser.isConnected() || pages.length === 0) {
          await dismiss(purchaseId);
          return null;
        }
        for (const page of pages) {
          // a page on its way to another cannot be read just now
          const read = await readConfirmation(page, one.request).catch((error: unknown) => { log.debug('a page could not be read', { reason: messageOf(error) }); return null; });
          if (read) return read;
        }
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
