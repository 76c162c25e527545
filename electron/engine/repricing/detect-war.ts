import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';

export interface PricePoint {
  readonly at: Instant;
  readonly minor: number;
}

export interface War {
  /** Times that our cut was answered by a lower offer. */
  readonly rounds: number;
  /** What others asked before the first round. */
  readonly beforeMinor: number;
  readonly lastAnswerAt: Instant;
}

/** A lower offer this soon after our cut is an answer to it. */
const ANSWER_MS = 36 * HOUR_MS;
const LOOK_BACK_MS = 14 * DAY_MS;
const ROUNDS = 3;
/** Three answers that took less than this off the price are noise. */
const LEAST_FALL = 0.02;

/**
 * A spiral: three of our cuts within two weeks, each answered by an offer below ours. Found again from the records at every look, so nothing is remembered.
 * @param own our prices in time order; @param others the lowest other offer in time order
 */
export function detectWar(own: readonly PricePoint[], others: readonly PricePoint[], now: Instant): War | null {
  const cuts = own.filter((point, i) => i > 0 && point.minor < own[i - 1]!.minor && point.at >= now - LOOK_BACK_MS);
  const answers: PricePoint[] = [];
  for (const cut of cuts) {
    const before = others.findLast((point) => point.at <= cut.at);
    const answer = others.find((point) => point.at > cut.at && point.at <= cut.at + ANSWER_MS && point.minor < cut.minor && (!before || point.minor < before.minor));
    if (answer && answer.at !== answers.at(-1)?.at) answers.push(answer);
  }
  const last = answers.at(-1);
  if (answers.length < ROUNDS || !last) return null;
  const before = others.findLast((point) => point.at <= cuts[0]!.at) ?? answers[0]!;
  if (last.minor > before.minor * (1 - LEAST_FALL)) return null;
  return { rounds: answers.length, beforeMinor: before.minor, lastAnswerAt: last.at };
}

/** Time that we wait after the last answer before the first step up, and between steps. */
const WAIT_MS = 48 * HOUR_MS;
const STEP_MS = 24 * HOUR_MS;
const STEP_UP = 0.03;

export interface WarPrice {
  readonly minor: number;
  readonly phase: 'waiting' | 'stepping-up';
  /** When the next step is due. */
  readonly until: Instant;
}

/** In a war nothing is cut: first we wait, then our price goes up in steps to what it was before, so that the others may follow. */
export function leaveWar(war: War, given: { readonly priceMinor: number; readonly changedAt: Instant; readonly now: Instant }): WarPrice {
  const { priceMinor, now } = given;
  const calm = war.lastAnswerAt + WAIT_MS;
  if (now < calm) return { minor: priceMinor, phase: 'waiting', until: calm };
  const due = Math.max(calm, given.changedAt + STEP_MS);
  if (now < due) return { minor: priceMinor, phase: 'stepping-up', until: due };
  return { minor: Math.max(priceMinor, Math.min(war.beforeMinor, Math.ceil(priceMinor * (1 + STEP_UP)))), phase: 'stepping-up', until: now + STEP_MS };
}
