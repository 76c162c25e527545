import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

/** The answer was larger than allowed; `start` is what was read of it. */
export class BodyTooLarge extends Error {
  readonly start: string;
  constructor(limitBytes: number, start: string) {
    super(`answer larger than ${limitBytes} bytes`);
    this.name = 'BodyTooLarge';
    this.start = start;
  }
}

const decoders = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) } as const;

async function collect(stream: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    chunks.push(chunk);
    // Leaving the loop destroys the stream, so the rest is never fetched.
    if (size > limitBytes) throw new BodyTooLarge(limitBytes, Buffer.concat(chunks).toString('utf8', 0, 2_000));
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
}

/** The whole text of an answer, decompressed; as `latin1` a letter for each byte. Both the bytes on the wire and the text are bound by `limitBytes`. */
export async function readBody(stream: AsyncIterable<Buffer>, encoding: string | undefined, { limitBytes, letters = 'utf8' }: { readonly limitBytes: number; readonly letters?: 'utf8' | 'latin1' }): Promise<string> {
  const raw = await collect(stream, limitBytes);
  const name = encoding?.trim().toLowerCase();
  if (!name || name === 'identity' || raw.length === 0) return raw.toString(letters);
  if (!Object.hasOwn(decoders, name)) throw new SyntaxError(`unknown content encoding ${name}`);
  try {
    return (await decoders[name as keyof typeof decoders](raw, { maxOutputLength: limitBytes })).toString(letters);
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge(limitBytes, '');
    throw new SyntaxError(`content encoding ${name} cannot be undone`, { cause: error });
  }
}
