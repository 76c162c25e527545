export { createWooCommerceCheckout, type WooCommerceOptions } from './checkout.ts';
