import { createInProcessClient } from './transports/in-process.ts';
import { SYNC_ORDERS } from '#engine/orders/index.ts';
import { homeRate, homeSum, homeValue } from '#engine/settings/index.ts';
import { convert, inverse, money, type Money } from '#kernel/money.ts';
import { choosePurchases, type PracticePolicy } from './choose-purchases.ts';
import { composeApp, type App, type DeskClient } from './compose.ts';
import type { AppOptions } from './options.ts';
import type { contract } from '#contract/index.ts';
import { isDefinedError } from '@orpc/client';
import { countChannels, OtherChannels, type ChannelCounts } from './practice-channels.ts';
import { z } from 'zod';
import { allowOwnReplies, answerCustomers } from './practice-support.ts';
import type { RunMarket } from './hosting/start-run-market.ts';
import { DAY_MS, HOUR_MS, type ManualClock } from '#kernel/time.ts';

export interface PracticeRunPlan {
  readonly days: number;
  /** Moved by the run alone. */
  readonly clock: ManualClock;
  /** The market itself: its vendors count what was really done to them, and its truth says what a naive buyer would have come to. */
  readonly market: Pick<RunMarket, 'report'>;
  readonly onDay?: (day: number) => void;
  /** What the person buys by; `ranking` unless told. */
  readonly policy?: PracticePolicy;
  /** The day from which everything is offered on all connected channels, and not on the main one alone, and prices move by the rules; 0 is the first. */
  readonly everywhereFrom: number;
  /** Prices are left alone. */
  readonly keepPrices?: boolean;
  /** In which the business keeps its books, at the rate of the practice bureau; US dollars unless told. */
  readonly home?: string;
}

/** What the run came to. Amounts in minor units of the home currency. */
export interface PracticeRunResult {
  readonly seed: number;
  readonly days: number;
  readonly currency: string;
  readonly revenueMinor: number;
  readonly costMinor: number;
  readonly feesMinor: number;
  readonly postageMinor: number;
  readonly refundsMinor: number;
  readonly profitMinor: number;
  readonly estimatedProfitMinor: number;
  readonly meanAbsoluteErrorMinor: number | null;
  readonly meanErrorMinor: number | null;
  readonly cashMinor: number;
  readonly stockMinor: number;
  readonly receivableMinor: number;
  readonly purchases: number;
  readonly unitsBought: number;
  readonly unitsSold: number;
  readonly unitsOnHand: number;
  readonly orders: number;
  readonly offersSeen: number;
  readonly opportunities: number;
  readonly ledgerBalanced: boolean;
  readonly unitsConserved: boolean;
  /** Orders that the shops hold, and those of them that are not ours to know: a purchase made twice, or lost. */
  readonly vendorOrders: number;
  readonly duplicateOrders: number;
  /** Listings that the channel holds, and SKUs that stand there more than once. */
  readonly vendorListings: number;
  readonly duplicateListings: number;
  readonly vendorSales: number;
  /** Sales that did not become an order of ours. */
  readonly unbookedSales: number;
  /** What buying the highest list-price gap each day would have earned in the same world, under the same limits. */
  readonly naiveProfitMinor: number;
  /** What buyers wrote, what was answered without a person, and what is still owed. */
  readonly tickets: number;
  readonly ticketsByThemselves: number;
  readonly repliesByPerson: number;
  readonly ticketsOwed: number;
  readonly channels: readonly ChannelCounts[];
  /** Prices that the rules moved. */
  readonly repriced: number;
  readonly findings: readonly string[];
}

/** Hours of the virtual day at which the person of the run looks at the desk. */
const MORNING = 8;
const STEP_HOURS = 8;
/** Refusals for want of money after which the day's is taken to be spent. */
const ENOUGH_REFUSALS = 3;
/** Limits that say so. */
const MONEY_LIMITS = /^limit\.(?:per-day|cash)/;

const isForMoney = (error: unknown): boolean => z.object({ data: z.object({ reasons: z.array(z.object({ code: z.string() })) }) }).safeParse(error).data?.data.reasons.some((r) => MONEY_LIMITS.test(r.code)) === true;

/** Approves what the limits allow, in the order of its policy, as a person would who trusts it. */
async function approveMorning(app: App, client: DeskClient, policy: PracticePolicy): Promise<void> {
  const { parts } = app;
  // where the desk has no checkout a person would have to order by hand, which nobody does in a run
  const kinds = new Map((await client.sources.list()).map((source) => [source.id, source.kind]));
  let refused = 0;
  for (const row of await choosePurchases(app, client, policy)) {
    if (!parts.trade.purchasing.checkouts.supports(kinds.get(row.sourceId) ?? '')) continue;
    try {
      await client.opportunities.approve({ id: row.id, version: row.version, quantity: policy === 'plan' ? row.quantity : undefined });
    } catch (error) {
      // a limit, or figures that moved on: the next one may still fit
      if (!isDefinedError(error as Error)) throw error;
      if (isForMoney(error) && ++refused >= ENOUGH_REFUSALS) return;
    }
  }
}

