import type { z } from 'zod';
import type { limitHistory } from '#contract/approvals.ts';
import type { Limits } from '#contract/settings.ts';
import { reasonSchema } from '#contract/shared.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { frozenSchema, limitReasons, sellerKey, windowsOf, type LimitCandidate, type Spending } from '../../purchasing/index.ts';
import type { ApprovalsDeps } from './deps.ts';
import { readHome } from './read-inbox.ts';

type LimitHistory = z.infer<typeof limitHistory>;

const LOOKS_BACK_MS = 30 * DAY_MS;
/** In the order of the page. The cash reserve is not among them: what cash there was at each moment is not kept with an approval. */
export const REPLAYED_LIMITS = [
  'limit.per-purchase', 'limit.per-day', 'limit.per-week', 'limit.per-month', 'limit.per-seller', 'limit.per-category', 'limit.per-source', 'limit.min-profit', 'limit.min-roi', 'limit.confidence',
  'limit.loss-chance', 'limit.days-to-sell', 'limit.blocked-brand', 'limit.blocked-category', 'limit.two-person',
] as const;

interface Past extends LimitCandidate {
  readonly at: number;
  readonly seller: string;
  readonly sourceId: string;
}

async function pastOf({ ctx }: ApprovalsDeps, since: number, home: string): Promise<Past[]> {
  const monthBefore = windowsOf(since).month;
  const rows = await ctx.db.prisma.purchase.findMany({
    where: { state: { notIn: ['cancelled', 'failed'] }, homeCurrency: home, approval: { approvedAt: { gte: Math.min(monthBefore, since - 7 * DAY_MS) } } },
    select: { sourceId: true, sellerName: true, category: true, homeTotalMinor: true, approval: { select: { approvedAt: true, evidence: true } } }, orderBy: { approval: { approvedAt: 'asc' } },
  });
  return rows.flatMap((row) => {
    const frozen = frozenSchema.safeParse(JSON.parse(row.approval.evidence));
    if (!frozen.success) return [];
    const { data } = frozen;
    return [{
      at: Number(row.approval.approvedAt), seller: sellerKey(row.sourceId, row.sellerName), sourceId: row.sourceId, category: row.category, brand: data.brand, total: money(Number(row.homeTotalMinor ?? 0n), home),
      profit: data.expected.profit, roiBp: data.roiBp, lossChanceBp: data.lossChanceBp, confidenceBp: data.confidenceBp, daysToSell: data.daysToSell,
    }];
  });
}

/** What had been spent when a purchase of the past was approved; every earlier one counts, whatever a limit of today says of it. */
function spendingBefore(past: readonly Past[], index: number, home: string): Spending {
  const own = past[index]!;
  const { day, week, month } = windowsOf(own.at);
  const sum = (holds: (other: Past) => boolean) => money(past.slice(0, index).reduce((total, other) => total + (holds(other) ? other.total.minor : 0), 0), home);
  return {
    today: sum((o) => o.at >= day), week: sum((o) => o.at >= week), month: sum((o) => o.at >= month), sellerToday: sum((o) => o.at >= day && o.seller === own.seller),
    categoryMonth: sum((o) => o.at >= month && o.category !== null && o.category === own.category), sourceMonth: sum((o) => o.at >= month && o.sourceId === own.sourceId),
    cash: money(Number.MAX_SAFE_INTEGER, home), committed: money(0, home),
  };
}

/** How often the rule was met in earnest: from the audit log. */
async function stoppedByCode({ ctx }: ApprovalsDeps, since: number): Promise<Map<string, number>> {
  const rows = await ctx.db.prisma.auditEntry.findMany({ where: { action: 'approval.blocked', at: { gte: since } }, select: { data: true } });
  const counts = new Map<string, number>();
  for (const row of rows) {
    const reasons = reasonSchema.array().safeParse((JSON.parse(row.data) as { reasons?: unknown }).reasons);
    for (const { code } of reasons.success ? reasons.data : []) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}

/** What each limit by itself would have stopped of what was bought in the last 30 days. `asked`: limits in the place of the stored ones. */
export async function readLimitHistory(deps: ApprovalsDeps, asked?: Limits): Promise<LimitHistory> {
  const { home, limits: stored } = await readHome(deps);
  const limits = asked && asked.minProfit.currency === home ? asked : stored;
  const since = deps.ctx.clock.now() - LOOKS_BACK_MS;
  const past = await pastOf(deps, since, home);
  const would = new Map<string, { count: number; minor: number }>();
  const note = (code: string, minor: number) => would.set(code, { count: (would.get(code)?.count ?? 0) + 1, minor: (would.get(code)?.minor ?? 0) + minor });
  let purchases = 0;
  let spent = 0;
  past.forEach((own, index) => {
    if (own.at < since) return;
    purchases += 1;
    spent += own.total.minor;
    for (const { code } of limitReasons(limits, own, spendingBefore(past, index, home))) note(code, own.total.minor);
    if (limits.twoPersonAbove && own.total.minor > limits.twoPersonAbove.minor) note('limit.two-person', own.total.minor);
  });
  const stopped = await stoppedByCode(deps, since);
  return { since, purchases, spent: money(spent, home), limits: REPLAYED_LIMITS.map((code) => ({ code, wouldStop: would.get(code)?.count ?? 0, amount: money(would.get(code)?.minor ?? 0, home), stopped: stopped.get(code) ?? 0 })) };
}
