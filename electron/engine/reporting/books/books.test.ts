import { createRouterClient } from '@orpc/server';
import { rmSync, mkdtempSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportFigures } from '#contract/reports.ts';
import { REPORT_BY } from '#contract/words.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, utcDay } from '#kernel/time.ts';
import { createTestRuntime, TEST_START, type TestRuntime } from '#runtime/testing.ts';
import { CASH, COST_OF_GOODS_SOLD, feesOf, INVENTORY, post, POSTAGE, receivableOf, REFUNDS, SALES, SALES_TAX, salesTaxOf, WRITE_OFF, type EntryLine } from '#engine/ledger/index.ts';
import { BUSINESS, putSetting, readSetting } from '#engine/settings/index.ts';
import { createReportProcedures } from './procedures.ts';

let runtime: TestRuntime;
let dir: string;
const reports = () => createRouterClient(createReportProcedures({ ctx: runtime.context, exportsDir: dir }));
const DAYS = 70;
const SPAN = { from: utcDay(TEST_START - (DAYS - 1) * DAY_MS), to: utcDay(TEST_START) };

/** Sales in two currencies, of one to four lines, with shipping, refunds, fees that belong to no order, counts, and what was booked outside the time. */
async function fill(): Promise<void> {
  const random = seededRandom('books of a report');
  const upTo = (most: number) => Math.floor(random.next() * (most + 1));
  const { prisma } = runtime.db;
  const entry = (key: string, given: { kind: string; ref: readonly [string, string]; at: number; lines: readonly (readonly [string, number, string])[] }) => runtime.db.transaction((tx) => post({ ctx: runtime.context }, tx, { key, kind: given.kind, memo: key, ref: { kind: given.ref[0], id: given.ref[1] }, at: given.at, lines: given.lines.map(([account, minor, currency]): EntryLine => ({ account, amount: money(minor, currency) })) }));
  const business = await readSetting(runtime.db, BUSINESS);
  await runtime.db.transaction((tx) => putSetting(tx, BUSINESS, { ...business.value, homeCurrency: 'USD', rates: [{ from: 'EUR', to: 'USD', rate: '1.08', kind: 'official', source: 'bank', asOf: '2026-11-01' }] }, TEST_START));
  await prisma.source.create({ data: { id: 'src_1', kind: 'woocommerce', name: '=cmd()', baseUrl: 'a', config: '{}', createdAt: 1n } });
  await runtime.db.transaction(async (tx) => {
    await tx.$executeRawUnsafe('PRAGMA defer_foreign_keys = ON');
    for (let n = 0; n < 8; n++) {
      await tx.product.create({ data: { id: `prd_${n}`, title: `Product ${n}`, category: n % 3 === 0 ? null : ['toys', 'tools'][n % 2]!, attributes: '{}', createdAt: 1n, updatedAt: 1n } });
      const purchaseId = n < 4 ? `pur_${n}` : `hand_${n}`;
      await tx.stockLot.create({ data: { id: `lot_${n}`, sku: `s${n}`, productId: `prd_${n}`, purchaseId, title: `Lot ${n}`, condition: 'new', location: 'main', state: 'on-hand', unitCostMinor: 333n, totalCostMinor: 1_000n, currency: 'USD', quantity: 3, onHand: 2, estimate: '{}', createdAt: 1n, receivedAt: BigInt(TEST_START - (n + 1) * 40 * DAY_MS) } });
      if (n < 4) {
        await tx.approval.create({ data: { id: `apr_${n}`, opportunityId: 'o', quantity: 1, maxUnitMinor: 1n, maxTotalMinor: 1n, currency: 'USD', evidence: '{}', evidenceSha256: '', approvedBy: 'o', approvedAt: 1n, expiresAt: 1n } });
        await tx.purchase.create({ data: { id: purchaseId, approvalId: `apr_${n}`, opportunityId: 'o', offerId: 'o', productId: `prd_${n}`, sourceId: 'src_1', connector: 'woocommerce', title: 't', state: 'received', quantity: 1, unitsPerOffer: 1, currency: 'USD', homeCurrency: 'USD', idempotencyKey: purchaseId, createdAt: 1n, updatedAt: 1n } });
      }
    }
  });
  for (let n = 0; n < 60; n++) {
    const [currency, at, channel] = [n % 4 === 0 ? 'EUR' : 'USD', TEST_START - upTo(DAYS + 30) * DAY_MS, n % 3 === 0 ? 'amazon-us' : 'ebay-us'];
    const id = `ord_${String(n).padStart(3, '0')}`;
    const lines = Array.from({ length: 1 + upTo(n % 2 === 0 ? 3 : 0) }, (_, i) => ({ i, lot: upTo(9), quantity: 1 + upTo(2), revenueMinor: upTo(5_000), feesMinor: upTo(300), costMinor: upTo(1_500), postageMinor: 133, refundMinor: 0 }));
    const sum = (of: 'revenueMinor' | 'feesMinor' | 'costMinor') => lines.reduce((total, line) => total + line[of], 0);
    // what was booked is not always what the lines say: the report follows the books
    const [revenue, fees, cost, postage] = [sum('revenueMinor') + (n % 5), sum('feesMinor'), sum('costMinor') + (n % 7), 401];
    await prisma.order.create({ data: { id, channel, externalId: `X-${n}`, state: n % 10 === 9 ? 'cancelled' : 'shipped', currency, totalMinor: revenue, feesMinor: fees, placedAt: at, modifiedAt: at, raw: '{}', lines: { create: lines.map(({ i, lot, ...line }) => ({ id: `${id}:${i}`, externalId: String(i), lotId: lot < 8 ? `lot_${lot}` : null, sku: lot === 8 ? 'unknown' : '', title: `=Title "${lot}"`, ...line, profitMinor: 400, estimateMinor: i === 0 ? 500 : null })) } } });
    await entry(`${id}:sale`, { kind: 'sale', ref: ['order', id], at, lines: [[receivableOf(channel), revenue - fees, currency], [feesOf(channel), fees, currency], [SALES, -revenue, currency]] });
    await entry(`${id}:cost`, { kind: 'cost-of-goods', ref: ['order', id], at, lines: [[COST_OF_GOODS_SOLD, cost, 'USD'], [INVENTORY, -cost, 'USD']] });
    await entry(`${id}:postage`, { kind: 'postage', ref: ['order', id], at: at + DAY_MS, lines: [[POSTAGE, postage, 'USD'], [CASH, -postage, 'USD']] });
    if (n % 6 === 0) await entry(`${id}:refund`, { kind: 'refund', ref: ['order', id], at: at + upTo(40) * DAY_MS, lines: [[REFUNDS, 777, currency], [receivableOf(channel), -777, currency]] });
  }
  for (let n = 0; n < 12; n++) {
    const at = TEST_START - n * 9 * DAY_MS;
    await entry(`count:${n}`, { kind: 'stock-count', ref: ['stock', `lot_${n % 8}`], at, lines: [[WRITE_OFF, 50 + n, 'USD'], [INVENTORY, -50 - n, 'USD']] });
    await entry(`pay:${n}`, { kind: 'payout', ref: ['payout', `pyt_${n}`], at, lines: [[feesOf('stripe'), 31, 'USD'], [CASH, -31, 'USD']] });
    await entry(`buy:${n}`, { kind: 'purchase', ref: ['purchase', `pur_${n % 4}`], at, lines: [[INVENTORY, 9_000, 'USD'], [CASH, -9_000, 'USD']] });
    await entry(`tax:${n}`, { kind: 'sale', ref: ['tax', `${n}`], at, lines: [[CASH, 70, 'EUR'], [SALES_TAX, -70, 'EUR']] });
    await entry(`state:${n}`, { kind: 'sale', ref: ['order', `tax_${n}`], at, lines: [[CASH, 100, 'USD'], [salesTaxOf('US-CA State Tax'), -100, 'USD']] });
    await entry(`state:${n}:back`, { kind: n % 2 === 0 ? 'refund' : 'claim', ref: ['order', `tax_${n}`], at, lines: [[CASH, -30, 'USD'], [salesTaxOf('US-CA State Tax'), 30, 'USD']] });
    await entry(`state:${n}:paid`, { kind: 'tax-paid', ref: ['tax', `${n}`], at, lines: [[CASH, -50, 'USD'], [salesTaxOf('US-CA State Tax'), 50, 'USD']] });
  }
}