/**
 * Where an order would have to be placed by hand, nobody buys in a run: such shops are looked at each week, for what they tell of prices and for their
 * connectors' sake, and suppliers' lists not at all.
 */
async function slowDownByHand({ parts }: App, client: DeskClient): Promise<void> {
  for (const source of await client.sources.list()) {
    if (parts.trade.purchasing.checkouts.supports(source.kind)) continue;
    await client.sources.update({ id: source.id, ...(source.kind === 'price-list' ? { enabled: false } : { intervalMs: 7 * DAY_MS }) });
  }
}

/** What the vendors have delivered since the person last looked. */
class Parcels {
  readonly #arrived = new Set<string>();

  constructor(app: App) {
    app.parts.ctx.outbox.subscribe('purchase.delivered', async ({ id }) => void (id && this.#arrived.add(id)));
  }

  async takeIn(client: DeskClient): Promise<void> {
    for (const id of this.#arrived) {
      const detail = await client.purchases.get({ id });
      if (detail.state === 'confirmed') await client.purchases.receive({ id, version: detail.version, units: detail.units, damaged: 0 });
    }
    this.#arrived.clear();
  }
}

/** Gives up what stopped: the ranking has better to offer than a price that rose. */
async function giveUpStopped(client: DeskClient): Promise<void> {
  const { items } = await client.purchases.list({ state: 'stopped', limit: 200 });
  for (const purchase of items) await client.purchases.cancel({ id: purchase.id, version: purchase.version });
}

async function sendSold(client: DeskClient): Promise<void> {
  const { items } = await client.orders.list({ state: 'paid', limit: 200 });
  for (const order of items) {
    if (order.shippedAt !== null) continue;
    await client.orders.ship({ id: order.id, version: order.version, carrier: 'USPS', tracking: `94${order.externalId.replace(/\D/g, '').padEnd(18, '0').slice(0, 18)}` });
  }
}

interface Day {
  readonly app: App;
  readonly client: DeskClient;
  readonly clock: ManualClock;
  readonly parcels: Parcels;
  readonly others: OtherChannels;
  readonly day: number;
  readonly morning: number;
  readonly policy: PracticePolicy;
  readonly keepPrices: boolean;
}

async function repriceByRules(client: DeskClient): Promise<void> {
  const { value, version } = await client.repricing.settings();
  await client.repricing.saveSettings({ value: { ...value, on: true }, version });
}

async function runDay({ app, client, clock, parcels, others, day, morning, policy, keepPrices }: Day): Promise<void> {
  const { jobs } = app.parts.ctx;
  for (let hour = 0; hour < 24; hour += STEP_HOURS) {
    clock.advanceTo(morning + hour * HOUR_MS);
    await jobs.runDue();
    if (hour === 0) {
      await giveUpStopped(client);
      await answerCustomers(client);
      await others.offer(client, day);
      if (day === others.fromDay && !keepPrices) await repriceByRules(client);
      await approveMorning(app, client, policy);
    }
    await parcels.takeIn(client);
    await sendSold(client);
    await jobs.runDue();
  }
}

/** The last hour: everything that is under way ends, and every sale that was made is heard of. */
async function settle(app: App, plan: PracticeRunPlan, start: number): Promise<void> {
  const { jobs, db } = app.parts.ctx;
  plan.clock.advanceTo(start + plan.days * DAY_MS);
  await jobs.runDue();
  await db.transaction((tx) => jobs.add(tx, { kind: SYNC_ORDERS, payload: {}, uniqueKey: SYNC_ORDERS }));
  await jobs.runDue();
}

async function summarise(app: App, client: DeskClient, plan: PracticeRunPlan): Promise<PracticeRunResult> {
  const { prisma } = app.parts.ctx.db;
  const [profit, balances, books] = [await client.ledger.profit({}), await client.ledger.balances(), await app.verifyBooks()];
  const business = (await client.settings.business()).value;
  const sum = (match: (account: string) => boolean) => homeSum(business, balances.accounts.flatMap((a) => (match(a.account) ? [a.balance] : []))).sum.minor;
  const own = await prisma.purchase.count({ where: { externalId: { not: null } } });
  const limits = (await client.settings.limits()).value;
  // the market's own truth is told in dollars
  const dollars = homeRate(business, 'USD')!.rate;
  const inDollars = (amount: Money) => (amount.currency === 'USD' ? amount : convert(amount, inverse(dollars))).minor;
  const vendors = await plan.market.report({ days: plan.days, budgetMinor: inDollars(business.openingCash), perDayMinor: limits.perDay && inDollars(limits.perDay), perPurchaseMinor: limits.perPurchase && inDollars(limits.perPurchase) });
  const lots = await prisma.stockLot.findMany({ select: { quantity: true, onHand: true } });
  const counts = { purchases: await prisma.purchase.count({ where: { confirmedAt: { not: null } } }), orders: await prisma.order.count(), offers: await prisma.offer.count(), opportunities: await prisma.opportunity.count({ where: { decision: { not: 'skip' } } }) };
  return {
    seed: app.parts.options.practice!.seed, days: plan.days, currency: profit.currency, revenueMinor: profit.revenue.minor, costMinor: profit.cost.minor, feesMinor: profit.fees.minor, postageMinor: profit.postage.minor,
    refundsMinor: profit.refunds.minor, profitMinor: profit.profit.minor, estimatedProfitMinor: profit.estimatedProfit.minor, meanAbsoluteErrorMinor: profit.meanAbsoluteError?.minor ?? null, meanErrorMinor: profit.meanError?.minor ?? null,
    cashMinor: sum((a) => a === 'assets:cash'), stockMinor: sum((a) => a === 'assets:inventory'), receivableMinor: sum((a) => a.startsWith('assets:receivable:')),
    purchases: counts.purchases, unitsBought: lots.reduce((units, lot) => units + lot.quantity, 0), unitsSold: profit.units, unitsOnHand: lots.reduce((units, lot) => units + lot.onHand, 0), orders: counts.orders, offersSeen: counts.offers, opportunities: counts.opportunities,
    vendorOrders: vendors.orders, duplicateOrders: Math.abs(vendors.orders - own), vendorListings: vendors.listings, duplicateListings: vendors.duplicateListings,
    vendorSales: vendors.sales, unbookedSales: vendors.sales - counts.orders, naiveProfitMinor: homeValue(business, money(vendors.naiveProfitMinor, 'USD'))!.minor,
    tickets: await prisma.ticket.count(), ticketsByThemselves: await prisma.draftOutcome.count({ where: { outcome: { in: ['by-itself', 'regretted'] } } }),
    repliesByPerson: await prisma.ticketMessage.count({ where: { direction: 'out', author: 'person', state: 'sent' } }), ticketsOwed: (await client.support.counts()).owed, channels: await countChannels(app), repriced: await prisma.repriceDecision.count({ where: { action: 'change' } }),
    ledgerBalanced: balances.balanced, unitsConserved: books.sound, findings: [...books.findings.map((f) => JSON.stringify(f)), ...books.miscounted.map((m) => JSON.stringify(m))],
  };
}

/** Before anything is booked: in which currency the books are kept. */
async function keepBooksIn(client: DeskClient, currency: string): Promise<void> {
  const state = await client.homeCurrency.state();
  if (state.currency === currency) return;
  const known = state.known.find((rate) => rate.from === state.currency && rate.to === currency);
  if (!known) throw new Error(`the practice bureau has no rate for ${currency}; it has ${[...new Set(state.known.map((rate) => rate.to))].join(', ')}`);
  const asked = { currency, rate: known.rate, kind: known.kind, source: known.source };
  const { businessVersion, limitsVersion } = await client.homeCurrency.propose(asked);
  await client.homeCurrency.choose({ ...asked, businessVersion, limitsVersion });
}

/**
 * The whole loop in virtual time, with a policy that approves by itself in the place of a person. It exists for the practice market alone: without a
 * simulated market and a clock that is moved by hand it refuses, and nothing in the program or its settings leads here.
 */
export async function runPractice(options: AppOptions, plan: PracticeRunPlan): Promise<PracticeRunResult> {
  if (!options.practice || options.practice.speed !== 0) throw new Error('a practice run needs the practice market, on a clock of its own: approving by itself is never for real accounts');
  const app = await composeApp(options);
  try {
    const client = createInProcessClient<typeof contract>(app);
    if (plan.home !== undefined) await keepBooksIn(client, plan.home);
    await slowDownByHand(app, client);
    await allowOwnReplies(client);
    const parcels = new Parcels(app);
    const others = new OtherChannels(plan.everywhereFrom);
    const start = plan.clock.now();
    for (let day = 0; day < plan.days; day++) {
      await runDay({ app, client, clock: plan.clock, parcels, others, day, policy: plan.policy ?? 'ranking', keepPrices: plan.keepPrices === true, morning: start + day * DAY_MS + MORNING * HOUR_MS });
      plan.onDay?.(day + 1);
    }
    await settle(app, plan, start);
    return await summarise(app, client, plan);
  } finally {
    await app.stop();
  }
}
