import { oc } from '@orpc/contract';
import { z } from 'zod';
import { basisPointsSchema, commonErrors, instantSchema, moneySchema, pageInput, pageOf } from './shared.ts';

const staleError = { STALE: { status: 409, message: 'The question changed since it was shown.', data: z.strictObject({ version: z.int() }) } } as const;

/** Is this offer that product? Asked once for the same words, whatever offer brings them. */
export const identityQuestion = z.strictObject({
  id: z.string(), state: z.enum(['open', 'same', 'different']),
  /** As the matcher saw it. */
  probabilityBp: basisPointsSchema,
  /** One of the two names a pack and the other says nothing. */
  packUnknown: z.boolean(),
  askedAt: instantSchema, decidedAt: instantSchema.nullable(), decidedBy: z.enum(['person', 'judge']).nullable(), version: z.int(),
  /** What a language model thought, where one was asked. */
  opinion: z.strictObject({ verdict: z.enum(['same', 'different', 'unsure']), why: z.string() }).nullable(),
  offer: z.strictObject({
    id: z.string(), title: z.string(), brand: z.string().nullable(), mpn: z.string().nullable(), gtin: z.string().nullable(), packSize: z.int(), price: moneySchema, url: z.string(), imageUrl: z.string().nullable(), sourceName: z.string(),
  }),
  product: z.strictObject({ id: z.string(), title: z.string(), brand: z.string().nullable(), mpn: z.string().nullable(), asin: z.string().nullable(), gtin: z.string().nullable(), packSize: z.int(), category: z.string().nullable(), imageUrl: z.string().nullable() }),
});
export type IdentityQuestion = z.infer<typeof identityQuestion>;

const versioned = z.strictObject({ id: z.string(), version: z.int() });

export const identityContract = {
  /** Open questions likeliest first; answered ones newest first. */
  list: oc.route({ method: 'GET', path: '/identity/questions' }).errors({ INVALID: commonErrors.INVALID }).input(z.strictObject({ state: identityQuestion.shape.state.default('open'), ...pageInput })).output(pageOf(identityQuestion)),
  /** The answer is kept for good: offers with the same words are judged by it, and the matcher learns from it. */
  decide: oc.route({ method: 'POST', path: '/identity/questions/{id}/answer' }).errors({ ...commonErrors, ...staleError }).input(versioned.extend({ same: z.boolean() })).output(identityQuestion),
  /** Asks again: the answer was a slip. */
  undo: oc.route({ method: 'POST', path: '/identity/questions/{id}/undo' }).errors({ ...commonErrors, ...staleError }).input(versioned).output(identityQuestion),
};
