import type { Product, World } from '../../world/types.ts';
import type { EbayStore, Item } from './store.ts';

/** What was really done at the vendor. */
export type EffectName = 'itemsCreated' | 'itemsReplaced' | 'locationsCreated' | 'offersCreated' | 'offersRevised' | 'listingsPublished' | 'listingsWithdrawn' | 'shipmentsReported';

/** What every handler works on. */
export interface Shop {
  readonly world: World;
  readonly store: EbayStore;
  readonly count: (effect: EffectName) => void;
}

/** What buyers would take the item for. */
export function productOf(world: World, item: Item): Product | undefined {
  const { upc = [], ean = [], isbn = [], brand, mpn } = item.product ?? {};
  return world.catalog.identify({ gtins: [...isbn, ...ean, ...upc], ...(brand ? { brand } : {}), ...(mpn ? { mpn } : {}) });
}
