import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createCodeReader } from './index.ts';
import { drawQrCode } from './draw-code.ts';

it('draws what a camera reads back', async () => {
  const text = 'https://desk.example:4680/phone#code=K7QH2M9RXT';
  const rows = await drawQrCode(text);
  expect([new Set(rows.map((row) => row.length)), rows.length >= 21]).toEqual([new Set([rows.length]), true]);
  // a finder stands in the corner: no quiet zone of its own
  expect(rows[0]).toMatch(/^1111111/);
  const [scale, quiet] = [8, 4];
  const side = (rows.length + 2 * quiet) * scale;
  const pixels = Buffer.alloc(side * side, 255);
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) if (rows[Math.floor(y / scale) - quiet]?.[Math.floor(x / scale) - quiet] === '1') pixels[y * side + x] = 0;
  const png = await sharp(pixels, { raw: { width: side, height: side, channels: 1 } }).png().toBuffer();
  expect(JSON.stringify(await createCodeReader().read(png, 10_000_000))).toContain(text);
});
