import { z } from 'zod';
import { MINUTE_MS } from '#kernel/time.ts';
import { followRise } from '../listings/index.ts';
import { findOrderById } from '../orders/index.ts';
import type { UnitLocksDeps } from './deps.ts';
import { lockUnits } from './lock-units.ts';
import { nextDue, releaseCalls } from './repo.ts';
import { TELL_CHANNEL, tellChannelJob } from './tell-channel.ts';

const SWEEP = 'unit-locks.sweep';
const SWEEP_EVERY_MS = 5 * MINUTE_MS;
const moved = z.looseObject({ units: z.int(), ref: z.string().optional() });

/** Before `jobs.start()`. What leaves the stock locks its units everywhere else; what comes in raises the listings. */
export function registerUnitLocks(deps: UnitLocksDeps): void {
  const { outbox, db, jobs } = deps.ctx;
  jobs.register(tellChannelJob(deps));
  jobs.register({ kind: SWEEP, payload: z.strictObject({}), run: () => sweep(deps) });
  outbox.subscribe('stock.sold', async (event) => {
    const { id: lotId, seq, at } = event;
    if (lotId === null) return;
    const { ref = `event:${seq}` } = moved.parse(event.data);
    await db.transaction(async (tx) => {
      const order = await findOrderById(tx, ref.split(':')[0]!);
      const onChannel = order !== null && deps.listings.channels.get(order.channel) !== null;
      await lockUnits(deps, tx, { lotId, ref, kind: onChannel ? 'sale' : 'direct-sale', channel: order?.channel ?? null, orderId: order?.id ?? null, soldAt: order?.placedAt ?? null, heardAt: at });
    });
  });
  for (const topic of ['stock.adjusted', 'stock.returned']) {
    outbox.subscribe(topic, async ({ id: lotId, seq, at }) => {
      if (lotId === null) return;
      await db.transaction(async (tx) => {
        await lockUnits(deps, tx, { lotId, ref: `${topic}:${seq}`, kind: 'count', channel: null, orderId: null, soldAt: null, heardAt: at });
        await followRise(deps.listings, tx, lotId);
      });
    });
  }
}

/** What a killed program left under way goes on at once; the sweep finds what no job is waiting for. */
export async function scheduleUnitLocks({ ctx }: UnitLocksDeps): Promise<void> {
  await ctx.db.transaction((tx) => releaseCalls(tx, ctx.clock.now()));
  await ctx.jobs.schedule(SWEEP, { everyMs: SWEEP_EVERY_MS, jobKind: SWEEP, payload: {} });
}

async function sweep({ ctx }: UnitLocksDeps): Promise<void> {
  const now = ctx.clock.now();
  for (const { channel, nextAt } of await nextDue(ctx.db)) {
    if (nextAt <= now) await ctx.db.transaction((tx) => ctx.jobs.add(tx, { kind: TELL_CHANNEL, payload: { channel }, uniqueKey: `${TELL_CHANNEL}:${channel}:sweep` }));
  }
}
