import type { implement } from '@orpc/server';
import type { contract } from '#contract/index.ts';
import type { ReportFigures, ReportRow, ReportSold } from '#contract/reports.ts';
import type { ReportBy } from '#contract/words.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, utcDay } from '#kernel/time.ts';
import { FIXTURE_NOW, stockRows } from './fixture-data.ts';

const usd = (minor: number) => money(minor, 'USD');
function figures(revenue: number): ReportFigures {
  const [refunds, fees, postage, cost, writeOff] = [Math.round(revenue * 0.02), Math.round(revenue * 0.13), Math.round(revenue * 0.08), Math.round(revenue * 0.55), Math.round(revenue * 0.01)];
  return { revenue: usd(revenue), refunds: usd(refunds), fees: usd(fees), postage: usd(postage), cost: usd(cost), writeOff: usd(writeOff), profit: usd(revenue - refunds - fees - postage - cost - writeOff) };
}
const sold = (units: number): ReportSold => ({ orders: units, units, daysToSell: units === 0 ? null : 16.4, estimates: units === 0 ? [] : [{ units, expected: usd(units * 520), outcome: usd(units * 486) }] });
const row = (key: string, label: string | null, revenue: number): ReportRow => { const of = figures(revenue); return { key, label, currencies: [of], home: of, roiBp: Math.round((of.profit.minor / Math.max(1, of.cost.minor)) * 10_000), sold: sold(Math.round(revenue / 2_500)) }; };

function rowsBy(by: ReportBy, from: string, to: string): ReportRow[] {
  const days = Array.from({ length: Math.min(92, Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1) }, (_, n) => utcDay(Date.parse(from) + n * DAY_MS));
  switch (by) {
    case 'day': return days.map((day, n) => row(day, null, 8_000 + ((n * 7_919) % 9_000)));
    case 'month': return [...new Set(days.map((day) => day.slice(0, 7)))].map((month, n) => row(month, null, 190_000 + n * 31_000));
    case 'channel': return [row('ebay-us', null, 260_000), row('amazon-us', null, 98_000), { ...row('', null, 0), home: { ...figures(0), writeOff: usd(1_250), profit: usd(-1_250) }, currencies: [{ ...figures(0), writeOff: usd(1_250), profit: usd(-1_250) }] }];
    case 'category': return [row('toys', null, 180_000), row('tools', null, 120_000), row('', null, 58_000)];
    case 'source': return [row('src:src_1', 'Oran Tools', 210_000), row('sup:north', 'Northern Wholesale', 90_000), row('hand', null, 58_000)];
    default: return stockRows(60).map((lot, n) => row(`prd_${n}`, lot.title, 22_000 - n * 300));
  }
}

/** The procedures of reports for the pages' tests. */
export function reportProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly empty: () => boolean; readonly gate: () => Promise<void> }) {
  const none = figures(0);
  return {
    summary: os.reports.summary.handler(async ({ input }) => {
      await given.gate();
      const now = given.empty() ? none : figures(358_000);
      const amount = (minor: number) => usd(given.empty() ? 0 : minor);
      return {
        from: input.from, to: input.to, homeCurrency: 'USD', currencies: given.empty() ? [] : [now], home: { figures: now, rates: [], without: [] },
        sold: sold(given.empty() ? 0 : 143), sellThroughBp: given.empty() ? null : 4_120,
        tax: { salesTax: given.empty() ? [] : [{ collected: usd(12_400), settled: usd(9_000) }], ordersWithoutTax: given.empty() ? 0 : 3, salesTaxByMonth: given.empty() ? [] : [{ month: '2026-10', account: 'liabilities:sales-tax:us-ca-state-tax', collected: usd(7_400), back: usd(500), paid: usd(6_900) }, { month: '2026-11', account: 'liabilities:sales-tax', collected: usd(1_000), back: usd(0), paid: usd(0) }, { month: '2026-11', account: 'liabilities:sales-tax:us-ca-state-tax', collected: usd(4_000), back: usd(1_600), paid: usd(0) }], stock: { opening: amount(86_000), bought: amount(240_000), prepared: amount(3_000), returnedToSupplier: amount(2_000), sold: amount(196_900), writtenOff: amount(3_580), other: usd(0), closing: amount(126_520) }, expenses: given.empty() ? [] : [{ account: 'expenses:cogs', amount: now.cost }, { account: 'expenses:fees:ebay-us', amount: now.fees }, { account: 'expenses:postage', amount: now.postage }, { account: 'expenses:write-off', amount: now.writeOff }] },
      };
    }),
    brief: os.reports.brief.handler(async ({ input }) => { await given.gate(); const units = given.empty() ? 0 : 124; return { ...input, home: { figures: given.empty() ? none : figures(311_000), rates: [], without: [] }, units, orders: units }; }),
    rows: os.reports.rows.handler(async ({ input }) => { await given.gate(); return { rows: given.empty() ? [] : rowsBy(input.by, input.from, input.to), others: null }; }),
    lines: os.reports.lines.handler(async ({ input }) => {
      await given.gate();
      return { items: Array.from({ length: 12 }, (_, n) => ({ refKind: 'order', refId: `ord_${String(n).padStart(6, '0')}`, title: 'Cordless drill driver 18 V with two batteries', detail: `12-0000${n}`, at: FIXTURE_NOW - n * DAY_MS, units: 1, figures: [figures(2_400 + n * 10)] })), nextCursor: null, total: { count: input.key === '' ? 12 : 12, capped: false } };
    }),
    stock: os.reports.stock.handler(async () => {
      await given.gate();
      const empty = given.empty();
      const ages = [[0, 30, 40], [30, 60, 22], [60, 90, 12], [90, 180, 9], [180, 365, 4], [365, null, 0]] as const;
      return {
        value: usd(empty ? 0 : 87_000), booked: usd(empty ? 0 : 90_000), units: empty ? 0 : 87, lots: empty ? 0 : 40, inbound: { units: empty ? 0 : 3, value: usd(empty ? 0 : 3_000) },
        ages: ages.map(([fromDays, toDays, units]) => ({ fromDays, toDays, lots: empty ? 0 : units, units: empty ? 0 : units, value: usd(empty ? 0 : units * 1_000) })),
        oldest: empty ? [] : stockRows(5).map((lot, n) => ({ lotId: lot.id, title: lot.title, units: 2, value: usd(2_000), days: 320 - n * 20 })),
      };
    }),
    export: os.reports.export.handler(({ input }) => ({ name: `report.${input.format}`, rows: 1, contentBase64: 'YQ==' })),
  };
}
