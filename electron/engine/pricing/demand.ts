import type { Instant } from '#kernel/time.ts';
import { meanDemand } from './learn-seasons.ts';
import type { ChannelCount, Coded, MarketEvidence, SeasonWave, SeriesSummary, UnknownCode } from './types.ts';

/** What one seller can sell: the logarithm of units a day is normal with this mean and spread. */
export interface DemandForecast {
  readonly logRatePerDay: number;
  readonly sigma: number;
  /** By the market's figures alone, without what settled sales taught and without what the channel sold: corrections are of these figures. */
  readonly uncorrectedPerDay: number;
  readonly channelCount: ChannelCount | null;
  /** By the season of its category. */
  readonly seasonal?: boolean;
  /** The channel says what it sells, or own sales do. */
  readonly seen: boolean;
  readonly unknowns: readonly Coded<UnknownCode>[];
  /** Evidence behind it, 0 to 1, for the confidence. */
  readonly weight: number;
}

/** A share of the marketplace's own offer counts as this many competitors: it mostly holds the Buy Box. */
const VENDOR_AS_COMPETITORS = 3;
const ASSUMED_COMPETITORS = 4;
/** Offers stand at different prices, and ours at the going one: each further rival asks more and takes a quarter less than the one before. An assumption of this program. */
const RIVAL_FADES = 0.75;
/** A shop page shows the bottom of a band ("50+ bought in the past month"; bands of 50 below 100, of 100 below 1,000, then of 1,000): its middle is meant. */
const BANDS = [[100, 50], [1_000, 100], [Number.POSITIVE_INFINITY, 1_000]] as const;
/** Falls of the rank below which the last month alone is mostly chance, so that three months count as well. */
const ENOUGH_FALLS = 30;
/** Days that the market's figure is worth beside own sales. */
const PRIOR_DAYS = 15;

function middleOfBand(shown: number): number {
  if (shown < 50 || shown % 50 !== 0) return shown;
  const [, band] = BANDS.find(([below]) => shown < below)!;
  return shown % band === 0 ? shown + band / 2 : shown;
}

/** Of the demand, what an offer at the going price takes beside so many rivals. */
function shareBeside(rivals: number): number {
  return 1 / (1 + (1 - RIVAL_FADES ** rivals) / (1 - RIVAL_FADES));
}

/** `recent` of it rests on the last month alone, the rest on three. */
interface MarketRate { perMonth: number; sigma: number; weight: number; recent: number; gap: Coded<UnknownCode> | null }

/**
 * Units a month that the market sells, by the best evidence there is. The rank line is a rough prior over all categories (3,000 a month at rank 1,000, falling by 0.93 in logarithms):
 * its spread is wide, and settled sales correct it through `calibration`.
 */
function marketRate(evidence: MarketEvidence, rank: number | null): MarketRate {
  if (evidence.monthlySold !== undefined && evidence.monthlySold !== null) return { perMonth: Math.max(0.3, middleOfBand(evidence.monthlySold)), sigma: 0.35, weight: 1, recent: 1, gap: null };
  const drops30 = evidence.rankDrops30 ?? null;
  const drops90 = evidence.rankDrops90 ?? null;
  if (drops30 !== null || drops90 !== null) {
    const recent = drops30 ?? drops90! / 3;
    const longer = drops90 === null ? recent : drops90 / 3;
    // falls are counts: the fewer there are, the less the last month says beside the last three
    const newest = Math.min(0.6, (0.6 * recent) / ENOUGH_FALLS);
    return { perMonth: Math.max(0.3, newest * recent + (1 - newest) * longer), sigma: Math.hypot(0.4, 1 / Math.sqrt(1 + (drops90 ?? recent))), weight: 0.8, recent: newest, gap: null };
  }
  if (rank !== null) return { perMonth: 3_000 * (rank / 1_000) ** -0.93, sigma: 1, weight: 0.4, recent: 1, gap: { code: 'demand.rank-only', data: { rank: Math.round(rank) } } };
  return { perMonth: 4, sigma: 1.2, weight: 0.1, recent: 1, gap: { code: 'demand.none', data: {} } };
}

/** What the channel's assumed share of a larger shop's sales may be off by: logarithms. */
const SHARE_SIGMA = 0.8;
/** What a product's share is off from that of its category, where the channel's own counts told that: chosen in practice worlds 24 to 40. */
const LEARNED_SHARE_SIGMA = 0.4;

/** That a channel's count looks back, as a rule. */
const CHANNEL_DAYS = 90;

interface ChannelRate { readonly perDay: number; readonly sigma: number }

/** Days from now in which units are sold, as a rule. */
const AHEAD_DAYS = [5, 60] as const;

/** How many times as much sells in the weeks to come as in the days before now, by the season; 1 where none was learned. */
export function seasonRatio(wave: SeasonWave | undefined, at: Instant, pastDays: number): number {
  return wave ? meanDemand(wave, at, AHEAD_DAYS) / meanDemand(wave, at, [-Math.max(5, pastDays), 0]) : 1;
}

