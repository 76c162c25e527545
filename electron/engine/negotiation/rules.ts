import { z } from 'zod';
import { DAY_MS, MINUTE_MS } from '#kernel/time.ts';
import type { SettingKey } from '../settings/index.ts';

const rulesSchema = z.strictObject({
  quietFromMinute: z.int().min(0).max(1_439), quietToMinute: z.int().min(0).max(1_439), leastGapMs: z.int().min(0), mostPerDay: z.int().min(1).max(50),
  mostOffers: z.int().min(1).max(20), replyWaitMs: z.int().min(MINUTE_MS), closeWaitMs: z.int().min(MINUTE_MS), approvalDays: z.int().min(1).max(60),
});
export type NegotiationRules = z.infer<typeof rulesSchema>;

/** How sellers are written to. Times of day are the seller's. The figures are this program's choice: no vendor asks for them. */
export const NEGOTIATION_RULES: SettingKey<NegotiationRules> = {
  key: 'negotiation-rules', schema: rulesSchema,
  fallback: { quietFromMinute: 21 * 60, quietToMinute: 8 * 60, leastGapMs: 10 * MINUTE_MS, mostPerDay: 6, mostOffers: 6, replyWaitMs: 2 * DAY_MS, closeWaitMs: 3 * DAY_MS, approvalDays: 14 },
};
