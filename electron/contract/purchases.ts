import { oc } from '@orpc/contract';
import { z } from 'zod';
import { riskSchema } from './opportunities.ts';
import { commonErrors, filterInput, instantSchema, listFacets, moneySchema, pageInput, pageOf, reasonSchema, sortInput } from './shared.ts';
import { readingProgress } from './receipt-reading.ts';
import { LIST_CHOICES, LIST_SORTS } from './words.ts';

/**
 * `awaiting-second`: one person agreed, and the amount needs the consent of another. approved → preparing → placing → confirmed → received, or approved → ordering-by-hand → confirmed → received where the program has no checkout: a person
 * orders at the shop and says so. `stopped` asks a person; `reconciling` asks the vendor what became of it.
 */
export const purchaseState = z.enum(['awaiting-second', 'approved', 'preparing', 'placing', 'reconciling', 'ordering-by-hand', 'confirmed', 'received', 'stopped', 'cancelled', 'failed']);

export const purchaseRow = z.strictObject({
  /** `stopReason`: why it waits, with the figures; for `ordering-by-hand` what to order where, and the most that may be paid. */
  id: z.string(), title: z.string(), state: purchaseState, stopReason: reasonSchema.nullable(), sourceId: z.string(), sourceName: z.string(), connector: z.string(), sellerName: z.string().nullable(),
  quantity: z.int(), units: z.int(), total: moneySchema.nullable(), approvedTotal: moneySchema, homeTotal: moneySchema.nullable(), externalId: z.string().nullable(),
  createdAt: instantSchema, confirmedAt: instantSchema.nullable(), receivedAt: instantSchema.nullable(), version: z.int(),
});

/** A document that proves the purchase. `desk`: our own rendering of what was frozen; `attached`: a person's file. `sha256` of its bytes, hex. `readText`: the words that the desk read on it, line by line. */
export const purchaseReceipt = z.strictObject({ id: z.string(), origin: z.enum(['desk', 'attached']), name: z.string(), mediaType: z.string(), bytes: z.int(), sha256: z.string(), says: z.string().nullable(), readText: z.string().nullable().default(null), by: z.string(), at: instantSchema });
/** A parcel that was opened and counted, in units. */
export const purchaseArrival = z.strictObject({ id: z.string(), good: z.int(), damaged: z.int(), wrong: z.int(), notes: z.string(), by: z.string(), at: instantSchema });
/** What became of the orders with one seller, drawn towards the usual: 10,000 is everything as described and on time. */
export const sellerRating = z.strictObject({ scoreBp: z.int(), outcomes: z.int(), arrived: z.int(), late: z.int(), notAsDescribed: z.int(), cancelled: z.int(), priceRose: z.int() });

/**
 * Ordering at a shop's own pages with the desk's help. `free`: it may be begun; `filling`; `ready` before the pay button, which the person presses, or at a step that is the person's (`stopped`); `asks`: its window is gone, and whether the order was placed only a person can say;
 * `read`: the shop's confirmation was seen, and waits to be recorded.
 */
export const assistedCheckout = z.strictObject({
  state: z.enum(['free', 'filling', 'ready', 'asks', 'read']), total: moneySchema.nullable(),
  /** What the person has to fill in, by the shop's labels; `cart` and `checkout` for steps that were not found. */
  missing: z.array(z.string()),
  /** Why the desk went no further while it is `ready`: `pay` before the pay button; else a step that the person goes on from. */
  stopped: z.enum(['pay', 'fields', 'captcha', 'login', 'unsure', 'self-sending']).nullable(),
  externalId: z.string().nullable(), failed: z.string().nullable(), at: instantSchema.nullable(),
});

/** Goods that go back to the seller, in units. `inStock` and `setAside` (came damaged or wrong) can still go; `sentBack` did; `refunded` came back for them, in the purchase's currency. */
export const returnedGoods = z.strictObject({ inStock: z.int(), setAside: z.int(), sentBack: z.int(), refunded: moneySchema });

