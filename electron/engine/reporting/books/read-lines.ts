import type { ReportLine } from '#contract/reports.ts';
import type { ReportBy } from '#contract/words.ts';
import type { Instant } from '#kernel/time.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Database } from '#runtime/ports.ts';
import { addTo, listFigures, shareOver, type ByCurrency, type Sums, type Weighed } from './figures.ts';
import { narrowed, type Period } from './period.ts';
import { BY, isOfTime, perRef, WITH_GOODS } from './report-sql.ts';

type LineRow = Sums & Weighed & { readonly refKind: string; readonly refId: string; readonly currency: string; readonly at: Instant; readonly memo: string; readonly lineId: string | null; readonly title: string | null; readonly detail: string | null; readonly mine: number; readonly sold: number };

export interface LinesQuery {
  readonly period: Period;
  readonly by: ReportBy;
  /** Null: of every key. */
  readonly key: string | null;
  readonly home: string;
  readonly offset: number;
  /** Null: all of them. */
  readonly limit: number | null;
}

/** The orders and other bookings behind a row, newest first, each with the part of it that is the row's. */
export async function readLines(db: Database, query: LinesQuery): Promise<{ readonly items: ReportLine[]; readonly count: number }> {
  const { by, key } = query;
  const period = key !== null && isOfTime(by) ? narrowed(query.period, key) : query.period;
  const whole = key === null || isOfTime(by);
  // of a time everything is its own; else what has a line of the key
  const { join, key: keyOf } = whole ? { join: '', key: `''` } : BY[by];
  const goods = `(${perRef('channel')}) x ${WITH_GOODS} ${join}`;
  const values = [period.from, period.to, ...(whole ? [] : [key])];
  const mine = whole ? '1' : `(${keyOf}) = ?3`;
  const [countSql, ...countValues] = numbered(`SELECT x.refKind, x.refId, MAX(x.at) AS at FROM ${goods} ${whole ? '' : `WHERE ${mine}`} GROUP BY 1, 2 ORDER BY 3 DESC, 2 DESC`, ...values);
  const refs = await db.read<{ refKind: string; refId: string }>(countSql, countValues as (string | number)[]);
  const page = query.limit === null ? refs : refs.slice(query.offset, query.offset + query.limit);
  const wanted = query.limit === null ? '' : `AND e.refId IN (SELECT value FROM json_each(?${values.length + 1}))`;
  const one = goods.replace('GROUP BY', `${wanted} GROUP BY`);
  const [sql, ...bound] = numbered(
    `SELECT x.*, o.id AS lineId, coalesce(o.title, k.title) AS title, ord.externalId AS detail, ${mine} AS mine, x.soldAt IS NOT NULL AND ord.state <> 'cancelled' AS sold, coalesce(o.quantity, 0) AS quantity, coalesce(o.revenueMinor, 0) AS revenueMinor, coalesce(o.refundMinor, 0) AS refundMinor,
       coalesce(o.feesMinor, 0) AS feesMinor, coalesce(o.postageMinor, 0) AS postageMinor, o.costMinor FROM ${one} ORDER BY x.refKind, x.refId, x.currency, o.id`, ...values, ...(query.limit === null ? [] : [JSON.stringify(page.map((ref) => ref.refId))]));
  const found = joinRefs(await db.read<LineRow>(sql, bound as (string | number)[]));
  return { items: page.flatMap((ref) => found.get(`${ref.refKind} ${ref.refId}`)?.view(query.home) ?? []), count: refs.length };
}

class RefSum {
  readonly #currencies: ByCurrency = new Map();
  readonly #head: LineRow;
  readonly #titles = new Set<string>();
  #at: Instant;
  #units = 0;

  constructor(head: LineRow) {
    this.#head = head;
    this.#at = head.at;
  }

  /** All lines of one booking in one currency. */
  take(lines: readonly LineRow[]): void {
    const [first] = lines as [LineRow];
    this.#at = Math.max(this.#at, first.at);
    const shares = lines.length === 1 ? [first] : shareOver(first, first.currency, lines);
    lines.forEach((line, i) => {
      if (!line.mine) return;
      addTo(this.#currencies, line.currency, shares[i]!);
      if (line.sold) this.#units += line.quantity;
      if (line.title) this.#titles.add(line.title);
    });
  }

  view(home: string): ReportLine {
    const [title, ...more] = this.#titles;
    return { refKind: this.#head.refKind, refId: this.#head.refId, title: title === undefined ? this.#head.memo : more.length === 0 ? title : `${title} (+${more.length})`, detail: this.#head.detail, at: this.#at, units: this.#units, figures: listFigures(this.#currencies, home) };
  }
}

function joinRefs(rows: readonly LineRow[]): Map<string, RefSum> {
  const refs = new Map<string, RefSum>();
  for (let at = 0; at < rows.length;) {
    const head = rows[at]!;
    let end = at + 1;
    while (end < rows.length && rows[end]!.refId === head.refId && rows[end]!.refKind === head.refKind && rows[end]!.currency === head.currency) end++;
    const id = `${head.refKind} ${head.refId}`;
    const ref = refs.get(id) ?? new RefSum(head);
    refs.set(id, ref);
    ref.take(rows.slice(at, end));
    at = end;
  }
  return refs;
}
