import { DAY_MS, type Instant } from '#kernel/time.ts';
import { claimOf } from './claims.ts';
import { refundsOf, sellersPart, traitOf, type SmallChannel } from './selling-channels.ts';
import type { Sale, World } from './types.ts';

/** One movement on the seller's account; towards the seller is above zero. */
export interface Movement {
  readonly id: string;
  readonly kind: 'sale' | 'refund' | 'listing-fee' | 'claim' | 'claim-won';
  readonly at: Instant;
  /** After `feeMinor`. */
  readonly minor: number;
  /** Fee within it; below zero where fees come back. */
  readonly feeMinor: number;
  readonly saleId: string | null;
  readonly listingId: string | null;
}

function claimMovements(world: World, sale: Sale): Movement[] {
  const now = world.now();
  const claim = claimOf(world, sale, now);
  if (!claim) return [];
  const of = { saleId: sale.id, listingId: sale.listingId };
  const taken: Movement = { id: claim.id, kind: 'claim', at: claim.at, minor: -claim.minor - claim.feeMinor, feeMinor: claim.feeMinor, ...of };
  return claim.won && claim.decidedAt <= now ? [taken, { id: `${claim.id}-won`, kind: 'claim-won', at: claim.decidedAt, minor: claim.minor + claim.feeMinor, feeMinor: -claim.feeMinor, ...of }] : [taken];
}

/** Every movement up to now, oldest first. */
export function movementsOn(world: World, channel: SmallChannel): Movement[] {
  const { listingFeeMinor } = traitOf(channel);
  const listed = listingFeeMinor === 0 ? [] : world.listings(channel).map((listing): Movement => ({ id: `L${listing.id}`, kind: 'listing-fee', at: listing.startedAt, minor: -listingFeeMinor, feeMinor: listingFeeMinor, saleId: null, listingId: listing.id }));
  const moved = world.sales(channel).flatMap((sale): Movement[] => {
    const of = { saleId: sale.id, listingId: sale.listingId };
    const refunds = refundsOf(sale);
    return [
      { id: `S${sale.id}`, kind: 'sale', at: sale.createdAt, minor: sellersPart(sale) - sale.feeMinor, feeMinor: sale.feeMinor, ...of },
      // What comes back of the fees comes with the refund that closed the sale.
      ...refunds.map((refund, n): Movement => {
        const back = n === refunds.length - 1 ? sale.feeCreditMinor : 0;
        return { id: `R${refund.id}`, kind: 'refund', at: refund.at, minor: back - refund.minor, feeMinor: -back, ...of };
      }),
      ...claimMovements(world, sale),
    ];
  });
  return [...listed, ...moved].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

export interface Payout {
  readonly id: string;
  readonly at: Instant;
  readonly minor: number;
  readonly movementIds: readonly string[];
}

/** What the channel (or an own shop's payment provider) has paid out by now, of the movements that go through it: a sum that is not above zero waits for the next time. */
export function payoutsOn(world: World, channel: SmallChannel, until: Instant, through: (movement: Movement) => boolean = () => true): Payout[] {
  const { delayDays, everyDays } = traitOf(channel).payout;
  const step = everyDays * DAY_MS;
  const payouts: Payout[] = [];
  let [due, ids, minor] = [0, [] as string[], 0];
  const close = () => {
    if (minor <= 0 || due > until) return;
    payouts.push({ id: `P${channel}-${due / DAY_MS}`, at: due, minor, movementIds: ids });
    [ids, minor] = [[], 0];
  };
  for (const movement of movementsOn(world, channel).filter(through)) {
    const at = world.startAt + Math.ceil((movement.at + delayDays * DAY_MS - world.startAt) / step) * step;
    if (at !== due) {
      close();
      due = at;
    }
    ids.push(movement.id);
    minor += movement.minor;
  }
  close();
  return payouts;
}
