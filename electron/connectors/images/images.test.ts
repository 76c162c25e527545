import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import { lookDistance, SAME_LOOK } from '#engine/photos/ports.ts';
import { createCodeReader, createPictures } from './index.ts';

const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm'));
void prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer } });

const limits = { side: 800, leastSide: 500, mostBytes: 400_000, mostPixels: 20_000_000 };
const pictures = createPictures();

/** A thing with edges and texture, on a plain ground or on a busy one. */
function scene({ seed = 1, ground = '#e8e6e0', width = 900, height = 675, x = 460, y = 260 } = {}): string {
  const bars = Array.from({ length: 12 }, (_, i) => `<rect x="${x + i * 22}" y="${y}" width="${4 + ((i * seed * 7) % 13)}" height="${180 + ((i * seed * 31) % 60)}" fill="hsl(${(i * 47 * seed) % 360} 70% ${25 + ((i * seed * 13) % 30)}%)"/>`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${ground}"/><rect x="${x - 20}" y="${y - 20}" width="310" height="290" fill="#20304${seed % 10}"/>${bars}</svg>`;
}
const png = (svg: string) => sharp(Buffer.from(svg)).png().toBuffer();
const at = async (jpeg: Uint8Array, x: number, y: number) => [...(await sharp(jpeg).extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer())];

const look = async (picture: Buffer) => (await pictures.prepare(picture, limits)).look;

const codes = async (picture: Buffer) => (await pictures.prepare(picture, limits)).findings.map((finding) => finding.code);

describe('a picture for a listing', () => {
  test('is cropped to its subject, square, on white, and keeps no place where it was taken', async () => {
    const taken = await sharp(await png(scene())).jpeg().withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '36/1 45/1 0/1' }, IFD0: { Make: 'Phone' } }).toBuffer();
    expect((await sharp(taken).metadata()).exif).toBeDefined();
    const made = await pictures.prepare(taken, limits);
    expect(made).toMatchObject({ cropped: true, findings: [] });
    expect([made.width, made.height]).toEqual([500, 500]);
    expect(await at(made.jpeg, 1, 1)).toEqual([255, 255, 255]);
    const meta = await sharp(made.jpeg).metadata();
    expect([meta.exif, meta.xmp, meta.iptc, meta.orientation]).toEqual([undefined, undefined, undefined, undefined]);
    expect(Buffer.from(made.jpeg).includes('GPS')).toBe(false);
  });

  test('stands upright, and stays whole where the ground is not plain', async () => {
    const lying = await sharp(await png(scene({ width: 600, height: 900, x: 200 }))).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await pictures.upright(lying, limits)).toMatchObject({ width: 800, height: 533 });
    const noise = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).png().toBuffer();
    expect(await pictures.prepare(noise, limits)).toMatchObject({ cropped: false, width: 800, height: 800 });
  });

  test('fits the bytes that are allowed', async () => {
    const noise = await sharp({ create: { width: 900, height: 900, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } }).png().toBuffer();
    expect((await pictures.upright(noise, { ...limits, mostBytes: 300_000 })).jpeg.length).toBeLessThanOrEqual(300_000);
  });

  test('is told what is wrong with it, with the figure', async () => {
    const sharpOne = await png(scene());
    expect(await codes(await sharp(sharpOne).blur(7).png().toBuffer())).toEqual(['blurry']);
    expect(await codes(await sharp(sharpOne).linear(0.15, 0).png().toBuffer())).toEqual(['too-dark']);
    expect(await codes(await sharp(sharpOne).resize(320).png().toBuffer())).toEqual(['too-small']);
  });

  test('the same picture looks alike when saved anew, and others do not', async () => {
    const scenes = await Promise.all([1, 2, 3].map((seed) => sharp(Buffer.from(scene({ seed, x: -60 + seed * 180, y: 20 + seed * 100 }))).resize(360).png().toBuffer()));
    const looks = await Promise.all(scenes.map(look));
    let farthest = 0;
    for (const [i, one] of scenes.entries()) {
      for (const again of [sharp(one).resize(240), sharp(one).jpeg({ quality: 35 }), sharp(one).linear(1.1, 6), sharp(one).blur(1.5)]) farthest = Math.max(farthest, lookDistance(looks[i]!, await look(await again.toBuffer())));
    }
    const nearest = Math.min(...looks.flatMap((a, i) => looks.slice(i + 1).map((b) => lookDistance(a, b))));
    expect({ farthest: farthest <= SAME_LOOK, nearest: nearest > SAME_LOOK }, `same: at most ${farthest}; others: at least ${nearest}`).toEqual({ farthest: true, nearest: true });
  });

  test('what is no picture, draws by itself or unpacks to too much is refused', async () => {
    await expect(pictures.prepare(Buffer.from('<html>'), limits)).rejects.toMatchObject({ code: 'not-a-picture' });
    await expect(pictures.prepare(Buffer.from(scene()), limits)).rejects.toMatchObject({ code: 'format' });
    const bomb = await sharp({ create: { width: 6_000, height: 6_000, channels: 3, background: '#fff' } }).png().toBuffer();
    expect(bomb.length).toBeLessThan(400_000);
    await expect(pictures.prepare(bomb, limits)).rejects.toMatchObject({ code: 'too-many-pixels' });
    const cut = (await sharp(await png(scene())).jpeg().toBuffer()).subarray(0, 4_000);
    await expect(pictures.prepare(cut, limits)).rejects.toMatchObject({ code: 'not-a-picture' });
  });
});

