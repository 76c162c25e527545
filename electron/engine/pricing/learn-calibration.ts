import { ASSUMED_RETURNS, learnReturns, type LearnedReturns, type MeasuredReturns, type ReturnRecord } from './learn-returns.ts';

/** One sale that settled, beside what was estimated for it before any correction. Minor units, for one unit. */
export interface SettledSale {
  readonly category: string | null;
  readonly estimatedPriceMinor: number;
  readonly realisedPriceMinor: number;
  readonly estimatedFeesMinor: number;
  readonly realisedFeesMinor: number;
}

/** What one lot was expected to sell while it was for sale, and sold: unsold time counts as well, or only the quick ones would teach. */
export interface Exposure {
  readonly category: string | null;
  /** Units that the uncorrected forecast promised for the days that it was offered. */
  readonly expectedUnits: number;
  readonly soldUnits: number;
}

/** A correction, in basis points of the estimate: 10,000 changes nothing. */
export interface LearnedCorrection {
  /** `all` over all categories. */
  readonly category: string;
  readonly items: number;
  readonly priceBp: number;
  readonly feesBp: number;
  readonly demandBp: number;
  /** Standard deviation of the logarithm of realised over corrected price, ten-thousandths. */
  readonly spreadBp: number;
  /** What the selling channel says that it sold of products, over what its assumed share of the larger shop's sales promised; null where it said that of too few. */
  readonly channelBp: number | null;
  /** Of returns; null where no sale has had its time to come back. */
  readonly returnsBp: number | null;
  readonly recoveryBp: number | null;
  readonly feesKeptBp: number | null;
  readonly measured: { readonly priceRatioBp: number; readonly feesRatioBp: number; readonly expectedUnits: number; readonly soldUnits: number; readonly returns?: MeasuredReturns; readonly channel?: { readonly products: number; readonly soldUnits: number; readonly promisedUnits: number } };
}

/** What settled and counted: all that corrections are learned from. */
export interface Outcomes {
  readonly sales: readonly SettledSale[];
  readonly exposures: readonly Exposure[];
  readonly returns: readonly ReturnRecord[];
  /** Of each product that the selling channel was asked about: what all sellers sold there against what was promised of the channel. */
  readonly counted: readonly Exposure[];
}

export const ALL_CATEGORIES = 'all';
/** Sales of a category below which nothing is said of it. */
export const LEAST_SALES = 10;
/** Counted products below which nothing is said of what the channel sells. */
export const LEAST_COUNTED = 10;
/** What stands for "no correction": so many sales of evidence, and so many lots. */
const PRIOR_SALES = 20;
const PRIOR_LOTS = 4;
/** Lots sell at speeds of their own around the forecast: a gamma of this shape, a spread of about 0.6 in logarithms, as the forecast's own. */
const SPEED_SHAPE = 2.5;
const ROUNDS = 30;
const PRICE_BOUNDS = [0.7, 1.3] as const;
const DEMAND_BOUNDS = [0.2, 8] as const;

const clamp = (value: number, [low, high]: readonly [number, number]) => Math.max(low, Math.min(high, value));
const basisPoints = (ratio: number) => Math.round(ratio * 10_000);

/**
 * Mean over the lots of true over forecast speed. A lot that sells at once is for sale for few days, a slow one for all of them: sales over expected sales would count the slow ones most. Each lot's
 * speed is a gamma around the mean, which its own sales and days move (expectation maximisation); the prior counts as so many lots.
 */
function meanSpeed(exposures: readonly Exposure[], prior: number): number {
  let mean = prior;
  for (let round = 0; round < ROUNDS; round++) {
    const total = exposures.reduce((sum, lot) => sum + (SPEED_SHAPE + lot.soldUnits) / (SPEED_SHAPE / mean + lot.expectedUnits), 0);
    mean = (total + PRIOR_LOTS * prior) / (exposures.length + PRIOR_LOTS);
  }
  return mean;
}

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Of a normal spread, the median distance from the middle. */
const MEDIAN_DISTANCE = 0.6745;
const STRAY_SIGMAS = 3;
const LEAST_STRAY = 0.1;

const middleOf = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Drawn in to three spreads from the middle: a thing that was not what it was sold as would otherwise widen the estimates of its whole category. */
function withoutStrays(logs: readonly number[]): number[] {
  const middle = middleOf(logs);
  const most = Math.max(LEAST_STRAY, (STRAY_SIGMAS / MEDIAN_DISTANCE) * middleOf(logs.map((log) => Math.abs(log - middle))));
  return logs.map((log) => clamp(log, [middle - most, middle + most]));
}

