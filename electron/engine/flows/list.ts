import { z } from 'zod';
import type { Reason } from '#contract/shared.ts';
import { isConnectorError, messageOf, type ConnectorErrorKind } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import type { Tx, WorkflowDefinition, WorkflowRun } from '#runtime/ports.ts';
import { getLot } from '../inventory/index.ts';
import {
  advanceListing, changeListing, composedSchema, composeListing, draftListing, endListing, END_WORKFLOW, findByLots, liesElsewhere, liesWith, loadListing, onChannel, PUBLISH_WORKFLOW, REVISE_WORKFLOW,
  type Listing, type ListingsDeps, type ListingState, type OnChannel, withListing,
} from '../listings/index.ts';
import { placePictures } from './place-pictures.ts';
import { contentOf, reach, reachSchema, termsFor } from './reach-channel.ts';

export const LIST_WORKFLOW = 'list';
/** Without a channel: the main one. */
const lotInput = z.strictObject({ lotId: z.string(), channel: z.string().optional() });
const listingInput = z.strictObject({ listingId: z.string(), /** Units that came in. */ rise: z.int().optional() });
type ListingInput = z.infer<typeof listingInput>;

const nothing = z.null();
const goesOn = z.strictObject({ on: z.boolean() });
const offerSchema = z.strictObject({ offerId: z.string(), state: z.enum(['unpublished', 'live', 'out-of-stock', 'ended']), listingId: z.string().nullable(), existed: z.boolean() });
const publishedSchema = z.strictObject({ listingId: z.string() });
const ended = z.strictObject({ ended: z.literal(true) });

/** What is on hand is listed: words and price are made once and kept, and publishing starts in the transaction that writes the draft. */
export function listWorkflow(deps: ListingsDeps): WorkflowDefinition<z.infer<typeof lotInput>> {
  return {
    kind: LIST_WORKFLOW,
    input: lotInput,
    async run(run, { lotId, channel }) {
      const here = onChannel(deps, channel ?? (await run.step('home', z.string(), () => homeOf(deps, lotId))));
      const composed = await run.step('compose', composedSchema, () => composeListing(here, lotId));
      await run.transact('draft', nothing, async (tx) => {
        const lot = await getLot(tx, lotId);
        if (lot.onHand > 0) await draftListing(here, tx, { lot, composed });
        return null;
      });
    },
  };
}

/** Where what comes on hand is listed: the main channel, or the one in whose warehouse it lies. */
async function homeOf(deps: ListingsDeps, lotId: string): Promise<string> {
  const { location } = await getLot(deps.ctx.db.prisma, lotId);
  const { main } = deps.channels;
  return deps.channels.connected().find(({ port }) => liesWith(location, port.market))?.port.market ?? main;
}

/** Hears of what a market sold, as far as it tells by now. False: nobody can be asked there. */
export type HearSales = (market: string, signal: AbortSignal) => Promise<boolean>;

/** Puts a listing up: content, offer, terms, publication, each of which can be asked after by SKU; also for one that stands there already. */
export function publishWorkflow(deps: ListingsDeps, hear: HearSales): WorkflowDefinition<ListingInput> {
  return { kind: PUBLISH_WORKFLOW, input: listingInput, run: (run, input) => publish({ ...deps, hear }, run, input), failed: (tx, input, error) => stopListing(deps, tx, { input, error }) };
}

/** As `contentOf` makes it, and the step keeps it. */
type Content = Awaited<ReturnType<typeof contentOf>>;

async function publish(all: ListingsDeps & { readonly hear: HearSales }, run: WorkflowRun, { listingId }: ListingInput): Promise<void> {
  const deps = onChannel(all, (await current(all, listingId)).channel);
  const { channel } = deps;
  const options = { signal: run.signal };
  const entered = await run.transact('publishing', goesOn, async (tx) => {
    const listing = await loadListing(tx, listingId);
    if (listing.state === 'draft') await advanceListing(deps, tx, listing, { to: 'publishing' });
    return { on: listing.state === 'draft' || listing.state === 'publishing' };
  });
  if (!entered.on) return;
  const way = await run.step('reach', reachSchema, () => reach(deps, listingId, run.signal));
  if ('refusal' in way) return stopWith(deps, run, listingId, way.refusal);
  const { sku } = await current(deps, listingId);
  const kept = await run.step('content', z.unknown(), () => contentOf(deps, listingId, way));
  const content = await placePictures(deps, run, kept as Content);
  await run.effect('put-content', { ...idempotent, output: nothing, call: async () => (await channel.putContent(sku, content, options), null) });
  const offer = await run.effect('ensure-offer', {
    output: offerSchema,
    call: async () => standing(await channel.ensureOffer(sku, termsFor(await current(deps, listingId), way, content), options)),
    reconcile: () => findStanding(deps, sku, run.signal),
  });
  // An offer that stood there before keeps its own terms until they are replaced.
  if (offer.existed) {
    await run.effect('replace-terms', { ...idempotent, output: nothing, call: async () => {
      // what it sold while it stood there must not be put up again
      const heard = offer.state === 'unpublished' || (await all.hear(deps.channel.market, run.signal));
      const terms = termsFor(await current(deps, listingId), way, content);
      const shown = heard ? undefined : (await channel.findOffer(sku, options))?.quantity;
      await channel.replaceOffer(offer.offerId, { ...terms, quantity: Math.min(terms.quantity, shown ?? terms.quantity) }, options);
      return null;
    } });
  }
  const published = await run.effect('publish', {
    output: publishedSchema,
    call: async () => ({ listingId: (await channel.publishOffer(offer.offerId, options)).listingId }),
    reconcile: async () => {
      const found = await findStanding(deps, sku, run.signal);
      return found !== 'absent' && found.found.state === 'live' && found.found.listingId !== null ? { found: { listingId: found.found.listingId } } : 'absent';
    },
  });
  await run.transact('activate', nothing, (tx) => activate(deps, tx, { listingId, offerId: offer.offerId, externalId: published.listingId }));
}

