import type { Business, Limits } from '#contract/settings.ts';
import type { Reason } from '#contract/shared.ts';
import { money, type Money } from '#kernel/money.ts';
import { DAY_MS, startOfUtcDay, type Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { BUSINESS, LIMITS, readSetting } from '../settings/index.ts';
import { cashAtHome } from './cash-at-home.ts';
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

/** When the day, the week (from Monday) and the month of an instant began, UTC. */
export function windowsOf(now: Instant): { readonly day: Instant; readonly week: Instant; readonly month: Instant } {
  const day = startOfUtcDay(now);
  const date = new Date(day);
  return { day, week: day - ((date.getUTCDay() + 6) % 7) * DAY_MS, month: Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) };
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
  const { sourceId, sellerName, category } = candidate;
  const sums = await sumSpending(tx, { ...windowsOf(deps.ctx.clock.now()), except: candidate.except, of: { seller: sellerKey(sourceId, sellerName), sourceId, category } });
  const amount = (minor: number) => money(minor, home);
  return limitReasons(rules.limits, candidate, {
    today: amount(sums.today), week: amount(sums.week), month: amount(sums.month), sellerToday: amount(sums.sellerToday), categoryMonth: amount(sums.categoryMonth),
    sourceMonth: amount(sums.sourceMonth), committed: amount(sums.committed), cash: await cashAtHome(tx, rules.business),
  });
}
