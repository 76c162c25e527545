import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { gtinCheckDigit } from '#kernel/identifiers.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, systemClock } from '#kernel/time.ts';
import { migrateDatabase, readMigrations } from '#runtime/migrations.ts';

export const CATALOGUE = 1_000_000;
export const LIST_ROWS = 200_000;

const DIR = path.resolve(import.meta.dirname, '../../.data/bench');
const CATEGORIES = ['books', 'toys-games', 'home-garden', 'electronics', 'sporting-goods', null];
const WORDS = ['Northgate', 'stainless', 'kettle', 'garden', 'hose', 'building', 'blocks', 'desk', 'lamp', 'guitar', 'strings', 'coffee', 'grinder', 'paperback', 'novel', 'running', 'shoes'];

/** The nth product's number: a GTIN-13 spread over the range by a step that visits none twice. */
function gtin13(n: number): string {
  const data = String(300_000_000_000 + ((n * 7_919_081) % 99_999_999_977));
  return data + gtinCheckDigit(data);
}

const productId = (n: number) => `prd_0192f3c4-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

async function fillCatalogue(file: string): Promise<void> {
  await migrateDatabase({ file, migrations: readMigrations(), clock: systemClock });
  const db = new BetterSqlite3(file);
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'foreign_keys = OFF', 'cache_size = -524288']) db.pragma(pragma);
  const product = db.prepare(`INSERT INTO "Product" (id, gtin, title, category, attributes, createdAt, updatedAt) VALUES (?, ?, ?, ?, '{}', 0, 0)`);
  const identifier = db.prepare(`INSERT INTO "ProductIdentifier" (kind, value, productId, source) VALUES ('gtin', ?, ?, 'keepa')`);
  db.transaction(() => {
    for (let i = 0; i < CATALOGUE; i++) {
      product.run(productId(i), `0${gtin13(i)}`, `${WORDS[i % 17]} ${WORDS[(i * 5) % 17]} ${WORDS[(i * 11) % 17]} K${i}`, CATEGORIES[i % CATEGORIES.length]);
    }
  })();
  db.transaction(() => {
    // In the order of their values, as an index that grew over time is far from being; probes feel no difference.
    const all = Array.from({ length: CATALOGUE }, (_, i) => [`0${gtin13(i)}`, productId(i)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [value, id] of all) identifier.run(value, id);
  })();
  db.pragma('journal_mode = WAL');
  db.close();
}

/** Gives every product a market price, told in an order that has nothing to do with their ids'. */
function fillPrices(file: string): void {
  const db = new BetterSqlite3(file);
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'foreign_keys = OFF', 'cache_size = -524288']) db.pragma(pragma);
  const random = seededRandom('market prices');
  const price = db.prepare(`INSERT INTO "MarketPrice" (productId, series, priceMinor, currency, at) VALUES (?, ?, ?, 'USD', ?)`);
  const now = systemClock.now();
  db.transaction(() => {
    for (let n = 0; n < CATALOGUE; n++) {
      const product = (n * 7_919) % CATALOGUE;
      price.run(productId(product), ['ebayNew', 'new', 'buyBox'][product % 3], 500 + random.int(20_000), now - random.int(30 * DAY_MS));
    }
  })();
  db.pragma('journal_mode = WAL');
  db.close();
}

/** As spreadsheets and people leave them: most right, some without leading zeros or check digit, some with digits lost for good. */
function damaged(gtin: string, roll: number): string {
  if (roll < 0.03) return `${gtin.slice(0, 1)}-${gtin.slice(1, 7)}-${gtin.slice(7)}`;
  if (roll < 0.05) return gtin.slice(0, 12);
  if (roll < 0.06) return `${gtin[0]}.${gtin.slice(1, 6)}E+12`;
  return roll < 0.07 ? '' : gtin;
}

function writeList(file: string): void {
  const random = seededRandom('price list');
  const lines = ['EAN,Product name,Brand,Category,Unit cost (USD),Stock,RRP'];
  for (let i = 0; i < LIST_ROWS; i++) {
    // Three of five are in the catalogue.
    const n = random.next() < 0.6 ? random.int(CATALOGUE) : CATALOGUE + random.int(CATALOGUE);
    const cost = 200 + random.int(9_000);
    const title = `${WORDS[random.int(17)]} ${WORDS[random.int(17)]} ${WORDS[random.int(17)]} K${n}`;
    lines.push(`${damaged(gtin13(n), random.next())},${random.next() < 0.1 ? `"${title}, boxed"` : title},${WORDS[random.int(17)]},Household,${(cost / 100).toFixed(2)},${random.int(200)},${((cost * (1 + 2 * random.next())) / 100).toFixed(2)}`);
  }
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
}

export interface ListData {
  /** The desk's database, without any price. */
  readonly database: string;
  /** The same with a market price for each product. */
  readonly priced: string;
  readonly list: string;
}

/** A database whose catalogue holds a million products, without prices and with them, and a list of 200,000 rows: made once for each state of the migrations and of this file (two minutes), and kept in `.data/bench`. */
export async function openListData(): Promise<ListData> {
  const version = createHash('sha256').update(JSON.stringify(readMigrations())).update(fs.readFileSync(import.meta.filename)).digest('hex').slice(0, 12);
  const [database, priced, list] = [path.join(DIR, `catalogue-${version}.sqlite`), path.join(DIR, `catalogue-priced-${version}.sqlite`), path.join(DIR, `price-list-${version}.csv`)] as const;
  if ([database, priced, list].every((file) => fs.existsSync(file))) return { database, priced, list };
  fs.mkdirSync(DIR, { recursive: true });
  for (const old of fs.readdirSync(DIR)) if (/^(?:catalogue-|price-list-|making-)/.test(old)) fs.rmSync(path.join(DIR, old), { force: true });
  console.error('making a catalogue of a million products, once …');
  writeList(list);
  const making = path.join(DIR, 'making-catalogue.sqlite');
  await fillCatalogue(making);
  fs.copyFileSync(making, priced);
  fillPrices(priced);
  fs.renameSync(making, database);
  return { database, priced, list };
}
