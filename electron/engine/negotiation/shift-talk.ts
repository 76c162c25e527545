import type { Tx } from '#runtime/ports.ts';
import { learnFromEnd } from './acceptance-history.ts';
import type { NegotiationDeps } from './deps.ts';
import { noSuchTalk, wrongTalkState } from './errors.ts';
import type { Negotiation, TextState } from './negotiation.ts';
import { findTalk, insertTalkEvent, updateText, updateTalk, waitingTexts, type TalkChange } from './repo.ts';
import { canBecome, isEnd, type TalkState } from './strategy/index.ts';

/** The job that does a talk's next step when it is due. */
export const TALK_DUE = 'negotiation.due';

export async function loadTalk(tx: Tx, id: string): Promise<Negotiation> {
  const talk = await findTalk(tx, id);
  if (!talk) throw noSuchTalk(id);
  return talk;
}

/** Refuses what somebody looked at before it changed. */
export async function loadTalkVersion(tx: Tx, { id, version }: { readonly id: string; readonly version: number }): Promise<Negotiation> {
  const talk = await loadTalk(tx, id);
  if (talk.version !== version) throw wrongTalkState(talk.state);
  return talk;
}

/** A line of the talk's history. */
export async function note(deps: NegotiationDeps, tx: Tx, talkId: string, event: { readonly kind: string; readonly data?: Readonly<Record<string, unknown>> }): Promise<void> {
  await insertTalkEvent(tx, talkId, { id: deps.ctx.ids.next('event'), kind: event.kind, data: event.data ?? {}, at: deps.ctx.clock.now() });
}

const STOPPABLE: readonly TextState[] = ['draft', 'queued', 'sending', 'by-hand'];

/** Takes back what has not gone out. One that is with the vendor at this moment may still turn out to be sent; then it is recorded as sent. */
export async function dropWaiting(tx: Tx, talkId: string): Promise<void> {
  for (const text of await waitingTexts(tx, talkId)) await updateText(tx, text.id, STOPPABLE, { state: 'dropped' });
}

export interface Shift {
  /** The same state: only the change. */
  readonly to: TalkState;
  readonly change?: Omit<TalkChange, 'state'>;
  readonly event: { readonly kind: string; readonly data?: Readonly<Record<string, unknown>> };
}

/**
 * Moves a talk along the machine: state, history, next step and event in the caller's transaction. An end takes back what has not gone out, and is learned from.
 * @throws DomainError WRONG_STATE when the machine has no such step, or somebody was faster.
 */
export async function shift(deps: NegotiationDeps, tx: Tx, talk: Negotiation, { to, change = {}, event }: Shift): Promise<Negotiation> {
  if (isEnd(talk.state) && to !== talk.state) throw wrongTalkState(talk.state);
  if (to !== talk.state && !canBecome(talk.state, to)) throw wrongTalkState(talk.state);
  const { clock, outbox, jobs } = deps.ctx;
  const at = clock.now();
  const ends = isEnd(to) && to !== talk.state;
  const full: TalkChange = { ...change, state: to, ...(ends ? { nextStep: null, nextAt: null, endedAt: at } : {}) };
  if (!(await updateTalk(tx, talk, { ...full, at }))) throw wrongTalkState((await loadTalk(tx, talk.id)).state);
  await note(deps, tx, talk.id, event);
  const after = await loadTalk(tx, talk.id);
  if (ends) {
    await dropWaiting(tx, talk.id);
    await learnFromEnd(tx, after, at);
  }
  if (full.nextAt !== undefined && full.nextAt !== null && after.nextStep !== 'send') await jobs.add(tx, { kind: TALK_DUE, payload: { id: talk.id }, runAt: full.nextAt, uniqueKey: `${TALK_DUE}:${talk.id}:${full.nextAt}` });
  await outbox.add(tx, `negotiation.${to}`, talk.id, { opportunityId: talk.opportunityId, what: event.kind });
  return after;
}
