import type { Channel, Listing, ProductId, World } from '../world/types.ts';

/** What a shop shows of one of its own records, in the world's terms. */
export interface Shown {
  readonly channel: Channel;
  /** The vendor's own id of the record. */
  readonly ref: string;
  readonly sku: string;
  readonly productId: ProductId | null;
  readonly condition: 'new' | 'used';
  readonly priceMinor: number;
  readonly quantity: number;
  /** Buyers can see it. */
  readonly live: boolean;
}

/** The newest listing that stands or stood for a vendor's record. */
export function listingFor(world: World, channel: Channel, ref: string): Listing | undefined {
  return world.listings(channel).findLast((listing) => listing.vendorRef === ref);
}

/** Makes the world's listing what the vendor's record says: begun, changed or ended; unchanged where it is so already. */
export function keepListing(world: World, shown: Shown): void {
  const { channel, ref, sku, productId, condition, priceMinor, quantity, live } = shown;
  const standing = listingFor(world, channel, ref);
  if (standing?.status === 'active') {
    if (!live) world.actions.endListing(standing.id);
    else if (standing.priceMinor !== priceMinor || standing.quantity !== quantity) world.actions.reviseListing(standing.id, { priceMinor, quantity });
    return;
  }
  if (live && priceMinor > 0) world.actions.createListing({ channel, sku, productId, condition, priceMinor, shippingMinor: 0, quantity, vendorRef: ref });
}
