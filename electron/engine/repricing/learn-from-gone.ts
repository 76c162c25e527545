import { DAY_MS, type Instant } from '#kernel/time.ts';
import { loadListing, readPriceHistory } from '../listings/index.ts';
import { addObserved } from './demand-belief.ts';
import type { RepricingDeps } from './deps.ts';
import { findState, insertObservation, listingsGone, putState } from './repo.ts';
import { LIVE, soldSince } from './weigh-listing.ts';

/**
 * What sold out or came down since it was looked at, on its own channel or on another: its last days and sales are learned from, once. Without them only the time in which nothing sold would teach, and
 * demand would be taken for a fraction of what it is.
 */
export async function learnFromGone(deps: RepricingDeps, signal: AbortSignal): Promise<void> {
  const { db, clock, ids } = deps.ctx;
  for (const listingId of await listingsGone(db, [...LIVE])) {
    signal.throwIfAborted();
    await db.transaction(async (tx) => {
      const [state, listing] = [await findState(tx, listingId), await loadListing(tx, listingId)];
      if (!state?.standing || (LIVE.has(listing.state) && listing.quantity > 0)) return;
      const history = await readPriceHistory(tx, listingId, state.observedAt);
      const { stockMovedAt } = history;
      const units = soldSince(state, history);
      const { ratio, others, season, timeShare } = state.standing;
      const now = clock.now();
      const until: Instant = stockMovedAt !== null && stockMovedAt > state.observedAt ? stockMovedAt : state.observedAt;
      const seen = { ratio, others, season, units, timeShare, days: (until - state.observedAt) / DAY_MS };
      const taught = seen.days > 0 || units > 0;
      if (taught) await insertObservation(tx, { id: ids.next('event'), listingId, at: now, seen, expectedPerDay: state.evidence.expectedPerDay });
      await putState(tx, listingId, { ...state, evidence: taught ? addObserved(state.evidence, seen) : state.evidence, standing: null, observedAt: now }, now);
    });
  }
}
