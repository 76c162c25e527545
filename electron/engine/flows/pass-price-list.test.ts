import fs from 'node:fs';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gtinCheckDigit } from '#kernel/identifiers.ts';
import { openCodeProbe } from '#engine/catalog/index.ts';
import { readFeeCards } from '#engine/pricing/index.ts';
import { fileSource, inspectPriceList, type PackedRows } from '#engine/suppliers/index.ts';
import { PRACTICE_BUSINESS } from '#engine/settings/index.ts';
import { money } from '#kernel/money.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { takeRows } from './hand-over-rows.ts';
import { passPriceList, type PassOptions, type PassSetup } from './pass-price-list.ts';
import { intoCard, outOfCard } from './price-lists/card-rates.ts';
import { openKnownPrices } from './price-lists/known-prices.ts';
import { ratesToCard } from './price-lists/rates-to-card.ts';

const gtin = (data: string) => data + gtinCheckDigit(data);
const KNOWN = gtin('400638133393');
/** Twelve digits that are a UPC as they stand, and a GTIN-13 whose check digit was lost. */
const UPC = gtin('03600029145');
const LENGTHENED = gtin(UPC);
/** Two products carry it. */
const SHARED = gtin('471234567890');
const ASIN = 'B07H8L2K9Z';
const feeCards = readFeeCards(path.resolve(import.meta.dirname, '../../../resources/fee-cards'));

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const product = (id: string, ...codes: string[]) => db.prisma.product.create({ data: { id, title: id, attributes: '{}', createdAt: 0, updatedAt: 0, identifiers: { create: codes.map((value) => ({ kind: 'gtin', value: value.padStart(14, '0'), source: 'keepa' })) } } });
  await product('prd_kettle', KNOWN);
  await product('prd_upc', UPC);
  await product('prd_other', LENGTHENED);
  await product('prd_one', SHARED);
  await product('prd_two', SHARED);
  await db.prisma.productIdentifier.create({ data: { kind: 'asin', value: ASIN, productId: 'prd_two', source: 'keepa' } });
});
afterAll(() => db.close());

const AT = Date.UTC(2026, 10, 21);
const day = (n: number) => AT - n * 86_400_000;
const codeOf = (n: number) => gtin(String(700_000_000_000 + n));
const line = (id: string, revenueMinor: number, refundMinor = 0) => ({ id, externalId: id, lotId: 'l', sku: 'l', title: 'l', quantity: 1, revenueMinor, feesMinor: 1, refundMinor });

interface Asked extends PassOptions, Pick<PassSetup, 'cards' | 'rates'> {
  readonly database?: string;
  readonly currency?: string;
}

async function pass(name: string, lines: readonly string[], options: Asked = {}, folder = db.dir) {
  const list = path.join(db.dir, `${name}.csv`);
  const results = path.join(folder, `${name}.sqlite`);
  fs.writeFileSync(list, `EAN,Product name,Unit cost (${options.currency ?? 'USD'}),Stock,RRP\n${lines.join('\n')}\n`);
  const { layout } = await inspectPriceList(await fileSource(list));
  const counts = await passPriceList({ list, layout, database: options.database ?? db.file, results, feeCards, cards: options.cards, rates: options.rates, at: AT }, options);
  const file = new BetterSqlite3(results, { readonly: true });
  const all = (table: string) => file.prepare<[], Record<string, string | number | null>>(`SELECT * FROM ${table} ORDER BY line`).all();
  const [rows, rejects] = [all('result'), all('reject')];
  file.close();
  return { counts, rows, rejects };
}

/** The rows of what was all handed over, and the port closed, before anybody listened. */
async function taken(...handed: readonly object[]) {
  const { port1, port2 } = new MessageChannel();
  for (const each of handed) port1.postMessage(each);
  port1.close();
  const rows: number[] = [];
  for await (const one of takeRows(port2, 'a.csv')) rows.push(one.rows);
  return rows;
}

