import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '#kernel/errors.ts';

export type PriceListErrorCode =
  | 'FILE_EMPTY' | 'FILE_TOO_LARGE' | 'FILE_UNREADABLE' | 'FILE_BINARY' | 'FILE_OLD_EXCEL' | 'FILE_ENCRYPTED' | 'FILE_BROKEN_XLSX' | 'NO_ROWS' | 'NO_COST_COLUMN' | 'NO_PRODUCT_COLUMN' | 'CANCELLED';

/** The whole list cannot be read; the message says what to do. Single bad rows never throw: they are listed. */
export class PriceListError extends DomainError<PriceListErrorCode> {
  constructor(code: PriceListErrorCode, message: string, data: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(code, message, data, cause);
    this.name = 'PriceListError';
  }
}

/** A file, or bytes that came with a request. Random access is needed for XLSX, whose directory is at its end. */
export interface PriceListSource {
  readonly name: string;
  readonly size: number;
  /** Bytes from `start`, at most `length`; fewer at the end. */
  read(start: number, length: number): Promise<Uint8Array>;
  /** All bytes from `start`, in order, in pieces. */
  stream(start?: number, end?: number): AsyncIterable<Uint8Array>;
}

/** The largest file that is taken: beyond it a list is split by its supplier, or is no price list. */
export const LARGEST_FILE_BYTES = 1024 ** 3;
/** What is read of a piece is garbage before the next one comes: with eight times as much at once a list takes a fifth more processor time and 30 MB more. */
const PIECE_BYTES = 1 << 15;
/** Read of a file at once, and cut into pieces: each reading wakes a thread of its own. */
const READ_BYTES = 8 * PIECE_BYTES;

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

export function bytesSource(name: string, bytes: Uint8Array): PriceListSource {
  return {
    name, size: bytes.length,
    read: (start, length) => Promise.resolve(bytes.subarray(start, start + length)),
    async *stream(start = 0, end = bytes.length) {
      yield* piecesOf(bytes.subarray(start, end));
    },
  };
}

/** @throws PriceListError `FILE_UNREADABLE` when there is no such file, or it is a folder. */
export async function fileSource(file: string): Promise<PriceListSource> {
  const name = path.basename(file);
  const info = await stat(file).catch((cause: unknown) => {
    throw new PriceListError('FILE_UNREADABLE', `${name} cannot be opened`, { name }, cause);
  });
  if (!info.isFile()) throw new PriceListError('FILE_UNREADABLE', `${name} is not a file`, { name });
  return {
    name, size: info.size,
    async read(start, length) {
      const handle = await open(file, 'r');
      try {
        const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, info.size - start)));
        let got = 0;
        while (got < buffer.length) {
          const { bytesRead } = await handle.read(buffer, got, buffer.length - got, start + got);
          if (bytesRead === 0) break;
          got += bytesRead;
        }
        return buffer.subarray(0, got);
      } finally {
        await handle.close();
      }
    },
    async *stream(start = 0, end) {
      for await (const bytes of createReadStream(file, { start, ...(end === undefined ? {} : { end: end - 1 }), highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>) yield* piecesOf(bytes);
    },
  };
}
