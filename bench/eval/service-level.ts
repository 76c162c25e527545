import { chanceAtMost, demandOver, planReorder, predictDemand, type Series } from '#engine/forecast/index.ts';

/** What a reorder point did in stretches as long as the lead time that nobody had seen. */
export interface ServiceLevel {
  readonly leadDays: number;
  readonly targetBp: number;
  readonly stretches: number;
  /** Share of the stretches in which the stock lasted, and how likely the plan had called that: whole units promise a little more than was asked. */
  readonly lasted: number;
  readonly promised: number;
  /** Mean units left when the goods arrive. */
  readonly left: number;
  /** The same for the naive rule. */
  readonly naive: { readonly lasted: number; readonly left: number };
}

export const SERVICE_LEADS = [14, 28, 42] as const;
const TARGET_BP = 9_500;
const NORMAL_95 = 1.6449;
const NAIVE_DAYS = 90;

const sum = (values: Series): number => values.reduce((total, value) => total + value, 0);

/** As textbooks have it: mean and standard deviation of a day, as if days were normal and the rate known. */
function naivePoint(before: Series, leadDays: number): number {
  const late = before.slice(-NAIVE_DAYS);
  const mean = sum(late) / late.length;
  const variance = sum(late.map((units) => (units - mean) ** 2)) / late.length;
  return Math.ceil(mean * leadDays + NORMAL_95 * Math.sqrt(variance * leadDays));
}

/**
 * Orders at the point that a lead time asks for, and looks whether what is there lasts. The lead is known here: how far it strays is not a matter of demand.
 * @param given.beginnings days after which a stretch begins, counted from the end
 */
export function serviceLevel(all: readonly Series[], given: { readonly leadDays: number; readonly horizon: number; readonly beginnings: readonly number[] }): ServiceLevel {
  const { leadDays, horizon } = given;
  let [stretches, lasted, promised, left, naiveLasted, naiveLeft] = [0, 0, 0, 0, 0, 0];
  for (const series of all) {
    for (const days of given.beginnings) {
      if (days < leadDays) continue;
      const before = series.slice(0, series.length - days);
      const demand = sum(series.slice(series.length - days, series.length - days + leadDays));
      const { units, spread } = predictDemand(before, horizon);
      const expected = { perDay: units / horizon, spread, leadSd: 0 };
      const { reorderPoint } = planReorder({ ...expected, leadDays, reviewDays: 0, serviceBp: TARGET_BP, position: 0, casePack: 1, leastUnits: 0, affordable: null });
      const naive = naivePoint(before, leadDays);
      stretches += 1;
      if (demand <= reorderPoint) lasted += 1;
      promised += chanceAtMost(demandOver(expected, leadDays), reorderPoint);
      left += Math.max(0, reorderPoint - demand);
      if (demand <= naive) naiveLasted += 1;
      naiveLeft += Math.max(0, naive - demand);
    }
  }
  const of = (value: number) => value / Math.max(1, stretches);
  return { leadDays, targetBp: TARGET_BP, stretches, lasted: of(lasted), promised: of(promised), left: of(left), naive: { lasted: of(naiveLasted), left: of(naiveLeft) } };
}
