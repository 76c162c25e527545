import { createEbayMessageChannel, createEbayMessages } from '#connectors/messaging/ebay-message/index.ts';
import { createEmailChannel } from '#connectors/messaging/email.ts';
import { createMailbox } from '#connectors/messaging/imap/index.ts';
import { createSendGrid } from '#connectors/messaging/sendgrid/index.ts';
import { createSmsChannel, createTwilio } from '#connectors/messaging/twilio/index.ts';
import { recordOrder } from '#engine/flows/index.ts';
import { createNegotiationProcedures, registerNegotiation, scheduleNegotiation, type MessageChannel, type NegotiationDeps, type SendingChannelId } from '#engine/negotiation/index.ts';
import { approveOpportunity, createPurchaseProcedures } from '#engine/purchasing/index.ts';
import { DomainError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { CrashProbe, Database } from '#runtime/ports.ts';
import { createTestDatabase } from '#runtime/template.ts';
import { createCorrespondence, type Advertiser, type Correspondence } from '#practice/negotiation/correspondence.ts';
import { createEbayMessageVendor, type EbayMessageVendor } from '#practice/vendors/ebay-message/index.ts';
import { PRACTICE_EBAY } from '#practice/vendors/ebay/index.ts';
import { createImapVendor, createPostOffice, PRACTICE_MAILBOX, type ImapVendor, type PostOffice } from '#practice/vendors/imap/index.ts';
import { createSendGridVendor, PRACTICE_SENDER, PRACTICE_SENDGRID_KEY } from '#practice/vendors/sendgrid/index.ts';
import { createTwilioVendor, PRACTICE_TWILIO, type TwilioVendor } from '#practice/vendors/twilio/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from './trade-desk.ts';

/** Noon in Algiers and New York's morning. */
export const TALK_START = Date.UTC(2026, 10, 2, 14);
/** Seldom, so that a day of virtual time takes little of the test's. */
const POLL_EVERY_MS = HOUR_MS / 2;
const NOWHERE = 'http://127.0.0.1:1';

export const CONTACTS = { email: 'seller@shop.practice.invalid', sms: '+213555123456', ebay: 'vintage_attic' } as const;

/** The practice vendors of every channel, with sellers behind them. */
export interface TalkMarket {
  readonly clock: ManualClock;
  readonly world: World;
  readonly correspondence: Correspondence;
  readonly post: PostOffice;
  readonly sendgrid: VendorServer;
  readonly imap: ImapVendor;
  readonly twilio: TwilioVendor;
  readonly ebay: EbayMessageVendor;
  /** What the vendors really sent to sellers. */
  sent(): string[];
  close(): Promise<void>;
}

export async function startTalkMarket(advertiser: Advertiser, seed = 7): Promise<TalkMarket> {
  const clock = new ManualClock(TALK_START);
  const world = createWorld({ seed, clock, startAt: Date.UTC(2026, 10, 2), productCount: 1_000, priceListRows: 10 });
  const correspondence = createCorrespondence(world);
  for (const address of Object.values(CONTACTS)) correspondence.advertise(address, advertiser);
  const post = createPostOffice(world, correspondence);
  const [sendgrid, imap, twilio, ebay] = [createSendGridVendor(world, post), createImapVendor(post), createTwilioVendor(world, correspondence), createEbayMessageVendor(world, correspondence)];
  await Promise.all([sendgrid.start(), imap.start(), twilio.start(), ebay.start()]);
  return {
    clock, world, correspondence, post, sendgrid, imap, twilio, ebay,
    sent: () => [...post.accepted.map((mail) => mail.text), ...twilio.sent.map((sms) => sms.body), ...ebay.sent.map((message) => message.text)],
    async close() {
      await Promise.all([sendgrid.close(), imap.close(), twilio.close(), ebay.close()]);
      world.close();
    },
  };
}

/** What the channels need of the market: it may be another process's. */
export interface TalkVendors {
  readonly clock: ManualClock;
  readonly sendgrid: { readonly baseUrl: string };
  readonly imap: { readonly url: string };
  readonly twilio: { readonly baseUrl: string };
  readonly ebay: { readonly baseUrl: string };
}

/** The real channels, each at its practice vendor. */
export function openChannels(market: TalkVendors) {
  const { clock } = market;
  const base = { clock, random: seededRandom('channels'), log: silentLogger, limits: { timeoutMs: 15_000, maxAttempts: 1 } };
  const sendgrid = createSendGrid({ ...base, baseUrl: market.sendgrid.baseUrl, credentials: () => Promise.resolve({ apiKey: PRACTICE_SENDGRID_KEY }) });
  const mailbox = createMailbox({ clock, timeoutMs: 15_000, credentials: () => Promise.resolve({ server: market.imap.url, ...PRACTICE_MAILBOX }) });
  const twilio = createTwilio({ ...base, baseUrl: market.twilio.baseUrl, credentials: () => Promise.resolve(PRACTICE_TWILIO) });
  const messages = createEbayMessages({ ...base, baseUrl: market.ebay.baseUrl, credentials: () => Promise.resolve(PRACTICE_EBAY) });
  const channels: Record<SendingChannelId, MessageChannel> = {
    email: createEmailChannel({ clock, sendgrid, mailbox, address: () => Promise.resolve(PRACTICE_SENDER) }), sms: createSmsChannel({ twilio, clock }), ebay: createEbayMessageChannel({ messages, clock }),
  };
  return { channels, mailbox, close: async () => void (await Promise.all([sendgrid.close(), twilio.close(), messages.close()])) };
}

export interface TalkDesk {
  readonly desk: TradeDesk;
  readonly deps: NegotiationDeps;
  readonly os: ReturnType<typeof createNegotiationProcedures>;
  readonly purchases: ReturnType<typeof createPurchaseProcedures>;
  /** Works on, moving the clock to what falls due, until `done` or so long has passed. */
  runUntil(done: () => Promise<boolean>, withinMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface TalkDeskOptions {
  readonly market: TalkVendors;
  readonly db: Database;
  readonly crashProbe?: CrashProbe;
  readonly seed?: string;
  /** Told of each move of the clock, before it is made. */
  readonly onAdvance?: (to: number) => Promise<void>;
  /** The dearest price that today's estimate allows, in minor units; null: none. */
  readonly ceiling: () => number | null;
  readonly phrase?: NegotiationDeps['phrases']['phrase'];
}

export async function openTalkDesk({ market, db, crashProbe, ceiling, phrase, seed, onAdvance }: TalkDeskOptions): Promise<TalkDesk> {
  const { clock } = market;
  const desk = await openTradeDesk({ db, clock, shopUrl: NOWHERE, ebayUrl: NOWHERE, ...(crashProbe ? { crashProbe } : {}), ...(seed === undefined ? {} : { seed }) });
  const { channels, close } = openChannels(market);
  const { ctx } = desk;
  const deps: NegotiationDeps = {
    ctx, channels: { get: (id) => channels[id] }, phrases: { phrase: phrase ?? (() => Promise.resolve(null)) },
    opportunities: {
      async terms(tx, opportunityId) {
        const row = await tx.opportunity.findUnique({ where: { id: opportunityId }, include: { offer: { include: { source: true } } } });
        if (!row) throw new DomainError('NOT_FOUND', 'There is no such opportunity.', { kind: 'opportunity', id: opportunityId });
        const { offer } = row;
        const allowed = ceiling();
        return {
          opportunityId, version: row.version, open: row.state === 'open', sourceId: row.sourceId, sourceName: offer.source.name, sourceKind: offer.source.kind, offerExternalId: offer.externalId, offerUrl: offer.url, title: row.title, sellerName: offer.sellerName,
          asked: money(toNumber(offer.priceMinor), offer.currency), ceiling: allowed === null ? null : money(allowed, offer.currency), evidence: { version: row.version },
        };
      },
    },
  };
  registerNegotiation(deps);
  await scheduleNegotiation(deps, POLL_EVERY_MS);
  return {
    desk, deps, os: createNegotiationProcedures(deps, { buy: (input) => approveOpportunity(desk.trade.purchasing, { id: input.opportunityId, version: input.version, quantity: 1, agreed: input.agreed, approvedBy: input.approvedBy }) }, 'Amina'),
    purchases: createPurchaseProcedures(desk.trade.purchasing, { recordOrder: (input) => recordOrder(desk.trade, input) }, 'Amina'),
    async runUntil(done, withinMs) {
      const until = clock.now() + withinMs;
      for (;;) {
        await ctx.jobs.runDue();
        if (await done()) return;
        const next = await ctx.jobs.nextDueAt();
        const to = next === null || next > until ? until : next;
        await onAdvance?.(to);
        clock.advanceTo(to);
        if (to === until) return;
      }
    },
    async close() {
      await desk.close();
      await close();
    },
  };
}

export const createTalkDatabase = createTestDatabase;

/** An open opportunity at 200 USD, and a business with a name. */
export async function seedTalk(talk: TalkDesk, externalId = '123456789012'): Promise<string> {
  await seedBusiness(talk.desk.ctx);
  const { opportunityId } = await seedOpportunity(talk.desk.ctx, { externalId, title: 'Northgate film camera', brand: null, gtin: '4006381333931', priceMinor: 20_000, shippingMinor: 0, salePriceMinor: 34_000, quantity: 1, weightG: 900, connector: 'ouedkniss', sellerName: 'Karima' });
  return opportunityId;
}
