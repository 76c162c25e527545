/** A talk's next step when it is due: decide a move, remind once, or close. */
import { money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { readSetting } from '../settings/index.ts';
import { historyFor } from './acceptance-history.ts';
import { composeText, senderName } from './compose-text.ts';
import type { NegotiationDeps } from './deps.ts';
import { ourLast, talkOf, type Negotiation, type Reasoning } from './negotiation.ts';
import type { TalkTerms } from './ports.ts';
import { queueText } from './queue-text.ts';
import { findTalk, listTexts } from './repo.ts';
import { NEGOTIATION_RULES } from './rules.ts';
import { note, shift } from './shift-talk.ts';
import { finalBelief } from './strategy/decide-move.ts';
import { chanceAccepted, decideMove, priceStep, type Move } from './strategy/index.ts';

/** Why the strategy may not go on by itself; null while it may. */
type Halt = { readonly to: 'walked-away' | 'needs-person'; readonly code: string; readonly data: Readonly<Record<string, unknown>> } | null;

interface Decision {
  readonly halt: Halt;
  readonly workingMinor: number;
  readonly move: Move | null;
  readonly reasoning: Reasoning | null;
}

/** The approved ceiling, or what today's estimate allows where that is less. 0: nothing. */
export function workingCeiling(talk: Pick<Negotiation, 'ceilingMinor' | 'currency'>, terms: TalkTerms): number {
  if (!terms.open || !terms.ceiling || terms.ceiling.currency !== talk.currency) return 0;
  return Math.max(0, Math.min(talk.ceilingMinor, terms.ceiling.minor));
}

function haltOf(talk: Negotiation, terms: TalkTerms, { workingMinor, now }: { readonly workingMinor: number; readonly now: number }): Halt {
  if (!terms.open) return { to: 'walked-away', code: 'talk.opportunity-closed', data: {} };
  if (now >= talk.expiresAt) return { to: 'needs-person', code: 'talk.approval-expired', data: { expiredAt: talk.expiresAt } };
  const last = ourLast(talk) ?? 0;
  if (workingMinor < Math.max(1, last)) return { to: 'walked-away', code: 'talk.estimate-fell', data: { approved: money(talk.ceilingMinor, talk.currency), now: money(workingMinor, talk.currency) } };
  return null;
}

const toBp = (chance: number) => Math.round(Math.min(1, Math.max(0, chance)) * 10_000);
const CURVE_POINTS = 12;

async function reasonFor(talk: Negotiation, move: Move, { history, now }: { readonly history: Awaited<ReturnType<typeof historyFor>>; readonly now: number }): Promise<Reasoning> {
  const view = talkOf(talk, history);
  const belief = finalBelief(view);
  const made = talk.turns.filter((turn) => turn.by === 'us').length;
  const time = Math.min(1, (made + 1) / talk.mostOffers);
  const step = priceStep(talk.askedMinor);
  const [from, to] = [Math.round(talk.askedMinor * 0.6), talk.askedMinor];
  const curve = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => {
    const price = Math.max(1, Math.round((from + ((to - from) * i) / CURVE_POINTS) / step) * step);
    return { price: money(price, talk.currency), chanceBp: toBp(chanceAccepted(belief, price / talk.askedMinor, time)) };
  });
  return {
    move: move.kind, amount: move.amountMinor === null ? null : money(move.amountMinor, talk.currency), reason: move.reason, chanceBp: toBp(move.chance), working: money(talk.workingMinor, talk.currency), offersMade: made, mostOffers: talk.mostOffers,
    ownTalks: history.talks, historyVersion: history.version, at: now, curve,
  };
}

async function decide(deps: NegotiationDeps, tx: Tx, talk: Negotiation): Promise<Decision> {
  const now = deps.ctx.clock.now();
  const terms = await deps.opportunities.terms(tx, talk.opportunityId);
  const workingMinor = workingCeiling(talk, terms);
  const halt = haltOf(talk, terms, { workingMinor, now });
  if (halt) return { halt, workingMinor: Math.max(0, workingMinor), move: null, reasoning: null };
  const history = await historyFor(tx, talk.sourceKind);
  const current = { ...talk, workingMinor };
  const move = decideMove(talkOf(current, history));
  return { halt: null, workingMinor, move, reasoning: await reasonFor(current, move, { history, now }) };
}

const isDue = (talk: Negotiation | null, step: Negotiation['nextStep'], now: number): talk is Negotiation => talk !== null && talk.nextStep === step && talk.nextAt !== null && talk.nextAt <= now;

/** Halts: a courtesy to the seller is due only to one who was written to. */
async function halted(deps: NegotiationDeps, tx: Tx, talk: Negotiation, { halt, workingMinor }: Decision & { readonly halt: NonNullable<Halt> }): Promise<void> {
  const reason = { code: halt.code, data: { ...halt.data } };
  await shift(deps, tx, talk, { to: halt.to, change: { workingMinor, endReason: reason, nextStep: null, nextAt: null }, event: { kind: halt.to, data: { reason } } });
}

