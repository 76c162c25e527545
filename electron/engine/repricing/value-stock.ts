/** A price that could be asked. */
export interface PriceChoice {
  readonly minor: number;
  /** What a sale at it leaves, after fees, postage and expected returns; the unit's cost is spent already. */
  readonly keptMinor: number;
  readonly perDay: number;
}

export interface StockToSell {
  readonly units: number;
  /** Time in which it should be sold. */
  readonly days: number;
  readonly choices: readonly PriceChoice[];
  /** What a unit is worth that is left at the end. */
  readonly clearanceMinor: number;
  readonly holdingPerUnitDayMinor: number;
  /** What each day costs until the last unit is sold, however many are left: what a next lot would have earned in it. 0 unless told. */
  readonly placePerDayMinor?: number;
  /** Expected change of the market's level a day (logarithm): what waiting gains or loses. */
  readonly driftPerDay: number;
  /** Demand of each day ahead over today's, here and elsewhere; the last goes on. As today's unless told. */
  readonly seasonAhead?: readonly number[];
  /** The same units on other channels: a sale there takes one away here. None unless told. */
  readonly elsewhere?: readonly OfferElsewhere[];
}

/** The same stock on another channel, at the price that stands there. */
export interface OfferElsewhere {
  /** What a sale there leaves, after fees and postage. */
  readonly keptMinor: number;
  /** Units a day that are expected there. */
  readonly perDay: number;
}

export interface StockValue {
  readonly choice: PriceChoice;
  /** Expected proceeds of all units under the best course of prices. */
  readonly valueMinor: number;
  /** What the next unit is worth unsold: a sale that leaves less is worse than waiting. */
  readonly lastUnitMinor: number;
  readonly expectedSold: number;
}

/** Of a sale in one step, where demand is so many times today's. */
interface Chances {
  readonly demand: number;
  /** For each price. */
  readonly here: readonly number[];
  readonly there: number;
  /** What the sales there are expected to leave. */
  readonly thereKept: number;
}

const MOST_UNITS = 40;
const MOST_STEPS = 160;
/** Chance of a sale in one step stays about below this, so that one unit a step is near enough. */
const MOST_PER_STEP = 0.5;

/**
 * The price that earns most for a finite stock in a finite time (dynamic programming over units and days, after Gallego and van Ryzin 1994). Plenty of time for few units asks for more than the
 * market; many units in little time for less. What sells elsewhere comes by itself, whatever is asked here: the more of it, the more a unit is worth unsold.
 */
export function bestPrice(stock: StockToSell): StockValue {
  const units = Math.max(1, Math.min(MOST_UNITS, stock.units));
  // A stock beyond the most is looked at in packs of equal worth.
  const scale = Math.max(1, stock.units) / units;
  const { elsewhere = [], placePerDayMinor = 0, seasonAhead = [] } = stock;
  const demandOn = (day: number) => seasonAhead[Math.min(seasonAhead.length - 1, Math.floor(day))] ?? 1;
  const busiest = Math.max(demandOn(0), ...seasonAhead.slice(0, Math.ceil(stock.days)));
  const fastest = (busiest * (Math.max(...stock.choices.map((choice) => choice.perDay)) + elsewhere.reduce((sum, other) => sum + other.perDay, 0))) / scale;
  const steps = Math.max(1, Math.min(MOST_STEPS, Math.ceil(Math.max(stock.days / 2, (stock.days * fastest) / MOST_PER_STEP))));
  const step = stock.days / steps;
  const chancesAt = (demand: number): Chances => {
    const chanceOf = (perDay: number) => 1 - Math.exp((-perDay / scale) * step * demand);
    const there = elsewhere.map((other) => ({ keptMinor: other.keptMinor, chance: chanceOf(other.perDay) }));
    return { demand, here: stock.choices.map((choice) => chanceOf(choice.perDay)), thereKept: there.reduce((sum, other) => sum + other.chance * other.keptMinor, 0), there: there.reduce((sum, other) => sum + other.chance, 0) };
  };
  let chances = chancesAt(1);
  let value = Array.from({ length: units + 1 }, (_, n) => n * stock.clearanceMinor);
  let sold = Array.from({ length: units + 1 }, () => 0);
  let first = 0;
  for (let s = steps - 1; s >= 0; s--) {
    const level = Math.exp(stock.driftPerDay * step * (s + 0.5));
    const demand = demandOn(step * (s + 0.5));
    if (demand !== chances.demand) chances = chancesAt(demand);
    const { here, there, thereKept } = chances;
    const next = [0];
    const nextSold = [0];
    for (let n = 1; n <= units; n++) {
      let best = 0;
      let gain = Number.NEGATIVE_INFINITY;
      stock.choices.forEach((choice, i) => {
        const gained = here[i]! * (choice.keptMinor * level + value[n - 1]! - value[n]!);
        if (gained > gain) [gain, best] = [gained, i];
      });
      const away = thereKept * level + there * (value[n - 1]! - value[n]!);
      next.push(value[n]! + gain + away - (n * stock.holdingPerUnitDayMinor + placePerDayMinor / scale) * step);
      nextSold.push(sold[n]! + (here[best]! + there) * (1 + sold[n - 1]! - sold[n]!));
      if (s === 0 && n === units) first = best;
    }
    [value, sold] = [next, nextSold];
  }
  return { choice: stock.choices[first]!, valueMinor: Math.round(value[units]! * scale), lastUnitMinor: Math.round(value[units]! - value[units - 1]!), expectedSold: sold[units]! * scale };
}
