import { chat } from './chat.ts';
import { sale } from './sale.ts';
import type { Scenario } from './scenario.ts';

/** With `RESALE_FULL=1` alone: by the whole program as it is wired, which is long to load; and chats. */
export const APP_SCENARIOS: Readonly<Record<string, Scenario>> = { chat, 'sell-ebay': sale('ebay'), 'sell-amazon': sale('amazon'), 'sell-woocommerce': sale('woocommerce'), 'sell-shopify': sale('shopify'), 'sell-etsy': sale('etsy') };
