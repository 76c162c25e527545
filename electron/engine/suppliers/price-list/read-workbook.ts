import type { ScannedRow } from './csv-scanner.ts';
import { PriceListError, type PriceListSource } from './source.ts';
import { WorkbookArchive } from './workbook-archive.ts';

export interface SheetInfo { readonly name: string; readonly part: string }

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeXml(text: string): string {
  if (!text.includes('&') && !text.includes('_x')) return text;
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    if (name !== undefined) return ENTITIES[name] ?? all;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  }).replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The value of an attribute in a tag's text; undefined without it. */
function attribute(tag: string, name: string): string | undefined {
  const at = tag.indexOf(` ${name}="`);
  if (at < 0) return undefined;
  const start = at + name.length + 3;
  const end = tag.indexOf('"', start);
  return end < 0 ? undefined : tag.slice(start, end);
}

/** Runs of text of one cell: `<t>` elements, without the phonetic ones. */
function textOf(xml: string): string {
  let out = '';
  const clean = xml.includes('<rPh') ? xml.replace(/<rPh[\s\S]*?<\/rPh>/g, '') : xml;
  for (let at = clean.indexOf('<t'); at >= 0; at = clean.indexOf('<t', at + 2)) {
    const after = clean.charCodeAt(at + 2);
    if (after !== 62 && after !== 32) continue;
    const start = clean.indexOf('>', at) + 1;
    if (clean.charCodeAt(start - 2) === 47) continue;
    const end = clean.indexOf('</t>', start);
    if (end < 0) break;
    out += clean.slice(start, end);
    at = end;
  }
  return decodeXml(out);
}

/** Elements of a part, whole, one by one: the text between `open` (such as `<row`) and `close`. */
async function* elements(pieces: AsyncIterable<string>, open: string, close: string): AsyncGenerator<string[]> {
  let buffer = '';
  for await (const piece of pieces) {
    buffer += piece;
    const found: string[] = [];
    let at = 0;
    for (;;) {
      const start = indexOfTag(buffer, open, at);
      if (start < 0) {
        at = Math.max(at, buffer.length - open.length);
        break;
      }
      const head = buffer.indexOf('>', start);
      if (head < 0) {
        at = start;
        break;
      }
      const end = buffer.charCodeAt(head - 1) === 47 ? head + 1 : endOf(buffer, close, head);
      if (end < 0) {
        at = start;
        break;
      }
      found.push(buffer.slice(start, end));
      at = end;
    }
    buffer = buffer.slice(at);
    if (found.length > 0) yield found;
  }
}

function endOf(buffer: string, close: string, from: number): number {
  const end = buffer.indexOf(close, from);
  return end < 0 ? -1 : end + close.length;
}

/** `<row` must not find `<rowBreaks`. */
function indexOfTag(buffer: string, open: string, from: number): number {
  for (let at = buffer.indexOf(open, from); at >= 0; at = buffer.indexOf(open, at + open.length)) {
    const c = buffer.charCodeAt(at + open.length);
    if (Number.isNaN(c) || c === 32 || c === 62 || c === 47 || c === 10 || c === 13 || c === 9) return at;
  }
  return -1;
}

/** `BC12` → 54; −1 without letters. */
function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const c = reference.charCodeAt(i);
    if (c < 65 || c > 90) break;
    column = column * 26 + c - 64;
  }
  return column - 1;
}

/** A number as a person would have typed it: whole ones in full (a barcode is no `1.23E+11`), others in 15 digits, with a point. */
function numberText(value: string): string {
  if (!/[eE.]/.test(value)) return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  if (Number.isSafeInteger(number)) return String(number);
  const text = String(Number(number.toPrecision(15)));
  return /e/i.test(text) ? number.toFixed(6) : text;
}

const WIDEST_SHEET = 1_000;

/** What cells point at: texts that they share, and the styles that show a number as a day. */
interface Shared { readonly strings: readonly string[]; readonly dayStyles: ReadonlySet<string> }

/** Days are counted from here, with one that never was. */
const DAY_ZERO = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;
const LAST_DAY = 2_958_465; // 9999-12-31

/** `45789` that is shown as a day, as that day: else a date in the cost column would be a price of 45,789. */
function dayText(value: string): string {
  const serial = Number(value);
  return serial >= 1 && serial <= LAST_DAY ? new Date(DAY_ZERO + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10) : numberText(value);
}

function cellsOf(row: string, shared: Shared): string[] {
  const cells: string[] = [];
  let next = 0;
  for (let at = indexOfTag(row, '<c', 0); at >= 0; at = indexOfTag(row, '<c', at)) {
    const head = row.indexOf('>', at);
    const tag = row.slice(at + 2, head);
    const reference = attribute(tag, 'r');
    const column = reference === undefined ? next : columnOf(reference);
    const empty = tag.endsWith('/');
    const end = empty ? head + 1 : endOf(row, '</c>', head);
    if (end < 0) break;
    at = end;
    next = column + 1;
    if (empty || column < 0 || column >= WIDEST_SHEET) continue;
    while (cells.length < column) cells.push('');
    const type = attribute(tag, 't') ?? 'n';
    const isDay = type === 'n' && shared.dayStyles.size > 0 && shared.dayStyles.has(attribute(tag, 's') ?? '');
    cells[column] = cellText(row.slice(head + 1, end - 4), isDay ? 'day' : type, shared.strings);
  }
  return cells;
}

