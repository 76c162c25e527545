import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { PriceListError, type PriceListSource } from './source.ts';

interface Entry { readonly name: string; readonly method: number; readonly start: number; readonly packed: number; readonly size: number }

/** What a part of a workbook may unpack to: beyond it the file is a bomb, or needs another tool. */
const LARGEST_PART_BYTES = 1024 ** 3;
const END_RECORD = 0x06054b50;
const CENTRAL_RECORD = 0x02014b50;

function broken(source: PriceListSource, reason: string, cause?: unknown): PriceListError {
  return new PriceListError('FILE_BROKEN_XLSX', `${source.name} is not a whole Excel workbook: ${reason}`, { name: source.name, reason }, cause);
}

/** The parts of a ZIP archive, read from its directory (PKWARE APPNOTE 4.3.12 and 4.3.16; ZIP64 is refused). */
export class WorkbookArchive {
  readonly #source: PriceListSource;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(source: PriceListSource, entries: ReadonlyMap<string, Entry>) {
    this.#source = source;
    this.#entries = entries;
  }

  /** @throws PriceListError `FILE_BROKEN_XLSX` on a cut or foreign archive. */
  static async open(source: PriceListSource): Promise<WorkbookArchive> {
    const tailStart = Math.max(0, source.size - 65_557);
    const tail = Buffer.from(await source.read(tailStart, source.size - tailStart));
    let end = tail.length - 22;
    while (end >= 0 && tail.readUInt32LE(end) !== END_RECORD) end--;
    if (end < 0) throw broken(source, 'its directory is missing (the file was cut?)');
    const count = tail.readUInt16LE(end + 10);
    const size = tail.readUInt32LE(end + 12);
    const start = tail.readUInt32LE(end + 16);
    if (start + size > source.size || size > 16 * 1024 * 1024) throw broken(source, 'its directory is damaged');
    const directory = Buffer.from(await source.read(start, size));
    return new WorkbookArchive(source, readDirectory(source, directory, count));
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Text of a part, in pieces. @throws PriceListError when it is missing, damaged, or unpacks to too much. */
  async *text(name: string): AsyncGenerator<string> {
    const entry = this.#entries.get(name);
    if (!entry) throw broken(this.#source, `${name} is missing`);
    if (entry.size > LARGEST_PART_BYTES) throw new PriceListError('FILE_TOO_LARGE', `${this.#source.name} unpacks to ${entry.size} bytes`, { name: this.#source.name, bytes: entry.size });
    const local = Buffer.from(await this.#source.read(entry.start, 30));
    if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50) throw broken(this.#source, `${name} is damaged`);
    const start = entry.start + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    const packed = Readable.from(this.#source.stream(start, start + entry.packed));
    const bytes = entry.method === 0 ? packed : packed.pipe(createInflateRaw());
    if (bytes !== packed) packed.on('error', (error) => bytes.destroy(error));
    const decoder = new TextDecoder('utf-8');
    let total = 0;
    try {
      for await (const piece of bytes as AsyncIterable<Uint8Array>) {
        total += piece.length;
        if (total > LARGEST_PART_BYTES) throw new PriceListError('FILE_TOO_LARGE', `${this.#source.name} unpacks to more than ${LARGEST_PART_BYTES} bytes`, { name: this.#source.name });
        yield decoder.decode(piece, { stream: true });
      }
    } catch (cause) {
      throw cause instanceof PriceListError ? cause : broken(this.#source, `${name} cannot be unpacked`, cause);
    } finally {
      bytes.destroy();
      packed.destroy();
    }
    yield decoder.decode();
  }

  async whole(name: string): Promise<string> {
    let all = '';
    for await (const piece of this.text(name)) all += piece;
    return all;
  }
}

function readDirectory(source: PriceListSource, directory: Buffer, count: number): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL_RECORD) throw broken(source, 'its directory is damaged');
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    const method = directory.readUInt16LE(at + 10);
    const encrypted = (directory.readUInt16LE(at + 8) & 1) === 1;
    if (encrypted) throw new PriceListError('FILE_ENCRYPTED', `${source.name} is protected by a password: save it without one`, { name: source.name });
    if (method !== 0 && method !== 8) throw broken(source, `${name} is packed in an unknown way`);
    entries.set(name, { name, method, packed: directory.readUInt32LE(at + 20), size: directory.readUInt32LE(at + 24), start: directory.readUInt32LE(at + 42) });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}
