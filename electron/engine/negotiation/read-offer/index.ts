export { readOffer, type DoubtReason, type OfferContext, type OfferIntent, type OfferReading } from './read-offer.ts';
