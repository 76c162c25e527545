export type * from './types.ts';
export { CATEGORY_IDS, CHANNELS, SERIES } from './types.ts';
export { movementsOn, payoutsOn, refundsOf, sellersPart, type Movement, type Payout, type SaleRefund, type SmallChannel } from './selling-channels.ts';
export { createWorld } from './create-world.ts';
