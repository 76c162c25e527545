import { z } from 'zod';
import { isConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { MINUTE_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import type { JobHandler } from '#runtime/ports.ts';
import { getLots, type Lot } from '../inventory/index.ts';
import { findListings, onChannel, withListing, type Listing, type ListingChannelPort } from '../listings/index.ts';
import type { UnitLocksDeps } from './deps.ts';
import type { UnitLock } from './lock.ts';
import { nextDue, takeDue, writeResult, type LockResult } from './repo.ts';

export const TELL_CHANNEL = 'unit-locks.tell';
/** Listings in one go: one write before their calls, one after. */
const BATCH = 40;
const CALLS_AT_ONCE = 8;
/** A call that has not come back by then is taken to be lost. */
const LEASE_MS = 90 * SECOND_MS;
const FIRST_WAIT_MS = 2 * SECOND_MS;
const LONGEST_WAIT_MS = 5 * MINUTE_MS;
/** Tries after which a person is told; a channel that is away is tried on. */
const MOST_REFUSALS = 3;
/** Until a listing that is on its way to the channel has arrived there. */
const ON_ITS_WAY_MS = 10 * SECOND_MS;

const payload = z.strictObject({ channel: z.string() });

/** What became of one listing at the channel. */
type Told =
  | { readonly kind: 'shown'; readonly shown: number | null; readonly toldAt: Instant | null; readonly at: Instant; readonly proof: Readonly<Record<string, unknown>>; readonly target: number }
  | { readonly kind: 'wait'; readonly at: Instant }
  | { readonly kind: 'failed'; readonly error: unknown; readonly toldAt: Instant | null };

interface Work {
  readonly locks: readonly UnitLock[];
  readonly listing: Listing;
}

/** Tells one channel all that it has to hear. Several may run: each takes what no other has. */
export function tellChannelJob(deps: UnitLocksDeps): JobHandler<z.infer<typeof payload>> {
  return {
    kind: TELL_CHANNEL, payload, concurrency: 5,
    run: async ({ channel }, job) => {
      while (!job.signal.aborted && (await tellBatch(deps, channel, job.signal)));
      await addNext(deps, channel);
    },
  };
}

/** A job for what has to wait: retries, and what was added while this one ran. */
async function addNext({ ctx }: UnitLocksDeps, channel: string): Promise<void> {
  const due = (await nextDue(ctx.db)).find((entry) => entry.channel === channel);
  if (!due) return;
  const runAt = Math.max(due.nextAt, ctx.clock.now());
  await ctx.db.transaction((tx) => ctx.jobs.add(tx, { kind: TELL_CHANNEL, payload: { channel }, runAt, uniqueKey: `${TELL_CHANNEL}:${channel}:${runAt}:next` }));
}

/** True when there was something to tell. */
export async function tellBatch(deps: UnitLocksDeps, channel: string, signal: AbortSignal): Promise<boolean> {
  const { db, clock, killSwitch } = deps.ctx;
  if (await killSwitch.isOn()) return false;
  const now = clock.now();
  const taken = await db.transaction((tx) => takeDue(tx, { channel, now, leaseUntil: now + LEASE_MS, listings: BATCH }));
  if (taken.length === 0) return false;
  const [listings, work] = [await findListings(db.prisma, [...new Set(taken.map((lock) => lock.listingId))]), [] as Work[]];
  for (const listing of listings) work.push({ listing, locks: taken.filter((lock) => lock.listingId === listing.id) });
  const outcomes: { readonly of: Work; readonly told: Told }[] = [];
  const next = work.values();
  const worker = async () => {
    for (const of of next) outcomes.push({ of, told: await tellListing(deps, of, signal) });
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
  await db.transaction(async (tx) => {
    for (const { of, told } of outcomes) for (const [ids, result] of resultsOf(deps, of.locks, told)) await writeResult(tx, ids, result);
  });
  await announceStopped(deps, outcomes);
  return true;
}

async function tellListing(deps: UnitLocksDeps, { listing, locks }: Work, signal: AbortSignal): Promise<Told> {
  const { clock } = deps.ctx;
  let toldAt: Instant | null = null;
  try {
    return await withListing(listing.id, async () => {
      const [fresh] = await findListings(deps.ctx.db.prisma, [listing.id]);
      const [lot] = await getLots(deps.ctx.db.prisma, [listing.lotId]);
      if (fresh?.state === 'publishing' || fresh?.state === 'draft') return { kind: 'wait', at: clock.now() + ON_ITS_WAY_MS };
      if (!fresh || !lot || fresh.state === 'ended') return { kind: 'shown', shown: 0, toldAt, at: clock.now(), proof: { listing: fresh?.state ?? 'gone' }, target: 0 };
      return lower(deps, { listing: fresh, lot, first: locks.every((lock) => lock.attempts === 1), signal, onTold: () => (toldAt = clock.now()) });
    });
  } catch (error) {
    return { kind: 'failed', error, toldAt };
  }
}

/** Reads, unless it is the first try and nothing is left; sets the lower of what is there and what may be; reads again for the proof. */
async function lower(deps: UnitLocksDeps, given: { readonly listing: Listing; readonly lot: Lot; readonly first: boolean; readonly signal: AbortSignal; readonly onTold: () => Instant }): Promise<Told> {
  const { listing, lot, signal } = given;
  const { channel } = onChannel(deps.listings, listing.channel);
  const { clock } = deps.ctx;
  const target = lot.onHand;
  const known = given.first && target === 0 ? listing.externalOfferId : null;
  const before = known === null ? await shownAt(channel, listing.sku, signal) : null;
  if (before && (before.offerId === null || (before.shown !== null && before.shown <= target))) return { kind: 'shown', shown: before.shown, toldAt: null, at: clock.now(), proof: { state: before.state, shown: before.shown, by: 'reading' }, target };
  const offerId = before?.offerId ?? known!;
  // pressed while earlier ones of the same batch went out
  if (deps.ctx.killSwitch.isOnNow()) return { kind: 'wait', at: clock.now() + ON_ITS_WAY_MS };
  await channel.reviseOffer(listing.sku, offerId, { price: listing.price, floor: listing.floor, quantity: Math.min(target, before?.shown ?? target) }, { signal });
  const toldAt = given.onTold();
  const after = await shownAt(channel, listing.sku, signal);
  return { kind: 'shown', shown: after.shown, toldAt, at: clock.now(), proof: { state: after.state, shown: after.shown, offerId, by: 'answer and reading' }, target };
}

async function shownAt(channel: ListingChannelPort, sku: string, signal: AbortSignal): Promise<{ offerId: string | null; shown: number | null; state: string }> {
  const offer = await channel.findOffer(sku, { signal });
  if (!offer) return { offerId: null, shown: 0, state: 'absent' };
  // one that buyers do not see for now (suppressed, or still worked on) may be shown later with the quantity that stands there
  if (offer.state === 'ended' || (offer.state === 'unpublished' && !offer.quantity)) return { offerId: null, shown: 0, state: offer.state };
  return { offerId: offer.offerId, shown: offer.state === 'out-of-stock' ? 0 : (offer.quantity ?? null), state: offer.state };
}

const idsOf = (chosen: readonly UnitLock[]) => chosen.map((lock) => lock.id);

/** What is written of each lock. */
function resultsOf(deps: UnitLocksDeps, locks: readonly UnitLock[], told: Told): [string[], LockResult][] {
  const now = deps.ctx.clock.now();
  if (told.kind === 'wait') return [[idsOf(locks), { state: 'intended', nextAt: told.at }]];
  if (told.kind === 'failed') return [[idsOf(locks), failure(deps, { error: told.error, toldAt: told.toldAt, attempts: Math.max(...locks.map((lock) => lock.attempts)), now })]];
  const { shown, toldAt, at, target } = told;
  const proof = { proof: JSON.stringify(told.proof), shown, error: null };
  if (shown !== null && shown > target) return [[idsOf(locks), { state: 'told', toldAt, ...proof, error: `the channel shows ${shown} and may show ${target}`, nextAt: now + wait(deps, Math.max(...locks.map((lock) => lock.attempts))) }]];
  // Stock that came back since makes the earlier, lower figure moot; what the channel shows is right for now.
  const [moot, proved] = [locks.filter((lock) => lock.quantity < (shown ?? 0)), locks.filter((lock) => lock.quantity >= (shown ?? 0))];
  return [[idsOf(moot), { state: 'moot' as const, toldAt, ...proof, nextAt: null }], [idsOf(proved), { state: 'proved' as const, toldAt, provedAt: at, ...proof, nextAt: null }]].filter(([chosen]) => (chosen as string[]).length > 0) as [string[], LockResult][];
}

function wait(deps: UnitLocksDeps, attempts: number): number {
  return Math.round(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 10)) * (0.75 + deps.ctx.random.next() / 2));
}

function failure(deps: UnitLocksDeps, given: { readonly error: unknown; readonly toldAt: Instant | null; readonly attempts: number; readonly now: Instant }): LockResult {
  const { error, toldAt, attempts, now } = given;
  const text = maskText(messageOf(error)).slice(0, 300);
  const refused = isConnectorError(error, 'Rejected');
  if (refused && attempts >= MOST_REFUSALS) return { state: 'stopped', toldAt, error: text, nextAt: null };
  const asked = isConnectorError(error, 'Throttled') ? error.detail.retryAfterMs : undefined;
  return { state: toldAt === null ? 'intended' : 'told', toldAt, error: text, nextAt: now + Math.max(asked ?? 0, wait(deps, attempts)) };
}

async function announceStopped(deps: UnitLocksDeps, outcomes: readonly { readonly of: Work; readonly told: Told }[]): Promise<void> {
  const failed = outcomes.filter(({ told }) => told.kind === 'failed');
  for (const { of, told } of failed) deps.ctx.log.warn('a channel could not be told that units are gone', { channel: of.listing.channel, listingId: of.listing.id, attempt: of.locks[0]!.attempts, error: told.kind === 'failed' ? messageOf(told.error) : '' });
  const stopped = failed.filter(({ of, told }) => told.kind === 'failed' && isConnectorError(told.error, 'Rejected') && of.locks.some((lock) => lock.attempts >= MOST_REFUSALS));
  if (stopped.length > 0) await deps.ctx.db.transaction(async (tx) => { for (const { of } of stopped) await deps.ctx.outbox.add(tx, 'unit-lock.stopped', of.locks[0]!.id, { listingId: of.listing.id, channel: of.listing.channel }); });
}
