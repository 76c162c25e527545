// The floors, row by row in one transaction, as a program without batches would be written: node pass-floor.mjs DATABASE LIST RESULTS bare|same-work, from the project's root
//
// `bare` is the issue's: csv-parse, one lookup by the index and one insert a row. Nothing is repaired, no fee is calculated, nine columns are stored.
// `same-work` does what the desk does, by the same rules: repair, a lookup for every candidate, fees and profit, the desk's fourteen columns.
// Both end with the desk's index on their table, built at the end, which is faster for them than keeping it up.
import fs from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { parse } from 'csv-parse';
import { compileFees, readFeeCards, resolveCategory, selectFeeCard, type CompiledFees } from '#engine/pricing/index.ts';
import { repairIdentifier } from '#kernel/identifiers.ts';
import { money, parseDecimal } from '#kernel/money.ts';
import { systemClock, utcDay } from '#kernel/time.ts';
import { peakMemoryMb } from '../peak-memory.ts';
import { CACHE_MB, type ListFigures } from './list-figures.ts';

type Values = readonly (string | number | null)[];
/** One row's work: what is stored, and whether the catalogue knew the product. */
type Work = (line: number, cells: readonly string[]) => { readonly values: Values; readonly known: boolean };

const [database = '', list = '', results = '', mode = 'bare'] = process.argv.slice(2);
const feeCards = readFeeCards(path.resolve('resources/fee-cards'));

const BARE_COLUMNS = 'line INTEGER NOT NULL, standing TEXT NOT NULL, identifier TEXT, productId TEXT, title TEXT, brand TEXT, unitCostMinor INTEGER NOT NULL, quantity INTEGER, profitMinor INTEGER';
const SAME_COLUMNS = 'line INTEGER NOT NULL, standing TEXT NOT NULL, identifier TEXT, repairs TEXT, productId TEXT, title TEXT, brand TEXT, currency TEXT NOT NULL, unitCostMinor INTEGER NOT NULL, quantity INTEGER, saleMinor INTEGER, feesMinor INTEGER, profitMinor INTEGER, roiBp INTEGER';

function bareWork(lookUp: BetterSqlite3.Statement<[string], { productId: string }>): Work {
  return (line, [ean = '', title = '', brand = '', , cost = '', stock = '', retail = '']) => {
    const product = lookUp.get(`0${ean}`);
    const costMinor = Math.round(Number(cost) * 100);
    return { values: [line, product ? 'known' : 'unknown', ean, product?.productId ?? null, title, brand, costMinor, Number(stock), Math.round(Number(retail) * 100) - costMinor], known: product !== undefined };
  };
}

function feesByWords(): (words: string) => CompiledFees {
  const day = utcDay(systemClock.now());
  const card = selectFeeCard(feeCards, 'ebay-us', day)!;
  const compiled = new Map<string, CompiledFees>();
  return (words) => {
    let fees = compiled.get(words);
    if (!fees) compiled.set(words, (fees = compileFees(card, { category: resolveCategory(card, words), fulfilment: 'fbm', buyerShipping: money(0, 'USD'), salesTaxBp: 0, package: null, day })));
    return fees;
  };
}

function sameWork(lookUp: BetterSqlite3.Statement<[string], { productId: string }>): Work {
  const feesOf = feesByWords();
  return (line, [code = '', title = '', brand = '', category = '', cost = '', stock = '', retail = '']) => {
    const outcome = repairIdentifier(code);
    const candidates = outcome.status === 'refused' ? [] : outcome.candidates;
    const hits = candidates.flatMap((candidate) => (candidate.identifier.gtin14 === null ? [] : lookUp.all(candidate.identifier.gtin14).map(({ productId }) => ({ candidate, productId }))));
    const products = new Set(hits.map((hit) => hit.productId));
    const standing = candidates.length === 0 ? 'no-code' : products.size === 0 ? 'unknown' : products.size === 1 ? 'known' : 'ambiguous';
    const chosen = standing === 'known' ? hits[0]!.candidate : candidates.length === 1 && standing === 'unknown' ? candidates[0] : undefined;
    const costMinor = parseDecimal(cost, 'USD')!.minor;
    const saleMinor = parseDecimal(retail, 'USD')!.minor;
    const feesMinor = feesOf(category).totalMinor(saleMinor);
    const profitMinor = saleMinor - feesMinor - costMinor;
    return {
      values: [line, standing, chosen?.identifier.gtin14 ?? null, chosen && chosen.repairs.length > 0 ? chosen.repairs.join(' ') : null, standing === 'known' ? hits[0]!.productId : null, title.trim(), brand.trim(), 'USD', costMinor, Number(stock),
        saleMinor, feesMinor, profitMinor, Math.round((profitMinor * 10_000) / costMinor)],
      known: standing === 'known',
    };
  };
}

const before = peakMemoryMb();
const cpuBefore = process.cpuUsage();
const started = performance.now();
const catalogue = new BetterSqlite3(database, { readonly: true });
catalogue.pragma(`cache_size = -${CACHE_MB * 1_024}`);
const db = new BetterSqlite3(results);
for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'locking_mode = EXCLUSIVE', 'temp_store = MEMORY']) db.pragma(pragma);
db.exec(`CREATE TABLE result (${mode === 'bare' ? BARE_COLUMNS : SAME_COLUMNS})`);
const lookUp = catalogue.prepare<[string], { productId: string }>(`SELECT productId FROM "ProductIdentifier" WHERE kind = 'gtin' AND value = ?`);
const insert = db.prepare<[Values]>(`INSERT INTO result VALUES (${Array.from({ length: mode === 'bare' ? 9 : 14 }, () => '?').join(', ')})`);
const work = mode === 'bare' ? bareWork(lookUp) : sameWork(lookUp);
let rows = 0;
let found = 0;
db.exec('BEGIN');
for await (const cells of fs.createReadStream(list).pipe(parse({ from_line: 2 })) as AsyncIterable<string[]>) {
  const { values, known } = work(rows + 2, cells);
  insert.run(values);
  rows++;
  if (known) found++;
}
db.exec('COMMIT');
db.exec('CREATE INDEX result_profit ON result (profitMinor)');
db.close();
catalogue.close();
const cpu = process.cpuUsage(cpuBefore);
const figures: ListFigures = { rows, found, priced: 0, seconds: (performance.now() - started) / 1_000, cpuSeconds: (cpu.user + cpu.system) / 1_000_000, grewMb: peakMemoryMb() - before };
console.log(JSON.stringify(figures));
