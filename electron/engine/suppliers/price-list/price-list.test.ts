import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CsvScanner, detectDialect } from './csv-scanner.ts';
import { bytesSource, fileSource, inspectPriceList, neutraliseFormula, readPriceList, writeResultsCsv, writeResultsXlsx, type PriceListReject, type PriceListRow, type PriceListSource } from './index.ts';
import { readAmount, readCount } from './read-cells.ts';

const text = (content: string, name = 'list.csv') => bytesSource(name, new TextEncoder().encode(content));
const utf16 = (content: string, big: boolean) => {
  const bytes = Buffer.from(`\uFEFF${content}`, 'utf16le');
  return bytesSource('utf16.csv', big ? bytes.swap16() : bytes);
};

async function readAll(source: PriceListSource): Promise<{ rows: PriceListRow[]; rejects: PriceListReject[] }> {
  const { layout } = await inspectPriceList(source);
  const rows: PriceListRow[] = [];
  const rejects: PriceListReject[] = [];
  for await (const batch of readPriceList(source, layout)) {
    rows.push(...batch.rows);
    rejects.push(...batch.rejects);
  }
  return { rows, rejects };
}
const rolesOf = async (source: PriceListSource) => Object.fromEntries((await inspectPriceList(source)).layout.columns.filter((c) => c.role).map((c) => [c.role, c.header || c.index]));
const failing = async (source: PriceListSource) => inspectPriceList(source).then(() => null, (error: { code?: string }) => error.code);

