import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { ContractRouterClient } from '@orpc/contract';
import { contract, type Contract } from '#contract/index.ts';
import { utcDay } from '#kernel/time.ts';
import { createIdSource } from '#kernel/ids.ts';
import { openDatabase } from '#runtime/database.ts';
import { createFieldSeal, openKeyRing, practiceKeyRing } from '#runtime/field-seal.ts';
import { createKillSwitch, type HeldKillSwitch } from '#runtime/kill-switch.ts';
import { migrateDatabase, readMigrations } from '#runtime/migrations.ts';
import type { Database, EngineContext } from '#runtime/ports.ts';
import { createRuntime } from '#runtime/runtime.ts';
import { readWaiting } from '#engine/reporting/index.ts';
import { registerNotices, scheduleNotices, type NoticesDeps } from '#engine/flows/notices/index.ts';
import { registerInbound, scheduleInbound } from '#engine/inbound-shipments/index.ts';
import { WordsIdentifier, type CatalogDeps } from '#engine/catalog/index.ts';
import { registerTrade, scheduleTrade, verifyBooks, createStockIntake, type BooksReport, type TradeDeps } from '#engine/flows/index.ts';
import { LEARN_SEASONS, LEARN_SEASONS_EVERY_MS, learnSeasonsJob } from '#engine/flows/learn-seasons.ts';
import { CALIBRATE, CALIBRATE_EVERY_MS, calibrateJob } from '#engine/flows/learn-from-sales.ts';
import { offerAgain } from '#engine/flows/offer-again.ts';
import { learnFromStops } from '#engine/flows/learn-from-stops.ts';
import { registerPriceLists, ResultFiles, type PriceListsDeps } from '#engine/flows/price-lists/index.ts';
import { registerScanning, scheduleScanning } from '#engine/flows/scan.ts';
import { sealRows } from '#engine/customers/index.ts';
import { ORDER_PERSON } from '#engine/orders/index.ts';
import { sealEarlierBooks, setOpeningCash } from '#engine/ledger/index.ts';
import { feesToday, loadForApproval, loadNegotiable, markApproved, markPurchased, registerAlerts, registerReconsidering, reopenAfterPurchase, scheduleReconsidering, type OpportunitiesDeps } from '#engine/opportunities/index.ts';
import { lotPictures } from '#engine/photos/index.ts';
import { forgetPhones, PAYMENT_PERSON, registerPayments, schedulePayments, type PaymentsDeps } from '#engine/payments/index.ts';
import { registerPurchaseOrders } from '#engine/purchase-orders/index.ts';
import { readPurchaseTerms, readSellerRisks, registerReceipts, withSellerRecord } from '#engine/purchasing/index.ts';
import { createAssistedCheckout, launchVisibleBrowser } from '#scrapers/checkout/assisted-checkout.ts';
import { printPage } from '#scrapers/core/fetch/print-page.ts';
import { registerNegotiation, scheduleNegotiation, type NegotiationDeps } from '#engine/negotiation/index.ts';
import { readFeeCards, resolveCategory, selectFeeCard, type FeeCard } from '#engine/pricing/index.ts';
import { DemandMemory, suggestReorders } from '#engine/reorder/index.ts';
import { registerRepricing, scheduleRepricing } from '#engine/repricing/index.ts';
import { BUSINESS, KILL_SWITCH, PRACTICE_BUSINESS, putSetting, readSetting, type SettingsDeps } from '#engine/settings/index.ts';
import type { SourcesDeps } from '#engine/sources/index.ts';
import { registerSupport, scheduleSupport, type SupportDeps } from '#engine/support/index.ts';
import { registerOpinions, scheduleOpinions } from '#engine/opinions/index.ts';
import { createCheckouts, createSites, programName } from './adapters.ts';
import { createAssistantParts, withOpinion } from './assistant-parts.ts';
import { Connectors } from './connectors.ts';
import { readKeptCards } from '#connectors/data/tcgplayer/index.ts';
import { createDailyFileStore } from './daily-files.ts';
import { createPageReader, createPhrases } from './ask-assistant.ts';
import { MessageChannels, practiceContacts } from './message-channels.ts';
import { registerWatching, scheduleWatching, type WatchDeps } from '#engine/watch/index.ts';
import { createReadAhead } from './read-ahead.ts';
import { createReceiptReaders } from './receipt-readers.ts';
import { createReplyWords, lazyClassifier } from './reply-words.ts';
import { createErrorPages } from './error-pages.ts';
import { learnVendorLimits } from './learn-limits.ts';
import { createListingFacts } from './listing-facts.ts';
import type { AppOptions } from './options.ts';
import { forgetOtherVersions } from './page-versions.ts';
import { createPageSamples } from './page-samples.ts';
import type { AppParts } from './parts.ts';
import { ApprovalChat, openApprovals, wireApprovals } from './wire-approvals.ts';
import { createRepriceMarket } from './reprice-market.ts';
import { syncPracticeSources } from './practice-sources.ts';
import { PaymentProviders } from './payment-providers.ts';
import { inboundChannels, orderMessageChannels, orderSources, salesChannels } from './sales-channels.ts';
import { photosDeps, purchaseOrdersDeps } from './stock-work.ts';
import { createRouter } from './router.ts';

