import { implement } from '@orpc/server';
import { z } from 'zod';
import { declaredErrors } from '#contract/errors.ts';
import { feesContract, floorChange, type FloorChange, type RecomputePreview } from '#contract/fees.ts';
import { DomainError } from '#kernel/errors.ts';
import { utcDay } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { changeFloor, composeListing, loadListing, onChannel, type ListingsDeps } from '#engine/listings/index.ts';
import type { OpportunitiesDeps } from '#engine/opportunities/index.ts';
import { selectFeeCard } from '#engine/pricing/index.ts';

export interface RecomputeDeps {
  readonly listings: ListingsDeps;
  readonly opportunities: Pick<OpportunitiesDeps, 'ctx' | 'feeCards'>;
}

interface Outcome {
  readonly id: string;
  changed: number;
  readonly refused: { id: string; title: string; code: string }[];
  opportunities: number;
}

/** Listings that are looked at in one go; more would hold the person up. */
const MOST_LISTINGS = 1_000;
const STANDING = ['active', 'publishing', 'sold-out', 'draft'];
/** After the floors were put back, `version` is what the listing had when they were set. */
const appliedSchema = z.array(floorChange);

function cardsOf({ opportunities: { ctx, feeCards } }: RecomputeDeps): RecomputePreview['cards'] {
  const day = utcDay(ctx.clock.now());
  return [...new Set(feeCards.map((card) => card.channel))].flatMap((channel) => {
    const card = selectFeeCard(feeCards, channel, day);
    return card ? [{ channel, version: `${card.id}@${card.version}`, effectiveFrom: card.effectiveFrom, source: card.source, retrievedAt: card.retrievedAt, confidence: card.confidence }] : [];
  });
}

/** What the cards of today would change, listing by listing; nothing is written. */
export async function previewRecompute(deps: RecomputeDeps): Promise<RecomputePreview> {
  const { ctx } = deps.listings;
  const cards = cardsOf(deps);
  const current = new Set(cards.map((card) => card.version));
  const judged = await ctx.db.read<{ card: string; count: number }>(`SELECT cardVersion AS card, count(*) AS count FROM "Opportunity" WHERE state = 'open' GROUP BY cardVersion ORDER BY count DESC`);
  const rows = await ctx.db.prisma.listing.findMany({ where: { state: { in: STANDING } }, orderBy: { id: 'asc' }, take: MOST_LISTINGS, select: { id: true } });
  const listings: FloorChange[] = [];
  const unpriced: RecomputePreview['unpriced'] = [];
  for (const { id } of rows) {
    const listing = await loadListing(ctx.db.prisma, id);
    const composed = await composeListing(onChannel(deps.listings, listing.channel), listing.lotId);
    if (composed.refusal && composed.basis === 'none') unpriced.push({ id, title: listing.title, reason: composed.refusal });
    else if (composed.floor.currency === listing.floor.currency && composed.floor.minor !== listing.floor.minor) {
      listings.push({
        id, version: listing.version, title: listing.title, sku: listing.sku, floorBefore: listing.floor, floorAfter: composed.floor, priceBefore: listing.price,
        priceAfter: listing.price.minor < composed.floor.minor ? composed.floor : listing.price,
      });
    }
  }
  const last = await ctx.db.prisma.feeRecompute.findFirst({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  return {
    cards, opportunities: judged.map(({ card, count }) => ({ card, count, current: current.has(card) })), checked: rows.length, listings, unpriced,
    last: last && last.undoneAt === null ? { id: last.id, at: Number(last.createdAt), listings: appliedSchema.parse(JSON.parse(last.items)).length } : null,
  };
}

/** One listing; what cannot be changed any more is named, and does not keep the others. */
async function attempt(outcome: Outcome, item: FloorChange, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    outcome.changed += 1;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    outcome.refused.push({ id: item.id, title: item.title, code: error.code });
  }
}

async function judgeAllAnew(deps: RecomputeDeps, tx: Tx): Promise<number> {
  await deps.opportunities.ctx.jobs.add(tx, { kind: 'reconsider', payload: { everything: true }, uniqueKey: 'reconsider:all' });
  return tx.opportunity.count({ where: { state: 'open' } });
}

export async function applyRecompute(deps: RecomputeDeps, items: readonly FloorChange[]): Promise<Outcome> {
  const { ctx } = deps.listings;
  const outcome: Outcome = { id: ctx.ids.next('event'), changed: 0, refused: [], opportunities: 0 };
  await ctx.db.transaction(async (tx) => {
    const done: FloorChange[] = [];
    for (const item of items) {
      await attempt(outcome, item, async () => {
        const after = await changeFloor(deps.listings, tx, { id: item.id, version: item.version, floor: item.floorAfter, price: item.priceAfter, because: 'fee-card' });
        done.push({ ...item, version: after.version });
      });
    }
    outcome.opportunities = await judgeAllAnew(deps, tx);
    await tx.feeRecompute.create({ data: { id: outcome.id, items: JSON.stringify(done), createdAt: ctx.clock.now() } });
    await ctx.outbox.add(tx, 'listing.floors-recomputed', outcome.id, { changed: outcome.changed });
  });
  return outcome;
}

/** @throws DomainError NOT_FOUND, INVALID when it was undone before. */
export async function undoRecompute(deps: RecomputeDeps, id: string): Promise<Outcome> {
  const { ctx } = deps.listings;
  const outcome: Outcome = { id, changed: 0, refused: [], opportunities: 0 };
  await ctx.db.transaction(async (tx) => {
    const row = await tx.feeRecompute.findUnique({ where: { id } });
    if (!row) throw new DomainError('NOT_FOUND', `There is no recomputation ${id}.`, { kind: 'recompute', id });
    if (row.undoneAt !== null) throw new DomainError('INVALID', 'It has been undone already.', { field: 'id', reason: 'undone' });
    for (const item of appliedSchema.parse(JSON.parse(row.items))) {
      await attempt(outcome, item, async () => void (await changeFloor(deps.listings, tx, { id: item.id, version: item.version, floor: item.floorBefore, price: item.priceBefore, because: 'undo' })));
    }
    await tx.feeRecompute.update({ where: { id }, data: { undoneAt: ctx.clock.now() } });
    await ctx.outbox.add(tx, 'listing.floors-recomputed', id, { changed: outcome.changed });
  });
  return outcome;
}

export function createFeesProcedures(deps: RecomputeDeps) {
  const os = implement(feesContract).use(declaredErrors);
  return os.router({
    preview: os.preview.handler(() => previewRecompute(deps)),
    apply: os.apply.handler(({ input }) => applyRecompute(deps, input.items)),
    undo: os.undo.handler(({ input }) => undoRecompute(deps, input.id)),
  });
}
