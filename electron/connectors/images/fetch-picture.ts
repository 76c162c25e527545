import sharp from 'sharp';
import { inTurn, openPicture } from './open-picture.ts';

const MOST_BYTES = 20 * 1024 * 1024;
const MOST_PIXELS = 60_000_000;
const TIMEOUT_MS = 20_000;
const QUALITY = 88;

/** A picture for a channel that takes bytes and no addresses. */
export interface FetchedPicture {
  readonly bytes: Uint8Array;
  readonly type: 'image/jpeg';
}

async function readLimited(response: Response): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The picture behind an https address as a JPEG without notes; null where there is none, it is too large, or it is no picture. */
export async function fetchPicture(url: string, signal?: AbortSignal): Promise<FetchedPicture | null> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return null;
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
    const bytes = response.ok && new URL(response.url).protocol === 'https:' ? await readLimited(response) : null;
    if (!bytes) return null;
    return await inTurn(async () => ({ bytes: await (await openPicture(bytes, MOST_PIXELS)).open().jpeg({ quality: QUALITY }).toBuffer(), type: 'image/jpeg' }));
  } catch (error) {
    if (signal?.aborted) throw error;
    return null;
  }
}

/** In the practice market no picture's address answers: a plain square stands for each. */
export async function drawPracticePicture(): Promise<FetchedPicture> {
  return { bytes: await sharp({ create: { width: 1_000, height: 1_000, channels: 3, background: '#ded9cf' } }).jpeg({ quality: 70 }).toBuffer(), type: 'image/jpeg' };
}
