import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, filterInput, instantSchema, listFacets, moneySchema, pageInput, pageOf, sortInput } from './shared.ts';
import { HAND_CONDITIONS, LIST_CHOICES, LIST_SORTS } from './words.ts';

/** draft → sent → partly-received → received; `closed`: the rest will not come; `cancelled`. The program sends nothing: a person does, and says so. */
export const purchaseOrderState = z.enum(['draft', 'sent', 'partly-received', 'received', 'closed', 'cancelled']);

/** The figures of reordering that a line was drafted by. */
export const lineWhy = z.strictObject({ position: z.int(), reorderPoint: z.int(), target: z.int(), perDay: z.number(), leadDays: z.number() });

/** Of the document that a supplier gets; what people wrote stands in it as they wrote it. */
export const purchaseOrderLanguage = z.enum(['en', 'fr', 'ar']);
export type PurchaseOrderLanguage = z.infer<typeof purchaseOrderLanguage>;

export const purchaseOrderRow = z.strictObject({
  id: z.string(), number: z.string(), state: purchaseOrderState, supplier: z.string(), lines: z.int(), units: z.int(),
  /** Units that arrived, damaged ones among them. */
  arrived: z.int(),
  total: moneySchema,
  /** What arrived, with its freight, less what was paid: below zero is paid ahead. */
  owed: moneySchema,
  createdAt: instantSchema, sentAt: instantSchema.nullable(), expectedAt: instantSchema.nullable(), version: z.int(),
});
export type PurchaseOrderRow = z.infer<typeof purchaseOrderRow>;

export const purchaseOrderLine = z.strictObject({
  id: z.string(), number: z.int(), productId: z.string(), title: z.string(), supplierCode: z.string().nullable(), condition: z.string(), units: z.int(), unit: moneySchema, good: z.int(), damaged: z.int(), why: lineWhy.nullable(),
  /** What one is expected to sell for, home currency, by what it sold for of late; null: nothing is known. */
  expectedSale: moneySchema.nullable(),
});

export const purchaseOrderDetail = purchaseOrderRow.extend({
  contact: z.string(), language: purchaseOrderLanguage, note: z.string(), reference: z.string().nullable(), homeCurrency: z.string(), lineItems: z.array(purchaseOrderLine),
  receipts: z.array(z.strictObject({
    id: z.string(), at: instantSchema, by: z.string(), goods: moneySchema, extra: moneySchema, home: moneySchema, location: z.string(), notes: z.string(),
    lines: z.array(z.strictObject({ number: z.int(), good: z.int(), damaged: z.int(), unit: moneySchema, lotId: z.string().nullable() })),
    /** It was a mistake, and is reversed in books and stock. */
    takenBackAt: instantSchema.nullable(), takenBackBy: z.string().nullable(),
  })),
  payments: z.array(z.strictObject({ id: z.string(), at: instantSchema, by: z.string(), amount: moneySchema, home: moneySchema, note: z.string() })),
  /** The document as it was sent. `sha256` of its bytes, hex. */
  files: z.array(z.strictObject({ mediaType: z.string(), name: z.string(), bytes: z.int(), sha256: z.string(), at: instantSchema })),
  events: z.array(z.strictObject({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: instantSchema })),
});
export type PurchaseOrderDetail = z.infer<typeof purchaseOrderDetail>;

const key = z.string().regex(/^[\w-]{8,64}$/);
const line = z.strictObject({
  /** Null: a product that is new here, by its title. */
  productId: z.string().nullable(), title: z.string().trim().min(2).max(200), supplierCode: z.string().trim().max(80).nullable(), condition: z.enum(HAND_CONDITIONS), units: z.int().min(1).max(1_000_000), unit: moneySchema, why: lineWhy.nullable(),
});
export type PurchaseOrderDraftLine = z.infer<typeof line>;
const draft = {
  supplier: z.string().trim().min(1).max(120), contact: z.string().trim().max(1_000), currency: z.string().regex(/^[A-Z]{3}$/),
  /** Null: as the last order to this supplier; English for the first. */
  language: purchaseOrderLanguage.nullable(),
  note: z.string().trim().max(2_000), expectedAt: instantSchema.nullable(), lines: z.array(line).min(1).max(500),
};
export const purchaseOrderDraft = z.strictObject(draft);
export type PurchaseOrderDraft = z.infer<typeof purchaseOrderDraft>;

