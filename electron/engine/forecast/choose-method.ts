import { beginningsOf, FORECASTS, METHODS, type Method, type Series } from './methods.ts';

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
  /** Units expected in the horizon, and the variance of what is sold then: the back-test's, at least that of chance. */
  readonly units: number;
  readonly variance: number;
  /** Back-tests of all methods, best first; empty where the series is too short for one. */
  readonly tests: readonly BackTest[];
  readonly days: number;
}

const ORIGINS = 8;
/** Days before the first origin. */
const LEAST_TRAINING = 28;
/** Another method is taken when its error is less than the steady one's by this much: on eight stretches less is chance. */
const MARGIN = 0.2;
const STEADY: Method = 'smoothing';

function sum(values: Series): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

/** Starts of the tested stretches, latest last; none of them overlap. */
function originsOf(length: number, horizon: number): number[] {
  return Array.from({ length: ORIGINS }, (_, k) => length - (ORIGINS - k) * horizon).filter((origin) => origin >= LEAST_TRAINING);
}

const absolutes = (errors: readonly number[]) => sum(errors.map(Math.abs)) / errors.length;

const squares = (errors: readonly number[]) => sum(errors.map((error) => error * error)) / errors.length;

/** Rolling back-test: each method forecasts stretches that it has not seen from what came before them. */
export function backTest(series: Series, horizon: number): BackTest[] {
  const origins = originsOf(series.length, horizon);
  if (origins.length === 0) return [];
  const actual = origins.map((origin) => sum(series.slice(origin, origin + horizon)));
  // every method is given the same array: what two of them need of it is found once
  const before = beginningsOf(series, origins);
  const errorsOf = (method: Method) => before.map((known, i) => sum(FORECASTS[method](known, horizon)) - actual[i]!);
  const base = errorsOf('naive');
  return METHODS.map((method) => {
    const errors = errorsOf(method);
    return {
      method, meanSquare: squares(errors), rmsse: squares(base) > 0 ? Math.sqrt(squares(errors) / squares(base)) : null, mase: absolutes(base) > 0 ? absolutes(errors) / absolutes(base) : null, bias: sum(actual) > 0 ? sum(errors) / sum(actual) : null,
    };
  }).sort((a, b) => a.meanSquare - b.meanSquare);
}

/** The method that has forecast this series best, and what it says of the next `horizon` days. */
export function predictDemand(series: Series, horizon: number): Predicted {
  const tests = backTest(series, horizon);
  const steady = tests.find((test) => test.method === STEADY);
  const first = tests.find((test) => test.method !== 'naive');
  const best = first && steady && first.meanSquare < steady.meanSquare * (1 - MARGIN) ** 2 ? first : steady;
  const method = best?.method ?? STEADY;
  const units = sum(FORECASTS[method](series, horizon));
  return { method, units, variance: Math.max(units, best?.meanSquare ?? 0), tests, days: series.length };
}
