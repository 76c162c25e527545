import { profileOf } from '#practice/world/categories.ts';
import { internalsOf } from '#practice/world/create-world.ts';
import { captureShare } from '#practice/world/demand.ts';
import { trueCost, trueOffer } from '#practice/world/truth.ts';
import { readShown, type ShownOffer } from './read-shown.ts';
import { PREP_MINOR } from './judge-shown.ts';
import { START, type FoundDesk } from './open-world.ts';

/** What an estimate is made of. Differences are logarithms of estimate over truth; `returns` in hundredths of the price. */
export const INPUTS = ['demand', 'price', 'fees', 'postage', 'cost', 'returns'] as const;
export type Input = (typeof INPUTS)[number];
/** Differences by category, then by input; `all` beside them. */
export type Differences = Map<string, Record<Input, number[]>>;

const DAYS_AHEAD = [6, 15, 30, 45, 60];
const RETURN_LOSS = 0.3;

interface Truth { readonly rate: number; readonly price: number; readonly fees: number; readonly label: number; readonly returns: number; readonly cost: number | null }

const meanAhead = (of: (ahead: number) => number) => DAYS_AHEAD.reduce((sum, ahead) => sum + of(ahead), 0) / DAYS_AHEAD.length;

function truthOf({ world }: FoundDesk, outletId: string, { number, units, unitCostMinor }: { number: number; units: number; unitCostMinor: number }): Truth {
  const { process } = internalsOf(world);
  const { productId: id } = trueOffer(world, outletId, number)!;
  const { category } = world.catalog.byId(id);
  const today = process.dayOf(START);
  const share = captureShare(1, process.ebaySellers(id, today));
  const price = meanAhead((ahead) => process.expectedPrice(id, today, today + ahead)) * process.ebayRatio(id, today);
  const fees = world.fees.ebay(category, { totalMinor: Math.round(price * 1.06), quantity: 1, at: START }).reduce((sum, line) => sum + line.minor, 0);
  const label = world.fees.labelMinor(id, 1);
  const { returnRate } = profileOf(category);
  const cost = trueCost(world, { outletId, number, at: START, quantity: units });
  return {
    rate: meanAhead((ahead) => process.ebayUnits(id, today + ahead, process.expectedPrice(id, today, today + ahead))) * share, price, fees, label,
    returns: returnRate * (price - fees - label + 2 * label + 40 - (1 - RETURN_LOSS) * unitCostMinor), cost: cost === null ? null : cost / (units * world.shops.offers(outletId)[number - 1]!.pricedUnits) + PREP_MINOR,
  };
}

function differencesOf(one: ShownOffer, truth: Truth): Partial<Record<Input, number>> {
  const { forecast, lines } = one.evaluation!;
  const line = (code: string) => -(lines.find((l) => l.code === code)?.amount.minor ?? 0);
  const price = lines.find((l) => l.code === 'sale.price')!.amount.minor;
  return {
    ...(forecast && truth.rate > 0 ? { demand: Math.log(forecast.unitsPerDayMicro / 1e6 / truth.rate) } : {}), price: Math.log(price / truth.price),
    ...(forecast && forecast.feesMinor > 0 ? { fees: Math.log(forecast.feesMinor / forecast.salePriceMinor / (truth.fees / truth.price)) } : {}), postage: Math.log(line('cost.shipping-out') / truth.label),
    ...(truth.cost !== null && one.unitCostMinor > 0 ? { cost: Math.log(one.unitCostMinor / truth.cost) } : {}), returns: (100 * (line('estimate.returns') - truth.returns)) / truth.price,
  };
}

/** Adds how far each input of every opportunity of the right product is from the truth. Demand and fees as forecast before corrections learned from sales; the price after. */
export async function compareInputs(desk: FoundDesk, into: Differences): Promise<void> {
  for (const [outletId, sourceId] of desk.sources) {
    for (const [number, one] of await readShown(desk, outletId, sourceId)) {
      if (!one.open || !one.right || !one.evaluation) continue;
      const found = differencesOf(one, truthOf(desk, outletId, { number, units: one.units, unitCostMinor: one.unitCostMinor }));
      for (const category of ['all', one.category ?? 'none']) {
        const kept = into.get(category) ?? { demand: [], price: [], fees: [], postage: [], cost: [], returns: [] };
        into.set(category, kept);
        for (const input of INPUTS) if (found[input] !== undefined && Number.isFinite(found[input])) kept[input].push(found[input]);
      }
    }
  }
}

function meanAndSpread(values: readonly number[]): string {
  if (values.length < 2) return '–';
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const spread = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1));
  return `${mean >= 0 ? '+' : ''}${mean.toFixed(2)} ± ${spread.toFixed(2)}`;
}

export function inputLines(differences: Differences): string[] {
  return [...differences].sort((a, b) => b[1].price.length - a[1].price.length).map(([category, found]) => `${category} (${found.price.length}): ${INPUTS.map((input) => `${input} ${meanAndSpread(found[input])}`).join(', ')}`);
}
