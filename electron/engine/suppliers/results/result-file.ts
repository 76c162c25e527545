import type { BulkTable, RunSql } from '#runtime/bulk-file.ts';
import { REJECT_COLUMNS, ROW_COLUMNS, STANDINGS } from '../first-pass/index.ts';

/**
 * The file of a list's results: `listed` and `reject` as the first pass fills them; `change` and `gone` against the supplier's list before; `outcome`, what asking the market
 * came to, filled later on. A row is named by its rowid in `listed`.
 */
export const RESULT_TABLES: readonly BulkTable[] = [
  { name: 'listed', columns: ROW_COLUMNS, indexes: [{ name: 'listed_profit', columns: ['profitMinor'] }] },
  { name: 'reject', columns: REJECT_COLUMNS, indexes: [] },
];

/** Figures of an outcome, in the order of their columns; amounts in `currency`. */
export const OUTCOME_COLUMNS = [
  'row', 'externalId', 'state', 'reason', 'offerId', 'opportunityId', 'productId', 'decision', 'currency', 'unitCostMinor', 'saleMinor', 'feesMinor', 'profitMinor', 'profitLowMinor', 'profitHighMinor', 'roiBp', 'lossChanceBp', 'daysToSell',
  'demandPerMonth', 'quantity', 'at',
] as const;

const STANDING_WORD = `CASE r.standing ${STANDINGS.map((word, code) => `WHEN ${code} THEN '${word}'`).join(' ')} END`;

/** What makes two rows of two lists the same article: its code, else the supplier's number, else its title; and the size of the pack. */
const keyOf = (row: string) => `COALESCE(${row}.identifier, ${row}.more->>'code', 'n:' || (${row}.more->>'mpn'), 't:' || ${row}.title, '') || '|' || COALESCE(${row}.more->>'pack', 1)`;

function compareWith(run: RunSql, previous: string): void {
  // It may be open elsewhere: it is read without locking others out.
  run('PRAGMA locking_mode = NORMAL');
  run('ATTACH ? AS was', previous);
  run(`CREATE TEMP TABLE before AS SELECT ${keyOf('w')} AS key, w.line, w.identifier, w.title, w.currency, min(w.unitCostMinor) AS unitCostMinor FROM was.listed w GROUP BY 1`);
  run('CREATE UNIQUE INDEX temp.before_key ON before (key)');
  run(`CREATE TEMP TABLE now AS SELECT r.rowid AS row, ${keyOf('r')} AS key, r.currency, r.unitCostMinor FROM listed r`);
  run('CREATE INDEX temp.now_key ON now (key)');
  // an article that a list names twice is compared at its best cost in both: a list has no changes against itself
  run('CREATE TEMP TABLE best AS SELECT n.row, n.key, n.currency, min(n.unitCostMinor) AS unitCostMinor FROM temp.now n GROUP BY n.key');
  run(`INSERT INTO change SELECT n.row, 'new', NULL, NULL FROM temp.now n WHERE NOT EXISTS (SELECT 1 FROM temp.before b WHERE b.key = n.key)`);
  run(`INSERT INTO change SELECT n.row, CASE WHEN b.currency <> n.currency THEN 'currency' WHEN n.unitCostMinor > b.unitCostMinor THEN 'dearer' ELSE 'cheaper' END, b.unitCostMinor, b.currency
         FROM temp.best n JOIN temp.before b ON b.key = n.key WHERE b.currency <> n.currency OR b.unitCostMinor <> n.unitCostMinor`);
  run('INSERT INTO gone (line, identifier, title, currency, unitCostMinor) SELECT b.line, b.identifier, b.title, b.currency, b.unitCostMinor FROM temp.before b WHERE NOT EXISTS (SELECT 1 FROM temp.now n WHERE n.key = b.key) ORDER BY b.line');
  run('DROP TABLE temp.before');
  run('DROP TABLE temp.now');
  run('DROP TABLE temp.best');
  run('DETACH was');
}

/** Finishes a result file: what follows from the stored columns, room for what is asked later, and what changed since `previous`. */
export function addResultViews(run: RunSql, previous: string | undefined): void {
  run(`CREATE VIEW result AS SELECT r.rowid AS row, r.line, ${STANDING_WORD} AS standing, r.identifier, r.repairs, r.productId, r.title, r.brand, r.category, r.currency, r.unitCostMinor, r.quantity, r.saleMinor,
         r.saleMinor - r.profitMinor - r.unitCostMinor AS feesMinor, r.profitMinor, CASE WHEN r.unitCostMinor > 0 THEN CAST(round(r.profitMinor * 10000.0 / r.unitCostMinor) AS INTEGER) END AS roiBp, r.more FROM listed r`);
  run('CREATE TABLE change (row INTEGER PRIMARY KEY, kind TEXT NOT NULL, wasMinor INTEGER, wasCurrency TEXT)');
  run('CREATE TABLE gone (place INTEGER PRIMARY KEY, line INTEGER NOT NULL, identifier TEXT, title TEXT, currency TEXT NOT NULL, unitCostMinor INTEGER NOT NULL)');
  run(`CREATE TABLE outcome (row INTEGER PRIMARY KEY, externalId TEXT UNIQUE, state TEXT NOT NULL, reason TEXT, offerId TEXT, opportunityId TEXT, productId TEXT, decision TEXT, currency TEXT, unitCostMinor INTEGER, saleMinor INTEGER, feesMinor INTEGER,
         profitMinor INTEGER, profitLowMinor INTEGER, profitHighMinor INTEGER, roiBp INTEGER, lossChanceBp INTEGER, daysToSell INTEGER, demandPerMonth INTEGER, quantity INTEGER, at INTEGER NOT NULL)`);
  if (previous !== undefined) compareWith(run, previous);
}
