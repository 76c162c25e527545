import { QUALIFIER_KINDS } from './title-qualifiers.ts';
import type { PreparedRecord } from './vocabulary.ts';

export interface Sets { readonly shared: number; readonly onlyA: number; readonly onlyB: number }

/** Of two lists without repetitions. */
export function compareSets<T>(a: readonly T[], b: readonly T[]): Sets {
  let shared = 0;
  for (const item of a) if (b.includes(item)) shared++;
  return { shared, onlyA: a.length - shared, onlyB: b.length - shared };
}

/** Names of what `compareQualifiers` answers, in order. */
export const QUALIFIER_FEATURES = [...[...QUALIFIER_KINDS, 'versions'].flatMap((kind) => [`${kind}Shared`, `${kind}OnlyA`, `${kind}OnlyB`, `${kind}Agreement`]), 'majorVersionsAgreement'];

/** 2: shared, and at most one side names more; 1: shared, and both name more; 0: neither names any; -1: one side names what the other leaves out; -2: each names its own. */
function agreementOf({ shared, onlyA, onlyB }: Sets): number {
  const differ = onlyA > 0 && onlyB > 0;
  if (shared > 0) return differ ? 1 : 2;
  return differ ? -2 : onlyA > 0 || onlyB > 0 ? -1 : 0;
}

type Qualified = Pick<PreparedRecord, 'qualifiers' | 'versions' | 'majorVersions'>;

/** Whether two titles are for the same tier, terms, platform, language and version: what tells `upgrade, Mac` from the full thing for Windows. */
export function compareQualifiers(a: Qualified, b: Qualified): number[] {
  const sets = [...QUALIFIER_KINDS.map((kind) => compareSets(a.qualifiers[kind], b.qualifiers[kind])), compareSets(a.versions, b.versions)];
  return [...sets.flatMap((set) => [set.shared, set.onlyA, set.onlyB, agreementOf(set)]), agreementOf(compareSets(a.majorVersions, b.majorVersions))];
}
