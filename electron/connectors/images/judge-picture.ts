import type { PictureFinding } from '#engine/photos/ports.ts';

/** Grey pixels of a copy whose longest side is 512. */
export interface Greys { readonly data: Uint8Array; readonly width: number; readonly height: number }

/** Spread of the second derivative below which edges are soft: measured by `images.test.ts` (sharp pictures from 150 up, the same blurred by 4 pixels and more below 20). */
const LEAST_SHARPNESS = 40;
const DARKEST = 55;
const LIGHTEST = 250;

export function sharpnessOf({ data, width, height }: Greys): number {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const value = 4 * data[at]! - data[at - 1]! - data[at + 1]! - data[at - width]! - data[at + width]!;
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  const mean = sum / count;
  return squares / count - mean * mean;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** What a buyer would hold against the picture, with the figure. */
export function judgePicture(greys: Greys, { longest, leastSide }: { readonly longest: number; readonly leastSide: number }): PictureFinding[] {
  const light = greys.data.reduce((sum, value) => sum + value, 0) / greys.data.length;
  const sharpness = sharpnessOf(greys);
  return [
    ...(longest < leastSide ? [{ code: 'too-small', figure: longest, limit: leastSide } as const] : []),
    ...(light < DARKEST ? [{ code: 'too-dark', figure: round(light), limit: DARKEST } as const] : []),
    ...(light > LIGHTEST ? [{ code: 'too-bright', figure: round(light), limit: LIGHTEST } as const] : []),
    // what is too dark to see shows no edges either: one word is enough
    ...(sharpness < LEAST_SHARPNESS && light >= DARKEST && light <= LIGHTEST ? [{ code: 'blurry', figure: round(sharpness), limit: LEAST_SHARPNESS } as const] : []),
  ];
}
