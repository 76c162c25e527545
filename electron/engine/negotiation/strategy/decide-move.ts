/**
 * The next move of a talk: the offer with the most expected gain under the belief, within the ceiling, rising with time and in proportion to what the other side gives. Pure: the same talk
 * gives the same move. Above 115 % of the asked price the ceiling has no influence, so that offers do not betray it.
 */
import { afterPrice, afterRefusal, beliefFrom, chanceAccepted, chanceWithin, type AcceptanceHistory, type Belief } from './belief.ts';

/** What was said, in order. Amounts are minor units of one currency, whole numbers above 0. */
export type Turn =
  | { readonly by: 'us'; readonly amountMinor: number }
  | { readonly by: 'them'; readonly kind: 'price' | 'last-price'; readonly amountMinor: number }
  | { readonly by: 'them'; readonly kind: 'refusal' };

export interface TalkView {
  /** The first asked price. */
  readonly askedMinor: number;
  /** The most that a person approved, and at which the deal still earns its floor. Never passed. */
  readonly ceilingMinor: number;
  readonly turns: readonly Turn[];
  /** Offers that we make at most. At least 1. */
  readonly mostOffers: number;
  readonly history: AcceptanceHistory;
}

export type MoveReason =
  | 'opening' | 'counter' | 'last-round' | 'their-price-is-best' | 'below-our-offer' | 'unlikely-within-ceiling' | 'not-worth-more-offers' | 'ceiling-too-small';

export interface Move {
  readonly kind: 'offer' | 'accept' | 'walk-away';
  /** Of the offer, or the price accepted; null when walking away. Never above the ceiling. */
  readonly amountMinor: number | null;
  readonly reason: MoveReason;
  /** Believed chance that the offer is taken now; 1 for an acceptance. For the person's screen, never for a message. */
  readonly chance: number;
}

/** Gains are counted as if the good were worth at most this share of the asked price: beyond it a larger ceiling would show in our offers. */
const MOST_WORTH = 1.15;
const LOWEST_OPENING = 0.62;
const HIGHEST_OPENING = 0.88;
/** Chance that the other side goes silent after any of our offers, and in addition after one that offends. */
const SILENCE = 0.04;
const OFFENCE = 0.35;
const OFFENSIVE = 0.58;
const HOPELESS = 0.04;

