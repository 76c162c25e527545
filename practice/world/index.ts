export type * from './types.ts';
export { CATEGORY_IDS, CHANNELS, SERIES } from './types.ts';
export { CERTAIN_CLAIMS, claimOf, claimsOn, type SaleClaim } from './claims.ts';
export { CERTAIN_INQUIRIES, inquiryOf, type SaleInquiry } from './inquiries.ts';
export { refundsOf, sellersPart, type SaleRefund, type SmallChannel } from './selling-channels.ts';
export { movementsOn, payoutsOn, type Movement, type Payout } from './account-movements.ts';
export { createWorld } from './create-world.ts';
