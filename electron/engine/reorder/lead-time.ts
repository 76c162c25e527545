/** Days from order to shelf, and their standard deviation. */
export interface LeadTime {
  readonly days: number;
  readonly sd: number;
}

/** Deliveries that a prior weighs as. */
export const PRIOR_WEIGHT = 3;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A prior moved by what was seen: mean and variance of a normal distribution, the prior standing for so many deliveries. */
export function learnLead(prior: LeadTime, seen: readonly number[]): LeadTime {
  const count = seen.length;
  if (count === 0) return prior;
  const own = mean(seen);
  const weight = PRIOR_WEIGHT + count;
  const spread = PRIOR_WEIGHT * prior.sd ** 2 + seen.reduce((sum, days) => sum + (days - own) ** 2, 0) + ((PRIOR_WEIGHT * count) / weight) * (own - prior.days) ** 2;
  return { days: (PRIOR_WEIGHT * prior.days + count * own) / weight, sd: Math.sqrt(spread / weight) };
}

export const meanOf = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values));
