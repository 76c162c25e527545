import { z } from 'zod';
import { createEbay, createEbayApplication, type Ebay } from '#connectors/marketplaces/ebay/index.ts';
import { createWooCommerceCheckout } from '#connectors/marketplaces/woocommerce/index.ts';
import { createStockIntake, registerTrade, scheduleTrade, type TradeDeps } from '#engine/flows/index.ts';
import { setOpeningCash } from '#engine/ledger/index.ts';
import { fixedChannels, type ListingFactsPort } from '#engine/listings/index.ts';
import { fixedSources } from '#engine/orders/index.ts';
import { readFeeCards } from '#engine/pricing/index.ts';
import { registerReceipts, withSellerRecord, type ApprovalCandidate, type OpportunityGate, type PurchasingDeps } from '#engine/purchasing/index.ts';
import { BUSINESS, KILL_SWITCH, LIMITS, PRACTICE_BUSINESS, putSetting, readSetting } from '#engine/settings/index.ts';
import type { Limits } from '#contract/settings.ts';
import { DomainError } from '#kernel/errors.ts';
import { createIdSource } from '#kernel/ids.ts';
import { silentLogger, type Logger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import type { ManualClock } from '#kernel/time.ts';
import { toNumberOrNull } from '#runtime/database.ts';
import { createKillSwitch } from '#runtime/kill-switch.ts';
import type { CrashProbe, Database, EngineContext, Tx } from '#runtime/ports.ts';
import { createFieldSeal, practiceKeyRing } from '#runtime/field-seal.ts';
import { createRuntime, type Runtime } from '#runtime/runtime.ts';
import { PRACTICE_EBAY } from '#practice/vendors/ebay/index.ts';

/** The whole trade (buying, listing, selling, books) over a real database and the real connectors; the opportunity is a row that the test wrote. */
export interface TradeDesk {
  readonly ctx: EngineContext;
  readonly trade: TradeDeps;
  readonly runtime: Runtime;
  readonly ebay: Ebay;
  /** Works until nothing is due, moving the clock on to what waits (retries, asking again) at most `withinMs`. */
  settle(withinMs?: number): Promise<void>;
  close(): Promise<void>;
}

export interface TradeDeskOptions {
  readonly db: Database;
  readonly clock: ManualClock;
  readonly shopUrl: string;
  readonly ebayUrl: string;
  readonly crashProbe?: CrashProbe;
  readonly seed?: string;
  readonly log?: Logger;
  /** What is known of delivery and returns, and where receipts are kept. */
  readonly purchasing?: Pick<PurchasingDeps, 'terms' | 'receipts' | 'readers' | 'assist'> & Partial<Pick<PurchasingDeps, 'gate'>>;
  /** Told of each move of the clock, before it is made: the market's clock follows. */
  readonly onAdvance?: (to: number) => Promise<void>;
}

/** What a test keeps in `OpportunityDetail.evaluation`: the candidate, as the opportunities module would build it. */
const evaluationSchema = z.custom<ApprovalCandidate>((value) => typeof value === 'object' && value !== null);

/** The gate over real rows: version, state and compare-and-set are those of the table. */
const gate: OpportunityGate = {
  async loadForApproval(tx, opportunityId, version) {
    const row = await tx.opportunity.findUnique({ where: { id: opportunityId }, include: { detail: true } });
    if (!row?.detail) throw new DomainError('NOT_FOUND', 'There is no such opportunity.', { kind: 'opportunity', id: opportunityId });
    if (row.version !== version) throw new DomainError('STALE', 'It changed.', { version: row.version });
    if (row.state !== 'open') throw new DomainError('NOT_OPEN', 'It is no longer open.', { state: row.state });
    return withSellerRecord(tx, { ...evaluationSchema.parse(JSON.parse(row.detail.evaluation)), version });
  },
  markApproved: (tx, id) => setState(tx, id, 'approved'),
  markPurchased: (tx, id) => setState(tx, id, 'purchased'),
  reopen: (tx, id) => setState(tx, id, 'open'),
  feesNow: () => null,
};

async function setState(tx: Tx, id: string, state: string): Promise<void> {
  await tx.opportunity.update({ where: { id }, data: { state, version: { increment: 1 } } });
}

function productFacts(db: Database): ListingFactsPort {
  return {
    async facts(productId) {
      const product = await db.prisma.product.findUniqueOrThrow({ where: { id: productId } });
      return {
        title: product.title, brand: product.brand, mpn: null, gtins: product.gtin ? [product.gtin.replace(/^0(?=\d{13}$)/, '').replace(/^0(?=\d{12}$)/, '')] : [], imageUrls: product.imageUrl ? [product.imageUrl] : [], category: null,
        aspects: { ...(product.brand ? { Brand: [product.brand] } : {}), Author: ['A. Writer'] }, package: product.weightG ? { lengthMm: product.lengthMm ?? 100, widthMm: product.widthMm ?? 100, heightMm: product.heightMm ?? 50, weightG: product.weightG } : null,
      };
    },
    async measure(id, measures) {
      await db.transaction((tx) => tx.product.update({ where: { id }, data: Object.fromEntries(Object.entries(measures).filter(([, value]) => value !== null)) }));
    },
  };
}

export async function openTradeDesk(options: TradeDeskOptions): Promise<TradeDesk> {
  const { db, clock } = options;
  const log = options.log ?? silentLogger;
  const random = seededRandom(options.seed ?? 'desk');
  const killSwitch = await createKillSwitch(async () => (await readSetting(db, KILL_SWITCH)).value.on);
  const runtime = createRuntime({ db, clock, random, ids: createIdSource(clock, random), log, killSwitch, seal: createFieldSeal(practiceKeyRing('tests')), ...(options.crashProbe ? { crashProbe: options.crashProbe } : {}) });
  const ctx = runtime.context;
  const connector = { clock, random, log, limits: { timeoutMs: 1_500 } };
  const ebay = createEbay({ ...connector, baseUrl: options.ebayUrl, credentials: () => Promise.resolve(PRACTICE_EBAY) });
  const taxonomy = createEbayApplication({ ...connector, baseUrl: options.ebayUrl, credentials: () => Promise.resolve(PRACTICE_EBAY) });
  const checkout = createWooCommerceCheckout({ ...connector, baseUrl: options.shopUrl });
  const inventory = { ctx };
  const listings = { ctx, inventory, channels: fixedChannels([{ port: ebay, taxonomy, name: 'eBay' }]), feeCards: readFeeCards('resources/fee-cards'), products: productFacts(db), market: { priceNow: () => Promise.resolve(null) }, salesTaxBp: 700 };
  const trade: TradeDeps = {
    purchasing: { ctx, gate, checkouts: { supports: (kind) => kind === 'woocommerce', open: () => Promise.resolve(checkout) }, stock: createStockIntake(inventory), ...options.purchasing },
    inventory, listings, orders: { ctx, inventory, listings, sources: fixedSources([ebay]) },
  };
  registerTrade(trade);
  registerReceipts(trade.purchasing);
  return {
    ctx, trade, runtime, ebay,
    async settle(withinMs = 3_600_000) {
      const until = clock.now() + withinMs;
      for (;;) {
        await ctx.jobs.runDue();
        const next = await nextWorkflow(db);
        if (next === null || next > until) return;
        await options.onAdvance?.(next);
        clock.advanceTo(next);
      }
    },
    async close() {
      await runtime.stop();
      await Promise.all([ebay.close(), taxonomy.close(), checkout.close()]);
    },
  };
}

/** When the first workflow that is not at its end is due; schedules of the clock do not count. */
async function nextWorkflow(db: Database): Promise<number | null> {
  const first = await db.prisma.workflow.findFirst({ where: { state: { in: ['running', 'waiting'] } }, orderBy: { wakeAt: 'asc' }, select: { wakeAt: true } });
  return toNumberOrNull(first?.wakeAt ?? null);
}

export async function scheduleDesk(desk: TradeDesk): Promise<void> {
  await scheduleTrade(desk.trade);
}

const NO_LIMITS: Limits = {
  perPurchase: null, perDay: null, perWeek: null, perMonth: null, perSellerPerDay: null, perCategoryPerMonth: null, perSourcePerMonth: null, minConfidenceBp: 0, feeDriftBp: 500, twoPersonAbove: null, minProfit: { minor: 1, currency: 'USD' }, minRoiBp: 0, maxLossChanceBp: 10_000, maxDaysToSell: 3_650, cashReserve: { minor: 0, currency: 'USD' },
  blockedBrands: [], blockedCategories: [], priceDriftBp: 200, approvalHours: 48,
};

/** The practice business with its opening cash, and limits that allow all but what the test narrows. */
export async function seedBusiness(ctx: EngineContext, limits: Partial<Limits> = {}): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await putSetting(tx, BUSINESS, PRACTICE_BUSINESS, ctx.clock.now());
    await putSetting(tx, LIMITS, { ...NO_LIMITS, ...limits }, ctx.clock.now());
    await setOpeningCash({ ctx }, tx, PRACTICE_BUSINESS.openingCash);
    for (const name of ['test', 'Amina', 'Karim']) await tx.person.upsert({ where: { id: name }, update: {}, create: { id: name, name, role: 'approver', createdAt: ctx.clock.now() } });
  });
}