const current = (deps: ListingsDeps, listingId: string): Promise<Listing> => loadListing(deps.ctx.db.prisma, listingId);

/** A call that may be repeated freely needs not be asked after. */
const idempotent = { reconcile: () => Promise.resolve('absent' as const) };

function standing(offer: { offerId: string; state: 'unpublished' | 'live' | 'out-of-stock' | 'ended'; listingId?: string | undefined; existed?: boolean }): z.infer<typeof offerSchema> {
  return { offerId: offer.offerId, state: offer.state, listingId: offer.listingId ?? null, existed: offer.existed ?? true };
}

async function findStanding(deps: OnChannel, sku: string, signal: AbortSignal): Promise<{ found: z.infer<typeof offerSchema> } | 'absent'> {
  const offer = await deps.channel.findOffer(sku, { signal });
  return offer ? { found: standing(offer) } : 'absent';
}

async function activate(deps: ListingsDeps, tx: Tx, given: { listingId: string; offerId: string; externalId: string }): Promise<null> {
  const listing = await loadListing(tx, given.listingId);
  if (listing.state !== 'publishing') return null;
  const to: ListingState = listing.quantity > 0 ? 'active' : 'sold-out';
  await advanceListing(deps, tx, listing, { to, change: { externalOfferId: given.offerId, externalId: given.externalId, publishedAt: deps.ctx.clock.now() }, data: { externalId: given.externalId } });
  return null;
}

async function stopWith(deps: ListingsDeps, run: WorkflowRun, listingId: string, reason: Reason): Promise<void> {
  await run.transact('stop', nothing, async (tx) => {
    const listing = await loadListing(tx, listingId);
    if (listing.state !== 'ended' && listing.state !== 'stopped') await advanceListing(deps, tx, listing, { to: 'stopped', change: { stopReason: reason } });
    return null;
  });
}

/** Tells the channel the price and quantity that stand now. Restocks a listing that had sold out or ended there. */
export function reviseWorkflow(deps: ListingsDeps): WorkflowDefinition<ListingInput> {
  return { kind: REVISE_WORKFLOW, input: listingInput, run: (run, input) => revise(deps, run, input), failed: (tx, input, error) => stopListing(deps, tx, { input, error }) };
}

async function revise(all: ListingsDeps, run: WorkflowRun, { listingId, rise = 0 }: ListingInput): Promise<void> {
  const { sku, channel: market } = await current(all, listingId);
  const deps = onChannel(all, market);
  const { channel } = deps;
  const offer = await run.step('standing', offerSchema.nullable(), async () => {
    const found = await findStanding(deps, sku, run.signal);
    return found === 'absent' ? null : found.found;
  });
  if (!offer) return stopWith(deps, run, listingId, { code: 'listing.vanished', data: { sku } });
  const listing = await current(deps, listingId);
  if (listing.state !== 'active' && listing.state !== 'sold-out') return;
  // Kept before the call: what was shown then and what came in, so that a repeat adds nothing twice.
  const { most } = await run.step('most', z.strictObject({ most: z.int().nullable() }), async () => ({ most: rise > 0 ? await raised(deps, sku, { rise, signal: run.signal }) : null }));
  await run.effect('put-terms', { ...idempotent, output: nothing, call: () => withListing(listingId, () => putTerms(deps, { listingId, most, offerId: offer.offerId, signal: run.signal })) });
  if (listing.quantity > 0 && (offer.state === 'ended' || offer.state === 'unpublished')) {
    await run.effect('publish', { output: publishedSchema, call: async () => ({ listingId: (await channel.publishOffer(offer.offerId, { signal: run.signal })).listingId }), reconcile: () => Promise.resolve('absent' as const) });
  }
  await run.transact('revised', nothing, async (tx) => {
    const now = await loadListing(tx, listingId);
    if (now.state === 'sold-out' && now.quantity > 0) await advanceListing(deps, tx, now, { to: 'active', data: { quantity: now.quantity } });
    else if (now.state === 'active') await changeListing(deps, tx, now, { kind: 'revised', change: {}, data: { price: now.price, quantity: now.quantity } });
    return null;
  });
}

