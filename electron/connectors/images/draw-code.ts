import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

let ready: Promise<unknown> | null = null;
/** The module's WebAssembly lies beside it; it is never fetched from anywhere. */
function load(): Promise<unknown> {
  ready ??= readFile(createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm')).then((wasm) => prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer }, fireImmediately: true }));
  return ready;
}

/** A QR code as rows of `1` (dark) and `0`, one sign a module, without a quiet zone. @throws Error for a text that is too long for one. */
export async function drawQrCode(text: string): Promise<string[]> {
  await load();
  const { symbol, error } = await writeBarcode(text, { format: 'QRCode' });
  if (error) throw new Error(`no code can be drawn: ${error}`);
  const { data, width, height } = symbol;
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => (data[y * width + x]! < 128 ? '1' : '0')).join(''));
}
