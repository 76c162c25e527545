/** How hard buyers look at price: the log-odds of choosing an offer fall by this for each 1 % above the going price, in hundredths. */
const SHARPNESS = 9;
/** Weight of not buying at all, against 1 for an offer at the going price. */
const WALK_AWAY = 0.35;
/** Beyond this multiple of the going price nobody buys. */
const ABSURD = 1.4;

const rivals: number[] = [0];

/** Weight of the first `count` rivals, whose prices step up by 4 %. */
function rivalWeight(count: number): number {
  for (let n = rivals.length; n <= count; n++) rivals.push(rivals[n - 1]! + Math.exp(-SHARPNESS * Math.log(1 + 0.04 * (n - 1))));
  return rivals[count]!;
}

/**
 * Share of a market's buyers who take our offer.
 * @param ratio our price to the buyer (shipping included) over the going price; @param competitors other live offers
 */
export function captureShare(ratio: number, competitors: number): number {
  if (ratio >= ABSURD) return 0;
  const own = Math.exp(-SHARPNESS * Math.log(Math.max(0.3, ratio)));
  return own / (own + rivalWeight(Math.max(0, competitors)) + WALK_AWAY);
}

/**
 * Share of a market's buyers who take the offer of each of `count` sellers among themselves, cheapest first: what they sell while we offer nothing.
 */
export function rivalShares(count: number): number[] {
  const all = rivalWeight(count) + WALK_AWAY;
  return Array.from({ length: count }, (_, k) => (rivalWeight(k + 1) - rivalWeight(k)) / all);
}

/** Share of a day's sales in each UTC hour (US shoppers); sums to 1. */
export const HOUR_SHARE: readonly number[] = [0.062, 0.066, 0.064, 0.058, 0.046, 0.032, 0.02, 0.013, 0.01, 0.01, 0.014, 0.022, 0.032, 0.041, 0.048, 0.053, 0.056, 0.057, 0.056, 0.055, 0.053, 0.05, 0.041, 0.041];
