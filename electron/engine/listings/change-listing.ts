import type { Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { getLot } from '../inventory/index.ts';
import { advanceListing, changeListing, loadListing, loadVersion } from './advance-listing.ts';
import type { ListingsDeps } from './deps.ts';
import { onChannel } from './channels.ts';
import { composeListing, END_WORKFLOW, startPublishing, startRevising, type Composed } from './draft-listing.ts';
import { badPrice, belowFloor, wrongState } from './errors.ts';
import type { Listing } from './listing.ts';
import { findByLots } from './repo.ts';

interface Seen {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
}

interface NewPrice extends Seen {
  readonly price: Money;
  /** Who set it, where it was not a person at the desk. */
  readonly because?: string;
}

/** Sets the price; a live listing is revised at the channel. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID, BELOW_FLOOR. */
export async function setPrice(deps: ListingsDeps, input: NewPrice): Promise<Listing> {
  return deps.ctx.db.transaction((tx) => setPriceIn(deps, tx, input));
}

/** The same in the caller's transaction. */
export async function setPriceIn(deps: ListingsDeps, tx: Tx, input: NewPrice): Promise<Listing> {
  const listing = await loadVersion(tx, input.id, input.version);
  if (listing.state === 'ended' || listing.state === 'ending') throw wrongState(listing.state);
  if (input.price.currency !== listing.price.currency) throw badPrice(`must be in ${listing.price.currency}`);
  if (input.price.minor < listing.floor.minor) throw belowFloor(listing.floor);
  if (input.price.minor === listing.price.minor) return listing;
  const changed = await changeListing(deps, tx, listing, { kind: 'price', change: { price: input.price }, data: { from: listing.price, to: input.price, ...(input.because ? { because: input.because } : {}) } });
  if (listing.state === 'active' || listing.state === 'sold-out' || listing.state === 'publishing') await startRevising(deps, tx, changed);
  return changed;
}

/** Takes a listing down. One that never reached the channel ends at once. @throws DomainError NOT_FOUND, WRONG_STATE. */
export async function endListing(deps: ListingsDeps, input: Seen): Promise<Listing> {
  return deps.ctx.db.transaction(async (tx) => {
    const listing = await loadVersion(tx, input.id, input.version);
    // A stopped listing may have an offer at the channel that was never heard of here: it is taken down all the same.
    if (listing.state === 'draft') return advanceListing(deps, tx, listing, { to: 'ended', change: { quantity: 0 } });
    const ending = await advanceListing(deps, tx, listing, { to: 'ending' });
    await deps.ctx.workflows.start(tx, END_WORKFLOW, `${END_WORKFLOW}:${listing.id}:${ending.version}`, { listingId: listing.id });
    return ending;
  });
}

/** Why a listing has no price of its own: it stands at the estimate, with no floor. */
const UNPRICED: ReadonlySet<string> = new Set(['listing.no-measures', 'listing.no-fee-card', 'listing.no-rate', 'listing.no-floor']);

/** Price and floor for a listing that could not be priced when it was made; null for any other. What still cannot be priced stays stopped, with today's reason. */
async function priceAnew(deps: ListingsDeps, { id, version }: Seen): Promise<Pick<Composed, 'price' | 'floor' | 'refusal'> | null> {
  const listing = await loadVersion(deps.ctx.db.prisma, id, version);
  return listing.state === 'stopped' && UNPRICED.has(listing.stopReason?.code ?? '') ? composeListing(onChannel(deps, listing.channel), listing.lotId) : null;
}

/** Sends a stopped listing again, with what is on hand now. @throws DomainError NOT_FOUND, WRONG_STATE. */
export async function retryListing(deps: ListingsDeps, input: Seen): Promise<Listing> {
  const priced = await priceAnew(deps, input);
  return deps.ctx.db.transaction(async (tx) => {
    const listing = await loadVersion(tx, input.id, input.version);
    if (listing.state !== 'stopped') throw wrongState(listing.state);
    if (priced?.refusal) return changeListing(deps, tx, listing, { kind: 'stopped', change: { stopReason: priced.refusal }, data: { reason: priced.refusal } });
    const lot = await getLot(tx, listing.lotId);
    const publishing = await advanceListing(deps, tx, listing, { to: 'publishing', change: { quantity: lot.onHand, ...(priced ? { price: priced.price, floor: priced.floor } : {}) } });
    await startPublishing(deps, tx, publishing);
    return publishing;
  });
}

/** Units were sold through the listing. The channel counts them itself, so nothing is sent. */
export async function soldThrough(deps: ListingsDeps, tx: Tx, listingId: string, units: number): Promise<Listing> {
  const listing = await loadListing(tx, listingId);
  const quantity = Math.max(0, listing.quantity - units);
  const data = { units, left: quantity };
  if (quantity === 0 && listing.state === 'active') return advanceListing(deps, tx, listing, { to: 'sold-out', change: { quantity }, data });
  return changeListing(deps, tx, listing, { kind: 'sold', change: { quantity }, data });
}

/** States in which the channel may show units to buyers, or will. A stopped listing may stand there all the same. */
const OFFERED: ReadonlySet<string> = new Set(['draft', 'publishing', 'active', 'sold-out', 'ending']);
const isOffered = (listing: Listing): boolean => OFFERED.has(listing.state) || (listing.state === 'stopped' && listing.externalOfferId !== null);

/**
 * Units are gone: listings of the lot that offer more than is left are lowered here, and answered; their channels have yet to hear. `except`: the channel that sold them and counts them itself.
 * `all`: those that are as low already are answered too, because a channel can have raised its own count (a cancelled order).
 */
export async function lowerListings(deps: ListingsDeps, tx: Tx, given: { readonly lotId: string; readonly except: string | null; readonly all: boolean }): Promise<Listing[]> {
  const lot = await getLot(tx, given.lotId);
  const lowered: Listing[] = [];
  for (const listing of await findByLots(tx, [lot.id])) {
    if (listing.channel === given.except || !isOffered(listing)) continue;
    if (listing.quantity <= lot.onHand) {
      if (given.all) lowered.push(listing);
      continue;
    }
    const change = { quantity: lot.onHand };
    const data = { from: listing.quantity, to: lot.onHand };
    lowered.push(lot.onHand === 0 && listing.state === 'active' ? await advanceListing(deps, tx, listing, { to: 'sold-out', change, data }) : await changeListing(deps, tx, listing, { kind: 'stock', change, data }));
  }
  return lowered;
}

/** Units came in: the listings of the lot follow, at the channel too. */
export async function followRise(deps: ListingsDeps, tx: Tx, lotId: string): Promise<void> {
  const lot = await getLot(tx, lotId);
  for (const listing of await findByLots(tx, [lotId])) {
    if (listing.quantity >= lot.onHand || !['active', 'sold-out', 'publishing'].includes(listing.state)) continue;
    const changed = await changeListing(deps, tx, listing, { kind: 'stock', change: { quantity: lot.onHand }, data: { from: listing.quantity, to: lot.onHand } });
    await startRevising(deps, tx, changed, lot.onHand - listing.quantity);
  }
}
