import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { MarketData, Series } from './ports.ts';

/**
 * What is kept of a data vendor's answer about one product: derived facts, not its payload.
 *
 * A series is packed: `at[i]` is `start + 60000 × (gap[0] + … + gap[i])`, `value[i]` holds from there on, null is a gap.
 */
const packedSeries = z.strictObject({ unit: z.enum(['minor', 'rank', 'count']), start: z.int(), gap: z.array(z.int()), value: z.array(z.number().nullable()) });
export type PackedSeries = z.infer<typeof packedSeries>;

export const SERIES_KEYS = ['buyBox', 'new', 'newFulfilledByMarket', 'newFulfilledBySeller', 'amazon', 'ebayNew', 'used', 'ebayUsed', 'listPrice', 'salesRank', 'offersNew'] as const;
export type SeriesKey = (typeof SERIES_KEYS)[number];
const UNITS: Partial<Record<SeriesKey, PackedSeries['unit']>> = { salesRank: 'rank', offersNew: 'count' };

export const marketFactsSchema = z.strictObject({
  market: z.string(),
  externalId: z.string(),
  kind: z.enum(['standard', 'price-hidden', 'variation-parent', 'unavailable']),
  currency: z.string(),
  packQuantity: z.int().nullable(),
  hazards: z.array(z.string()),
  newPriceHidden: z.boolean(),
  monthlySold: z.number().nullable(),
  rankDrops30: z.number().nullable(),
  rankDrops90: z.number().nullable(),
  outOfStockPercent90: z.number().nullable(),
  refreshedAt: z.int().nullable(),
  /** Of all that is above and below: the same facts have the same. */
  hash: z.string(),
  series: z.partialRecord(z.enum(SERIES_KEYS), packedSeries),
});
export type MarketFacts = z.infer<typeof marketFactsSchema>;

const MINUTE = 60_000;

/** The part of a series since `from`, with the value that held there; at most one point an hour (the last one wins). */
export function packSeries(series: Series, unit: PackedSeries['unit'], from: Instant): PackedSeries {
  const at: Instant[] = [];
  const value: (number | null)[] = [];
  for (let i = 0; i < series.at.length; i++) {
    const instant = Math.max(series.at[i]!, from);
    const point = series.value[i] ?? null;
    const last = at.length - 1;
    if (last >= 0 && (instant - at[last]! < 60 * MINUTE || at[last]! <= from && instant === from)) value[last] = point;
    else if (last < 0 || value[last] !== point) {
      at.push(instant);
      value.push(point);
    }
  }
  const start = at[0] ?? from;
  return { unit, start, gap: at.map((instant, i) => Math.round((instant - (i === 0 ? start : at[i - 1]!)) / MINUTE)), value };
}

export function unpackSeries(packed: PackedSeries): Series {
  let instant = packed.start;
  return { at: packed.gap.map((gap) => (instant += gap * MINUTE)), value: packed.value };
}

/** @param from histories before this instant are not kept. */
export function factsOf(data: MarketData, from: Instant): MarketFacts {
  const series: MarketFacts['series'] = {};
  for (const key of SERIES_KEYS) {
    const history = data.histories[key];
    if (history && history.at.length > 0) series[key] = packSeries(history, UNITS[key] ?? 'minor', from);
  }
  const facts: Omit<MarketFacts, 'hash'> = {
    market: data.item.market, externalId: data.item.externalId, kind: data.item.kind, currency: data.currency,
    packQuantity: data.item.packQuantity ?? null, hazards: [...data.item.hazards], newPriceHidden: data.newPriceHidden,
    monthlySold: data.demand.monthlySold ?? null, rankDrops30: data.demand.rankDrops30 ?? null, rankDrops90: data.demand.rankDrops90 ?? null,
    outOfStockPercent90: data.outOfStockPercent90 ?? null, refreshedAt: data.refreshedAt ?? null, series,
  };
  return { ...facts, hash: hash('sha256', JSON.stringify({ ...facts, refreshedAt: null }), 'base64url').slice(0, 22) };
}

/** The last value of a series that is not a gap, at or before `at`; null without one or when the series stands at a gap. */
export function valueNow(packed: PackedSeries | undefined): number | null {
  return packed?.value.at(-1) ?? null;
}

/** Histories of what one new unit goes for, the selling channel's own first. */
const PRICE_SERIES = ['ebayNew', 'new', 'newFulfilledBySeller', 'buyBox'] as const satisfies readonly SeriesKey[];

export interface LatestPrice {
  readonly series: (typeof PRICE_SERIES)[number];
  readonly minor: number;
  /** When it was told; where the last offer went before that, when it went. */
  readonly at: Instant;
}

/** The price that stands at the end of the histories; where none does, the one that stood last. @param told when the vendor said so */
export function latestPrice({ series }: MarketFacts, told: Instant): LatestPrice | null {
  let gone: LatestPrice | null = null;
  for (const key of PRICE_SERIES) {
    const packed = series[key];
    if (!packed) continue;
    const { at, value } = unpackSeries(packed);
    const last = value.findLastIndex((v) => v !== null && v > 0);
    if (last < 0) continue;
    if (last === value.length - 1) return { series: key, minor: value[last]!, at: told };
    const went = at[last + 1]!;
    if (gone === null || went > gone.at) gone = { series: key, minor: value[last]!, at: went };
  }
  return gone;
}
