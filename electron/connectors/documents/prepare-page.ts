/** A photograph or a page of a PDF made ready for reading: upright, grey, evenly lit, as large as its letters need. */
import sharp, { type Sharp } from 'sharp';
import { openPicture } from '../images/open-picture.ts';
import type { PagePicture } from './worker-messages.ts';

/** Photographs of telephones have 50 million pixels. */
const MOST_PIXELS = 60_000_000;
/** Letters of a till are then 20 to 40 pixels high. */
const LONG_SIDE = 2_400;
const LEAST_LONG_SIDE = 1_400;

function ready(picture: Sharp, { width, height }: { readonly width: number; readonly height: number }): Promise<Buffer> {
  const long = Math.max(width, height);
  const side = Math.min(LONG_SIDE, Math.max(LEAST_LONG_SIDE, long));
  return picture.greyscale().trim({ threshold: 40 }).resize(side, side, { fit: 'inside' }).normalise({ lower: 2, upper: 98 }).extend({ top: 24, bottom: 24, left: 24, right: 24, background: '#ffffff' }).png({ compressionLevel: 1 }).toBuffer();
}

/** @throws PictureError */
export async function preparePhoto(bytes: Uint8Array): Promise<Uint8Array> {
  const { open, width, height } = await openPicture(bytes, MOST_PIXELS);
  return ready(open(), { width, height });
}

export const preparePage = ({ data, width, height, channels }: PagePicture): Promise<Uint8Array> => ready(sharp(data, { raw: { width, height, channels } }).flatten({ background: '#ffffff' }), { width, height });

/** By quarters of a turn: a page that was laid on its side. */
export const turned = (png: Uint8Array, degrees: 90 | 180 | 270): Promise<Uint8Array> => sharp(png).rotate(degrees).png({ compressionLevel: 1 }).toBuffer();
