import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib';

/** A cell: text is stored as text and never run; a number as a number; null is empty. */
export type SheetCell = string | number | null;

/** The most rows that a sheet holds, header included (ECMA-376). */
const SHEET_ROWS = 1_048_576;
const ROWS_AT_ONCE = 500;
/** Excel's own limit for the text of a cell. */
const LONGEST_CELL = 32_767;

const PARTS: readonly (readonly [string, string])[] = [
  ['[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'],
  ['_rels/.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'],
  ['xl/workbook.xml', '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Results" sheetId="1" r:id="rId1"/></sheets></workbook>'],
  ['xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'],
  ['xl/styles.xml', '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>'],
];
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** What XML 1.0 cannot hold goes; what it would read as its own is written out. */
// eslint-disable-next-line no-control-regex
const xmlText = (text: string) => text.slice(0, LONGEST_CELL).toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function cellXml(cell: SheetCell, style: string): string {
  if (cell === null || cell === '') return '<c/>';
  return typeof cell === 'number' ? `<c><v>${cell}</v></c>` : `<c t="inlineStr"${style}><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`;
}
const rowXml = (cells: readonly SheetCell[], style = '') => `<row>${cells.map((cell) => cellXml(cell, style)).join('')}</row>`;

interface ZipEntry { readonly name: string; readonly offset: number; crc: number; packed: number; size: number }

/** Headers of one entry (PKWARE APPNOTE 4.3.7, 4.3.9, 4.3.12): sizes follow the data, which is packed as it comes. */
const FLAGS = 0x0808; // sizes in a descriptor; names in UTF-8
const DOS_DATE = 0x0021; // 1980-01-01: the same rows are the same file
function localHeader(name: string): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(FLAGS, 6);
  head.writeUInt16LE(8, 8);
  head.writeUInt16LE(DOS_DATE, 12);
  head.writeUInt16LE(Buffer.byteLength(name), 26);
  return Buffer.concat([head, Buffer.from(name)]);
}
function descriptor(entry: ZipEntry): Buffer {
  const tail = Buffer.alloc(16);
  tail.writeUInt32LE(0x08074b50, 0);
  tail.writeUInt32LE(entry.crc, 4);
  tail.writeUInt32LE(entry.packed, 8);
  tail.writeUInt32LE(entry.size, 12);
  return tail;
}
function centralHeader(entry: ZipEntry): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(20, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt16LE(8, 10);
  head.writeUInt16LE(DOS_DATE, 14);
  head.writeUInt32LE(entry.crc, 16);
  head.writeUInt32LE(entry.packed, 20);
  head.writeUInt32LE(entry.size, 24);
  head.writeUInt16LE(Buffer.byteLength(entry.name), 28);
  head.writeUInt32LE(entry.offset, 42);
  return Buffer.concat([head, Buffer.from(entry.name)]);
}
function endRecord(entries: readonly ZipEntry[], start: number, size: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(start, 16);
  return end;
}

class ZipFile {
  readonly #out: WriteStream;
  readonly #entries: ZipEntry[] = [];
  #at = 0;

  constructor(file: string) {
    this.#out = createWriteStream(file, { mode: 0o600 });
    // The error is thrown where the file is ended; without a listener it would end the program.
    this.#out.on('error', () => undefined);
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#at += bytes.length;
    if (this.#out.errored) throw this.#out.errored;
    if (!this.#out.write(bytes)) await once(this.#out, 'drain');
  }

  async whole(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(DECLARATION + text);
    const packed = deflateRawSync(bytes);
    const entry: ZipEntry = { name, offset: this.#at, crc: crc32(bytes), packed: packed.length, size: bytes.length };
    this.#entries.push(entry);
    await this.#write(Buffer.concat([localHeader(name), packed, descriptor(entry)]));
  }

  async streamed(name: string, pieces: AsyncIterable<string>): Promise<void> {
    const entry: ZipEntry = { name, offset: this.#at, crc: 0, packed: 0, size: 0 };
    this.#entries.push(entry);
    await this.#write(localHeader(name));
    const deflate = createDeflateRaw({ level: 4 });
    const feed = (async () => {
      for await (const piece of pieces) {
        const bytes = Buffer.from(piece);
        entry.crc = crc32(bytes, entry.crc);
        entry.size += bytes.length;
        if (!deflate.write(bytes)) await once(deflate, 'drain');
      }
      deflate.end();
    })();
    feed.catch((error: Error) => deflate.destroy(error));
    for await (const packed of deflate as AsyncIterable<Buffer>) {
      entry.packed += packed.length;
      await this.#write(packed);
    }
    await feed;
    await this.#write(descriptor(entry));
  }

  async end(): Promise<void> {
    const directory = Buffer.concat(this.#entries.map(centralHeader));
    const start = this.#at;
    await this.#write(directory);
    await this.#write(endRecord(this.#entries, start, directory.length));
    this.#out.end();
    await finished(this.#out);
  }

  discard(): void {
    this.#out.destroy();
  }
}

export interface SheetHead { readonly headers: readonly string[]; readonly widths: readonly number[] }

async function* sheetXml(head: SheetHead, rows: AsyncIterable<readonly SheetCell[]> | Iterable<readonly SheetCell[]>, counted: (rows: number) => void): AsyncGenerator<string> {
  yield `${DECLARATION}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${head.widths.map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('')}</cols><sheetData>${rowXml(head.headers, ' s="1"')}`;
  let count = 0;
  let waiting: string[] = [];
  for await (const row of rows) {
    if (++count >= SHEET_ROWS) throw new RangeError('the rows do not fit one sheet: write CSV');
    waiting.push(rowXml(row));
    if (waiting.length < ROWS_AT_ONCE) continue;
    yield waiting.join('');
    waiting = [];
  }
  counted(count);
  yield `${waiting.join('')}</sheetData></worksheet>`;
}

/** Writes a workbook of one sheet, row by row: memory does not grow with the list. Answers how many rows it has. @throws RangeError when they do not fit a sheet */
export async function streamWorkbook(file: string, head: SheetHead, rows: AsyncIterable<readonly SheetCell[]> | Iterable<readonly SheetCell[]>): Promise<number> {
  const zip = new ZipFile(file);
  let count = 0;
  try {
    for (const [name, text] of PARTS) await zip.whole(name, text);
    await zip.streamed('xl/worksheets/sheet1.xml', sheetXml(head, rows, (n) => (count = n)));
    await zip.end();
  } catch (error) {
    zip.discard();
    throw error;
  }
  return count;
}
