import type { Reason } from '#contract/shared.ts';
import { ConnectorError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { parseIdentifier } from '#kernel/identifiers.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '#kernel/time.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { findByCodes, findProduct, type CatalogDeps } from '../catalog/index.ts';
import { findSource } from '../sources/index.ts';
import { changeBpOf, detectChanges, FAILURES_TOLD, isSame } from './detect-changes.ts';
import type { PageReaderPort } from './ports.ts';
import { findWatch, insertAlert, insertReading, readingAt, readMine, recordLook } from './repo.ts';
import type { Reading, Watch, WatchTarget } from './watch.ts';

export interface WatchDeps {
  readonly ctx: EngineContext;
  readonly pages: PageReaderPort;
  /** Prices on Amazon; null while it is not connected. */
  readonly catalog: Pick<CatalogDeps, 'currentPrices'>;
}

/** What stands at a target now. */
export interface Found {
  readonly reading: Reading;
  readonly title: string | null;
  readonly productId: string | null;
}

const LONGEST_PAUSE_MS = DAY_MS;
const LEAST_PAUSE_MS = 5 * MINUTE_MS;
const WEEK_MS = 7 * DAY_MS;
/** So that watches that were added together are not asked for together for ever. */
const JITTER = 0.1;

const refused = (code: string, message: string) => new ConnectorError({ kind: 'Rejected', connector: 'watch', operation: 'look', code, message });

async function readMarket({ ctx, catalog }: WatchDeps, target: Extract<WatchTarget, { kind: 'market' }>, signal: AbortSignal): Promise<Found> {
  const prices = catalog.currentPrices;
  if (!prices || prices.market !== target.market) throw refused('NOT_CONNECTED', 'Amazon is not connected: connect it under Settings, Connections.');
  const answer = await prices.currentPrices([target.externalId], { signal });
  const item = answer.items.find((one) => one.externalId === target.externalId);
  if (!item) throw refused('UNKNOWN', answer.unreadable[0]?.reason ?? 'Amazon knows no product of this number.');
  const productId = (await findByCodes(ctx.db, 'asin', [target.externalId])).get(target.externalId) ?? null;
  const sellers = item.offersNew ?? null;
  return { reading: { price: item.buyBoxNew ?? null, available: item.buyBoxNew ? true : sellers === 0 ? false : null, quantity: null, sellers }, title: productId === null ? null : ((await findProduct(ctx.db, productId))?.title ?? null), productId };
}

/** A page of a source's site is where the source is now. */
export const pageOfSource = (source: { readonly baseUrl: string }, target: Extract<WatchTarget, { kind: 'page' }>): string => new URL(target.path, source.baseUrl).href;

async function addressNow({ ctx }: WatchDeps, target: Extract<WatchTarget, { kind: 'page' }>): Promise<string> {
  const source = target.sourceId === null ? null : await findSource(ctx.db, target.sourceId);
  return source ? pageOfSource(source, target) : target.url;
}

async function readPage(deps: WatchDeps, target: Extract<WatchTarget, { kind: 'page' }>, signal: AbortSignal): Promise<Found> {
  const page = await deps.pages.read(await addressNow(deps, target), signal);
  const products = new Set((await findByCodes(deps.ctx.db, 'gtin', page.codes.flatMap((code) => parseIdentifier(code)?.gtin14 ?? []))).values());
  // a page that names two products names none
  return { reading: { price: page.price, available: page.available, quantity: page.quantity, sellers: null }, title: page.title, productId: products.size === 1 ? [...products][0]! : null };
}

/** @throws ConnectorError */
export const readTarget = (deps: WatchDeps, target: WatchTarget, signal: AbortSignal): Promise<Found> => (target.kind === 'market' ? readMarket(deps, target, signal) : readPage(deps, target, signal));

const nextAfter = ({ ctx }: WatchDeps, intervalMs: number): Instant => ctx.clock.now() + Math.round(intervalMs * (1 + JITTER * (ctx.random.next() - 0.5)));

/** Failing watches are asked for less and less often, but at least once a day; where the vendor says when, then. */
function pauseOf(watch: Watch, error: unknown): number {
  if (isConnectorError(error, 'Throttled')) return Math.max(LEAST_PAUSE_MS, error.detail.retryAfterMs ?? HOUR_MS);
  return Math.max(watch.intervalMs, Math.min(LONGEST_PAUSE_MS, watch.intervalMs * 2 ** Math.min(watch.failures, 5)));
}

async function recordFailure(deps: WatchDeps, watch: Watch, error: unknown): Promise<void> {
  const { ctx } = deps;
  const throttled = isConnectorError(error, 'Throttled');
  const failures = throttled ? watch.failures : watch.failures + 1;
  const problem: Reason = { code: 'message', data: { text: (isConnectorError(error) ? error.detail.message : messageOf(error)).slice(0, 300) } };
  await ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    if (!(await recordLook(tx, watch.id, { checkedAt: at, nextAt: at + pauseOf(watch, error), problem, failures }))) return;
    if (!throttled && failures === FAILURES_TOLD) await insertAlert(tx, { id: ctx.ids.next('watchAlert'), watchId: watch.id, reason: { code: 'watch.unreadable', data: problem.data }, at });
    await ctx.outbox.add(tx, 'watch.looked', watch.id);
  });
}

async function recordFound(deps: WatchDeps, id: string, found: Found): Promise<void> {
  const { ctx } = deps;
  await ctx.db.transaction(async (tx) => {
    const watch = await findWatch(tx, id);
    if (!watch) return;
    const at = ctx.clock.now();
    const productId = watch.productId ?? found.productId;
    const weekBefore = (await readingAt(tx, id, at - WEEK_MS))?.price ?? null;
    await recordLook(tx, id, { checkedAt: at, nextAt: nextAfter(deps, watch.intervalMs), problem: null, failures: 0, found: { reading: found.reading, title: found.title ?? watch.title, productId, changeBp: changeBpOf(weekBefore, found.reading.price) } });
    if (!isSame(watch.last, found.reading)) {
      await insertReading(tx, id, at, found.reading);
      const mine = productId === null ? null : ((await readMine(tx, [productId])).get(productId) ?? null);
      for (const reason of detectChanges({ before: watch.last, now: found.reading, belowMinor: watch.belowMinor, mine })) await insertAlert(tx, { id: ctx.ids.next('watchAlert'), watchId: id, reason, at });
    }
    await ctx.outbox.add(tx, 'watch.looked', id);
  });
}

/**
 * Looks once and writes down what was found, or why nothing was. Reading changes nothing outside, and what was found is written with the time of the next look: killed anywhere, it is done over.
 * @throws the signal's reason when aborted.
 */
export async function lookAt(deps: WatchDeps, watch: Watch, signal: AbortSignal): Promise<void> {
  let found: Found;
  try {
    found = await readTarget(deps, watch.target, signal);
  } catch (error) {
    signal.throwIfAborted();
    return recordFailure(deps, watch, error);
  }
  await recordFound(deps, watch.id, found);
}
