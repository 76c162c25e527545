/** A shop without an interface, bought at in Chromium: the desk fills its checkout in, a person pays, and the desk reads the confirmation. */
import { existsSync } from 'node:fs';
import { call } from '@orpc/server';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assistCheckout, assistGoOn, assistNotPlaced, recordOrder, verifyBooks } from '#engine/flows/index.ts';
import { approveOpportunity, createPurchaseProcedures } from '#engine/purchasing/index.ts';
import { KILL_SWITCH, putSetting } from '#engine/settings/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { CHECKOUT_TRICKS, type CheckoutTrick } from '#practice/vendors/html-shop/stepped-checkout.ts';
import { createHtmlShopVendor, type HtmlShopVendor } from '#practice/vendors/html-shop/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { createAssistedCheckout, type BrowserWindow } from '#scrapers/checkout/assisted-checkout.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from '#tests/support/trade-desk.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const found = existsSync(CHROMIUM);
if (!found) console.log(`skipped: assisted checkout in Chromium (no ${CHROMIUM})`);
const START = Date.UTC(2026, 10, 2);
const NOWHERE = 'http://127.0.0.1:1';
const KINDS = ['brightshelf', 'corner-outlet'] as const;

let world: World;
let clock: ManualClock;
const shops: Partial<Record<string, HtmlShopVendor>> = {};
let db: TestDatabase;
let desk: TradeDesk;
let os: ReturnType<typeof createPurchaseProcedures>;
/** Windows that were opened, newest last. */
let windows: BrowserWindow[];
let chrome: Browser;

beforeAll(async () => {
  if (found) chrome = await chromium.launch({ executablePath: CHROMIUM, args });
  clock = new ManualClock(START);
  world = createWorld({ seed: 7, clock, startAt: START, productCount: 1_000, priceListRows: 10 });
  for (const outletId of KINDS) {
    shops[outletId] = createHtmlShopVendor(world, { outletId, checkout: outletId === 'corner-outlet' ? 'stepped' : 'classic' });
    await shops[outletId].start();
  }
});
afterAll(async () => {
  await chrome?.close();
  for (const shop of Object.values(shops)) await shop?.close();
  world.close();
});

const args = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking'];
const assistant = () => createAssistedCheckout({
  log: silentLogger, supports: (kind) => kind === 'structured-shop', lookEveryMs: 50, restMs: 30,
  // each window a context of one browser: as separate as browsers are, and sooner there
  launch: async () => {
    let context: BrowserContext | null = null;
    let open = true;
    const window: BrowserWindow = { newContext: async (options) => (context = await chrome.newContext(options)), contexts: () => (context && open ? [context] : []), isConnected: () => open, close: async () => { open = false; await context?.close(); } };
    windows.push(window);
    return window;
  },
});

async function openDesk(): Promise<void> {
  desk = await openTradeDesk({ db, clock, shopUrl: NOWHERE, ebayUrl: NOWHERE, purchasing: { assist: assistant() } });
  os = createPurchaseProcedures(desk.trade.purchasing, { recordOrder: (input) => recordOrder(desk.trade, input), assist: (input) => assistCheckout(desk.trade, input), assistGoOn: (input) => assistGoOn(desk.trade, input), assistNotPlaced: (input) => assistNotPlaced(desk.trade, input) }, 'Amina');
}
beforeEach(async () => {
  windows = [];
  db = await createTestDatabase();
  await openDesk();
  await seedBusiness(desk.ctx);
});
afterEach(async () => {
  await desk.trade.purchasing.assist?.close();
  for (const browser of windows) await browser.close();
  await desk.close();
  await db.close();
});

