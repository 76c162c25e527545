import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import sharp, { type Sharp } from 'sharp';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { CodeReaderPort, ReadCode } from '#engine/photos/ports.ts';
import { inTurn, openPicture, readable } from './open-picture.ts';

/** Those that products carry. Kinds without a check digit (ITF, Code 39, UPC-E) are read out of stripes that are none. */
const FORMATS = ['EAN13', 'EAN8', 'UPCA', 'QRCode', 'DataMatrix', 'Code128'] as const;
const LONGEST_SIDE = 1280;
const WHITE = '#ffffff';

let ready: Promise<unknown> | null = null;
/** The module's WebAssembly lies beside it; it is never fetched from anywhere. */
function load(): Promise<unknown> {
  ready ??= readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')).then((wasm) => prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer }, fireImmediately: true }));
  return ready;
}

/** Evens shadows out: each place against the light around it. */
async function evened(picture: Sharp): Promise<Sharp> {
  const { data: grey, info } = await picture.greyscale().extractChannel(0).raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: 1 } as const;
  const around = await sharp(grey, { raw }).blur(18).extractChannel(0).raw().toBuffer();
  return sharp(grey.map((value, at) => Math.min(255, (value * 150) / (around[at]! + 1))), { raw });
}

const turned = (picture: Sharp) => picture.rotate(45, { background: WHITE });

/** Ways of looking, easiest first: as it is, without shadows, and both turned by half a right angle. */
const WAYS: readonly ((small: Buffer) => Promise<Sharp>)[] = [
  (small) => Promise.resolve(sharp(small)), (small) => evened(sharp(small)), (small) => Promise.resolve(turned(sharp(small))), async (small) => evened(sharp(await turned(sharp(small)).png({ compressionLevel: 1 }).toBuffer())),
];

async function readOnce(picture: Sharp): Promise<ReadCode[]> {
  const { data, info } = await picture.toColourspace('srgb').removeAlpha().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const image = { data: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength), width: info.width, height: info.height, colorSpace: 'srgb' } as ImageData;
  // one line across stripes that are no code can look like one by chance: six lines have to agree
  const found = await readBarcodes(image, { formats: [...FORMATS], tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, maxNumberOfSymbols: 12, minLineCount: 6 });
  return found.filter((code) => code.isValid && code.text !== '').map((code) => ({ text: code.text, format: code.format }));
}

export function createCodeReader(): CodeReaderPort {
  return {
    read: (bytes, mostPixels) => inTurn(() => readable(async () => {
      await load();
      const { open } = await openPicture(bytes, mostPixels);
      const small = await open().resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true }).png({ compressionLevel: 1 }).toBuffer();
      for (const way of WAYS) {
        const once = new Map((await readOnce(await way(small))).map((code) => [code.text, code]));
        if (once.size > 0) return [...once.values()];
      }
      return [];
    })),
  };
}
