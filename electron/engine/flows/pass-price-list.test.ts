import fs from 'node:fs';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gtinCheckDigit } from '#kernel/identifiers.ts';
import { readFeeCards } from '#engine/pricing/index.ts';
import { fileSource, inspectPriceList, type PackedRows } from '#engine/suppliers/index.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { takeRows } from './hand-over-rows.ts';
import { passPriceList, type PassOptions } from './pass-price-list.ts';

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

async function pass(name: string, lines: readonly string[], options: PassOptions = {}, folder = db.dir) {
  const list = path.join(db.dir, `${name}.csv`);
  const results = path.join(folder, `${name}.sqlite`);
  fs.writeFileSync(list, `EAN,Product name,Unit cost (USD),Stock,RRP\n${lines.join('\n')}\n`);
  const { layout } = await inspectPriceList(await fileSource(list));
  const counts = await passPriceList({ list, layout, database: db.file, results, feeCards, at: Date.UTC(2026, 10, 21) }, options);
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
