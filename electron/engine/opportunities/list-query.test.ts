import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { insertJson } from '#runtime/bulk.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { buildCountQuery, buildListQuery, decodeCursor, encodeCursor, type OpportunityListFilter, type OpportunityListRow, type OpportunitySort } from './list-query.ts';

const COLUMNS = ['id', 'offerId', 'productId', 'sourceId', 'state', 'decision', 'title', 'brand', 'category', 'currency', 'unitCostMinor', 'salePriceMinor', 'feesMinor', 'profitMinor', 'profitLowMinor', 'profitHighMinor', 'roiBp',
  'lossChanceBp', 'daysToSell', 'cashDayMinor', 'demandPerMonth', 'confidenceBp', 'quantity', 'channel', 'inputsHash', 'cardVersion', 'seenAt', 'evaluatedAt'];
const SORTS: readonly OpportunitySort[] = ['score', 'profit', 'roi', 'days', 'newest'];
const SORT_FIELDS = { score: 'cashDayMinor', profit: 'profitMinor', roi: 'roiBp', days: 'daysToSell', newest: 'seenAt' } as const;

interface Item {
  readonly id: string;
  readonly sourceId: string;
  readonly state: string;
  readonly decision: string;
  readonly title: string;
  readonly brand: string | null;
  readonly category: string | null;
  readonly profitMinor: number;
  readonly roiBp: number;
  readonly daysToSell: number;
  readonly cashDayMinor: number;
  readonly seenAt: number;
}

let db: TestDatabase;
const items: Item[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const random = seededRandom('list');
  const pick = <T>(values: readonly T[]): T => values[random.int(values.length)]!;
  for (let i = 0; i < 600; i++) {
    // Few distinct values, so that ties are many and the tiebreak matters.
    items.push({
      id: `opp_${String(random.int(1_000_000)).padStart(7, '0')}-${i}`, sourceId: pick(['src_a', 'src_b']), state: pick(['open', 'open', 'open', 'skipped']), decision: pick(['purchase', 'negotiate', 'skip']),
      title: `${pick(['Steel', 'Copper', 'Glass'])} ${pick(['kettle', 'lamp "XL"', 'naïve vase'])} ${i}`, brand: pick(['Northgate', 'Acme', null]), category: pick(['kitchen', 'garden', null]),
      profitMinor: random.int(8) * 100 - 300, roiBp: random.int(6) * 500, daysToSell: random.int(10), cashDayMinor: random.int(7) - 2, seenAt: 1_000 + random.int(5),
    });
  }
  await db.transaction(async (tx) => {
    for (const id of ['src_a', 'src_b']) await tx.source.create({ data: { id, kind: 'woocommerce', name: `Shop ${id}`, baseUrl: id, config: '{}', createdAt: 1n } });
    await tx.$executeRawUnsafe('PRAGMA defer_foreign_keys = ON');
    await insertJson(tx, { table: 'Offer', columns: ['id', 'sourceId', 'externalId', 'contentHash', 'url', 'title', 'condition', 'packSize', 'priceMinor', 'currency', 'state', 'facts', 'firstSeenAt', 'lastSeenAt'],
      rows: items.map((o) => [`off ${o.id}`, o.sourceId, o.id, 'h', 'u', o.title, 'new', 1, 1, 'USD', 'evaluated', '{}', 1, 1]) });
    await insertJson(tx, { table: 'Opportunity', columns: COLUMNS, rows: items.map((o) => [o.id, `off ${o.id}`, 'p', o.sourceId, o.state, o.decision, o.title, o.brand, o.category, 'USD', 1, 1, 1, o.profitMinor, 1, 1, o.roiBp, 1, o.daysToSell, o.cashDayMinor, 1, 1, 1, 'ebay', 'h', 'c', o.seenAt, 1]) });
  });
});
afterAll(() => db.close());

/** Every page until the end, as a window would ask for them. */
async function readAll(filter: OpportunityListFilter, sort: OpportunitySort, limit: number): Promise<OpportunityListRow[]> {
  const all: OpportunityListRow[] = [];
  let cursor: string | null = null;
  for (;;) {
    const { sql, parameters } = buildListQuery({ filter, sort, limit, cursor: cursor === null ? null : decodeCursor(sort, cursor) });
    const rows: OpportunityListRow[] = await db.read(sql, parameters);
    all.push(...rows.slice(0, limit));
    if (rows.length <= limit) return all;
    cursor = encodeCursor(sort, all.at(-1)!);
  }
}

function expected(filter: OpportunityListFilter, sort: OpportunitySort): string[] {
  const field = SORT_FIELDS[sort];
  const sign = sort === 'days' ? 1 : -1;
  const words = (filter.search ?? '').toLowerCase().split(' ').filter(Boolean);
  return items
    .filter((o) => o.state === filter.state && (!filter.decision || o.decision === filter.decision) && (!filter.sourceId || o.sourceId === filter.sourceId) && (!filter.category || o.category === filter.category))
    .filter((o) => (filter.minProfitMinor === undefined || o.profitMinor >= filter.minProfitMinor) && (filter.minRoiBp === undefined || o.roiBp >= filter.minRoiBp) && (filter.maxDaysToSell === undefined || o.daysToSell <= filter.maxDaysToSell))
    .filter((o) => words.every((word) => `${o.title} ${o.brand ?? ''}`.toLowerCase().includes(word)))
    .sort((a, b) => sign * (a[field] - b[field]) || sign * (a.id < b.id ? -1 : 1))
    .map((o) => o.id);
}

