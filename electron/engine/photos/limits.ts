import { z } from 'zod';
import raw from '../../../resources/listing-rules/picture-limits.json' with { type: 'json' };

/** What pictures of a lot may be: dated figures, with their source. */
export const PICTURE_LIMITS = z.strictObject({
  version: z.string(), asOf: z.iso.date(), confidence: z.enum(['high', 'medium', 'low']), source: z.string(), side: z.int(), leastSide: z.int(), mostBytes: z.int(), picturesPerLot: z.int(), uploadBytes: z.int(), mostPixels: z.int(),
}).parse(raw);
