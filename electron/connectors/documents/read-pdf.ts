import { extractImages, getDocumentProxy } from 'unpdf';
import { DocumentError } from '#engine/receipt-reading/ports.ts';
import { messageOf } from '#kernel/errors.ts';
import { arrangeRows, type PlacedWord } from './arrange-rows.ts';
import type { PagePicture, WorkerAnswer } from './worker-messages.ts';

/** A receipt has one page or two; more is a catalogue. */
const MOST_PAGES = 20;
/** Of a PDF without text, so many pages are looked at as pictures. */
const MOST_PICTURES = 3;
/** Smaller is a logo. */
const LEAST_SIDE = 400;
const MOST_PIXELS = 40_000_000;
/** Fewer letters are a stamp on a scan. */
const LEAST_LETTERS = 12;

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

async function open(bytes: Uint8Array): Promise<Pdf> {
  try {
    // no fonts are drawn, no forms are run, nothing is loaded beside it
    return await getDocumentProxy(bytes, { useSystemFonts: false, disableFontFace: true, enableXfa: false, stopAtErrors: false, verbosity: 0 });
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw new DocumentError('locked', 'The PDF asks for a password.', error);
    throw new DocumentError('damaged', `The PDF cannot be opened: ${messageOf(error)}`, error);
  }
}

async function wordsOf(pdf: Pdf, pageNumber: number): Promise<PlacedWord[]> {
  const content = await (await pdf.getPage(pageNumber)).getTextContent();
  const words: PlacedWord[] = [];
  for (const item of content.items) {
    if (!('str' in item) || item.str.trim() === '') continue;
    const [, , c, d, x, y] = item.transform as number[];
    const size = Math.hypot(c!, d!) || item.height || 10;
    // up is down in a PDF
    words.push({ text: item.str, left: x!, right: x! + item.width, top: -y! - size, bottom: -y!, confidence: 100 });
  }
  return words;
}

async function picturesOf(pdf: Pdf): Promise<PagePicture[]> {
  const pictures: PagePicture[] = [];
  for (let page = 1; page <= Math.min(pdf.numPages, MOST_PICTURES); page++) {
    const found = (await extractImages(pdf, page)).filter(({ width, height }) => Math.min(width, height) >= LEAST_SIDE && width * height <= MOST_PIXELS);
    const [largest] = found.toSorted((a, b) => b.width * b.height - a.width * a.height);
    if (largest) pictures.push({ data: new Uint8Array(largest.data.buffer, largest.data.byteOffset, largest.data.byteLength), width: largest.width, height: largest.height, channels: largest.channels });
  }
  return pictures;
}

/** The text of a PDF by its own letters, or the pictures of its pages where it has none. @throws DocumentError */
export async function readPdf(bytes: Uint8Array, onProgress: (done: number) => void): Promise<WorkerAnswer> {
  const pdf = await open(bytes);
  try {
    if (pdf.numPages > MOST_PAGES) throw new DocumentError('too-many-pages', `The PDF has ${pdf.numPages} pages; at most ${MOST_PAGES} are read.`);
    const lines: { text: string; confidenceBp: number }[] = [];
    for (let page = 1; page <= pdf.numPages; page++) {
      for (const { text } of arrangeRows(await wordsOf(pdf, page))) lines.push({ text, confidenceBp: 10_000 });
      onProgress(page / pdf.numPages);
    }
    if (lines.reduce((sum, { text }) => sum + text.replace(/\W/g, '').length, 0) >= LEAST_LETTERS || lines.some(({ text }) => /\p{L}{4,}.*\p{L}{4,}/u.test(text))) return { kind: 'lines', lines };
    const pictures = await picturesOf(pdf);
    if (pictures.length === 0) throw new DocumentError('no-text', 'The PDF holds neither text nor a picture of a page.');
    return { kind: 'pictures', pictures };
  } finally {
    await pdf.loadingTask.destroy();
  }
}
