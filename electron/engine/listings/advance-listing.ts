import type { Tx } from '#runtime/ports.ts';
import type { ListingsDeps } from './deps.ts';
import { noSuchListing, wrongState } from './errors.ts';
import type { Listing } from './listing.ts';
import { canGo, type ListingState } from './machine.ts';
import { findListing, insertEvent, updateListing, type ListingChange } from './repo.ts';

type Ctx = Pick<ListingsDeps, 'ctx'>;

export async function loadListing(tx: Tx, id: string): Promise<Listing> {
  const listing = await findListing(tx, id);
  if (!listing) throw noSuchListing(id);
  return listing;
}

export async function loadVersion(tx: Tx, id: string, version: number): Promise<Listing> {
  const listing = await loadListing(tx, id);
  if (listing.version !== version) throw wrongState(listing.state);
  return listing;
}

export interface ListingAdvance {
  readonly to: ListingState;
  readonly change?: Omit<ListingChange, 'state'>;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Moves a listing along the machine: state, timeline and event in the caller's transaction. @throws DomainError WRONG_STATE. */
export async function advanceListing(deps: Ctx, tx: Tx, listing: Listing, { to, change = {}, data = {} }: ListingAdvance): Promise<Listing> {
  if (!canGo(listing.state, to)) throw wrongState(listing.state);
  const stopReason = change.stopReason ?? null;
  if (!(await updateListing(tx, listing, { ...change, state: to, stopReason, at: deps.ctx.clock.now() }))) throw wrongState(listing.state);
  await recordListing(deps, tx, listing.id, { kind: to, data: { ...data, ...(stopReason ? { reason: stopReason } : {}) } });
  await deps.ctx.outbox.add(tx, `listing.${to}`, listing.id, { lotId: listing.lotId });
  return loadListing(tx, listing.id);
}

/** Changes figures and leaves the state. */
export async function changeListing(deps: Ctx, tx: Tx, listing: Listing, { kind, change, data = {} }: { readonly kind: string; readonly change: ListingChange; readonly data?: Readonly<Record<string, unknown>> }): Promise<Listing> {
  if (!(await updateListing(tx, listing, { ...change, at: deps.ctx.clock.now() }))) throw wrongState(listing.state);
  await recordListing(deps, tx, listing.id, { kind, data });
  await deps.ctx.outbox.add(tx, 'listing.changed', listing.id, { lotId: listing.lotId });
  return loadListing(tx, listing.id);
}

export async function recordListing(deps: Ctx, tx: Tx, listingId: string, event: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> }): Promise<void> {
  await insertEvent(tx, listingId, { id: deps.ctx.ids.next('event'), kind: event.kind, data: event.data, at: deps.ctx.clock.now() });
}
