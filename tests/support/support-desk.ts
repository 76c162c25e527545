import { call } from '@orpc/server';
import { lazyClassifier } from '#app/reply-words.ts';
import { contactsOf, rememberBuyer } from '#engine/customers/index.ts';
import { eraseCustomer, exportCustomer } from '#engine/flows/customer-data.ts';
import { BUSINESS, putSetting } from '#engine/settings/index.ts';
import { createSupportProcedures, POLL_TICKETS, registerSupport, type IntentClassifier, type SupportDeps } from '#engine/support/index.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/time.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { createTestRuntime, TEST_START, type TestRuntime, type TestRuntimeOptions } from '#runtime/testing.ts';
import { createCorrespondence } from '#practice/negotiation/correspondence.ts';
import type { BuyerChannel, BuyerText } from '#practice/support/buyers.ts';
import { createEbayMessageVendor, type EbayMessageVendor } from '#practice/vendors/ebay-message/index.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import { createImapVendor, createPostOffice, type ImapVendor, type PostOffice } from '#practice/vendors/imap/index.ts';
import { createSendGridVendor } from '#practice/vendors/sendgrid/index.ts';
import { createTwilioVendor, type TwilioVendor } from '#practice/vendors/twilio/index.ts';
import { createWorld } from '#practice/world/index.ts';
import { openChannels } from './talk-desk.ts';

/** The vendors by which customers write and are answered; who writes what is the test's. */
export interface SupportMarket {
  readonly ebay: EbayMessageVendor;
  readonly sendgrid: VendorServer;
  readonly imap: ImapVendor;
  readonly twilio: TwilioVendor;
  readonly post: PostOffice;
  /** A customer writes at the vendor, `minutesAgo` before now. */
  write(channel: BuyerChannel, from: string, text: string, more?: { readonly listingId?: string; readonly subject?: string; readonly name?: string }): void;
  /** What the vendors really took from us, as `recipient: text`. */
  sent(): string[];
  close(): Promise<void>;
}

/** @param now the desk's clock: the vendors live by it. */
export async function startSupportMarket(clock: TestRuntime['clock']): Promise<SupportMarket> {
  const world = createWorld({ seed: 5, clock, startAt: TEST_START - DAY_MS, productCount: 1_000, priceListRows: 10 });
  const waiting: { readonly channel: BuyerChannel; readonly text: BuyerText }[] = [];
  const writers = new Set<string>();
  let written = 0;
  const correspondence = {
    ...createCorrespondence(world),
    knows: (address: string) => writers.has(address), hear: () => null,
    buyers: (channel: BuyerChannel) => {
      const due = waiting.filter((one) => one.channel === channel);
      for (const one of due) waiting.splice(waiting.indexOf(one), 1);
      return due.map((one) => one.text);
    },
  };
  const post = createPostOffice(world, correspondence);
  const [sendgrid, imap, twilio, ebay] = [createSendGridVendor(world, post), createImapVendor(post), createTwilioVendor(world, correspondence), createEbayMessageVendor(world, correspondence)];
  await Promise.all([sendgrid.start(), imap.start(), twilio.start(), ebay.start()]);
  return {
    ebay, sendgrid, imap, twilio, post,
    write(channel, from, text, { listingId = '300000000001', subject = 'A question', name = 'Yasmine Benali' } = {}) {
      writers.add(from);
      waiting.push({ channel, text: { id: `w${++written}`, from, name, listingId, subject, text, at: clock.now() } });
    },
    sent: () => [...ebay.sent.map((one) => `${one.to}: ${one.text}`), ...post.accepted.map((mail) => `${mail.to}: ${mail.text}`), ...twilio.sent.map((sms) => `${sms.to}: ${sms.body}`)],
    async close() {
      await Promise.all([sendgrid.close(), imap.close(), twilio.close(), ebay.close()]);
      world.close();
    },
  };
}

