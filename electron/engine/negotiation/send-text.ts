/** Carries one text out: at an hour when it may go, once, and known. */
import { z } from 'zod';
import { ConnectorError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { EffectCall, Tx, WorkflowDefinition, WorkflowRun } from '#runtime/ports.ts';
import { readSetting } from '../settings/index.ts';
import { senderName } from './compose-text.ts';
import type { NegotiationDeps } from './deps.ts';
import { maySend } from './message/index.ts';
import { plainTitle } from './message/write-message.ts';
import { YOUR_ITEM } from './message/templates.ts';
import { tagOf, type Negotiation, type TalkText } from './negotiation.ts';
import type { MessageChannel, OutgoingText, SendingChannelId, SentText } from './ports.ts';
import { SEND_WORKFLOW, sendInput } from './queue-text.ts';
import { findText, hasOptedOut, listTexts, sentTo, updateText } from './repo.ts';
import { NEGOTIATION_RULES } from './rules.ts';
import { loadTalk, note, shift } from './shift-talk.ts';
import { workingCeiling } from './step-talk.ts';
import { canBecome, isEnd } from './strategy/index.ts';
import { isUndeliverable } from './take-bounce.ts';

const leaveSchema = z.union([z.strictObject({ go: z.literal('now') }), z.strictObject({ go: z.literal('never') }), z.strictObject({ go: z.literal('later'), at: z.int() })]);
type Leave = z.infer<typeof leaveSchema>;
const sentSchema = z.strictObject({ externalId: z.string(), at: z.int() });
/** Looks at the clock before a text is given up: quiet nights, one after the other. */
const MOST_LOOKS = 60;
const COURTESIES = ['accept', 'walk-away'];

export function sendWorkflow(deps: NegotiationDeps): WorkflowDefinition<z.infer<typeof sendInput>> {
  return {
    kind: SEND_WORKFLOW, input: sendInput,
    run: (run, { messageId }) => send(deps, run, messageId),
    failed: (tx, { messageId }, error) => failed(deps, tx, messageId, error),
  };
}

async function send(deps: NegotiationDeps, run: WorkflowRun, messageId: string): Promise<void> {
  for (let look = 0; ; look++) {
    const leave = await run.transact(`may-leave-${look}`, leaveSchema, (tx) => mayLeave(deps, tx, messageId, look));
    if (leave.go === 'never') return;
    if (leave.go === 'now') break;
    await run.waitUntil(`hour-${look}`, leave.at);
  }
  const sent = await run.effect('send', await effectOf(deps, messageId, run.signal));
  await run.transact('record', z.null(), async (tx) => {
    await recordSent(deps, tx, messageId, sent);
    return null;
  });
}

/** What the estimate allows may have fallen since the move was decided; then it is decided anew. */
async function isStillWorth(deps: NegotiationDeps, tx: Tx, talk: Negotiation, text: TalkText): Promise<boolean> {
  if (text.amountMinor === null || isEnd(talk.state)) return true;
  return text.amountMinor <= workingCeiling(talk, await deps.opportunities.terms(tx, talk.opportunityId));
}

async function mayLeave(deps: NegotiationDeps, tx: Tx, messageId: string, look: number): Promise<Leave> {
  const text = await findText(tx, messageId);
  if (!text || !['queued', 'sending'].includes(text.state)) return { go: 'never' };
  const talk = await loadTalk(tx, text.negotiationId);
  const drop = async (reason: string): Promise<Leave> => {
    await updateText(tx, messageId, ['queued', 'sending'], { state: 'dropped', error: reason });
    await note(deps, tx, talk.id, { kind: 'not-sent', data: { messageId, reason } });
    return { go: 'never' };
  };
  if (isEnd(talk.state) && !COURTESIES.includes(text.kind)) return drop('ended');
  if (text.author !== 'person' && (await isUndeliverable(tx, talk))) {
    if (canBecome(talk.state, 'needs-person')) await shift(deps, tx, talk, { to: 'needs-person', change: { nextStep: null, nextAt: null, endReason: { code: 'talk.undeliverable', data: {} } }, event: { kind: 'undeliverable' } });
    return drop('undeliverable');
  }
  const { clock } = deps.ctx;
  const now = clock.now();
  const rules = (await readSetting(tx, NEGOTIATION_RULES)).value;
  const texts = await listTexts(tx, talk.id);
  const lastIn = texts.findLast((t) => t.direction === 'in' && t.reading?.reason !== 'automatic');
  const unanswered = texts.filter((t) => t.direction === 'out' && t.state === 'sent' && (!lastIn || t.id > lastIn.id)).length;
  const permission = maySend(now, { quiet: { fromMinute: rules.quietFromMinute, toMinute: rules.quietToMinute }, timeZone: talk.timeZone, leastGapMs: rules.leastGapMs, mostPerDay: rules.mostPerDay }, { optedOut: await hasOptedOut(tx, talk), sentAt: await sentTo(tx, talk.sellerKey, now - DAY_MS), unanswered });
  if (!permission.ok && !('earliest' in permission)) return drop(permission.reason);
  if (!(await isStillWorth(deps, tx, talk, text))) {
    await drop('estimate-fell');
    if (talk.state === 'drafted' || talk.state === 'deciding') await shift(deps, tx, talk, { to: talk.state, change: { nextStep: 'decide', nextAt: now }, event: { kind: 'decided-anew' } });
    return { go: 'never' };
  }
  if (!permission.ok) {
    if (look >= MOST_LOOKS) return drop('no-hour');
    if (!isEnd(talk.state) && talk.nextStep === 'send') await shift(deps, tx, talk, { to: talk.state, change: { nextAt: permission.earliest }, event: { kind: 'waits', data: { reason: permission.reason, until: permission.earliest } } });
    return { go: 'later', at: permission.earliest };
  }
  await updateText(tx, messageId, ['queued'], { state: 'sending' });
  return { go: 'now' };
}

async function effectOf(deps: NegotiationDeps, messageId: string, signal: AbortSignal): Promise<EffectCall<SentText>> {
  const { db, clock } = deps.ctx;
  const outgoing = async () => {
    const text = (await findText(db.prisma, messageId))!;
    const talk = await loadTalk(db.prisma, text.negotiationId);
    const before = (await listTexts(db.prisma, talk.id)).findLast((t) => t.direction === 'in' && t.externalId !== null && t.id < text.id);
    const message: OutgoingText = {
      recipient: talk.recipient, subject: plainTitle(talk.title) ?? YOUR_ITEM[talk.language], text: text.text, senderName: await senderName(db.prisma), tag: tagOf(talk), inReplyTo: before?.externalId ?? null, itemId: talk.offerExternalId,
    };
    return { text, talk, message };
  };
  return {
    output: sentSchema,
    call: async ({ idempotencyKey }) => {
      const { text, talk, message } = await outgoing();
      const attemptedAt = clock.now();
      const stands = text.state === 'sending' && (await db.transaction((tx) => updateText(tx, messageId, ['sending'], { attemptedAt })));
      if (!stands) throw new ConnectorError({ kind: 'Rejected', connector: talk.channel, operation: 'send', message: 'the text was taken back before it went out' });
      return channelOf(deps, talk).send(message, { idempotencyKey, attemptedAt, signal });
    },
    reconcile: async ({ idempotencyKey }) => {
      const { text, talk, message } = await outgoing();
      // no attempt was kept: it ended before anything could go out
      if (text.attemptedAt === null) return 'absent';
      return channelOf(deps, talk).find(message, { idempotencyKey, attemptedAt: text.attemptedAt, signal });
    },
  };
}

function channelOf(deps: NegotiationDeps, talk: Negotiation): MessageChannel {
  const channel = deps.channels.get(talk.channel as SendingChannelId);
  if (!channel) throw new ConnectorError({ kind: 'SessionLost', connector: talk.channel, operation: 'send', message: 'the channel is not connected: enter its account in the settings' });
  return channel;
}

/** The text is out: what it said counts from here. Also for one that was taken back too late. */
export async function recordSent(deps: NegotiationDeps, tx: Tx, messageId: string, sent: SentText): Promise<void> {
  const text = await findText(tx, messageId);
  if (!text || text.state === 'sent' || !(await updateText(tx, messageId, ['draft', 'queued', 'sending', 'by-hand', 'dropped', 'failed'], { state: 'sent', externalId: sent.externalId, sentAt: sent.at, error: null }))) return;
  const talk = await loadTalk(tx, text.negotiationId);
  const data = { messageId, kind: text.kind, ...(text.amountMinor === null ? {} : { amount: money(text.amountMinor, talk.currency) }) };
  if (text.state === 'dropped') await note(deps, tx, talk.id, { kind: 'sent-after-all', data });
  if (isEnd(talk.state)) return note(deps, tx, talk.id, { kind: 'sent', data });
  const rules = (await readSetting(tx, NEGOTIATION_RULES)).value;
  const event = { kind: 'sent', data };
  const now = deps.ctx.clock.now();
  if (text.kind === 'accept' && text.amountMinor !== null && canBecome(talk.state, 'agreed')) {
    await shift(deps, tx, talk, { to: 'agreed', change: { agreedMinor: text.amountMinor }, event });
  } else if (text.kind === 'reminder') {
    await shift(deps, tx, talk, { to: talk.state, change: talk.state === 'awaiting-reply' ? { nextStep: 'close', nextAt: now + rules.closeWaitMs } : {}, event });
  } else {
    const turns = text.amountMinor === null ? talk.turns : [...talk.turns, { by: 'us' as const, amountMinor: text.amountMinor }];
    const waits = talk.state !== 'taken-over' && canBecome(talk.state, 'awaiting-reply');
    await shift(deps, tx, talk, { to: waits ? 'awaiting-reply' : talk.state, change: { turns, reminded: false, ...(waits ? { nextStep: 'remind', nextAt: now + rules.replyWaitMs } : {}) }, event });
  }
}

/** Nothing went out, or nobody can tell: a person looks. */
async function failed(deps: NegotiationDeps, tx: Tx, messageId: string, error: unknown): Promise<void> {
  const text = await findText(tx, messageId);
  if (!text || text.state === 'sent') return;
  const message = maskText(messageOf(error)).slice(0, 300);
  await updateText(tx, messageId, ['queued', 'sending'], { state: 'failed', error: message });
  const talk = await loadTalk(tx, text.negotiationId);
  if (text.state === 'dropped') return;
  const code = isConnectorError(error, 'OutcomeUnknown') ? 'talk.send-unknown' : 'talk.send-failed';
  const event = { kind: 'send-failed', data: { messageId, message } };
  if (canBecome(talk.state, 'needs-person')) await shift(deps, tx, talk, { to: 'needs-person', change: { nextStep: null, nextAt: null, endReason: { code, data: { message } } }, event });
  else await note(deps, tx, talk.id, event);
}
