import type { FaultPlan, VendorOptions, VendorServer } from './vendors/host.ts';
import { createAmazonVendor } from './vendors/amazon/index.ts';
import { createEbayVendor } from './vendors/ebay/index.ts';
import { createHtmlShopVendor } from './vendors/html-shop/index.ts';
import { createKeepaVendor } from './vendors/keepa/index.ts';
import { createOuedknissVendor } from './vendors/ouedkniss/index.ts';
import { createPriceListVendor } from './vendors/price-lists/index.ts';
import { createWooCommerceVendor } from './vendors/woocommerce/index.ts';
import { createWorld, type Effects, type World, type WorldOptions } from './world/index.ts';

export interface MarketOptions extends WorldOptions {
  /** For every vendor; `setFaults` on one of them changes it there. */
  readonly faults?: FaultPlan;
  /** Ports by vendor name, for an address that must outlive a restart. Any free port otherwise. */
  readonly ports?: Readonly<Record<string, number>>;
}

export interface PracticeMarket {
  readonly world: World;
  /** By name: the outlets' ids (`maplecart`, `ouedkniss`, `brightshelf`, …), `price-lists`, and `keepa`, `amazon`, `ebay`. */
  readonly vendors: Readonly<Record<string, VendorServer>>;
  effects(): Effects;
  setFaults(plan: FaultPlan): void;
  close(): Promise<void>;
}

type CreateVendor = (world: World, options: VendorOptions) => VendorServer;

function creators(world: World): [string, CreateVendor][] {
  const found: [string, CreateVendor][] = [['ouedkniss', createOuedknissVendor], ['price-lists', createPriceListVendor], ['keepa', createKeepaVendor], ['amazon', createAmazonVendor], ['ebay', createEbayVendor]];
  for (const { id, kind } of world.shops.outlets) {
    if (kind === 'woocommerce') found.push([id, (w, options) => createWooCommerceVendor(w, { ...options, outletId: id })]);
    if (kind === 'html-shop') found.push([id, (w, options) => createHtmlShopVendor(w, { ...options, outletId: id })]);
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
