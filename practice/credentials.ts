import { PRACTICE_AI_KEY } from './vendors/ai/index.ts';
import { PRACTICE_AMAZON, PRACTICE_SELLER_ID } from './vendors/amazon/index.ts';
import { PRACTICE_EBAY } from './vendors/ebay/index.ts';
import { PRACTICE_ETSY } from './vendors/etsy/index.ts';
import { PRACTICE_KEEPA_KEY } from './vendors/keepa/index.ts';
import { PRACTICE_MESSAGES } from './vendors/messaging.ts';
import { PRACTICE_CHARGILY, PRACTICE_ECOCASH, PRACTICE_PAYNOW, PRACTICE_PAYPAL, PRACTICE_STRIPE } from './vendors/payments/index.ts';
import { PRACTICE_SHOPIFY } from './vendors/shopify/index.ts';
import { PRACTICE_WOOCOMMERCE_SHOP } from './vendors/woocommerce-shop/index.ts';
import { PRACTICE_REVERB } from './vendors/reverb/index.ts';

/**
 * Keys that open the practice vendors and nothing else. They are public on purpose: no real account has them, and a connector that is set to a
 * real address must never be given one.
 */
export const PRACTICE_CREDENTIALS = {
  ai: { key: PRACTICE_AI_KEY },
  keepa: { key: PRACTICE_KEEPA_KEY },
  amazon: { ...PRACTICE_AMAZON, sellerId: PRACTICE_SELLER_ID },
  ebay: PRACTICE_EBAY,
  etsy: PRACTICE_ETSY,
  reverb: PRACTICE_REVERB,
  messages: PRACTICE_MESSAGES,
  shops: { woocommerce: PRACTICE_WOOCOMMERCE_SHOP, shopify: PRACTICE_SHOPIFY },
  payments: { stripe: PRACTICE_STRIPE, paypal: PRACTICE_PAYPAL, chargily: PRACTICE_CHARGILY, paynow: PRACTICE_PAYNOW, ecocash: PRACTICE_ECOCASH },
  buyer: {
    email: 'buyer@practice.invalid', firstName: 'Practice', lastName: 'Buyer', company: '', address1: '1 Practice Way', address2: '', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', phone: '+1 555-0100',
  },
} as const;
