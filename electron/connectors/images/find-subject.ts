/** Pixels of a small copy: three bytes each, row by row. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface Subject {
  /** Shares of width and height, 0 to 1. */
  readonly box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  /** A byte for each pixel: 255 the subject, 0 the ground around it. */
  readonly mask: Uint8Array;
}

/** Distance in colour, of 441, from which a pixel is no ground. */
const APART = 38;
/** The ground is plain when nine of ten pixels of the frame are this near to its colour. */
const PLAIN = 26;
/** Shares of the picture between which a subject is believed. */
const LEAST_SUBJECT = 0.02;
const MOST_SUBJECT = 0.9;

function frameOf({ width, height }: Pixels): number[] {
  const edge = Math.max(1, Math.round(Math.min(width, height) * 0.02));
  const found: number[] = [];
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (x < edge || y < edge || x >= width - edge || y >= height - edge) found.push(y * width + x);
  return found;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** The thing on a plain ground: what the ground cannot be walked to from the frame. Null where the ground is not plain, or nothing stands out of it. */
export function findSubject(pixels: Pixels): Subject | null {
  const { data, width, height } = pixels;
  const frame = frameOf(pixels);
  const ground = [0, 1, 2].map((c) => median(frame.map((at) => data[at * 3 + c]!))) as [number, number, number];
  const apart = (at: number) => Math.hypot(data[at * 3]! - ground[0], data[at * 3 + 1]! - ground[1], data[at * 3 + 2]! - ground[2]);
  const distances = frame.map(apart).toSorted((a, b) => a - b);
  if (distances[Math.floor(distances.length * 0.9)]! > PLAIN) return null;
  const mask = new Uint8Array(width * height).fill(255);
  const stack = frame.filter((at) => apart(at) <= APART);
  for (const at of stack) mask[at] = 0;
  while (stack.length > 0) {
    const at = stack.pop()!;
    const x = at % width;
    for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
      if (next < 0 || next >= mask.length || mask[next] === 0 || apart(next) > APART) continue;
      mask[next] = 0;
      stack.push(next);
    }
  }
  return boxOf(mask, { width, height });
}

/** Rows and columns with a few pixels only are dust. */
function boxOf(mask: Uint8Array, { width, height }: { readonly width: number; readonly height: number }): Subject | null {
  const columns = new Uint32Array(width);
  const rows = new Uint32Array(height);
  let count = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    columns[at % width]! += 1;
    rows[Math.floor(at / width)]! += 1;
    count += 1;
  }
  const share = count / mask.length;
  if (share < LEAST_SUBJECT || share > MOST_SUBJECT) return null;
  const dust = Math.max(2, Math.round(Math.min(width, height) * 0.008));
  const [left, right] = [columns.findIndex((n) => n >= dust), columns.findLastIndex((n) => n >= dust)];
  const [top, bottom] = [rows.findIndex((n) => n >= dust), rows.findLastIndex((n) => n >= dust)];
  if (left < 0 || top < 0) return null;
  return { mask, box: { left: left / width, top: top / height, right: (right + 1) / width, bottom: (bottom + 1) / height } };
}
