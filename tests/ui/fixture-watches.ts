import { FACETS } from './fixture-facets.ts';
import { implement } from '@orpc/server';
import { contract } from '#contract/index.ts';
import type { WatchDetail, WatchRow } from '#contract/watches.ts';
import { FIXTURE_NOW } from './fixture-data.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const usd = (minor: number) => ({ minor, currency: 'USD' });
const TITLES = ['Cordless drill driver 18 V with two batteries', 'Building blocks of the castle series', 'Wireless mouse for two computers', 'حقيبة ظهر للرحلات 38 لتر', 'Dictionary for learners, tenth edition'];

/** Watches in every state: cheap and dear beside the own listing, sold out, failing, paused. */
function watchRow(n: number): WatchRow {
  const market = n % 4 === 1;
  const failing = n % 9 === 5;
  const soldOut = n % 7 === 3;
  const price = usd(1_990 + ((n * 737) % 9_000));
  return {
    id: `wat_${n}`, kind: market ? 'market' : 'page', title: `${TITLES[n % TITLES.length]!}${n < TITLES.length ? '' : ` ${n}`}`, address: market ? `https://www.amazon.com/dp/B0${String(10_000_000 + n)}` : `https://shop.example/p/${n}`, place: market ? 'amazon-us' : ['tools.example', 'toys.example', 'boutique.example'][n % 3]!,
    state: n % 11 === 10 ? 'paused' : 'active', price: soldOut ? null : price, available: !soldOut, quantity: null, sellers: market ? 1 + (n % 12) : null, changeBp: n % 5 === 0 ? null : ((n * 131) % 2_400) - 1_200, mine: n % 3 === 0 ? usd(price.minor + (n % 2 === 0 ? 300 : -250)) : null, below: n % 8 === 0 ? usd(1_800) : null,
    intervalMs: 6 * HOUR, checkedAt: FIXTURE_NOW - (n % 6) * HOUR, readAt: FIXTURE_NOW - (failing ? 3 * DAY : (n % 6) * HOUR), nextAt: FIXTURE_NOW + HOUR, problem: failing ? { code: 'message', data: { text: 'the site answered 503 Service Unavailable' } } : null, unseen: n % 6 === 2 ? 1 : 0, productId: n % 3 === 0 ? 'prd_1' : null, version: 1,
  };
}

function detailOf(row: WatchRow): WatchDetail {
  const start = FIXTURE_NOW - 60 * DAY;
  const at = Array.from({ length: 31 }, (_, k) => start + k * 2 * DAY);
  const base = row.price?.minor ?? 2_500;
  const value = at.map((_, k) => (k === 12 ? null : Math.round(base * (1.12 - 0.004 * k + (k % 5 === 0 ? 0.03 : 0)))));
  return {
    ...row, history: { currency: 'USD', price: { at, value }, sellers: row.sellers === null ? { at: [], value: [] } : { at, value: at.map((_, k) => 3 + (k % 4)) }, mine: row.mine ? { at: [start, FIXTURE_NOW], value: [row.mine.minor, row.mine.minor] } : { at: [], value: [] } },
    analysis: { changes: 24, lowest: usd(Math.round(base * 0.96)), highest: usd(Math.round(base * 1.15)), usual: usd(Math.round(base * 1.05)), trend: 'collapsing', levelChangedAt: FIXTURE_NOW - 9 * DAY, withoutOfferBp: 330, against: row.mine ? { belowMineBp: 4_100, theyWentBelow: 3, iWentBelow: 1 } : null },
    alerts: row.unseen === 0 ? [] : [{ id: 'wal_1', reason: { code: 'watch.fell', data: { from: usd(base + 400), to: usd(base), changeBp: 1_100 } }, at: FIXTURE_NOW - 5 * HOUR, seen: false }],
  };
}

interface Given { readonly empty: () => boolean; readonly gate: () => Promise<void> }

export function watchProcedures(os: ReturnType<typeof implement<typeof contract>>, { empty, gate }: Given) {
  const rows = Array.from({ length: 10_000 }, (_, n) => watchRow(n));
  const find = (id: string) => rows.find((row) => row.id === id) ?? rows[0]!;
  return {
    facets: os.watches.facets.handler(() => FACETS.watches),
    list: os.watches.list.handler(async ({ input }) => {
      await gate();
      if (empty()) return { items: [], nextCursor: null, total: { count: 0, capped: false } };
      const from = input.cursor === undefined ? 0 : Number(input.cursor);
      const items = rows.slice(from, from + input.limit);
      return { items, nextCursor: from + items.length < rows.length ? String(from + items.length) : null, total: { count: rows.length, capped: false } };
    }),
    get: os.watches.get.handler(({ input }) => detailOf(find(input.id))),
    add: os.watches.add.handler(() => rows[0]!),
    update: os.watches.update.handler(({ input }) => ({ ...find(input.id), version: input.version + 1, ...(input.state ? { state: input.state } : {}) })),
    remove: os.watches.remove.handler(({ input }) => ({ id: input.id })),
    look: os.watches.look.handler(({ input }) => find(input.id)),
    seen: os.watches.seen.handler(() => ({ seen: 0 })),
    untold: os.watches.untold.handler(() => ({ count: 0 })),
    claim: os.watches.claim.handler(() => []),
  };
}
