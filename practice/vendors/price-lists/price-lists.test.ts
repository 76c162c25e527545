import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import readXlsxFile from 'read-excel-file/node';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { createWorld } from '../../world/index.ts';
import type { VendorServer } from '../host.ts';
import { createPriceListVendor, PRICE_LIST_FILES } from './index.ts';

const START = Date.UTC(2026, 8, 1, 10);
const open: VendorServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    expect(server.bugs).toEqual([]);
    await server.close();
  }
});

async function lists(rows = 600) {
  const clock = new ManualClock(START);
  const world = createWorld({ seed: 7, clock, productCount: 3_000, priceListRows: rows });
  const server = createPriceListVendor(world);
  open.push(server);
  const base = await server.start();
  return { world, clock, get: (path: string, headers: Record<string, string> = {}) => fetch(base + path, { headers }) };
}
const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('price lists', () => {
  it('are CSV in windows-1252 with a letterhead above the header', async () => {
    const { get, world } = await lists();
    const text = iconv.decode(await bytes(await get('/atlantic-supply/pricelist.csv')), 'windows-1252');
    const rows = parse(text, { relax_column_count: true }) as string[][];
    const header = rows.findIndex((row) => row[0] === 'Item No');
    expect(header).toBeGreaterThan(0);
    const items = rows.slice(header + 1).filter((row) => row[0]?.startsWith('AT-') === true);
    expect(items.length).toBe(world.shops.offers('atlantic-supply').filter((o) => world.shops.state('atlantic-supply', o.number, Date.UTC(2026, 8, 1, 6))).length);
    for (const row of items) expect(Number(row[7])).toBeCloseTo(Number(row[6]!.replace('$', '')) * Number(row[5]), 2);
    expect(items.some((row) => row[6]!.startsWith('$')) && items.some((row) => row[5] !== '1')).toBe(true);
  });

  it('are the same list in UTF-16 with a byte order mark', async () => {
    const { get } = await lists();
    const raw = await bytes(await get('/atlantic-supply/pricelist.txt'));
    expect([raw[0], raw[1]]).toEqual([0xff, 0xfe]);
    expect(iconv.decode(raw, 'utf16-le')).toContain('Item No\tUPC / EAN');
  });

  it('are XLSX with decimal commas and codes that lost their zeros', async () => {
    const { get, world } = await lists();
    const [sheet] = await readXlsxFile(await bytes(await get('/nordhandel/preisliste.xlsx')));
    const rows = sheet!.data;
    const header = rows.findIndex((row) => row[0] === 'Art.-Nr.');
    const items = rows.slice(header + 1);
    expect(items.length).toBeGreaterThan(400);
    expect(items.every((row) => /^\d{1,3}(\.\d{3})*,\d{2}$/.test(String(row[6])))).toBe(true);
    expect(items.some((row) => typeof row[1] === 'number') && items.some((row) => typeof row[1] === 'string')).toBe(true);
    const first = items[0]!;
    const offer = world.shops.offers('nordhandel').find((o) => o.sku === first[0])!;
    const state = world.shops.state('nordhandel', offer.number, Date.UTC(2026, 8, 1, 6))!;
    expect(Number(String(first[6]).replaceAll('.', '').replace(',', '.'))).toBeCloseTo(state.priceMinor! / 100, 2);
  });

  it('are renewed once a day, and the same bytes from the same seed', async () => {
    const [a, b] = [await lists(), await lists()];
    for (const { path } of PRICE_LIST_FILES) {
      const response = await a.get(path);
      const etag = response.headers.get('etag')!;
      expect(etag).toBe((await b.get(path)).headers.get('etag'));
      expect((await a.get(path, { 'if-none-match': etag })).status).toBe(304);
    }
    const etag = (await a.get('/nordhandel/preisliste.csv')).headers.get('etag')!;
    a.clock.advanceTo(START + 9 * DAY_MS);
    expect((await a.get('/nordhandel/preisliste.csv', { 'if-none-match': etag })).status).toBe(200);
  });

  it('can be as long as 200,000 rows', async () => {
    const { get } = await lists(200_000);
    const text = (await bytes(await get('/atlantic-supply/pricelist.csv'))).toString('latin1');
    expect(text.split('\r\n').length).toBeGreaterThan(150_000);
  }, 60_000);
});
