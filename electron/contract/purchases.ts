import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, moneySchema, pageInput, pageOf, reasonSchema } from './shared.ts';

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

export const purchaseDetail = purchaseRow.extend({
  opportunityId: z.string(),
  events: z.array(z.strictObject({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: instantSchema })),
  receipt: z.record(z.string(), z.unknown()).nullable(),
  approval: z.strictObject({ approvedBy: z.string(), approvedAt: instantSchema, expiresAt: instantSchema, maxUnit: moneySchema, maxTotal: moneySchema, evidenceSha256: z.string(), evidence: z.record(z.string(), z.unknown()) }),
});

const transition = { ...commonErrors, WRONG_STATE: { status: 409, message: 'The purchase is in another state by now.', data: z.strictObject({ state: z.string() }) } } as const;

export const purchasesContract = {
  list: oc.route({ method: 'GET', path: '/purchases' }).errors(commonErrors).input(z.strictObject({ state: purchaseState.optional(), search: z.string().max(200).optional(), ...pageInput })).output(pageOf(purchaseRow)),
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
  })).output(purchaseRow),
  cancel: oc.route({ method: 'POST', path: '/purchases/{id}/cancel' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int() })).output(purchaseRow),
  /** The goods are here. `quantity` units, of which `damaged` cannot be sold. */
  receive: oc.route({ method: 'POST', path: '/purchases/{id}/receive' }).errors(transition).input(z.strictObject({ id: z.string(), version: z.int(), units: z.int().min(0), damaged: z.int().min(0).default(0) })).output(purchaseRow),
};
