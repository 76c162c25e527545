import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, filterInput, instantSchema, listFacets, moneySchema, pageInput, pageOf, reasonSchema, sortInput } from './shared.ts';
import { LIST_CHOICES, LIST_SORTS } from './words.ts';

/**
 * draft → planning → packing (boxes are asked for) → placing → choosing (costs are shown) → confirming → ready (labels) → reporting → sent → receiving → closed, or `differs` until a person has seen to it.
 * `stopped`: the channel refused, and a person tries again or gives up. Up to `ready` all of it can be cancelled.
 */
export const inboundState = z.enum(['draft', 'planning', 'packing', 'placing', 'choosing', 'confirming', 'ready', 'reporting', 'sent', 'receiving', 'differs', 'closed', 'stopped', 'cancelling', 'cancelled']);
export type InboundState = z.infer<typeof inboundState>;

const text = (most: number) => z.string().trim().max(most);
const needed = (most: number) => z.string().trim().min(1).max(most);

/** Where the boxes are fetched or sent from. */
export const inboundAddress = z.strictObject({
  name: needed(50), company: text(50), line1: needed(180), line2: text(60), city: needed(30), state: text(64), postcode: needed(32), country: z.string().regex(/^[A-Z]{2}$/), phone: needed(20),
});
export type InboundAddress = z.infer<typeof inboundAddress>;

/** Who prepares and labels the units, and what the channel wants done with them. */
export const inboundPrep = z.strictObject({ prepBy: z.enum(['seller', 'channel', 'none']), labelBy: z.enum(['seller', 'channel', 'none']), category: z.string(), types: z.array(z.string()) });

export const inboundBox = z.strictObject({
  groupId: z.string(), contents: z.array(z.strictObject({ sku: z.string(), units: z.int().min(1) })).min(1).max(500),
  weightG: z.int().min(1).max(500_000), lengthMm: z.int().min(1).max(10_000), widthMm: z.int().min(1).max(10_000), heightMm: z.int().min(1).max(10_000),
});
export type InboundBox = z.infer<typeof inboundBox>;

export const inboundPacking = z.strictObject({ optionId: z.string(), fee: moneySchema, groups: z.array(z.strictObject({ groupId: z.string(), items: z.array(z.strictObject({ sku: z.string(), units: z.int() })) })) });

/** How one of the channel's shipments can travel. `cost` null: with a carrier of the seller's own, which the channel does not price. */
export const inboundTransport = z.strictObject({
  optionId: z.string(), solution: z.enum(['partnered', 'own']), mode: z.string(), carrier: z.string(), cost: moneySchema.nullable(), until: instantSchema.nullable(), voidableUntil: instantSchema.nullable(), needsWindow: z.boolean(),
});
export const inboundPlacement = z.strictObject({
  placementOptionId: z.string(), fee: moneySchema, until: instantSchema.nullable(),
  shipments: z.array(z.strictObject({ shipmentId: z.string(), warehouse: z.string(), items: z.array(z.strictObject({ sku: z.string(), units: z.int() })), transports: z.array(inboundTransport) })),
});
export type InboundPlacement = z.infer<typeof inboundPlacement>;
export const inboundOptions = z.strictObject({ at: instantSchema, placements: z.array(inboundPlacement) });

/** What a person agreed to pay, as it was shown. */
export const inboundChosen = z.strictObject({
  placementOptionId: z.string(), packingFee: moneySchema, placementFee: moneySchema, total: moneySchema, at: instantSchema, by: z.string(),
  transports: z.array(z.strictObject({ shipmentId: z.string(), optionId: z.string(), solution: z.enum(['partnered', 'own']), carrier: z.string(), cost: moneySchema.nullable(), voidableUntil: instantSchema.nullable(), needsWindow: z.boolean() })),
});
export type InboundChosen = z.infer<typeof inboundChosen>;

/** One of the channel's shipments: where it goes, its boxes, and what the channel says of it. */
export const inboundDelivery = z.strictObject({
  shipmentId: z.string(), confirmationId: z.string(), warehouse: z.string(), solution: z.enum(['partnered', 'own']), carrier: z.string(), status: z.string(),
  boxes: z.array(z.strictObject({ boxId: z.string(), tracking: z.string().nullable() })),
});
export type InboundDelivery = z.infer<typeof inboundDelivery>;

const settled = z.strictObject({ units: z.int(), action: z.enum(['written-off', 'accepted']), reason: z.string(), at: instantSchema, by: z.string() });
export const inboundLine = z.strictObject({
  id: z.string(), number: z.int(), sourceLotId: z.string(), sourcePlace: z.string(), lotId: z.string().nullable(), sku: z.string().nullable(), productId: z.string(), title: z.string(), units: z.int(), prep: inboundPrep.nullable(),
  /** Counted by the channel so far, and of these what cannot be sold. */
  received: z.int(), damaged: z.int(),
  /** Landed, now, of one; null before the units were set aside. */
  unitCost: moneySchema.nullable(), settled: settled.nullable(),
});
export type InboundLine = z.infer<typeof inboundLine>;

