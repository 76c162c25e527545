export { createChargily, type ChargilyOptions } from './chargily.ts';
export { createEcocash, msisdnOf, referenceOf, type EcocashOptions } from './ecocash.ts';
export { createPaynow, type PaynowOptions } from './paynow.ts';
export { fieldsOf, hashHolds, hashOf, type PaynowFields } from './paynow-hash.ts';
export { createPaypal, type PaypalOptions } from './paypal.ts';
export { createStripe, type StripeOptions } from './stripe.ts';
export { readStripeWebhook } from './stripe-webhook.ts';
