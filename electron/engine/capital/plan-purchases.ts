import type { CapitalPlanView, PlanLine } from '#contract/capital.ts';
import type { Business, Limits } from '#contract/settings.ts';
import { money, type Money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { balanceOf, INVENTORY } from '../ledger/index.ts';
import { planCapital, type CapitalTerms, type PlanLine as CoreLine, type UnitValue } from '../pricing/index.ts';
import { cashAtHome, readRules, sumSpending, windowsOf } from '../purchasing/index.ts';
import { homeSum } from '../settings/index.ts';
import { gatherCandidates, type Candidate } from './gather-candidates.ts';

export interface CapitalDeps {
  readonly ctx: EngineContext;
}

/** Shares of an opportunity's luck that its category and the whole market carry, and how much risk is charged: assumptions of this program. */
const RISK = { riskAversion: 1, categoryCorrelation: 0.3, marketCorrelation: 0.1 };
const EARNING_DAYS = 30;
/** Books younger than this say little: what they hold is taken for that long. */
const LEAST_EARNING_DAYS = 7;
/** Half a percent a day: a month's luck is not taken for the rule. */
const MOST_EARNING_CENTI_BP = 5_000;

type Bound = CapitalPlanView['cash']['bounds'][number];

interface Means {
  readonly view: CapitalPlanView['cash'];
  /** What the plan may spend so that also the tolerance for drift stays within. */
  readonly spendMinor: number;
}

const left = (limit: Money | null, spent: number): number | null => (limit === null ? null : Math.max(0, limit.minor - spent));

/** Cash, and what each limit on spending leaves of it. */
async function meansOf({ ctx }: CapitalDeps, tx: Tx, given: { readonly limits: Limits; readonly business: Business; readonly cashMinor: number | undefined }): Promise<Means> {
  const { limits, business } = given;
  const home = business.homeCurrency;
  const onHand = given.cashMinor === undefined ? await cashAtHome(tx, business) : money(given.cashMinor, home);
  // only what is summed over all sellers is asked for
  const sums = await sumSpending(tx, { ...windowsOf(ctx.clock.now()), of: { seller: '', sourceId: '', category: null } });
  const candidates: [Bound['code'], number | null][] = [
    ['cash', Math.max(0, onHand.minor - sums.committed - limits.cashReserve.minor)], ['per-day', left(limits.perDay, sums.today)], ['per-week', left(limits.perWeek, sums.week)], ['per-month', left(limits.perMonth, sums.month)],
  ];
  const bounds = candidates.flatMap(([code, minor]) => (minor === null ? [] : [{ code, left: money(minor, home) }]));
  const tightest = bounds.reduce((a, b) => (b.left.minor < a.left.minor ? b : a));
  const spendMinor = Math.floor((tightest.left.minor * 10_000) / (10_000 + limits.priceDriftBp));
  return { spendMinor, view: { onHand, committed: money(sums.committed, home), reserve: limits.cashReserve, bounds, available: tightest.left, boundBy: tightest.code } };
}

/** What a unit of money has earned each day of late, in hundredths of a basis point, up to a most: settled profit by stock and cash. 0 where nothing was sold. */
export async function earningRate({ db, clock }: Pick<EngineContext, 'db' | 'clock'>, given: { readonly business: Business; readonly mostCentiBp: number }): Promise<number> {
  const { business } = given;
  const since = clock.now() - EARNING_DAYS * DAY_MS;
  // sales are booked in the channel's currency, and what was sold in the home currency
  const rows = await db.read<{ currency: string; minor: number }>(
    `SELECT l.currency, -SUM(l.minor) AS minor FROM LedgerLine l JOIN LedgerEntry e ON e.id = l.entryId WHERE e.at >= ? AND (l.account LIKE 'income:%' OR l.account LIKE 'expenses:%') GROUP BY l.currency`, [since]);
  const earned = homeSum(business, rows.map((row) => money(row.minor, row.currency))).sum.minor;
  const [first] = await db.read<{ at: number | null }>('SELECT MIN(at) AS at FROM LedgerEntry');
  const days = Math.max(LEAST_EARNING_DAYS, Math.min(EARNING_DAYS, (clock.now() - (first?.at ?? clock.now())) / DAY_MS));
  const capital = (await cashAtHome(db.prisma, business)).minor + (await balanceOf(db.prisma, INVENTORY, business.homeCurrency)).minor;
  if (earned <= 0 || capital <= 0) return 0;
  return Math.min(given.mostCentiBp, Math.round((earned * 1_000_000) / capital / days));
}

function termsOf(limits: Limits, spendMinor: number, given: { horizonDays: number; earning: number }): CapitalTerms {
  const within = (limit: Money | null) => (limit === null ? null : Math.floor((limit.minor * 10_000) / (10_000 + limits.priceDriftBp)));
  return {
    cashMinor: spendMinor, reserveMinor: 0, horizonDays: given.horizonDays, earningPerDayCentiBp: given.earning, mostPerPurchaseMinor: within(limits.perPurchase), mostPerSellerMinor: within(limits.perSellerPerDay),
    mostPerCategoryMinor: within(limits.perCategoryPerMonth), ...RISK,
  };
}

function lineOf(candidate: Candidate, core: CoreLine, home: string): PlanLine {
  const amount = (minor: number) => money(minor, home);
  const unit = (value: UnitValue | null) => value && {
    expectedProfit: amount(value.expectedProfitMinor), lockedMoney: amount(value.lockedMoneyMinor), risk: amount(value.riskMinor), value: amount(value.valueMinor), chanceSoldBp: value.chanceSoldBp, days: value.days,
  };
  const { opportunityId, version, productId, title, brand, category, imageUrl, sourceId, sourceName, unitsPerOffer, ahead } = candidate;
  return {
    opportunityId, version, productId, title, brand, category, imageUrl, sourceId, sourceName, unitsPerOffer, ahead, quantity: core.units, cost: amount(core.costMinor), expectedProfit: amount(core.expectedProfitMinor),
    last: unit(core.last), next: unit(core.next), stoppedBy: core.stoppedBy,
  };
}

const leftBeside = (candidate: Candidate, home: string): PlanLine =>
  ({ ...lineOf(candidate, { id: candidate.opportunityId, units: 0, costMinor: 0, expectedProfitMinor: 0, last: null, next: null, stoppedBy: 'demand' }, home), stoppedBy: 'same-product' });

export interface PlanInput {
  readonly cashMinor?: number | undefined;
  readonly horizonDays?: number | undefined;
  /** Only from these sources. */
  readonly sources?: readonly string[] | undefined;
}

function horizonOf(limits: Limits, business: Business, input: PlanInput): number {
  return input.horizonDays ?? Math.min(365, Math.max(7, limits.maxDaysToSell + business.payoutDelayDays));
}

const rate = (line: PlanLine) => line.expectedProfit.minor / Math.max(1, line.cost.minor);

/** Where the money at hand would go. Reads only; whoever buys from it goes through each opportunity's approval, which weighs every limit again. */
export async function planPurchases(deps: CapitalDeps, input: PlanInput = {}): Promise<CapitalPlanView> {
  const { db, clock } = deps.ctx;
  const { limits, business } = await readRules(db.prisma);
  const home = business.homeCurrency;
  const { best, others, open } = await gatherCandidates(db, { currency: home, payoutDelayDays: business.payoutDelayDays, sources: input.sources ?? null });
  const means = await meansOf(deps, db.prisma, { limits, business, cashMinor: input.cashMinor });
  const [horizonDays, earning] = [horizonOf(limits, business, input), await earningRate(deps.ctx, { business, mostCentiBp: MOST_EARNING_CENTI_BP })];
  const plan = planCapital(best.map((one) => one.capital), termsOf(limits, means.spendMinor, { horizonDays, earning }));
  const lines = plan.lines.map((core, i) => lineOf(best[i]!, core, home));
  return {
    currency: home, at: clock.now(), cash: means.view, horizonDays, payoutDelayDays: business.payoutDelayDays, earningPerDayCentiBp: earning,
    lines: lines.filter((line) => line.quantity > 0).toSorted((a, b) => rate(b) - rate(a)),
    leftOut: [...lines.filter((line) => line.quantity === 0), ...others.map((one) => leftBeside(one, home))],
    spent: money(plan.spentMinor, home), expectedProfit: money(plan.expectedProfitMinor, home), risk: money(plan.riskMinor, home), considered: best.length + others.length, open,
  };
}