export const purchaseDetail = purchaseRow.extend({
  opportunityId: z.string(),
  events: z.array(z.strictObject({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: instantSchema })),
  receipt: z.record(z.string(), z.unknown()).nullable(),
  receipts: z.array(purchaseReceipt).readonly().default([]), arrivals: z.array(purchaseArrival).readonly().default([]),
  /** Arrival after this is late; null: nothing is assumed. */
  expectedBy: instantSchema.nullable().default(null),
  /** `until` null: it cannot be sent back. `assumed` from dated data, or a person's word; null: nothing is known. */
  returnWindow: z.strictObject({ until: instantSchema.nullable(), from: z.enum(['assumed', 'person']) }).nullable().default(null),
  seller: sellerRating.nullable().default(null),
  /** Null where none is possible. */
  assisted: assistedCheckout.nullable().default(null),
  /** Null before the goods are here. */
  returned: returnedGoods.nullable().default(null),
  approval: z.strictObject({ approvedBy: z.string(), approvedAt: instantSchema, expiresAt: instantSchema, maxUnit: moneySchema, maxTotal: moneySchema, evidenceSha256: z.string(), evidence: z.record(z.string(), z.unknown()),
    /** What was shown as risks when it was approved, as it is frozen in the evidence. */
    risks: z.array(riskSchema).default([]),
  }),
});

const uploadId = z.string().regex(/^[\w-]{1,80}$/);
const transition = { ...commonErrors, WRONG_STATE: { status: 409, message: 'The purchase is in another state by now.', data: z.strictObject({ state: z.string() }) } } as const;

const maybeOrdered = { MAYBE_ORDERED: { status: 409, message: 'It may have been ordered at the shop already: say first whether it was.', data: z.strictObject({ since: instantSchema }) } } as const;
const held = { KILL_SWITCH: { status: 423, message: 'The kill switch is on: nothing goes out.', data: z.strictObject({}) } } as const;

