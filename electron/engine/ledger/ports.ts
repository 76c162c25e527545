import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

/** Half open: from `from` up to, without, `to`. */
export interface TimeRange {
  readonly from: Instant;
  readonly to: Instant;
}

/** What was sold in a time, with estimate beside outcome. All in the home currency. */
export interface ProfitReport {
  readonly currency: string;
  readonly revenue: Money;
  readonly cost: Money;
  readonly fees: Money;
  readonly postage: Money;
  readonly refunds: Money;
  readonly profit: Money;
  /** Of the units that had an estimate. */
  readonly estimatedProfit: Money;
  readonly units: number;
  /** Of the profit per unit; null where no sold unit had an estimate. */
  readonly meanAbsoluteError: Money | null;
  /** Above zero: estimated too high. */
  readonly meanError: Money | null;
}

/** Who knows the sales. The ledger knows amounts, not items. */
export interface ProfitReportPort {
  profit(range: TimeRange): Promise<ProfitReport>;
}

/** What an account must hold by what another module knows: stock value, unpaid sales. */
export interface Expectation {
  /** `stock`, `receivable:ebay-us`: for the person who reads the finding. */
  readonly name: string;
  readonly account: string;
  readonly expected: Money;
}
