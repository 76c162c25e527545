import { talkRules, type TalkRules } from '#contract/negotiations.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/time.ts';
import type { SettingKey } from '../settings/index.ts';

/** How sellers are written to, until a person says otherwise. The figures are this program's choice: no vendor asks for them. */
export const NEGOTIATION_RULES: SettingKey<TalkRules> = {
  key: 'negotiation-rules', schema: talkRules,
  fallback: { quietFromMinute: 21 * 60, quietToMinute: 8 * 60, leastGapMs: 10 * MINUTE_MS, mostPerDay: 6, mostOffers: 6, replyWaitMs: 2 * DAY_MS, closeWaitMs: 3 * DAY_MS, approvalDays: 14 },
};
