import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, moneySchema, reasonSchema } from './shared.ts';

/** A listing whose floor the fee card of today moves. */
export const floorChange = z.strictObject({
  id: z.string(), version: z.int(), title: z.string(), sku: z.string(), floorBefore: moneySchema, floorAfter: moneySchema, priceBefore: moneySchema,
  /** Above `priceBefore` where that would be below the new floor; else the same. */
  priceAfter: moneySchema,
});
export type FloorChange = z.infer<typeof floorChange>;

export const recomputePreview = z.strictObject({
  /** The cards in force today, by channel. */
  cards: z.array(z.strictObject({ channel: z.string(), version: z.string(), effectiveFrom: z.string(), source: z.string(), retrievedAt: z.string(), confidence: z.enum(['high', 'medium', 'low']) })),
  /** Open opportunities by the card that they were judged with. */
  opportunities: z.array(z.strictObject({ card: z.string(), count: z.int(), current: z.boolean() })),
  checked: z.int(),
  listings: z.array(floorChange),
  /** Listings that cannot be priced now, with the reason: they stay as they are. */
  unpriced: z.array(z.strictObject({ id: z.string(), title: z.string(), reason: reasonSchema })),
  /** The last time that it was applied, as long as it can be undone. */
  last: z.strictObject({ id: z.string(), at: instantSchema, listings: z.int() }).nullable(),
});
export type RecomputePreview = z.infer<typeof recomputePreview>;

const outcome = z.strictObject({ id: z.string(), changed: z.int(), refused: z.array(z.strictObject({ id: z.string(), title: z.string(), code: z.string() })), opportunities: z.int() });

export const feesContract = {
  /** What would change under the fee cards of today. Changes nothing. */
  preview: oc.route({ method: 'GET', path: '/fees/recompute' }).output(recomputePreview),
  /** Sets the floors (and raises the prices that would lie below) of the listings as they were shown, and judges every opportunity anew. */
  apply: oc.route({ method: 'POST', path: '/fees/recompute' }).errors(commonErrors).input(z.strictObject({ items: z.array(floorChange).max(1_000) })).output(outcome),
  /** Puts floors and prices back where nobody changed them since. Opportunities are always judged by the card of the day. */
  undo: oc.route({ method: 'POST', path: '/fees/recompute/{id}/undo' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(outcome),
};
