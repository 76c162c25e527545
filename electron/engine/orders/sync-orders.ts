import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '#kernel/time.ts';
import type { JobContext } from '#runtime/ports.ts';
import { putSetting, readSetting, type SettingKey } from '../settings/index.ts';
import { listedChannels, listingBySku } from '../listings/index.ts';
import { applyOrder } from './apply-order.ts';
import { expectedFees } from './expect-fees.ts';
import { findByExternalId } from './repo.ts';
import { NoRate } from './convert-amount.ts';
import type { OnSource, OrdersDeps } from './deps.ts';
import type { ChannelOrder, UnreadableOrder } from './ports.ts';
import { postageFor } from './ship-order.ts';

export const SYNC_ORDERS = 'orders.sync';
export const SYNC_EVERY_MS = 10 * MINUTE_MS;
/** How often orders are read where the same stock is on several channels: what sold on one has to leave the others. */
export const SYNC_SEVERAL_EVERY_MS = 2 * MINUTE_MS;
/** The schedule of reads may come a little early. */
const EARLY_MS = 30_000;
/** Channels index late: each pass reads this far back before the last one's start. */
const OVERLAP_MS = 15 * MINUTE_MS;
/** How far the first pass looks back. */
const FIRST_LOOK_MS = 30 * DAY_MS;
const MOST_UNREADABLE = 200;

const cursorSchema = z.strictObject({
  /** Start of the last pass that read everything; null before the first. */
  readUntil: z.int().nullable(),
  /** Orders that could not be read: kept, shown, and asked for again. */
  unreadable: z.array(z.strictObject({ orderId: z.string().nullable(), reason: z.string(), excerpt: z.string(), at: z.int() })),
});
type Cursor = z.infer<typeof cursorSchema>;

export const orderCursor = (channel: string): SettingKey<Cursor> => ({ key: `orders-cursor.${channel}`, schema: cursorSchema, fallback: { readUntil: null, unreadable: [] } });

/**
 * Connected channels whose orders are to be read now. One on which nothing of ours stands any more is looked at each hour, for what comes back; one on which nothing ever stood is left alone beside the main one: an
 * account may be there only to be asked, and have no leave to read orders.
 */
export async function dueMarkets(deps: OrdersDeps): Promise<string[]> {
  const { db, clock } = deps.ctx;
  const listed = await listedChannels(db.prisma);
  const usual = listed.now.size > 1 ? SYNC_SEVERAL_EVERY_MS : SYNC_EVERY_MS;
  const due: string[] = [];
  for (const { market, readEveryMs = 0 } of deps.sources.connected()) {
    if (!listed.ever.has(market) && market !== deps.listings.channels.main) continue;
    const { readUntil } = (await readSetting(db, orderCursor(market))).value;
    const everyMs = listed.now.has(market) ? Math.max(usual, readEveryMs) : HOUR_MS;
    if (readUntil === null || clock.now() - readUntil >= everyMs - EARLY_MS) due.push(market);
  }
  return due;
}

export interface SyncOutcome {
  readonly read: number;
  readonly added: number;
  readonly changed: number;
  readonly unreadable: number;
}

/** Reads what the channel changed since the last whole pass. Each order is taken in by itself; the cursor moves only when the pass is complete, so a kill repeats and loses nothing. */
export async function syncOrders(deps: OnSource, job: Pick<JobContext, 'signal' | 'progress'>): Promise<SyncOutcome> {
  const { db, clock, outbox } = deps.ctx;
  const key = orderCursor(deps.source.market);
  const cursor = (await readSetting(db, key)).value;
  const startedAt = clock.now();
  const counts = { read: 0, added: 0, changed: 0, unreadable: 0 };
  const unreadable = await retryUnreadable(deps, cursor, { counts, signal: job.signal });
  for await (const page of deps.source.orders({ modifiedFrom: (cursor.readUntil ?? startedAt - FIRST_LOOK_MS + OVERLAP_MS) - OVERLAP_MS, signal: job.signal })) {
    for (const reading of page.orders) await takeOrKeep(deps, reading, { counts, unreadable });
    for (const bad of page.unreadable) keep(unreadable, bad, startedAt);
    job.progress({ done: counts.read, total: null });
  }
  counts.unreadable = unreadable.length;
  await db.transaction(async (tx) => {
    await putSetting(tx, key, { readUntil: startedAt, unreadable: unreadable.slice(-MOST_UNREADABLE) }, clock.now());
    if (unreadable.length > cursor.unreadable.length) await outbox.add(tx, 'order.unreadable', null, { channel: deps.source.market, count: unreadable.length });
  });
  return counts;
}

function keep(list: Cursor['unreadable'], bad: UnreadableOrder, at: Instant): void {
  const entry = { orderId: bad.orderId ?? null, reason: bad.reason, excerpt: bad.excerpt.slice(0, 1_000), at };
  const index = list.findIndex((known) => (known.orderId === null ? known.excerpt === entry.excerpt : known.orderId === entry.orderId));
  if (index >= 0) list[index] = entry;
  else list.push(entry);
}

/** Asks again for what could not be read; what still cannot stays. */
async function retryUnreadable(deps: OnSource, cursor: Cursor, given: { readonly counts: Counts; readonly signal: AbortSignal }): Promise<Cursor['unreadable']> {
  const left: Cursor['unreadable'] = [];
  for (const item of cursor.unreadable) {
    const reading = item.orderId === null ? null : await deps.source.order(item.orderId, given.signal).catch(() => null);
    if (reading) await takeOrKeep(deps, reading, { counts: given.counts, unreadable: left });
    else left.push(item);
  }
  return left;
}

/** An order in a currency without a rate waits for one, and holds up no other. */
async function takeOrKeep(deps: OnSource, reading: ChannelOrder, given: { readonly counts: Counts; readonly unreadable: Cursor['unreadable'] }): Promise<void> {
  try {
    await take(deps, reading, given.counts);
  } catch (error) {
    if (!(error instanceof NoRate)) throw error;
    keep(given.unreadable, { orderId: reading.orderId, reason: error.message, excerpt: `${reading.lines.length} × ${reading.total.currency} ${reading.total.minor}` }, deps.ctx.clock.now());
  }
}

interface Counts { read: number; added: number; changed: number }

async function take(deps: OnSource, reading: ChannelOrder, counts: Counts): Promise<void> {
  counts.read += 1;
  const postage = reading.fulfilment === 'fulfilled' && !reading.sentByChannel ? await postageOf(deps, reading) : null;
  const known = await findByExternalId(deps.ctx.db.prisma, deps.source.market, reading.orderId);
  const expected = known ? null : await expectedFees(deps, reading);
  const { outcome } = await deps.ctx.db.transaction((tx) => applyOrder(deps, tx, reading, { postage, expected }));
  if (outcome === 'added') counts.added += 1;
  if (outcome === 'changed') counts.changed += 1;
}

/** One order as its channel states it now, taken in by itself. */
export async function takeReading(deps: OnSource, reading: ChannelOrder): Promise<void> {
  await take(deps, reading, { read: 0, added: 0, changed: 0 });
}

async function postageOf(deps: OnSource, reading: ChannelOrder) {
  const units: { lotId: string; quantity: number }[] = [];
  for (const line of reading.lines) {
    const listing = line.sku === undefined ? null : await listingBySku(deps.ctx.db.prisma, deps.source.market, line.sku);
    if (listing) units.push({ lotId: listing.lotId, quantity: line.quantity });
  }
  return postageFor(deps, deps.source.market, units);
}