/** A round amount of about one part in two hundred. Also the least step between two offers. */
export function priceStep(askedMinor: number): number {
  const target = Math.max(1, askedMinor / 200);
  const power = 10 ** Math.floor(Math.log10(target));
  const lead = target / power;
  return Math.max(1, Math.round((lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power));
}

interface Standing { ours: number[]; belief: Belief; theirPrice: number; theirDrop: number; lastSaid: boolean }

/** All that was said, in ratios of the asked price. */
function readTurns(view: TalkView): Standing {
  let belief = afterPrice(beliefFrom(view.history), 1, 0);
  const ours: number[] = [];
  let theirPrice = 1;
  let theirDrop = 0;
  let lastSaid = false;
  for (const turn of view.turns) {
    if (turn.by === 'us') {
      ours.push(turn.amountMinor / view.askedMinor);
      continue;
    }
    const offer = ours.at(-1);
    if (offer !== undefined) belief = afterRefusal(belief, offer, timeAt(ours.length, view.mostOffers));
    theirDrop = 0;
    lastSaid = false;
    if (turn.kind === 'refusal') continue;
    const price = turn.amountMinor / view.askedMinor;
    theirDrop = theirPrice - price;
    lastSaid = turn.kind === 'last-price';
    theirPrice = price;
    belief = afterPrice(belief, price, Math.max(0, theirDrop));
  }
  return { ours, belief, theirPrice, theirDrop, lastSaid };
}

const timeAt = (offers: number, most: number) => Math.min(1, offers / Math.max(1, most));
const lossOf = (offer: number) => SILENCE + (offer < OFFENSIVE ? OFFENCE : 0);

interface Scope { worth: number; cap: number; left: number; time: number }

/** What is still to gain if this offer is refused: their price where it is within the ceiling, or a later and higher offer. */
function laterGain({ belief, theirPrice }: Standing, offer: number, { worth, cap, left }: Scope): number {
  let best = theirPrice <= cap ? worth - theirPrice : 0;
  if (left <= 1) return best;
  for (const share of [0.2, 0.4, 0.6, 0.8, 1]) {
    const next = offer + (Math.min(cap, theirPrice) - offer) * share;
    const chance = chanceAccepted(belief, next, 0.9);
    best = Math.max(best, chance * (worth - next) + (1 - chance) * (theirPrice <= cap ? worth - theirPrice : 0) * 0.9);
  }
  return best * (1 - 0.01 * left);
}

/** The highest offer that this round allows: time opens the range, and a step answers theirs. */
function roundLimit({ ours, theirDrop, lastSaid, theirPrice }: Standing, { cap, time, left }: Scope): number {
  const last = ours.at(-1);
  const top = Math.min(cap, theirPrice);
  if (last === undefined) return Math.min(top, HIGHEST_OPENING);
  if (left <= 1) return top;
  const byTime = last + (top - last) * Math.max(0.25, time ** 1.5);
  const byThem = last + Math.max(0.02, theirDrop * 1.5, lastSaid ? (top - last) * 0.4 : 0);
  return Math.min(top, Math.max(last, Math.min(byTime, byThem)));
}

interface Choice { ratio: number; gain: number; chance: number }

function bestOffer(standing: Standing, scope: Scope): Choice {
  const last = standing.ours.at(-1);
  const limit = roundLimit(standing, scope);
  const from = last ?? Math.min(limit, LOWEST_OPENING);
  let best: Choice = { ratio: from, gain: -1, chance: 0 };
  const steps = Math.max(1, Math.min(40, Math.ceil((limit - from) / 0.01)));
  for (let s = 0; s <= steps; s++) {
    const ratio = from + ((limit - from) * s) / steps;
    const chance = chanceAccepted(standing.belief, ratio, scope.time);
    const gain = chance * (scope.worth - ratio) + (1 - chance) * (1 - lossOf(ratio)) * laterGain(standing, ratio, scope);
    if (gain > best.gain + 1e-9) best = { ratio, gain, chance };
  }
  return best;
}

const walkAway = (reason: MoveReason): Move => ({ kind: 'walk-away', amountMinor: null, reason, chance: 0 });

function accept(view: TalkView, price: number, reason: MoveReason): Move {
  const amountMinor = Math.round(price * view.askedMinor);
  return amountMinor <= view.ceilingMinor ? { kind: 'accept', amountMinor, reason, chance: 1 } : walkAway('unlikely-within-ceiling');
}

/** A round amount at or below the ratio, at least the last offer, at most the ceiling. */
function amountOf(view: TalkView, ratio: number): number {
  const step = priceStep(view.askedMinor);
  const last = view.turns.findLast((turn) => turn.by === 'us')?.amountMinor ?? 0;
  const rounded = Math.floor((ratio * view.askedMinor) / step + 1e-6) * step;
  return Math.min(view.ceilingMinor, Math.max(last, rounded));
}

const whole = (n: number) => Number.isSafeInteger(n) && n > 0;

function check(view: TalkView): void {
  if (!whole(view.askedMinor) || !whole(view.ceilingMinor) || !whole(view.mostOffers)) throw new RangeError('asked price, ceiling and offers must be whole numbers above zero');
}

/** @throws RangeError on amounts that are no whole numbers above zero. */
export function decideMove(view: TalkView): Move {
  check(view);
  const standing = readTurns(view);
  const cap = view.ceilingMinor / view.askedMinor;
  const made = standing.ours.length;
  const left = view.mostOffers - made;
  const scope: Scope = { worth: Math.min(cap, MOST_WORTH), cap: Math.min(cap, MOST_WORTH), left, time: timeAt(made + 1, view.mostOffers) };
  const last = standing.ours.at(-1);
  const within = Math.round(standing.theirPrice * view.askedMinor) <= view.ceilingMinor;
  if (last !== undefined && standing.theirPrice <= last + 1e-9) return accept(view, standing.theirPrice, 'below-our-offer');
  if (left <= 0) return within ? accept(view, standing.theirPrice, 'their-price-is-best') : walkAway('not-worth-more-offers');
  if (!within && chanceWithin(standing.belief, cap) < HOPELESS) return walkAway('unlikely-within-ceiling');
  const best = bestOffer(standing, scope);
  const takeNow = within ? scope.worth - standing.theirPrice : -1;
  if (takeNow >= best.gain) return accept(view, standing.theirPrice, 'their-price-is-best');
  const amountMinor = amountOf(view, best.ratio);
  if (amountMinor < priceStep(view.askedMinor)) return walkAway('ceiling-too-small');
  if (within && amountMinor >= Math.round(standing.theirPrice * view.askedMinor)) return accept(view, standing.theirPrice, 'their-price-is-best');
  return { kind: 'offer', amountMinor, reason: made === 0 ? 'opening' : left === 1 ? 'last-round' : 'counter', chance: best.chance };
}

/** The belief at the end of a talk, to be learned from. `agreedMinor` is null when there was no deal. */
export function finalBelief(view: TalkView): Belief {
  return readTurns(view).belief;
}