const FILTERS: OpportunityListFilter[] = [
  { state: 'open' }, { state: 'skipped' }, { state: 'open', decision: 'purchase' }, { state: 'open', sourceId: 'src_a' }, { state: 'open', category: 'kitchen' },
  { state: 'open', decision: 'negotiate', sourceId: 'src_b', category: 'garden' }, { state: 'open', minProfitMinor: 100 }, { state: 'open', minRoiBp: 1_000, maxDaysToSell: 4, sourceId: 'src_a' },
  { state: 'open', search: 'kettle' }, { state: 'open', search: 'north GLASS', decision: 'skip' }, { state: 'open', search: 'lamp "XL"' }, { state: 'open', search: 'kettle 7' }, { state: 'open', search: 'naïve' }, { state: 'open', search: 'nothing like it' },
];

const sign = (s: OpportunitySort) => (s === 'days' ? 1 : -1);

describe('buildListQuery', () => {
  for (const sort of SORTS) {
    it(`reads every page in the order of ${sort}, each row once, under every filter`, async () => {
      for (const filter of FILTERS) expect((await readAll(filter, sort, 37)).map((row) => row.id), JSON.stringify(filter)).toEqual(expected(filter, sort));
    });
  }

  it('orders what the first sort holds equal by a second one, over every page', async () => {
    for (const [sort, second] of [['days', 'profit'], ['score', 'days'], ['newest', 'roi'], ['profit', 'profit']] as const) {
      for (const filter of FILTERS.slice(0, 9)) {
        const ids: string[] = [];
        for (let cursor: string | null = null; ;) {
          const { sql, parameters } = buildListQuery({ filter, sort, second, limit: 37, cursor: cursor === null ? null : decodeCursor(sort, cursor, second) });
          const rows: OpportunityListRow[] = await db.read(sql, parameters);
          ids.push(...rows.slice(0, 37).map((row) => row.id));
          if (rows.length <= 37) break;
          cursor = encodeCursor(sort, rows[36]!, second);
        }
        const of = (id: string) => items.find((o) => o.id === id)!;
        const wanted = expected(filter, sort).toSorted((a, b) => sign(sort) * (of(a)[SORT_FIELDS[sort]] - of(b)[SORT_FIELDS[sort]]) || sign(second) * (of(a)[SORT_FIELDS[second]] - of(b)[SORT_FIELDS[second]]) || sign(sort) * (a < b ? -1 : 1));
        expect(ids, `${sort} then ${second} ${JSON.stringify(filter)}`).toEqual(wanted);
      }
    }
    expect(() => decodeCursor('days', 'days~3~opp_1', 'profit')).toThrow('not one of this list');
    expect(() => decodeCursor('days', 'days.profit~3~opp_1~')).toThrow('not one of this list');
  });

  it('answers a row as the list shows it', async () => {
    const [row] = await readAll({ state: 'open' }, 'score', 50);
    expect(row).toMatchObject({ sourceName: expect.stringMatching(/^Shop src_[ab]$/) as string, currency: 'USD', version: 1 });
    expect(row).not.toHaveProperty('evaluation');
  });

  it('finds each page in a covering index, without sorting more than a page', async () => {
    for (const sort of SORTS) {
      for (const filter of FILTERS.filter((one) => one.search === undefined)) {
        const { sql, parameters } = buildListQuery({ filter, sort, limit: 50, cursor: { value: 3, id: 'opp_5' } });
        const plan = (await db.read<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters)).map((step) => step.detail);
        const looks = plan.filter((step) => / o USING /.test(step) && step.includes('opportunity_by_'));
        expect(looks).toHaveLength(filter.decision ? 1 : 3);
        for (const look of looks) expect(look).toMatch(/^SEARCH o USING COVERING INDEX/);
        expect(plan.some((step) => step.startsWith('SCAN o'))).toBe(false);
      }
    }
  });

  it('takes a search of short words alone as none', async () => {
    expect((await readAll({ state: 'open', search: 'a b' }, 'score', 200)).length).toBe(expected({ state: 'open' }, 'score').length);
  });
});

describe('buildCountQuery', () => {
  it('counts exactly up to the cap, and one above it where there are more', async () => {
    for (const filter of FILTERS) {
      const all = expected(filter, 'score').length;
      for (const cap of [10, 10_000]) {
        const { sql, parameters } = buildCountQuery(filter, cap);
        expect(await db.read(sql, parameters), JSON.stringify(filter)).toEqual([{ count: Math.min(all, cap + 1) }]);
      }
    }
  });
});

describe('decodeCursor', () => {
  it('refuses one of another sort, and what is none', () => {
    const text = encodeCursor('roi', { id: 'opp_1', sortValue: -5 });
    expect(decodeCursor('roi', text)).toEqual({ value: -5, id: 'opp_1' });
    for (const bad of [text.replace('roi', 'days'), '', 'roi~x~opp_1', 'roi~1', `${text}~more`]) expect(() => decodeCursor('roi', bad)).toThrow('not one of this list');
  });
});
