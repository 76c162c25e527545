import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { reasonSchema } from '#contract/shared.ts';
import { watchesContract, type WatchDetail, type WatchRow } from '#contract/watches.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { inOrder } from '#runtime/sorted-page.ts';
import { readPriceHistory } from '../listings/index.ts';
import { findSources, type SourceRecord } from '../sources/index.ts';
import { analyse, ANALYSED_DAYS, priceSteps, type Step } from './analyse.ts';
import { listWatches, readWatchFacets } from './list-watches.ts';
import { pageOfSource, type WatchDeps } from './look.ts';
import { addWatch, changeWatch, lookNow, removeWatch, requireWatch } from './manage-watches.ts';
import { countUnseen, findWatches, readAlerts, readMine, readReadings } from './repo.ts';
import type { Watch } from './watch.ts';

const ALERTS_SHOWN = 100;
const HISTORY_DAYS = 730;

async function rowsOf({ ctx: { db } }: WatchDeps, watches: readonly Watch[]): Promise<WatchRow[]> {
  const bySource = watches.some((one) => one.target.kind === 'page' && one.target.sourceId !== null) ? new Map((await findSources(db)).map((source) => [source.id, source])) : new Map<string, SourceRecord>();
  const [mine, unseen] = await Promise.all([readMine(db.prisma, watches.flatMap((one) => one.productId ?? [])), countUnseen(db, watches.map((one) => one.id))]);
  return watches.map((watch) => {
    const { target, last } = watch;
    const source = target.kind === 'page' && target.sourceId !== null ? bySource.get(target.sourceId) : undefined;
    return {
      id: watch.id, kind: target.kind, title: watch.title, address: source && target.kind === 'page' ? pageOfSource(source, target) : watch.address, place: target.kind === 'market' ? target.market : (source?.name ?? new URL(target.url).host), state: watch.state, price: last?.price ?? null, available: last?.available ?? null, quantity: last?.quantity ?? null, sellers: last?.sellers ?? null,
      changeBp: watch.changeBp, mine: watch.productId === null ? null : (mine.get(watch.productId) ?? null), below: watch.belowMinor === null || !last?.price ? null : money(watch.belowMinor, last.price.currency), intervalMs: watch.intervalMs, checkedAt: watch.checkedAt, readAt: watch.readAt, nextAt: watch.nextAt,
      problem: watch.problem, unseen: unseen.get(watch.id) ?? 0, productId: watch.productId, version: watch.version,
    };
  });
}

const rowOf = async (deps: WatchDeps, watch: Watch): Promise<WatchRow> => (await rowsOf(deps, [watch]))[0]!;

/** The own price over time: of the listing that is on sale and was made first. */
async function ownSteps(tx: Tx, given: { readonly productId: string | null; readonly currency: string | null; readonly since: Instant }): Promise<Step[]> {
  if (given.productId === null || given.currency === null) return [];
  const listing = await tx.listing.findFirst({ where: { productId: given.productId, currency: given.currency, state: 'active' }, orderBy: { id: 'asc' }, select: { id: true } });
  if (!listing) return [];
  return (await readPriceHistory(tx, listing.id, given.since)).prices.map(({ at, price }) => ({ at, value: price.minor }));
}

/** A step line to the present: the last value still holds. */
const toNow = (steps: readonly Step[], now: Instant) => {
  const last = steps.at(-1);
  const all = last && last.at < now ? [...steps, { at: now, value: last.value }] : steps;
  return { at: all.map((step) => step.at), value: all.map((step) => step.value) };
};

async function detailOf(deps: WatchDeps, id: string): Promise<WatchDetail> {
  const { db, clock } = deps.ctx;
  const watch = await requireWatch(deps, id);
  const now = clock.now();
  const since = now - HISTORY_DAYS * DAY_MS;
  const readings = await readReadings(db.prisma, id, since);
  const currency = watch.last?.price?.currency ?? readings.findLast((reading) => reading.price !== null)?.price?.currency ?? null;
  const mine = await ownSteps(db.prisma, { productId: watch.productId, currency, since: now - ANALYSED_DAYS * DAY_MS });
  const sellers = readings.some((reading) => reading.sellers !== null) ? readings.map(({ at, sellers: value }) => ({ at, value })) : [];
  return {
    ...(await rowOf(deps, watch)), history: { currency, price: toNow(priceSteps(readings, currency), now), sellers: toNow(sellers, now), mine: toNow(mine, now) }, analysis: analyse(readings, { currency, mine, now }), alerts: await readAlerts(db.prisma, id, ALERTS_SHOWN),
  };
}

async function markSeen({ ctx }: WatchDeps, watchId: string): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    const { count } = await tx.watchAlert.updateMany({ where: { watchId, seenAt: null }, data: { seenAt: at } });
    await tx.watchAlert.updateMany({ where: { watchId, toldAt: null }, data: { toldAt: at } });
    if (count > 0) await ctx.outbox.add(tx, 'watch.seen', watchId);
    return count;
  });
}

/** Each change is handed out once, whoever asks and however often. */
async function claim({ ctx }: WatchDeps): Promise<{ watchId: string; title: string; reason: ReturnType<typeof reasonSchema.parse> }[]> {
  return ctx.db.transaction(async (tx) => {
    const rows = await tx.watchAlert.findMany({ where: { toldAt: null }, orderBy: [{ at: 'desc' }, { id: 'desc' }], include: { watch: { select: { title: true } } } });
    if (rows.length > 0) await tx.watchAlert.updateMany({ where: { id: { in: rows.map((row) => row.id) } }, data: { toldAt: ctx.clock.now() } });
    return rows.map((row) => ({ watchId: row.watchId, title: row.watch.title, reason: reasonSchema.parse(JSON.parse(row.reason)) }));
  });
}

export function createWatchProcedures(deps: WatchDeps) {
  const os = implement(watchesContract).use(declaredErrors);
  const { db } = deps.ctx;
  const never = new AbortController().signal;
  return os.router({
    list: os.list.handler(async ({ input }) => {
      const { ids, ...page } = await listWatches(db, input);
      return { ...page, items: await rowsOf(deps, inOrder(ids, await findWatches(db.prisma, ids))) };
    }),
    facets: os.facets.handler(() => readWatchFacets(db)),
    get: os.get.handler(({ input }) => detailOf(deps, input.id)),
    add: os.add.handler(async ({ input, signal }) => rowOf(deps, await addWatch(deps, input, signal ?? never))),
    update: os.update.handler(async ({ input }) => rowOf(deps, await changeWatch(deps, input))),
    remove: os.remove.handler(async ({ input }) => { await removeWatch(deps, input.id); return { id: input.id }; }),
    look: os.look.handler(async ({ input, signal }) => rowOf(deps, await lookNow(deps, input.id, signal ?? never))),
    seen: os.seen.handler(async ({ input }) => ({ seen: await markSeen(deps, input.id) })),
    untold: os.untold.handler(async () => ({ count: await db.prisma.watchAlert.count({ where: { toldAt: null } }) })),
    claim: os.claim.handler(() => claim(deps)),
  });
}
