/** What the lowest price is that the other side would take, as a distribution over ratios of the first asked price; learned from own talks, sharpened within each. */

/** Ratios from 0.40 to 1.10. */
export const RATIOS: readonly number[] = Array.from({ length: 71 }, (_, i) => (40 + i) / 100);

/** A weight for each of `RATIOS`; they sum to 1. */
export type Belief = Float64Array;

/** How many own talks a new history weighs as. */
const PRIOR_TALKS = 12;

/** What own talks have shown, for one kind of seller or source. Kept between talks; `counts` are talks, in fractions. */
export interface AcceptanceHistory {
  readonly counts: readonly number[];
  readonly talks: number;
}

/** Most sellers leave some room and few leave half. */
function startingBelief(): Belief {
  return normalise(Float64Array.from(RATIOS, (r) => (r > 1 ? 0.002 : 0.15 + Math.exp(-(((r - 0.88) / 0.1) ** 2)) + (r >= 0.97 ? 0.8 : 0))));
}

function normalise(weights: Float64Array): Belief {
  const total = weights.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return Float64Array.from(RATIOS, () => 1 / RATIOS.length);
  return weights.map((w) => w / total);
}

export const emptyHistory: AcceptanceHistory = { counts: RATIOS.map(() => 0), talks: 0 };

export function beliefFrom(history: AcceptanceHistory): Belief {
  const start = startingBelief();
  return normalise(Float64Array.from(RATIOS, (_, i) => start[i]! * PRIOR_TALKS + Math.max(0, history.counts[i] ?? 0)));
}

/** A talk's last belief joins the history (a step of online expectation maximisation); old talks fade, so that habits may change. */
export function learn(history: AcceptanceHistory, final: Belief, fade = 0.998): AcceptanceHistory {
  return { counts: RATIOS.map((_, i) => (history.counts[i] ?? 0) * fade + final[i]!), talks: history.talks + 1 };
}

/** Chance that an offer is taken by somebody whose lowest is `lowest`, when a share `time` (0 to 1) of the talk is over: early on, people hold out for more. */
function acceptGiven(offer: number, lowest: number, time: number): number {
  if (offer < lowest - 0.005) return 0.01;
  const room = Math.min(1, (offer - lowest) / 0.15);
  return 0.15 + 0.55 * time + 0.3 * room;
}

/** A refusal says less than its words: people refuse what they would take. */
const REFUSAL_WEIGHT = 0.6;

/** They refused or countered our offer. */
export function afterRefusal(belief: Belief, offer: number, time: number): Belief {
  return normalise(belief.map((w, i) => w * (1 - REFUSAL_WEIGHT * acceptGiven(offer, RATIOS[i]!, time))));
}

/** They named a price: they would take it. A drop since the last says that there is more. */
export function afterPrice(belief: Belief, price: number, drop: number): Belief {
  return normalise(
    belief.map((w, i) => {
      const room = price - RATIOS[i]!;
      if (room < -0.005) return w * 0.01;
      // One who moves by d seldom stops within a small part of d.
      return drop > 0.002 && room < drop * 0.5 ? w * 0.5 : w;
    }),
  );
}

/** They took our offer. */
export function afterAcceptance(belief: Belief, offer: number): Belief {
  return normalise(belief.map((w, i) => (RATIOS[i]! > offer + 0.005 ? w * 0.01 : w)));
}

/** Chance that the offer is taken now. */
export function chanceAccepted(belief: Belief, offer: number, time: number): number {
  let chance = 0;
  for (let i = 0; i < belief.length; i++) chance += belief[i]! * acceptGiven(offer, RATIOS[i]!, time);
  return Math.min(1, chance);
}

/** Chance that their lowest is at or below a ratio. */
export function chanceWithin(belief: Belief, ratio: number): number {
  let chance = 0;
  for (let i = 0; i < belief.length && RATIOS[i]! <= ratio + 0.001; i++) chance += belief[i]!;
  return chance;
}
