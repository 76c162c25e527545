import { z } from 'zod';
import { REFRESH_AFTER_MS } from './assess-offer.ts';
import type { OpportunitiesDeps } from './deps.ts';
import { evaluateOffers } from './evaluate-offers.ts';
import { queueAll, queueStale } from './repo.ts';

const BATCH = 400;
const REFRESH_EVERY_MS = 6 * 3_600_000;

/** Sources with offers that wait to be judged. */
async function waitingSources(deps: OpportunitiesDeps): Promise<string[]> {
  const rows = await deps.ctx.db.prisma.$queryRawUnsafe<{ id: string }[]>(`SELECT id FROM "Source" s WHERE EXISTS (SELECT 1 FROM "Offer" o WHERE o.sourceId = s.id AND o.state = 'new') ORDER BY id`);
  return rows.map((r) => r.id);
}

/**
 * Judges again what may have changed without its source changing: everything after new limits, rates or fees (from facts that are known already),
 * and open opportunities whose market facts have aged.
 */
export function registerReconsidering(deps: OpportunitiesDeps): void {
  deps.ctx.jobs.register({
    kind: 'reconsider', payload: z.strictObject({ everything: z.boolean() }),
    run: async ({ everything }, job) => {
      await deps.ctx.db.transaction((tx) => (everything && job.attempt === 1 ? queueAll(tx) : queueStale(tx, deps.ctx.clock.now() - REFRESH_AFTER_MS)));
      let done = 0;
      for (const sourceId of await waitingSources(deps)) {
        for (;;) {
          const batch = await evaluateOffers(deps, { sourceId, limit: BATCH, signal: job.signal });
          if (batch.taken === 0) break;
          job.progress({ done: (done += batch.taken), total: null });
        }
      }
    },
  });
  for (const topic of ['settings.limits', 'settings.business']) {
    deps.ctx.outbox.subscribe(topic, async () => {
      await deps.ctx.db.transaction((tx) => deps.ctx.jobs.add(tx, { kind: 'reconsider', payload: { everything: true }, uniqueKey: 'reconsider:all' }));
    });
  }
}

export function scheduleReconsidering(deps: OpportunitiesDeps): Promise<void> {
  return deps.ctx.jobs.schedule('reconsider', { everyMs: REFRESH_EVERY_MS, jobKind: 'reconsider', payload: { everything: false }, firstAt: deps.ctx.clock.now() + REFRESH_EVERY_MS });
}
