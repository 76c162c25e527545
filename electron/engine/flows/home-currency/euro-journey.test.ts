import { call } from '@orpc/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { convert, inverse, money, rateOf } from '#kernel/money.ts';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { offerOf, ScriptedVendor } from '#tests/support/offer-desk.ts';
import { openTradeDesk, seedBusiness, type TradeDesk } from '#tests/support/trade-desk.ts';
import { getLot } from '../../inventory/index.ts';
import { readBalances } from '../../ledger/index.ts';
import { draftListing, floorPrice, onChannel, saleNeeds } from '../../listings/index.ts';
import { evaluateOffers, ingestOffers, loadForApproval, markApproved, markPurchased, normaliseOffer, reopenAfterPurchase } from '../../opportunities/index.ts';
import { applyOrder, onSource, payOut, reportProfit } from '../../orders/index.ts';
import { approveOpportunity, createPurchaseProcedures } from '../../purchasing/index.ts';
import { readToday } from '../../reporting/index.ts';
import { BUSINESS, LIMITS, readSetting } from '../../settings/index.ts';
import { readReturned, recordOrder, recordReturn, recordReturnRefund, verifyBooks } from '../index.ts';
import { chooseHomeCurrency, proposeHomeCurrency } from './choose-home-currency.ts';

const TO_EUROS = rateOf('USD', 'EUR', '0.92');
const usd = (minor: number) => money(minor, 'USD');
let clock: ManualClock;
let db: TestDatabase;
let desk: TradeDesk;

beforeAll(async () => {
  clock = new ManualClock(Date.UTC(2026, 10, 2));
  db = await createTestDatabase();
  desk = await openTradeDesk({
    db, clock, shopUrl: 'http://127.0.0.1:9', ebayUrl: 'http://127.0.0.1:9',
    purchasing: { gate: { loadForApproval: (tx, opportunityId, version) => loadForApproval({ ctx: desk.ctx, feeCards: desk.trade.listings.feeCards }, tx, { opportunityId, version }), markApproved, markPurchased, reopen: reopenAfterPurchase, feesNow: () => null } },
  });
  await seedBusiness(desk.ctx, { minProfit: usd(300), perDay: usd(150_000) });
  await db.prisma.source.create({ data: { id: 'src_1', kind: 'price-list', name: 'Harbor', baseUrl: 'https://harbor.example', config: '{}', createdAt: BigInt(clock.now()) } });
});
afterAll(async () => {
  await desk.close();
  await db.close();
});

/** An opportunity for a kettle at 12 dollars, judged in the home currency. */
async function judge() {
  const vendor = new ScriptedVendor(clock);
  vendor.know({ n: 1, priceMinor: 4_500 });
  await db.transaction((tx) => ingestOffers(desk.ctx, tx, 'src_1', [normaliseOffer({ ...offerOf(1), seenAt: clock.now() }, {})]));
  const deps = { ctx: desk.ctx, feeCards: desk.trade.listings.feeCards, catalog: { ctx: desk.ctx, marketData: vendor, currentPrices: null, restrictions: null, categoryOf: () => null } };
  await evaluateOffers(deps, { sourceId: 'src_1', limit: 10, signal: new AbortController().signal });
  return db.prisma.opportunity.findFirstOrThrow({ where: { state: 'open' } });
}

