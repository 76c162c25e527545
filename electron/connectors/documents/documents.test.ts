import { existsSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { readReceipt } from '#engine/receipt-reading/index.ts';
import { documentLines } from '#scrapers/core/extract/document-lines.ts';
import { arrangeRows } from './arrange-rows.ts';
import { createDocumentReader } from './index.ts';
import { locateFiles } from './locate-files.ts';

const reader = createDocumentReader({ pageLines: documentLines });
afterAll(() => reader.close());

const RECEIPT = ['THE ATTIC', 'Order 20114   2026-03-28', 'OAK CHAIR            35.00', 'BRASS BELL            8.50', 'TOTAL               $43.50'];

/** A photograph of a till's paper: grey, and a little askew. */
function photo(lines: readonly string[]): Promise<Buffer> {
  const texts = lines.map((line, at) => `<text x="30" y="${50 + at * 36}" xml:space="preserve" font-family="DejaVu Sans Mono, monospace" font-size="24" fill="#2b2b2b">${line}</text>`);
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="560" height="${lines.length * 36 + 50}"><rect width="100%" height="100%" fill="#e9e6df"/>${texts.join('')}</svg>`)).rotate(1, { background: '#e9e6df' }).jpeg({ quality: 80 }).toBuffer();
}

/** One page with each line at its place, by the format's own rules; its table of objects is left to be rebuilt. */
function pdfOf(rows: readonly (readonly (readonly [number, string])[])[]): Uint8Array {
  const text = rows.map((row, at) => row.map(([x, words]) => `BT /F1 11 Tf ${x} ${700 - at * 20} Td (${words.replace(/[()\\]/g, '\\$&')}) Tj ET`).join('\n')).join('\n');
  return Buffer.from([
    '%PDF-1.4', '1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj', '2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj',
    '3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>> endobj', `4 0 obj <</Length ${text.length}>> stream\n${text}\nendstream endobj`,
    '5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj', 'trailer <</Root 1 0 R>>', '%%EOF',
  ].join('\n'), 'latin1');
}

const word = (text: string, left: number, top: number) => ({ text, left, right: left + text.length * 10, top, bottom: top + 20, confidence: 90 });
const problem = (promise: Promise<unknown>) => promise.then(() => 'none', (error: { code?: string; message: string }) => error.code ?? error.message);
const texts = async (bytes: Uint8Array, type: string) => (await reader.read(bytes, type)).lines.map(({ text }) => text);

describe('the words of a document', () => {
  it('are read off a photograph with what lies in the program’s own folders, and what is given up ends its thread', async () => {
    const files = locateFiles();
    expect([existsSync(files.workerPath), existsSync(path.join(files.langPath, 'eng.traineddata.gz'))]).toEqual([true, true]);
    expect(/^https?:/.test(files.langPath)).toBe(false);
    const steps: number[] = [];
    const text = await reader.read(await photo(RECEIPT), 'image/jpeg', { onProgress: (done) => steps.push(done) });
    expect(text.origin).toBe('photo');
    const reading = readReceipt(text, { currency: 'USD', today: '2026-04-30' });
    expect([reading.orderNumber?.value, reading.orderedOn?.value, reading.total?.value.minor, reading.items.map(({ title, total }) => [title, total.minor])]).toEqual(['20114', '2026-03-28', 4_350, [['OAK CHAIR', 3_500], ['BRASS BELL', 850]]]);
    expect(steps.length).toBeGreaterThan(2);
    const abort = new AbortController();
    const given = problem(reader.read(await photo(RECEIPT), 'image/jpeg', { signal: abort.signal, onProgress: () => abort.abort(new Error('given up')) }));
    expect(await given).toBe('given up');
    expect(reader.isRunning).toBe(false);
  }, 60_000);

  it('are those of a PDF, by their places; one without says so', async () => {
    expect(await texts(pdfOf([[[40, 'Harrow Tools Ltd']], [[40, 'Drill'], [300, '3'], [380, '84.00'], [480, '252.00']], [[480, '271.50'], [400, 'Subtotal']]]), 'application/pdf')).toEqual(['Harrow Tools Ltd', 'Drill\t3\t84.00\t252.00', 'Subtotal\t271.50']);
    expect(await problem(reader.read(pdfOf([]), 'application/pdf'))).toBe('no-text');
    expect(await problem(reader.read(Buffer.from('%PDF-1.4 nothing'), 'application/pdf'))).toBe('damaged');
    expect(await problem(reader.read(Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3]), 'image/jpeg'))).toBe('damaged');
  }, 30_000);

  it('are those of a page and of a mail, with a table’s cells beside one another and nothing that is hidden', async () => {
    const html = '<p style="display:none">Total 1.00</p><table><tr><td><p>Kodak Gold</p><small>Qty: 2</small></td><td>$53.90</td></tr><tr><td>Total<td>$53.90</table><script>Total 2.00</script>';
    expect(await texts(Buffer.from(html), 'text/html')).toEqual(['Kodak Gold\t$53.90', 'Qty: 2', 'Total\t$53.90']);
    const mail = await reader.read(Buffer.from(`From: Retro Reel <shop@reel.example>\r\nSubject: Order #1043\r\nContent-Type: text/html\r\n\r\n${html}`), 'message/rfc822');
    expect(mail).toMatchObject({ origin: 'mail', sender: 'Retro Reel' });
    expect(mail.lines[0]?.text).toBe('Order #1043');
    expect(await problem(reader.read(Buffer.from('<p></p>'), 'text/html'))).toBe('no-letters');
  });
});

it('rows are what stands at one height, from the right where they are Arabic', () => {
  expect(arrangeRows([word('9.00', 400, 3), word('Oak', 0, 0), word('chair', 36, 1), word('Bell', 0, 30), word('المجموع', 300, 60), word('2400', 100, 61)]).map(({ text }) => text)).toEqual(['Oak chair\t9.00', 'Bell', 'المجموع\t2400']);
});
