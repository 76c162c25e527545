/** While the desk has a checkout in hand, nothing is sent that it did not press: a page that sends itself is held up, and so is whatever would place an order. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Locator, Page, Route } from 'playwright-core';

export interface Guard {
  /** Presses, and waits for what comes of it: one page that is sent goes out, for this press alone. @param changed whether the page became another without anything being sent. */
  press(what: Locator, changed?: () => Promise<boolean>): Promise<void>;
  /** Shops that fill their pages by script need a moment after the page itself. */
  settle(): Promise<void>;
  /** Something was held up. */
  held(): boolean;
  /** From here on the window is the person's. */
  lift(): Promise<void>;
}

/** Addresses to which orders are sent and cards are charged. */
const PLACES = /(?:place|submit|confirm|complete|finali[sz]e|create|process)[-_]?(?:the[-_]?)?order|checkout\/(?:complete|confirm|submit|place|process)|\/(?:one-?click|express-?buy|buy-?now)|\/pay(?:[/?]|$)|\/payments?\/(?:confirm|capture|authori[sz]e|charge|process)|\/charges?(?:[/?]|$)|[?&]wc-ajax=checkout(?:&|$)/i;

export const placesOrder = (url: string): boolean => PLACES.test(URL.canParse(url) ? new URL(url).pathname + new URL(url).search : url);

const STEP_MS = 15_000;
const LOOK_MS = 25;

/** True once it is so; false when the time has passed. */
async function until(so: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += LOOK_MS) {
    if (await so()) return true;
    await wait(LOOK_MS);
  }
  return false;
}

async function rest(page: Page, restMs: number): Promise<void> {
  await page.waitForLoadState('domcontentloaded', { timeout: STEP_MS }).catch(() => undefined);
  await page.waitForLoadState('networkidle', { timeout: restMs }).catch(() => undefined);
}

/** @param restMs how long a shop's scripts are given to come to rest after each step. */
export async function guardPage(page: Page, restMs: number): Promise<Guard> {
  const seen = { sent: 0, pages: 0, ended: 0 };
  let granted = false;
  const heldUp = Promise.withResolvers<void>();
  let held = false;
  const look = async (route: Route) => {
    const request = route.request();
    const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (isPage || request.method() !== 'GET') seen.sent++;
    if (isPage) seen.pages++;
    const isSent = request.method() !== 'GET';
    const allowed = !((isSent || isPage) && placesOrder(request.url())) && (!isPage || !isSent || granted);
    if (isPage && isSent) granted = false;
    if (allowed) return route.continue();
    held = true;
    heldUp.resolve();
    return route.abort('aborted');
  };
  // what cannot be judged, such as the first request of a window that only opens, may read; a request whose page went away has nothing left to answer
  const handler = (route: Route) => look(route).catch(() => (route.request().method() === 'GET' ? route.continue() : route.abort('aborted'))).catch(() => undefined);
  const ended = () => void seen.ended++;
  page.on('framenavigated', (frame) => { if (frame === page.mainFrame()) ended(); });
  page.on('requestfailed', (request) => { if (request.isNavigationRequest()) ended(); });
  await page.context().route('**/*', handler);
  // a page that was kept from leaving never tells that it is complete
  const settle = async () => { if (!held) await Promise.race([rest(page, restMs), heldUp.promise]); };
  return {
    settle,
    async press(what, changed = () => Promise.resolve(false)) {
      const before = { ...seen };
      granted = true;
      try {
        await what.click({ timeout: STEP_MS, noWaitAfter: true });
        await until(async () => held || seen.sent > before.sent || (await changed()), STEP_MS);
        if (seen.pages > before.pages) await until(() => held || seen.ended > before.ended, STEP_MS);
      } finally {
        granted = false;
      }
      await settle();
    },
    held: () => held,
    lift: () => page.context().unroute('**/*', handler),
  };
}
