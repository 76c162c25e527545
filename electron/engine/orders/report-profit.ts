import { convert, divideRounded, money, type Money } from '#kernel/money.ts';
import type { ProfitReport, ProfitReportPort, TimeRange } from '../ledger/index.ts';
import { BUSINESS, homeRate, readSetting } from '../settings/index.ts';
import type { OrdersDeps } from './deps.ts';
import { sumProfit, type ProfitSums } from './repo.ts';

const FIGURES = ['revenue', 'cost', 'fees', 'postage', 'refunds', 'profit', 'estimated', 'absoluteError', 'signedError'] as const;

/** What was sold in a time, with estimate beside outcome. Cancelled orders do not count. */
export async function reportProfit(deps: Pick<OrdersDeps, 'ctx'>, range: TimeRange): Promise<ProfitReport> {
  const business = (await readSetting(deps.ctx.db, BUSINESS)).value;
  const home = business.homeCurrency;
  const sums = Object.fromEntries(FIGURES.map((figure) => [figure, 0])) as Record<(typeof FIGURES)[number], number>;
  let units = 0;
  let estimatedUnits = 0;
  for (const row of await sumProfit(deps.ctx.db, range)) {
    const rate = homeRate(business, row.currency);
    if (!rate) throw new Error(`there is no rate from ${row.currency} to ${home}: set one`);
    const inHome = (minor: number) => (row.currency === home ? minor : convert(money(minor, row.currency), rate.rate).minor);
    for (const figure of FIGURES) sums[figure] += inHome(row[figure satisfies keyof ProfitSums]);
    units += row.units;
    estimatedUnits += row.estimatedUnits;
  }
  const amount = (minor: number): Money => money(minor, home);
  const mean = (minor: number): Money | null => (estimatedUnits === 0 ? null : amount(Number(divideRounded(BigInt(minor), BigInt(estimatedUnits), 'half-even'))));
  return {
    currency: home, revenue: amount(sums.revenue), cost: amount(sums.cost), fees: amount(sums.fees), postage: amount(sums.postage), refunds: amount(sums.refunds), profit: amount(sums.profit),
    estimatedProfit: amount(sums.estimated), units, meanAbsoluteError: mean(sums.absoluteError), meanError: mean(sums.signedError),
  };
}

export function createProfitReport(deps: Pick<OrdersDeps, 'ctx'>): ProfitReportPort {
  return { profit: (range) => reportProfit(deps, range) };
}
