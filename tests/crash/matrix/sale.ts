/**
 * A lot is offered on one channel, repriced, sold, sent, given back in part, called off, sent back by its buyer, asked after by another and taken down again, by the whole program as it is wired: every call by which a channel is told
 * anything. What only a person can tell (that a message without an answer is not at the channel) is looked up at the vendor.
 */
import path from 'node:path';
import sharp from 'sharp';
import { composeApp, type App, type DeskClient } from '#app/compose.ts';
import { memorySecrets } from '#app/hosting/memory-secrets.ts';
import { createInProcessClient } from '#app/transports/in-process.ts';
import type { contract } from '#contract/index.ts';
import { LIST_WORKFLOW } from '#engine/flows/list.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import type { CrashProbe, Database } from '#runtime/ports.ts';
import { PRACTICE_CREDENTIALS } from '#practice/credentials.ts';
import { createAmazonVendor } from '#practice/vendors/amazon/index.ts';
import { createEbayVendor } from '#practice/vendors/ebay/index.ts';
import { createEtsyVendor } from '#practice/vendors/etsy/index.ts';
import { createShopifyVendor } from '#practice/vendors/shopify/index.ts';
import { createWooCommerceShopVendor } from '#practice/vendors/woocommerce-shop/index.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import { CERTAIN_INQUIRIES, createWorld, type World } from '#practice/world/index.ts';
import type { Channel, Product } from '#practice/world/types.ts';
import { mostWanted } from '#tests/support/most-wanted.ts';
import { count, type ChildContext, type OpenMarket, type Scenario, type Tally } from './scenario.ts';

export const START = Date.UTC(2026, 8, 1);
export const UNITS = 8;
/** A count finds fewer, which the channel is told. */
const LOST = 1;
const DENT = 10;
const LONGEST_DAYS = 40;

interface How {
  /** As the desk names it. */
  readonly market: string;
  /** The first sale's buyer gets something back by a call of ours; of the second sale everything. */
  readonly refunds: boolean;
  readonly cancels: boolean;
  /** The third sale comes back. */
  readonly returns: boolean;
  /** The fourth sale's buyer says that it has not arrived, and has the money back. */
  readonly claims: boolean;
  readonly messages: boolean;
  /** Pictures of the lot are sent ahead of the product. */
  readonly pictures: boolean;
}
export type SaleChannel = Channel & ('ebay' | 'amazon' | 'woocommerce' | 'shopify' | 'etsy');
export const HOW: Readonly<Record<SaleChannel, How>> = {
  ebay: { market: 'ebay-us', refunds: true, cancels: true, returns: true, claims: true, messages: false, pictures: true },
  amazon: { market: 'amazon-us', refunds: false, cancels: false, returns: false, claims: false, messages: true, pictures: false },
  woocommerce: { market: 'woocommerce', refunds: true, cancels: true, returns: false, claims: false, messages: false, pictures: true },
  shopify: { market: 'shopify', refunds: true, cancels: true, returns: false, claims: false, messages: false, pictures: false },
  etsy: { market: 'etsy-us', refunds: false, cancels: false, returns: false, claims: false, messages: false, pictures: false },
};

type Counted = VendorServer & { effects(): Readonly<Record<string, number>> };
const VENDORS: Readonly<Record<SaleChannel, (world: World) => Counted>> = { ebay: createEbayVendor, amazon: createAmazonVendor, woocommerce: createWooCommerceShopVendor, shopify: createShopifyVendor, etsy: createEtsyVendor };

const { messages: _, ...KEYS } = PRACTICE_CREDENTIALS;

interface Given {
  readonly db: Database;
  readonly clock: ManualClock;
  readonly facts: Readonly<Record<string, string>>;
  readonly probe?: CrashProbe;
  readonly seed?: string;
}

/** The program over the run's own file. */
export async function openDesk({ db, clock, facts, probe, seed }: Given): Promise<{ readonly app: App; readonly desk: DeskClient }> {
  const app = await composeApp({
    version: '0', dataDir: path.dirname(db.file), rootDir: process.cwd(), clock, random: seededRandom(seed ?? 'desk'), log: silentLogger, secrets: memorySecrets(), database: db, ...(probe ? { crashProbe: probe } : {}),
    practice: { seed: 3, speed: 0, baseUrls: JSON.parse(facts['vendors']!) as Record<string, string>, keys: KEYS, sources: [] },
  });
  return { app, desk: createInProcessClient<typeof contract>(app) };
}

