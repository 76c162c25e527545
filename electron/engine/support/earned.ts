/** What a kind of reply has earned: measured on the drafts that a person decided on, nothing else. */
import type { z } from 'zod';
import type { earnedRow, supportIntent } from '#contract/support.ts';
import { DAY_MS } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';
import { calibrationError } from './classify/index.ts';
import { AUTO_INTENTS, WINDOW, type SupportPolicy } from './policy.ts';

type Earned = z.infer<typeof earnedRow>;
export const INTENTS: readonly z.infer<typeof supportIntent>[] = ['shipping', 'return', 'payment', 'question', 'complaint', 'other'];
/** Fifty drafts fill no more. */
const BINS = 5;
const DECIDED = ['unchanged', 'edited', 'rejected', 'regretted'];

export async function readEarned(tx: Tx, policy: SupportPolicy, intent: Earned['intent'], now: number): Promise<Earned> {
  const rows = await tx.draftOutcome.findMany({ where: { intent, outcome: { in: DECIDED } }, orderBy: [{ at: 'desc' }, { messageId: 'desc' }], take: WINDOW });
  const first = await tx.draftOutcome.findFirst({ where: { intent, outcome: { in: DECIDED } }, orderBy: { at: 'asc' }, select: { at: true } });
  const right = rows.map((row) => row.outcome === 'unchanged');
  const acceptanceBp = rows.length === 0 ? null : Math.floor((right.filter(Boolean).length / rows.length) * 10_000);
  const eceBp = rows.length === 0 ? null : Math.round(calibrationError(rows.map((row) => row.confidenceBp / 10_000), right, BINS) * 10_000);
  const shadowUntil = first === null ? null : toNumber(first.at) + policy.shadowDays * DAY_MS;
  const on = policy.autoSend.includes(intent);
  const mayEver = (AUTO_INTENTS as readonly string[]).includes(intent);
  const why = !mayEver ? ['never', {}] as const : !on ? ['off', {}] as const : rows.length < policy.leastDrafts ? ['too-few', { count: rows.length, least: policy.leastDrafts }] as const
    : acceptanceBp! < policy.leastAcceptanceBp ? ['acceptance', { acceptanceBp, leastBp: policy.leastAcceptanceBp }] as const : eceBp! > policy.mostEceBp ? ['uncalibrated', { eceBp, mostBp: policy.mostEceBp }] as const
      : shadowUntil! > now ? ['shadow', { until: shadowUntil }] as const : ['earned', { acceptanceBp, count: rows.length }] as const;
  return { intent, on, mayEver, drafts: rows.length, acceptanceBp, eceBp, sentByItself: await tx.draftOutcome.count({ where: { intent, outcome: { in: ['by-itself', 'regretted'] } } }), shadowUntil, sends: why[0] === 'earned', why: { code: `support.earned-${why[0]}`, data: { ...why[1] } } };
}