beforeAll(async () => {
  runtime = await createTestRuntime();
  dir = mkdtempSync(path.join(os.tmpdir(), 'resale-desk-report-'));
  await fill();
});
afterAll(async () => {
  await runtime.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The ledger's own sums of a time, by plain addition over its rows. */
async function ledger(from: string, to: string) {
  const lines = await runtime.db.prisma.ledgerLine.findMany({ include: { entry: true } });
  const sums = new Map<string, number>();
  for (const { account, currency, minor, entry } of lines) {
    if (Number(entry.at) < Date.parse(from) || Number(entry.at) >= Date.parse(to) + DAY_MS) continue;
    const key = `${account.startsWith('expenses:fees:') ? 'fees' : account} ${currency}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(minor));
    if (/^(?:income|expenses):/.test(account)) sums.set(`profit ${currency}`, (sums.get(`profit ${currency}`) ?? 0) - Number(minor));
  }
  const of = (account: string, currency: string) => sums.get(`${account} ${currency}`) ?? 0;
  return ['USD', 'EUR'].map((currency) => ({ currency, revenue: -of(SALES, currency) || 0, refunds: of(REFUNDS, currency), fees: of('fees', currency), postage: of(POSTAGE, currency), cost: of(COST_OF_GOODS_SOLD, currency), writeOff: of(WRITE_OFF, currency), profit: of('profit', currency) }));
}

function added(all: readonly (readonly ReportFigures[])[]) {
  return ['USD', 'EUR'].map((currency) => {
    const figures = all.flat().filter((one) => one.profit.currency === currency);
    const sum = (of: keyof ReportFigures) => figures.reduce((total, one) => total + one[of].minor, 0);
    return { currency, revenue: sum('revenue'), refunds: sum('refunds'), fees: sum('fees'), postage: sum('postage'), cost: sum('cost'), writeOff: sum('writeOff'), profit: sum('profit') };
  });
}

describe('a report', () => {
  it('is what the ledger has of the time, to the cent and by currency, however it is split and wherever it is opened', async () => {
    const booked = await ledger(SPAN.from, SPAN.to);
    expect(booked.every(({ revenue, profit }) => revenue > 0 && profit !== 0)).toBe(true);
    expect(added([(await reports().summary(SPAN)).currencies])).toEqual(booked);
    for (const by of REPORT_BY) {
      const { rows, others } = await reports().rows({ ...SPAN, by });
      expect(others).toBeNull();
      expect({ by, sums: added(rows.map((row) => row.currencies)) }).toEqual({ by, sums: booked });
      const behind = await Promise.all(rows.map(({ key }) => reports().lines({ ...SPAN, by, key, limit: 200 })));
      behind.forEach((lines, i) => expect({ by, key: rows[i]!.key, sums: added(lines.items.map((line) => line.figures)) }).toEqual({ by, key: rows[i]!.key, sums: added([rows[i]!.currencies]) }));
    }
  });

  it('counts what was sold once, whatever it is split by, and says how it came out against the estimate', async () => {
    const { sold, home, sellThroughBp } = await reports().summary(SPAN);
    expect(await reports().brief(SPAN)).toEqual({ ...SPAN, home, units: sold.units, orders: sold.orders });
    const before = await reports().brief({ from: utcDay(TEST_START - (DAYS + 30) * DAY_MS), to: utcDay(TEST_START - DAYS * DAY_MS) });
    expect(sold.units).toBeGreaterThan(40);
    for (const by of ['channel', 'item', 'month'] as const) {
      const { rows } = await reports().rows({ ...SPAN, by });
      expect(rows.reduce((sum, row) => sum + row.sold.units, 0)).toBe(sold.units);
      expect(rows.reduce((sum, row) => sum + row.sold.estimates.reduce((units, one) => units + one.units, 0), 0)).toBe(sold.estimates.reduce((units, one) => units + one.units, 0));
      if (by !== 'item') expect(rows.reduce((sum, row) => sum + row.sold.orders, 0)).toBe(sold.orders);
    }
    expect(before.orders + sold.orders).toBe(await runtime.db.prisma.order.count({ where: { state: { not: 'cancelled' } } }));
    expect(sellThroughBp).toBe(10_000); // no movement of stock is in this world
  });

  it('converts the other currency at the rate that it names, and tells the tax and the stock account', async () => {
    const { home, tax, currencies } = await reports().summary(SPAN);
    expect(home).toMatchObject({ rates: [{ currency: 'EUR', rate: '1.08', source: 'bank' }], without: [] });
    const [usd, eur] = currencies as [ReportFigures, ReportFigures];
    expect(home.figures.revenue).toEqual(money(usd.revenue.minor + Math.round(eur.revenue.minor * 1.08), 'USD'));
    const within = Math.ceil(DAYS / 9);
    expect(tax.salesTax).toEqual([{ collected: money(70 * within, 'EUR'), settled: money(0, 'EUR') }, { collected: money(100 * within, 'USD'), settled: money(80 * within, 'USD') }]);
    const ofState = tax.salesTaxByMonth.filter(({ account }) => account === 'liabilities:sales-tax:us-ca-state-tax');
    expect((['collected', 'back', 'paid'] as const).map((figure) => ofState.reduce((sum, row) => sum + row[figure].minor, 0))).toEqual([100 * within, 30 * within, 50 * within]);
    expect([ofState.length, new Set(ofState.map(({ month }) => month)).size, tax.salesTaxByMonth.filter(({ account }) => account === SALES_TAX).reduce((sum, row) => sum + row.collected.minor, 0)]).toEqual([ofState.length, ofState.length, 70 * within]);
    const { name, rows, contentBase64 } = await reports().export({ ...SPAN, by: 'month', what: 'sales-tax', format: 'csv' });
    expect([name.includes('sales-tax'), rows, Buffer.from(contentBase64, 'base64').toString().includes('us-ca-state-tax')]).toEqual([true, tax.salesTaxByMonth.length, true]);
    const { opening, bought, sold, writtenOff, other, closing } = tax.stock;
    expect(bought.minor).toBe(9_000 * within);
    expect([sold.minor, writtenOff.minor]).toEqual([usd.cost.minor, usd.writeOff.minor]);
    expect(closing.minor).toBe(opening.minor + bought.minor - sold.minor - writtenOff.minor + other.minor);
    expect(closing.minor).toBe((await reports().stock()).booked.minor);
    expect(tax.expenses.filter(({ amount }) => amount.currency === 'USD').reduce((sum, { amount }) => sum + amount.minor, 0)).toBe(usd.fees.minor + usd.postage.minor + usd.cost.minor + usd.writeOff.minor);
  });

  it('shows the stock at cost by age', async () => {
    const stock = await reports().stock();
    expect(stock).toMatchObject({ units: 16, lots: 8, value: { minor: 8 * 667 } });
    expect(stock.ages.map(({ units }) => units)).toEqual([0, 2, 2, 4, 8, 0].map((units) => units));
    expect(stock.oldest[0]).toMatchObject({ lotId: 'lot_7', days: 320 });
  });

  it('goes out as a file whose texts no spreadsheet runs, and leaves nothing behind', async () => {
    const { contentBase64, rows, name } = await reports().export({ ...SPAN, by: 'source', what: 'rows', format: 'csv' });
    const text = Buffer.from(contentBase64, 'base64').toString('utf8');
    expect(name).toBe(`report-by-source-${SPAN.from}-to-${SPAN.to}.csv`);
    expect(text.trimEnd().split('\r\n')).toHaveLength(rows + 1);
    expect(text).toContain("'=cmd()");
    const lines = await reports().export({ ...SPAN, by: 'item', what: 'lines', format: 'csv' });
    expect(Buffer.from(lines.contentBase64, 'base64').toString('utf8')).toContain(`'=Title ""`);
    expect((await reports().export({ ...SPAN, by: 'item', what: 'accounts', format: 'xlsx' })).rows).toBeGreaterThan(8);
    expect(readdirSync(dir)).toEqual([]);
    await expect(reports().summary({ from: SPAN.to, to: SPAN.from })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'to' } });
  });
});
