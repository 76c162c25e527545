import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, filterInput, instantSchema, listFacets, moneySchema, pageInput, pageOf, reasonSchema, sortInput } from './shared.ts';
import { LIST_CHOICES, LIST_SORTS } from './words.ts';

export const watchState = z.enum(['active', 'paused']);

export const watchRow = z.strictObject({
  id: z.string(),
  /** A product's page at a shop, or a product on a marketplace. */
  kind: z.enum(['page', 'market']),
  title: z.string(), address: z.string(),
  /** The source's name, the shop's host or the marketplace: `amazon-us`. */
  place: z.string(),
  state: watchState,
  /** As last read; null: nobody offered it, or its price could not be read yet. */
  price: moneySchema.nullable(), available: z.boolean().nullable(), quantity: z.int().nullable(), sellers: z.int().nullable(),
  /** Of the price against a week before; null: not known. */
  changeBp: z.int().nullable(),
  /** What the same thing is listed for here, the lowest of all channels; null: not listed, or not known to be the same. */
  mine: moneySchema.nullable(),
  /** Told when the price is at or below. */
  below: moneySchema.nullable(),
  intervalMs: z.int(), checkedAt: instantSchema.nullable(), readAt: instantSchema.nullable(), nextAt: instantSchema,
  /** Why the last look found nothing out; what was read before still stands. */
  problem: reasonSchema.nullable(),
  /** Changes that nobody has looked at. */
  unseen: z.int(),
  productId: z.string().nullable(), version: z.int(),
});
export type WatchRow = z.infer<typeof watchRow>;

const steps = z.strictObject({ at: z.array(instantSchema), value: z.array(z.number().nullable()) });

export const watchDetail = watchRow.extend({
  /** Steps: each value holds until the next. Prices in minor units of `price`'s currency; those in another are left out. */
  history: z.strictObject({ currency: z.string().nullable(), price: steps, sellers: steps, mine: steps }),
  /** Of the last 90 days. */
  analysis: z.strictObject({
    changes: z.int(), lowest: moneySchema.nullable(), highest: moneySchema.nullable(), usual: moneySchema.nullable(), trend: z.enum(['rising', 'collapsing', 'steady', 'unknown']),
    /** Latest change of the level, if one was found. */
    levelChangedAt: instantSchema.nullable(),
    /** Share of the days without an offer, of those that are known. */
    withoutOfferBp: z.int().nullable(),
    /** Against the own listing, where there is one: share of the time that they ask less, and how often either went below the other. */
    against: z.strictObject({ belowMineBp: z.int(), theyWentBelow: z.int(), iWentBelow: z.int() }).nullable(),
  }),
  alerts: z.array(z.strictObject({ id: z.string(), reason: reasonSchema, at: instantSchema, seen: z.boolean() })),
});
export type WatchDetail = z.infer<typeof watchDetail>;

const hour = 3_600_000;
const interval = z.int().min(hour).max(14 * 24 * hour);
const versioned = { ...commonErrors, CONFLICT: { status: 409, message: 'Somebody changed this meanwhile: look at it again.', data: z.strictObject({ version: z.int() }) } } as const;
const unread = { NO_OFFER: { status: 422, message: 'No product and price could be read there.', data: z.strictObject({ reason: z.string() }) } } as const;
const one = z.strictObject({ id: z.string() });

export const watchesContract = {
  list: oc.route({ method: 'GET', path: '/watches' }).errors(commonErrors).input(z.strictObject({ show: z.enum(['active', 'paused', 'changed', 'failing', 'undercut']).optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.watches), ...sortInput(LIST_SORTS.watches), ...pageInput })).output(pageOf(watchRow)),
  facets: oc.route({ method: 'GET', path: '/watches/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/watches/{id}' }).errors(commonErrors).input(one).output(watchDetail),
  /** Looks once, and watches what it finds. An address of a product's page, an ASIN or an address of Amazon with one. What is watched already is answered as it is. */
  add: oc.route({ method: 'POST', path: '/watches' }).errors({ ...commonErrors, ...unread }).input(z.strictObject({ address: z.string().trim().min(1).max(2_000), intervalMs: interval.optional() })).output(watchRow),
  update: oc.route({ method: 'PATCH', path: '/watches/{id}' }).errors(versioned).input(z.strictObject({ id: z.string(), version: z.int(), state: watchState.optional(), intervalMs: interval.optional(), belowMinor: z.int().min(1).nullable().optional(), productId: z.string().nullable().optional() })).output(watchRow),
  remove: oc.route({ method: 'DELETE', path: '/watches/{id}' }).errors(commonErrors).input(one).output(one),
  /** Looks now, within the host's pace and the vendor's quota. */
  look: oc.route({ method: 'POST', path: '/watches/{id}/look' }).errors(commonErrors).input(one).output(watchRow),
  /** Its changes have been looked at. */
  seen: oc.route({ method: 'POST', path: '/watches/{id}/seen' }).errors(commonErrors).input(one).output(z.strictObject({ seen: z.int() })),
  /** Changes that no window has told of: whether there are any, and handed to one window, each once. */
  untold: oc.route({ method: 'GET', path: '/watches/untold' }).output(z.strictObject({ count: z.int() })),
  claim: oc.route({ method: 'POST', path: '/watches/claim' }).output(z.array(z.strictObject({ watchId: z.string(), title: z.string(), reason: reasonSchema }))),
};
