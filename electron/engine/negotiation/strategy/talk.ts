/** A talk as data, and how each message and each move changes it. What a message leaves in doubt goes to a person. */
import type { OfferReading } from '../read-offer/index.ts';
import { afterAcceptance, learn, type AcceptanceHistory } from './belief.ts';
import { decideMove, finalBelief, type Move, type TalkView, type Turn } from './decide-move.ts';
import { canBecome, isEnd, type TalkState } from './machine.ts';

export interface Talk extends TalkView {
  readonly state: TalkState;
  readonly currency: string;
  /** At or below the ceiling once `agreed`; null before. */
  readonly agreedMinor: number | null;
}

export type NewTalk = Omit<Talk, 'state' | 'agreedMinor' | 'turns'>;

export const openTalk = (terms: NewTalk): Talk => ({ ...terms, turns: [], state: 'drafted', agreedMinor: null });

/** @throws Error on a change that the table does not hold: a bug of the caller. */
function become(talk: Talk, state: TalkState, change: Partial<Talk> = {}): Talk {
  if (!canBecome(talk.state, state)) throw new Error(`a talk cannot go from ${talk.state} to ${state}`);
  return { ...talk, ...change, state };
}

function agree(talk: Talk, amountMinor: number): Talk {
  if (amountMinor > talk.ceilingMinor) throw new Error('an agreement above the approved ceiling');
  return become(talk, 'agreed', { agreedMinor: amountMinor });
}

const withTurn = (talk: Talk, turn: Turn): Partial<Talk> => ({ turns: [...talk.turns, turn] });

/** The other side has written. A message that comes after the end, or while a person has the talk, changes nothing but an opt-out. */
export function receive(talk: Talk, reading: OfferReading): Talk {
  if (reading.intent === 'opt-out') return isEnd(talk.state) ? talk : become(talk, 'opted-out');
  if (talk.state !== 'awaiting-reply') return talk;
  if (reading.intent === null || reading.intent === 'question') return become(talk, 'needs-person');
  if (reading.intent === 'unavailable') return become(talk, 'unavailable');
  if (reading.intent === 'reject') return become(talk, 'deciding', withTurn(talk, { by: 'them', kind: 'refusal' }));
  const amount = reading.amount;
  if (amount && amount.currency !== talk.currency) return become(talk, 'needs-person');
  const ours = talk.turns.findLast((turn) => turn.by === 'us');
  if (reading.intent === 'accept') return ours?.by === 'us' && (amount === null || amount.minor === ours.amountMinor) ? agree(talk, ours.amountMinor) : become(talk, 'needs-person');
  if (!amount || amount.minor <= 0) return become(talk, 'needs-person');
  return become(talk, 'deciding', withTurn(talk, { by: 'them', kind: reading.intent === 'last-price' ? 'last-price' : 'price', amountMinor: amount.minor }));
}

/** The next move, and the talk as it is once the move's message has been sent. Only while drafted or deciding. */
export function advance(talk: Talk): { readonly move: Move; readonly after: Talk } {
  if (talk.state !== 'drafted' && talk.state !== 'deciding') throw new Error(`a talk that is ${talk.state} has no move`);
  const move = decideMove(talk);
  if (move.kind === 'walk-away' || move.amountMinor === null) return { move, after: become(talk, 'walked-away') };
  if (move.kind === 'accept') return { move, after: agree(talk, move.amountMinor) };
  return { move, after: become(talk, 'awaiting-reply', withTurn(talk, { by: 'us', amountMinor: move.amountMinor })) };
}

/** A person takes the talk; nothing is sent from here until `handBack`. */
export const takeOver = (talk: Talk): Talk => become(talk, 'taken-over');
export const handBack = (talk: Talk): Talk => become(talk, 'deciding');
export const timeOut = (talk: Talk): Talk => become(talk, 'timed-out');

/** What an ended talk teaches. Ends that say nothing of the price (sold elsewhere, opted out, taken over) teach nothing. */
export function learnFrom(history: AcceptanceHistory, talk: Talk): AcceptanceHistory {
  if (!['agreed', 'walked-away', 'rejected', 'timed-out'].includes(talk.state) || talk.turns.length === 0) return history;
  const belief = finalBelief(talk);
  return learn(history, talk.agreedMinor === null ? belief : afterAcceptance(belief, talk.agreedMinor / talk.askedMinor));
}
