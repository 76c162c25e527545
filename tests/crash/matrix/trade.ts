import { verifyBooks } from '#engine/flows/index.ts';
import { carryOut } from '#tests/support/carry-out.ts';
import { openTradeDesk, scheduleDesk, seedBusiness, seedOpportunity, type OfferFacts } from '#tests/support/trade-desk.ts';
import { startTradeMarket, worthwhileOffers } from '#tests/support/trade-market.ts';
import { count, type OpenMarket, type Scenario, type Tally } from './scenario.ts';

const UNITS = 3;
/** What is bought in the world of each seed: the same in each of its runs, and long to find. */
const wanted = new Map<number, OfferFacts>();

async function open(seed: number): Promise<OpenMarket> {
  const market = await startTradeMarket({ seed });
  const { clock, world } = market;
  const urls = { shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl };

  async function tally(db: Parameters<OpenMarket['tally']>[0]): Promise<Tally> {
    const desk = await openTradeDesk({ db, clock, ...urls });
    const { prisma } = db;
    const books = await verifyBooks(desk.trade.inventory, 'USD');
    await desk.close();
    const { shopOrders, listings, sales } = world.effects();
    const { shipmentsReported } = market.ebay.effects();
    const lists = { duplicates: [] as string[], losses: [] as string[] };
    const kept = sales.filter((sale) => sale.status !== 'cancelled').length;
    count(lists, 'orders at the shop', { have: shopOrders.length, want: 1 });
    count(lists, 'listings on eBay', { have: listings.length, want: 1 });
    count(lists, 'listings on sale', { have: listings.filter((listing) => listing.status === 'active').length, want: 1 });
    count(lists, 'shipments told to eBay', { have: shipmentsReported, want: kept });
    count(lists, 'purchases', { have: await prisma.purchase.count(), want: 1 });
    count(lists, 'purchases received', { have: await prisma.purchase.count({ where: { state: 'received' } }), want: 1 });
    count(lists, 'lots', { have: await prisma.stockLot.count(), want: 1 });
    count(lists, 'confirmations', { have: await prisma.purchaseEvent.count({ where: { kind: 'confirmed' } }), want: 1 });
    count(lists, 'listings at the desk', { have: await prisma.listing.count(), want: 1 });
    count(lists, 'orders at the desk', { have: await prisma.order.count(), want: sales.length });
    count(lists, 'orders cancelled', { have: await prisma.order.count({ where: { state: 'cancelled' } }), want: sales.length - kept });
    count(lists, 'orders sent', { have: await prisma.order.count({ where: { state: { in: ['shipped', 'refunded'] } } }), want: kept });
    count(lists, 'units received', { have: books.units['received'] ?? 0, want: UNITS });
    const lots = await prisma.stockLot.findMany();
    count(lists, 'units on hand', { have: lots.reduce((sum, lot) => sum + lot.onHand, 0), want: Object.values(books.units).reduce((sum, units) => sum + units, 0) });
    if (sales.length === 0) lists.losses.push('nothing was sold: the run proves nothing of selling');
    return { ...lists, effects: shopOrders.length + listings.length + shipmentsReported, unbalanced: books.sound ? [] : [...books.findings, ...books.miscounted].map((finding) => JSON.stringify(finding)) };
  }

  return {
    clock, facts: urls, tally, vendors: { shop: market.shop, ebay: market.ebay },
    catchUp: () => void world.now(),
    look: () => '',
    async prepare(db) {
      const desk = await openTradeDesk({ db, clock, ...urls });
      await seedBusiness(desk.ctx);
      const offer = wanted.get(seed) ?? worthwhileOffers(market, UNITS)[0]!;
      wanted.set(seed, offer);
      const { opportunityId } = await seedOpportunity(desk.ctx, offer);
      await desk.close();
      return { opportunityId };
    },
    close: () => market.close(),
  };
}

/** Approval, order at the shop, arrival, listing on eBay, sale, shipment and payout. */
export const trade: Scenario = {
  name: 'buy, list, sell, ship',
  steps: [
    'transact:prepare', 'transact:place', 'effect:place-order', 'transact:confirm', 'transact:draft', 'transact:publishing', 'effect:put-content', 'effect:ensure-offer', 'effect:publish', 'transact:activate', 'effect:mark-shipped',
  ],
  open,
  async carry({ db, clock, facts, probe, seed, advanceTo, tellMarket }) {
    const desk = await openTradeDesk({ db, clock, shopUrl: facts['shopUrl']!, ebayUrl: facts['ebayUrl']!, crashProbe: probe, seed, onAdvance: tellMarket });
    await scheduleDesk(desk);
    await carryOut(desk, facts['opportunityId']!, (ms) => advanceTo(clock.now() + ms));
    await desk.close();
  },
};
