/**
 * A shop without an interface, bought at in a browser: the desk fills its checkout in, a person pays, and the desk reads the confirmation. A window ends with the program that opened it; what the person then sees in the
 * account at the shop decides whether it is recorded or opened anew.
 */
import { call } from '@orpc/server';
import { chromium, type Browser, type Page } from 'playwright-core';
import { assistCheckout, assistGoOn, assistNotPlaced, recordOrder, verifyBooks } from '#engine/flows/index.ts';
import { approveOpportunity, createPurchaseProcedures, type AssistedCheckoutPort } from '#engine/purchasing/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { HOUR_MS, ManualClock } from '#kernel/time.ts';
import type { CrashProbe, Database } from '#runtime/ports.ts';
import { createHtmlShopVendor } from '#practice/vendors/html-shop/index.ts';
import { createWorld } from '#practice/world/index.ts';
import { createAssistedCheckout } from '#scrapers/checkout/assisted-checkout.ts';
import { openTradeDesk, seedBusiness, seedOpportunity } from '#tests/support/trade-desk.ts';
import { count, type ChildContext, type OpenMarket, type Scenario, type Tally } from './scenario.ts';

const START = Date.UTC(2026, 10, 2);
const OUTLET = 'brightshelf';
const UNITS = 2;
const NOWHERE = 'http://127.0.0.1:1';
const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const ARGS = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking'];
/** Of a person who watches: real time, because the window lives by it. */
const LOOK_MS = 25;
const LONGEST_MS = 60_000;

async function open(seed: number): Promise<OpenMarket> {
  const clock = new ManualClock(START);
  const world = createWorld({ seed, clock, startAt: START, productCount: 1_000, priceListRows: 10 });
  const shop = createHtmlShopVendor(world, { outletId: OUTLET });
  await shop.start();
  const offer = world.shops.offers(OUTLET).find(({ number }) => {
    const state = world.shops.state(OUTLET, number, START);
    return state?.priceMinor && state.shownInStock && state.priceMinor > 1_500 && state.priceMinor < 4_000 && world.shops.available(OUTLET, number, START) > 10;
  })!;

  async function tally(db: Database): Promise<Tally> {
    const desk = await openTradeDesk({ db, clock, shopUrl: NOWHERE, ebayUrl: NOWHERE });
    const books = await verifyBooks(desk.trade.inventory, 'USD');
    await desk.close();
    const { prisma } = db;
    const lists = { duplicates: [] as string[], losses: [] as string[] };
    const orders = world.effects().shopOrders;
    const purchases = await prisma.purchase.findMany();
    count(lists, 'orders at the shop', { have: orders.length, want: 1 });
    count(lists, 'units ordered', { have: orders.flatMap(({ lines }) => lines).reduce((sum, { quantity }) => sum + quantity, 0), want: UNITS });
    count(lists, 'purchases', { have: purchases.length, want: 1 });
    count(lists, 'purchases confirmed under the shop’s number', { have: purchases.filter(({ state, externalId }) => state === 'confirmed' && externalId === String(shop.placed.at(-1)?.id)).length, want: 1 });
    count(lists, 'confirmations', { have: await prisma.purchaseEvent.count({ where: { kind: 'confirmed' } }), want: 1 });
    count(lists, 'lots', { have: await prisma.stockLot.count(), want: 1 });
    return { ...lists, effects: orders.length, unbalanced: books.sound ? [] : [...books.findings, ...books.miscounted].map((finding) => JSON.stringify(finding)) };
  }

  return {
    clock, facts: { shop: shop.baseUrl }, tally, vendors: { shop },
    catchUp: () => void world.now(),
    // what stands in the account at the shop: number and total of the order, where there is one
    look() {
      const [order] = world.effects().shopOrders;
      return order ? JSON.stringify({ id: String(shop.placed.at(-1)!.id), totalMinor: order.totalMinor }) : '';
    },
    async prepare(db) {
      const desk = await openTradeDesk({ db, clock, shopUrl: NOWHERE, ebayUrl: NOWHERE });
      await seedBusiness(desk.ctx);
      const { priceMinor } = world.shops.state(OUTLET, offer.number, START)!;
      const { freeShippingFromMinor, shippingMinor } = world.shops.outlet(OUTLET);
      const { opportunityId } = await seedOpportunity(desk.ctx, {
        externalId: offer.slug, title: offer.title, brand: null, gtin: '4006381333931', priceMinor: priceMinor!, shippingMinor: freeShippingFromMinor !== null && priceMinor! * UNITS >= freeShippingFromMinor ? 0 : shippingMinor, salePriceMinor: 9_900, quantity: UNITS, weightG: 500,
        connector: 'structured-shop', url: `${shop.baseUrl}/p/${offer.slug}`,
      });
      await desk.close();
      return { opportunityId };
    },
    async close() {
      await shop.close();
      world.close();
    },
  };
}