const GOOD = 'EAN,Title,Brand,Cost,Stock\n4006381333931,Stabilo Boss,Stabilo,0.85,200\n5901234123457,Kettle 1.7 l,Acme,12.40,3\n';
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'price-list-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('layouts', () => {
  it('reads a plain list', async () => {
    const { rows, rejects } = await readAll(text(GOOD.replace('Cost', 'Cost (USD)')));
    expect(rejects).toEqual([]);
    expect(rows[1]).toMatchObject({ line: 3, title: 'Kettle 1.7 l', brand: 'Acme', cost: { minor: 1_240, currency: 'USD' }, unitCost: { minor: 1_240 }, quantity: 3 });
    expect(rows[0]?.identifiers[0]?.identifier.gtin14).toBe('04006381333931');
  });

  it.each([
    ['French', 'Code barre;Désignation;Marque;Prix d\'achat HT €;Colisage;TVA\n4006381333931;Surligneur fluo jaune;Stabilo;0,85;10;20\n5901234123457;Bouilloire électrique;Acme;1.012,40;6;20\n', { id: 'Code barre', title: 'Désignation', brand: 'Marque', cost: 'Prix d\'achat HT €', case: 'Colisage', tax: 'TVA' }, [85, 101_240]],
    ['German', 'Artikelnummer;EAN;Bezeichnung;Hersteller;EK netto;UVP;Bestand\nA1;4006381333931;Textmarker Boss gelb;Stabilo;0,85 €;1,49 €;20\nA2;5901234123457;Wasserkocher 1,7 l;Acme;12,40 €;19,90 €;4\n', { mpn: 'Artikelnummer', id: 'EAN', title: 'Bezeichnung', brand: 'Hersteller', cost: 'EK netto', retail: 'UVP', quantity: 'Bestand' }, [85, 1_240]],
    ['Spanish', 'Código de barras\tDescripción\tMarca\tPrecio unitario\tMoneda\n4006381333931\tMarcador amarillo fluor\tStabilo\t0,85\tEUR\n5901234123457\tHervidor de agua\tAcme\t12,40\tEUR\n', { id: 'Código de barras', title: 'Descripción', brand: 'Marca', cost: 'Precio unitario', currency: 'Moneda' }, [85, 1_240]],
    ['Arabic', 'الباركود,اسم المنتج,الماركة,سعر الجملة (دج),الكمية\n4006381333931,قلم تحديد أصفر,Stabilo,٨٥٫٥٠,20\n5901234123457,غلاية كهربائية,Acme,"١٬٢٥٠٫٠٠",4\n', { id: 'الباركود', title: 'اسم المنتج', brand: 'الماركة', cost: 'سعر الجملة (دج)', quantity: 'الكمية' }, [8_550, 125_000]],
    ['Swedish', 'EAN;Benämning;Inköpspris SEK;Lager\n4006381333931;Kokare;1 234,50;5\n4006381333948;Lampa;99:-;2\n', { id: 'EAN', title: 'Benämning', cost: 'Inköpspris SEK', quantity: 'Lager' }, [123_450, 9_900]],
    ['Indian English', 'EAN,Item,Rate (INR),Stock\n4006381333931,Kettle,"1,23,456.50",5\n4006381333955,Iron,12.00,2\n4006381333948,Lamp,₹ 99/-,5\n', { id: 'EAN', title: 'Item', cost: 'Rate (INR)', quantity: 'Stock' }, [12_345_650, 1_200, 9_900]],
    ['digits of another script', 'الباركود;المنتج;السعر (دج);الكمية\n٤٠٠٦٣٨١٣٣٣٩٣١;غلاية;١٬٢٣٤٫٥٠;٣\n٤٠٠٦٣٨١٣٣٣٩٤٨;مصباح;٩٩;٤\n٤٠٠٦٣٨١٣٣٣٩٥٥;كوب;١٥٠٫٢٥;٥\n', { id: 'الباركود', title: 'المنتج', cost: 'السعر (دج)', quantity: 'الكمية' }, [123_450, 9_900, 15_025]],
  ])('finds its way in %s', async (_language, content, roles, costs) => {
    expect(await rolesOf(text(content))).toEqual(roles);
    const { rows, rejects } = await readAll(text(content));
    expect([rows.map((row) => row.cost.minor), rejects]).toEqual([costs, []]);
  });

  it('finds the header under junk, and rows without one by what they hold', async () => {
    const junk = `ACME Wholesale;;;\nPrice list of 12/11/2026;;;\n;;;\nUPC;Product;Price;MAP\n036000291452;Tissues 3-pack box;$4.50;$6\n012345678905;Widget deluxe blue;$7.25;$9\n`;
    const preview = await inspectPriceList(text(junk), { expectedCurrency: 'USD' });
    expect(preview.layout.headerLine).toBe(4);
    expect(preview.rows.map((row) => row.cost.minor)).toEqual([450, 725]);
    const bare = Array.from({ length: 20 }, (_, i) => `590123412345${7},Product number ${i} with a long name,${i + 1}.99,${i * 3}`).join('\n');
    const proposal = await inspectPriceList(text(bare));
    expect([proposal.layout.headerLine, proposal.layout.columns.map((c) => c.role)]).toEqual([null, ['id', 'title', 'cost', 'quantity']]);
    expect(proposal.missing).toEqual(['currency']);
  });

  it('takes the cost and not the retail price, whatever stands first', async () => {
    expect(await rolesOf(text('MSRP,List Price,Wholesale Price,UPC,Description\n9.99,9.99,4.50,036000291452,Some tissues here\n19.99,9.99,7.25,012345678905,A widget for you\n'))).toMatchObject({ cost: 'Wholesale Price', id: 'UPC' });
  });

  it('divides a case price by its case, rounding up', async () => {
    const { rows, rejects } = await readAll(text('UPC,Description,Case Price USD,Case Pack\n036000291452,Some tissues here,10.00,3\n012345678905,A widget for you,7.25,\n'));
    expect(rows[0]).toMatchObject({ cost: { minor: 1_000 }, unitsPerCost: 3, unitCost: { minor: 334 }, caseSize: 3 });
    expect(rejects).toEqual([expect.objectContaining({ line: 3, field: 'case', reason: 'pack-unknown', severity: 'row' })]);
  });

  it('uses a remembered layout where the header is the same', async () => {
    const source = text(GOOD);
    const { layout } = await inspectPriceList(source);
    const known = { ...layout, currency: 'GBP' };
    expect((await inspectPriceList(source, { known })).rows[0]?.cost).toEqual({ minor: 85, currency: 'GBP' });
    expect((await inspectPriceList(text(GOOD.replace('Brand', 'Maker')), { known })).layout.currency).toBeNull();
  });
});