it('a desk at home in euros buys and sells in dollars, is paid out, and its books are sound and in euros', async () => {
  const { ctx, trade } = desk;
  const asked = { currency: 'EUR', rate: '0.92', kind: 'official' as const, source: 'test' };
  await chooseHomeCurrency({ ctx, practice: false }, { ...asked, ...await proposeHomeCurrency({ ctx, practice: false }, asked).then(({ businessVersion, limitsVersion }) => ({ businessVersion, limitsVersion })) });
  const row = await judge();
  expect(row).toMatchObject({ currency: 'EUR', decision: 'purchase' });

  const { purchaseId: id } = await approveOpportunity(trade.purchasing, { id: row.id, version: Number(row.version), quantity: 2, approvedBy: 'Amina' });
  await desk.settle();
  const os = createPurchaseProcedures(trade.purchasing, { recordOrder: (input) => recordOrder(trade, input), returned: (purchase) => readReturned(db.prisma, purchase), recordReturn: (input) => recordReturn(trade, input), recordReturnRefund: (input) => recordReturnRefund(trade, input) }, 'Amina');
  const version = async () => (await call(os.get, { id })).version;
  await call(os.recordOrder, { id, version: await version(), externalId: 'HW-1', total: usd(2_400) });
  await call(os.receive, { id, version: await version(), units: 2, damaged: 0 });
  const [business, limits] = [(await readSetting(db, BUSINESS)).value, (await readSetting(db, LIMITS)).value];
  const lot = await getLot(db.prisma, (await db.prisma.stockLot.findFirstOrThrow()).id);
  // 24.00 dollars, and preparing two units
  expect(lot.totalCost).toEqual(money(convert(usd(2_400), TO_EUROS).minor + 2 * business.prepPerUnit.minor, 'EUR'));

  const sale = saleNeeds({ lot, facts: { category: null, package: null } as unknown as Parameters<typeof saleNeeds>[0]['facts'], channel: 'ebay-us', feeCards: trade.listings.feeCards, business, limits, salesTaxBp: 700, at: clock.now() });
  if ('code' in sale) throw new Error(sale.code);
  const floor = floorPrice(sale.needs)!;
  expect(sale.card.currency).toBe('USD');
  // the floor in dollars covers the cost, the postage and the least profit in euros
  const kept = money(floor - sale.needs.feesAt(floor), 'USD');
  const least = lot.unitCost.minor + business.outboundShipping.base.minor + limits.minProfit.minor;
  expect(convert(kept, TO_EUROS, 'up').minor).toBeGreaterThanOrEqual(least);

  await db.transaction(async (tx) => {
    await draftListing(onChannel(trade.listings, 'ebay-us'), tx, { lot, composed: { title: 'Kettle', description: '', condition: 'new', price: usd(4_200), floor: usd(floor), basis: 'estimate', refusal: null } });
    await tx.listing.updateMany({ data: { state: 'active' } });
  });
  const order: Parameters<typeof applyOrder>[2] = {
    orderId: '10-1', createdAt: clock.now(), modifiedAt: clock.now(), payment: 'paid', fulfilment: 'not-started', cancel: 'none', currency: 'USD', total: usd(4_200), marketplaceFee: usd(600), refunds: [], buyer: { name: 'Ada', addressLines: [] },
    lines: [{ lineId: 'l1', sku: lot.sku, title: 'Kettle', quantity: 1, price: usd(4_200), shipping: usd(0), discount: usd(0), tax: usd(0), taxCollectedByChannel: usd(0), total: usd(4_200), fulfilment: 'not-started' }],
  };
  const { order: sold } = await db.transaction((tx) => applyOrder(onSource(trade.orders, 'ebay-us'), tx, order, { postage: null }));
  expect(sold!.lines[0]).toMatchObject({ revenue: usd(4_200), cost: convert(lot.unitCost, inverse(TO_EUROS)) });
  clock.advanceTo(clock.now() + 4 * DAY_MS);
  await payOut(trade.orders);

  const balances = (await readBalances(db.prisma)).filter(({ amount }) => amount.minor !== 0);
  const of = (account: string) => balances.filter((line) => line.account === account).map((line) => line.amount);
  expect(of('assets:inventory')).toEqual([money(lot.totalCost.minor - lot.unitCost.minor, 'EUR')]);
  expect(of('equity:fx')).toEqual([]);
  expect(of('assets:receivable:ebay-us')).toEqual([]);
  expect(of('assets:cash').find((amount) => amount.currency === 'USD')).toEqual(usd(3_600));
  expect(of('expenses:cogs')).toEqual([lot.unitCost]);
  expect(await verifyBooks(trade.inventory, 'EUR')).toMatchObject({ sound: true, findings: [], miscounted: [] });

  const report = await reportProfit(trade.orders, { from: 0, to: clock.now() + DAY_MS });
  const { money: glance } = await readToday({ ctx });
  expect([report.currency, glance.currency]).toEqual(['EUR', 'EUR']);
  const euros = of('assets:cash').find((amount) => amount.currency === 'EUR')!.minor;
  expect(glance.cash).toEqual(money(euros + convert(usd(3_600), TO_EUROS).minor, 'EUR'));
  expect(glance.profit30.minor).toBe(convert(usd(3_600), TO_EUROS).minor - lot.unitCost.minor);
  expect(Math.abs(report.profit.minor - glance.profit30.minor)).toBeLessThanOrEqual(2);
});