export const purchasesContract = {
  list: oc.route({ method: 'GET', path: '/purchases' }).errors(commonErrors).input(z.strictObject({ state: purchaseState.optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.purchases), ...sortInput(LIST_SORTS.purchases), ...pageInput })).output(pageOf(purchaseRow)),
  facets: oc.route({ method: 'GET', path: '/purchases/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/purchases/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(purchaseDetail),
  /** A stopped purchase: approve it again at the terms that it stopped on, or give it up. */
  approveAgain: oc.route({ method: 'POST', path: '/purchases/{id}/approve' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int() })).output(purchaseRow),
  /**
   * A person ordered it at the shop: `externalId` is the shop's order number, `total` what was paid in all, in the purchase's currency, and `quantity` the offers
   * (packs) that were ordered, all that were approved unless told. A total above the approved one is booked and recorded as such. After the approval
   * has expired the purchase stops and asks again (WRONG_STATE, `stopped`).
   */
  recordOrder: oc.route({ method: 'POST', path: '/purchases/{id}/record-order' }).errors(transition).input(z.strictObject({
    id: z.string(), version: z.int(), externalId: z.string().trim().min(1).max(200), total: moneySchema, quantity: z.int().min(1).optional(), receiptNote: z.string().trim().max(2_000).optional(),
    /** As the receipt has it, where a person confirmed it: the day of the order, and the parts of the total, in its currency. */
    orderedOn: z.iso.date().optional(), goods: moneySchema.optional(), shipping: moneySchema.optional(), tax: moneySchema.optional(),
    /** An upload that becomes a receipt of the purchase together with what is recorded, or not at all. */
    receipt: z.strictObject({ upload: uploadId, name: z.string().trim().min(1).max(200) }).optional(),
  })).output(purchaseRow),
  /** Opens the shop in the person's own browser, fills its checkout in, and stops before the pay button. Answers at once; `assisted` tells how it gets on. */
  assist: oc.route({ method: 'POST', path: '/purchases/{id}/assist' }).errors({ ...transition, ...maybeOrdered, ...held }).input(z.strictObject({ id: z.string(), version: z.int() })).output(purchaseRow),
  /** The desk goes on in the shop's window from where it left it to the person; still never past the pay button. */
  assistGoOn: oc.route({ method: 'POST', path: '/purchases/{id}/assist/go-on' }).errors({ ...transition, ...held }).input(z.strictObject({ id: z.string(), version: z.int() })).output(purchaseRow),
  /** The person says that nothing was ordered there. */
  assistNotPlaced: oc.route({ method: 'POST', path: '/purchases/{id}/assist/not-placed' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int() })).output(purchaseRow),
  cancel: oc.route({ method: 'POST', path: '/purchases/{id}/cancel' }).errors({ ...transition, ...maybeOrdered }).input(z.strictObject({ id: z.string(), version: z.int() })).output(purchaseRow),
  /** A parcel is here: `units` in it, of which `damaged` and `wrong` (something else) cannot be sold. Unless `moreToCome`, what has not come by now is missing. */
  receive: oc.route({ method: 'POST', path: '/purchases/{id}/receive' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), units: z.int().min(0), damaged: z.int().min(0).default(0), wrong: z.int().min(0).default(0), notes: z.string().trim().max(2_000).optional(), moreToCome: z.boolean().default(false) })).output(purchaseRow),
  /** Units were sent back to the seller: of those in stock, and of those that came damaged or wrong. Their cost leaves stock as a loss until money comes back. */
  recordReturn: oc.route({ method: 'POST', path: '/purchases/{id}/return' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), units: z.int().min(0), setAside: z.int().min(0).default(0), note: z.string().trim().max(2_000).optional() })).output(purchaseRow),
  /** Money came back for a return, in the purchase's currency; all that came back is at most what was paid. */
  recordReturnRefund: oc.route({ method: 'POST', path: '/purchases/{id}/return/refund' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), refund: moneySchema })).output(purchaseRow),
  /** The last moment to send it back, as a person knows it; null: it cannot be sent back. */
  setReturnWindow: oc.route({ method: 'POST', path: '/purchases/{id}/return-window' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), until: instantSchema.nullable() })).output(purchaseRow),
  /** A receipt is sent in pieces, then attached. INVALID names what is wrong with the file: PDF, photographs, saved pages and saved mails up to 15 MB are kept. */
  beginReceipt: oc.route({ method: 'POST', path: '/purchases/receipts/uploads' }).errors(commonErrors).input(z.strictObject({ bytes: z.int().min(0) })).output(z.strictObject({ upload: z.string() })),
  appendReceipt: oc.route({ method: 'POST', path: '/purchases/receipts/uploads/{upload}' }).errors(commonErrors)
    .input(z.strictObject({ upload: uploadId, at: z.int().min(0), contentBase64: z.string().max(720_000) })).output(z.strictObject({ received: z.int() })),
  /** Reads an uploaded receipt, for a purchase: on this machine, in the background; asked for again, it goes on. INVALID for what is no document. */
  startReading: oc.route({ method: 'POST', path: '/purchases/{id}/receipts/reading' }).errors(commonErrors).input(z.strictObject({ id: z.string(), upload: uploadId })).output(readingProgress),
  /** How that gets on, and what was read. */
  reading: oc.route({ method: 'GET', path: '/purchases/receipts/uploads/{upload}/reading' }).errors(commonErrors).input(z.strictObject({ upload: uploadId })).output(readingProgress),
  cancelReading: oc.route({ method: 'POST', path: '/purchases/receipts/uploads/{upload}/reading/cancel' }).errors(commonErrors).input(z.strictObject({ upload: uploadId })).output(readingProgress),
  /** `says`: what stands on it, as a person reads it. */
  attachReceipt: oc.route({ method: 'POST', path: '/purchases/{id}/receipts' }).errors(commonErrors)
    .input(z.strictObject({ id: z.string(), upload: uploadId, name: z.string().trim().min(1).max(200), says: z.string().trim().max(4_000).optional() })).output(purchaseReceipt),
  /** A piece of a receipt from byte `at`, to be saved as a file; empty at its end. It is data: never opened as a page of the desk. */
  readReceipt: oc.route({ method: 'GET', path: '/purchases/receipts/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string(), at: z.coerce.number().int().min(0) })).output(z.strictObject({ contentBase64: z.string() })),
};
