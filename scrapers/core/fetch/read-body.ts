import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export class BodyTooLargeError extends Error {
  constructor(limitBytes: number) {
    super(`the answer is larger than ${limitBytes} bytes`);
    this.name = 'BodyTooLargeError';
  }
}

function decompressor(encoding: string) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return createInflate();
    default:
      return null;
  }
}

/**
 * Reads a body, decompressed. The limit is on decompressed bytes, so that a small bomb cannot fill the memory.
 * @throws BodyTooLargeError; or the stream's error for a body that is cut off or badly compressed.
 */
export async function readBody(body: Readable, encoding: string, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const steps = encoding.toLowerCase().split(',').map((e) => e.trim()).filter((e) => e !== '' && e !== 'identity').toReversed();
  // Layer upon layer multiplies what a small answer can swell to; no honest server nests.
  if (steps.length > MOST_ENCODINGS) throw new BodyTooLargeError(limitBytes);
  let stream: Readable = body;
  for (const step of steps) {
    const through = decompressor(step);
    if (!through) throw new Error(`unknown content encoding ${step}`);
    stream.on('error', (error) => through.destroy(error));
    stream = stream.pipe(through);
  }
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limitBytes) throw new BodyTooLargeError(limitBytes);
      chunks.push(chunk);
    }
  } finally {
    body.destroy();
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

const MOST_ENCODINGS = 2;

/** Text in the charset that the header, else the page's own head, else UTF-8 says. */
export function decodeBody(bytes: Buffer, contentType: string): string {
  const named = /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1] ?? /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(bytes.subarray(0, 2_048).toString('latin1'))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(named).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}
