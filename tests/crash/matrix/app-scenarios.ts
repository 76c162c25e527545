import { assisted } from './assisted.ts';
import { cancelPayment } from './cancel-payment.ts';
import { chat } from './chat.ts';
import { inbound } from './inbound.ts';
import { relist } from './relist.ts';
import { reply } from './reply.ts';
import { sale } from './sale.ts';
import type { Scenario } from './scenario.ts';

/** With `RESALE_FULL=1` alone: by the whole program as it is wired, which is long to load; and what others are enough of where not everything is tried. */
export const APP_SCENARIOS: Readonly<Record<string, Scenario>> = {
  chat, 'sell-ebay': sale('ebay'), 'sell-amazon': sale('amazon'), 'sell-woocommerce': sale('woocommerce'), 'sell-shopify': sale('shopify'), 'sell-etsy': sale('etsy'),
  'relist-ebay': relist('ebay'), 'relist-amazon': relist('amazon'), 'relist-woocommerce': relist('woocommerce'), 'relist-shopify': relist('shopify'), 'relist-etsy': relist('etsy'),
  assisted, 'inbound-own': inbound('own'), 'inbound-partnered': inbound('partnered'), 'inbound-cancelled': inbound('cancelled'),
  'reply-ebay': reply('ebay'), 'reply-email': reply('email'), 'reply-sms': reply('sms'), 'cancel-stripe': cancelPayment('stripe'), 'cancel-chargily': cancelPayment('chargily'),
};
