/** What own talks have taught, kept as versions: a talk that ends adds one, and none is ever changed. */
import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { talkOf, type Negotiation } from './negotiation.ts';
import { emptyHistory, learnFrom, type AcceptanceHistory } from './strategy/index.ts';

const ALL = 'all';
/** Talks that the experience with all sources weighs at most, beside that with the one source. */
const BORROWED_TALKS = 8;
const countsSchema = z.array(z.number());

interface Version extends AcceptanceHistory { readonly version: number }

async function latest(tx: Tx, scope: string): Promise<Version> {
  const row = await tx.acceptanceRecord.findFirst({ where: { scope }, orderBy: { version: 'desc' } });
  return row ? { version: row.version, counts: countsSchema.parse(JSON.parse(row.counts)), talks: row.talks } : { ...emptyHistory, version: 0 };
}

/** The source's own experience, shrunken towards that with all sources; the strategy shrinks it further towards what most sellers do. `version` is the source's. */
export async function historyFor(tx: Tx, sourceKind: string): Promise<Version> {
  const [own, all] = [await latest(tx, sourceKind), await latest(tx, ALL)];
  const weight = all.talks === 0 ? 0 : Math.min(1, BORROWED_TALKS / all.talks);
  return { version: own.version, talks: own.talks, counts: own.counts.map((count, i) => count + weight * Math.max(0, (all.counts[i] ?? 0) - count)) };
}

/** An ended talk joins the experience, once. */
export async function learnFromEnd(tx: Tx, talk: Negotiation, at: Instant): Promise<void> {
  for (const scope of [talk.sourceKind, ALL]) {
    if (await tx.acceptanceRecord.findUnique({ where: { scope_negotiationId: { scope, negotiationId: talk.id } }, select: { version: true } })) continue;
    const before = await latest(tx, scope);
    const after = learnFrom(before, talkOf(talk, before));
    if (after.talks === before.talks) continue;
    await tx.acceptanceRecord.create({ data: { scope, version: before.version + 1, negotiationId: talk.id, counts: JSON.stringify(after.counts), talks: after.talks, at } });
  }
}