/** What sells within days on the channel. Etsy's buyers look for ornaments, and find what its own words name. */
function wantedOn(channel: SaleChannel, world: World): { readonly product: Product; readonly price: number } {
  if (channel !== 'etsy') {
    const { product, goingMinor } = mostWanted(world);
    // where fees are taken the floor lies higher, and buyers are many
    return { product, price: Math.round(goingMinor * (channel === 'amazon' || channel === 'ebay' ? 0.95 : 0.7)) };
  }
  const going = (product: Product) => world.market.snapshot(product.id, START).values;
  const found = world.catalog.products.filter((product) => product.kind === 'ordinary' && product.category === 'jewelry' && product.gtin?.length === 12 && (going(product).ebayNew ?? 0) > 1_500 && world.catalog.search(product.title, { limit: 1 }).products[0] === product)
    .toSorted((a, b) => (going(b).monthlySold ?? 0) - (going(a).monthlySold ?? 0))[0]!;
  return { product: found, price: Math.round(going(found).ebayNew! * 0.5) };
}

/** Goods on the shelf, with a shop's picture of the thing and one of the lot. */
export async function stock(app: App, desk: DeskClient, { channel, world, dearer = 1 }: { readonly channel: SaleChannel; readonly world: World; readonly dearer?: number }): Promise<Readonly<Record<string, string>>> {
  const { product, price: usual } = wantedOn(channel, world);
  const price = Math.round(usual * dearer);
  const { lotId } = await desk.stockByHand.add({
    key: 'matrix-stock-1', productId: null, gtin: product.gtin!.padStart(14, '0'), title: product.title, brand: product.brand || null, condition: 'new', quantity: UNITS, totalCost: money(UNITS * 50, 'USD'), location: 'A1', booking: 'opening', receipt: null, salePrice: money(price, 'USD'), list: false,
  });
  const { db, clock } = app.parts.ctx;
  const [{ productId }, at] = [await db.prisma.stockLot.findUniqueOrThrow({ where: { id: lotId } }), clock.now()];
  await db.transaction(async (tx) => {
    await tx.source.create({ data: { id: 'src_1', kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', config: '{}', enabled: false, createdAt: at } });
    await tx.offer.create({ data: { id: 'off_1', sourceId: 'src_1', externalId: '1', contentHash: 'x', facts: '{}', url: 'https://shop.example/1', title: 'Thing', condition: 'new', packSize: 1, priceMinor: 100, currency: 'USD', imageUrl: 'https://images.example/thing.jpg', productId, state: 'evaluated', firstSeenAt: at, lastSeenAt: at } });
  });
  if (HOW[channel].pictures) {
    const box = await sharp({ create: { width: 500, height: 400, channels: 3, background: '#203040' } }).png().toBuffer();
    const bytes = await sharp({ create: { width: 1_000, height: 900, channels: 3, background: '#f4f2ee' } }).composite([{ input: box, left: 250, top: 220 }]).jpeg().toBuffer();
    const { upload } = await desk.lotPhotos.begin({ name: 'box.jpg', bytes: bytes.length });
    await desk.lotPhotos.append({ upload, at: 0, contentBase64: bytes.toString('base64') });
    await desk.lotPhotos.add({ lotId, upload, name: 'box.jpg' });
  }
  return { lotId, price: String(price + 11) };
}

/** A world with the channel's vendor, and with those that a practice desk is always connected to beside it. */
export async function openChannel(channel: SaleChannel, seed: number) {
  const clock = new ManualClock(START);
  const world = createWorld({ seed, clock, startAt: START, productCount: 1_000, priceListRows: 50 });
  const vendor = VENDORS[channel](world);
  const vendors = { ebay: VENDORS.ebay(world), amazon: VENDORS.amazon(world), [channel]: vendor };
  await Promise.all(Object.values(vendors).map((one) => one.start()));
  const facts = { vendors: JSON.stringify(Object.fromEntries(Object.entries(vendors).map(([name, { baseUrl }]) => [name, baseUrl]))) };
  const close = async () => {
    await Promise.all(Object.values(vendors).map((one) => one.close()));
    world.close();
  };
  return { clock, world, vendor, facts, close };
}

async function open(channel: SaleChannel, seed: number): Promise<OpenMarket> {
  const how = HOW[channel];
  const { clock, world, vendor, facts, close } = await openChannel(channel, seed);
  const inOrder = () => world.sales(channel).toSorted((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id));

  async function tally(db: Database): Promise<Tally> {
    const { app, desk } = await openDesk({ db, clock: new ManualClock(clock.now()), facts });
    const books = await app.verifyBooks();
    const [orders, messages, [lot]] = [await db.prisma.order.findMany(), await db.prisma.orderMessage.findMany(), (await desk.stock.list({ limit: 10 })).items];
    await app.stop();
    const lists = { duplicates: [] as string[], losses: [] as string[] };
    const [sales, listings, effects] = [inOrder(), world.listings(channel), vendor.effects()];
    const [first, second, third, fourth] = sales;
    count(lists, 'listings at the channel', { have: listings.length, want: 1 });
    count(lists, 'listings still on sale', { have: listings.filter(({ status }) => status === 'active').length, want: 0 });
    count(lists, 'listings at the price that was set last', { have: listings.filter(({ priceMinor }) => String(priceMinor) === lastPrice).length, want: 1 });
    count(lists, 'orders at the desk', { have: orders.length, want: sales.length });
    if (sales.length < wantedSales(how)) lists.losses.push(`${sales.length} sales: the run proves too little`);
    const called = how.cancels ? 1 : 0;
    count(lists, 'sales called off', { have: sales.filter(({ status }) => status === 'cancelled').length, want: called });
    if (how.cancels && second?.status !== 'cancelled') lists.losses.push('the second sale was not called off');
    count(lists, 'sales sent', { have: sales.filter(({ status }) => status === 'shipped' || status === 'delivered').length, want: sales.length - called });
    count(lists, 'orders that the desk knows to be sent', { have: orders.filter(({ shippedAt }) => shippedAt !== null).length, want: sales.length - called });
    count(lists, 'refunds of the first sale', { have: first?.givenBack?.length ?? 0, want: how.refunds ? 1 : 0 });
    if (how.returns) count(lists, 'returns refunded', { have: effects['returnsRefunded']!, want: third?.return?.refundedAt ? 1 : 0 });
    if (how.returns && !third?.return?.refundedAt) lists.losses.push('the third sale’s return was not answered');
    if (how.claims) count(lists, 'inquiries refunded', { have: effects['inquiriesRefunded']!, want: 1 });
    if (how.claims) count(lists, 'refunds of the fourth sale', { have: fourth?.givenBack?.length ?? 0, want: 1 });
    if (how.messages) count(lists, 'messages at the channel', { have: effects['messagesSent']!, want: 1 });
    count(lists, 'messages at the desk', { have: messages.filter(({ state }) => state === 'sent').length, want: how.messages ? 1 : 0 });
    const sold = sales.filter(({ status }) => status !== 'cancelled').reduce((sum, { quantity }) => sum + quantity, 0);
    count(lists, 'units on hand', { have: lot!.onHand, want: UNITS - LOST - sold });
    return { ...lists, effects: Object.values(effects).reduce((sum, number) => sum + number, 0), unbalanced: [...(books.sound ? [] : [...books.findings, ...books.miscounted].map((finding) => JSON.stringify(finding))), ...vendor.bugs.map(String)] };
  }
  let lastPrice = '';

  return {
    clock, facts, tally, vendors: { [channel]: vendor },
    catchUp: () => void world.now(),
    look(question) {
      if (question === 'message') return String((vendor.effects()['messagesSent'] ?? 0) > 0);
      if (question.startsWith(ASKED)) {
        const id = question.slice(ASKED.length);
        if (world.document(CERTAIN_INQUIRIES, id) === undefined) world.actions.putDocument(CERTAIN_INQUIRIES, id, { at: clock.now() });
        return 'asked';
      }
      const sale = world.sale(question);
      // its buyer wants to send it back
      if (sale && sale.return === null) sale.return = { requestedAt: clock.now(), reason: 'defective', refundedAt: null, refundMinor: 0 };
      return 'asked';
    },
    async prepare(db) {
      const { app, desk } = await openDesk({ db, clock, facts });
      const made = await stock(app, desk, { channel, world });
      await app.stop();
      lastPrice = made['price']!;
      return made;
    },
    close,
  };
}

const wantedSales = ({ returns, claims }: How) => (claims ? 4 : returns ? 3 : 2);
/** What the market is told when a buyer is to ask where it is. */
const ASKED = 'asks about ';

type OrderDetail = Awaited<ReturnType<DeskClient['orders']['get']>>;

/** A person who acts on what the desk shows; what somebody else changed meanwhile is done at the next look. */
export async function unlessItMoved(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!['WRONG_STATE', 'STALE', 'CONFLICT'].includes((error as { readonly code?: string }).code ?? '')) throw error;
  }
}

const MESSAGE = 'matrix-message-1';

/** True once the buyer has it. A message that nobody knows of is looked for at the channel, and written again where it is not. */
async function writesToBuyer(desk: DeskClient, orderId: string, look: ChildContext['look']): Promise<boolean> {
  const { messages } = await desk.orderMessages.list({ orderId });
  if (messages.some(({ state }) => state === 'sent')) return true;
  const unknown = messages.find(({ state }) => state === 'unknown');
  if (unknown) {
    const arrived = (await look('message')) === 'true';
    await desk.orderMessages.settle({ id: unknown.id, arrived });
    return arrived;
  }
  if (messages.some(({ state }) => state === 'queued' || state === 'sending')) return false;
  await desk.orderMessages.send({ orderId, kind: 'order-details', text: 'Which of the two colours would you like?', key: `${MESSAGE}-${messages.length}` });
  return false;
}

/** What a person does with the sale that is the `index`-th of the channel. True when nothing more is to be done. */
async function handle(desk: DeskClient, { order, index, how }: { readonly order: OrderDetail; readonly index: number; readonly how: How }, look: ChildContext['look']): Promise<boolean> {
  const { id, version } = order;
  if (index === 1 && how.cancels) {
    if (order.state !== 'paid') return true;
    if (!order.cancelling) await unlessItMoved(() => desk.orders.cancel({ id, version, ...(order.cancelsInOwnWords ? {} : { message: 'It was damaged on the shelf: you have your money back.' }) }));
    return false;
  }
  if (order.state === 'paid') {
    if (index === 0 && how.messages && !(await writesToBuyer(desk, id, look))) return false;
    await unlessItMoved(() => desk.orders.ship({ id, version, carrier: 'USPS', tracking: `9400${order.externalId.replace(/\D/g, '')}` }));
    return false;
  }
  if (order.state !== 'shipped') return true;
  if (index === 0 && how.refunds) {
    if (order.refunding) return false;
    if (order.lines.reduce((sum, { refund }) => sum + refund.minor, 0) > 0) return true;
    await unlessItMoved(() => desk.orders.refund({ id, version, amount: money(DENT, 'USD'), message: 'A scratch' }));
    return false;
  }
  if (index === 3 && how.claims) {
    const [claim] = order.claims;
    if (order.lines.reduce((sum, { refund }) => sum + refund.minor, 0) > 0) return true;
    if (!claim) await look(`${ASKED}${order.externalId}`);
    else if (claim.ways.includes('refund')) await unlessItMoved(() => desk.orders.answerClaim({ id, version, claimId: claim.id, answer: 'refund', message: 'It seems to be lost: you have your money back.' }));
    return false;
  }
  if (index !== 2 || !how.returns) return true;
  if (order.return === null) await look(order.externalId);
  else if (order.return.answering === null && order.return.ways.includes('refund')) await unlessItMoved(() => desk.orders.answerReturn({ id, version, answer: 'refund' }));
  return false;
}

/** What a channel asks and no fact says. */
const ANSWERS: Readonly<Record<string, string>> = { 'Who made it': 'I did', 'When it was made': 'Made to order', 'What it is': 'A finished product' };

/** True when the listing stands as it should. */
export async function keepListed(desk: DeskClient, market: string, priceMinor: number): Promise<boolean> {
  const listing = (await desk.listings.list({ limit: 10 })).items.find((one) => one.channel === market);
  if (!listing) return false;
  const { id, version, state, stopReason } = listing;
  if (state === 'stopped' && stopReason?.code === 'listing.aspects-missing') {
    const { category } = await desk.listings.category({ id });
    const known = (name: string) => category!.aspects.find((aspect) => aspect.name === name)?.options[0] ?? 'Does not apply';
    await unlessItMoved(() => desk.listings.setCategory({ id, version, categoryId: category!.id, aspects: Object.fromEntries(category!.missing.map((name) => [name, [ANSWERS[name] ?? known(name)]])) }));
  }
  if (state === 'stopped') await unlessItMoved(async () => desk.listings.retry({ id, version: (await desk.listings.get({ id })).version }));
  if (state === 'active' && listing.price.minor !== priceMinor) await unlessItMoved(() => desk.listings.setPrice({ id, version, price: money(priceMinor, 'USD') }));
  return listing.price.minor === priceMinor;
}

/** Once. The channel hears of it by the way on which every change of stock is told. */
async function countsOneLess(desk: DeskClient, lotId: string): Promise<void> {
  if ((await desk.stock.movements({ id: lotId })).some(({ kind }) => kind === 'adjusted')) return;
  const { version, onHand } = await desk.stock.get({ id: lotId });
  if (onHand >= LOST) await unlessItMoved(() => desk.stock.adjust({ id: lotId, version, onHand: onHand - LOST, reason: 'one is broken' }));
}

async function carry(channel: SaleChannel, context: ChildContext): Promise<void> {
  const { db, clock, facts, probe, seed, look, advanceTo } = context;
  const how = HOW[channel];
  const { app, desk } = await openDesk({ db, clock, facts, probe, seed });
  const { jobs, workflows } = app.parts.ctx;
  const [lotId, price] = [facts['lotId']!, Number(facts['price'])];
  const pass = async (ms: number, steps: number) => {
    for (let step = 0; step < steps; step++) {
      await advanceTo(clock.now() + ms / steps);
      await jobs.runDue();
    }
  };
  await app.parts.ctx.db.transaction((tx) => workflows.start(tx, LIST_WORKFLOW, `matrix:${lotId}`, { lotId, channel: how.market }));
  await jobs.runDue();
  for (let hour = 0; hour < 24 * LONGEST_DAYS; hour++) {
    const listed = await keepListed(desk, how.market, price);
    if (listed) await countsOneLess(desk, lotId);
    const orders = (await desk.orders.list({ limit: 50 })).items.filter((order) => order.channel === how.market).toSorted((a, b) => a.placedAt - b.placedAt || a.externalId.localeCompare(b.externalId));
    let left = 0;
    for (const [index, { id }] of orders.entries()) if (!(await handle(desk, { order: await desk.orders.get({ id }), index, how }, look))) left += 1;
    if (listed && left === 0 && orders.length >= wantedSales(how)) break;
    await jobs.runDue();
    // on Etsy a sale takes days
    await pass(left > 0 ? 30 * MINUTE_MS : channel === 'etsy' ? 4 * HOUR_MS : HOUR_MS, left > 0 ? 3 : 1);
  }
  for (let looks = 0; looks < 48; looks++) {
    const listing = (await desk.listings.list({ limit: 10 })).items.find((one) => one.channel === how.market)!;
    if (listing.state === 'ended') break;
    if (listing.state === 'active' || listing.state === 'sold-out') await unlessItMoved(() => desk.listings.end({ id: listing.id, version: listing.version }));
    await jobs.runDue();
    await pass(30 * MINUTE_MS, 3);
  }
  await pass(4 * HOUR_MS, 8);
  await app.stop();
}

/** What every channel is offered, told and taken down by. */
const EVERYWHERE = ['transact:draft', 'transact:publishing', 'effect:put-content', 'effect:ensure-offer', 'effect:publish', 'transact:activate', 'effect:put-terms', 'transact:revised', 'effect:mark-shipped', 'effect:end', 'transact:ended'] as const;
const PICTURES = ['effect:place-picture-0', 'transact:picture-kept-0', 'transact:rewritten'] as const;
const CALLED_BACK = ['effect:refund', 'transact:settled', 'effect:cancel'] as const;
const STEPS: Readonly<Record<SaleChannel, readonly string[]>> = {
  ebay: [...EVERYWHERE, 'transact:stop', ...PICTURES, ...CALLED_BACK, 'effect:answer', 'effect:answer-claim'], woocommerce: [...EVERYWHERE, ...PICTURES, ...CALLED_BACK], shopify: [...EVERYWHERE, ...CALLED_BACK],
  amazon: [...EVERYWHERE, 'transact:leave', 'effect:send', 'transact:record'], etsy: [...EVERYWHERE, 'transact:stop'],
};

/** The calls that change something there, and those that settle what became of one. What a trade calls as well is tried with it. */
const FAULTS_AT: Readonly<Record<SaleChannel, readonly string[]>> = {
  ebay: ['createInventoryLocation', 'createImageFromFile', 'bulkUpdatePriceQuantity', 'issueRefund', 'createCancellation', 'searchCancellations', 'getReturn', 'refundReturn', 'getInquiry', 'issueInquiryRefund', 'withdrawOffer'],
  amazon: ['getListingsItem', 'putListingsItem', 'patchListingsItem', 'deleteListingsItem', 'confirmShipment', 'getMessagingActionsForOrder', 'createConfirmOrderDetails'],
  woocommerce: ['listMedia', 'uploadMedia', 'listProducts', 'createProduct', 'updateProduct', 'updateOrder', 'createNote', 'createRefund'],
  shopify: ['SetProduct', 'UpdateProduct', 'SetPrice', 'SetStock', 'Publish', 'Ship', 'Refund', 'Cancel'].map((name) => `graphql mutation ${name}(`),
  etsy: ['createDraftListing', 'getListingsByShop', 'updateListingInventory', 'uploadListingImage', 'updateListing', 'createReceiptShipment'],
};

export const sale = (channel: SaleChannel): Scenario => ({ name: `offer, answer for, take down: ${channel}`, steps: STEPS[channel], faultsAt: FAULTS_AT[channel], open: (seed) => open(channel, seed), carry: (context) => carry(channel, context) });
