import { afterEach, beforeEach, expect } from 'vitest';
import { verifyBooks } from '#engine/flows/index.ts';
import { createLot, receiveLot } from '#engine/inventory/index.ts';
import { CASH, INVENTORY, post, readBalances } from '#engine/ledger/index.ts';
import { draftListing, onChannel } from '#engine/listings/index.ts';
import { applyOrder, onSource, type ChannelOrder } from '#engine/orders/index.ts';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from './trade-desk.ts';

/** Of the test that runs: another one each time. */
export let db: TestDatabase;
export let desk: TradeDesk;
export let clock: ManualClock;
export let sku: string;
let lotId: string;

export const usd = (minor: number) => ({ minor, currency: 'USD' });

/** For each test of the file a desk with three mice on eBay: bought for 10.00 in all, prepared at 0.75 each, 3.34 + 0.75 for the last, 3.33 + 0.75 for the others. */
export function useOrderDesk(): void {
  beforeEach(async () => {
    clock = new ManualClock(Date.UTC(2026, 10, 2));
    db = await createTestDatabase();
    desk = await openTradeDesk({ db, clock, shopUrl: 'http://127.0.0.1:9', ebayUrl: 'http://127.0.0.1:9' });
    await seedBusiness(desk.ctx);
    const { candidate } = await seedOpportunity(desk.ctx, { externalId: '1', title: 'Mouse', brand: 'Acme', gtin: '5099206027286', priceMinor: 333, shippingMinor: 0, salePriceMinor: 2_000, quantity: 3, weightG: 500 });
    const { inventory, listings } = desk.trade;
    await db.transaction(async (tx) => {
      const lot = await createLot(inventory, tx, { purchaseId: 'pur_1', productId: candidate.productId, title: 'Mouse', condition: 'new', quantity: 3, totalCost: usd(1_000), estimate: { profit: usd(900), salePrice: usd(2_000), daysToSell: 10 } });
      await post(inventory, tx, { key: 'k', kind: 'purchase', memo: '', ref: { kind: 'purchase', id: 'pur_1' }, at: 0, lines: [{ account: INVENTORY, amount: usd(1_000) }, { account: CASH, amount: usd(-1_000) }] });
      const received = await receiveLot(inventory, tx, { purchaseId: 'pur_1', units: 3, damaged: 0, prepPerUnit: usd(75) });
      await draftListing(onChannel(listings, 'ebay-us'), tx, { lot: received, composed: { title: 'Mouse', description: '', condition: 'new', price: usd(2_000), floor: usd(1_000), basis: 'estimate', refusal: null } });
      await tx.listing.updateMany({ data: { state: 'active' } });
      ({ sku, id: lotId } = lot);
    });
  });
  afterEach(async () => {
    await desk.close();
    await db.close();
  });
}

/** An order of mice as eBay states it: paid, and not sent. */
export function reading(change: Partial<ChannelOrder> & { quantity?: number } = {}): ChannelOrder {
  const { quantity = 1, ...rest } = change;
  return {
    orderId: '10-1', createdAt: clock.now(), modifiedAt: clock.now(), payment: 'paid', fulfilment: 'not-started', cancel: 'none', currency: 'USD', total: usd(2_000 * quantity), marketplaceFee: usd(300 * quantity), refunds: [], buyer: { name: 'Ada', addressLines: [] },
    lines: [{ lineId: 'l1', sku, title: 'Mouse', quantity, price: usd(2_000 * quantity), shipping: usd(0), discount: usd(0), tax: usd(0), taxCollectedByChannel: usd(140), total: usd(2_000 * quantity), fulfilment: 'not-started' }], ...rest,
  };
}
export const apply = (change: Parameters<typeof reading>[0] = {}, postage: number | null = null) => db.transaction((tx) => applyOrder(onSource(desk.trade.orders, 'ebay-us'), tx, reading(change), { postage: postage === null ? null : usd(postage) }));
export const balance = async (account: string) => (await readBalances(db.prisma)).find((line) => line.account === account)?.amount.minor ?? 0;
export const onHand = async () => (await db.prisma.stockLot.findUniqueOrThrow({ where: { id: lotId } })).onHand;
export const later = () => clock.advanceTo(clock.now() + DAY_MS);
export const expectSound = async () => expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true, findings: [], miscounted: [] });
