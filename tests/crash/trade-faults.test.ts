import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBooks } from '#engine/flows/index.ts';
import type { FaultKind } from '#practice/vendors/host.ts';
import { createTestDatabase } from '#runtime/template.ts';
import { carryOut } from '#tests/support/carry-out.ts';
import { openTradeDesk, scheduleDesk, seedBusiness, seedOpportunity, type OfferFacts } from '#tests/support/trade-desk.ts';
import { startTradeMarket, worthwhileOffers } from '#tests/support/trade-market.ts';

const KINDS: readonly FaultKind[] = ['cut-before', 'cut-after', 'too-many-requests', 'server-error', 'timeout', 'malformed-body', 'slow-body'];
/** The calls that change something at a vendor. */
const CALLS = [
  { vendor: 'shop', route: 'checkout' }, { vendor: 'ebay', route: 'createOrReplaceInventoryItem' }, { vendor: 'ebay', route: 'createOffer' }, { vendor: 'ebay', route: 'publishOffer' }, { vendor: 'ebay', route: 'createShippingFulfillment' },
] as const;
/** Where nothing happened, the call is made again, and so can fail again; where it did happen, a second call would be the fault. */
const REPEATED: readonly FaultKind[] = ['cut-before', 'too-many-requests', 'server-error'];

/** Where a fault is met twice in a row: at the calls that spend money and that put something on sale, and with `RESALE_FULL=1` at all. */
const TWICE = process.env['RESALE_FULL'] === '1' ? CALLS.map((call) => call.route) : ['checkout', 'publishOffer'];

const CASES = CALLS.flatMap((call) => KINDS.flatMap((kind) => (REPEATED.includes(kind) && TWICE.includes(call.route) ? [1, 2] : [1]).map((times) => ({ ...call, kind, times }))));
const table: string[] = [];
/** The same in every case: the worlds are. */
let offer: OfferFacts;

beforeAll(async () => {
  const market = await startTradeMarket();
  offer = worthwhileOffers(market, 3)[0]!;
  await market.close();
});

afterAll(() => console.log([`${'fault'.padEnd(60)}orders listings shipped/sold books`, ...table].join('\n')));

describe('a vendor that fails while a trade is carried out', () => {
  it.each(CASES)('$vendor $route: $kind × $times leaves one order, one listing, one shipment for each sale', async ({ vendor, route, kind, times }) => {
    const market = await startTradeMarket();
    const db = await createTestDatabase();
    const desk = await openTradeDesk({ db, clock: market.clock, shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl });
    try {
      await seedBusiness(desk.ctx);
      await scheduleDesk(desk);
      const { opportunityId } = await seedOpportunity(desk.ctx, offer);
      market[vendor].setFaults({ rate: 1, kinds: [kind], routes: [route], limit: times, hangMs: 50, slowBodyMs: 30 });
      await carryOut(desk, opportunityId, async (ms) => {
        market.clock.advanceTo(market.clock.now() + ms);
        market.world.now();
      });
      const { shopOrders, listings, sales } = market.world.effects();
      const shipments = market.ebay.effects().shipmentsReported;
      const books = await verifyBooks(desk.trade.inventory, 'USD');
      table.push(`${`${vendor} ${route}: ${kind} × ${times}`.padEnd(60)}${String(shopOrders.length).padEnd(7)}${String(listings.length).padEnd(9)}${`${shipments}/${sales.length}`.padEnd(13)}${books.sound ? 'sound' : 'UNSOUND'}`);
      expect(market[vendor].counts().byFault).toEqual({ [kind]: times });
      expect(shopOrders).toHaveLength(1);
      expect(listings).toHaveLength(1);
      expect(sales.length).toBeGreaterThan(0);
      expect(shipments).toBe(sales.filter((sale) => sale.status !== 'cancelled').length);
      expect(books).toMatchObject({ sound: true, findings: [], miscounted: [], units: { received: 3 } });
      expect(await db.prisma.purchase.count({ where: { state: 'received' } })).toBe(1);
    } finally {
      await desk.close();
      await market.close();
      await db.close();
    }
  });
});