export type DeskClient = ContractRouterClient<Contract>;

export interface App {
  readonly router: ReturnType<typeof createRouter>;
  readonly context: Record<never, never>;
  readonly parts: AppParts;
  /** Begins to work on jobs, schedules and workflows by itself. */
  start(): Promise<void>;
  /** Stops at the next safe point, and closes the database. */
  stop(): Promise<void>;
  /** Proves books and stock against each other. */
  verifyBooks(): Promise<BooksReport>;
}

/** Sales tax that US buyers pay on average, part of eBay's fee base (assumption of this program, as in the opportunities' estimates). */
const SALES_TAX_BP = 700;

function catalogOf(ctx: EngineContext, connectors: Connectors, categoryOf: CatalogDeps['categoryOf']): CatalogDeps {
  return {
    ctx, categoryOf,
    get marketData() {
      return connectors.isConnected('keepa') ? connectors.keepa : null;
    },
    get currentPrices() {
      return connectors.amazon;
    },
    get restrictions() {
      return connectors.restrictions;
    },
    operationQuotas: () => ({ prices: connectors.amazon?.quotaOf('getCompetitivePricing') ?? null, restrictions: connectors.amazon?.quotaOf('getListingsRestrictions') ?? null }),
  };
}

/** Our categories are those of the Amazon US card: the finest that a card knows. The narrowest words of the path decide. */
function categoryResolver(feeCards: readonly FeeCard[], { clock }: AppOptions): CatalogDeps['categoryOf'] {
  return (words) => {
    const card = selectFeeCard(feeCards, 'amazon-us', utcDay(clock.now()));
    if (!card) return null;
    for (const word of words.toReversed()) {
      const found = resolveCategory(card, word);
      if (found !== null) return found;
    }
    return null;
  };
}

/** Kinds of source without a page of their own to buy on, and those that the desk orders from itself. */
const NO_PAGES: ReadonlySet<string> = new Set(['woocommerce', 'price-list', 'ouedkniss']);

async function openFile(options: AppOptions): Promise<Database> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(options.dataDir, 'desk.sqlite');
  await migrateDatabase({ file, migrations: readMigrations(path.join(options.rootDir, 'prisma/migrations')), clock: options.clock });
  return openDatabase(file, { ...(options.readerScript ? { readerWorker: options.readerScript } : {}), ...(options.disposable ? { synchronous: 'OFF' } : {}) });
}

/** An hour of the practice market may pass in a second: its repeated jobs, some due each minute, would leave the engine no time for anything else. Changes nothing up to 400 times life. */
const LEAST_REAL_MS_BETWEEN_TURNS = 150;

async function openEngine(options: AppOptions) {
  const db = options.database ? { ...options.database, close: () => Promise.resolve() } : await openFile(options);
  const killSwitch = await createKillSwitch(async () => (await readSetting(db, KILL_SWITCH)).value.on);
  const runtime = createRuntime({
    db, clock: options.clock, random: options.random, ids: createIdSource(options.clock, options.random), log: options.log, killSwitch, seal: createFieldSeal(options.practice ? practiceKeyRing(options.practice.seed) : await openKeyRing(options.secrets)), ...(options.crashProbe ? { crashProbe: options.crashProbe } : {}),
    leastEveryMs: (options.practice?.speed ?? 0) * LEAST_REAL_MS_BETWEEN_TURNS,
  });
  return { db, runtime, ctx: runtime.context, killSwitch };
}

