import { unitsBetween, type Beginning } from './series-sums.ts';

/** How far sales may lie from what is expected: chance evens out over many days, a rate that is wrong does not. */
export interface Spread {
  /** Variance of a day's units around the rate. */
  readonly chancePerDay: number;
  /** Variance of the rate itself, in units a day squared. */
  readonly rateVariance: number;
}

export const varianceOver = ({ chancePerDay, rateVariance }: Spread, days: number): number => chancePerDay * days + rateVariance * days * days;

/** Days with a sale that "one sale, one unit, by pure chance" weighs as. */
const CHANCE_WEIGHT = 10;
/** Before a back-test the rate may be wrong by a third (standard deviation). */
const RATE_SPREAD_SQUARED = 0.12;
/** Stretches of the back-test that this weighs as: eight of them tell little of a variance. */
const RATE_WEIGHT = 24;

/** Variance over mean of a day's units, by the steps from day to day, which a slow change hardly moves; at least that of pure chance. */
function chanceRatio({ sums, length, sold, sales }: Beginning): number {
  if (sold <= 0 || length < 2) return 1;
  let squares = 0;
  let before = unitsBetween(sums, 0, 1);
  for (let day = 1; day < length; day++) {
    const units = unitsBetween(sums, day, day + 1);
    squares += (units - before) ** 2;
    before = units;
  }
  const ratio = (squares / 2 / (length - 1)) / (sold / length);
  return Math.max(1, (CHANCE_WEIGHT + sales * ratio) / (CHANCE_WEIGHT + sales));
}

/** Spread of a prediction of `units` in `days`. @param tested mean square of the errors over as many days, and of how many stretches */
export function spreadOf(beginning: Beginning, predicted: { readonly units: number; readonly days: number }, tested: { readonly meanSquare: number; readonly stretches: number }): Spread {
  const { units, days } = predicted;
  const chance = units * chanceRatio(beginning);
  const prior = chance + RATE_SPREAD_SQUARED * units * units;
  const all = (RATE_WEIGHT * prior + tested.stretches * tested.meanSquare) / (RATE_WEIGHT + tested.stretches);
  return { chancePerDay: chance / days, rateVariance: Math.max(0, all - chance) / (days * days) };
}
