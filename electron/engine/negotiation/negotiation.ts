import { z } from 'zod';
import type { MessageLanguage } from '#kernel/detect-language.ts';
import type { Instant } from '#kernel/time.ts';
import { readingSchema, reasoningSchema } from '#contract/negotiations.ts';
import type { Reason } from '#contract/shared.ts';
import type { ChannelId } from './ports.ts';
import type { AcceptanceHistory, Talk, TalkState, Turn } from './strategy/index.ts';

export type Reading = z.infer<typeof readingSchema>;
export type Reasoning = z.infer<typeof reasoningSchema>;
export type NextStep = 'decide' | 'send' | 'remind' | 'close';
export type OutgoingKind = 'opening' | 'counter' | 'accept' | 'walk-away' | 'reminder' | 'own';
export type TextState = 'draft' | 'queued' | 'sending' | 'sent' | 'failed' | 'dropped' | 'by-hand' | 'received';

/** A talk with its approved ceiling. Prices are minor units of `currency`, for one offer. */
export interface Negotiation {
  readonly id: string;
  readonly opportunityId: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly sourceKind: string;
  readonly offerExternalId: string;
  readonly offerUrl: string;
  readonly title: string;
  readonly sellerName: string | null;
  readonly sellerKey: string;
  readonly channel: ChannelId;
  readonly recipient: string;
  readonly language: MessageLanguage;
  readonly timeZone: string;
  readonly state: TalkState;
  readonly currency: string;
  readonly askedMinor: number;
  readonly ceilingMinor: number;
  /** At or below the ceiling. */
  readonly workingMinor: number;
  readonly mostOffers: number;
  readonly turns: readonly Turn[];
  readonly review: boolean;
  readonly agreedMinor: number | null;
  readonly endReason: Reason | null;
  readonly nextStep: NextStep | null;
  readonly nextAt: Instant | null;
  readonly reminded: boolean;
  readonly evidence: string;
  readonly evidenceSha256: string;
  readonly approvedBy: string;
  readonly approvedAt: Instant;
  readonly expiresAt: Instant;
  readonly reasoning: Reasoning | null;
  readonly purchaseId: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly endedAt: Instant | null;
  readonly version: number;
}

export interface TalkText {
  readonly id: string;
  readonly negotiationId: string;
  readonly direction: 'out' | 'in';
  readonly state: TextState;
  readonly author: 'strategy' | 'ai' | 'person' | 'seller';
  readonly kind: string;
  readonly text: string;
  readonly language: MessageLanguage | null;
  readonly amountMinor: number | null;
  readonly reading: Reading | null;
  readonly correctedBy: string | null;
  readonly reasoning: Reasoning | null;
  readonly externalId: string | null;
  readonly attemptedAt: Instant | null;
  readonly sentAt: Instant | null;
  /** When the receiving side took it in, where the vendor says. */
  readonly deliveredAt: Instant | null;
  readonly error: string | null;
  readonly createdAt: Instant;
}

export const turnsSchema: z.ZodType<Turn[]> = z.array(z.union([
  z.strictObject({ by: z.literal('us'), amountMinor: z.int() }),
  z.strictObject({ by: z.literal('them'), kind: z.enum(['price', 'last-price']), amountMinor: z.int() }),
  z.strictObject({ by: z.literal('them'), kind: z.literal('refusal') }),
]));

/** The talk as the pure strategy sees it: with the ceiling that holds now. */
export function talkOf(talk: Negotiation, history: AcceptanceHistory): Talk {
  const { state, currency, askedMinor, mostOffers, turns, agreedMinor } = talk;
  return { state, currency, askedMinor, mostOffers, turns, agreedMinor, ceilingMinor: talk.workingMinor, history };
}

export const ourLast = (talk: Pick<Negotiation, 'turns'>): number | null => talk.turns.findLast((turn) => turn.by === 'us')?.amountMinor ?? null;

export function theirLast(talk: Pick<Negotiation, 'turns'>): number | null {
  const turn = talk.turns.findLast((t) => t.by === 'them' && t.kind !== 'refusal');
  return turn && 'amountMinor' in turn ? turn.amountMinor : null;
}

/** What stands in addresses and subjects so that an answer finds its talk. */
export const tagOf = (talk: Pick<Negotiation, 'id'>): string => talk.id.replace(/^[a-z]+_/, '').replaceAll('-', '').slice(0, 32);
