import { createShopify, type Shopify } from '#connectors/marketplaces/shopify/index.ts';
import { createOwnShop, type OwnShop } from '#connectors/marketplaces/woocommerce-shop/index.ts';
import type { Clock } from '#kernel/time.ts';
import type { Logger } from '#kernel/log.ts';
import type { Random } from '#kernel/random.ts';
import type { PracticeWiring } from './options.ts';

/** Accounts of shops that are the user's own: where each answers is part of the account. */
export const OWN_SHOPS = ['woocommerce', 'shopify'] as const;
export type OwnShopAccountName = (typeof OWN_SHOPS)[number];

export const isOwnShop = (account: string): account is OwnShopAccountName => (OWN_SHOPS as readonly string[]).includes(account);

/** The practice shop's account; null in a practice market that has none. */
export function practiceShop({ baseUrls, keys }: PracticeWiring, account: OwnShopAccountName): Record<string, string> | null {
  const [address, given] = [baseUrls[account], keys.shops?.[account]];
  return address === undefined || !given ? null : { address, ...given };
}

/** Shopify takes a token, or what is exchanged for one: an account with neither is none. */
export function isComplete(account: string, values: Readonly<Record<string, string>>): boolean {
  return account !== 'shopify' || Boolean(values['accessToken'] ?? (values['clientId'] && values['clientSecret']));
}

type Fields = Readonly<Record<string, string>>;

/** The user's own shops as selling channels. Each opens its shop at the first call, by the account as it stands then. */
export class OwnShops {
  readonly woocommerce: OwnShop;
  readonly shopify: Shopify;

  constructor(base: { readonly clock: Clock; readonly random: Random; readonly log: Logger }, account: (name: OwnShopAccountName) => Promise<Fields>) {
    this.woocommerce = createOwnShop({
      ...base,
      account: async () => {
        const fields = await account('woocommerce');
        const [user, applicationPassword] = [fields['wordpressUser'], fields['wordpressPassword']];
        return { address: fields['address']!, consumerKey: fields['consumerKey']!, consumerSecret: fields['consumerSecret']!, ...(user && applicationPassword ? { wordpress: { user, applicationPassword } } : {}) };
      },
    });
    this.shopify = createShopify({
      ...base,
      account: async () => {
        const fields = await account('shopify');
        return { address: fields['address']!, clientId: fields['clientId'], clientSecret: fields['clientSecret'], accessToken: fields['accessToken'] };
      },
    });
  }

  checks(): Record<OwnShopAccountName, () => Promise<unknown>> {
    return { woocommerce: () => this.woocommerce.check(), shopify: () => this.shopify.check() };
  }

  async forget(): Promise<void> {
    await Promise.all([this.woocommerce.forget(), this.shopify.forget()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.woocommerce.close(), this.shopify.close()]);
  }
}