/** An approved purchase of two, waiting for a person. @param share of the real price that is approved, in percent. */
async function approved(outletId: string, share = 100) {
  const offer = world.shops.offers(outletId).find(({ number }) => {
    const state = world.shops.state(outletId, number, clock.now());
    return state?.priceMinor && state.shownInStock && state.priceMinor > 1_500 && state.priceMinor < 4_000 && world.shops.available(outletId, number, clock.now()) > 10;
  })!;
  const { priceMinor } = world.shops.state(outletId, offer.number, clock.now())!;
  const outlet = world.shops.outlet(outletId);
  const shippingMinor = outlet.freeShippingFromMinor !== null && priceMinor! * 2 >= outlet.freeShippingFromMinor ? 0 : outlet.shippingMinor;
  const { opportunityId } = await seedOpportunity(desk.ctx, {
    externalId: offer.slug, title: offer.title, brand: null, gtin: '4006381333931', priceMinor: Math.floor((priceMinor! * share) / 100), shippingMinor, salePriceMinor: 9_900, quantity: 2, weightG: 500, connector: 'structured-shop', url: `${shops[outletId]!.baseUrl}/p/${offer.slug}`,
  });
  await approveOpportunity(desk.trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'Amina' });
  await desk.settle();
  return { total: priceMinor! * 2 + shippingMinor };
}
const only = async () => (await call(os.list, { limit: 10 })).items[0]!;
const detail = async () => call(os.get, { id: (await only()).id });
async function until(state: (now: Awaited<ReturnType<typeof detail>>) => boolean): Promise<Awaited<ReturnType<typeof detail>>> {
  for (let look = 0; look < 2_000; look++) {
    const now = await detail();
    if (state(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it never came so far: ${JSON.stringify((await detail()).events)}`);
}
const begin = async () => { const { id, version } = await only(); return call(os.assist, { id, version }); };
const pageOf = (): Page => windows.at(-1)!.contexts()[0]!.pages()[0]!;

/** What only the person does. */
async function pay(page: Page): Promise<void> {
  await page.locator('[name=card_number]').fill('4242 4242 4242 4242');
  await page.locator('[name=terms]').check();
  await page.locator('#place_order').click();
}
const placedAt = (outletId: string) => shops[outletId]!.placed.length;

/** Why each trick is left to the person. Guests are let in, and stand before an honest pay button. */
const STOPS: Readonly<Record<CheckoutTrick, string>> = {
  none: 'pay', captcha: 'captcha', 'captcha-box': 'captcha', login: 'login', guest: 'pay', 'continue-and-pay': 'pay', 'place-order': 'pay', 'no-text': 'unsure', 'plain-continue': 'unsure', 'named-otherwise': 'pay', 'one-page': 'unsure', 'binding-words': 'pay', 'sends-itself': 'self-sending',
  'sends-on-load': 'self-sending', 'script-orders': 'self-sending', 'label-turns': 'pay',
};

/** Those whose page or script decides; what labels and words say is tried without a browser (`scrapers/checkout/decide-step.test.ts`). */
const TRIED: readonly CheckoutTrick[] = process.env['RESALE_FULL'] ? CHECKOUT_TRICKS : ['captcha', 'continue-and-pay', 'no-text', 'sends-itself', 'script-orders'];

it.skipIf(!found).each(TRIED)('a checkout of steps with the trick "%s" is left to the person, and nothing is ordered', async (trick) => {
  const shop = shops['corner-outlet']!;
  const before = shop.placed.length;
  const offer = world.shops.offers('corner-outlet').find(({ number }) => { const state = world.shops.state('corner-outlet', number, clock.now()); return state?.priceMinor && state.shownInStock && world.shops.available('corner-outlet', number, clock.now()) > 5; })!;
  shop.stepped.trick = trick;
  const one = assistant();
  try {
    const address = { firstName: 'Practice', lastName: 'Reseller', line1: '1 Main Street', line2: '', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', phone: '+15035550100', email: 'reseller@example.com' };
    const filled = await one.open({ purchaseId: trick, url: `${shop.baseUrl}/p/${offer.slug}`, quantity: 1, shipTo: address, currency: 'USD' });
    expect([filled?.stop, shop.placed.length]).toEqual([STOPS[trick], before]);
    // the window is the person's from here on: what they press goes out
    if (trick === 'continue-and-pay') {
      await pageOf().getByRole('button', { name: 'Continue and pay' }).click();
      await expect.poll(() => shop.placed.length).toBe(before + 1);
    }
  } finally {
    shop.stepped.trick = 'none';
    await one.close();
  }
});

/** What only the person does at each wall; that of `captcha` is passed in the last test. */
const PASS: Readonly<Record<'captcha' | 'captcha-box' | 'login', (page: Page) => Promise<void>>> = {
  captcha: (page) => page.locator('#human').click(),
  'captcha-box': (page) => page.locator('#box').click(),
  login: async (page) => {
    await page.locator('[name=password]').fill('only the person knows');
    await page.getByRole('button', { name: 'Log in' }).click();
  },
};

describe.skipIf(!found)('a wall that the person passed', () => {
  it.each(['captcha-box', 'login'] as const)('%s: the desk goes on by itself up to the pay button, and orders nothing', async (trick) => {
    const shop = shops['corner-outlet']!;
    shop.stepped.trick = trick;
    try {
      const before = placedAt('corner-outlet');
      const { total } = await approved('corner-outlet');
      await begin();
      const stopped = await until((now) => now.assisted?.state === 'ready');
      expect(stopped.assisted).toMatchObject({ stopped: trick === 'login' ? 'login' : 'captcha', total: null });
      const at = { id: stopped.id, version: stopped.version };
      // asked to go on before the wall is passed it stands where it stood, and presses nothing; nor while everything is stopped
      await call(os.assistGoOn, at);
      await until((now) => now.events.filter((event) => event.kind === 'assist-ready').length === 2);
      if (trick === 'login') {
        await db.transaction((tx) => putSetting(tx, KILL_SWITCH, { on: true }, clock.now()));
        await expect(call(os.assistGoOn, at)).rejects.toMatchObject({ code: 'KILL_SWITCH' });
      }
      await PASS[trick](pageOf());
      if (trick === 'login') {
        await pageOf().locator('[name=f3]').waitFor();
        expect(await pageOf().locator('[name=f3]').inputValue()).toBe('');
        await db.transaction((tx) => putSetting(tx, KILL_SWITCH, { on: false }, clock.now()));
      }
      const ready = await until((now) => now.assisted?.stopped === 'pay');
      expect([ready.assisted?.total, ready.version, placedAt('corner-outlet')]).toEqual([{ minor: total, currency: 'USD' }, stopped.version, before]);
      expect(await pageOf().locator('#place_order').isVisible()).toBe(true);
      await pageOf().locator('[name=card_number]').fill('4242 4242 4242 4242');
      await pageOf().locator('[name=terms]').check();
      await pageOf().locator('#place_order').click();
      await until((now) => now.state === 'confirmed');
      expect(placedAt('corner-outlet')).toBe(before + 1);
    } finally {
      shop.stepped.trick = 'none';
    }
  });

  it('is not gone on from without a window, nor past a sum that was not approved', async () => {
    const shop = shops['corner-outlet']!;
    shop.stepped.trick = 'captcha';
    try {
      const before = placedAt('corner-outlet');
      await approved('corner-outlet', 60);
      const { id, version } = await only();
      await expect(call(os.assistGoOn, { id, version })).rejects.toMatchObject({ code: 'WRONG_STATE' });
      await begin();
      await until((now) => now.assisted?.stopped === 'captcha');
      await PASS.captcha(pageOf());
      const stopped = await until((now) => now.state === 'stopped');
      expect([stopped.stopReason?.code, windows[0]!.isConnected(), placedAt('corner-outlet')]).toEqual(['stop.total-rose', false, before]);
    } finally {
      shop.stepped.trick = 'none';
    }
  });
});

describe.skipIf(!found)('an assisted checkout', () => {
  it.each(KINDS)('at %s is filled in up to the pay button, paid by the person, and booked from its confirmation', async (outletId) => {
    const before = placedAt(outletId);
    const { total } = await approved(outletId);
    await begin();
    const ready = await until((now) => now.assisted?.state === 'ready');
    expect(ready.assisted).toMatchObject({ total: { minor: total, currency: 'USD' }, missing: ['Card number', 'I agree to the terms'] });
    // filled in, and nothing pressed: no card, no consent, no trap, no coupon, no newsletter
    const page = pageOf();
    const empty = outletId === 'brightshelf' ? ['card_number', 'card_name', 'coupon', 'website'] : ['card_number'];
    const left = Object.fromEntries(await Promise.all(empty.map(async (name) => [name, await page.locator(`[name=${name}]`).inputValue()] as const)));
    expect(left).toEqual(Object.fromEntries(empty.map((name) => [name, ''])));
    const ticked = await page.locator('input[type=checkbox]:checked').count();
    expect([ready.assisted?.stopped, ticked, placedAt(outletId)]).toEqual(['pay', 0, before]);
    await pay(page);
    const done = await until((now) => now.state === 'confirmed');
    const order = shops[outletId]!.placed.at(-1)!;
    expect(placedAt(outletId)).toBe(before + 1);
    expect(done).toMatchObject({ externalId: outletId === 'corner-outlet' ? `CO-${order.id}` : String(order.id), total: { minor: total, currency: 'USD' }, assisted: null });
    expect(Object.values(order.fields)).toEqual(expect.arrayContaining(outletId === 'corner-outlet' ? ['Practice Reseller'] : ['Practice', 'Reseller']));
    expect(order.fields['country']).toBe('US');
    expect(world.effects().shopOrders.at(-1)!.lines).toMatchObject([{ quantity: 2 }]);
    expect(done.events.map((event) => event.kind)).toEqual(['approved', 'ordering-by-hand', 'assist-opened', 'assist-ready', 'assist-read', 'confirmed']);
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true });
  });

  it('whose window is gone asks the person, and opens no second one before they answered; nor does the purchase end', async () => {
    const before = placedAt('brightshelf');
    await approved('brightshelf');
    await begin();
    await until((now) => now.assisted?.state === 'ready');
    await windows[0]!.close();
    const gone = await until((now) => now.assisted?.state === 'asks');
    // runs out in use, and is given again only once it is known that it was not used
    clock.advanceTo(clock.now() + 49 * HOUR_MS);
    await desk.settle();
    await expect(begin()).rejects.toMatchObject({ code: 'MAYBE_ORDERED' });
    await expect(call(os.cancel, { id: gone.id, version: gone.version })).rejects.toMatchObject({ code: 'MAYBE_ORDERED' });
    const settled = await call(os.assistNotPlaced, { id: gone.id, version: gone.version });
    expect(settled).toMatchObject({ state: 'stopped', stopReason: { code: 'stop.approval-expired' } });
    await call(os.approveAgain, { id: settled.id, version: settled.version });
    await desk.settle();
    await begin();
    await until((now) => now.assisted?.state === 'ready');
    expect([windows.length, placedAt('brightshelf')]).toEqual([2, before]);
    await pay(pageOf());
    await until((now) => now.state === 'confirmed');
    expect(placedAt('brightshelf')).toBe(before + 1);
  });

  it('of a program that was killed after the order went out unseen asks as well; what the person records is booked once', async () => {
    const before = placedAt('brightshelf');
    const { total } = await approved('brightshelf');
    await begin();
    await until((now) => now.assisted?.state === 'ready');
    // the shop takes the order, and its answer is lost; then the program ends, and its window with it
    shops['brightshelf']!.setFaults({ rate: 1, kinds: ['cut-after'], routes: ['pay'] });
    await pay(pageOf());
    await expect.poll(() => placedAt('brightshelf')).toBe(before + 1);
    shops['brightshelf']!.setFaults({ rate: 0 });
    await desk.trade.purchasing.assist!.close();
    await desk.close();
    await openDesk();
    const after = await detail();
    expect(after.assisted).toMatchObject({ state: 'asks', total: { minor: total, currency: 'USD' } });
    await expect(begin()).rejects.toMatchObject({ code: 'MAYBE_ORDERED' });
    expect([windows.length, placedAt('brightshelf')]).toEqual([1, before + 1]);
    // the approval was used in time: it does not run out beneath what may have been ordered with it
    clock.advanceTo(clock.now() + 49 * HOUR_MS);
    await desk.settle();
    expect(await detail()).toMatchObject({ state: 'ordering-by-hand', version: after.version, assisted: { state: 'asks' } });
    await call(os.recordOrder, { id: after.id, version: after.version, externalId: String(shops['brightshelf']!.placed.at(-1)!.id), total: { minor: total, currency: 'USD' } });
    expect(await detail()).toMatchObject({ state: 'confirmed', assisted: null });
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true });
  });

  it('is closed where the shop asks for more than was approved, and the new total is asked of the person', async () => {
    const before = placedAt('brightshelf');
    const { total } = await approved('brightshelf', 60);
    await begin();
    const stopped = await until((now) => now.state === 'stopped');
    expect(stopped).toMatchObject({ stopReason: { code: 'stop.total-rose', data: { terms: { total: { minor: total, currency: 'USD' } } } } });
    expect([windows[0]!.isConnected(), placedAt('brightshelf')]).toEqual([false, before]);
    await call(os.approveAgain, { id: stopped.id, version: stopped.version });
    await desk.settle();
    expect(await detail()).toMatchObject({ state: 'ordering-by-hand', assisted: { state: 'free' } });
  });

  it('is not begun while the switch is on, twice at once, or where no page answers; and a failure is said', async () => {
    await approved('brightshelf');
    const set = (on: boolean) => db.transaction((tx) => putSetting(tx, KILL_SWITCH, { on }, clock.now()));
    await set(true);
    await expect(begin()).rejects.toMatchObject({ code: 'KILL_SWITCH' });
    await set(false);
    // the second press is shown the window that the first one opens, or is refused where it came before that was written
    const presses = await Promise.allSettled([begin(), begin()]);
    expect(presses.filter((one) => one.status === 'rejected' && (one.reason as { readonly code?: string }).code !== 'MAYBE_ORDERED')).toEqual([]);
    expect(presses.map((one) => one.status)).toContain('fulfilled');
    const ready = await until((now) => now.assisted?.state === 'ready');
    expect([windows.length, ready.events.filter((event) => event.kind === 'assist-opened').length]).toEqual([1, 1]);
    const row = await only();
    await windows[0]!.close();
    await until((now) => now.assisted?.state === 'asks');
    await call(os.assistNotPlaced, { id: row.id, version: row.version });
    await db.prisma.$executeRawUnsafe(`UPDATE "Approval" SET evidence = replace(evidence, '/p/', '/nowhere/')`);
    await begin();
    expect(await until((now) => now.assisted?.failed !== null)).toMatchObject({ state: 'ordering-by-hand', assisted: { state: 'free', failed: expect.stringContaining('404') } });
  });
});
