import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema } from './shared.ts';

/** What is wrong with a picture, with the figure and what it should be at least or at most. */
export const photoFinding = z.strictObject({ code: z.enum(['too-small', 'blurry', 'too-dark', 'too-bright', 'duplicate']), figure: z.number(), limit: z.number() });
export const lotPhoto = z.strictObject({
  id: z.string(), lotId: z.string(), name: z.string(), position: z.int(), width: z.int(), height: z.int(), bytes: z.int(),
  /** As it was taken, upright and without its notes; else cropped, square, on white. */
  useOriginal: z.boolean(), findings: z.array(photoFinding), removed: z.boolean(), createdAt: instantSchema,
});
export type LotPhoto = z.infer<typeof lotPhoto>;

const byId = z.strictObject({ id: z.string() });
const photos = z.strictObject({ photos: z.array(lotPhoto), most: z.int() });
const upload = z.string().regex(/^[\w-]{1,80}$/);
const errors = { ...commonErrors, PICTURE_REFUSED: { status: 422, message: 'The picture cannot be taken.', data: z.looseObject({ code: z.string(), name: z.string() }) } } as const;

export const lotPhotosContract = {
  list: oc.route({ method: 'GET', path: '/stock/{lotId}/photos' }).errors(errors).input(z.strictObject({ lotId: z.string() })).output(photos),
  /** Begins to take a picture; its bytes follow in order by `append`. */
  begin: oc.route({ method: 'POST', path: '/photos/uploads' }).errors(errors).input(z.strictObject({ name: z.string().min(1).max(200), bytes: z.int().min(0) })).output(z.strictObject({ upload: z.string() })),
  append: oc.route({ method: 'POST', path: '/photos/uploads/{upload}' }).errors(errors).input(z.strictObject({ upload, at: z.int().min(0), contentBase64: z.string().max(720_000) })).output(z.strictObject({ received: z.int() })),
  /** Makes the picture one of the lot's. The same file twice is one picture. */
  add: oc.route({ method: 'POST', path: '/stock/{lotId}/photos' }).errors(errors).input(z.strictObject({ lotId: z.string(), upload, name: z.string().min(1).max(200) })).output(lotPhoto),
  /** The pictures in this order; the first is the main one. */
  arrange: oc.route({ method: 'POST', path: '/stock/{lotId}/photos/order' }).errors(errors).input(z.strictObject({ lotId: z.string(), ids: z.array(z.string()).max(50) })).output(photos),
  remove: oc.route({ method: 'DELETE', path: '/photos/{id}' }).errors(errors).input(byId).output(lotPhoto),
  restore: oc.route({ method: 'POST', path: '/photos/{id}/restore' }).errors(errors).input(byId).output(lotPhoto),
  choose: oc.route({ method: 'POST', path: '/photos/{id}/choose' }).errors(errors).input(z.strictObject({ id: z.string(), useOriginal: z.boolean() })).output(lotPhoto),
  /** `before`: as it was taken, upright; `after`: as it is listed; `small`: what is listed, small. Always a JPEG of our own making. */
  picture: oc.route({ method: 'GET', path: '/photos/{id}/picture' }).errors(errors).input(z.strictObject({ id: z.string(), which: z.enum(['before', 'after', 'small']) })).output(z.strictObject({ contentBase64: z.string() })),
};
