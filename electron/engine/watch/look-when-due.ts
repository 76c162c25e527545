import { z } from 'zod';
import { MINUTE_MS } from '#kernel/time.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { lookAt, type WatchDeps } from './look.ts';
import { countActive, findDue } from './repo.ts';

const LOOK_DUE = 'watch-due';
const EVERY_MS = 10 * MINUTE_MS;
/** Pages of several hosts are read at once; those of one host wait for each other at its own pace. */
const AT_ONCE = 4;

/** Looks at all that are due, one turn after the other. What a sleeping computer missed is one look each. */
async function lookWhenDue(deps: WatchDeps, signal: AbortSignal): Promise<void> {
  const { db, clock } = deps.ctx;
  for (;;) {
    signal.throwIfAborted();
    const due = await findDue(db.prisma, clock.now(), AT_ONCE);
    if (due.length === 0) return;
    await Promise.all(due.map((watch) => lookAt(deps, watch, signal)));
  }
}

export function registerWatching(deps: WatchDeps): void {
  deps.ctx.jobs.register({ kind: LOOK_DUE, payload: z.strictObject({}), run: (_, { signal }) => lookWhenDue(deps, signal) });
}

/** At the start, and whenever the last is paused or the first is added: nothing is asked for while nothing is watched. */
export async function scheduleWatching({ jobs, db }: EngineContext): Promise<void> {
  const enabled = (await countActive(db.prisma)) > 0;
  if (!enabled && (await db.prisma.schedule.count({ where: { name: LOOK_DUE } })) === 0) return;
  await jobs.schedule(LOOK_DUE, { everyMs: EVERY_MS, jobKind: LOOK_DUE, payload: {}, enabled });
}
