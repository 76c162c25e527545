import { z } from 'zod';
import { repriceAction, type RepriceDecision } from '#contract/repricing.ts';
import { reasonSchema, type Reason } from '#contract/shared.ts';
import { DomainError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { addObserved, evidenceSchema, noEvidence, type Evidence, type Observed } from './demand-belief.ts';
import type { OfferElsewhere } from './value-stock.ts';

const circumstances = z.strictObject({ ratio: z.number(), others: z.array(z.number()), season: z.number() });
/** Under what a listing has stood since it was last looked at; units a day that were expected at its price, what a sale at it leaves, units that it had sold before, and its part of the time beside our other listings of the thing (`shareOfTime`; absent: all of it). */
export const standingSchema = circumstances.extend({ perDay: z.number().optional(), keptMinor: z.int().optional(), soldBefore: z.int().optional(), timeShare: z.number().optional() });
export type Standing = z.infer<typeof standingSchema>;
const observationSchema = circumstances.extend({ units: z.int(), days: z.number(), expectedPerDay: z.number(), timeShare: z.number().optional() });

export interface RepriceState {
  readonly evidence: Evidence;
  readonly standing: Standing | null;
  readonly observedAt: Instant;
  readonly pausedAt: Instant | null;
  readonly heldUntil: Instant | null;
}

export async function findState(tx: Tx, listingId: string): Promise<RepriceState | null> {
  const row = await tx.repriceState.findUnique({ where: { listingId } });
  return row && {
    evidence: evidenceSchema.parse(JSON.parse(row.evidence)), standing: row.standing === null ? null : standingSchema.parse(JSON.parse(row.standing)), observedAt: toNumber(row.observedAt),
    pausedAt: row.pausedAt === null ? null : toNumber(row.pausedAt), heldUntil: row.heldUntil === null ? null : toNumber(row.heldUntil),
  };
}

export async function putState(tx: Tx, listingId: string, state: RepriceState, at: Instant): Promise<void> {
  const data = { evidence: JSON.stringify(state.evidence), standing: state.standing && JSON.stringify(state.standing), observedAt: state.observedAt, pausedAt: state.pausedAt, heldUntil: state.heldUntil, updatedAt: at };
  await tx.repriceState.upsert({ where: { listingId }, create: { listingId, ...data }, update: data });
}

const learnedSchema = z.strictObject({ listingId: z.string(), channel: z.string(), productId: z.string(), condition: z.string(), evidence: z.string() });

export interface Learned {
  readonly listingId: string;
  readonly channel: string;
  /** `thingOf` the listing. */
  readonly thing: string;
  readonly evidence: Evidence;
}

/** What buyers see as one offer: a product in a condition. */
export const thingOf = (listing: { readonly productId: string; readonly condition: string }): string => `${listing.productId}:${listing.condition}`;

/** What every listing was seen to sell, those that are gone among them, by listing. */
export async function readLearned(db: Database | Tx): Promise<Learned[]> {
  const sql = 'SELECT s.listingId, l.channel, l.productId, l.condition, s.evidence FROM RepriceState s JOIN Listing l ON l.id = s.listingId ORDER BY s.listingId';
  const rows = z.array(learnedSchema).parse('prisma' in db ? await db.read(sql) : await db.$queryRawUnsafe(sql));
  return rows.map((row) => ({ listingId: row.listingId, channel: row.channel, thing: thingOf(row), evidence: evidenceSchema.parse(JSON.parse(row.evidence)) }));
}

/** Listings that stood somewhere when last looked at, and offer nothing any more. */
export async function listingsGone(db: Database, live: readonly string[]): Promise<string[]> {
  const rows = await db.read<{ listingId: string }>(
    'SELECT s.listingId FROM RepriceState s JOIN Listing l ON l.id = s.listingId WHERE s.standing IS NOT NULL AND (l.quantity = 0 OR l.state NOT IN (SELECT value FROM json_each(?))) ORDER BY s.listingId', [JSON.stringify(live)]);
  return rows.map((row) => row.listingId);
}

/** How the same thing stands on other channels, as last looked at there: on each the cheapest of ours, which its buyers meet. Amounts in the listing's currency. */
export async function offersElsewhere(tx: Tx, listing: { readonly productId: string; readonly condition: string; readonly channel: string; readonly currency: string }, given: { readonly channels: readonly string[]; readonly states: readonly string[] }): Promise<OfferElsewhere[]> {
  const channels = given.channels.filter((channel) => channel !== listing.channel);
  const others = await tx.listing.findMany({
    where: { channel: { in: channels }, productId: listing.productId, condition: listing.condition, currency: listing.currency, state: { in: [...given.states] }, quantity: { gt: 0 } }, select: { id: true, channel: true }, orderBy: [{ priceMinor: 'desc' }, { id: 'desc' }],
  });
  const cheapest = [...new Map(others.map((other) => [other.channel, other.id])).values()];
  if (cheapest.length === 0) return [];
  const rows = await tx.repriceState.findMany({ where: { listingId: { in: cheapest } }, orderBy: { listingId: 'asc' }, select: { standing: true } });
  return rows.flatMap((row) => {
    const { perDay, keptMinor } = row.standing === null ? {} as Partial<Standing> : standingSchema.parse(JSON.parse(row.standing));
    return perDay === undefined || keptMinor === undefined ? [] : [{ perDay, keptMinor }];
  });
}

export async function insertObservation(tx: Tx, given: { readonly id: string; readonly listingId: string; readonly at: Instant; readonly seen: Observed; readonly expectedPerDay: number }): Promise<void> {
  await tx.repriceObservation.create({ data: { id: given.id, listingId: given.listingId, at: given.at, data: JSON.stringify({ ...given.seen, expectedPerDay: given.expectedPerDay }) } });
}

/** The belief made again from what was seen, in order; null where nothing was. It equals the stored one. */
export async function replayEvidence(tx: Tx, listingId: string): Promise<Evidence | null> {
  const rows = await tx.repriceObservation.findMany({ where: { listingId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  let evidence: Evidence | null = null;
  for (const row of rows) {
    const { expectedPerDay, ...seen } = observationSchema.parse(JSON.parse(row.data));
    evidence = addObserved(evidence ?? noEvidence(expectedPerDay), seen);
  }
  return evidence;
}

export interface NewDecision {
  readonly id: string;
  readonly listingId: string;
  readonly at: Instant;
  readonly trigger: string;
  readonly action: z.infer<typeof repriceAction>;
  readonly fromMinor: number;
  readonly toMinor: number;
  readonly floorMinor: number;
  readonly lowestMinor: number | null;
  readonly currency: string;
  readonly reasons: readonly Reason[];
  readonly seed: string | null;
}

export async function insertDecision(tx: Tx, decision: NewDecision): Promise<void> {
  await tx.repriceDecision.create({ data: { ...decision, reasons: JSON.stringify(decision.reasons) } });
}

type DecisionRow = NonNullable<Awaited<ReturnType<Tx['repriceDecision']['findUnique']>>>;
const reasonsOf = (row: DecisionRow): Reason[] => z.array(reasonSchema).parse(JSON.parse(row.reasons));

/** Codes of the last decision, by which a repeat is known. */
export async function lastCodes(tx: Tx, listingId: string): Promise<string | null> {
  const row = await tx.repriceDecision.findFirst({ where: { listingId }, orderBy: { id: 'desc' } });
  return row && `${row.action}:${reasonsOf(row).map((reason) => reason.code).join(',')}`;
}

async function worded(tx: Tx, rows: readonly DecisionRow[]): Promise<RepriceDecision[]> {
  const ids = [...new Set(rows.map((row) => row.listingId))];
  const listings = new Map((await tx.listing.findMany({ where: { id: { in: ids } }, select: { id: true, title: true, priceMinor: true, state: true } })).map((row) => [row.id, row]));
  const latest = new Map((await Promise.all(ids.map((listingId) => tx.repriceDecision.findFirst({ where: { listingId, action: 'change' }, orderBy: { id: 'desc' }, select: { id: true, listingId: true } })))).flatMap((row) => (row ? [[row.listingId, row.id]] : [])));
  return rows.map((row) => {
    const listing = listings.get(row.listingId);
    const amount = (minor: bigint) => money(toNumber(minor), row.currency);
    return {
      id: row.id, listingId: row.listingId, title: listing?.title ?? row.listingId, at: toNumber(row.at), trigger: row.trigger, action: repriceAction.parse(row.action), from: amount(row.fromMinor), to: amount(row.toMinor), floor: amount(row.floorMinor),
      lowest: row.lowestMinor === null ? null : amount(row.lowestMinor), reasons: reasonsOf(row), undoneAt: row.undoneAt === null ? null : toNumber(row.undoneAt),
      canUndo: row.action === 'change' && row.undoneAt === null && latest.get(row.listingId) === row.id && listing?.priceMinor === row.toMinor && !['ended', 'ending'].includes(listing.state),
    };
  });
}

/** Newest first. */
export async function listDecisions(tx: Tx, query: { readonly listingId?: string | undefined; readonly cursor?: string | undefined; readonly limit: number }): Promise<{ items: RepriceDecision[]; nextCursor: string | null }> {
  const rows = await tx.repriceDecision.findMany({ where: { ...(query.listingId ? { listingId: query.listingId } : {}), ...(query.cursor ? { id: { lt: query.cursor } } : {}) }, orderBy: { id: 'desc' }, take: query.limit + 1 });
  const shown = rows.slice(0, query.limit);
  return { items: await worded(tx, shown), nextCursor: rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null };
}

export async function getDecision(tx: Tx, id: string): Promise<RepriceDecision> {
  const row = await tx.repriceDecision.findUnique({ where: { id } });
  if (!row) throw new DomainError('NOT_FOUND', 'There is no such decision.', { kind: 'decision', id });
  return (await worded(tx, [row]))[0]!;
}

export async function markUndone(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.repriceDecision.update({ where: { id }, data: { undoneAt: at } });
}
