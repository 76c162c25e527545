import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, moneySchema, pageInput, pageOf, sortInput } from './shared.ts';
import { HAND_CONDITIONS, LIST_SORTS } from './words.ts';

export const stockPlace = z.strictObject({ location: z.string(), condition: z.string(), lots: z.int(), products: z.int(), units: z.int(), value: moneySchema });
export type StockPlace = z.infer<typeof stockPlace>;

export const stockCountState = z.enum(['open', 'booked', 'undone', 'cancelled']);
export const stockCountRow = z.strictObject({
  id: z.string(), name: z.string(), state: stockCountState, location: z.string().nullable(), condition: z.string().nullable(), by: z.string(), lines: z.int(), counted: z.int(),
  /** Units more (above zero) or fewer than expected, over the lines that were counted. */
  difference: z.int(), createdAt: instantSchema, bookedAt: instantSchema.nullable(), version: z.int(),
});
export type StockCountRow = z.infer<typeof stockCountRow>;

export const stockCountLine = z.strictObject({
  lotId: z.string(), sku: z.string(), title: z.string(), location: z.string(), condition: z.string(),
  /** On hand when it was counted; until then, when the sheet was made. */
  expected: z.int(), onHand: z.int(), counted: z.int().nullable(), reason: z.string().nullable(),
  /** What the difference is worth at cost; below zero is a loss. Booked, or as it would be now. */
  value: moneySchema,
});
export const stockCountDetail = stockCountRow.extend({ sheet: z.array(stockCountLine), loss: moneySchema, gain: moneySchema, undoneAt: instantSchema.nullable() });
export type StockCountDetail = z.infer<typeof stockCountDetail>;

const transition = { ...commonErrors, WRONG_STATE: { status: 409, message: 'It is in another state by now.', data: z.strictObject({ state: z.string() }) } } as const;
const seen = { id: z.string(), version: z.int() };
const place = z.string().trim().min(1).max(60);

export const stockCountsContract = {
  /** What is on hand by place and condition, at cost. */
  places: oc.route({ method: 'GET', path: '/stock/places' }).errors(commonErrors).output(z.array(stockPlace)),
  /** Units of a lot go to another place, or are graded anew. All of them in the same condition stay one lot; others become a lot of their own at the cost that leaves the first. */
  move: oc.route({ method: 'POST', path: '/stock/{id}/move' }).errors(transition)
    .input(z.strictObject({ ...seen, units: z.int().min(1), location: place, condition: z.enum(HAND_CONDITIONS), reason: z.string().trim().max(300), /** Puts a lot that comes into being up for sale at once. */ list: z.boolean() })).output(z.strictObject({ lotId: z.string(), version: z.int() })),
  list: oc.route({ method: 'GET', path: '/stock/counts' }).errors(commonErrors).input(z.strictObject({ state: stockCountState.optional(), search: z.string().max(200).optional(), ...sortInput(LIST_SORTS.counts), ...pageInput })).output(pageOf(stockCountRow)),
  get: oc.route({ method: 'GET', path: '/stock/counts/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(stockCountDetail),
  /** A sheet of what should be there; at most 500 lots. */
  create: oc.route({ method: 'POST', path: '/stock/counts' }).errors(commonErrors).input(z.strictObject({ name: z.string().trim().min(1).max(120), location: place.nullable(), condition: z.string().max(40).nullable() })).output(stockCountDetail),
  /** What was counted; null takes a number back. From then on `expected` is what stood in the books at that moment. */
  record: oc.route({ method: 'POST', path: '/stock/counts/{id}/lines' }).errors(transition)
    .input(z.strictObject({ ...seen, lines: z.array(z.strictObject({ lotId: z.string(), counted: z.int().min(0).max(1_000_000).nullable(), reason: z.string().trim().max(300).nullable() })).min(1).max(500) })).output(stockCountDetail),
  /** Differences go to stock and books, each with its reason; what was not counted stays as it is. Sales between count and booking stand. */
  book: oc.route({ method: 'POST', path: '/stock/counts/{id}/book' }).errors(transition).input(z.strictObject(seen)).output(stockCountDetail),
  /** Takes a booked count back, in stock and books. */
  undo: oc.route({ method: 'POST', path: '/stock/counts/{id}/undo' }).errors(transition).input(z.strictObject(seen)).output(stockCountDetail),
  cancel: oc.route({ method: 'POST', path: '/stock/counts/{id}/cancel' }).errors(transition).input(z.strictObject(seen)).output(stockCountDetail),
};
