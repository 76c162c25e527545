import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gtinCheckDigit } from '#kernel/identifiers.ts';
import { inspectPriceList, readPriceList, type PriceListRow } from '../price-list/index.ts';
import { bytesSource } from '../price-list/source.ts';
import { buffersOfAnswers, CodeTable, keyOfCode, lookUpCodes } from './code-table.ts';
import { buffersOf, codeOf, packList, type PackedRows } from './pack-rows.ts';
import { settleRows } from './settle-rows.ts';
import { ROW_COLUMNS, STANDINGS, type ResultValue } from './types.ts';

const gtin14 = fc.integer({ min: 0, max: 9_999_999_999_999 }).map((n) => String(n).padStart(14, '0'));
const asin = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'), minLength: 8, maxLength: 8 }).map((end) => `B0${end}`);
const code = fc.oneof(gtin14, asin, fc.constantFrom('00000000000000', '99999999999999', 'B000000000', 'B0ZZZZZZZZ'));

/** Of one product alone a price is known. */
const priced = (id: string) => (id === 'a' ? { minor: 500, currency: 'USD', by: 'market' as const, at: 7, of: 'new' } : null);

describe('CodeTable', () => {
  it('asks for each code once, in the order of their texts, and knows what each names', () => {
    fc.assert(fc.property(fc.array(fc.record({ code, products: fc.array(fc.constantFrom('a', 'b'), { maxLength: 3 }) }), { maxLength: 60 }), (entries) => {
      const products = new Map<string, Set<string>>();
      for (const entry of entries) products.set(entry.code, new Set([...(products.get(entry.code) ?? []), ...entry.products]));
      const asked: string[] = [];
      const answers = lookUpCodes({ markets: [], pricesOf: (ids) => ids.map(priced), productsOf: (kind, codes, found) => {
        expect(codes.every((one) => (one.length === 14) === (kind === 'gtin'))).toBe(true);
        expect(codes).toEqual([...codes].toSorted());
        asked.push(...codes);
        for (const [place, one] of codes.entries()) for (const product of products.get(one)!) found(place, product, null, 0, 0);
      } }, Float64Array.from([Number.NaN, ...entries.map((entry) => keyOfCode(entry.code)), Number.NaN]));
      const table = new CodeTable(structuredClone(answers, { transfer: buffersOfAnswers(answers) }));
      expect(asked.toSorted()).toEqual([...products.keys()].toSorted());
      for (const [one, named] of products) {
        const place = table.placeOf(keyOfCode(one));
        const only = named.size === 1 ? [...named][0]! : null;
        expect(table.productAt(place)).toBe(named.size === 0 ? undefined : only);
        expect(table.priceAt(place)).toEqual(only === null ? null : priced(only));
        table.markToAsk(place);
      }
      expect(table.countToAsk()).toBe(products.size);
    }));
  });
});

/** What people and machines leave in a cell: separators of all kinds, halves of letters, other scripts, nothing. */
const hostile = fc.oneof(fc.constantFrom('', ' ', '\u001F', '\u0000', '\uD83D', '\uFEFF', 'كتاب', '本'.repeat(40), '"quoted, twice"', '=1+1', "'", 'a\tb', 'x'.repeat(2_100)), fc.string({ maxLength: 12 }));
const written = fc.oneof(gtin14.map((digits) => digits.slice(1, 13) + gtinCheckDigit(digits.slice(1, 13))), asin, fc.constantFrom('', '036000291452', '4006381333', '4.00638E+12', 'n/a'), hostile);
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

interface Listed { readonly code: string; readonly title: string; readonly brand: string; readonly cost: string }

/** The list's rows as the slow way reads them, and as a pass with an empty catalogue stores them. */
async function bothWays(rows: readonly Listed[]) {
  const source = bytesSource('a.csv', Buffer.from(`EAN,Product name,Brand,Unit cost (USD)\n${rows.map((row) => [row.code, row.title, row.brand, row.cost].map(cell).join(',')).join('\n')}\n`));
  const { layout } = await inspectPriceList(bytesSource('b.csv', Buffer.from('EAN,Product name,Brand,Unit cost (USD)\n4006381333931,Kettle,Acme,10.00\n')));
  const read: PriceListRow[] = [];
  for await (const batch of readPriceList(source, layout)) read.push(...batch.rows);
  const stored: Record<string, ResultValue>[] = [];
  const handedOver = async function* (): AsyncGenerator<PackedRows> {
    for await (const slice of packList({ source, layout, estimate: () => null })) yield structuredClone(slice, { transfer: buffersOf(slice) });
  };
  const names = ROW_COLUMNS.map((column) => column.split(' ')[0]!);
  const counts = await settleRows({
    lookUp: (codes) => Promise.resolve(lookUpCodes({ markets: [], productsOf: () => undefined }, codes)),
    store: (values, from, to) => {
      for (let at = from; at < to; at += names.length) stored.push(Object.fromEntries(names.map((name, n) => [name, values[at + n]!])));
    },
  }, handedOver(), { size: source.size });
  return { read, stored, counts };
}

describe('packList and settleRows', () => {
  it('store what readPriceList reads, whatever the cells hold', async () => {
    const listed = fc.record({ code: written, title: hostile, brand: hostile, cost: fc.constantFrom('1.00', '12,50', '0', 'free', '') });
    await fc.assert(fc.asyncProperty(fc.array(listed, { minLength: 1, maxLength: 25 }), async (rows) => {
      const { read, stored, counts } = await bothWays([{ code: '4006381333931', title: 'Kettle', brand: 'Acme', cost: '10.00' }, ...rows]);
      expect(stored.map(({ line, title, brand, unitCostMinor, currency }) => ({ line, title, brand, unitCostMinor, currency }))).toEqual(read.map(({ line, title, brand, unitCost }) => ({ line, title, brand, unitCostMinor: unitCost.minor, currency: unitCost.currency })));
      expect(stored.map(({ identifier }) => identifier)).toEqual(read.map(({ identifiers }) => (identifiers.length === 1 ? codeOf(identifiers[0]!) : null)));
      expect(stored.map(({ standing }) => STANDINGS[standing as number])).toEqual(read.map(({ identifiers }) => (identifiers.length === 0 ? 'no-code' : 'unknown')));
      expect(counts.codesToAsk).toBe(new Set(read.flatMap(({ identifiers }) => identifiers.map(codeOf))).size);
    }), { numRuns: 60 });
  });
});
