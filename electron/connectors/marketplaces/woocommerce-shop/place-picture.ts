import { isConnectorError } from '#kernel/errors.ts';
import type { OwnPicture, PlacedPicture } from '#engine/listings/ports.ts';
import { mediaListSchema, mediaSchema, type Media } from './schema.ts';
import type { ShopClient } from './shop-client.ts';

/** WordPress makes the slug of the file's name, and looks it up exactly. */
const slugOf = (sha256: string) => `resale-desk-${sha256}`;
const PLACED = /^wp-media:(\d+)$/;
const placed = (media: Media): PlacedPicture => ({ address: `wp-media:${media.id}` });

/** As a product names a picture: by its number in the media library, or by an address that the shop fetches. */
export function imageOf(address: string): { readonly id: number } | { readonly src: string } {
  const id = PLACED.exec(address)?.[1];
  return id === undefined ? { src: address } : { id: Number(id) };
}

export async function findPicture(client: ShopClient, sha256: string, signal?: AbortSignal): Promise<PlacedPicture | null> {
  const { body } = await client.sendToWordPress({ operation: 'find picture', method: 'GET', path: '/media', query: { slug: slugOf(sha256), media_type: 'image' }, effect: 'read', schema: mediaListSchema, signal });
  const found = body.find((media) => media.slug === slugOf(sha256));
  return found ? placed(found) : null;
}

/** Reconciled by the hash, which the file is named by: one that stands in the media library is not sent again. */
export async function placePicture(client: ShopClient, { sha256, jpeg }: OwnPicture, signal?: AbortSignal): Promise<PlacedPicture> {
  const standing = await findPicture(client, sha256, signal);
  if (standing) return standing;
  try {
    const { body } = await client.sendToWordPress({
      operation: 'send picture', method: 'POST', path: '/media', effect: 'once', schema: mediaSchema, signal, headers: { 'content-disposition': `attachment; filename="${slugOf(sha256)}.jpg"` }, bytes: { type: 'image/jpeg', body: jpeg },
    });
    return placed(body);
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown')) throw error;
    const made = await findPicture(client, sha256, signal);
    if (!made) throw error;
    return made;
  }
}
