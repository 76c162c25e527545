// The floor: csv-parse, and for each row one lookup by the index and one insert, in one transaction, into a table that can be sorted by the same index. Nothing is repaired, and no fee is calculated. node pass-floor.ts DATABASE LIST RESULTS
import fs from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { parse } from 'csv-parse';
import { peakMemoryMb } from '../peak-memory.ts';
import { CACHE_MB, type ListFigures } from './list-figures.ts';

const [database = '', list = '', results = ''] = process.argv.slice(2);
const before = peakMemoryMb();
const started = performance.now();
const catalogue = new BetterSqlite3(database, { readonly: true });
catalogue.pragma(`cache_size = -${CACHE_MB * 1_024}`);
const db = new BetterSqlite3(results);
for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'locking_mode = EXCLUSIVE']) db.pragma(pragma);
db.exec('CREATE TABLE result (line INTEGER NOT NULL, standing TEXT NOT NULL, identifier TEXT, productId TEXT, title TEXT, brand TEXT, unitCostMinor INTEGER NOT NULL, quantity INTEGER, marginMinor INTEGER); CREATE INDEX result_margin ON result (standing, marginMinor)');
const lookUp = catalogue.prepare<[string], { productId: string }>(`SELECT productId FROM "ProductIdentifier" WHERE kind = 'gtin' AND value = ?`);
const insert = db.prepare('INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
let rows = 0;
let found = 0;
db.exec('BEGIN');
for await (const cells of fs.createReadStream(list).pipe(parse({ from_line: 2 })) as AsyncIterable<string[]>) {
  const [ean = '', title = '', brand = '', , cost = '', stock = '', retail = ''] = cells;
  const product = lookUp.get(`0${ean}`);
  const costMinor = Math.round(Number(cost) * 100);
  insert.run(rows + 2, product ? 'known' : 'unknown', ean, product?.productId ?? null, title, brand, costMinor, Number(stock), Math.round(Number(retail) * 100) - costMinor);
  rows++;
  if (product) found++;
}
db.exec('COMMIT');
db.close();
catalogue.close();
const figures: ListFigures = { rows, found, seconds: (performance.now() - started) / 1_000, grewMb: peakMemoryMb() - before };
console.log(JSON.stringify(figures));
