import { METHODS, unitsAhead, type Method } from './methods.ts';
import { beginningsOf, unitsBetween, type Beginning, type Series } from './series-sums.ts';
import { spreadOf, type Spread } from './spread.ts';

export interface BackTest {
  readonly method: Method;
  /** Root mean squared error of the sum over the horizon, over that of the naive forecast; null where naive is never wrong. */
  readonly rmsse: number | null;
  /** The same with absolute errors. */
  readonly mase: number | null;
  /** Mean error of the sum over the mean actual sum: above 0 forecasts too much. */
  readonly bias: number | null;
  readonly meanSquare: number;
}

export interface Predicted {
  readonly method: Method;
  /** Units expected in the horizon. */
  readonly units: number;
  readonly spread: Spread;
  /** Back-tests of all methods, best first; empty where the series is too short for one. */
  readonly tests: readonly BackTest[];
  readonly days: number;
}

const ORIGINS = 8;
/** Days before the first origin. */
const LEAST_TRAINING = 28;
/** Another method is taken when its error is less than the steady one's by this much: on eight stretches less is chance. */
const MARGIN = 0.2;
/** An error that is no larger is rounding. */
const EXACT = 1e-9;
const STEADY: Method = 'smoothing';

/** Starts of the tested stretches, latest last; none of them overlap. */
function originsOf(length: number, horizon: number): number[] {
  return Array.from({ length: ORIGINS }, (_, k) => length - (ORIGINS - k) * horizon).filter((origin) => origin >= LEAST_TRAINING);
}

/** Mean square, mean absolute and mean error. */
function errorsOf(before: readonly Beginning[], actual: readonly number[], by: { readonly method: Method; readonly horizon: number }) {
  let [square, absolute, off] = [0, 0, 0];
  for (let k = 0; k < before.length; k++) {
    const error = unitsAhead(before[k]!, by.method, by.horizon) - actual[k]!;
    square += error * error;
    absolute += Math.abs(error);
    off += error;
  }
  return { square: square / before.length, absolute: absolute / before.length, off };
}

/** `before`: what was known at the start of each stretch. */
function testMethods(before: readonly Beginning[], horizon: number): BackTest[] {
  if (before.length === 0) return [];
  const actual = before.map(({ sums, length }) => unitsBetween(sums, length, length + horizon));
  let sold = 0;
  for (const units of actual) sold += units;
  const base = errorsOf(before, actual, { method: 'naive', horizon });
  return METHODS.map((method) => {
    const { square, absolute, off } = errorsOf(before, actual, { method, horizon });
    return { method, meanSquare: square, rmsse: base.absolute > EXACT ? Math.sqrt(square / base.square) : null, mase: base.absolute > EXACT ? absolute / base.absolute : null, bias: sold > 0 ? off / sold : null };
  }).sort((a, b) => a.meanSquare - b.meanSquare);
}

/** Rolling back-test: each method forecasts stretches that it has not seen from what came before them. */
export const backTest = (series: Series, horizon: number): BackTest[] => testMethods(beginningsOf(series, originsOf(series.length, horizon)), horizon);

/** The method that has forecast this series best, and what it says of the next `horizon` days. */
export function predictDemand(series: Series, horizon: number): Predicted {
  const beginnings = beginningsOf(series, [...originsOf(series.length, horizon), series.length]);
  const tests = testMethods(beginnings.slice(0, -1), horizon);
  const steady = tests.find((test) => test.method === STEADY);
  const first = tests.find((test) => test.method !== 'naive');
  const best = first && steady && first.meanSquare < steady.meanSquare * (1 - MARGIN) ** 2 ? first : steady;
  const method = best?.method ?? STEADY;
  const now = beginnings.at(-1)!;
  const units = unitsAhead(now, method, horizon);
  return { method, units, spread: spreadOf(now, { units, days: horizon }, { meanSquare: best?.meanSquare ?? 0, stretches: best ? beginnings.length - 1 : 0 }), tests, days: series.length };
}
