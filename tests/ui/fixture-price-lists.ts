import { ORPCError, implement } from '@orpc/server';
import type { z } from 'zod';
import { contract } from '#contract/index.ts';
import type { listLayout, listPreview, priceListRow, priceListView } from '#contract/price-lists.ts';
import { FACETS } from './fixture-facets.ts';
import { FIXTURE_NOW } from './fixture-data.ts';

type View = z.infer<typeof priceListView>;
type Layout = z.infer<typeof listLayout>;
type Row = z.infer<typeof priceListRow>;

const usd = (minor: number) => ({ minor, currency: 'USD' });
const HEADERS = ['EAN', 'Product name', 'Brand', 'Unit cost (USD)', 'Case pack', 'Stock', 'RRP', 'Remark'];
const ROLES = ['id', 'title', 'brand', 'cost', 'case', 'quantity', 'retail', null] as const;

function layoutOf(): Layout {
  return {
    format: 'text', encoding: 'utf-8', dialect: { delimiter: ',', quote: '"' }, sheet: null, headerLine: 3, currency: 'USD', costBasis: 'unit',
    columns: HEADERS.map((header, index) => ({ index, header, role: ROLES[index] ?? null, weight: ROLES[index] ? 0.95 - index * 0.06 : 0, decimalMark: ROLES[index] === 'cost' || ROLES[index] === 'retail' ? '.' : null })),
  };
}

const titleOf = (n: number) => `${['Stainless kettle', 'Garden hose', 'Desk lamp', 'Coffee grinder'][n % 4]} K${n}`;
const code = (n: number) => `0400638133${String(n % 10_000).padStart(4, '0')}`;

function previewOf(layout: Layout): z.infer<typeof listPreview> {
  const raw = [
    { line: 1, cells: ['Harbor Wholesale', '', '', '', '', '', '', ''] }, { line: 2, cells: ['Price list of November', '', '', '', '', '', '', ''] }, { line: 3, cells: HEADERS },
    ...Array.from({ length: 47 }, (_, i) => ({ line: i + 4, cells: [i === 4 ? '4.00638E+12' : code(i).slice(1), titleOf(i), 'Northgate', `${10 + i}.40`, '6', i === 7 ? 'call' : String(i * 3), `${24 + i}.90`, ''] })),
  ];
  return {
    layout, sheets: [], raw, missing: layout.columns.some((column) => column.role === 'cost') ? [] : ['cost'], estimatedRows: 200_000,
    rows: raw.slice(3).map(({ line }, i) => ({ line, identifier: i === 4 ? null : code(i), candidates: i === 4 ? 0 : 1, repairs: i === 2 ? ['leading-zeros-restored'] : [], title: titleOf(i), brand: 'Northgate', unitCost: usd(1_040 + i * 100), cost: usd(1_040 + i * 100), units: 1, quantity: i * 3 })),
    problems: [{ line: 8, field: 'id', severity: 'field', reason: 'digits-lost', raw: '4.00638E+12' }, { line: 31, field: 'cost', severity: 'row', reason: 'no-number', raw: 'call us' }],
  };
}

const askedOf = (n: number, cost: number): Row['asked'] => ({
  state: n % 9 === 8 ? 'unidentified' : 'evaluated', reason: n % 9 === 8 ? { code: 'identity.unknown-code', data: {} } : null, opportunityId: n % 9 === 8 ? null : `opp_00000${n % 10}`, decision: n % 9 === 8 ? null : n % 3 === 0 ? 'purchase' : 'skip', at: FIXTURE_NOW,
  figures: n % 9 === 8 ? null : { unitCost: usd(cost + 120), sale: usd(cost * 2 + 900), fees: usd(cost / 2), profit: usd(n % 3 === 0 ? 860 - n : -120), profitLow: usd(-40), profitHigh: usd(1_500), roiBp: n % 3 === 0 ? 4_100 : -900, lossChanceBp: n % 3 === 0 ? 600 : 6_100, daysToSell: 9 + (n % 20), demandPerMonth: 40, quantity: 6 },
});

