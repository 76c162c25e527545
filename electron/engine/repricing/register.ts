import { z } from 'zod';
import { HOUR_MS } from '#kernel/time.ts';
import type { RepricingDeps } from './deps.ts';
import { REPRICING } from './rule-defaults.ts';
import { readSetting } from '../settings/index.ts';
import { learnFromGone } from './learn-from-gone.ts';
import { repriceListings } from './reprice-listings.ts';
import { LIVE } from './weigh-listing.ts';

export const REPRICE = 'reprice';
export const REPRICE_MARKET = 'reprice-market';
/** The market is looked at anew this often; turns missed in sleep become one, at once. */
const MARKET_EVERY_MS = 6 * HOUR_MS;

async function queue(deps: RepricingDeps, listingIds: readonly string[], trigger: string): Promise<void> {
  const { db, jobs } = deps.ctx;
  if (listingIds.length === 0 || !(await readSetting(db, REPRICING)).value.on) return;
  await db.transaction(async (tx) => {
    for (const listingId of listingIds) await jobs.add(tx, { kind: REPRICE, payload: { listingId, trigger }, uniqueKey: `${REPRICE}:${listingId}` });
  });
}

const live = { state: { in: [...LIVE] }, quantity: { gt: 0 } };

/** Every live listing: what others ask is fetched anew where it has aged, then each is looked at once. */
async function lookAtAll(deps: RepricingDeps, trigger: string, signal: AbortSignal): Promise<void> {
  const { db, log } = deps.ctx;
  if (!(await readSetting(db, REPRICING)).value.on) return;
  await learnFromGone(deps, signal);
  const listings = await db.prisma.listing.findMany({ where: live, orderBy: { id: 'asc' }, select: { id: true, productId: true } });
  try {
    await deps.markets.refresh([...new Set(listings.map((listing) => listing.productId))], signal);
  } catch (error) {
    // Figures that stay old move no price after some days; the rest of the look goes on.
    log.warn('the market could not be asked for repricing', { error });
  }
  await repriceListings(deps, listings.map((listing) => listing.id), { trigger, signal });
}

/** Makes repricing known to the runtime. Before `jobs.start()`. */
export function registerRepricing(deps: RepricingDeps): void {
  const { jobs, outbox, db } = deps.ctx;
  jobs.register({ kind: REPRICE, payload: z.strictObject({ listingId: z.string(), trigger: z.string() }), run: async ({ listingId, trigger }, job) => { await repriceListings(deps, [listingId], { trigger, signal: job.signal }); } });
  jobs.register({ kind: REPRICE_MARKET, payload: z.strictObject({ trigger: z.string() }), run: ({ trigger }, job) => lookAtAll(deps, trigger, job.signal) });
  outbox.subscribe('listing.active', async ({ id }) => queue(deps, id === null ? [] : [id], 'stock'));
  for (const topic of ['stock.adjusted', 'stock.returned']) {
    outbox.subscribe(topic, async ({ id }) => {
      if (id !== null) await queue(deps, (await db.prisma.listing.findMany({ where: { ...live, lotId: id }, select: { id: true } })).map((row) => row.id), 'stock');
    });
  }
  outbox.subscribe('order.added', async ({ id }) => {
    if (id === null) return;
    const lines = await db.prisma.orderLine.findMany({ where: { orderId: id, lotId: { not: null } }, select: { lotId: true } });
    await queue(deps, (await db.prisma.listing.findMany({ where: { ...live, lotId: { in: lines.flatMap((line) => line.lotId ?? []) } }, select: { id: true } })).map((row) => row.id), 'sale');
  });
  outbox.subscribe('settings.repricing', () => askAll(deps, 'rules'));
  outbox.subscribe('settings.limits', () => askAll(deps, 'rules'));
}

async function askAll(deps: RepricingDeps, trigger: string): Promise<void> {
  await deps.ctx.db.transaction((tx) => deps.ctx.jobs.add(tx, { kind: REPRICE_MARKET, payload: { trigger }, uniqueKey: `${REPRICE_MARKET}:${trigger}` }));
}

export function scheduleRepricing({ ctx }: RepricingDeps): Promise<void> {
  return ctx.jobs.schedule(REPRICE_MARKET, { everyMs: MARKET_EVERY_MS, jobKind: REPRICE_MARKET, payload: { trigger: 'market' }, firstAt: ctx.clock.now() + MARKET_EVERY_MS });
}