describe('encodings', () => {
  const content = 'EAN;Désignation;Prix (EUR)\n4006381333931;Café crème à 1 €;2,50\n5901234123457;Théière émaillée;14,00\n';
  it.each([
    ['UTF-8 with a mark', bytesSource('a.csv', new TextEncoder().encode(`\uFEFF${content}`)), 'utf-8'], ['UTF-16 LE', utf16(content, false), 'utf-16le'], ['UTF-16 BE', utf16(content, true), 'utf-16be'],
    ['UTF-16 LE without a mark', bytesSource('b.csv', Buffer.from(content, 'utf16le')), 'utf-16le'], ['windows-1252', bytesSource('c.csv', Buffer.from(content.replaceAll('€', '\u0080'), 'latin1')), 'windows-1252'],
  ])('%s', async (_name, source, encoding) => {
    expect((await inspectPriceList(source)).layout.encoding).toBe(encoding);
    expect((await readAll(source)).rows.map((row) => row.title)).toEqual(['Café crème à 1 €', 'Théière émaillée']);
  });

  it('windows-1256', async () => {
    const arabic = Buffer.from([...'EAN,Name,Price\n4006381333931,'].map((c) => c.charCodeAt(0)).concat([0xc7, 0xe1, 0xd3, 0xe1, 0xc7, 0xe3], [...',2.50 USD\n'].map((c) => c.charCodeAt(0))));
    const { rows } = await readAll(bytesSource('d.csv', arabic));
    expect(rows[0]?.title).toBe('السلام');
  });

  it('keeps the good rows when bytes go bad later on, and lists the bad', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `5901234123457,Product ${i} name,${(i % 90) + 1}.50 USD`).join('\n');
    const bytes = Buffer.concat([Buffer.from(`EAN,Title,Cost\n${rows}\n5901234123457,Caf`), Buffer.from([0xe9]), Buffer.from(' noir,3.50 USD\n')]);
    const result = await readAll(bytesSource('mixed.csv', bytes));
    expect(result.rows).toHaveLength(20_001);
    expect(result.rejects).toEqual([expect.objectContaining({ line: 20_002, field: 'title', reason: 'undecodable', severity: 'field' })]);
  });
});

describe('identifiers and amounts', () => {
  it('repairs what can be, says so, and keeps all that it may be', async () => {
    const { rows, rejects } = await readAll(text('UPC,Title,Cost USD\n36000291452,Tissues without a zero,1\n3600029145,Tissues without both,1\n1.23E+11,Lost for good here,1\n978-0-306-40615-7,A book with dashes,1\n14006381333932,Wrong check digit,1\n'));
    expect(rows.map((row) => [row.identifierRepaired, row.identifiers.length > 0])).toEqual([[true, true], [true, true], [false, false], [false, true], [false, false]]);
    expect(rows[0]?.identifiers.map((c) => c.identifier.gtin14)).toContain('00036000291452');
    expect(rejects.map((reject) => [reject.line, reject.field, reject.reason, reject.raw])).toEqual([[4, 'id', 'digits-lost', '1.23E+11'], [6, 'id', 'wrong-check-digit', '14006381333932']]);
  });

  it.each([
    ['12.40', null, 1_240], ['12,50', '.', 1_250], ['1.234', ',', 123_400], ['1,234', '.', 123_400], ['1.234,50', ',', 123_450], ['1,234.50', '.', 123_450], ['$ 7', null, 700], ['0.4567', '.', 46], ['1 299,90', ',', 129_990], ['٨٥٫٥', null, 8_550],
  ] as const)('reads %s (column mark %s) as %d', (cell, mark, minor) => {
    expect(readAmount(cell, 'USD', mark)).toEqual({ ok: true, amount: { minor, currency: 'USD' } });
  });

  it('gives no amount rather than a wrong one', () => {
    for (const cell of ['call', '10-12', 'N/A', '-5.00', '', '12-May', '1-Dec', '12 mai 2026', '5. Okt.', '#REF!', '=12+1']) expect(readAmount(cell, 'USD', '.').ok).toBe(false);
    expect(readAmount('12', null, null)).toEqual({ ok: false, reason: 'no-currency' });
  });

  it('reads counts', () => {
    expect(['12', 'case of 24', '12x6', '1,200', '6 pcs', '٢٤', 'x', ''].map(readCount)).toEqual([12, 24, 72, 1_200, 6, 24, null, null]);
  });
});

