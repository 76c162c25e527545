import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { seededRandom, type Random } from '#kernel/random.ts';
import { systemClock } from '#kernel/time.ts';
import { migrateDatabase, readMigrations } from '#runtime/migrations.ts';

export const OPPORTUNITIES = 1_000_000;
export const CATEGORIES = ['books', 'toys', 'kitchen', 'office', 'electronics', 'tools', 'sports', 'beauty', 'grocery', 'pet', 'garden', 'music'];
export const SOURCES = Array.from({ length: 20 }, (_, i) => `src_${String(i).padStart(2, '0')}90f3c4-0000-7000-8000-0123456789ab`);

const BRANDS = ['Acme', 'Bluebird', 'Corvane', 'Dunmore', 'Elkhart', 'Fenwick', 'Granger', 'Holloway', 'Ironwood', 'Juniper', 'Kestrel', 'Larkspur', 'Meridian', 'Northgate', 'Oakline', 'Pemberton'];
const NOUNS = ['wireless mouse', 'garden hose', 'steel kettle', 'building blocks', 'desk lamp', 'running shoes', 'guitar strings', 'dog leash', 'coffee grinder', 'socket wrench', 'paperback novel', 'face cream'];
const WORDS = ['compact', 'premium', 'classic', 'portable', 'stainless', 'large', 'small', 'outdoor', 'rechargeable', 'vintage', 'adjustable', 'waterproof', 'professional', 'kids', 'black', 'white'];

/** A fifth of what a real evaluation weighs; no list reads it. */
const EVALUATION = JSON.stringify({ lines: Array.from({ length: 6 }, (_, i) => ({ code: `fee.${i}`, amount: { minor: -123 - i, currency: 'USD' }, source: 'card 2026-01', confidence: 'high' })) });

/** Small things happen far more often than large ones: the first of `items` most. */
function skewed<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(items.length * random.next() ** 2)]!;
}

function* opportunities(random: Random): Generator<unknown[]> {
  for (let i = 0; i < OPPORTUNITIES; i++) {
    const roll = random.next();
    const decision = roll < 0.1 ? 'purchase' : roll < 0.25 ? 'negotiate' : 'skip';
    const profit = Math.round((decision === 'purchase' ? 1_200 : decision === 'negotiate' ? 300 : -400) + 500 * random.normal());
    const cost = 300 + random.int(6_000);
    const days = 3 + random.int(120);
    const brand = skewed(BRANDS, random);
    const noun = NOUNS[random.int(NOUNS.length)]!;
    const title = `${brand} ${WORDS[random.int(WORDS.length)]} ${noun} ${WORDS[random.int(WORDS.length)]} ${String.fromCharCode(65 + random.int(26))}${random.int(10_000)}`;
    const state = random.next() < 0.85 ? 'open' : random.next() < 0.7 ? 'skipped' : 'expired';
    const number = i.toString(16).padStart(12, '0');
    yield [`opp_0192f3c4-${number.slice(0, 4)}-7000-8000-${number}`, `off_${number}`, `prd_${random.int(200_000)}`, skewed(SOURCES, random), state, decision, title, brand, skewed(CATEGORIES, random),
      cost, cost + profit + 400, profit, profit - 300, profit + 300, Math.round((profit * 10_000) / cost), days, Math.round((profit * 1_000) / days), 1_760_000_000_000 + random.int(30 * 86_400_000)];
  }
}

/** A database of a million opportunities; made once for each state of the migrations (about two minutes) and kept in `.data/bench`. */
export async function openMillionFile(): Promise<string> {
  const migrations = readMigrations();
  const version = createHash('sha256').update(JSON.stringify(migrations)).update(fs.readFileSync(import.meta.filename)).digest('hex').slice(0, 12);
  const dir = path.resolve(import.meta.dirname, '../.data/bench');
  const file = path.join(dir, `opportunities-${version}.sqlite`);
  if (fs.existsSync(file)) return file;
  fs.mkdirSync(dir, { recursive: true });
  for (const old of fs.readdirSync(dir)) if (/^(?:opportunities-|partial)/.test(old)) fs.rmSync(path.join(dir, old), { force: true });
  console.error('making a million opportunities, once …');
  const partial = path.join(dir, 'partial.sqlite');
  await migrateDatabase({ file: partial, migrations, clock: systemClock });
  fill(partial);
  fs.renameSync(partial, file);
  return file;
}

function fill(file: string): void {
  const db = new BetterSqlite3(file);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF');
  db.pragma('cache_size = -1048576');
  // Rows first, indexes and search afterwards: many times as fast as keeping them up row by row.
  const extras = db.prepare<[], { type: string; name: string; sql: string }>(`SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'Opportunity' AND type IN ('index', 'trigger') AND sql IS NOT NULL`).all();
  for (const extra of extras) db.exec(`DROP ${extra.type} "${extra.name}"`);
  const source = db.prepare(`INSERT INTO "Source" (id, kind, name, baseUrl, config, createdAt) VALUES (?, 'woocommerce', ?, ?, '{}', 0)`);
  const insert = db.prepare(`INSERT INTO "Opportunity" (id, offerId, productId, sourceId, state, decision, title, brand, category, unitCostMinor, salePriceMinor, profitMinor, profitLowMinor, profitHighMinor,
      roiBp, daysToSell, cashDayMinor, seenAt, currency, feesMinor, lossChanceBp, demandPerMonth, confidenceBp, quantity, channel, inputsHash, cardVersion, evaluatedAt)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'USD', 400, 1500, 30, 8000, 4, 'ebay', 'hash', '2026-01', 1760000000000)`);
  const detail = db.prepare('INSERT INTO "OpportunityDetail" (opportunityId, evaluation) VALUES (?, ?)');
  db.transaction(() => {
    for (const [i, id] of SOURCES.entries()) source.run(id, `Shop ${i}`, `https://shop-${i}.example`);
    for (const row of opportunities(seededRandom('bench'))) {
      insert.run(...row);
      detail.run(row[0], EVALUATION);
    }
  })();
  for (const extra of extras) db.exec(extra.sql);
  db.exec(`INSERT INTO opportunity_search(opportunity_search) VALUES ('rebuild')`);
  db.close();
}