function rowOf(n: number, asked: boolean): Row {
  const cost = 1_040 + n * 10;
  const standing = (['known', 'known', 'unknown', 'ambiguous', 'no-code'] as const)[n % 5]!;
  return {
    row: n + 1, line: n + 4, standing, identifier: standing === 'no-code' || standing === 'ambiguous' ? null : code(n), code: n % 7 === 2 ? code(n).slice(2) : null, repairs: n % 7 === 2 ? ['leading-zeros-restored'] : [], productId: standing === 'known' ? `prd_${n}` : null, mpn: n % 5 === 4 ? `HW-${n}` : null,
    title: titleOf(n), brand: 'Northgate', category: 'Household', pack: null, case: 6, quantity: (n * 3) % 90, leastOrder: null, taxBp: null, unitCost: usd(cost), cost: usd(cost), units: 1, map: null, retail: usd(cost * 2),
    first: n % 11 === 10 ? null : { sale: usd(cost * 2), fees: usd(Math.round(cost * 0.29)), profit: usd(Math.round(cost * 0.71) - n * 12), roiBp: 7_100 - n * 40, ...(n % 4 === 1 ? { by: 'market' as const, at: FIXTURE_NOW - n * 3_600_000, of: 'ebayNew', count: null } : n % 4 === 3 ? { by: 'own-sales' as const, at: FIXTURE_NOW - n * 7_200_000, of: null, count: n } : { by: 'list' as const, at: null, of: null, count: null }) },
    change: n % 6 === 1 ? { kind: 'dearer', was: usd(cost - 90) } : n % 6 === 3 ? { kind: 'new', was: null } : null, asked: asked && n < 40 ? askedOf(n, cost) : null,
  };
}

const BEGUN: Pick<View, 'counts' | 'changes' | 'rest' | 'progress' | 'error' | 'passedAt' | 'endedAt'> = { counts: null, changes: null, rest: null, progress: null, error: null, passedAt: null, endedAt: null };
const PASSED: Partial<View> = {
  counts: { rows: 199_214, rejected: 786, known: 117_782, ambiguous: 1_214, unknown: 77_318, noCode: 2_900, promising: 141_022, codesToAsk: 77_120, repaired: 9_871, priced: { 'own-sales': 212, scan: 1_904, market: 31_870, cards: 0, list: 141_022 } },
  changes: { previousId: 'prl_0', previousName: 'harbor-october.csv', new: 1_204, gone: 833, dearer: 9_120, cheaper: 2_210, otherCurrency: 0 }, rest: { total: 196_314, done: 0, most: null, profitable: 0 }, passedAt: FIXTURE_NOW,
};

const page = <T>(items: readonly T[], cursor: string | undefined, limit: number) => { const from = Number(cursor ?? 0); return { items: items.slice(from, from + limit), nextCursor: from + limit < items.length ? String(from + limit) : null }; };

const rows = (asked: boolean) => Array.from({ length: 400 }, (_, n) => rowOf(n, asked));

/** Price lists as the desk's pages see them: one list that goes through its stages as it is told to. */
export class FixturePriceLists {
  view: View = { id: 'prl_1', supplier: 'Harbor Wholesale', name: 'harbor-november.csv', bytes: 18_400_000, stage: 'columns', layout: layoutOf(), layoutFrom: 'remembered', missing: [], createdAt: FIXTURE_NOW, ...BEGUN };
  listed = true;
  connected = true;
  readonly calls: string[];
  readonly #gate: () => Promise<void>;

  constructor(calls: string[], gate: () => Promise<void>) {
    this.calls = calls;
    this.#gate = gate;
  }

  /** Puts the list to a stage. */
  at(stage: View['stage'], over: Partial<View> = {}): void {
    const passed = stage === 'columns' || stage === 'passing' ? BEGUN : PASSED;
    const done = stage === 'running' || stage === 'paused' ? 40 : stage === 'done' ? 196_314 : 0;
    this.view = { ...this.view, ...BEGUN, ...passed, stage, ...(passed.rest ? { rest: { ...passed.rest, done, profitable: Math.floor(done / 3) } } : {}), progress: stage === 'passing' ? { done: 90_000, total: 200_000, note: null } : stage === 'running' ? { done, total: 196_314, note: null } : null, ...over };
  }

