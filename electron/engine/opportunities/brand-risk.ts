import { z } from 'zod';
import { foldText } from '#kernel/fold-text.ts';
import type { DecisionFacts } from '#engine/pricing/index.ts';
import rawBrands from '../../../resources/brand-risks/brands.json' with { type: 'json' };

const LIST = z.strictObject({ version: z.string(), asOf: z.iso.date(), confidence: z.enum(['high', 'medium', 'low']), source: z.string().min(1), note: z.string(), brands: z.array(z.string().min(2)).min(1) }).parse(rawBrands);

/** `Levi’s`, `LEVIS` and `levi's` are one. */
const keyOf = (brand: string) => foldText(brand).replace(/[^\p{L}\p{N}]+/gu, '');
const KNOWN = new Set(LIST.brands.map(keyOf));

/** Who says so, since when (the day's start), and a version that changes with the list: what was judged by an older one is judged anew. */
export const BRAND_LIST = { version: LIST.version, source: LIST.source, at: Date.parse(`${LIST.asOf}T00:00:00Z`) } as const;

/** Whether a brand is known for complaints against resellers, and by whose word. A warning: what is never bought stands in the limits. */
export function brandRiskOf(brand: string | null): DecisionFacts['brandRisk'] {
  return brand !== null && KNOWN.has(keyOf(brand)) ? { level: 'warning', brand, source: LIST.source } : null;
}
