import sharp, { type Sharp } from 'sharp';
import type { MadePicture, PicturePort, PreparedPicture } from '#engine/photos/ports.ts';
import { findSubject, type Subject } from './find-subject.ts';
import { judgePicture } from './judge-picture.ts';
import { inTurn, openPicture, readable } from './open-picture.ts';

export { drawPracticePicture, fetchPicture } from './fetch-picture.ts';
export { createCodeReader } from './read-codes.ts';

/** Longest side of the copy that is looked at; what is done with its pixels here takes a few milliseconds. */
const LOOKED_AT = 384;
/** Air around a subject, of its longer side. */
const MARGIN = 0.05;
const QUALITIES = [90, 82, 74, 64, 50];
const WHITE = '#ffffff';

async function asJpeg(picture: () => Sharp, mostBytes: number): Promise<MadePicture> {
  let made: MadePicture | null = null;
  for (const quality of QUALITIES) {
    const { data, info } = await picture().jpeg({ quality, mozjpeg: false }).toBuffer({ resolveWithObject: true });
    made = { jpeg: data, width: info.width, height: info.height };
    if (data.length <= mostBytes) break;
  }
  return made!;
}

/** Difference hash: whether each of 8 × 8 places is lighter than its neighbour to the right. */
async function lookOf(picture: Sharp): Promise<string> {
  const grey = await picture.greyscale().resize(9, 8, { fit: 'fill', kernel: 'lanczos3' }).raw().toBuffer();
  let bits = 0n;
  for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) bits = (bits << 1n) | (grey[y * 9 + x]! > grey[y * 9 + x + 1]! ? 1n : 0n);
  return bits.toString(16).padStart(16, '0');
}

interface Frame { readonly left: number; readonly top: number; readonly width: number; readonly height: number }

function frameOf({ box }: Subject, { width, height }: { readonly width: number; readonly height: number }): Frame {
  const air = MARGIN * Math.max((box.right - box.left) * width, (box.bottom - box.top) * height);
  const left = Math.max(0, Math.floor(box.left * width - air));
  const top = Math.max(0, Math.floor(box.top * height - air));
  return { left, top, width: Math.min(width, Math.ceil(box.right * width + air)) - left, height: Math.min(height, Math.ceil(box.bottom * height + air)) - top };
}

/** The ground becomes white by a soft mask; done at the size of what is made, not of what was taken. */
async function onWhite(open: () => Sharp, subject: Subject, given: { readonly small: { readonly width: number; readonly height: number }; readonly size: { readonly width: number; readonly height: number }; readonly side: number }): Promise<Buffer> {
  const { small, size, side } = given;
  const scale = Math.min(1, side / Math.max(size.width, size.height));
  const [width, height] = [Math.max(1, Math.round(size.width * scale)), Math.max(1, Math.round(size.height * scale))];
  const mask = await sharp(subject.mask, { raw: { ...small, channels: 1 } }).resize(width, height, { fit: 'fill', kernel: 'cubic' }).blur(1.2).extractChannel(0).raw().toBuffer();
  const colours = await open().resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  return sharp(colours, { raw: { width, height, channels: 3 } }).joinChannel(mask, { raw: { width, height, channels: 1 } }).png({ compressionLevel: 1 }).toBuffer()
    .then((cut) => sharp(cut).flatten({ background: WHITE }).png({ compressionLevel: 1 }).toBuffer());
}

export function createPictures(): PicturePort {
  return {
    upright: (bytes, limits) => inTurn(() => readable(async () => {
      const { open } = await openPicture(bytes, limits.mostPixels);
      return asJpeg(() => open().resize(limits.side, limits.side, { fit: 'inside', withoutEnlargement: true }), limits.mostBytes);
    })),
    prepare: (bytes, limits) => inTurn(() => readable(async (): Promise<PreparedPicture> => {
      const { open, width, height } = await openPicture(bytes, limits.mostPixels);
      const small = await open().resize(LOOKED_AT, LOOKED_AT, { fit: 'inside', withoutEnlargement: true }).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const size = { width: small.info.width, height: small.info.height };
      const grey = await open().resize(512, 512, { fit: 'inside', withoutEnlargement: true }).greyscale().extractChannel(0).raw().toBuffer({ resolveWithObject: true });
      const subject = findSubject({ data: small.data, ...size });
      let made: MadePicture;
      if (subject) {
        const cut = await onWhite(open, subject, { small: size, size: { width, height }, side: limits.side * 2 });
        const { width: w = 1, height: h = 1 } = await sharp(cut).metadata();
        const frame = frameOf(subject, { width: w, height: h });
        // a thing that is small in the picture gets more white, not more pixels
        const side = Math.max(frame.width, frame.height, Math.min(limits.leastSide, limits.side));
        const pad = { left: Math.floor((side - frame.width) / 2), right: Math.ceil((side - frame.width) / 2), top: Math.floor((side - frame.height) / 2), bottom: Math.ceil((side - frame.height) / 2) };
        const square = await sharp(cut).extract(frame).extend({ ...pad, background: WHITE }).png({ compressionLevel: 1 }).toBuffer();
        made = await asJpeg(() => sharp(square).resize(limits.side, limits.side, { fit: 'inside', withoutEnlargement: true }), limits.mostBytes);
      } else {
        const side = Math.min(limits.side, Math.max(width, height));
        made = await asJpeg(() => open().resize(side, side, { fit: 'contain', background: WHITE }), limits.mostBytes);
      }
      return { ...made, cropped: subject !== null, look: await lookOf(open()), findings: judgePicture({ data: grey.data, width: grey.info.width, height: grey.info.height }, { longest: Math.max(width, height), leastSide: limits.leastSide }) };
    })),
  };
}
