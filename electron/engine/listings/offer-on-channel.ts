import { getLot } from '../inventory/index.ts';
import { loadListing } from './advance-listing.ts';
import { connectedChannel } from './channels.ts';
import type { ListingsDeps } from './deps.ts';
import { composeListing, draftListing } from './draft-listing.ts';
import { wrongState } from './errors.ts';
import type { Listing } from './listing.ts';
import { findBySku } from './repo.ts';

/**
 * Puts the lot of a listing up on another connected channel too: words and price for that channel, under the same SKU. Asked again, it answers with the listing that stands there.
 * What was ended there is over for good. @throws DomainError NOT_FOUND, INVALID (not connected), WRONG_STATE (nothing left, or ended there).
 */
export async function offerOnChannel(deps: ListingsDeps, input: { readonly id: string; readonly channel: string }): Promise<Listing> {
  const { db } = deps.ctx;
  const { lotId, sku } = await loadListing(db.prisma, input.id);
  const here = connectedChannel(deps, input.channel);
  const standing = await findBySku(db.prisma, input.channel, sku);
  if (standing) {
    if (standing.state === 'ended') throw wrongState(standing.state);
    return standing;
  }
  const composed = await composeListing(here, lotId);
  return db.transaction(async (tx) => {
    const lot = await getLot(tx, lotId);
    if (lot.onHand < 1) throw wrongState('sold-out');
    return draftListing(here, tx, { lot, composed });
  });
}
