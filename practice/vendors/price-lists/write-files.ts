import { strToU8, zipSync } from 'fflate';
import iconv from 'iconv-lite';
import { toDecimal } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { utcDay } from '#kernel/time.ts';
import type { OfferState, ShopOffer } from '../../world/types.ts';

export interface ListRow {
  readonly offer: ShopOffer;
  readonly state: OfferState;
}

/** A list as cells; text alone, as a person would type it. Numbers are cells that a spreadsheet took for numbers. */
export interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly (string | number)[])[];
}

const usd = (minor: number) => toDecimal({ minor, currency: 'USD' });
/** `1.234,50` */
function european(minor: number): string {
  const [whole = '0', cents = '00'] = usd(minor).split('.');
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, '.')},${cents}`;
}

/** English list: a letterhead above the header, cost per unit beside case pack and case cost, subtotal rows between. */
export function atlanticSheet(rows: readonly ListRow[], at: Instant): Sheet {
  const cells: (string | number)[][] = [['ATLANTIC SUPPLY CO.'], [`Price list valid from ${utcDay(at)}`, '', 'All prices USD, FOB warehouse'], [], ['Item No', 'UPC / EAN', 'Description', 'Brand', 'Mfr Part #', 'Case Pack', 'Unit Cost ($)', 'Case Cost', 'MAP', 'Qty Avail', 'Category']];
  rows.forEach(({ offer, state }, i) => {
    if (i > 0 && i % 500 === 0) cells.push(['', '', `--- continued, page ${i / 500 + 1} ---`]);
    const unit = state.priceMinor ?? 0;
    const cost = offer.number % 11 === 0 ? `$${usd(unit)}` : usd(unit);
    cells.push([
      offer.sku, offer.idText ?? '', offer.title, offer.brandText ?? '', offer.mpnText ?? '', offer.caseSize, state.priceMinor === null ? 'CALL' : cost, usd(unit * offer.caseSize), offer.mapMinor === null ? '' : usd(offer.mapMinor),
      state.shownStock ?? (state.shownInStock ? '100+' : 0), offer.categoryText,
    ]);
  });
  cells.push([], ['', '', 'Errors and omissions excepted. Minimum order $500.00']);
  return { name: 'Price List', rows: cells };
}

/** Continental list: price per packing unit (VPE) with decimal commas as text; some codes as numbers, without their leading zeros. */
export function nordhandelSheet(rows: readonly ListRow[], at: Instant): Sheet {
  const cells: (string | number)[][] = [['Nordhandel Grossist – Preisliste'], ['Stand', utcDay(at)], ['Preise je VPE, netto, in USD'], [], ['Art.-Nr.', 'EAN-Code', 'Bezeichnung', 'Marke', 'Herst.-Nr.', 'VPE', 'Preis/VPE USD', 'Lager', 'Gewicht (g)', 'Warengruppe']];
  for (const { offer, state } of rows) {
    const code = offer.idText ?? '';
    const numeric = /^\d{8,14}$/.test(code) && offer.number % 3 !== 0;
    cells.push([offer.sku, numeric ? Number(code) : code, offer.title, offer.brandText ?? '', offer.mpnText ?? '', offer.pricedUnits, state.priceMinor === null ? 'auf Anfrage' : european(state.priceMinor), state.shownStock ?? (state.shownInStock ? '> 100' : 0), offer.weightG ?? '', offer.categoryText]);
  }
  return { name: 'Preisliste', rows: cells };
}

/** RFC 4180 with CRLF, in the delimiter and encoding asked for. */
export function writeDelimited(sheet: Sheet, format: { delimiter: ',' | ';' | '\t'; encoding: 'windows-1252' | 'utf16-le' | 'utf8' }): Uint8Array {
  const { delimiter, encoding } = format;
  const quote = (cell: string | number) => {
    const text = String(cell);
    return text.includes('"') || text.includes(delimiter) || /[\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const text = sheet.rows.map((row) => row.map(quote).join(delimiter)).join('\r\n');
  return iconv.encode(`${text}\r\n`, encoding, { addBOM: encoding === 'utf16-le' });
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function columnName(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : columnName(Math.floor(index / 26) - 1) + String.fromCharCode(65 + (index % 26));
}

const OFFICE = 'http://schemas.openxmlformats.org';
const PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `<Types xmlns="${OFFICE}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${OFFICE}/package/2006/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${OFFICE}/package/2006/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};

/** One sheet of inline strings and numbers (ECMA-376); the same bytes for the same cells. */
export function writeXlsx(sheet: Sheet): Uint8Array {
  const rows = sheet.rows.map((row, r) => {
    const cells = row.map((cell, c) => {
      const ref = `${columnName(c)}${r + 1}`;
      if (typeof cell === 'number') return `<c r="${ref}"><v>${cell}</v></c>`;
      return cell === '' ? '' : `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
    });
    return `<row r="${r + 1}">${cells.join('')}</row>`;
  });
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const files: Record<string, string> = {
    ...PARTS,
    'xl/workbook.xml': `<workbook xmlns="${OFFICE}/spreadsheetml/2006/main" xmlns:r="${OFFICE}/officeDocument/2006/relationships"><sheets><sheet name="${escapeXml(sheet.name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${OFFICE}/spreadsheetml/2006/main"><sheetData>${rows.join('')}</sheetData></worksheet>`,
  };
  // A fixed date: the bytes must not depend on when they were made.
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(head + text)])), { level: 1, mtime: new Date(1980, 0, 1) });
}
