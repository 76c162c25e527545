import type { Business, Limits } from '#contract/settings.ts';
import type { Reason } from '#contract/shared.ts';
import { money, type Money } from '#kernel/money.ts';
import { startOfUtcDay } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { cashBalance } from '../ledger/index.ts';
import { BUSINESS, LIMITS, readSetting } from '../settings/index.ts';
import type { PurchasingDeps } from './deps.ts';
import { limitReasons, type LimitCandidate } from './limits.ts';
import { sellerKey } from './purchase.ts';
import { sumSpending } from './repo.ts';

export interface Rules {
  readonly limits: Limits;
  readonly limitsVersion: number;
  readonly business: Business;
}

export async function readRules(tx: Tx): Promise<Rules> {
  const [limits, business] = [await readSetting(tx, LIMITS), await readSetting(tx, BUSINESS)];
  return { limits: limits.value, limitsVersion: limits.version, business: business.value };
}

/** What is compared with the limits; the seller decides which spending counts. */
export interface CheckedPurchase extends Omit<LimitCandidate, 'total'> {
  readonly total: Money;
  readonly sourceId: string;
  readonly sellerName: string | null;
  /** A purchase that is approved again does not count against itself. */
  readonly except?: string | undefined;
}

/**
 * Why limits do not allow it. Spending is summed from the purchases themselves in the caller's transaction, which is the only writer meanwhile: two
 * approvals at once cannot pass a limit together.
 */
export async function checkLimits(deps: PurchasingDeps, tx: Tx, candidate: CheckedPurchase, rules: Rules): Promise<Reason[]> {
  const home = rules.business.homeCurrency;
  const seller = sellerKey(candidate.sourceId, candidate.sellerName);
  const sums = await sumSpending(tx, { since: startOfUtcDay(deps.ctx.clock.now()), except: candidate.except, isSeller: (sourceId, name) => sellerKey(sourceId, name) === seller });
  return limitReasons(rules.limits, candidate, {
    today: money(sums.today, home), sellerToday: money(sums.sellerToday, home), committed: money(sums.committed, home), cash: await cashBalance(tx, home),
  });
}
