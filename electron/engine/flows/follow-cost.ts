import { z } from 'zod';
import { DomainError } from '#kernel/errors.ts';
import type { JobHandler } from '#runtime/ports.ts';
import { changeFloor, composeListing, findByLots, loadListing, onChannel, type ListingsDeps } from '../listings/index.ts';

/** The kind of job that brings the floors of a lot's listings to what its units cost now. */
export const FOLLOW_COST = 'listings.follow-cost';
const STANDING: ReadonlySet<string> = new Set(['draft', 'publishing', 'active', 'sold-out']);

const payload = z.strictObject({ lotId: z.string() });

/** Units that cost more may not be sold at the old floor: it follows, and a price below it rises to it. A price above stays for the rules for prices to move. */
export async function followCost(deps: ListingsDeps, lotId: string): Promise<number> {
  const { db, log } = deps.ctx;
  let changed = 0;
  for (const { id } of await findByLots(db.prisma, [lotId])) {
    const seen = await loadListing(db.prisma, id);
    if (!STANDING.has(seen.state)) continue;
    const composed = await composeListing(onChannel(deps, seen.channel), lotId);
    if (composed.basis === 'none' || composed.floor.currency !== seen.floor.currency) continue;
    try {
      changed += await db.transaction(async (tx) => {
        const listing = await loadListing(tx, id);
        const { floor } = composed;
        if (!STANDING.has(listing.state) || listing.floor.minor === floor.minor) return 0;
        await changeFloor(deps, tx, { id, version: listing.version, floor, price: listing.price.minor < floor.minor ? floor : listing.price, because: 'cost' });
        return 1;
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      log.warn('a floor could not follow the cost', { listing: id, code: error.code });
    }
  }
  return changed;
}

export function followCostJob(deps: ListingsDeps): JobHandler<z.infer<typeof payload>> {
  return { kind: FOLLOW_COST, payload, run: async ({ lotId }) => void (await followCost(deps, lotId)) };
}

export function followCosts(deps: ListingsDeps): void {
  deps.ctx.outbox.subscribe('stock.cost-changed', async ({ id, seq }) => {
    // of the event: a change while the one before is worked on is not lost
    if (id !== null) await deps.ctx.db.transaction((tx) => deps.ctx.jobs.add(tx, { kind: FOLLOW_COST, payload: { lotId: id }, uniqueKey: `${FOLLOW_COST}:${id}:${seq}` }));
  });
}
