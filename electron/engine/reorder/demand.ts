import { predictDemand, type Predicted } from '../forecast/index.ts';
import { filledUp, LEAST_DAYS, salesSeries, type DayMoves } from './sales-series.ts';

/** Days that the back-test forecasts at a time: its error tells the spread of a day. */
export const HORIZON = 14;
const ORIGINS = 8;

export interface Demand {
  /** Units sold on each whole day with stock. */
  readonly seen: readonly number[];
  readonly predicted: Predicted;
  readonly sold: number;
  readonly perDay: number;
  /** Root mean squared error over the back-test's stretches; null without one. */
  readonly error: number | null;
  readonly naiveError: number | null;
  readonly origins: number;
}

function demandOf(moves: readonly DayMoves[], today: number): Demand {
  const seen = salesSeries(moves, today);
  const series = filledUp(seen);
  const predicted = predictDemand(series, HORIZON);
  const errorOf = (method: string) => {
    const test = predicted.tests.find((one) => one.method === method);
    return test ? Math.sqrt(test.meanSquare) : null;
  };
  return {
    seen, predicted, sold: seen.reduce((sum, units) => sum + units, 0), perDay: predicted.units / HORIZON, error: errorOf(predicted.method), naiveError: errorOf('naive'),
    origins: Math.max(0, Math.min(ORIGINS, Math.floor((series.length - LEAST_DAYS) / HORIZON))),
  };
}

const MOST_KEPT = 2_000;

/** Demand of products as last worked out: anew when something moved, or a day has passed. */
export class DemandMemory {
  readonly #kept = new Map<string, { readonly moves: string; readonly demand: Demand }>();

  of(productId: string, moves: readonly DayMoves[], today: number): Demand {
    const text = `${today} ${moves.map((move) => `${move.day}:${move.sold}:${move.change}`).join(' ')}`;
    const known = this.#kept.get(productId);
    if (known?.moves === text) return known.demand;
    const demand = demandOf(moves, today);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(productId, { moves: text, demand });
    return demand;
  }
}
