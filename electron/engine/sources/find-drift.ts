import type { z } from 'zod';
import type { sourceHealth } from '#contract/sources.ts';
import { COVERED_FIELDS, type CoveredField, type FieldCounts } from './ports.ts';

/** Fewer products say too little: a pass that found nothing new reads few. */
export const ENOUGH_PRODUCTS = 5;
/** A field that so many products had is one that the site gives. */
const USUAL_BP = 5_000;
/** Earlier runs that "usual" is the middle of. */
const EARLIER_RUNS = 5;
/** The newest of a source, among which those with enough products are looked for: there is no end of the others. */
export const RUNS_LOOKED_AT = 50;

export const bpOf = (counts: FieldCounts, field: CoveredField) => Math.round((counts[field] * 10_000) / counts.products);

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Fields that usually were there and were read less than half as often by the newest run. @param runs newest first. */
export function findDrift(runs: readonly FieldCounts[]): z.infer<typeof sourceHealth>['drift'] {
  const [now, ...earlier] = runs.filter((r) => r.products >= ENOUGH_PRODUCTS);
  if (!now || earlier.length === 0) return [];
  return COVERED_FIELDS.flatMap((field) => {
    const beforeBp = middleOf(earlier.slice(0, EARLIER_RUNS).map((r) => bpOf(r, field)));
    const nowBp = bpOf(now, field);
    return beforeBp >= USUAL_BP && nowBp * 2 < beforeBp ? [{ field, beforeBp, nowBp }] : [];
  });
}
