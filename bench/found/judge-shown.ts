import { titlePackSize } from '#engine/catalog/index.ts';
import { DEFAULT_LIMITS } from '#engine/settings/index.ts';
import { expectedProfit, trueOffer, trulyProfitable, type ProfitableOffer } from '#practice/world/truth.ts';
import type { Outlet } from '#practice/world/types.ts';
import { readShown, type ShownOffer } from './read-shown.ts';
import { START, type FoundDesk } from './open-world.ts';

/**
 * Three readings of the same run. What is truly profitable: by the program's limits (`recommended`, `listed`) or at all (`anyProfit`). What counts as shown: a recommendation to buy, or an
 * opportunity on the desk that is called profitable. `docs/measured.md` words them.
 */
export const READINGS = ['recommended', 'listed', 'anyProfit'] as const;
export type Reading = (typeof READINGS)[number];

export interface Tally {
  profitable: number;
  found: number;
  /** Of the profitable and of the found, those whose page names the very product. */
  named: number;
  namedFound: number;
  shown: number;
  losing: number;
  /** Of the profitable ones that were not found, by what stopped them. */
  readonly missed: Map<string, number>;
  readonly lossCauses: Map<string, number>;
}

export const emptyTally = (): Tally => ({ profitable: 0, found: 0, named: 0, namedFound: 0, shown: 0, losing: 0, missed: new Map(), lossCauses: new Map() });

/** The program sells at the going price; what a dearer or cheaper listing would bring is not counted. */
const GOING_PRICE = [1];
/** Of a unit, as the practice business has it. */
export const PREP_MINOR = 75;

const add = (counts: Map<string, number>, key: string) => void counts.set(key, (counts.get(key) ?? 0) + 1);
const isShown = (one: ShownOffer, reading: Reading) => one.open && (reading === 'recommended' ? one.decision === 'purchase' : one.verdict === 'profitable');

/** Whether somebody who reads the page with care could know what is sold: its code, where it prints one, is the product's, and else its title says the pack. */
function isNamed({ world }: FoundDesk, outletId: string, number: number): boolean {
  const { productId, claimedId } = trueOffer(world, outletId, number)!;
  if (claimedId !== null) return claimedId === productId;
  return titlePackSize(world.shops.offers(outletId)[number - 1]!.title) === world.catalog.byId(productId).packSize;
}

/** Per unit sold, prep included. */
function perUnit(desk: FoundDesk, outlet: Outlet, offer: ProfitableOffer): { profit: number; cost: number; units: number } {
  const units = offer.quantity * desk.world.shops.offers(outlet.id)[offer.number - 1]!.pricedUnits;
  return { profit: offer.profitMinor / units - PREP_MINOR, cost: offer.costMinor / units + PREP_MINOR, units };
}

/** Whether the program may buy such a thing at all: new, no dangerous goods, no hidden price, within the limit of one purchase. */
function isAllowed({ world }: FoundDesk, outlet: Outlet, offer: ProfitableOffer): boolean {
  const shop = world.shops.offers(outlet.id)[offer.number - 1]!;
  const product = world.catalog.byId(offer.productId);
  if (shop.condition !== 'new' || product.hazmat || product.kind !== 'ordinary') return false;
  return DEFAULT_LIMITS.perPurchase === null || offer.costMinor <= DEFAULT_LIMITS.perPurchase.minor;
}

/** Numbers of an outlet's offers that are truly profitable by the program's limits, and those that are at all. */
function worthBuying(desk: FoundDesk, outlet: Outlet): { byLimits: Set<number>; atAll: Set<number> } {
  const { minProfit, minRoiBp } = DEFAULT_LIMITS;
  const byLimits = new Set<number>();
  const atAll = new Set<number>();
  for (const offer of trulyProfitable(desk.world, outlet.id, START, { minimumMinor: 1, minimumRoi: 0, extraPerUnitMinor: PREP_MINOR, priceRatios: GOING_PRICE })) {
    if (isAllowed(desk, outlet, offer)) atAll.add(offer.number);
  }
  for (const offer of trulyProfitable(desk.world, outlet.id, START, { minimumMinor: minProfit.minor + PREP_MINOR, minimumRoi: minRoiBp / 10_000, priceRatios: GOING_PRICE })) {
    const { profit, cost, units } = perUnit(desk, outlet, offer);
    if (isAllowed(desk, outlet, offer) && offer.expectedSold >= units / 2 && profit >= minProfit.minor && profit * 10_000 >= minRoiBp * cost) byLimits.add(offer.number);
  }
  return { byLimits, atAll };
}

/** True expected profit of what is shown, in the number that its figures are for. Null: wrong product. */
function trueProfitOf({ world }: FoundDesk, outlet: Outlet, { number, one }: { number: number; one: ShownOffer }): number | null {
  if (!one.right) return null;
  const truth = expectedProfit(world, { outletId: outlet.id, number, at: START, quantity: one.units, priceRatios: GOING_PRICE });
  return truth ? truth.profitMinor - PREP_MINOR * one.units : 0;
}

/** Adds what a scan showed, and what was there to find. */
export async function judgeShown(desk: FoundDesk, tallies: Record<Reading, Tally>): Promise<void> {
  const { world } = desk;
  for (const [outletId, sourceId] of desk.sources) {
    const outlet = world.shops.outlets.find((o) => o.id === outletId)!;
    const shown = await readShown(desk, outletId, sourceId);
    const { byLimits, atAll } = worthBuying(desk, outlet);
    for (const reading of READINGS) {
      for (const number of reading === 'anyProfit' ? atAll : byLimits) {
        const one = shown.get(number);
        // what is not rendered cannot be bought; what calls itself used is not new by its own words
        if (!one || one.condition !== 'new') continue;
        const tally = tallies[reading];
        const named = isNamed(desk, outletId, number);
        const found = isShown(one, reading) && one.right;
        tally.profitable += 1;
        tally.named += named ? 1 : 0;
        tally.found += found ? 1 : 0;
        tally.namedFound += found && named ? 1 : 0;
        if (!found) add(tally.missed, isShown(one, reading) ? 'wrong product' : reading === 'recommended' || !one.open ? one.why : `${one.verdict}${named ? '' : ', not what its page names'}`);
      }
    }
    for (const [number, one] of shown) {
      const readings = READINGS.filter((reading) => isShown(one, reading));
      if (readings.length === 0) continue;
      const profit = trueProfitOf(desk, outlet, { number, one });
      for (const reading of readings) {
        tallies[reading].shown += 1;
        if (profit !== null && profit >= 0) continue;
        tallies[reading].losing += 1;
        add(tallies[reading].lossCauses, profit === null ? 'wrong product' : world.shops.available(outletId, number, START) === 0 ? 'not there' : `${outlet.currency} ${world.catalog.byId(trueOffer(world, outletId, number)!.productId).category}`);
      }
    }
  }
}
