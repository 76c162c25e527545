import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { reportsContract } from '#contract/reports.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { BUSINESS, readSetting } from '#engine/settings/index.ts';
import { exportReport } from './export-report.ts';
import { periodOf } from './period.ts';
import { readLines } from './read-lines.ts';
import { readGroups, viewRows } from './read-rows.ts';
import { readStockAge } from './read-stock-age.ts';
import { readBrief, readSummary } from './read-summary.ts';

export interface ReportsDeps {
  readonly ctx: Pick<EngineContext, 'db' | 'clock' | 'ids'>;
  /** Where an export is made. */
  readonly exportsDir: string;
}

export function createReportProcedures(deps: ReportsDeps) {
  const os = implement(reportsContract).use(declaredErrors);
  const { db, clock, ids } = deps.ctx;
  const business = async () => (await readSetting(db, BUSINESS)).value;
  return os.router({
    summary: os.summary.handler(async ({ input }) => readSummary(db, await business(), { ...input, period: periodOf(input.from, input.to) })),
    brief: os.brief.handler(async ({ input }) => readBrief(db, await business(), { ...input, period: periodOf(input.from, input.to) })),
    rows: os.rows.handler(async ({ input }) => viewRows(await readGroups(db, periodOf(input.from, input.to), input.by), await business(), input.by)),
    lines: os.lines.handler(async ({ input }) => {
      const offset = Number(input.cursor ?? 0);
      const { items, count } = await readLines(db, { period: periodOf(input.from, input.to), by: input.by, key: input.key, home: (await business()).homeCurrency, offset, limit: input.limit });
      return { items, nextCursor: offset + input.limit < count ? String(offset + input.limit) : null, total: { count, capped: false } };
    }),
    stock: os.stock.handler(async () => readStockAge(db, (await business()).homeCurrency, clock.now())),
    export: os.export.handler(async ({ input }) => exportReport({ db, business: await business(), dir: deps.exportsDir, id: ids.next('priceList') }, { ...input, period: periodOf(input.from, input.to) })),
  });
}
