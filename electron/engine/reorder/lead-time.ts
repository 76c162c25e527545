/** Days from order to shelf, and their standard deviation. */
export interface LeadTime {
  readonly days: number;
  readonly sd: number;
}

/** Deliveries that a prior weighs as. */
export const PRIOR_WEIGHT = 3;

/** What a lead time is learned from, however many deliveries there were. */
export interface Deliveries {
  readonly count: number;
  /** Mean days; null without a delivery. */
  readonly days: number | null;
  /** Sum of the squared deviations from the mean. */
  readonly squares: number;
}

export function summariseDeliveries(days: readonly number[]): Deliveries {
  if (days.length === 0) return { count: 0, days: null, squares: 0 };
  const mean = days.reduce((sum, value) => sum + value, 0) / days.length;
  return { count: days.length, days: mean, squares: days.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}

/** A prior moved by what was seen: mean and variance of a normal distribution, the prior standing for so many deliveries. */
export function learnLead(prior: LeadTime, { count, days, squares }: Deliveries): LeadTime {
  if (days === null) return prior;
  const weight = PRIOR_WEIGHT + count;
  const spread = PRIOR_WEIGHT * prior.sd ** 2 + squares + ((PRIOR_WEIGHT * count) / weight) * (days - prior.days) ** 2;
  return { days: (PRIOR_WEIGHT * prior.days + count * days) / weight, sd: Math.sqrt(spread / weight) };
}