describe('bad input', () => {
  it.each([
    ['an empty file', bytesSource('e.csv', new Uint8Array()), 'FILE_EMPTY'], ['nothing but line ends', text('\n\n\r\n'), 'NO_ROWS'], ['a PDF', text('%PDF-1.7 …'), 'FILE_BINARY'], ['random bytes', bytesSource('r.csv', Uint8Array.from({ length: 4_000 }, (_, i) => (i * 7_919) % 251)), 'FILE_BINARY'],
    ['an old Excel file', bytesSource('o.xls', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])), 'FILE_OLD_EXCEL'], ['a cut workbook', bytesSource('x.xlsx', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0])), 'FILE_BROKEN_XLSX'],
  ])('refuses %s', async (_name, source, code) => {
    expect(await failing(source)).toBe(code);
  });

  it('says of a first row without end that it is one, and not that there is none', async () => {
    await expect(inspectPriceList(text('c,'.repeat(500_000)))).rejects.toThrow(/begins with a row of more than 256 KB/);
  });

  it('refuses a file of 2 GB at once, without reading it', async () => {
    const file = path.join(folder, 'huge.csv');
    await writeFile(file, GOOD);
    await truncate(file, 2 * 1024 ** 3);
    const untouchable = { ...(await fileSource(file)), read: () => Promise.reject(new Error('it was read')), stream: () => { throw new Error('it was read'); } };
    expect(await failing(untouchable)).toBe('FILE_TOO_LARGE');
    await expect(fileSource(path.join(folder, 'none.csv'))).rejects.toThrow(/cannot be opened/);
  });

  it('lists bad rows by line, field and reason, and keeps the good ones', async () => {
    const { rows, rejects } = await readAll(text('EAN,Title,Cost USD\n4006381333931,Good product one,1.00\n5901234123457,No price given,\n5901234123457,Price on call,call\n,,2.00\n5901234123457,Free lunch here,0\n5901234123457\n5901234123457,Shifted, by a comma,3.00\nEAN,Title,Cost USD\n\n,,\n5901234123457,Good product two,2.00\n5901234123457,Cut of'));
    expect(rows.map((row) => row.line)).toEqual([2, 12]);
    expect(rejects.map((reject) => [reject.line, reject.field, reject.reason])).toEqual([
      [3, 'cost', 'missing'], [4, 'cost', 'no-number'], [5, 'row', 'no-product'], [6, 'cost', 'zero'], [7, 'row', 'too-few-columns'], [8, 'row', 'too-many-columns'], [9, 'row', 'repeated-header'], [13, 'row', 'too-few-columns'],
    ]);
    expect(rejects.every((reject) => reject.severity === 'row' && reject.raw.length > 0)).toBe(true);
  });

  it('loses one row to a quote that never closes, not the rest of the file', async () => {
    const many = Array.from({ length: 3_000 }, (_, i) => `5901234123457,Product ${i} name,1.50`).join('\n');
    const { rows, rejects } = await readAll(text(`EAN,Title,Cost USD\n5901234123457,Before the quote,1.00\n5901234123457,"Never closed,1.00\n${many}\n`));
    expect(rows).toHaveLength(3_001);
    expect(rejects).toEqual([expect.objectContaining({ line: 3, reason: 'unclosed-quote' })]);
  });

  it('says which column is missing', async () => {
    const source = text('EAN,Title\n4006381333931,One product here\n5901234123457,Another product\n');
    const { layout, missing } = await inspectPriceList(source);
    expect(missing).toEqual(['cost']);
    await expect(readPriceList(source, layout).next()).rejects.toMatchObject({ code: 'NO_COST_COLUMN' });
  });

  it('stops when it is told to', async () => {
    const source = text(GOOD.replace('Cost', 'Cost USD'));
    const { layout } = await inspectPriceList(source);
    await expect(readPriceList(source, layout, { signal: AbortSignal.abort() }).next()).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

function scanned(content: string): string[][] {
  const scanner = new CsvScanner(detectDialect(content));
  return [...scanner.push(content), ...scanner.end()].map((row) => row.cells);
}

describe('CSV', () => {
  it('reads back any cells that were written by the rules, however the text is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r\n', ' ', '0'), maxLength: 8 });
    fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }), fc.array(fc.nat(60), { maxLength: 4 }), (table, cuts) => {
      const content = table.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\r\n');
      const scanner = new CsvScanner({ delimiter: ',', quote: '"' });
      const rows = [];
      let at = 0;
      for (const cut of cuts.toSorted((a, b) => a - b)) {
        rows.push(...scanner.push(content.slice(at, Math.max(at, cut))));
        at = Math.max(at, cut);
      }
      rows.push(...scanner.push(content.slice(at)), ...scanner.end());
      expect(rows.map((row) => row.cells)).toEqual(table);
    }));
  });

  it('knows old line ends, quotes inside cells, other delimiters and quotes', () => {
    expect(scanned('a,b\rc,d\r')).toEqual([['a', 'b'], ['c', 'd']]);
    expect(scanned('a,5" bolt\nb,"6" nut"\n')).toEqual([['a', '5" bolt'], ['b', '6" nut"']]);
    expect(scanned('sep=;\na;b,c\n')[1]).toEqual(['a', 'b,c']);
    expect(scanned('a|b|c\nd|e|f\n')).toEqual([['a', 'b', 'c'], ['d', 'e', 'f']]);
    expect(scanned("a,'b,c'\nd,'e'\n")).toEqual([['a', 'b,c'], ['d', 'e']]);
    expect(scanned('a;1,50;2\nb;2,75;3\n')[0]).toEqual(['a', '1,50', '2']);
  });
});

