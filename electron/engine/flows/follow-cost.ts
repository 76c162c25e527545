import { z } from 'zod';
import type { JobHandler } from '#runtime/ports.ts';
import { changeFloor, composeListing, findByLots, loadListing, onChannel, type ListingsDeps } from '../listings/index.ts';

/** The kind of job that brings the floors of a lot's listings to what its units cost now. */
const FOLLOW_COST = 'listings.follow-cost';
const ENDED: ReadonlySet<string> = new Set(['ended', 'ending']);

const payload = z.strictObject({ lotId: z.string() });

/** Also one that is stopped: it may be sent again, and not at the old floor. */
async function followOn(deps: ListingsDeps, { id, lotId }: { readonly id: string; readonly lotId: string }): Promise<boolean> {
  const { db } = deps.ctx;
  const seen = await loadListing(db.prisma, id);
  if (ENDED.has(seen.state)) return false;
  const { basis, floor } = await composeListing(onChannel(deps, seen.channel), lotId);
  if (basis === 'none' || floor.currency !== seen.floor.currency) return false;
  return db.transaction(async (tx) => {
    const listing = await loadListing(tx, id);
    if (ENDED.has(listing.state) || listing.floor.minor === floor.minor) return false;
    await changeFloor(deps, tx, { id, version: listing.version, floor, price: listing.price.minor < floor.minor ? floor : listing.price, because: 'cost' });
    return true;
  });
}

/**
 * Units that cost more may not be sold at the old floor: it follows, and a price below it rises to it. A price above stays for the rules for prices to move. One that cannot follow now (its channel is not set up) keeps no other
 * from it. @throws the first such error, once all others have followed
 */
export async function followCost(deps: ListingsDeps, lotId: string): Promise<number> {
  const { db, log } = deps.ctx;
  let changed = 0;
  const failed: unknown[] = [];
  for (const { id } of await findByLots(db.prisma, [lotId])) {
    try {
      if (await followOn(deps, { id, lotId })) changed += 1;
    } catch (error) {
      log.warn('a floor could not follow the cost', { listing: id, error });
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
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
