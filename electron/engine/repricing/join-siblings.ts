import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { toNumber } from '#runtime/database.ts';

/** One of our listings of a thing on a channel. Minor units of one currency. */
export interface Sibling {
  readonly priceMinor: number;
  readonly floorMinor: number;
  readonly units: number;
  readonly listedAt: Instant;
}

/** Our other live listings of the same thing on the same channel: bought again, it stands there once for each lot. */
export async function readSiblings(tx: Tx, listing: { readonly id: string; readonly productId: string; readonly condition: string; readonly channel: string; readonly currency: string }, states: readonly string[]): Promise<Sibling[]> {
  const { id, productId, condition, channel, currency } = listing;
  const rows = await tx.listing.findMany({
    where: { channel, productId, condition, currency, id: { not: id }, state: { in: [...states] }, quantity: { gt: 0 } }, orderBy: { id: 'asc' }, select: { priceMinor: true, floorMinor: true, quantity: true, publishedAt: true, createdAt: true },
  });
  return rows.map((row) => ({ priceMinor: toNumber(row.priceMinor), floorMinor: toNumber(row.floorMinor), units: row.quantity, listedAt: toNumber(row.publishedAt ?? row.createdAt) }));
}

/** A listing's stock and age with those of its siblings: buyers draw on all of them, so that one price is right for all. */
export function joinSiblings(own: { readonly units: number; readonly listedAt: Instant }, siblings: readonly Sibling[]): { readonly units: number; readonly listedAt: Instant } {
  const all = [own, ...siblings];
  const units = all.reduce((sum, one) => sum + one.units, 0);
  return units === 0 ? own : { units, listedAt: Math.round(all.reduce((sum, one) => sum + one.listedAt * one.units, 0) / units) };
}

/**
 * The part of the time in which a listing is what a buyer meets of ours: the cheapest takes all of it, equals share it. A time in which a cheaper one of ours stood beside it says nothing of its own demand.
 * Siblings come to the same price at their own look, as far as their floors let them.
 */
export function shareOfTime(own: { readonly priceMinor: number; readonly floorMinor: number }, siblings: readonly Sibling[]): number {
  if (own.priceMinor <= own.floorMinor && siblings.some((sibling) => sibling.priceMinor < own.priceMinor)) return 0;
  return 1 / (1 + siblings.filter((sibling) => sibling.floorMinor <= own.priceMinor).length);
}