describe('results', () => {
  const columns = [{ header: 'Title', value: (row: { t: string; n: number | null }) => row.t }, { header: 'Profit', value: (row: { t: string; n: number | null }) => row.n }];
  const hostile = ['=HYPERLINK("http://x")', '+1+cmd', '-2+3', '@SUM(A1)', '\t=1', '  =1'];

  it('disarms formulas and leaves numbers alone', () => {
    expect(hostile.map((cell) => neutraliseFormula(cell)[0])).toEqual(hostile.map(() => "'"));
    expect(['-12.50', '+3', 'plain', '5%', 'a=b'].map(neutraliseFormula)).toEqual(['-12.50', '+3', 'plain', '5%', 'a=b']);
  });

  it('writes CSV that reads back', async () => {
    const file = path.join(folder, 'out.csv');
    expect(await writeResultsCsv(file, columns, [{ t: 'a "b", c', n: 1.5 }, { t: '=1+1', n: null }])).toBe(2);
    expect(await readFile(file, 'utf8')).toBe('\uFEFFTitle,Profit\r\n"a ""b"", c",1.5\r\n\'=1+1,\r\n');
  });

  it('writes a workbook that our own reader reads, formulas as text', async () => {
    const file = path.join(folder, 'list.xlsx');
    const wide = [{ header: 'EAN', value: (r: { e: string; c: number; t: string }) => r.e }, { header: 'Product', value: (r: { e: string; c: number; t: string }) => r.t }, { header: 'Cost USD', value: (r: { e: string; c: number; t: string }) => r.c }];
    await writeResultsXlsx(file, wide, [{ e: '4006381333931', t: '=cmd|calc & <b> é', c: 0.85 }, { e: '5901234123457', t: 'Kettle deluxe', c: 12.4 }]);
    const { rows, rejects } = await readAll(await fileSource(file));
    expect(rejects).toEqual([]);
    expect(rows.map((row) => [row.line, row.title, row.cost.minor])).toEqual([[2, '=cmd|calc & <b> é', 85], [3, 'Kettle deluxe', 1_240]]);
  });

  it('reads barcodes that a workbook holds as numbers', async () => {
    const file = path.join(folder, 'numbers.xlsx');
    const numeric = [{ header: 'EAN', value: (r: number[]) => r[0] ?? null }, { header: 'Product', value: () => 'A product of ours' }, { header: 'Price USD', value: (r: number[]) => r[1] ?? null }];
    await writeResultsXlsx(file, numeric, [[4_006_381_333_931, 12.399999999999999], [36_000_291_452, 3]]);
    const { rows } = await readAll(await fileSource(file));
    expect(rows.map((row) => [row.identifiers[0]?.identifier.gtin14, row.cost.minor])).toEqual([['04006381333931', 1_240], ['00036000291452', 300]]);
  });
});
