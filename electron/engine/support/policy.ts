import { z } from 'zod';
import { supportPolicy } from '#contract/support.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { SettingKey } from '../settings/index.ts';

export type SupportPolicy = z.infer<typeof supportPolicy>;

/** What the business promises until the person says otherwise: assumptions of this program, careful ones. Nothing is sent by itself before it was switched on and earned. */
export const SUPPORT_POLICY: SettingKey<SupportPolicy> = {
  key: 'support-policy', schema: supportPolicy,
  fallback: {
    returnDays: 30, returnPostage: 'buyer', shipWithinDays: 3, arriveWithinDays: 10, damagedRefund: true, refundLimit: { minor: 5_000, currency: 'USD' }, quietFromMinute: 21 * 60, quietToMinute: 8 * 60, timeZone: 'UTC', takeMailFrom: 'customers',
    answerHours: [48, 24, 8, 2], autoSend: [], leastAcceptanceBp: 8_000, leastDrafts: 20, shadowDays: 7, mostEceBp: 1_500, keepDays: 730, canned: [],
  },
};

/** Kinds of message whose reply a template can settle from facts; the others are a person's, whatever was measured. */
export const AUTO_INTENTS = ['shipping', 'return', 'payment'] as const;
/** Of acceptance: the latest drafts of a kind that a person decided on. */
export const WINDOW = 50;
/** Of replies that might go by themselves, one in so many still waits for a person: the measure goes on. */
export const AUDITED_ONE_IN = 10;
/** A closed ticket is opened again by what comes in so soon after; later it is a new one. */
export const REOPEN_MS = 14 * DAY_MS;
