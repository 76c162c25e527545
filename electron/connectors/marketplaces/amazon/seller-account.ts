import type { SpClient } from '../../data/amazon-sp-api/index.ts';

/** One seller on one marketplace. The merchant token stands in the paths of listings, so it is asked for with each of them: accounts come and go while the program runs. */
export interface SellerAccount {
  readonly client: SpClient;
  readonly sellerId: () => Promise<string>;
}
