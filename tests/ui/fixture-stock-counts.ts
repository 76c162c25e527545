import { ORPCError, type implement } from '@orpc/server';
import type { contract } from '#contract/index.ts';
import { stockCountRow, type StockCountDetail } from '#contract/stock-counts.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { FIXTURE_NOW, stockRows } from './fixture-data.ts';

const usd = (minor: number) => money(minor, 'USD');

function detail(i: number): StockCountDetail {
  const state = (['open', 'booked', 'undone', 'cancelled'] as const)[i % 4]!;
  const sheet = stockRows(18).map((lot, n) => {
    const counted = state === 'open' && n > 8 ? null : n % 6 === 2 ? Math.max(0, lot.onHand - 1) : lot.onHand;
    const short = counted !== null && counted < lot.onHand;
    return { lotId: lot.id, sku: lot.sku, title: lot.title, location: n % 2 === 0 ? 'main' : 'shelf 4', condition: 'new', expected: lot.onHand, onHand: lot.onHand, counted, reason: short && n % 12 === 2 ? 'damaged' : null, value: usd(short ? -lot.unitCost.minor : 0) };
  });
  return {
    id: `cnt_${String(900 - i).padStart(6, '0')}`, name: ['Shelf 4, November', 'Everything', 'Back room'][i % 3]!, state, location: i % 3 === 0 ? 'shelf 4' : null, condition: null, by: 'owner', lines: sheet.length, counted: sheet.filter((line) => line.counted !== null).length,
    difference: sheet.reduce((sum, line) => sum + (line.counted === null ? 0 : line.counted - line.expected), 0), createdAt: FIXTURE_NOW - i * DAY_MS, bookedAt: state === 'booked' || state === 'undone' ? FIXTURE_NOW - i * DAY_MS + 3_600_000 : null, version: 1,
    sheet, loss: usd(-sheet.reduce((sum, line) => sum + line.value.minor, 0)), gain: usd(0), undoneAt: null,
  };
}

/** The procedures of counts and places for the pages' tests; counts change in memory. */
export function stockCountProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly empty: () => boolean; readonly gate: () => Promise<void>; readonly calls: string[] }) {
  const counts = new Map(Array.from({ length: 9 }, (_, i) => detail(i)).map((count) => [count.id, count]));
  const find = (id: string) => {
    const count = counts.get(id);
    if (!count) throw new ORPCError('NOT_FOUND', { data: { kind: 'stock-count', id }, defined: true, status: 404 });
    return count;
  };
  const change = (id: string, part: Partial<StockCountDetail>) => {
    const next = { ...find(id), ...part, version: find(id).version + 1 };
    counts.set(id, next);
    return next;
  };
  return {
    places: os.stockCounts.places.handler(async () => {
      await given.gate();
      return given.empty() ? [] : [['main', 'new', 41], ['main', 'used-good', 12], ['shelf 4', 'new', 18], ['back room', 'for-parts', 3]].map(([location, condition, lots]) => ({ location: String(location), condition: String(condition), lots: Number(lots), products: Number(lots) - 2, units: Number(lots) * 4, value: usd(Number(lots) * 3_140) }));
    }),
    move: os.stockCounts.move.handler(({ input }) => { given.calls.push(`stockCounts.move ${input.units} ${input.location}`); return { lotId: input.id, version: input.version + 1 }; }),
    list: os.stockCounts.list.handler(async ({ input }) => {
      await given.gate();
      const items = given.empty() ? [] : [...counts.values()].filter((count) => !input.state || count.state === input.state);
      return { items: items.map((count) => stockCountRow.strip().parse(count)), nextCursor: null, total: { count: items.length, capped: false } };
    }),
    get: os.stockCounts.get.handler(async ({ input }) => { await given.gate(); return find(input.id); }),
    create: os.stockCounts.create.handler(({ input }) => { const count = { ...detail(0), id: `cnt_new_${counts.size}`, name: input.name }; counts.set(count.id, count); return count; }),
    record: os.stockCounts.record.handler(({ input }) => {
      given.calls.push(`stockCounts.record ${input.lines.length}`);
      const said = new Map(input.lines.map((line) => [line.lotId, line]));
      return change(input.id, { sheet: find(input.id).sheet.map((line) => ({ ...line, ...said.get(line.lotId) })) });
    }),
    book: os.stockCounts.book.handler(({ input }) => { given.calls.push('stockCounts.book'); return change(input.id, { state: 'booked', bookedAt: FIXTURE_NOW }); }),
    undo: os.stockCounts.undo.handler(({ input }) => change(input.id, { state: 'undone' })),
    cancel: os.stockCounts.cancel.handler(({ input }) => change(input.id, { state: 'cancelled' })),
  };
}
