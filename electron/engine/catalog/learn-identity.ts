import type { Tx } from '#runtime/ports.ts';
import type { Instant } from '#kernel/time.ts';
import { findDecisions, putLearned } from './identity-pairs.ts';
import { fitPlatt } from './match/index.ts';
import { UNLEARNED, type LearnedLayer } from './rank-candidates.ts';

/** Decisions below which nothing is learned, and after which it is learned anew. */
export const LEAST_DECISIONS = 30;
const LEARN_EVERY = 10;
/** Decisions that the layer as it was shipped is worth. */
const PRIOR_DECISIONS = 60;
const SLOPES = [0.4, 2.5] as const;
const OFFSETS = [-3, 3] as const;

const clamp = (value: number, [low, high]: readonly [number, number]) => Math.max(low, Math.min(high, value));

/** The layer that decisions teach: Platt's fit, drawn towards the shipped one. Only the sign of people's answers counts, so the same decisions teach the same. Null below the floor or when all say the same. */
export function fitLearnedLayer(decisions: readonly { readonly logOdds: number; readonly same: boolean }[]): { readonly slope: number; readonly offset: number } | null {
  const yes = decisions.filter((d) => d.same).length;
  if (decisions.length < LEAST_DECISIONS || yes === 0 || yes === decisions.length) return null;
  const { slope, offset } = fitPlatt(decisions.map((d) => d.logOdds), decisions.map((d) => (d.same ? 1 : 0)));
  if (!Number.isFinite(slope) || !Number.isFinite(offset)) return null;
  const weight = decisions.length / (decisions.length + PRIOR_DECISIONS);
  return { slope: weight * clamp(slope, SLOPES) + (1 - weight) * UNLEARNED.slope, offset: weight * clamp(offset, OFFSETS) + (1 - weight) * UNLEARNED.offset };
}

/** Learns anew after every ten decisions: a further version, the older ones stay. Answers the layer when one was written. */
export async function learnIdentity(tx: Tx, at: Instant): Promise<LearnedLayer | null> {
  const decisions = await findDecisions(tx);
  const last = await tx.identityLearning.findFirst({ orderBy: { version: 'desc' }, select: { version: true, decisions: true } });
  if (decisions.length < (last?.decisions ?? LEAST_DECISIONS - LEARN_EVERY) + LEARN_EVERY) return null;
  const fitted = fitLearnedLayer(decisions);
  if (!fitted) return null;
  const layer: LearnedLayer = { version: (last?.version ?? 0) + 1, ...fitted };
  await putLearned(tx, layer, decisions.length, at);
  return layer;
}