/** The calls by which a window is opened and read are places to die as well. */
function probed(assist: AssistedCheckoutPort, probe: CrashProbe): AssistedCheckoutPort {
  return {
    ...assist, supports: (kind) => assist.supports(kind), isOpen: (id) => assist.isOpen(id),
    async open(request) {
      probe('effect:open-window:before');
      const filled = await assist.open(request);
      probe('effect:open-window:called');
      return filled;
    },
    async confirmation(id, company) {
      const read = await assist.confirmation(id, company);
      probe('effect:read-confirmation:called');
      return read;
    },
  };
}

/** What only the person does. @returns once the shop has answered, however it did. */
async function pay(page: Page, probe: CrashProbe): Promise<void> {
  await page.locator('[name=card_number]').fill('4242 4242 4242 4242');
  await page.locator('[name=terms]').check();
  probe('person:pays:before');
  await page.locator('#place_order').click({ timeout: 5_000 });
  await page.waitForLoadState('load', { timeout: 5_000 });
  probe('person:pays:called');
}

async function carry({ db, clock, facts, probe, seed, look }: ChildContext): Promise<void> {
  let browser: Browser | null = null;
  const assist = createAssistedCheckout({
    log: silentLogger, supports: (kind) => kind === 'structured-shop', lookEveryMs: LOOK_MS, restMs: 30,
    launch: async () => (browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })),
  });
  const desk = await openTradeDesk({ db, clock, shopUrl: NOWHERE, ebayUrl: NOWHERE, crashProbe: probe, seed, purchasing: { assist: probed(assist, probe) } });
  const { trade } = desk;
  const os = createPurchaseProcedures(trade.purchasing, { recordOrder: (input) => recordOrder(trade, input), assist: (input) => assistCheckout(trade, input), assistGoOn: (input) => assistGoOn(trade, input), assistNotPlaced: (input) => assistNotPlaced(trade, input) }, 'test');
  await approveOpportunity(trade.purchasing, { id: facts['opportunityId']!, version: 1, approvedBy: 'test' });
  await desk.settle();
  const read = async () => call(os.get, { id: (await call(os.list, { limit: 10 })).items[0]!.id });
  let paidIn: Page | null = null;
  const ends = performance.now() + LONGEST_MS;
  for (let now = await read(); now.state !== 'confirmed' && performance.now() < ends; now = await read()) {
    const seen = { id: now.id, version: now.version };
    const page: Page | undefined = (browser as Browser | null)?.contexts()[0]?.pages()[0];
    if (now.state === 'stopped') await call(os.approveAgain, seen).then(() => desk.settle());
    else if (now.assisted?.state === 'free') await call(os.assist, seen);
    else if (now.assisted?.state === 'ready' && now.assisted.stopped === 'pay' && page && page !== paidIn) {
      paidIn = page;
      // a page that does not answer is left; what became of the order stands in the account
      await pay(page, probe).catch(() => undefined);
      if ((await look('order')) !== '' && /order-received/.test(page.url())) await page.waitForTimeout(10 * LOOK_MS);
    } else if (now.assisted?.state === 'ready' && page === paidIn && !/order-received/.test(page?.url() ?? '')) await assist.dismiss(now.id);
    else if (now.assisted?.state === 'asks' || now.assisted?.state === 'read') await settle(seen);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  await desk.settle(HOUR_MS);
  await assist.close();
  await desk.close();

  /** The window is gone: the person looks into the account at the shop, and says what is there. */
  async function settle(seen: { readonly id: string; readonly version: number }): Promise<void> {
    const order = await look('order');
    if (order === '') return void (await call(os.assistNotPlaced, seen));
    const { id, totalMinor } = JSON.parse(order) as { readonly id: string; readonly totalMinor: number };
    await call(os.recordOrder, { ...seen, externalId: id, total: { minor: totalMinor, currency: 'USD' } });
  }
}

/** Approval, a window that is filled in, a person who pays, and the confirmation. */
export const assisted: Scenario = {
  name: 'buy in a browser', steps: ['transact:prepare', 'effect:open-window', 'person:pays', 'effect:read-confirmation'], open, carry,
};