interface Prior { readonly price: number; readonly fees: number; readonly demand: number; readonly spread: number; readonly returns: LearnedReturns | null; readonly channel: number | null }
const NONE: Prior = { price: 0, fees: 0, demand: 1, spread: 0, returns: null, channel: null };
const NO_RETURNS = { returnsBp: null, recoveryBp: null, feesKeptBp: null } as const;

/** Null where too few products were counted, by this category and by all. */
function channelShare(counted: readonly Exposure[], prior: number | null): number | null {
  return prior === null && counted.length < LEAST_COUNTED ? null : clamp(meanSpeed(counted, prior ?? 1), DEMAND_BOUNDS);
}

const unitsOf = (exposures: readonly Exposure[]) => ({ promised: Math.round(sumOf(exposures.map((e) => e.expectedUnits)) * 100) / 100, sold: sumOf(exposures.map((e) => e.soldUnits)) });

function correct(category: string, { sales, exposures, returns, counted }: Outcomes, prior: Prior): { correction: LearnedCorrection; as: Prior } {
  const n = sales.length;
  const logs = withoutStrays(sales.map((s) => Math.log(s.realisedPriceMinor / s.estimatedPriceMinor)));
  const fees = sales.filter((s) => s.estimatedFeesMinor > 0 && s.realisedFeesMinor > 0).map((s) => Math.log(s.realisedFeesMinor / s.realisedPriceMinor) - Math.log(s.estimatedFeesMinor / s.estimatedPriceMinor));
  const shrunk = (values: readonly number[], towards: number) => (sumOf(values) + PRIOR_SALES * towards) / (values.length + PRIOR_SALES);
  const price = clamp(Math.exp(shrunk(logs, prior.price)), PRICE_BOUNDS);
  const feesRatio = clamp(Math.exp(shrunk(fees, prior.fees)), PRICE_BOUNDS);
  const { promised, sold } = unitsOf(exposures);
  const channel = channelShare(counted, prior.channel);
  const demand = clamp(meanSpeed(exposures, prior.demand), DEMAND_BOUNDS);
  const centre = Math.log(price);
  const spread = n < LEAST_SALES ? prior.spread : Math.sqrt(sumOf(logs.map((log) => (log - centre) ** 2)) / (n - 1));
  const back = learnReturns(returns, prior.returns ?? ASSUMED_RETURNS);
  const mean = (values: readonly number[]) => (values.length === 0 ? 1 : Math.exp(sumOf(values) / values.length));
  return {
    correction: { category, items: n, priceBp: basisPoints(price), feesBp: basisPoints(feesRatio), demandBp: basisPoints(demand), spreadBp: basisPoints(spread), ...(back?.learned ?? prior.returns ?? NO_RETURNS), channelBp: channel === null ? null : basisPoints(channel), measured: { priceRatioBp: basisPoints(mean(logs)), feesRatioBp: basisPoints(mean(fees)), expectedUnits: promised, soldUnits: sold, ...(back ? { returns: back.measured } : {}), ...(channel !== null && counted.length > 0 ? { channel: { products: counted.length, promisedUnits: unitsOf(counted).promised, soldUnits: unitsOf(counted).sold } } : {}) } },
    as: { price: centre, fees: Math.log(feesRatio), demand, spread, returns: back?.learned ?? prior.returns, channel },
  };
}

const of = <T extends { readonly category: string | null }>(some: readonly T[], category: string): T[] => some.filter((one) => one.category === category);

/**
 * Corrections from settled sales and from what the selling channel says of its own: one over all categories, drawn towards none, and one for each category with enough of either, drawn towards that. Pure: the
 * same outcomes teach the same. With too few sales of one's own price, fees and demand stay as they are.
 */
export function learnCalibration(outcomes: Pick<Outcomes, 'sales' | 'exposures'> & Partial<Outcomes>): LearnedCorrection[] {
  const { returns = [], counted = [] } = outcomes;
  const usable = outcomes.sales.filter((s) => s.estimatedPriceMinor > 0 && s.realisedPriceMinor > 0);
  const enough = usable.length >= LEAST_SALES;
  if (!enough && counted.length < LEAST_COUNTED) return [];
  const learned = { sales: enough ? usable : [], exposures: enough ? outcomes.exposures : [], returns: enough ? returns : [], counted };
  const all = correct(ALL_CATEGORIES, learned, NONE);
  const categories = [...new Set([...learned.sales, ...counted].map((one) => one.category).filter((c): c is string => c !== null))].sort();
  const own = categories.flatMap((category) => {
    const mine = { sales: of(learned.sales, category), exposures: of(learned.exposures, category), returns: of(learned.returns, category), counted: of(counted, category) };
    return mine.sales.length < LEAST_SALES && mine.counted.length < LEAST_COUNTED ? [] : [correct(category, mine, all.as).correction];
  });
  return [all.correction, ...own];
}
