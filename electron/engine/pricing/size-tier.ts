import type { FeeRule, SizeTier } from './fee-card.ts';
import type { Package } from './types.ts';

type SizeTierRule = Extract<FeeRule, { kind: 'size-tier' }>;

/** What the size alone decides: the tier, its row, and the amounts by price band. */
export interface SizeTierChoice {
  readonly tier: SizeTier['tier'];
  readonly amountsMinor: readonly number[];
  readonly shippingWeightHundredthOz: number;
  readonly lowConfidence: boolean;
}

const HUNDREDTH_IN_PER_MM = 100 / 25.4;
const HUNDREDTH_OZ_PER_G = 100 / 28.349523125;
/** Vendors give whole millimetres and grams for inches and ounces: half a unit more may be rounding, and is not held against the item. */
const SLACK_HUNDREDTH_IN = 0.5 * HUNDREDTH_IN_PER_MM;
const SLACK_HUNDREDTH_OZ = 0.5 * HUNDREDTH_OZ_PER_G;

/** Amount by row: rows end at an inclusive weight; the open one grows by a step for each begun unit above its start. */
function rowOf(tier: SizeTier, weight: number): { amounts: readonly number[]; low: boolean } {
  for (const row of tier.rows) {
    if (row.upToHundredthOz !== null && weight > row.upToHundredthOz + SLACK_HUNDREDTH_OZ) continue;
    const low = (row.confidence ?? tier.confidence) === 'low';
    if (!row.step) return { amounts: row.amountsMinor, low };
    const over = weight - row.step.overHundredthOz - SLACK_HUNDREDTH_OZ;
    const steps = over > 0 ? Math.ceil(over / row.step.everyHundredthOz) : 0;
    const added = steps * row.step.addMinor;
    return { amounts: row.amountsMinor.map((amount) => amount + added), low };
  }
  const last = tier.rows.at(-1);
  return { amounts: last?.amountsMinor ?? [], low: true };
}

/**
 * Tier and row of a package. Shipping weight is the larger of its weight and its dimensional weight (L×W×H ÷ divisor, pounds), where the tier counts that.
 * Null when no tier takes it (the card's last tier should take anything).
 */
export function chooseSizeTier(rule: SizeTierRule, box: Package): SizeTierChoice | null {
  const [short, median, long] = [box.lengthMm, box.widthMm, box.heightMm].map((mm) => mm * HUNDREDTH_IN_PER_MM).sort((a, b) => a - b) as [number, number, number];
  const unit = box.weightG * HUNDREDTH_OZ_PER_G;
  const dimensional = ((long * median * short) / 1e6 / rule.dimensionalDivisor) * 1600;
  for (const tier of rule.tiers) {
    const counts = tier.usesDimensionalWeight && unit <= rule.dimensionalUntilHundredthOz;
    const weight = counts ? Math.max(unit, dimensional) : unit;
    const sides = tier.maxSidesHundredthIn;
    if (sides && (long > sides[0] + SLACK_HUNDREDTH_IN || median > sides[1] + SLACK_HUNDREDTH_IN || short > sides[2] + SLACK_HUNDREDTH_IN)) continue;
    if (tier.maxLengthGirthHundredthIn !== null && long + 2 * (median + short) > tier.maxLengthGirthHundredthIn + 5 * SLACK_HUNDREDTH_IN) continue;
    if (tier.maxWeightHundredthOz !== null && weight > tier.maxWeightHundredthOz + SLACK_HUNDREDTH_OZ) continue;
    const row = rowOf(tier, weight);
    return { tier: tier.tier, amountsMinor: row.amounts, shippingWeightHundredthOz: Math.round(weight), lowConfidence: row.low };
  }
  return null;
}
