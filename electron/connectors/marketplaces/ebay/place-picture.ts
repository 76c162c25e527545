import { DAY_MS } from '#kernel/time.ts';
import type { OwnPicture, PlacedPicture } from '#engine/listings/ports.ts';
import { fileForm } from '../../http/index.ts';
import type { EbayClient } from './ebay-client.ts';
import { imageMadeSchema } from './schema.ts';

/** Not named in a listing on the last day any more. */
const SPARE_MS = DAY_MS;

/** `createImageFromFile`: the picture goes to eBay Picture Services, and a listing names its address there. What no listing names is dropped after its day. */
export async function placePicture(client: EbayClient, { sha256, jpeg }: OwnPicture, signal?: AbortSignal): Promise<PlacedPicture> {
  const { body } = await client.send('commerceMedia', {
    operation: 'send picture', method: 'POST', path: '/commerce/media/v1_beta/image/create_image_from_file', effect: 'once', schema: imageMadeSchema, signal,
    bytes: fileForm({}, { field: 'image', name: `${sha256}.jpg`, type: 'image/jpeg', bytes: jpeg }),
  });
  return { address: body.imageUrl, ...(body.expirationDate ? { until: Date.parse(body.expirationDate) - SPARE_MS } : {}) };
}
