import { mergeEvidence, poolBelief } from './demand-belief.ts';
import type { Learned } from './repo.ts';

/** What listings have taught, by channel and thing. Never across channels: each has buyers of its own, and what one teaches of their number says nothing of another's. */
export interface PooledLearned {
  /** `poolBelief` of a channel's things; the prior where nothing was learned there. */
  readonly poolOf: (channel: string) => readonly number[];
  readonly of: (channel: string, thing: string) => readonly Learned[];
}

export function poolLearned(all: readonly Learned[]): PooledLearned {
  const channels = new Map<string, Map<string, Learned[]>>();
  for (const one of all) {
    const things = channels.get(one.channel) ?? new Map<string, Learned[]>();
    channels.set(one.channel, things.set(one.thing, [...(things.get(one.thing) ?? []), one]));
  }
  const pools = new Map([...channels].map(([channel, things]) => [channel, poolBelief([...things.values()].flatMap((of) => mergeEvidence(of.map((one) => one.evidence)) ?? []))]));
  const none = poolBelief([]);
  return { poolOf: (channel) => pools.get(channel) ?? none, of: (channel, thing) => channels.get(channel)?.get(thing) ?? [] };
}
