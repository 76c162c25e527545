import { DomainError, isConnectorError } from '#kernel/errors.ts';
import { HOUR_MS } from '#kernel/time.ts';
import { findSources } from '../sources/index.ts';
import { lookAt, readTarget, type WatchDeps } from './look.ts';
import { scheduleWatching } from './look-when-due.ts';
import { readAddress } from './read-address.ts';
import { findByTarget, findWatch, insertReading, insertWatch, keyOf, updateWatch } from './repo.ts';
import type { Watch, WatchTarget } from './watch.ts';

/** Four times a day: often enough to see a price move, seldom enough to be no burden to a shop. */
const USUAL_INTERVAL_MS = 6 * HOUR_MS;

const noSuchWatch = (id: string) => new DomainError('NOT_FOUND', 'There is no such watch.', { kind: 'watch', id });
const conflict = (version: number) => new DomainError('CONFLICT', 'Somebody changed this meanwhile: look at it again.', { version });

export async function requireWatch({ ctx }: Pick<WatchDeps, 'ctx'>, id: string): Promise<Watch> {
  const watch = await findWatch(ctx.db.prisma, id);
  if (!watch) throw noSuchWatch(id);
  return watch;
}

async function targetOf(deps: WatchDeps, address: string): Promise<WatchTarget> {
  const given = readAddress(address);
  if (given.kind === 'asin') return { kind: 'market', market: deps.catalog.currentPrices?.market ?? 'amazon-us', externalId: given.asin };
  const { url } = given;
  const source = (await findSources(deps.ctx.db)).find((one) => one.removedAt === null && URL.canParse(one.baseUrl) && new URL(one.baseUrl).origin === url.origin);
  return { kind: 'page', url: url.href, sourceId: source?.id ?? null, path: url.pathname + url.search };
}

const addressOf = (target: WatchTarget): string => (target.kind === 'page' ? target.url : `https://www.amazon.com/dp/${target.externalId}`);

/** Looks once and watches what it finds. What is watched already is answered as it is. @throws DomainError INVALID, NO_OFFER. */
export async function addWatch(deps: WatchDeps, given: { readonly address: string; readonly intervalMs?: number | undefined }, signal: AbortSignal): Promise<Watch> {
  const { ctx } = deps;
  const target = await targetOf(deps, given.address);
  const known = await findByTarget(ctx.db.prisma, target);
  if (known) return known;
  const found = await readTarget(deps, target, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    if (isConnectorError(error)) throw new DomainError('NO_OFFER', `Nothing is watched: ${error.detail.message}`, { reason: error.detail.message.slice(0, 300) }, error);
    throw error;
  });
  const now = ctx.clock.now();
  const intervalMs = given.intervalMs ?? USUAL_INTERVAL_MS;
  const watch: Watch = {
    id: ctx.ids.next('watch'), target, address: addressOf(target), title: found.title ?? keyOf(target), productId: found.productId, state: 'active', intervalMs, belowMinor: null, nextAt: now + intervalMs, checkedAt: now, readAt: now, problem: null, failures: 0, last: found.reading, changeBp: null,
    createdAt: now, version: 1,
  };
  const stored = await ctx.db.transaction(async (tx) => {
    // added twice at once: the first stands
    const standing = await findByTarget(tx, target);
    if (standing) return standing;
    await insertWatch(tx, watch);
    await insertReading(tx, watch.id, now, found.reading);
    await ctx.outbox.add(tx, 'watch.added', watch.id);
    return watch;
  });
  await scheduleWatching(ctx);
  return stored;
}

export interface WatchChange {
  readonly id: string;
  readonly version: number;
  readonly state?: Watch['state'] | undefined;
  readonly intervalMs?: number | undefined;
  readonly belowMinor?: number | null | undefined;
  readonly productId?: string | null | undefined;
}

/** @throws DomainError NOT_FOUND, CONFLICT, INVALID. */
export async function changeWatch({ ctx }: Pick<WatchDeps, 'ctx'>, change: WatchChange): Promise<Watch> {
  const after = await ctx.db.transaction(async (tx) => {
    const watch = await findWatch(tx, change.id);
    if (!watch) throw noSuchWatch(change.id);
    if (watch.version !== change.version) throw conflict(watch.version);
    if (change.productId && !(await tx.product.findUnique({ where: { id: change.productId }, select: { id: true } }))) throw new DomainError('INVALID', 'productId: there is no such product.', { field: 'productId', reason: 'unknown' });
    const now = ctx.clock.now();
    const woken = change.state === 'active' && watch.state === 'paused' ? now : Math.min(watch.nextAt, change.intervalMs === undefined ? watch.nextAt : now + change.intervalMs);
    const done = await updateWatch(tx, watch, {
      ...(change.state === undefined ? {} : { state: change.state }), ...(change.intervalMs === undefined ? {} : { intervalMs: change.intervalMs }), ...(change.belowMinor === undefined ? {} : { belowMinor: change.belowMinor }),
      ...(change.productId === undefined ? {} : { productId: change.productId }), nextAt: woken,
    });
    if (!done) throw conflict(watch.version);
    await ctx.outbox.add(tx, 'watch.changed', watch.id);
    return (await findWatch(tx, watch.id))!;
  });
  await scheduleWatching(ctx);
  return after;
}

/** @throws DomainError NOT_FOUND. */
export async function removeWatch({ ctx }: Pick<WatchDeps, 'ctx'>, id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    if ((await tx.watch.deleteMany({ where: { id } })).count === 0) throw noSuchWatch(id);
    await ctx.outbox.add(tx, 'watch.removed', id);
  });
  await scheduleWatching(ctx);
}

/** @throws DomainError NOT_FOUND. */
export async function lookNow(deps: WatchDeps, id: string, signal: AbortSignal): Promise<Watch> {
  await lookAt(deps, await requireWatch(deps, id), signal);
  return requireWatch(deps, id);
}