function buildParts(options: AppOptions, { ctx, killSwitch }: { readonly ctx: EngineContext; readonly killSwitch: HeldKillSwitch }, { connectors, chat, providers, channels }: { readonly connectors: Connectors; readonly chat: ApprovalChat; readonly providers: PaymentProviders; readonly channels: MessageChannels }): AppParts {
  const feeCards = readFeeCards(path.join(options.rootDir, 'resources/fee-cards'));
  const ai = createAssistantParts(options, ctx);
  const importsDir = path.join(options.dataDir, 'imports');
  const { pages, ...sites } = createSites(options, ctx, createPageReader(ai.parts.assistant));
  const sources: SourcesDeps = { ctx, ...sites, errorPages: createErrorPages(path.join(options.dataDir, 'source-errors')), pageSamples: createPageSamples(path.join(options.dataDir, 'source-pages')), allowLoopback: options.practice !== null };
  // a month of virtual time in a minute leaves no room to compare thousands of titles: there a product is known by its codes alone
  const runsThrough = options.practice?.speed === 0;
  const words = new WordsIdentifier({ ctx, get judge() { return ai.parts.judge; }, get search() { return connectors.amazon; } });
  const opportunities: OpportunitiesDeps = { ctx, ...(runsThrough ? {} : { words }), catalog: catalogOf(ctx, connectors, categoryResolver(feeCards, options)), feeCards, get askedMarkets() { return connectors.askedMarkets(); }, get soldCounts() { return connectors.soldCounts(); }, sellerRisks: (sourceId) => readSellerRisks(ctx.db.prisma, sourceId) };
  const watch: WatchDeps = { ctx, pages, catalog: opportunities.catalog };
  const settings: SettingsDeps = {
    ctx, practice: options.practice !== null, connections: [...connectors.ports(), ...ai.connections, ...(options.practice ? [] : [chat.connection()]), ...(options.practice ? [] : providers.ports()), ...(options.practice ? [] : channels.ports())],
    secrets: { has: async (name) => (await options.secrets.get(name)) !== null, set: (name, secret) => options.secrets.set(name, secret), delete: (name) => options.secrets.delete(name) },
  };
  const inventory = { ctx };
  const facts = createListingFacts({ db: ctx.db, clock: ctx.clock, feeCards });
  const listings = { ctx, inventory, channels: salesChannels(connectors), feeCards, products: facts, market: facts, salesTaxBp: SALES_TAX_BP, pictures: lotPictures(photosDeps({ ctx, options })) };
  connectors.showPictures(listings.pictures);
  const trade: TradeDeps = {
    purchasing: {
      ctx, checkouts: createCheckouts(options, ctx.db), stock: createStockIntake(inventory),
      assist: createAssistedCheckout({ log: options.log, supports: (kind) => !NO_PAGES.has(kind), launch: () => launchVisibleBrowser(process.env['RESALE_BROWSER']) }),
      terms: readPurchaseTerms(path.join(options.rootDir, 'resources/purchase-terms/terms.json')),
      // a practice market confirms by the dozen: its receipts are pages alone
      receipts: { dir: path.join(options.dataDir, 'receipts'), ...(options.practice ? {} : { print: (html: string) => printPage(html) }) },
      readers: createReceiptReaders(options, ai.parts.assistant),
      gate: {
        loadForApproval: async (tx, opportunityId, version) => withOpinion(ai.parts, tx, await withSellerRecord(tx, await loadForApproval({ ctx, feeCards }, tx, { opportunityId, version }))), markApproved, markPurchased, reopen: reopenAfterPurchase,
        feesNow: (frozen) => feesToday(feeCards, frozen, ctx.clock.now()),
      },
    },
    inventory, listings, orders: { ctx, inventory, listings, sources: orderSources(connectors) },
  };
  const scan = { ctx, sources, opportunities };
  const priceLists: PriceListsDeps = { ctx, scan, feeCards, importsDir, files: new ResultFiles(options.readerScript), passScript: options.priceListScript, cards: () => readKeptCards(createDailyFileStore(ctx.db, 'tcgcsv')) };
  const payments: PaymentsDeps = { ctx, orders: { ctx, inventory }, providers: () => providers.connected() };
  const negotiation: NegotiationDeps = { ctx, channels, phrases: createPhrases(ai.parts.assistant), opportunities: { terms: loadNegotiable }, contacts: (terms) => practiceContacts(options, terms) };
  const repricing = { ctx, listings, markets: createRepriceMarket({ db: ctx.db, clock: ctx.clock, catalog: opportunities.catalog }), practice: options.practice !== null };
  const support: SupportDeps = { ctx, channels, classifier: lazyClassifier(options.rootDir), words: createReplyWords(ai.parts.assistant), orderMessages: orderMessageChannels(connectors) };
  const inbound = { ctx, inventory, channels: inboundChannels(connectors) };
  const notices: NoticesDeps = { ctx, chat: chat.telegram, mailChannel: () => channels.get('email'), items: () => readWaiting({ ctx }) };
  const parts = { ctx, options, inbound, notices, support, killSwitch, settings, scan, sources, opportunities, trade, watch, reorder: { ctx, memory: new DemandMemory() }, repricing, payments, negotiation, importsDir, priceLists, assistant: ai.parts };
  return { ...parts, approvals: wireApprovals(parts, chat) };
}

