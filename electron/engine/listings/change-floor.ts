import type { Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { changeListing, loadVersion } from './advance-listing.ts';
import type { ListingsDeps } from './deps.ts';
import { startRevising } from './draft-listing.ts';
import { badPrice, wrongState } from './errors.ts';
import type { Listing } from './listing.ts';

const ENDED: ReadonlySet<string> = new Set(['ended', 'ending']);
const AT_THE_CHANNEL: ReadonlySet<string> = new Set(['active', 'sold-out', 'publishing']);

/** Moves the floor, and the price with it where it is given; a live listing is revised at the channel when its price moves. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID. */
export async function changeFloor(deps: ListingsDeps, tx: Tx, given: { readonly id: string; readonly version: number; readonly floor: Money; readonly price: Money; readonly because: string }): Promise<Listing> {
  const listing = await loadVersion(tx, given.id, given.version);
  if (ENDED.has(listing.state)) throw wrongState(listing.state);
  if (given.floor.currency !== listing.price.currency || given.price.currency !== listing.price.currency) throw badPrice(`must be in ${listing.price.currency}`);
  if (given.price.minor < given.floor.minor) throw badPrice('must not be below the floor');
  const changed = await changeListing(deps, tx, listing, {
    kind: 'floor', change: { floor: given.floor, price: given.price }, data: { from: listing.floor, to: given.floor, because: given.because, ...(given.price.minor === listing.price.minor ? {} : { priceFrom: listing.price, priceTo: given.price }) },
  });
  if (given.price.minor !== listing.price.minor && AT_THE_CHANNEL.has(listing.state)) await startRevising(deps, tx, changed);
  return changed;
}
