import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { inspectPriceList, readPriceList } from './index.ts';
import { bytesSource } from './source.ts';

/** An archive whose parts are stored as they are. */
function archiveOf(parts: Readonly<Record<string, string>>): Buffer {
  const heads: Buffer[] = [];
  const bodies: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(parts)) {
    const [path, body] = [Buffer.from(name), Buffer.from(text)];
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(body), 10);
    shared.writeUInt32LE(body.length, 14);
    shared.writeUInt32LE(body.length, 18);
    shared.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    heads.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), shared, place, path);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), shared, path, body]);
    bodies.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(heads);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(bodies.length, 8);
  end.writeUInt16LE(bodies.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, directory, end]);
}

const text = (ref: string, words: string) => `<c r="${ref}" t="inlineStr"><is><t>${words}</t></is></c>`;
const row = (line: number, code: string, cost: string) => `<row r="${line}"><c r="A${line}"><v>${code}</v></c>${text(`B${line}`, `Thing ${line}`)}${cost}</row>`;
const HEADER = `${text('A3', 'EAN')}${text('B3', 'Title')}${text('C3', 'Cost (USD)')}`;
const SHEET = `<worksheet><sheetData><row r="1">${text('A1', 'Harbor Wholesale, November')}</row><row r="2">${text('A2', 'Product')}${text('C2', 'Price')}</row><row r="3">${HEADER}</row>${
  row(4, '4006381333931', '<c r="C4"><v>12.5</v></c>')}${row(5, '4006381333948', '<c r="C5"><f>C4*2</f><v>25</v></c>')}${row(6, '4006381333955', '<c r="C6"><f>C4*3</f></c>')}${
  row(7, '4006381333962', '<c r="C7" s="1"><v>45789</v></c>')}${row(8, '4006381333979', '<c r="C8" s="2"><v>45789</v></c>')}${row(9, '4.006381333986E12', '<c r="C9" s="3"><v>9.5</v></c>')}${
  row(10, '4006381333993', '<c r="C10" t="e"><v>#REF!</v></c>')}</sheetData><mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="A2:B2"/></mergeCells></worksheet>`;
const OLD = `<worksheet><sheetData><row r="1">${text('A1', 'EAN')}${text('B1', 'Title')}${text('C1', 'Cost (USD)')}</row>${row(2, '4006381333931', '<c r="C2"><v>1</v></c>')}</sheetData></worksheet>`;
const WORKBOOK = archiveOf({
  'xl/workbook.xml': '<workbook><sheets><sheet name="Old" sheetId="1" state="hidden" r:id="r1"/><sheet name="Prices" sheetId="2" state="visible" r:id="r2"/><sheet name="Older" sheetId="3" state="veryHidden" r:id="r1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="worksheets/sheet2.xml"/></Relationships>',
  'xl/styles.xml': '<styleSheet><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="[Red]&quot;day &quot;0.00"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
  'xl/worksheets/sheet1.xml': OLD, 'xl/worksheets/sheet2.xml': SHEET,
});

it('reads the visible sheet under a merged title and two rows of headers: what formulas came to, and no day for a price', async () => {
  const seen = await inspectPriceList(bytesSource('list.xlsx', WORKBOOK));
  expect([seen.sheets, seen.layout.sheet, seen.layout.headerLine, seen.layout.columns.map((c) => c.role)]).toEqual([['Prices'], 'Prices', 3, ['id', 'title', 'cost']]);
  const rows: unknown[] = [];
  const rejects: unknown[] = [];
  for await (const batch of readPriceList(bytesSource('list.xlsx', WORKBOOK), seen.layout)) {
    rows.push(...batch.rows.map((r) => [r.line, r.identifiers[0]!.identifier.value, r.unitCost.minor]));
    rejects.push(...batch.rejects.map((r) => [r.line, r.field, r.raw.includes('2025-05-12') || r.reason]));
  }
  expect(rows).toEqual([[4, '4006381333931', 1_250], [5, '4006381333948', 2_500], [9, '4006381333986', 950]]);
  expect(rejects).toEqual([[6, 'cost', 'missing'], [7, 'cost', true], [8, 'cost', true], [10, 'cost', 'no-number']]);
});