export const inboundRow = z.strictObject({
  id: z.string(), number: z.string(), channel: z.string(), state: inboundState, lines: z.int(), units: z.int(), received: z.int(), agreed: moneySchema.nullable(), reason: reasonSchema.nullable(), createdAt: instantSchema, sentAt: instantSchema.nullable(), version: z.int(),
});
export type InboundRow = z.infer<typeof inboundRow>;

export const inboundDetail = inboundRow.extend({
  name: z.string(), planId: z.string().nullable(), from: inboundAddress, readyAt: instantSchema, lineItems: z.array(inboundLine), packing: inboundPacking.nullable(), boxes: z.array(inboundBox), options: inboundOptions.nullable(),
  chosen: inboundChosen.nullable(), deliveries: z.array(inboundDelivery), failedFrom: inboundState.nullable(), events: z.array(z.strictObject({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: instantSchema })),
  /** Until then a cancellation costs no transport; null: it is not agreed, or the channel did not say. */
  freeUntil: instantSchema.nullable(),
});
export type InboundDetail = z.infer<typeof inboundDetail>;

const transition = { ...commonErrors, WRONG_STATE: { status: 409, message: 'The shipment is in another state by now.', data: z.strictObject({ state: z.string() }) } } as const;
const seen = { id: z.string(), version: z.int() };
const post = (path: string) => oc.route({ method: 'POST', path: `/inbound-shipments/${path}` }).errors(transition);

export const inboundShipmentsContract = {
  list: oc.route({ method: 'GET', path: '/inbound-shipments' }).errors(commonErrors).input(z.strictObject({ state: inboundState.optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.inbound), ...sortInput(LIST_SORTS.inbound), ...pageInput })).output(pageOf(inboundRow)),
  facets: oc.route({ method: 'GET', path: '/inbound-shipments/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/inbound-shipments/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(inboundDetail),
  /** Channels that take stock into their warehouse and are connected, and the address that boxes leave from as the last shipment or the business has it. */
  defaults: oc.route({ method: 'GET', path: '/inbound-shipments/defaults' }).errors(commonErrors).output(z.strictObject({ channels: z.array(z.strictObject({ market: z.string(), name: z.string(), place: z.string() })), from: z.strictObject(Object.fromEntries(Object.keys(inboundAddress.shape).map((key) => [key, z.string()])) as { [K in keyof InboundAddress]: z.ZodString }) })),
  /** A draft: nothing moves and nothing is asked of the channel. */
  create: oc.route({ method: 'POST', path: '/inbound-shipments' }).errors(commonErrors).input(z.strictObject({
    channel: z.string(), from: inboundAddress, readyAt: instantSchema, lines: z.array(z.strictObject({ lotId: z.string(), units: z.int().min(1).max(10_000) })).min(1).max(100),
  })).output(inboundDetail),
  /** The units are set aside, offered nowhere else, and the channel is asked for a plan. */
  start: post('{id}/start').input(z.strictObject(seen)).output(inboundDetail),
  /** What lies in which box. All units of each group, each once. Agrees to the fee for packing, where there is one. */
  pack: post('{id}/boxes').input(z.strictObject({ ...seen, boxes: z.array(inboundBox).min(1).max(200) })).output(inboundDetail),
  /** Agrees to what was shown: placement, one transport for each shipment, and their sum. INVALID where the sum is not that of what is offered. */
  agree: post('{id}/agree').input(z.strictObject({ ...seen, placementOptionId: z.string(), transports: z.array(z.strictObject({ shipmentId: z.string(), optionId: z.string() })).min(1).max(100), total: moneySchema })).output(inboundDetail),
  /** Asks for placements and prices anew. */
  askAgain: post('{id}/ask-again').input(z.strictObject(seen)).output(inboundDetail),
  /** The boxes left. `tracking`: of boxes that go with a carrier of the seller's own. `ownCost`: what was paid beside the channel's charges (carrier, boxes, preparation), home currency. */
  send: post('{id}/send').input(z.strictObject({ ...seen, tracking: z.array(z.strictObject({ boxId: z.string(), number: z.string().trim().min(4).max(60) })).max(200), ownCost: moneySchema })).output(inboundDetail),
  retry: post('{id}/retry').input(z.strictObject(seen)).output(inboundDetail),
  cancel: post('{id}/cancel').input(z.strictObject(seen)).output(inboundDetail),
  /** Reads what the channel says now. */
  refresh: post('{id}/refresh').input(z.strictObject({ id: z.string() })).output(inboundDetail),
  /** A person has seen to the difference of a line: `written-off` takes what is missing or damaged out of stock and books, `accepted` leaves it. */
  settle: post('{id}/lines/{lineId}/settle').input(z.strictObject({ ...seen, lineId: z.string(), action: settled.shape.action, reason: z.string().trim().min(3).max(300) })).output(inboundDetail),
  /** PDF of the channel: labels of the units, or of the boxes of one of its shipments. */
  labels: oc.route({ method: 'GET', path: '/inbound-shipments/{id}/labels' }).errors(transition).input(z.strictObject({ id: z.string(), kind: z.enum(['item', 'box']), shipmentId: z.string().optional() })).output(z.strictObject({ name: z.string(), mediaType: z.string(), contentBase64: z.string() })),
};