const digits = (text: string) => text.replace(/^0+(?=\d{12}$)/, '');

const drawn = async (text: string, format: 'EAN13' | 'UPCA' | 'QRCode') => {
  const { image } = await writeBarcode(text, { format, scale: 4, addQuietZones: true });
  const code = await sharp(Buffer.from(await image!.arrayBuffer())).resize(420).toBuffer();
  return sharp({ create: { width: 760, height: 620, channels: 3, background: '#d8d4cc' } }).composite([{ input: code, left: 160, top: 100 }]).png().toBuffer();
};

describe('codes in a picture', () => {
  const reader = createCodeReader();
  const CODES = [['4006381333931', 'EAN13'], ['036000291452', 'UPCA'], ['9782070612758', 'EAN13'], ['https://example.test/p/42', 'QRCode']] as const;
  const shade = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="760" height="620"><defs><linearGradient id="g"><stop offset="0" stop-opacity="0"/><stop offset="1" stop-opacity="0.8"/></linearGradient></defs><rect width="760" height="620" fill="url(#g)"/></svg>');
  const SPOILT = {
    'as it is': (p: Buffer) => sharp(p), 'upside down': (p: Buffer) => sharp(p).rotate(180), 'askew by 12°': (p: Buffer) => sharp(p).rotate(12, { background: '#d8d4cc' }),
    'askew by 45°': (p: Buffer) => sharp(p).rotate(45, { background: '#d8d4cc' }), blurred: (p: Buffer) => sharp(p).blur(2.2), 'half in the dark': (p: Buffer) => sharp(p).composite([{ input: shade }]),
  };

  test.each(CODES)('%s (%s) is read however it lies', async (text, format) => {
    const clean = await drawn(text, format);
    const missed: string[] = [];
    for (const [how, spoil] of Object.entries(SPOILT)) {
      const found = await reader.read(await spoil(clean).jpeg({ quality: 80 }).toBuffer(), limits.mostPixels);
      if (!found.some((code) => digits(code.text) === digits(text))) missed.push(how);
    }
    expect(missed).toEqual([]);
  });

  test('a picture without a code has none', async () => {
    expect(await reader.read(await png(scene()), limits.mostPixels)).toEqual([]);
  });
});