const transition = { ...commonErrors, WRONG_STATE: { status: 409, message: 'The purchase order is in another state by now.', data: z.strictObject({ state: z.string() }) } } as const;
const seen = { id: z.string(), version: z.int() };

export const purchaseOrdersContract = {
  list: oc.route({ method: 'GET', path: '/purchase-orders' }).errors(commonErrors).input(z.strictObject({ state: purchaseOrderState.optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES['purchase-orders']), ...sortInput(LIST_SORTS['purchase-orders']), ...pageInput })).output(pageOf(purchaseOrderRow)),
  facets: oc.route({ method: 'GET', path: '/purchase-orders/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/purchase-orders/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(purchaseOrderDetail),
  /** Products that were in stock or ordered, by a part of their title, for the lines of a draft. */
  products: oc.route({ method: 'GET', path: '/purchase-orders/products' }).errors(commonErrors).input(z.strictObject({ search: z.string().max(200) }))
    .output(z.array(z.strictObject({ productId: z.string(), title: z.string(), condition: z.string(), unitCost: moneySchema }))),
  create: oc.route({ method: 'POST', path: '/purchase-orders' }).errors(commonErrors).input(purchaseOrderDraft).output(purchaseOrderDetail),
  /** Of a draft alone: what was sent stands. */
  update: oc.route({ method: 'PUT', path: '/purchase-orders/{id}' }).errors(transition).input(z.strictObject({ ...seen, ...draft })).output(purchaseOrderDetail),
  /** A person sent it. The document is sealed as it is now. */
  markSent: oc.route({ method: 'POST', path: '/purchase-orders/{id}/sent' }).errors(transition).input(z.strictObject({ ...seen, reference: z.string().trim().max(120).nullable() })).output(purchaseOrderDetail),
  /** Takes back the last change of state: sent, closed or cancelled by mistake. Not once something arrived on a sent one. */
  reopen: oc.route({ method: 'POST', path: '/purchase-orders/{id}/reopen' }).errors(transition).input(z.strictObject(seen)).output(purchaseOrderDetail),
  cancel: oc.route({ method: 'POST', path: '/purchase-orders/{id}/cancel' }).errors(transition).input(z.strictObject(seen)).output(purchaseOrderDetail),
  /** What has not come will not come. */
  close: oc.route({ method: 'POST', path: '/purchase-orders/{id}/close' }).errors(transition).input(z.strictObject(seen)).output(purchaseOrderDetail),
  /**
   * Goods arrived: each line's good units become a lot at their landed cost, damaged ones are written off, and the whole is owed to the supplier. `extra` (freight, duty, tax) is shared out by value. `key` is chosen once for each
   * form: sent twice, it is taken in once.
   */
  receive: oc.route({ method: 'POST', path: '/purchase-orders/{id}/receive' }).errors(transition).input(z.strictObject({
    ...seen, key, location: z.string().trim().min(1).max(60), notes: z.string().trim().max(2_000), extra: moneySchema, list: z.boolean(),
    lines: z.array(z.strictObject({ lineId: z.string(), good: z.int().min(0), damaged: z.int().min(0), unit: moneySchema, /** Of one, home currency. */ salePrice: moneySchema })).min(1).max(500),
  })).output(purchaseOrderDetail),
  /** Goods were taken in by mistake: while all of them still lie where they were put, books and stock are as before. INVALID says of which line units were sold, counted, moved or are listed. */
  takeBack: oc.route({ method: 'POST', path: '/purchase-orders/{id}/receipts/{receiptId}/take-back' }).errors(transition).input(z.strictObject({ ...seen, receiptId: z.string() })).output(purchaseOrderDetail),
  /** Money went to the supplier (below zero: came back), in the order's currency. */
  pay: oc.route({ method: 'POST', path: '/purchase-orders/{id}/pay' }).errors(transition).input(z.strictObject({ ...seen, key, amount: moneySchema, note: z.string().trim().max(300) })).output(purchaseOrderDetail),
  /** The document to be saved and sent by a person. A sent order answers with what was sealed, where that is kept. */
  document: oc.route({ method: 'GET', path: '/purchase-orders/{id}/document' }).errors(commonErrors).input(z.strictObject({ id: z.string(), format: z.enum(['html', 'pdf', 'csv']) })).output(z.strictObject({ name: z.string(), mediaType: z.string(), contentBase64: z.string() })),
};