  #told(call: string, stage?: View['stage']): View {
    this.calls.push(call);
    if (stage) this.at(stage);
    return this.view;
  }

  router() {
    const os = implement(contract).priceLists;
    return {
      list: os.list.handler(async () => { await this.#gate(); return { items: this.listed ? [this.view] : [], nextCursor: null, total: { count: this.listed ? 1 : 0, capped: false } }; }),
      facets: os.facets.handler(() => FACETS['price-lists']),
      get: os.get.handler(async ({ input }) => { await this.#gate(); if (input.id !== this.view.id) throw new ORPCError('NOT_FOUND', { data: { kind: 'price-list', id: input.id } }); return this.view; }),
      begin: os.begin.handler(({ input }) => { this.calls.push(`begin:${input.name}:${input.bytes}`); return { upload: 'prl_up' }; }),
      append: os.append.handler(({ input }) => { this.calls.push(`append:${input.at}`); return { received: input.at + Buffer.from(input.contentBase64, 'base64').length }; }),
      open: os.open.handler(({ input }) => { this.listed = true; return this.#told(`open:${input.name}`, 'columns'); }),
      preview: os.preview.handler(async ({ input }) => { await this.#gate(); return previewOf(input.layout ?? this.view.layout); }),
      correct: os.correct.handler(({ input }) => { if (input.layout) this.view = { ...this.view, layout: input.layout, layoutFrom: 'corrected' }; return this.#told(`correct:${input.layout?.columns.map((c) => c.role ?? '-').join() ?? input.supplier ?? ''}`); }),
      detect: os.detect.handler(() => { this.view = { ...this.view, layout: layoutOf(), layoutFrom: 'detected' }; return this.#told('detect'); }),
      pass: os.pass.handler(() => this.#told('pass', 'passed')),
      stop: os.stop.handler(() => this.#told('stop', this.view.stage === 'running' ? 'paused' : 'columns')),
      rows: os.rows.handler(async ({ input }) => {
        await this.#gate();
        this.calls.push(`rows:${input.filter}:${input.sort}`);
        const found = rows((this.view.rest?.done ?? 0) > 0).filter((row) => input.filter === 'all' || (input.filter === 'not-found' ? row.standing === 'unknown' : input.filter === 'repaired' ? row.repairs.length > 0 : input.filter === 'profitable' ? (row.first?.profit.minor ?? 0) > 0 : input.filter === row.change?.kind));
        return { ...page(found, input.cursor, input.limit), total: { count: found.length, capped: false } };
      }),
      rejects: os.rejects.handler(({ input }) => page([1, 2, 3].map((n) => ({ line: n * 17, field: 'cost', severity: 'row' as const, reason: 'no-number', raw: `4006381333931 | ${titleOf(n)} | call us` })), input.cursor, input.limit)),
      gone: os.gone.handler(({ input }) => page([1, 2].map((n) => ({ line: n * 9, identifier: code(n), title: titleOf(n), unitCost: usd(1_240) })), input.cursor, input.limit)),
      cost: os.cost.handler(({ input }) => ({ rows: input.most ?? 196_314, codes: Math.min(input.most ?? 77_120, 77_120), vendor: this.connected ? { name: 'keepa', unit: 'tokens', cost: Math.min(input.most ?? 77_120, 77_120), calls: 772, durationMs: 3_840 * 60_000, available: 1_200, leftAfter: 0, refillPerMinute: 20, asOf: FIXTURE_NOW } : null, also: [] })),
      run: os.run.handler(({ input }) => this.#told(`run:${input.most ?? 'all'}`, 'running')),
      export: os.export.handler(({ input }) => { this.calls.push(`export:${input.format}:${input.filter}`); return { file: `prl_1.${input.format}`, name: `harbor-november-${input.filter}.${input.format}`, bytes: 12, rows: 400 }; }),
      exported: os.exported.handler(({ input }) => ({ contentBase64: input.at === 0 ? Buffer.from('Line,Title\r\n').toString('base64') : '' })),
      remove: os.remove.handler(() => { this.listed = false; this.calls.push('remove'); return { removed: true }; }),
    };
  }
}
