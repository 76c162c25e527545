export { chargilyNotice, createChargilyVendor, PRACTICE_CHARGILY } from './chargily.ts';
export { createEcocashVendor, PRACTICE_ECOCASH } from './ecocash.ts';
export { createPaynowVendor, PRACTICE_PAYNOW } from './paynow.ts';
export { createPaypalVendor, PRACTICE_PAYPAL, practicePaypalSignature } from './paypal.ts';
export { planOf } from './simulate-customer.ts';
export { createStripeVendor, PRACTICE_STRIPE } from './stripe.ts';
