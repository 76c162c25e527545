import type { ResultReader } from './list-rows.ts';
import { STANDINGS } from '../first-pass/index.ts';

/** A row that waits to be asked about. */
export interface WaitingRow {
  readonly row: number;
  readonly line: number;
  readonly identifier: string | null;
  readonly productId: string | null;
  readonly title: string | null;
  readonly brand: string | null;
  readonly category: string | null;
  readonly currency: string;
  readonly unitCostMinor: number;
  readonly quantity: number | null;
  /** The list's own retail price. */
  readonly retailMinor: number | null;
  readonly profitMinor: number | null;
  readonly code: string | null;
  readonly mpn: string | null;
  readonly pack: number | null;
  readonly caseUnits: number | null;
  readonly leastUnits: number | null;
}

/** Where a pass over the waiting rows stands. */
export interface QueuePlace {
  readonly part: number;
  readonly profitMinor: number | null;
  readonly row: number;
}
export const QUEUE_START: QueuePlace = { part: 0, profitMinor: null, row: 0 };

/** Best first: what earns at the price that is known offline, then what has none, last what loses even so. Each as a range of the index. */
const PARTS = [
  { where: 'r.profitMinor > 0', order: 'r.profitMinor DESC, r.rowid', ranked: true },
  { where: 'r.profitMinor IS NULL', order: 'r.rowid', ranked: false },
  { where: 'r.profitMinor <= 0', order: 'r.profitMinor DESC, r.rowid', ranked: true },
] as const;

const WAITING = `r.standing <> ${STANDINGS.indexOf('no-code')} AND NOT EXISTS (SELECT 1 FROM outcome o WHERE o.row = r.rowid)`;

/** The next best rows after `place` that nobody was asked about; fewer than `limit`, even none, only at the end of a part. `next` null: there are no more. */
export async function takeBestRows(reader: ResultReader, place: QueuePlace, limit: number): Promise<{ rows: WaitingRow[]; next: QueuePlace | null }> {
  const part = PARTS[place.part];
  if (!part) return { rows: [], next: null };
  // The bound alone makes it a range of the index: by the OR it would be read from its beginning each time.
  const after = place.row === 0 ? '' : part.ranked ? 'AND r.profitMinor <= ? AND (r.profitMinor < ? OR r.rowid > ?)' : 'AND r.rowid > ?';
  const parameters = place.row === 0 ? [] : part.ranked ? [place.profitMinor, place.profitMinor, place.row] : [place.row];
  const rows = await reader.read<WaitingRow>(
    `SELECT r.rowid AS row, r.line, r.identifier, r.productId, r.title, r.brand, r.category, r.currency, r.unitCostMinor, r.quantity, CASE WHEN r.more->>'by' IS NULL THEN r.saleMinor ELSE r.more->>'retailMinor' END AS retailMinor, r.profitMinor, r.more->>'code' AS code, r.more->>'mpn' AS mpn, r.more->>'pack' AS pack, r.more->>'case' AS caseUnits, r.more->>'least' AS leastUnits
       FROM listed r WHERE ${part.where} AND ${WAITING} ${after} ORDER BY ${part.order} LIMIT ?`, [...parameters, limit]);
  const last = rows.at(-1);
  return { rows, next: rows.length < limit || !last ? { part: place.part + 1, profitMinor: null, row: 0 } : { part: place.part, profitMinor: last.profitMinor, row: last.row } };
}

export interface WaitingCounts { readonly rows: number; readonly done: number; readonly profitable: number }

/** Rows that can be asked about in all, those that are through, and those among them that earn. */
export async function countWaiting(reader: ResultReader): Promise<WaitingCounts> {
  const [counts] = await reader.read<WaitingCounts>(
    `SELECT (SELECT count(*) FROM listed WHERE standing <> ${STANDINGS.indexOf('no-code')}) AS rows, (SELECT count(*) FROM outcome) AS done, (SELECT count(*) FROM outcome WHERE state = 'evaluated' AND profitMinor > 0) AS profitable`, []);
  return counts!;
}
