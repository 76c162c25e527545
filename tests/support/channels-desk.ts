import { registerTrade, type TradeDeps } from '#engine/flows/index.ts';
import { createLot, receiveLot } from '#engine/inventory/index.ts';
import { draftListing, fixedChannels, onChannel, type ListingsDeps } from '#engine/listings/index.ts';
import { fixedSources, onSource, syncOrders } from '#engine/orders/index.ts';
import type { Clock } from '#kernel/time.ts';
import { seededRandom } from '#kernel/random.ts';
import type { CrashProbe, EngineContext } from '#runtime/ports.ts';
import { SimChannel } from './sim-channel.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });
const never = () => { throw new Error('not part of this test'); };

export interface ChannelsDesk {
  readonly trade: TradeDeps;
  readonly channels: readonly SimChannel[];
  /** A lot that is on hand and offered with all its units on every channel. */
  stock(name: string, units: number): Promise<{ readonly lotId: string; readonly sku: string }>;
  sync(market: string): Promise<void>;
}

/** Listings, orders and unit locks of the program over channels in memory. */
export function openChannels(ctx: EngineContext, given: { readonly markets: readonly string[]; readonly clock: Clock; readonly faultRate?: number; readonly seed: string; readonly crashProbe?: CrashProbe; readonly known?: readonly SimChannel[] }): ChannelsDesk {
  const channels = given.known ?? given.markets.map((market) => new SimChannel(market, { clock: given.clock, random: seededRandom(`${given.seed}:${market}`), ...(given.faultRate === undefined ? {} : { faultRate: given.faultRate }) }));
  const [first, ...others] = channels.map((port) => ({ port, taxonomy: null, name: port.market }));
  const inventory = { ctx };
  const listings: ListingsDeps = {
    ctx, inventory, channels: fixedChannels([first!, ...others]), feeCards: [], salesTaxBp: 0, market: { priceNow: () => Promise.resolve(null) },
    products: { facts: () => Promise.resolve({ title: 'Thing', brand: null, mpn: null, gtins: [], imageUrls: [], category: null, aspects: {}, package: null }) },
  } as unknown as ListingsDeps;
  const trade = {
    inventory, listings, orders: { ctx, inventory, listings, sources: fixedSources(channels) },
    purchasing: { ctx, gate: { loadForApproval: never }, checkouts: { supports: () => false, open: never }, stock: { receive: never } },
  } as unknown as TradeDeps;
  registerTrade(trade);
  return {
    trade, channels,
    async stock(name, units) {
      const at = ctx.clock.now();
      return ctx.db.transaction(async (tx) => {
        const lot = await createLot(inventory, tx, { purchaseId: `pur_${name}`, productId: 'prd_1', title: name, condition: 'new', quantity: units, totalCost: usd(1_000 * units), estimate: { profit: usd(500), salePrice: usd(2_000), daysToSell: 10 } });
        const received = await receiveLot(inventory, tx, { purchaseId: `pur_${name}`, units, damaged: 0, prepPerUnit: usd(0) });
        for (const channel of channels) {
          const listing = await draftListing(onChannel(listings, channel.market), tx, { lot: received, composed: { title: name, description: '', condition: 'new', price: usd(2_000), floor: usd(1_000), basis: 'estimate', refusal: null } as Parameters<typeof draftListing>[2]['composed'] });
          await tx.listing.update({ where: { id: listing.id }, data: { state: 'active', externalOfferId: `offer-${lot.sku}`, externalId: `listing-${lot.sku}`, publishedAt: at } });
          channel.offer(lot.sku, units);
        }
        await tx.workflow.deleteMany({});
        return { lotId: lot.id, sku: lot.sku };
      });
    },
    async sync(market) {
      await syncOrders(onSource(trade.orders, market), { signal: new AbortController().signal, progress: () => undefined });
    },
  };
}
