import { z } from 'zod';
import { MINUTE_MS } from '#kernel/time.ts';
import type { JobHandler, WorkflowRun } from '#runtime/ports.ts';
import { asPlaced, findByLots, findPlaced, keepPlaced, ownAddress, placedSchema, REWRITE_WORKFLOW, shaOfAddress, type ListingsDeps, type OnChannel } from '../listings/index.ts';

/** The lot's own pictures in the place of the shops', where it has some and its channel can show them. */
export async function picturesFor(deps: OnChannel, lotId: string, shops: readonly string[]): Promise<string[]> {
  const { channel, pictures } = deps;
  const places = channel.takesOwnPictures === true || (channel.placePicture !== undefined && (await channel.mayPlacePictures?.()) !== false);
  const own = pictures && places ? await pictures.of(lotId) : [];
  return (own.length > 0 ? own.map(ownAddress) : shops).slice(0, channel.limits.images);
}

/**
 * Gives each picture of ours an address on the channel, once: what was placed before is known by its hash. Where the outcome is unknown the channel is asked for the hash; one that cannot be
 * asked drops by itself what no listing shows.
 */
export async function placePictures<C extends { readonly imageUrls: readonly string[] }>(deps: OnChannel, run: WorkflowRun, content: C): Promise<C> {
  const { channel, ctx, pictures } = deps;
  if (!channel.placePicture || !pictures || !content.imageUrls.some((address) => shaOfAddress(address) !== null)) return content;
  const imageUrls: string[] = [];
  for (const address of content.imageUrls) {
    const sha256 = shaOfAddress(address);
    imageUrls.push(sha256 === null ? address : (await placeOne(deps, run, sha256)).address);
  }
  ctx.log.debug('pictures placed', { channel: channel.market, count: imageUrls.length });
  return { ...content, imageUrls };
}

async function placeOne(deps: OnChannel, run: WorkflowRun, sha256: string): Promise<z.infer<typeof placedSchema>> {
  const { channel, ctx, pictures } = deps;
  const { market } = channel;
  const name = sha256.slice(0, 20);
  const known = await run.step(`picture-known-${name}`, placedSchema.nullable(), () => findPlaced(ctx.db.prisma, market, { sha256, at: ctx.clock.now() }));
  if (known) return known;
  const placed = await run.effect(`place-picture-${name}`, {
    output: placedSchema,
    call: async () => asPlaced(await channel.placePicture!({ sha256, jpeg: await pictures!.read(sha256) }, { signal: run.signal })),
    reconcile: async () => {
      const found = await channel.findPicture?.(sha256, { signal: run.signal });
      return found ? { found: asPlaced(found) } : 'absent';
    },
  });
  await run.transact(`picture-kept-${name}`, z.null(), async (tx) => (await keepPlaced(tx, market, { sha256, placed, at: ctx.clock.now() }), null));
  return placed;
}

export const SEND_PICTURES = 'listings.send-pictures';
/** Pictures come several at a time: they are sent when none has come for so long. */
const SETTLE_MS = MINUTE_MS;
const payload = z.strictObject({ lotId: z.string() });

/** Listings that run get the pictures that their lot has now. */
export function sendPicturesJob(deps: ListingsDeps): JobHandler<z.infer<typeof payload>> {
  const { db, workflows } = deps.ctx;
  return {
    kind: SEND_PICTURES, payload,
    run: async ({ lotId }, { jobId }) => {
      await db.transaction(async (tx) => {
        for (const { id, state, channel } of await findByLots(tx, [lotId])) {
          const port = deps.channels.get(channel)?.port;
          if ((state === 'active' || state === 'sold-out') && port?.replacesPictures) await workflows.start(tx, REWRITE_WORKFLOW, `${REWRITE_WORKFLOW}:${id}:pictures:${jobId}`, { listingId: id, pictures: true });
        }
      });
    },
  };
}

/** What was added, taken out or put in another order reaches the channels. */
export function followPictures(deps: ListingsDeps): void {
  const { db, jobs, clock, outbox } = deps.ctx;
  outbox.subscribe('stock.photos', async ({ id }) => {
    if (id !== null) await db.transaction((tx) => jobs.add(tx, { kind: SEND_PICTURES, payload: { lotId: id }, uniqueKey: `${SEND_PICTURES}:${id}`, runAt: clock.now() + SETTLE_MS }));
  });
}
