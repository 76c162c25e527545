import { seededRandom } from '#kernel/random.ts';
import { logNormal } from './create-catalog.ts';
import { mix } from './hash.ts';
import type { Product } from './types.ts';

/** How a product's price behaves beyond mean reversion. Days count from the first kept day, 400 before the start. */
export interface Trend {
  readonly kind: 'stable' | 'rising' | 'collapsing' | 'regime';
  readonly startDay: number;
  /** Log price change per day (rising, collapsing) or at once (regime). */
  readonly rate: number;
  /** Log change at which a rise or a collapse ends. */
  readonly limit: number;
}

export interface ProductPlan {
  readonly trend: Trend;
  /** Share of a deviation that is left after a day. */
  readonly memory: number;
  readonly volatility: number;
  readonly jumpRate: number;
  /** Loading on the category's price shock. */
  readonly beta: number;
  /** Own price elasticity of all demand, above 0. */
  readonly elasticity: number;
  readonly ebayRatio: number;
  /** Usual competing sellers on Amazon and on eBay. */
  readonly sellers: number;
  readonly ebaySellers: number;
  readonly usedRatio: number | null;
  readonly amazonSells: boolean;
  /** Mean days between out-of-stock gaps. */
  readonly gapEvery: number;
  /** Tenths of a star. */
  readonly rating: number;
  readonly salt: number;
}

/** Shares of the catalogue: rising 7 %, collapsing 10 %, changed regime 9 %. Half of the changes lie before the start, half come in the first 200 days. */
function planTrend(u: number, startDay: number, size: number): Trend {
  if (u < 0.07) return { kind: 'rising', startDay, rate: 0.001 + 0.003 * size, limit: 0.2 + 0.4 * size };
  if (u < 0.17) return { kind: 'collapsing', startDay, rate: -(0.004 + 0.011 * size), limit: -(0.5 + 0.8 * size) };
  if (u < 0.26) return { kind: 'regime', startDay, rate: (size < 0.6 ? -1 : 1) * (0.15 + 0.3 * Math.abs(size - 0.6)), limit: 0 };
  return { kind: 'stable', startDay, rate: 0, limit: 0 };
}

export function planProduct(seed: number, product: Product, units: number): ProductPlan {
  const random = seededRandom(`${seed}:plan:${product.id}`);
  const perishable = product.category === 'beauty' || product.category === 'grocery';
  const popularity = Math.max(0, Math.log(1 + units));
  return {
    trend: planTrend(random.next(), 200 + random.int(400), random.next()),
    memory: 1 - (0.02 + 0.1 * random.next()),
    volatility: 0.006 + 0.018 * random.next() * random.next(),
    jumpRate: 0.002 + 0.014 * random.next() * random.next(),
    beta: 0.4 + 1.1 * random.next(),
    elasticity: 0.7 + 1.6 * random.next(),
    ebayRatio: Math.exp(-0.06 + 0.09 * random.normal()),
    sellers: Math.max(1, Math.round(logNormal(random, 1.5 + 1.2 * popularity, 0.5))),
    ebaySellers: Math.max(0, Math.round(logNormal(random, 0.6 + 0.8 * popularity, 0.6)) - (random.next() < 0.3 ? 2 : 0)),
    usedRatio: perishable ? null : 0.45 + 0.35 * random.next(),
    amazonSells: random.next() < 0.38,
    gapEvery: 60 + 90 * popularity * (0.5 + random.next()),
    rating: Math.min(49, Math.max(28, Math.round(43 + 3.5 * random.normal()))),
    salt: mix(seed, product.id, 77),
  };
}

/** Log price change of the trend on a day, as known on `knownDay`: a change that starts later is not expected. */
export function trendOn(trend: Trend, day: number, knownDay = day): number {
  if (trend.kind === 'stable' || day < trend.startDay || knownDay < trend.startDay) return 0;
  if (trend.kind === 'regime') return trend.rate;
  const moved = trend.rate * (day - trend.startDay);
  return trend.rate > 0 ? Math.min(moved, trend.limit) : Math.max(moved, trend.limit);
}
