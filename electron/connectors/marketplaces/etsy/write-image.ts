import type { Picture } from './etsy-client.ts';

const BOUNDARY = 'resale-desk-9f3c1e7a54d24b0b';

/** A picture as Etsy takes it: a multipart form. The boundary is fixed, so that the same picture is the same bytes. */
export function imageForm(picture: Picture, given: { readonly rank: number; readonly overwrite: boolean }): { readonly type: string; readonly body: Uint8Array } {
  const field = (name: string, value: string) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const extension = picture.type === 'image/png' ? 'png' : 'jpg';
  const head = field('rank', String(given.rank)) + field('overwrite', String(given.overwrite)) + `--${BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="picture-${given.rank}.${extension}"\r\nContent-Type: ${picture.type}\r\n\r\n`;
  return { type: `multipart/form-data; boundary=${BOUNDARY}`, body: Buffer.concat([Buffer.from(head), picture.bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]) };
}
