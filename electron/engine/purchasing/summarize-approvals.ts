import type { ApprovalSummary } from '#contract/opportunities.ts';
import type { Reason } from '#contract/shared.ts';
import { money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { homeRate } from '../settings/index.ts';
import { previewApproval } from './approve-opportunity.ts';
import { cashAtHome } from './cash-at-home.ts';
import { readRules, windowsOf } from './check-limits.ts';
import type { PurchasingDeps } from './deps.ts';
import { limitReasons } from './limits.ts';
import type { ApprovalCandidate } from './opportunity-gate.ts';
import { sellerKey } from './purchase.ts';
import { sumSpending } from './repo.ts';
import { toHome } from './terms.ts';

/** Limits that several purchases can pass together though each is below them. */
const OF_THE_SUM = new Set(['limit.per-day', 'limit.per-week', 'limit.per-month', 'limit.per-seller', 'limit.per-category', 'limit.per-source', 'limit.cash-reserve']);

/**
 * What approving these would come to, in their order: each weighed by itself, then with those before it that can be approved. Approves nothing, and
 * binds nothing: each approval is weighed again when it is given.
 */
export async function summarizeApprovals(deps: PurchasingDeps, tx: Tx, candidates: readonly ApprovalCandidate[]): Promise<ApprovalSummary> {
  const rules = await readRules(tx);
  const { limits, business } = rules;
  const home = business.homeCurrency;
  const windows = windowsOf(deps.ctx.clock.now());
  const cash = await cashAtHome(tx, business);
  const added = { all: 0, profit: 0, approvable: 0 };
  /** What has been added under a seller, a category, a source. */
  const under = new Map<string, number>();
  const plus = (minor: number, key?: string) => money(minor + (key === undefined ? added.all : (under.get(key) ?? 0)), home);
  let spent = 0;
  const items: ApprovalSummary['items'] = [];
  for (const candidate of candidates) {
    const quantity = Math.max(1, candidate.quantity);
    const preview = await previewApproval(deps, tx, candidate, quantity);
    const rate = homeRate(business, candidate.unitPrice.currency);
    const total = rate ? toHome(preview.maxTotal, rate.rate) : null;
    const seller = sellerKey(candidate.sourceId, candidate.sellerName);
    const keys = { seller: `seller ${seller}`, source: `source ${candidate.sourceId}`, category: `category ${candidate.category ?? ''}` };
    const sums = await sumSpending(tx, { ...windows, of: { seller, sourceId: candidate.sourceId, category: candidate.category } });
    spent = sums.today;
    const together: Reason[] = total === null ? [] : limitReasons(limits, {
      total, profit: candidate.expected.profit, roiBp: candidate.roiBp, lossChanceBp: candidate.lossChanceBp, confidenceBp: candidate.confidenceBp, daysToSell: candidate.daysToSell, brand: candidate.brand, category: candidate.category,
    }, {
      today: plus(sums.today), week: plus(sums.week), month: plus(sums.month), sellerToday: plus(sums.sellerToday, keys.seller), sourceMonth: plus(sums.sourceMonth, keys.source),
      categoryMonth: candidate.category === null ? money(0, home) : plus(sums.categoryMonth, keys.category), committed: plus(sums.committed), cash,
    });
    const alone = new Set(preview.blockedBy.map((r) => r.code));
    const beyond = together.filter((r) => OF_THE_SUM.has(r.code) && !alone.has(r.code));
    const profit = money(candidate.expected.profit.minor * quantity * candidate.unitsPerOffer, candidate.expected.profit.currency);
    items.push({ id: candidate.opportunityId, version: candidate.version, title: candidate.title, quantity, total: preview.total, home: rate ? toHome(preview.total, rate.rate) : null, profit, byHand: preview.byHand, blockedBy: [...preview.blockedBy], beyond });
    if (preview.blockedBy.length > 0 || beyond.length > 0 || total === null) continue;
    added.all += total.minor;
    for (const key of Object.values(keys)) under.set(key, (under.get(key) ?? 0) + total.minor);
    added.profit += profit.minor;
    added.approvable += 1;
  }
  return { items, sum: money(added.all, home), profit: money(added.profit, home), approvable: added.approvable, spentToday: money(spent, home), dayLimit: limits.perDay, cash, cashReserve: limits.cashReserve };
}