async function raised(deps: OnChannel, sku: string, given: { readonly rise: number; readonly signal: AbortSignal }): Promise<number | null> {
  const now = await deps.channel.findOffer(sku, { signal: given.signal });
  return now?.quantity === undefined ? null : now.quantity + given.rise;
}

/** A price change alone must not put units up again that the channel has sold and we have not heard of: the channel's count caps ours, unless stock came in. */
async function putTerms(deps: OnChannel, given: { listingId: string; offerId: string; most: number | null; signal: AbortSignal }): Promise<null> {
  const listing = await current(deps, given.listingId);
  const now = await deps.channel.findOffer(listing.sku, { signal: given.signal });
  const restocked = listing.state === 'sold-out' || now?.quantity === undefined;
  const quantity = restocked ? listing.quantity : Math.min(listing.quantity, given.most ?? now.quantity);
  await deps.channel.reviseOffer(listing.sku, given.offerId, { price: listing.price, floor: listing.floor, quantity }, { signal: given.signal });
  return null;
}

export function endWorkflow(deps: ListingsDeps): WorkflowDefinition<ListingInput> {
  return {
    kind: END_WORKFLOW,
    input: listingInput,
    async run(run, { listingId }) {
      const listing = await current(deps, listingId);
      const here = onChannel(deps, listing.channel);
      const offer = await run.step('standing', offerSchema.nullable(), async () => {
        const found = await findStanding(here, listing.sku, run.signal);
        return found === 'absent' ? null : found.found;
      });
      if (offer && offer.state !== 'ended') await run.effect('end', { ...idempotent, output: ended, call: async () => (await here.channel.endOffer(offer.offerId, { signal: run.signal }), { ended: true as const }) });
      await run.transact('ended', nothing, async (tx) => {
        const now = await loadListing(tx, listingId);
        if (now.state === 'ending') await advanceListing(deps, tx, now, { to: 'ended', change: { quantity: 0 } });
        return null;
      });
    },
    failed: (tx, input, error) => stopListing(deps, tx, { input, error }),
  };
}

const CODES: Readonly<Record<ConnectorErrorKind, string>> = {
  Rejected: 'listing.refused', Critical: 'listing.channel-broken', SessionLost: 'listing.session-lost', Retryable: 'listing.channel-unreachable', Throttled: 'listing.channel-unreachable', OutcomeUnknown: 'listing.outcome-unknown',
};

/** What went wrong at the channel, in a reason that a person can act on. */
export async function stopListing(deps: ListingsDeps, tx: Tx, { input, error }: { input: ListingInput; error: unknown }): Promise<void> {
  const listing = await loadListing(tx, input.listingId);
  if (listing.state === 'ended' || listing.state === 'stopped') return;
  const vendor = isConnectorError(error) ? { connector: error.detail.connector, ...(error.detail.code ? { vendorCode: error.detail.code } : {}), ...(error.detail.evidence ? { evidence: error.detail.evidence } : {}) } : {};
  const reason = { code: isConnectorError(error) ? CODES[error.kind] : 'listing.internal-error', data: { message: maskText(messageOf(error)).slice(0, 500), ...vendor } };
  await advanceListing(deps, tx, listing, { to: 'stopped', change: { stopReason: reason } });
}

/** What comes on hand is listed. */
/** What lies with one channel from now on is taken down from the others. */
async function endElsewhere(deps: ListingsDeps, lotId: string): Promise<void> {
  const { prisma } = deps.ctx.db;
  const { location } = await getLot(prisma, lotId);
  for (const { id, version, state, channel } of await findByLots(prisma, [lotId])) {
    if (state !== 'ended' && state !== 'ending' && liesElsewhere(location, channel)) await endListing(deps, { id, version });
  }
}

export function followStockEvents(deps: ListingsDeps): void {
  deps.ctx.outbox.subscribe('stock.moved', async ({ id }) => {
    if (id !== null) await endElsewhere(deps, id);
  });
  const { outbox, workflows, db } = deps.ctx;
  outbox.subscribe('stock.received', async ({ id }) => {
    if (id !== null) await db.transaction((tx) => workflows.start(tx, LIST_WORKFLOW, `${LIST_WORKFLOW}:${id}`, { lotId: id }));
  });
}
