import { PIECE_BYTES } from '#contract/words.ts';
import { client } from '../../rpc/client.ts';

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** A picture in pieces, then made one of the lot's. */
export async function sendPicture(lotId: string, file: File) {
  const name = file.name.slice(0, 200) || 'picture';
  const { upload } = await client.lotPhotos.begin({ name, bytes: file.size });
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    await client.lotPhotos.append({ upload, at, contentBase64: toBase64(new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer())) });
  }
  return client.lotPhotos.add({ lotId, upload, name });
}

/** Longest side that a code is looked for in. */
const CODE_SIDE = 1600;

/** What a code is read from, small enough for one request. */
export async function shrink(source: ImageBitmap | HTMLVideoElement): Promise<string> {
  const [width, height] = source instanceof HTMLVideoElement ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
  const scale = Math.min(1, CODE_SIDE / Math.max(width, height, 1));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.9, 0.75, 0.5]) {
    const blob = await new Promise<Blob | null>((done) => { canvas.toBlob(done, 'image/jpeg', quality); });
    if (blob && blob.size < 680_000) return toBase64(new Uint8Array(await blob.arrayBuffer()));
  }
  throw new Error('the picture cannot be made small enough');
}
