import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { z } from 'zod';
import type { Connectors } from './connectors.ts';

const JOB = 'learn-vendor-limits';

/** Once a day, and at the first start, the accounts' own limits are asked for and take the place of the dated files'. A vendor that does not say leaves them standing. */
export async function learnVendorLimits(ctx: EngineContext, connectors: Connectors): Promise<void> {
  const learn = async (signal?: AbortSignal) => {
    try {
      await connectors.learnLimits(signal);
    } catch (error) {
      ctx.log.warn('a vendor did not tell its limits: the dated ones stay', { reason: maskText(messageOf(error)) });
    }
  };
  ctx.jobs.register({ kind: JOB, payload: z.strictObject({}), run: (_payload, job) => learn(job.signal) });
  // What was learned lives in memory: it is asked for again after each start.
  await ctx.db.transaction((tx) => ctx.jobs.add(tx, { kind: JOB, payload: {}, uniqueKey: JOB }));
  await ctx.jobs.schedule(JOB, { everyMs: DAY_MS, jobKind: JOB, payload: {} });
}