/** Decides the next move and keeps its text. Between the look at the figures and the keeping of the text nothing may have changed: otherwise it is decided anew. */
async function decideStep(deps: NegotiationDeps, id: string, signal: AbortSignal): Promise<void> {
  const { db, clock } = deps.ctx;
  const talk = await findTalk(db.prisma, id);
  if (!isDue(talk, 'decide', clock.now()) || (talk.state !== 'drafted' && talk.state !== 'deciding')) return;
  const first = await decide(deps, db.prisma, talk);
  const name = await senderName(db.prisma);
  const sent = (await listTexts(db.prisma, id)).filter((text) => text.direction === 'out' && text.state === 'sent').length;
  const kind = first.move === null ? null : first.move.kind === 'offer' ? (first.move.reason === 'opening' ? 'opening' : 'counter') : first.move.kind;
  const words = kind && first.move ? await composeText(deps, talk, { kind, amountMinor: first.move.amountMinor, name, turn: sent, signal }) : null;
  await db.transaction(async (tx) => {
    const now = await findTalk(tx, id);
    if (!now || now.version !== talk.version) return;
    const again = await decide(deps, tx, now);
    if (again.halt) return halted(deps, tx, now, { ...again, halt: again.halt });
    if (!words || !kind || again.move?.amountMinor !== first.move?.amountMinor || again.move?.kind !== first.move?.kind) throw new Error('the figures changed while the text was written: it is decided anew');
    await keepMove(deps, tx, now, { ...again, move: again.move!, words, kind });
  });
}

interface KeptMove extends Decision {
  readonly move: Move;
  readonly words: { readonly text: string; readonly author: 'strategy' | 'ai' };
  readonly kind: 'opening' | 'counter' | 'accept' | 'walk-away';
}

async function keepMove(deps: NegotiationDeps, tx: Tx, talk: Negotiation, { move, reasoning, workingMinor, words, kind }: KeptMove): Promise<void> {
  if (move.amountMinor !== null && move.amountMinor > Math.min(talk.ceilingMinor, workingMinor)) throw new Error('a move above the approved ceiling');
  if (workingMinor < talk.workingMinor) await note(deps, tx, talk.id, { kind: 'ceiling-lowered', data: { to: money(workingMinor, talk.currency) } });
  const text = { kind, text: words.text, author: words.author, amountMinor: move.amountMinor, reasoning };
  if (move.kind === 'walk-away') {
    const wroteBefore = ourLast(talk) !== null;
    const ended = await shift(deps, tx, talk, { to: 'walked-away', change: { workingMinor, reasoning, endReason: { code: `talk.${move.reason}`, data: {} } }, event: { kind: 'walked-away', data: { reason: { code: `talk.${move.reason}`, data: {} } } } });
    if (wroteBefore) await queueText(deps, tx, ended, text);
    return;
  }
  const kept = await queueText(deps, tx, talk, text);
  const waits = kept.state !== 'queued';
  await shift(deps, tx, talk, { to: talk.state, change: { workingMinor, reasoning, nextStep: waits ? null : 'send', nextAt: waits ? null : deps.ctx.clock.now() }, event: { kind: 'decided', data: { move: kind, amount: move.amountMinor === null ? null : money(move.amountMinor, talk.currency), reason: move.reason } } });
}

/** One polite reminder. The clock towards the end runs on whether or not it goes out. */
async function remindStep(deps: NegotiationDeps, id: string, signal: AbortSignal): Promise<void> {
  const { db, clock } = deps.ctx;
  const talk = await findTalk(db.prisma, id);
  if (!isDue(talk, 'remind', clock.now()) || talk.state !== 'awaiting-reply') return;
  const words = await composeText(deps, talk, { kind: 'reminder', amountMinor: null, name: await senderName(db.prisma), turn: 0, signal });
  await db.transaction(async (tx) => {
    const now = await findTalk(tx, id);
    if (!now || now.version !== talk.version) return;
    const rules = (await readSetting(tx, NEGOTIATION_RULES)).value;
    await queueText(deps, tx, now, { kind: 'reminder', text: words.text, author: words.author, amountMinor: null });
    await shift(deps, tx, now, { to: 'awaiting-reply', change: { reminded: true, nextStep: 'close', nextAt: clock.now() + rules.closeWaitMs }, event: { kind: 'reminder-decided' } });
  });
}

async function closeStep(deps: NegotiationDeps, id: string): Promise<void> {
  const { db, clock } = deps.ctx;
  await db.transaction(async (tx) => {
    const talk = await findTalk(tx, id);
    if (!isDue(talk, 'close', clock.now()) || talk.state !== 'awaiting-reply') return;
    await shift(deps, tx, talk, { to: 'timed-out', change: { endReason: { code: 'talk.no-answer', data: {} } }, event: { kind: 'timed-out' } });
  });
}

/** Safe to repeat at any point: a step that is not due any more does nothing. */
export async function stepTalk(deps: NegotiationDeps, id: string, signal: AbortSignal): Promise<void> {
  await decideStep(deps, id, signal);
  await remindStep(deps, id, signal);
  await closeStep(deps, id);
}
