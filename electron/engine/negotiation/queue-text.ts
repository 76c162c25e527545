import { z } from 'zod';
import type { Tx } from '#runtime/ports.ts';
import type { NegotiationDeps } from './deps.ts';
import type { Negotiation, OutgoingKind, Reasoning, TalkText, TextState } from './negotiation.ts';
import { insertText } from './repo.ts';

/** The kind of workflow that carries one text out. */
export const SEND_WORKFLOW = 'negotiation.send';
export const sendInput = z.strictObject({ messageId: z.string() });

export interface NewText {
  readonly kind: OutgoingKind;
  readonly text: string;
  readonly author: 'strategy' | 'ai' | 'person';
  readonly amountMinor: number | null;
  readonly reasoning?: Reasoning | null;
  /** The person has said yes to this very text. */
  readonly released?: boolean;
}

/** Where a new text begins: with the person where they carry it over or want to see it, in the outbox otherwise. */
function firstState(talk: Negotiation, text: NewText): TextState {
  if (talk.channel === 'by-hand') return 'by-hand';
  return talk.review && !text.released ? 'draft' : 'queued';
}

export async function startSending(deps: NegotiationDeps, tx: Tx, messageId: string): Promise<void> {
  await deps.ctx.workflows.start(tx, SEND_WORKFLOW, `${SEND_WORKFLOW}:${messageId}`, { messageId });
}

/** Keeps a text, and starts its way out where nobody has to be asked. The talk itself moves only when it has been sent. */
export async function queueText(deps: NegotiationDeps, tx: Tx, talk: Negotiation, text: NewText): Promise<TalkText> {
  const { ids, clock } = deps.ctx;
  const kept: TalkText = {
    id: ids.next('message'), negotiationId: talk.id, direction: 'out', state: firstState(talk, text), author: text.author, kind: text.kind, text: text.text, language: talk.language, amountMinor: text.amountMinor,
    reading: null, correctedBy: null, reasoning: text.reasoning ?? null, externalId: null, attemptedAt: null, sentAt: null, deliveredAt: null, error: null, createdAt: clock.now(),
  };
  await insertText(tx, kept);
  if (kept.state === 'queued') await startSending(deps, tx, kept.id);
  return kept;
}