/** What the person says of the business becomes true of the books: opening cash is booked, and booked anew when it is corrected. */
async function keepOpeningCash({ ctx, options }: AppParts): Promise<void> {
  const book = () => ctx.db.transaction(async (tx) => setOpeningCash({ ctx }, tx, (await readSetting(tx, BUSINESS)).value.openingCash));
  const stored = await readSetting(ctx.db, BUSINESS);
  if (options.practice && stored.version === 0) await ctx.db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, ctx.clock.now()));
  await book();
  ctx.outbox.subscribe('settings.business', book);
}

/** The only wiring: opens the database, joins engine, connectors and sources, and answers with a router that any transport can serve. */
export async function composeApp(options: AppOptions): Promise<App> {
  const engine = await openEngine(options);
  const { db, runtime, ctx } = engine;
  const connectors = new Connectors(options);
  const chat = new ApprovalChat(options);
  const providers = new PaymentProviders(options);
  const channels = new MessageChannels(options);
  try {
    await connectors.refresh();
    await providers.refresh();
    await channels.refresh();
    const parts = buildParts(options, engine, { connectors, chat, providers, channels });
    for (const table of [ORDER_PERSON, PAYMENT_PERSON]) await sealRows(ctx, table);
    await forgetPhones(ctx);
    registerScanning(parts.scan);
    registerPriceLists(parts.priceLists);
    registerReconsidering(parts.opportunities);
    registerAlerts(parts.opportunities);
    await parts.assistant.refresh();
    registerOpinions(parts.assistant);
    registerTrade(parts.trade);
    registerInbound(parts.inbound);
    registerRepricing(parts.repricing);
    registerPayments(parts.payments);
    registerNegotiation(parts.negotiation);
    registerSupport(parts.support);
    registerWatching(parts.watch);
    registerNotices(parts.notices);
    ctx.jobs.register(calibrateJob(parts.opportunities));
    ctx.jobs.register(learnSeasonsJob(parts.opportunities));
    const approvals = await openApprovals(parts.approvals, chat);
    registerReceipts(parts.trade.purchasing);
    registerPurchaseOrders(purchaseOrdersDeps(parts));
    learnFromStops(parts.trade.purchasing);
    offerAgain(parts.trade.purchasing);
    connectors.keepDailyFiles(createDailyFileStore(db, 'tcgcsv'), programName(options.version, (await readSetting(db, BUSINESS)).value.contact));
    await learnVendorLimits(ctx, connectors);
    await sealEarlierBooks({ ctx });
    await keepOpeningCash(parts);
    await forgetOtherVersions(db, options.version);
    await syncPracticeSources(parts.sources, options.practice);
    await scheduleScanning(parts.scan);
    await scheduleReconsidering(parts.opportunities);
    await scheduleOpinions(parts.assistant);
    await scheduleTrade(parts.trade);
    await scheduleInbound(parts.inbound);
    await scheduleRepricing(parts.repricing);
    await schedulePayments(parts.payments);
    await scheduleNegotiation(parts.negotiation);
    await scheduleSupport(parts.support);
    await scheduleWatching(ctx);
    await scheduleNotices(parts.notices);
    ctx.outbox.subscribe('settings.connection', () => channels.refresh());
    ctx.outbox.subscribe('settings.connection', () => schedulePayments(parts.payments));
    await ctx.jobs.schedule(CALIBRATE, { everyMs: CALIBRATE_EVERY_MS, jobKind: CALIBRATE, payload: {} });
    await ctx.jobs.schedule(LEARN_SEASONS, { everyMs: LEARN_SEASONS_EVERY_MS, jobKind: LEARN_SEASONS, payload: {}, firstAt: ctx.clock.now() + LEARN_SEASONS_EVERY_MS });
    // in virtual time nobody looks at a page
    const ahead = options.practice?.speed === 0 ? null : createReadAhead(options.log, () => suggestReorders(parts.reorder));
    return {
      router: createRouter(parts), context: {}, parts,
      start: async () => {
        runtime.start();
        approvals.start();
        ahead?.start();
      },
      stop: async () => {
        await ahead?.stop();
        await approvals.stop();
        await runtime.stop();
        await parts.priceLists.files.close();
        await parts.sources.close?.();
        await parts.trade.purchasing.checkouts.close?.();
        await parts.trade.purchasing.assist?.close();
        parts.trade.purchasing.readers?.close?.();
        await providers.close();
        await channels.close();
        await connectors.close();
        await db.close();
      },
      verifyBooks: async () => verifyBooks(parts.trade.inventory, (await readSetting(db, BUSINESS)).value.homeCurrency),
    };
  } catch (error) {
    await connectors.close();
    await db.close();
    throw error;
  }
}

export { contract };
