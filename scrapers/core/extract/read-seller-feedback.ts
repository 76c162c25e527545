/** What buyers say of a seller, in schema.org's `AggregateRating`: a mark of so many ratings on a scale whose ends are 1 and 5 unless told. */
import type { SellerFeedback } from '#engine/sources/ports.ts';

const numberOf = (value: unknown): number | null => {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value.trim().replace(/\s*%$/, '').replace(',', '.')) : Number.NaN;
  return Number.isFinite(number) ? number : null;
};

/** Undefined where the mark is off its scale, or does not say how many gave it: one without a count weighs nothing. */
export function readSellerFeedback(rating: Readonly<Record<string, unknown>> | undefined): SellerFeedback | undefined {
  const value = numberOf(rating?.['ratingValue']);
  const ratings = numberOf(rating?.['ratingCount']) ?? numberOf(rating?.['reviewCount']);
  const best = numberOf(rating?.['bestRating']) ?? 5;
  // a percentage has no worst mark but none at all
  const worst = numberOf(rating?.['worstRating']) ?? (best >= 100 ? 0 : 1);
  if (value === null || ratings === null || !Number.isSafeInteger(ratings) || ratings < 0 || worst >= best || value < worst || value > best) return undefined;
  const scale = best >= 100 ? 'positive' : 'stars';
  return { scale, scoreBp: Math.round(((value - worst) / (best - worst)) * 10_000), ratings, text: scale === 'positive' ? `${value} %` : `${value}/${best}` };
}