/**
 * Units a day that the channel sells, all sellers together: what the market's figures lead to, moved by what the channel is known to have sold. A gamma with the market's spread, and counts. In the weeks to come: `expected` is of them, and what
 * was sold is counted as of days that are as good.
 */
function channelRate(expected: number, sigma: number, { channelSold, channelShare, calibration, season, at }: MarketEvidence): ChannelRate {
  if (!channelSold || channelSold.days <= 0) return { perDay: expected, sigma };
  const shareSigma = channelShare === undefined ? 0 : calibration?.channelBp === undefined ? SHARE_SIGMA : LEARNED_SHARE_SIGMA;
  const shape = 1 / (sigma * sigma + shareSigma * shareSigma);
  return { perDay: (shape + channelSold.units) / (shape / expected + channelSold.days / seasonRatio(season, at, CHANNEL_DAYS)), sigma: 1 / Math.sqrt(shape + channelSold.units) };
}

/**
 * For each 1 % that a thing will be dearer than it was while its demand was seen, buyers take so many % less. An assumption of this program, near what the practice market's buyers do (worlds 21 to 40); shoppers'
 * goods are commonly taken to be about as elastic.
 */
const PRICE_ELASTICITY = 1.2;
const MOST_MOVE_LOG = 0.4;
/** Shown from here on. */
const TOLD_MOVE_LOG = 0.1;

/** Market demand by rank's drift and the price's move, moved by what the channel sold, shared among the offers, drawn towards own sales as they grow. @param priceMoveLog `PriceForecast.moveLog` */
export function forecastDemand(evidence: MarketEvidence, ranks: SeriesSummary | null, priceMoveLog = 0): DemandForecast {
  const market = marketRate(evidence, ranks?.level ?? null);
  const competitors = evidence.competingOffers ?? null;
  const gap = evidence.channelSold && evidence.channelSold.units > 0 ? null : market.gap;
  const unknowns: Coded<UnknownCode>[] = gap ? [gap] : [];
  if (competitors === null) unknowns.push({ code: 'competition.unknown', data: { assumed: ASSUMED_COMPETITORS } });
  const seen = evidence.channelSold !== undefined || (evidence.own?.days ?? 0) > 0;
  if (!seen) unknowns.push({ code: 'demand.channel-silent', data: {} });
  const rivals = (competitors ?? ASSUMED_COMPETITORS) + (evidence.vendorSells ? VENDOR_AS_COMPETITORS : 0);
  const drift = ranks ? Math.max(-0.4, Math.min(0.4, -0.9 * ranks.driftPerDay * 15)) : 0;
  const expected = (market.perMonth / 30) * (evidence.channelShare ?? 1);
  const moved = Math.max(-MOST_MOVE_LOG, Math.min(MOST_MOVE_LOG, -PRICE_ELASTICITY * priceMoveLog));
  if (Math.abs(moved) >= TOLD_MOVE_LOG) unknowns.push({ code: 'demand.price-moves', data: { ratioBp: Math.round(10_000 * Math.exp(moved)) } });
  const ours = shareBeside(rivals) * Math.exp(drift + moved);
  const { channelBp, demandBp = 10_000 } = evidence.calibration ?? {};
  const season = market.recent * seasonRatio(evidence.season, evidence.at, 30) + (1 - market.recent) * seasonRatio(evidence.season, evidence.at, 90);
  const channel = channelRate((season * expected * (channelBp ?? demandBp)) / 10_000, market.sigma, evidence);
  const sold = evidence.channelSold;
  const channelCount = sold && sold.days > 0 ? { units: sold.units, days: sold.days, promisedPerDay: expected } : null;
  const perDay = channel.perDay * ours;
  const uncorrectedPerDay = season * expected * ours;
  const marketSigma = Math.hypot(channel.sigma, competitors === null ? 0.6 : 0.3);
  const own = evidence.own;
  if (!own || own.days <= 0) return { logRatePerDay: Math.log(perDay), sigma: marketSigma, uncorrectedPerDay, channelCount, seen, seasonal: evidence.season !== undefined, unknowns, weight: market.weight * (competitors === null ? 0.7 : 1) };
  const blend = (rate: number) => (PRIOR_DAYS * rate + own.units) / (PRIOR_DAYS + own.days);
  const evidenceUnits = own.units + 1 / (marketSigma * marketSigma);
  return { logRatePerDay: Math.log(blend(perDay)), sigma: Math.min(marketSigma, 1 / Math.sqrt(evidenceUnits)), uncorrectedPerDay: blend(uncorrectedPerDay), channelCount, seen, seasonal: evidence.season !== undefined, unknowns, weight: Math.min(1, market.weight + own.units / 20) };
}
