import { listingRules, type ListingRules } from '#contract/selling.ts';
import type { SettingKey } from '../settings/index.ts';
import { floorPrice, profitAt, type FloorNeeds } from './floor-price.ts';

/** How prices are set until a person says otherwise: the going price, without a margin to aim at. */
export const LISTING_RULES: SettingKey<ListingRules> = { key: 'listing-rules', schema: listingRules, fallback: { targetMarginBp: 0, speed: 'usual' } };

/**
 * What is asked of the going price, in basis points: at first, and at the most where the target margin wants more. The figures are this program's choice (22 November 2026): in its price research a listing
 * a few per cent above the going price sells noticeably less often, and one beyond a tenth hardly at all.
 */
const ASKED: Readonly<Record<ListingRules['speed'], { readonly firstBp: number; readonly mostBp: number }>> = {
  quick: { firstBp: 9_600, mostBp: 9_600 }, usual: { firstBp: 10_000, mostBp: 10_300 }, patient: { firstBp: 10_500, mostBp: 11_000 },
};

const BP = 10_000;

/** The lowest price that leaves `marginBp` of itself as profit, in minor units; null where fees leave no such price. */
export function priceForMargin(needs: FloorNeeds, marginBp: number): number | null {
  // profit − margin × price is a floor whose fees hold the margin as well
  return floorPrice({ ...needs, minProfitMinor: 0, feesAt: (price) => needs.feesAt(price) + Math.ceil((price * marginBp) / BP) });
}

export interface AskedPrice {
  readonly minor: number;
  readonly basis: 'market' | 'estimate' | 'margin' | 'floor';
}

/**
 * What to ask: the going price at the speed wanted, raised to the target margin as far as a buyer would go along, and never below the floor. Without a market there is nothing to stay near, so the estimate is raised to the
 * margin however far it is.
 * @param going minor units of what the market shows, or of the estimate where it shows nothing.
 */
export function choosePrice(needs: FloorNeeds, given: { readonly floor: number; readonly going: number; readonly known: boolean; readonly rules: ListingRules }): AskedPrice {
  const { floor, going, known, rules } = given;
  const { firstBp, mostBp } = ASKED[rules.speed];
  const first = Math.round((going * firstBp) / BP);
  const aim = rules.targetMarginBp === 0 ? null : priceForMargin(needs, rules.targetMarginBp);
  const most = known || rules.speed === 'quick' ? Math.round((going * mostBp) / BP) : Infinity;
  const asked = aim !== null && aim > first && aim <= most ? aim : first;
  if (floor > asked) return { minor: floor, basis: 'floor' };
  return { minor: asked, basis: asked === first ? (known ? 'market' : 'estimate') : 'margin' };
}

/** Profit as a share of the price, in basis points, rounded down. */
export function marginBpAt(needs: FloorNeeds, priceMinor: number): number {
  return Math.floor((profitAt(needs, priceMinor) * BP) / priceMinor);
}
