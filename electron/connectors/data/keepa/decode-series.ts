import { MINUTE_MS, type Instant } from '#kernel/time.ts';
import type { MoneySeries, Series } from '#engine/catalog/ports.ts';
import { isTriple } from './csv-types.ts';

/** Minutes between the Unix epoch and Keepa's own (2011-01-01T00:00Z). */
const KEEPA_EPOCH_MINUTES = 21_564_000;

export const instantOf = (keepaMinutes: number): Instant => (keepaMinutes + KEEPA_EPOCH_MINUTES) * MINUTE_MS;
export const keepaMinutesOf = (instant: Instant): number => Math.floor(instant / MINUTE_MS) - KEEPA_EPOCH_MINUTES;

/** A history that does not follow its own format. `reason` names the place. */
export class BrokenSeries extends Error {}

/**
 * One entry of `csv`: pairs (time, value), or triples (time, price, shipping) that become landed prices. Negative values are gaps (null).
 * Of two entries at one time the later counts.
 * @throws BrokenSeries when the length is odd, an entry is no whole number, or time runs backwards.
 */
export function decodeSeries(csv: unknown, type: number): Series | undefined {
  if (csv === null || csv === undefined) return undefined;
  if (!Array.isArray(csv)) throw new BrokenSeries(`csv.${type}: expected a list`);
  return decode(csv as unknown[], isTriple(type) ? 3 : 2, `csv.${type}`);
}

/** `monthlySoldHistory`: always pairs. */
export function decodePairs(list: unknown, name: string): Series | undefined {
  if (list === null || list === undefined) return undefined;
  if (!Array.isArray(list)) throw new BrokenSeries(`${name}: expected a list`);
  return decode(list as unknown[], 2, name);
}

function decode(list: readonly unknown[], width: 2 | 3, name: string): Series {
  if (list.length % width !== 0) throw new BrokenSeries(`${name}: ${list.length} entries are no multiple of ${width}`);
  const at: Instant[] = [];
  const value: (number | null)[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < list.length; i += width) {
    const time = list[i];
    const main = list[i + 1];
    const shipping = width === 3 ? list[i + 2] : 0;
    if (!Number.isSafeInteger(time) || !Number.isSafeInteger(main) || !Number.isSafeInteger(shipping)) throw new BrokenSeries(`${name}.${i}: expected whole numbers`);
    if ((time as number) < last) throw new BrokenSeries(`${name}.${i}: time runs backwards`);
    const decoded = (main as number) < 0 || (shipping as number) < 0 ? null : (main as number) + (shipping as number);
    if (time === last) value[value.length - 1] = decoded;
    else {
      at.push(instantOf(time as number));
      value.push(decoded);
      last = time as number;
    }
  }
  return { at, value };
}

export const inCurrency = (series: Series | undefined, currency: string): MoneySeries | undefined => (series ? { ...series, currency } : undefined);
