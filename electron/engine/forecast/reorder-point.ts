import { varianceOver, type Spread } from './spread.ts';

export interface ReorderTerms {
  /** Units expected a day. */
  readonly perDay: number;
  readonly spread: Spread;
  /** Days from order to shelf, and their standard deviation. */
  readonly leadDays: number;
  readonly leadSd: number;
  /** Days between two looks: an order placed today must last until the next look's arrives. */
  readonly reviewDays: number;
  /** Chance that the stock lasts, in basis points. */
  readonly serviceBp: number;
  /** On hand and on the way. */
  readonly position: number;
  readonly casePack: number;
  readonly leastUnits: number;
  /** As many as the money allows; null: no limit. */
  readonly affordable: number | null;
}

export interface Reorder {
  /** At this position or below, it is time. */
  readonly reorderPoint: number;
  readonly target: number;
  /** 0: not yet. In whole cases. */
  readonly units: number;
  /** Chance that what is there lasts through the lead time. */
  readonly lastsBp: number;
  readonly limitedBy: 'none' | 'least-order' | 'cash' | 'cannot-afford';
}

/** Probabilities of 0, 1, 2, … units: negative binomial, or Poisson where the variance is no larger than the mean. */
function* chances(mean: number, variance: number): Generator<number> {
  const p = variance > mean * 1.0001 ? mean / variance : 1;
  const r = (mean * p) / (1 - p);
  let chance = p === 1 ? Math.exp(-mean) : Math.exp(r * Math.log(p));
  for (let k = 0; ; k++) {
    yield chance;
    chance *= p === 1 ? mean / (k + 1) : ((k + r) / (k + 1)) * (1 - p);
  }
}

const MOST_UNITS = 100_000;
/** Units from which demand is taken as normal. */
const NORMAL_FROM = 400;

/** The least number of units that demand stays at or below with this chance. */
export function demandQuantile({ mean, variance }: { readonly mean: number; readonly variance: number }, chance: number): number {
  if (mean <= 0) return 0;
  if (mean > NORMAL_FROM) return Math.ceil(mean + normalQuantile(chance) * Math.sqrt(Math.max(mean, variance)));
  let below = 0;
  let k = 0;
  for (const part of chances(mean, variance)) {
    below += part;
    if (below >= chance || k >= MOST_UNITS) return k;
    k += 1;
  }
  return k;
}

/** Chance that demand is at most `units`. */
export function chanceAtMost({ mean, variance }: { readonly mean: number; readonly variance: number }, units: number): number {
  if (mean <= 0) return 1;
  if (mean > NORMAL_FROM) return normalBelow((units - mean) / Math.sqrt(Math.max(mean, variance)));
  let below = 0;
  let k = 0;
  for (const part of chances(mean, variance)) {
    if (k > Math.min(units, MOST_UNITS)) break;
    below += part;
    k += 1;
  }
  return Math.min(1, below);
}

/** Inverse of the standard normal by bisection of its logistic-free series: exact to 1e-6 over 0.0001 to 0.9999. */
function normalQuantile(chance: number): number {
  let [low, high] = [-6, 6];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Marsaglia's series for the normal distribution. */
function normalBelow(x: number): number {
  if (Math.abs(x) > 6) return x < 0 ? 0 : 1;
  let [sum, term] = [x, x];
  for (let i = 3; Math.abs(term) > 1e-12 && i < 400; i += 2) sum += term *= (x * x) / i;
  return 0.5 + sum * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** Demand in a time that is itself uncertain. */
export function demandOver({ perDay, spread, leadSd }: Pick<ReorderTerms, 'perDay' | 'spread' | 'leadSd'>, days: number): { readonly mean: number; readonly variance: number } {
  return { mean: perDay * days, variance: varianceOver(spread, days) + (perDay * leadSd) ** 2 };
}

/** When and how much: order-up-to by periodic review, in whole cases, at least the supplier's least order, within the money. */
export function planReorder(terms: ReorderTerms): Reorder {
  const service = terms.serviceBp / 10_000;
  const lead = demandOver(terms, terms.leadDays);
  const reorderPoint = demandQuantile(lead, service);
  // Near the middle of a skewed demand the quantile of a longer time can be a unit lower: an order never fills up to less than it was due at.
  const target = Math.max(reorderPoint, demandQuantile(demandOver(terms, terms.leadDays + terms.reviewDays), service));
  const lastsBp = Math.round(chanceAtMost(lead, terms.position) * 10_000);
  const none = { reorderPoint, target, units: 0, lastsBp, limitedBy: 'none' as const };
  if (terms.perDay <= 0 || terms.position > reorderPoint || target <= terms.position) return none;
  const cases = (units: number, round: (value: number) => number) => round(units / terms.casePack) * terms.casePack;
  const wanted = cases(target - terms.position, Math.ceil);
  const units = Math.max(wanted, cases(terms.leastUnits, Math.ceil));
  if (terms.affordable === null || units <= terms.affordable) return { ...none, units, limitedBy: units > wanted ? 'least-order' : 'none' };
  const within = cases(terms.affordable, Math.floor);
  return within >= Math.max(terms.casePack, terms.leastUnits) ? { ...none, units: within, limitedBy: 'cash' } : { ...none, limitedBy: 'cannot-afford' };
}
