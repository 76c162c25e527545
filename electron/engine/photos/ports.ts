/** Whoever can handle pictures. Takes untrusted bytes; gives only JPEGs of its own making, without notes (place, camera, preview). */
export { lookDistance, SAME_LOOK } from './look-alike.ts';

export interface PictureLimits {
  /** Longest side of what is made, pixels. */
  readonly side: number;
  /** Below it a picture is told to be too small. */
  readonly leastSide: number;
  readonly mostBytes: number;
  /** More than so many pixels are not opened at all. */
  readonly mostPixels: number;
}

export interface PictureFinding {
  readonly code: 'too-small' | 'blurry' | 'too-dark' | 'too-bright';
  readonly figure: number;
  readonly limit: number;
}

export interface MadePicture {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface PreparedPicture extends MadePicture {
  /** 64 bits in hex, alike for pictures that look alike. */
  readonly look: string;
  readonly findings: readonly PictureFinding[];
  /** The ground was plain: the subject was cut out of it and set on white. */
  readonly cropped: boolean;
}

/** `not-a-picture`, `too-many-pixels` or `format`: cannot be taken, and why. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly code: 'not-a-picture' | 'too-many-pixels' | 'format';

  constructor(code: PictureError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export interface PicturePort {
  /** Upright, cropped to its subject where the ground is plain, square, on white, within the limits. @throws PictureError */
  prepare(bytes: Uint8Array, limits: PictureLimits): Promise<PreparedPicture>;
  /** Upright and within the limits, as it was taken. @throws PictureError */
  upright(bytes: Uint8Array, limits: Pick<PictureLimits, 'side' | 'mostBytes' | 'mostPixels'>): Promise<MadePicture>;
}

export interface ReadCode {
  readonly text: string;
  /** `EAN13`, `UPCA`, `QRCode`, … */
  readonly format: string;
}

export interface CodeReaderPort {
  /** Every code in the picture, each once. @throws PictureError */
  read(picture: Uint8Array, mostPixels: number): Promise<readonly ReadCode[]>;
}