/** A shipped eBay order of 42 USD, two days on its way unless told, and its buyer. */
export async function writeOrder(ctx: EngineContext, { n, buyer }: { readonly n: number; readonly buyer: Buyer }, { shippedAt = TEST_START - 2 * DAY_MS, totalMinor = 4_200 }: { readonly shippedAt?: number | null; readonly totalMinor?: number } = {}): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await tx.order.create({ data: {
      id: `ord_${n}`, channel: 'ebay-us', externalId: `14-1000${n}-2000${n}`, state: shippedAt === null ? 'paid' : 'shipped', buyerName: ctx.seal.seal('Order.buyerName', buyer.name), buyerWords: '', currency: 'USD', totalMinor, feesMinor: 500, placedAt: TEST_START - 3 * DAY_MS, modifiedAt: TEST_START, shippedAt,
      tracking: shippedAt === null ? null : `USPS 940011020088${n}`, raw: JSON.stringify({ problems: [], feeKnown: true, fulfilment: 'fulfilled', payment: 'paid' }), lines: { create: { id: `ord_${n}:1`, externalId: '1', sku: 's', title: `Bosch drill ${n}`, quantity: 1, revenueMinor: totalMinor, feesMinor: 500 } },
    } });
    await rememberBuyer(ctx, tx, `ord_${n}`, { name: buyer.name, contacts: contactsOf({ username: buyer.username, email: buyer.email, phone: buyer.phone }, 'ebay-us') });
  });
}

/** One training for all tests of a file, as one desk has one. */
const trained = lazyClassifier(process.cwd());

export interface SupportDesk {
  readonly runtime: TestRuntime;
  readonly market: SupportMarket;
  readonly deps: SupportDeps;
  readonly os: ReturnType<typeof createSupportProcedures>;
  /** How often the classifier was asked for: the first time it is trained. */
  readonly asked: () => number;
  /** The channels are asked, and what came in is read and drafted. */
  poll(): Promise<void>;
  /** A shipped eBay order of 42 USD, two days on its way unless told. */
  order(n: number, buyer: Buyer, change?: { readonly shippedAt?: number | null; readonly totalMinor?: number }): Promise<void>;
  close(): Promise<void>;
}

export interface Buyer { readonly name: string; readonly username: string; readonly email: string; readonly phone: string }

/** @param model a language model's words; null: none is connected. */
export async function openSupportDesk(options: TestRuntimeOptions & { readonly model?: () => string | null } = {}): Promise<SupportDesk> {
  const runtime = await createTestRuntime(options);
  const { clock, context: ctx } = runtime;
  const market = await startSupportMarket(clock);
  const { channels, close } = openChannels({ ...market, clock });
  let asked = 0;
  const classifier = (): Promise<IntentClassifier> => {
    asked += 1;
    return trained();
  };
  const deps: SupportDeps = { ctx, channels: { get: (id) => channels[id] }, classifier, words: { reply: async () => options.model?.() ?? null }, orderMessages: { get: () => null } };
  registerSupport(deps);
  await runtime.db.transaction((tx) => putSetting(tx, BUSINESS, { ...BUSINESS.fallback, address: { ...BUSINESS.fallback.address, firstName: 'Practice', lastName: 'Reseller' } }, clock.now()));
  return {
    runtime, market, deps, asked: () => asked,
    os: createSupportProcedures(deps, { export: (id) => exportCustomer(ctx, id), erase: (id, by) => eraseCustomer(ctx, id, by) }, 'Amina'),
    async poll() {
      clock.advanceTo(clock.now() + MINUTE_MS);
      await runtime.db.transaction((tx) => ctx.jobs.add(tx, { kind: POLL_TICKETS, payload: {} }));
      await ctx.jobs.runDue();
    },
    order: (n, buyer, change) => writeOrder(ctx, { n, buyer }, change),
    async close() {
      await close();
      await market.close();
      await runtime.close();
    },
  };
}

/** The ticket of a customer, by part of what they are shown as. */
export async function ticketOf({ os }: SupportDesk, name: string) {
  const { items } = await call(os.list, { limit: 200 });
  const found = items.filter((ticket) => ticket.customerName?.includes(name));
  if (found.length !== 1) throw new Error(`${found.length} tickets of ${name}: ${items.map((ticket) => ticket.customerName).join(', ')}`);
  return found[0]!;
}
