import { createHash } from 'node:crypto';
import { DAY_MS, toIso } from '#kernel/time.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { jpegSize } from '../read-jpeg.ts';
import { refuse } from './errors.ts';
import type { Shop } from './shop.ts';

/** A picture that no listing shows stays so long. */
const KEPT_MS = 30 * DAY_MS;
/** eBay's picture policy: the longer side, in pixels. */
const LEAST_SIDE = 500;

async function createImage(shop: Shop, request: VendorRequest): Promise<VendorResponse> {
  const form = await new Response(new Uint8Array(request.body), { headers: { 'content-type': request.header('content-type') } }).formData().catch(() => null);
  const image = form?.get('image');
  const bytes = image instanceof Blob ? new Uint8Array(await image.arrayBuffer()) : null;
  const size = bytes && jpegSize(bytes);
  if (!bytes || !size) return refuse(400, { errorId: 190_202, domain: 'API_MEDIA', message: 'The image is missing, or its format is not supported.' });
  if (Math.max(size.width, size.height) < LEAST_SIDE) return refuse(400, { errorId: 190_204, domain: 'API_MEDIA', message: 'The image is smaller than 500 pixels on its longest side.' });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const id = `v1|${shop.world.documents('ebay', 'image/').length + 1}`;
  shop.world.actions.putDocument('ebay', `image/${id}`, { sha256, ...size });
  shop.count('imagesCreated');
  return { status: 201, headers: { location: `/commerce/media/v1_beta/image/${id}` }, body: { imageUrl: `https://i.ebayimg.com/00/s/practice/z/${sha256.slice(0, 16)}-${id.slice(3)}/$_1.JPG`, expirationDate: toIso(request.at + KEPT_MS) } };
}

/** The Media API's pictures. */
export function mediaRoutes(shop: Shop): Route[] {
  return [{ method: 'POST', pattern: '/commerce/media/v1_beta/image/create_image_from_file', name: 'createImageFromFile', handle: (request) => createImage(shop, request) }];
}
