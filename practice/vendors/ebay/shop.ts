import type { Product, Sale, World } from '../../world/types.ts';
import type { EbayStore, Item } from './store.ts';

/** What was really done at the vendor. */
export type EffectName = 'itemsCreated' | 'itemsReplaced' | 'locationsCreated' | 'offersCreated' | 'offersRevised' | 'listingsPublished' | 'listingsWithdrawn' | 'shipmentsReported' | 'imagesCreated' | 'refundsIssued' | 'ordersCancelled' | 'returnsApproved' | 'returnsRefunded' | 'inquiriesTracked' | 'inquiriesRefunded' | 'inquiriesEscalated';

/** What every handler works on. */
export interface Shop {
  readonly world: World;
  readonly store: EbayStore;
  readonly count: (effect: EffectName) => void;
}

/** Where a cancellation that the seller made is kept. */
export const cancellationKey = (sale: Sale): string => `cancellation/${sale.id}`;
/** The buyer's own wish is carried out by the market itself. */
export function cancelledBy({ world }: Pick<Shop, 'world'>, sale: Sale) {
  return world.document('ebay', cancellationKey(sale)) === undefined ? { cancelInitiator: 'BUYER', cancelReason: 'BUYER_CANCEL_ORDER' } : { cancelInitiator: 'SELLER', cancelReason: 'OUT_OF_STOCK_OR_CANNOT_FULFILL' };
}

/** What buyers would take the item for. */
export function productOf(world: World, item: Item): Product | undefined {
  const { upc = [], ean = [], isbn = [], brand, mpn } = item.product ?? {};
  return world.catalog.identify({ gtins: [...isbn, ...ean, ...upc], ...(brand ? { brand } : {}), ...(mpn ? { mpn } : {}) });
}
