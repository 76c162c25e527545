import type { RepriceDecision, RepriceRow, RepriceSettings } from '#contract/repricing.ts';
import { DomainError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { loadListing, setPriceIn } from '../listings/index.ts';
import { readSetting } from '../settings/index.ts';
import { noEvidence } from './demand-belief.ts';
import type { RepricingDeps } from './deps.ts';
import { findState, getDecision, insertDecision, insertObservation, lastCodes, markUndone, putState, type NewDecision } from './repo.ts';
import { REPRICING } from './rule-defaults.ts';
import { LIVE, readDesk, weighListing, type DeskKnown, type Weighed } from './weigh-listing.ts';

/** Listings that a preview looks at. */
export const MOST_PREVIEWED = 500;
/** An undone price stays for so long. */
const HELD_MS = DAY_MS;

/** Looks at listings one after another and moves the prices that should move. Does nothing while repricing is off or everything is stopped. */
export async function repriceListings(deps: RepricingDeps, listingIds: readonly string[], given: { readonly trigger: string; readonly signal?: AbortSignal }): Promise<number> {
  const { ctx } = deps;
  const settings = (await readSetting(ctx.db, REPRICING)).value;
  if (!settings.on || listingIds.length === 0) return 0;
  const desk = await readDesk(deps);
  let changed = 0;
  for (const listingId of listingIds) {
    given.signal?.throwIfAborted();
    if (await ctx.killSwitch.isOn()) return changed;
    if (await repriceOne(deps, { listingId, settings, desk, trigger: given.trigger })) changed += 1;
  }
  return changed;
}

async function repriceOne(deps: RepricingDeps, given: { listingId: string; settings: RepriceSettings; desk: DeskKnown; trigger: string }): Promise<boolean> {
  const { ctx } = deps;
  const now = ctx.clock.now();
  const known = await findState(ctx.db.prisma, given.listingId);
  const listing = await loadListing(ctx.db.prisma, given.listingId);
  if (!LIVE.has(listing.state) || listing.quantity === 0 || (known?.pausedAt ?? null) !== null || (known?.heldUntil ?? 0) > now) return false;
  const weighed = await weighListing(deps, given);
  if ('refusal' in weighed) {
    const base = { fromMinor: weighed.listing.price.minor, toMinor: weighed.listing.price.minor, floorMinor: weighed.listing.floor.minor, lowestMinor: null, currency: weighed.listing.price.currency };
    return ctx.db.transaction((tx) => record(deps, tx, { ...base, listingId: given.listingId, trigger: given.trigger, action: 'refuse', reasons: [weighed.refusal], seed: null }).then(() => false));
  }
  return ctx.db.transaction((tx) => keepOutcome(deps, tx, weighed, given.trigger));
}

type Tx = Parameters<Parameters<RepricingDeps['ctx']['db']['transaction']>[0]>[0];

/** Price, decision, and what was learned, together or not at all. A listing that changed meanwhile is left to the next look. */
async function keepOutcome(deps: RepricingDeps, tx: Tx, weighed: Weighed, trigger: string): Promise<boolean> {
  const { ctx } = deps;
  const now = ctx.clock.now();
  const { listing, chosen, seen, state } = weighed;
  if ((await loadListing(tx, listing.id)).version !== listing.version) return false;
  if (seen) await insertObservation(tx, { id: ctx.ids.next('event'), listingId: listing.id, at: now, seen, expectedPerDay: state.evidence.expectedPerDay });
  await putState(tx, listing.id, state, now);
  const { currency } = listing.price;
  await record(deps, tx, { listingId: listing.id, trigger, action: chosen.action, fromMinor: listing.price.minor, toMinor: chosen.toMinor, floorMinor: weighed.floorMinor, lowestMinor: weighed.lowestMinor, currency, reasons: chosen.reasons, seed: chosen.seed });
  if (chosen.action !== 'change') return false;
  await setPriceIn(deps.listings, tx, { id: listing.id, version: listing.version, price: money(chosen.toMinor, currency), because: 'repricing' });
  return true;
}

async function record(deps: RepricingDeps, tx: Tx, decision: Omit<NewDecision, 'id' | 'at'>): Promise<void> {
  const { ctx } = deps;
  const codes = `${decision.action}:${decision.reasons.map((reason) => reason.code).join(',')}`;
  if (decision.action !== 'change' && (await lastCodes(tx, decision.listingId)) === codes) return;
  const id = ctx.ids.next('event');
  await insertDecision(tx, { ...decision, id, at: ctx.clock.now() });
  await ctx.outbox.add(tx, 'repricing.decided', decision.listingId, { action: decision.action });
}

const moved = (row: RepriceRow) => Math.abs(row.proposed.minor - row.price.minor) / Math.max(1, row.price.minor);

/** What would change now under rules, the listings in which most would change first. Nothing is written. */
export async function previewRepricing(deps: RepricingDeps, asked?: RepriceSettings): Promise<{ rows: RepriceRow[]; checked: number; more: boolean }> {
  const { prisma } = deps.ctx.db;
  const settings = asked ?? (await readSetting(deps.ctx.db, REPRICING)).value;
  const found = await prisma.listing.findMany({ where: { state: { in: [...LIVE] }, quantity: { gt: 0 } }, orderBy: { id: 'desc' }, take: MOST_PREVIEWED + 1, select: { id: true } });
  const desk = await readDesk(deps);
  const rows: RepriceRow[] = [];
  for (const { id } of found.slice(0, MOST_PREVIEWED)) rows.push(await previewOne(deps, { listingId: id, settings, desk }));
  return { rows: rows.sort((a, b) => Number(b.action === 'change') - Number(a.action === 'change') || moved(b) - moved(a)), checked: rows.length, more: found.length > MOST_PREVIEWED };
}

async function previewOne(deps: RepricingDeps, given: { listingId: string; settings: RepriceSettings; desk: DeskKnown }): Promise<RepriceRow> {
  const weighed = await weighListing(deps, given);
  const { listing } = weighed;
  const state = await findState(deps.ctx.db.prisma, listing.id);
  const base = { listingId: listing.id, listingVersion: listing.version, sku: listing.sku, title: listing.title, channel: listing.channel, quantity: listing.quantity, price: listing.price, pausedAt: state?.pausedAt ?? null };
  if ('refusal' in weighed) return { ...base, category: null, floor: listing.floor, proposed: listing.price, action: 'refuse', strategy: given.settings.rule.strategy, reasons: [weighed.refusal], lowest: null };
  const amount = (minor: number) => money(minor, listing.price.currency);
  const held = state?.heldUntil && state.heldUntil > deps.ctx.clock.now() ? [{ code: 'reprice.held', data: { untilAt: state.heldUntil } }] : [];
  const still = base.pausedAt !== null || held.length > 0;
  return {
    ...base, category: weighed.category, floor: amount(weighed.floorMinor), proposed: still ? listing.price : amount(weighed.chosen.toMinor), action: still ? 'keep' : weighed.chosen.action, strategy: weighed.rule.strategy,
    reasons: base.pausedAt === null ? [...held, ...weighed.chosen.reasons] : [{ code: 'reprice.paused', data: {} }], lowest: weighed.lowestMinor === null ? null : amount(weighed.lowestMinor),
  };
}

/** Puts back the price that a decision changed, and leaves the listing alone for a day. @throws DomainError NOT_FOUND, WRONG_STATE, BELOW_FLOOR. */
export async function undoDecision(deps: RepricingDeps, id: string): Promise<RepriceDecision> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const decision = await getDecision(tx, id);
    const listing = await loadListing(tx, decision.listingId);
    if (!decision.canUndo) throw new DomainError('WRONG_STATE', 'The price has changed since: it cannot be put back.', { state: decision.undoneAt === null ? listing.state : 'undone' });
    await setPriceIn(deps.listings, tx, { id: listing.id, version: listing.version, price: decision.from, because: 'undo' });
    await markUndone(tx, id, ctx.clock.now());
    const state = await findState(tx, listing.id);
    if (state) await putState(tx, listing.id, { ...state, standing: null, observedAt: ctx.clock.now(), heldUntil: ctx.clock.now() + HELD_MS }, ctx.clock.now());
    await ctx.outbox.add(tx, 'repricing.undone', listing.id);
    return getDecision(tx, id);
  });
}

/** A person holds a listing's price, or lets it go. @throws DomainError NOT_FOUND. */
export async function pauseListing(deps: RepricingDeps, input: { readonly id: string; readonly paused: boolean }): Promise<{ pausedAt: number | null }> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const listing = await loadListing(tx, input.id);
    const now = ctx.clock.now();
    const state = (await findState(tx, listing.id)) ?? { evidence: noEvidence(0.1), standing: null, observedAt: now, pausedAt: null, heldUntil: null };
    const pausedAt = input.paused ? (state.pausedAt ?? now) : null;
    await putState(tx, listing.id, { ...state, pausedAt, heldUntil: input.paused ? state.heldUntil : null }, now);
    await ctx.outbox.add(tx, input.paused ? 'repricing.paused' : 'repricing.resumed', listing.id);
    return { pausedAt };
  });
}
