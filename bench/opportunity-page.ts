import BetterSqlite3 from 'better-sqlite3';
import { buildListQuery, type OpportunityDecision, type OpportunityListQuery, type OpportunitySort } from '#engine/opportunities/list-query.ts';
import { seededRandom, type Random } from '#kernel/random.ts';
import { openReadConnection } from '#runtime/read-connection.ts';
import { CATEGORIES, OPPORTUNITIES, openMillionFile, SOURCES } from './opportunity-data.ts';
import { benchRow, quantile, timeMs, type BenchRow } from './row.ts';

const SORTS: readonly OpportunitySort[] = ['score', 'profit', 'roi', 'days', 'newest'];
const SORT_COLUMNS = { score: 'cashDayMinor', profit: 'profitMinor', roi: 'roiBp', days: 'daysToSell', newest: 'seenAt' } as const;
const DECISIONS: readonly OpportunityDecision[] = ['purchase', 'negotiate', 'skip'];
const PAGES_EACH = 40;

const pick = <T>(items: readonly T[], random: Random): T => items[random.int(items.length)]!;

/** Every sort with every subset of the three filters, each with values drawn evenly (so rare ones are asked for as often as common ones), half of them deep in the list. */
function* queries(db: BetterSqlite3.Database, random: Random): Generator<{ group: string; query: OpportunityListQuery }> {
  for (const sort of SORTS) {
    const at = db.prepare<[number], { value: number; id: string }>(`SELECT "${SORT_COLUMNS[sort]}" AS value, id FROM "Opportunity" WHERE rowid = ?`);
    for (let subset = 0; subset < 8; subset++) {
      for (let i = 0; i < PAGES_EACH; i++) {
        const filter = {
          state: 'open',
          ...(subset & 1 ? { decision: pick(DECISIONS, random) } : {}),
          ...(subset & 2 ? { sourceId: pick(SOURCES, random) } : {}),
          ...(subset & 4 ? { category: pick(CATEGORIES, random) } : {}),
        };
        const cursor = i % 2 === 0 ? null : (at.get(1 + random.int(OPPORTUNITIES)) ?? null);
        yield { group: `${sort}, filters ${subset.toString(2).padStart(3, '0')}`, query: { filter, sort, limit: 50, cursor } };
      }
    }
  }
}

/** Each page is asked for in so many rounds over all of them; its middle time counts, so that one turn that another process took does not. */
const ROUNDS = 3;

/** Times each page as the reader thread runs it: statements kept, rows read whole. */
export async function run(): Promise<BenchRow[]> {
  const db = openReadConnection(await openMillionFile());
  const statements = new Map<string, BetterSqlite3.Statement<unknown[]>>();
  const prepare = (sql: string) => {
    const kept = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, kept);
    return kept;
  };
  const byRowid = db.prepare('SELECT * FROM "Opportunity" WHERE rowid BETWEEN ? AND ?');
  const timed: { group: string; times: number[]; floors: number[] }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const random = seededRandom('pages');
    let place = 0;
    for (const { group, query } of queries(db, random)) {
      const { sql, parameters } = buildListQuery(query);
      const statement = prepare(sql);
      const ms = timeMs(() => statement.all(...parameters));
      const start = 1 + random.int(OPPORTUNITIES - 50);
      const floor = timeMs(() => byRowid.all(start, start + 50));
      const page = (timed[place++] ??= { group, times: [], floors: [] });
      if (round === 0) continue; // warms
      page.times.push(ms);
      page.floors.push(floor);
    }
  }
  db.close();
  const middle = timed.map(({ group, times, floors }) => ({ group, ms: quantile(times, 0.5), floor: quantile(floors, 0.5) }));
  const all = middle.map((page) => page.ms);
  const floors = middle.map((page) => page.floor);
  const worst = [...Map.groupBy(middle, (page) => page.group)].map(([group, pages]) => ({ group, p95: quantile(pages.map((page) => page.ms), 0.95) })).sort((a, b) => b.p95 - a.p95)[0]!;
  const floorValue = quantile(floors, 0.95);
  const common = { unit: 'ms', floorName: '51 whole rows by rowid, p95', floorValue, target: 'p95 < 1 ms' };
  return [
    benchRow({ ...common, name: 'page of 50 of 1,000,000, p50', value: quantile(all, 0.5), target: '', ok: true }),
    benchRow({ ...common, name: 'page of 50 of 1,000,000, p95', value: quantile(all, 0.95), ok: quantile(all, 0.95) < 1 }),
    benchRow({ ...common, name: `worst combination (${worst.group}), p95`, value: worst.p95, target: '(shown)', ok: true }),
  ];
}
