import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { insertJson, type BulkValue } from '#runtime/bulk.ts';
import { openDatabase } from '#runtime/database.ts';
import { templateFile } from '#runtime/template.ts';
import { benchRow, quantile, type BenchRow } from './row.ts';

const ROWS = 100_000;
const ROUNDS = 5;
const COLUMNS = ['id', 'sourceId', 'externalId', 'contentHash', 'url', 'title', 'brand', 'gtin', 'condition', 'packSize', 'priceMinor', 'currency', 'stock', 'state', 'facts', 'firstSeenAt', 'lastSeenAt'];

function offers(): BulkValue[][] {
  return Array.from({ length: ROWS }, (_, i) => [
    `off_0192f3c4-0000-7000-8000-${i.toString(16).padStart(12, '0')}`, 'src_1', `sku-${i}`, (i * 2_654_435_761).toString(16), `https://shop.example/products/item-${i}`, `Northgate stainless kettle ${i % 977} litre model K${i}`,
    'Northgate', String(40_000_000_000_000 + i), 'new', 1, 1_000 + (i % 9_000), 'USD', i % 50, 'new', '{}', 1_760_000_000_000, 1_760_000_000_000,
  ]);
}

async function freshFile(dir: string, name: string): Promise<string> {
  const file = path.join(dir, name);
  fs.copyFileSync(await templateFile(), file);
  const db = new BetterSqlite3(file);
  db.exec(`INSERT INTO "Source" (id, kind, name, baseUrl, config, createdAt) VALUES ('src_1', 'woocommerce', 'Shop', 'https://shop.example', '{}', 0)`);
  db.close();
  return file;
}

/** Rows a second by better-sqlite3 alone: one kept statement, one transaction, the program's own settings. */
async function insertRaw(file: string, rows: readonly BulkValue[][]): Promise<number> {
  const db = new BetterSqlite3(file);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'cache_size = -65536', 'temp_store = MEMORY']) db.pragma(pragma);
  const statement = db.prepare(`INSERT INTO "Offer" (${COLUMNS.map((c) => `"${c}"`).join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`);
  const start = performance.now();
  db.transaction(() => {
    for (const row of rows) statement.run(...row);
  })();
  const seconds = (performance.now() - start) / 1_000;
  db.close();
  return rows.length / seconds;
}

/** Rows a second through the program's transaction and `insertJson`. */
async function insertBulk(file: string, rows: readonly BulkValue[][]): Promise<number> {
  const db = await openDatabase(file);
  await db.prisma.setting.count();
  const start = performance.now();
  await db.transaction((tx) => insertJson(tx, { table: 'Offer', columns: COLUMNS, rows }));
  const seconds = (performance.now() - start) / 1_000;
  const stored = await db.prisma.offer.count();
  await db.close();
  if (stored !== rows.length) throw new Error(`${stored} of ${rows.length} rows were stored`);
  return rows.length / seconds;
}

export async function run(): Promise<BenchRow[]> {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'resale-desk-bench-'));
  const rows = offers();
  const raw: number[] = [];
  const bulk: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      raw.push(await insertRaw(await freshFile(dir, `raw-${round}.sqlite`), rows));
      bulk.push(await insertBulk(await freshFile(dir, `bulk-${round}.sqlite`), rows));
    }
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
  const value = quantile(bulk, 0.5);
  const floorValue = quantile(raw, 0.5);
  return [benchRow({ name: 'ingest of offers', value, unit: 'rows/s', floorName: 'better-sqlite3, row by row', floorValue, target: 'ratio ≥ 0.8', ok: value / floorValue >= 0.8 })];
}
