import { PriceListError } from './source.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'windows-1256';

const starts = (bytes: Uint8Array, ...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);

/** Forms that are surely no text, with the words for a person. */
const FOREIGN: readonly { magic: readonly number[]; what: string }[] = [
  { magic: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' }, { magic: [0x1f, 0x8b], what: 'a gzip archive' }, { magic: [0x37, 0x7a, 0xbc, 0xaf], what: 'a 7z archive' }, { magic: [0x52, 0x61, 0x72, 0x21], what: 'a RAR archive' },
  { magic: [0x89, 0x50, 0x4e, 0x47], what: 'an image' }, { magic: [0xff, 0xd8, 0xff], what: 'an image' }, { magic: [0x47, 0x49, 0x46, 0x38], what: 'an image' }, { magic: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], what: 'a database' },
];

export type FileKind = 'text' | 'xlsx';

/** Tells a workbook from text by its first bytes. @throws PriceListError for forms that are neither. */
export function detectKind(head: Uint8Array, name: string): FileKind {
  if (starts(head, 0x50, 0x4b, 3, 4) || starts(head, 0x50, 0x4b, 5, 6)) return 'xlsx';
  if (starts(head, 0xd0, 0xcf, 0x11, 0xe0)) {
    const encrypted = Buffer.from(head).includes(Buffer.from('EncryptedPackage', 'utf16le'));
    if (encrypted) throw new PriceListError('FILE_ENCRYPTED', `${name} is protected by a password: save it without one`, { name });
    throw new PriceListError('FILE_OLD_EXCEL', `${name} is an Excel file of the form before 2007 (.xls): save it as .xlsx or CSV`, { name });
  }
  const foreign = FOREIGN.find(({ magic }) => starts(head, ...magic));
  if (foreign) throw new PriceListError('FILE_BINARY', `${name} is ${foreign.what}, not a price list`, { name });
  return 'text';
}

function isUtf8(bytes: Uint8Array, atEnd: boolean): boolean {
  let end = bytes.length;
  /** A character cut at the end of the piece is not an error. */
  const longestBack = atEnd ? 0 : Math.min(3, end);
  for (let back = 1; back <= longestBack; back++) {
    const byte = bytes[end - back]!;
    if (byte >= 0xc0) {
      end -= back;
      break;
    }
    if (byte < 0x80) break;
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end));
    return true;
  } catch {
    return false;
  }
}

/** Share of zero bytes at even and odd places: text in Latin letters as UTF-16 has them in every second. */
function zeroShares(bytes: Uint8Array): { even: number; odd: number } {
  let even = 0;
  let odd = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  const pairs = Math.max(1, bytes.length >> 1);
  return { even: even / pairs, odd: odd / pairs };
}

/** Arabic words are runs of high bytes; accented Latin letters stand alone between plain ones. */
function looksArabic(bytes: Uint8Array): boolean {
  let high = 0;
  let inRuns = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 0xc0) continue;
    high++;
    if ((bytes[i - 1] ?? 0) >= 0xc0 || (bytes[i + 1] ?? 0) >= 0xc0) inRuns++;
  }
  return high > 0 && inRuns / high > 0.7;
}

/**
 * The encoding of a text by its first bytes: a byte order mark, else zero bytes (UTF-16), else valid UTF-8, else Arabic or western Windows letters.
 * @param whole true when `head` is the whole file.
 * @throws PriceListError `FILE_BINARY` when it is no text in any of these.
 */
export function detectEncoding(head: Uint8Array, whole: boolean, name: string): Encoding {
  if (starts(head, 0xef, 0xbb, 0xbf)) return 'utf-8';
  if (starts(head, 0xff, 0xfe)) return 'utf-16le';
  if (starts(head, 0xfe, 0xff)) return 'utf-16be';
  const zeros = zeroShares(head);
  if (zeros.odd > 0.3 && zeros.even < 0.05) return 'utf-16le';
  if (zeros.even > 0.3 && zeros.odd < 0.05) return 'utf-16be';
  let control = 0;
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127) control++;
  if (control > head.length * 0.002 + 1) throw new PriceListError('FILE_BINARY', `${name} holds binary data, not text`, { name });
  if (isUtf8(head, whole)) return 'utf-8';
  return looksArabic(head) ? 'windows-1256' : 'windows-1252';
}
