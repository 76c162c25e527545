import sharp, { type Sharp } from 'sharp';
import { PictureError } from '#engine/photos/ports.ts';

// one picture of 60 million pixels is 180 MB: no more than one is open at a time, and none is kept
sharp.cache(false);
let last: Promise<unknown> = Promise.resolve();

/** One after another, so that memory stays bounded whatever is dropped on the window. */
export function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const mine = last.then(run, run);
  last = mine.catch(() => undefined);
  return mine;
}

/** No SVG, PDF or other format that draws, loads or unpacks more than pixels. */
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']);

/** A picture turned upright, in sRGB, without transparency and notes. @throws PictureError */
export async function openPicture(bytes: Uint8Array, mostPixels: number): Promise<{ open: () => Sharp; width: number; height: number }> {
  const given = { limitInputPixels: mostPixels, failOn: 'error', pages: 1, sequentialRead: false } as const;
  let meta;
  try {
    meta = await sharp(bytes, { ...given, limitInputPixels: false }).metadata();
  } catch (error) {
    throw new PictureError('not-a-picture', 'The file is no picture, or is damaged.', error);
  }
  if (!FORMATS.has(meta.format)) throw new PictureError('format', `Pictures in ${meta.format.toUpperCase()} are not taken: save it as JPEG or PNG.`);
  if (meta.width * meta.height > mostPixels) throw new PictureError('too-many-pixels', `The picture has ${Math.round(meta.width * meta.height / 1e6)} million pixels; at most ${Math.round(mostPixels / 1e6)} are opened: make it smaller.`);
  const turned = (meta.orientation ?? 1) >= 5;
  return {
    open: () => sharp(bytes, given).autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb'),
    width: turned ? meta.height : meta.width, height: turned ? meta.width : meta.height,
  };
}

/** What fails later was damaged all along: the first bytes of a file say nothing of the rest. */
export async function readable<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PictureError) throw error;
    throw new PictureError('not-a-picture', 'The picture is damaged: part of it cannot be read.', error);
  }
}
