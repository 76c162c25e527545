/** Choosing to buy nowhere weighs so much beside an offer at the going price (assumption). */
const WALK_AWAY = 0.4;
/** Where others' prices are not known, so many of them are assumed, each this much dearer than the one before. */
const ASSUMED_RIVALS = 4;
const ASSUMED_STEP = 0.03;

export interface Offers {
  /** The going price, minor units: what the market's lowest offers ask, with shipping. */
  readonly referenceMinor: number;
  /** What others ask, where it is known; null: not known. */
  readonly rivalsMinor: readonly number[] | null;
}

/** Weights of the others, as multiples of the going price: the likes of `shareOfBuyers` for many prices against one set of rivals. */
export function othersOf({ referenceMinor, rivalsMinor }: Offers): readonly number[] {
  if (rivalsMinor === null) return Array.from({ length: ASSUMED_RIVALS }, (_, k) => 1 + ASSUMED_STEP * k);
  return rivalsMinor.map((minor) => minor / referenceMinor);
}

/**
 * Share of the buyers who take our offer: a multinomial logit over the logarithm of price, against the others' offers and not buying.
 * @param ratio our price over the going price; @param sharpness how fast buyers leave a dearer offer
 */
export function shareOfBuyers(ratio: number, others: readonly number[], sharpness: number): number {
  const weight = (r: number) => Math.exp(-sharpness * Math.log(Math.max(0.05, r)));
  let all = WALK_AWAY;
  for (const other of others) all += weight(other);
  const own = weight(ratio);
  return own / (own + all);
}
