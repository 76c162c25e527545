import type { FaultPlan, VendorOptions, VendorServer } from './vendors/host.ts';
import { createAiVendor } from './vendors/ai/index.ts';
import { createAmazonVendor } from './vendors/amazon/index.ts';
import { createBookScouterVendor } from './vendors/bookscouter/index.ts';
import { createEbayVendor } from './vendors/ebay/index.ts';
import { createEtsyVendor } from './vendors/etsy/index.ts';
import { createHtmlShopVendor } from './vendors/html-shop/index.ts';
import { createKeepaVendor } from './vendors/keepa/index.ts';
import { createOuedknissVendor } from './vendors/ouedkniss/index.ts';
import { createChargilyVendor, createEcocashVendor, createPaynowVendor, createPaypalVendor, createStripeVendor } from './vendors/payments/index.ts';
import { createPriceListVendor } from './vendors/price-lists/index.ts';
import { messagingVendors } from './vendors/messaging.ts';
import { createReverbVendor } from './vendors/reverb/index.ts';
import { createShopifyVendor } from './vendors/shopify/index.ts';
import { createWooCommerceVendor } from './vendors/woocommerce/index.ts';
import { createWooCommerceShopVendor } from './vendors/woocommerce-shop/index.ts';
import { termsOf, type ShopTerms } from './shop-terms.ts';
import { createWorld, type Effects, type World, type WorldOptions } from './world/index.ts';

export interface MarketOptions extends WorldOptions {
  /** For every vendor; `setFaults` on one of them changes it there. */
  readonly faults?: FaultPlan;
  /** Ports by vendor name, for an address that must outlive a restart. Any free port otherwise. */
  readonly ports?: Readonly<Record<string, number>>;
}

export interface PracticeMarket {
  readonly world: World;
  /** By name: the outlets' ids (`maplecart`, `ouedkniss`, `brightshelf`, …), `price-lists`, and `keepa`, `amazon`, `ebay`, `reverb`, `bookscouter`, `etsy`; `woocommerce` and `shopify` are the reseller's own shops. */
  readonly vendors: Readonly<Record<string, VendorServer>>;
  effects(): Effects;
  setFaults(plan: FaultPlan): void;
  close(): Promise<void>;
}

type CreateVendor = (world: World, options: VendorOptions) => VendorServer;

function creators(world: World): [string, CreateVendor][] {
  const found: [string, CreateVendor][] = [['ouedkniss', createOuedknissVendor], ['price-lists', createPriceListVendor], ['keepa', createKeepaVendor], ['amazon', createAmazonVendor], ['ai', createAiVendor], ['ebay', createEbayVendor], ['reverb', createReverbVendor], ['bookscouter', createBookScouterVendor]];
  found.push(['woocommerce', createWooCommerceShopVendor], ['shopify', createShopifyVendor]);
  found.push(['etsy', createEtsyVendor]);
  found.push(...messagingVendors(world));
  found.push(['stripe', createStripeVendor], ['paypal', createPaypalVendor], ['chargily', createChargilyVendor], ['paynow', createPaynowVendor], ['ecocash', createEcocashVendor]);
  for (const { id, kind } of world.shops.outlets) {
    if (kind === 'woocommerce') found.push([id, (w, options) => createWooCommerceVendor(w, { ...options, outletId: id })]);
    if (kind === 'html-shop') found.push([id, (w, options) => createHtmlShopVendor(w, { ...options, outletId: id, checkout: id === 'corner-outlet' ? 'stepped' : 'classic' })]);
  }
  return found;
}

/** The whole practice market: one world, and a server on loopback for each vendor. */
export async function startMarket(options: MarketOptions): Promise<PracticeMarket> {
  const world = createWorld(options);
  const vendors: Record<string, VendorServer> = {};
  const close = async () => {
    await Promise.all(Object.values(vendors).map((vendor) => vendor.close()));
    world.close();
  };
  try {
    for (const [name, create] of creators(world)) {
      const port = options.ports?.[name];
      const vendor = create(world, { ...(port === undefined ? {} : { port }), ...(options.faults ? { faults: options.faults } : {}) });
      await vendor.start();
      vendors[name] = vendor;
    }
  } catch (cause) {
    await close();
    throw cause;
  }
  return {
    world, vendors, effects: () => world.effects(), close,
    setFaults: (plan) => {
      for (const vendor of Object.values(vendors)) vendor.setFaults(plan);
    },
  };
}

/** A shop as somebody who shops there would write it down, for a program to begin with: where it answers, and what an order costs to send. */
export interface ShopCard {
  readonly kind: 'woocommerce' | 'ouedkniss' | 'structured-shop' | 'price-list';
  readonly name: string;
  readonly baseUrl: string;
  readonly config: {
    readonly site: Readonly<Record<string, unknown>>;
    readonly terms: ShopTerms;
    readonly practiceId: string;
  };
}

/** The file that a program reads of each supplier: one CSV and one workbook. */
const LISTS: Readonly<Record<string, string>> = { 'atlantic-supply': '/atlantic-supply/pricelist.csv', nordhandel: '/nordhandel/preisliste.xlsx' };

export function shopCards({ world, vendors }: PracticeMarket): ShopCard[] {
  return world.shops.outlets.map((outlet): ShopCard => {
    const vendor = vendors[outlet.kind === 'price-list' ? 'price-lists' : outlet.id]!;
    // one request at a time: the vendors count requests, and their order is part of what makes a run repeat exactly
    const politeness = { allowLoopback: true, concurrency: 1 };
    const shared = { name: outlet.name, baseUrl: vendor.baseUrl };
    const terms = termsOf(outlet);
    const configured = (site: Readonly<Record<string, unknown>>, negotiable = false) => ({ site, terms: negotiable ? { ...terms, negotiable } : terms, practiceId: outlet.id });
    switch (outlet.kind) {
      case 'woocommerce': return { ...shared, kind: 'woocommerce', config: configured({ label: outlet.name, currency: outlet.currency, politeness }) };
      case 'html-shop': return { ...shared, kind: 'structured-shop', config: configured({ label: outlet.name, currency: outlet.currency, pagesPerStep: 100, politeness }) };
      case 'ouedkniss': return { ...shared, kind: 'ouedkniss', config: configured({ label: outlet.name, politeness }, true) };
      case 'price-list': return { ...shared, baseUrl: vendor.baseUrl + LISTS[outlet.id]!, kind: 'price-list', config: configured({ label: outlet.name, currency: outlet.currency }) };
    }
  });
}
