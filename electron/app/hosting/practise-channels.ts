import type { PracticeWiring } from '../options.ts';

/** Selling channels beside eBay that a practice market offers, by account. */
export const MORE_CHANNELS = ['woocommerce', 'shopify', 'etsy'] as const;

/** The wiring with those channels alone that are to be sold on beside eBay: a run that names none is the same whatever else the market could offer. */
export function withChannels(wiring: PracticeWiring, channels: readonly string[]): PracticeWiring {
  const left = new Set<string>(MORE_CHANNELS.filter((channel) => !channels.includes(channel)));
  // Amazon is asked in every run; it is sold on where it is named
  return { ...wiring, askedOnly: channels.includes('amazon') ? [] : ['amazon-sp-api'], baseUrls: Object.fromEntries(Object.entries(wiring.baseUrls).filter(([vendor]) => !left.has(vendor))) };
}
