import { createHash } from 'node:crypto';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { jpegSize } from '../read-jpeg.ts';
import { refuse, type Media, type Shop } from './shop.ts';

const view = (media: Media) => ({ id: media.id, slug: media.slug, status: 'inherit', type: 'attachment', media_type: 'image', mime_type: 'image/jpeg', source_url: `https://practice-shop.example/wp-content/uploads/${media.slug}.jpg` });

function upload(shop: Shop, request: VendorRequest): VendorResponse {
  const name = /filename="([\w.-]+)\.jpg"/.exec(request.header('content-disposition'))?.[1];
  if (name === undefined) return refuse(400, 'rest_upload_no_content_disposition', 'No Content-Disposition supplied.');
  if (request.header('content-type') !== 'image/jpeg' || !jpegSize(request.body)) return refuse(500, 'rest_upload_unknown_error', 'Sorry, you are not allowed to upload this file type.');
  // a name that is taken gets a number behind it, as WordPress does
  const taken = shop.media().filter((media) => media.slug === name || media.slug.startsWith(`${name}-`)).length;
  const media: Media = { id: shop.nextId(), slug: taken === 0 ? name : `${name}-${taken + 1}`, sha256: createHash('sha256').update(request.body).digest('hex') };
  shop.putMedia(media);
  shop.done.mediaUploaded += 1;
  return { status: 201, body: view(media) };
}

export function mediaRoutes(shop: Shop): Route[] {
  return [
    { method: 'POST', pattern: '/wp-json/wp/v2/media', name: 'uploadMedia', handle: (request) => upload(shop, request) },
    { method: 'GET', pattern: '/wp-json/wp/v2/media', name: 'listMedia', handle: ({ query }) => ({ status: 200, body: shop.media().filter(({ slug }) => slug === query.get('slug')).map(view) }) },
  ];
}