export interface SeededOffer {
  readonly opportunityId: string;
  readonly candidate: ApprovalCandidate;
}

export interface OfferFacts {
  readonly externalId: string;
  readonly title: string;
  readonly brand: string | null;
  readonly gtin: string;
  readonly priceMinor: number;
  readonly currency?: string;
  readonly shippingMinor: number;
  readonly salePriceMinor: number;
  readonly quantity: number;
  readonly weightG: number;
  readonly sellerName?: string | null;
  /** The source's kind; `woocommerce`, which has a checkout, unless told. */
  readonly connector?: string;
  /** The offer's page. */
  readonly url?: string;
}

const usd = (minor: number) => ({ minor, currency: 'USD' });

/** An open opportunity with its product, source and offer, as rows. */
export async function seedOpportunity(ctx: EngineContext, facts: OfferFacts): Promise<SeededOffer> {
  const { ids, clock } = ctx;
  const at = clock.now();
  const [productId, sourceId, offerId, opportunityId] = [ids.next('product'), ids.next('source'), ids.next('offer'), ids.next('opportunity')];
  const currency = facts.currency ?? 'USD';
  const profit = Math.max(100, facts.salePriceMinor - facts.priceMinor - 500);
  const candidate: ApprovalCandidate = {
    opportunityId, version: 1, offerId, productId, sourceId, sourceName: 'The shop', connector: facts.connector ?? 'woocommerce', sellerName: facts.sellerName ?? null, offerExternalId: facts.externalId, offerUrl: facts.url ?? 'https://shop.example/product',
    title: facts.title, brand: facts.brand, category: null, condition: 'new', unitsPerOffer: 1, quantity: facts.quantity, unitPrice: { minor: facts.priceMinor, currency }, shipping: { minor: facts.shippingMinor, currency },
    expected: { profit: usd(profit), salePrice: usd(facts.salePriceMinor), unitCost: usd(facts.priceMinor) }, roiBp: 5_000, lossChanceBp: 500, confidenceBp: 5_000, daysToSell: 14, fees: null, evidence: { shown: facts.title },
  };
  await ctx.db.transaction(async (tx) => {
    await tx.product.create({ data: { id: productId, gtin: facts.gtin.padStart(14, '0'), title: facts.title, brand: facts.brand, weightG: facts.weightG, imageUrl: 'https://images.example/thing.jpg', attributes: '{}', createdAt: at, updatedAt: at } });
    await tx.source.create({ data: { id: sourceId, kind: facts.connector ?? 'woocommerce', name: 'The shop', baseUrl: `https://${sourceId}.example`, config: '{}', createdAt: at } });
    await tx.offer.create({ data: { id: offerId, sourceId, externalId: facts.externalId, contentHash: 'x', facts: '{}', url: 'https://shop.example/product', title: facts.title, condition: 'new', packSize: 1, priceMinor: facts.priceMinor, currency, state: 'evaluated', firstSeenAt: at, lastSeenAt: at } });
    await tx.opportunity.create({
      data: {
        id: opportunityId, offerId, productId, sourceId, state: 'open', decision: 'purchase', title: facts.title, currency: 'USD', unitCostMinor: facts.priceMinor, salePriceMinor: facts.salePriceMinor, feesMinor: 0, profitMinor: profit,
        profitLowMinor: 0, profitHighMinor: profit, roiBp: 5_000, lossChanceBp: 500, daysToSell: 14, cashDayMinor: 1, demandPerMonth: 10, confidenceBp: 5_000, quantity: facts.quantity, channel: 'ebay-us', inputsHash: 'x',
        cardVersion: 'x', seenAt: at, evaluatedAt: at, detail: { create: { evaluation: JSON.stringify(candidate) } },
      },
    });
  });
  return { opportunityId, candidate };
}
