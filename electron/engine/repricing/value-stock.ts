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
  const { elsewhere = [], placePerDayMinor = 0 } = stock;
  const fastest = (Math.max(...stock.choices.map((choice) => choice.perDay)) + elsewhere.reduce((sum, other) => sum + other.perDay, 0)) / scale;
  const steps = Math.max(1, Math.min(MOST_STEPS, Math.ceil(Math.max(stock.days / 2, (stock.days * fastest) / MOST_PER_STEP))));
  const step = stock.days / steps;
  const chances = stock.choices.map((choice) => 1 - Math.exp((-choice.perDay / scale) * step));
  const there = elsewhere.map((other) => ({ keptMinor: other.keptMinor, chance: 1 - Math.exp((-other.perDay / scale) * step) }));
  const thereKept = there.reduce((sum, other) => sum + other.chance * other.keptMinor, 0);
  const thereChance = there.reduce((sum, other) => sum + other.chance, 0);
  let value = Array.from({ length: units + 1 }, (_, n) => n * stock.clearanceMinor);
  let sold = Array.from({ length: units + 1 }, () => 0);
  let first = 0;
  for (let s = steps - 1; s >= 0; s--) {
    const level = Math.exp(stock.driftPerDay * step * (s + 0.5));
    const next = [0];
    const nextSold = [0];
    for (let n = 1; n <= units; n++) {
      let best = 0;
      let gain = Number.NEGATIVE_INFINITY;
      stock.choices.forEach((choice, i) => {
        const here = chances[i]! * (choice.keptMinor * level + value[n - 1]! - value[n]!);
        if (here > gain) [gain, best] = [here, i];
      });
      const away = thereKept * level + thereChance * (value[n - 1]! - value[n]!);
      next.push(value[n]! + gain + away - (n * stock.holdingPerUnitDayMinor + placePerDayMinor / scale) * step);
      nextSold.push(sold[n]! + (chances[best]! + thereChance) * (1 + sold[n - 1]! - sold[n]!));
      if (s === 0 && n === units) first = best;
    }
    [value, sold] = [next, nextSold];
  }
  return { choice: stock.choices[first]!, valueMinor: Math.round(value[units]! * scale), lastUnitMinor: Math.round(value[units]! - value[units - 1]!), expectedSold: sold[units]! * scale };
}
