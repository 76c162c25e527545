import { z } from 'zod';
import type { WorkflowDefinition, WorkflowRun } from '#runtime/ports.ts';
import { advanceListing, loadListing, onChannel, recordListing, REWRITE_WORKFLOW, withListing, type ListingsDeps } from '../listings/index.ts';
import { stopListing } from './list.ts';
import { placePictures } from './place-pictures.ts';
import { contentOf, reach, reachSchema } from './reach-channel.ts';

const input = z.strictObject({ listingId: z.string(), /** Its pictures are others than those that it shows. */ pictures: z.boolean().optional() });
const nothing = z.null();
const picturesSchema = z.strictObject({ imageUrls: z.array(z.string()) });

/** Tells the channel the words and pictures that stand now, for a listing that runs. What the channel refuses stops the listing, with its reason. */
export function rewriteWorkflow(deps: ListingsDeps): WorkflowDefinition<z.infer<typeof input>> {
  return { kind: REWRITE_WORKFLOW, input, run: (run, given) => rewrite(deps, run, given), failed: (tx, given, error) => stopListing(deps, tx, { input: given, error }) };
}

async function rewrite(all: ListingsDeps, run: WorkflowRun, { listingId, pictures = false }: z.infer<typeof input>): Promise<void> {
  const { prisma } = all.ctx.db;
  const { channel: market } = await loadListing(prisma, listingId);
  const deps = onChannel(all, market);
  const way = await run.step('reach', reachSchema, () => reach(deps, listingId, run.signal));
  if ('refusal' in way) {
    await run.transact('stop', nothing, async (tx) => {
      const listing = await loadListing(tx, listingId);
      if (listing.state === 'active' || listing.state === 'sold-out') await advanceListing(deps, tx, listing, { to: 'stopped', change: { stopReason: way.refusal } });
      return null;
    });
    return;
  }
  const { state } = await loadListing(prisma, listingId);
  if (state !== 'active' && state !== 'sold-out') return;
  // what is shown is chosen before the call, and words as they stand when it is made
  const chosen = await run.step('pictures', picturesSchema, async () => ({ imageUrls: [...(await contentOf(deps, listingId, way)).imageUrls] }));
  const { replacesPictures } = deps.channel;
  const { imageUrls } = replacesPictures === 'always' || (replacesPictures && pictures) ? await placePictures(deps, run, chosen) : chosen;
  await run.effect('put-content', {
    output: nothing, reconcile: () => Promise.resolve('absent' as const),
    call: () => withListing(listingId, async () => {
      const content = { ...(await contentOf(deps, listingId, way)), imageUrls };
      const { sku } = await loadListing(prisma, listingId);
      // content carries a stock of its own: new words must not put units up again that the channel has sold and we have not heard of
      const there = (await deps.channel.findOffer(sku, { signal: run.signal }))?.quantity ?? content.quantity;
      await deps.channel.putContent(sku, { ...content, quantity: Math.min(content.quantity, there), ...(pictures ? { picturesChanged: true } : {}) }, { signal: run.signal });
      return null;
    }),
  });
  await run.transact('rewritten', nothing, async (tx) => (await recordListing(deps, tx, listingId, { kind: 'rewritten', data: {} }), null));
}