function cellText(xml: string, type: string, strings: readonly string[]): string {
  if (type === 'inlineStr') return textOf(xml);
  const start = xml.indexOf('<v');
  if (start < 0) return '';
  const from = xml.indexOf('>', start) + 1;
  const to = xml.indexOf('</v>', from);
  if (to < 0) return '';
  const value = xml.slice(from, to);
  if (type === 's') return strings[Number(value)] ?? '';
  if (type === 'n') return numberText(value);
  if (type === 'day') return dayText(value);
  return type === 'b' ? (value === '1' ? 'TRUE' : 'FALSE') : decodeXml(value);
}

/** Visible sheets in their order. */
async function sheetsOf(archive: WorkbookArchive, source: PriceListSource): Promise<SheetInfo[]> {
  if (!archive.has('xl/workbook.xml')) throw new PriceListError('FILE_BINARY', `${source.name} is an archive, but no Excel workbook`, { name: source.name });
  const workbook = await archive.whole('xl/workbook.xml');
  const relations = archive.has('xl/_rels/workbook.xml.rels') ? await archive.whole('xl/_rels/workbook.xml.rels') : '';
  const targets = new Map<string, string>();
  for (const [tag] of relations.matchAll(/<Relationship\b[^>]*>/g)) {
    const target = attribute(tag, 'Target') ?? '';
    targets.set(attribute(tag, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  const sheets: SheetInfo[] = [];
  for (const [tag] of workbook.matchAll(/<(?:\w+:)?sheet\b[^>]*>/g)) {
    const part = targets.get(attribute(tag, 'r:id') ?? '');
    if ((attribute(tag, 'state') ?? 'visible') === 'visible' && part !== undefined && archive.has(part)) sheets.push({ name: decodeXml(attribute(tag, 'name') ?? ''), part });
  }
  return sheets;
}

async function sharedStrings(archive: WorkbookArchive): Promise<string[]> {
  const strings: string[] = [];
  if (!archive.has('xl/sharedStrings.xml')) return strings;
  for await (const items of elements(archive.text('xl/sharedStrings.xml'), '<si', '</si>')) for (const item of items) strings.push(textOf(item));
  return strings;
}

/** Formats of the standard that show a day; those from 27 on by East Asian calendars. */
const isDayFormat = (id: number) => (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
/** Letters of a day or a year, outside of what is quoted, escaped or in brackets (a colour, a currency). */
const SHOWS_DAY = /[dy]/i;
const unquoted = (format: string) => format.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');

/** Places of the cell formats that show a number as a day. */
async function dayStylesOf(archive: WorkbookArchive): Promise<ReadonlySet<string>> {
  const days = new Set<string>();
  if (!archive.has('xl/styles.xml')) return days;
  const styles = await archive.whole('xl/styles.xml');
  const own = new Map([...styles.matchAll(/<(?:\w+:)?numFmt\b[^>]*>/g)].map(([tag]) => [attribute(tag, 'numFmtId'), SHOWS_DAY.test(unquoted(decodeXml(attribute(tag, 'formatCode') ?? '')))]));
  const formats = /<(?:\w+:)?cellXfs\b[\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(styles)?.[0] ?? '';
  [...formats.matchAll(/<(?:\w+:)?xf\b[^>]*>/g)].forEach(([tag], place) => {
    const id = attribute(tag, 'numFmtId') ?? '0';
    if (own.get(id) ?? isDayFormat(Number(id))) days.add(String(place));
  });
  return days;
}

export interface OpenWorkbook {
  readonly sheets: readonly SheetInfo[];
  /** Rows with any cell, in batches as they are unpacked. */
  rows(sheet: SheetInfo): AsyncGenerator<ScannedRow[]>;
}

/** Opens an .xlsx file; sheets are read as a stream, only the shared texts are held. @throws PriceListError on damaged or foreign files. */
export async function openWorkbook(source: PriceListSource): Promise<OpenWorkbook> {
  const archive = await WorkbookArchive.open(source);
  const sheets = await sheetsOf(archive, source);
  if (sheets.length === 0) throw new PriceListError('NO_ROWS', `${source.name} has no visible sheet`, { name: source.name });
  let shared: Shared | null = null;
  return {
    sheets,
    async *rows(sheet) {
      shared ??= { strings: await sharedStrings(archive), dayStyles: await dayStylesOf(archive) };
      let line = 0;
      for await (const batch of elements(archive.text(sheet.part), '<row', '</row>')) {
        const rows: ScannedRow[] = [];
        for (const row of batch) {
          line = Number(attribute(row.slice(4, row.indexOf('>')), 'r') ?? line + 1);
          const cells = cellsOf(row, shared);
          if (cells.some((cell) => cell !== '')) rows.push({ line, cells, broken: false });
        }
        if (rows.length > 0) yield rows;
      }
    },
  };
}
