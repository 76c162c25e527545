import { COVERED_FIELDS, countFields, type FieldCoverage, type RawOffer, type RawReject } from '#engine/sources/ports.ts';

/** Share of the products of which each field was read. */
export function scoreCoverage(offers: readonly RawOffer[], rejects: readonly RawReject[]): FieldCoverage {
  const counts = countFields(offers, rejects);
  return Object.fromEntries(COVERED_FIELDS.map((field) => [field, counts.products === 0 ? 0 : Math.round((counts[field] * 10_000) / counts.products)])) as unknown as FieldCoverage;
}