describe('passPriceList', () => {
  it('stores a result for every row, with what is known and what a sale would leave', async () => {
    const { counts, rows, rejects } = await pass('plain', [`${KNOWN},Kettle,10.00,5,40.00`, `${gtin('590123412345')},Lamp,3.00,2,2.00`, `,Hose,4.00,1,9.00`, `${KNOWN},No price,,1,9.00`]);
    expect(counts).toMatchObject({ rows: 3, rejected: 1, known: 1, unknown: 1, noCode: 1, ambiguous: 0, codesToAsk: 1 });
    const [kettle, lamp, hose] = rows;
    expect(kettle).toMatchObject({ line: 2, standing: 'known', productId: 'prd_kettle', identifier: KNOWN.padStart(14, '0'), unitCostMinor: 1_000, saleMinor: 4_000 });
    expect(kettle!['profitMinor']).toBe(4_000 - Number(kettle!['feesMinor']) - 1_000);
    expect(Number(kettle!['feesMinor'])).toBeGreaterThan(200);
    expect(lamp).toMatchObject({ standing: 'unknown', productId: null });
    expect(Number(lamp!['profitMinor'])).toBeLessThan(0);
    expect(hose).toMatchObject({ standing: 'no-code', identifier: null });
    expect(rejects.map((reject) => [reject['line'], reject['field'], reject['severity']])).toEqual([[5, 'cost', 'row']]);
  });

  it('tries every code that a damaged one may have been, and takes none where two products answer', async () => {
    const { counts, rows } = await pass('damaged', [`${KNOWN.slice(0, 12)},Kettle,10.00,5,40.00`, `${UPC},Tissue or other,1.00,5,4.00`]);
    expect(counts).toMatchObject({ known: 1, ambiguous: 1 });
    expect(rows[0]).toMatchObject({ productId: 'prd_kettle', repairs: 'check-digit-restored' });
    expect(rows[1]).toMatchObject({ standing: 'ambiguous', productId: null, identifier: null });
  });

  it('takes no product for a right code that two carry, and one by its ASIN', async () => {
    const { counts, rows } = await pass('shared', [`${SHARED},Mug,1.00,5,4.00`, `${ASIN},Mug,1.00,5,4.00`, `B0ZZZZZZZZ,Mug,1.00,5,4.00`]);
    expect(counts).toMatchObject({ known: 1, ambiguous: 1, unknown: 1, codesToAsk: 1 });
    expect(rows[0]).toMatchObject({ standing: 'ambiguous', productId: null, identifier: SHARED.padStart(14, '0'), repairs: null });
    expect(rows[1]).toMatchObject({ standing: 'known', productId: 'prd_two', identifier: ASIN });
    expect(rows[2]).toMatchObject({ standing: 'unknown', productId: null, identifier: 'B0ZZZZZZZZ' });
  });

  it('keeps every row in its order, whatever their number', async () => {
    const lines = Array.from({ length: 2_131 }, (_, i) => `${i % 2 === 0 ? KNOWN : gtin(String(500_000_000_000 + i))},Item ${i},1.00,${i},2.00`);
    const { counts, rows } = await pass('many', lines);
    expect(counts).toMatchObject({ rows: 2_131, known: 1_066, unknown: 1_065, codesToAsk: 1_065 });
    expect(rows.map((row) => [row['line'], row['title'], row['standing'], row['quantity']])).toEqual(lines.map((_, i) => [i + 2, `Item ${i}`, i % 2 === 0 ? 'known' : 'unknown', i]));
  });

  it('goes by what the program knows before the list’s own retail price, and says by what and since when', async () => {
    const known = await createTestDatabase();
    const { prisma } = known;
    const names = ['sold', 'scanned', 'asked', 'old', 'nothing'] as const;
    for (const [n, name] of names.entries()) await prisma.product.create({ data: { id: name, title: name, attributes: '{}', createdAt: 0, updatedAt: 0, identifiers: { create: [{ kind: 'gtin', value: codeOf(n).padStart(14, '0'), source: 'keepa' }] } } });
    for (const productId of ['sold', 'scanned', 'asked']) await prisma.marketPrice.create({ data: { productId, series: 'ebayNew', priceMinor: 3_000, currency: 'USD', at: day(9) } });
    await prisma.marketPrice.create({ data: { productId: 'old', series: 'buyBox', priceMinor: 3_000, currency: 'USD', at: day(400) } });
    await prisma.source.create({ data: { id: 's', kind: 'woocommerce', name: 'S', baseUrl: 'https://s.example', config: '{}', createdAt: 0 } });
    await prisma.offer.create({ data: { id: 'o', sourceId: 's', externalId: 'o', url: 'https://s.example/o', title: 'o', condition: 'new', packSize: 1, priceMinor: 1, currency: 'USD', firstSeenAt: 0, lastSeenAt: 0, contentHash: '', facts: '{}', state: 'evaluated', productId: 'scanned' } });
    const figures = { unitCostMinor: 1, feesMinor: 1, profitMinor: 1, profitLowMinor: 1, profitHighMinor: 1, roiBp: 1, lossChanceBp: 1, daysToSell: 1, cashDayMinor: 1, demandPerMonth: 1, confidenceBp: 1, quantity: 1 };
    await prisma.opportunity.create({ data: { id: 'p', offerId: 'o', productId: 'scanned', sourceId: 's', state: 'open', decision: 'skip', title: 'o', currency: 'USD', salePriceMinor: 2_800, ...figures, channel: 'ebay', inputsHash: '', cardVersion: '', seenAt: 0, evaluatedAt: day(3) } });
    await prisma.stockLot.create({ data: { id: 'l', sku: 'l', productId: 'sold', purchaseId: 'l', title: 'l', condition: 'new', location: '', state: 'on-hand', unitCostMinor: 1, totalCostMinor: 1, currency: 'USD', quantity: 9, onHand: 5, estimate: '{}', createdAt: 0 } });
    await prisma.order.create({ data: { id: 'r', channel: 'ebay', externalId: 'r', state: 'shipped', currency: 'USD', totalMinor: 1, feesMinor: 1, placedAt: day(2), modifiedAt: 0, raw: '{}', lines: { create: [line('a', 2_000), line('b', 2_500), line('c', 9_900, 9_900)] } } });
    const cards = [{ game: ['Pokemon', 'Pokémon'], set: ['Base Set'], at: day(1), cards: [{ names: ['Charizard'], minor: 36_550, currency: 'USD' }] }];
    try {
      const { counts, rows } = await pass('priced', [...names.map((_, n) => `${codeOf(n)},Thing ${n},10.00,5,${n === 4 ? '' : '90.00'}`), ',Pokémon Charizard Base Set holo,10.00,1,12.00', ',Charizard Base Set,10.00,1,12.00'], { database: known.file, cards });
      const told = rows.map((row) => [row['saleMinor'], ...(['by', 'at', 'of', 'count', 'retailMinor'] as const).map((name) => (JSON.parse(String(row['more'] ?? '{}')) as Record<string, unknown>)[name] ?? null)]);
      expect(told).toEqual([
        [2_250, 'own-sales', day(2), null, 2, 9_000], [2_800, 'scan', day(3), null, null, 9_000], [3_000, 'market', day(9), 'ebayNew', null, 9_000], [9_000, null, null, null, null, null], [null, null, null, null, null, null],
        [36_550, 'cards', day(1), 'Charizard', null, 1_200], [1_200, null, null, null, null, null],
      ]);
      expect(rows.map((row) => (row['profitMinor'] === null ? null : Number(row['saleMinor']) - Number(row['feesMinor']) - 1_000 - Number(row['profitMinor'])))).toEqual([0, 0, 0, 0, null, 0, 0]);
      const euros = { currency: 'EUR', since: 0 };
      const [own, probe] = [openKnownPrices(known.file, euros)!, openCodeProbe(known.file, euros)];
      expect(own.pricesOf([...names])).toEqual(names.map(() => null));
      const asked: (number | null)[] = [];
      probe.productsOf('gtin', names.map((_, n) => codeOf(n).padStart(14, '0')), (_place, _id, minor) => asked.push(minor));
      expect(asked).toEqual(names.map(() => null));
      own.close();
      probe.close();
      // a migration that rebuilds the table can lose it unseen, and each price is then found in two trees
      expect(await known.read('SELECT wr AS withoutRowid FROM pragma_table_list WHERE name = ?', ['MarketPrice'])).toEqual([{ withoutRowid: 1 }]);
      expect(counts.priced).toEqual({ 'own-sales': 1, scan: 1, market: 1, cards: 1, list: 2 });
      expect(counts.promising).toBe(rows.filter((row) => Number(row['profitMinor']) > 0).length);
    } finally {
      await known.close();
    }
  });

  it('reckons a list in another currency by the desk’s rates, in its own currency, and not without one', async () => {
    const business = { ...PRACTICE_BUSINESS, homeCurrency: 'EUR', rates: [{ from: 'EUR', to: 'USD', kind: 'official' as const, rate: '1.25', source: 'bank', asOf: '2026-11-20' }, { from: 'GBP', to: 'EUR', kind: 'official' as const, rate: '1.20', source: 'bureau', asOf: '2026-11-19' }] };
    const rates = ratesToCard(business, 'USD');
    expect(rates.map((rate) => [rate.currency, intoCard(money(10_000, rate.currency), rate)?.minor, rate.source, rate.asOf])).toEqual([['EUR', 12_500, 'bank', '2026-11-20'], ['GBP', 15_000, 'bureau, bank', '2026-11-19']]);
    const rows = [`${KNOWN},Kettle,10.00,5,40.00`];
    const [dollars, euros, without] = [await pass('dollars', [`${KNOWN},Kettle,12.50,5,50.00`]), await pass('euros', rows, { currency: 'EUR', rates }), await pass('without', rows, { currency: 'EUR' })].map((one) => one.rows[0]!);
    expect(euros).toMatchObject({ currency: 'EUR', unitCostMinor: 1_000, saleMinor: 4_000, feesMinor: Math.round(Number(dollars!['feesMinor']) / 1.25) });
    expect(euros!['profitMinor']).toBe(4_000 - Number(euros!['feesMinor']) - 1_000);
    expect(without).toMatchObject({ currency: 'EUR', saleMinor: null, profitMinor: null });
  });

  it('brings no barcode that stands as a price through a weak currency, and calls two rates parallel where one is', () => {
    const business = { ...PRACTICE_BUSINESS, homeCurrency: 'DZD', rates: [{ from: 'EUR', to: 'DZD', kind: 'official' as const, rate: '145', source: 'bank', asOf: '2026-11-20' }, { from: 'USD', to: 'DZD', kind: 'parallel' as const, rate: '240', source: 'square', asOf: '2026-11-19' }] };
    const rates = ratesToCard(business, 'USD');
    expect(rates.map(({ currency, kind }) => [currency, kind])).toEqual([['DZD', 'parallel'], ['EUR', 'parallel']]);
    const [, euro] = rates;
    expect([intoCard(money(10_000, 'EUR'), euro!)?.minor, intoCard(money(Number(KNOWN) * 100, 'EUR'), euro!), outOfCard(money(6_042, 'USD'), euro!)?.minor, outOfCard(money(Number(KNOWN) * 100, 'USD'), euro!)]).toEqual([6_042, null, 10_001, null]);
  });

  it('takes no list for a whole one whose reading thread was gone before it told the end', async () => {
    const slice = { rows: 1 } as PackedRows;
    await expect(taken({ kind: 'rows', rows: slice }, { kind: 'rows', rows: slice }, { kind: 'end' })).resolves.toEqual([1, 1]);
    await expect(taken({ kind: 'rows', rows: slice })).rejects.toThrow('the reading of a.csv stopped before its end');
  });

  it('leaves nothing behind when it is stopped or cannot write', async () => {
    const controller = new AbortController();
    const lines = Array.from({ length: 60_000 }, (_, i) => `${gtin(String(500_000_000_000 + i))},Item ${i},1.00,1,2.00`);
    await expect(pass('stopped', lines, { signal: controller.signal, onProgress: () => controller.abort(new Error('stopped by the user')) })).rejects.toThrow('stopped by the user');
    expect(fs.readdirSync(db.dir).filter((name) => name.startsWith('stopped.sqlite'))).toEqual([]);
    await expect(pass('unwritable', [`${KNOWN},Kettle,10.00,5,40.00`], {}, path.join(db.dir, 'no-such-folder'))).rejects.toThrow(/cannot open|directory does not exist|unable to open/i);
  });
});
