import { z } from 'zod';
import { moneySchema, reasonSchema } from './shared.ts';

/** How the words of a document were come by: a PDF's own text, the picture in a PDF, a photograph, a saved page, a saved mail, or text that was pasted. */
export const readingOrigin = z.enum(['pdf', 'pdf-picture', 'photo', 'page', 'mail', 'text']);
export type ReadingOrigin = z.infer<typeof readingOrigin>;

/**
 * What a receipt says of one thing, as a proposal. `line` counts from 0 into the reading's `lines`, and `snippet` is that line as it was read. `doubtful`: a person has to look; `why` says for what reasons.
 * `from` the text by our own rules, or proposed by a language model and found in the text.
 */
const field = <T extends z.ZodType>(value: T) => z.strictObject({ value, confidenceBp: z.int().min(0).max(10_000), doubtful: z.boolean(), why: z.array(reasonSchema), line: z.int(), snippet: z.string(), from: z.enum(['text', 'assistant']) });

export const textField = field(z.string());
export const moneyField = field(moneySchema);
export type TextField = z.infer<typeof textField>;
export type MoneyField = z.infer<typeof moneyField>;

export const receiptItem = z.strictObject({
  title: z.string(), code: z.string().nullable(), quantity: z.int().min(1), unit: moneySchema.nullable(), total: moneySchema,
  confidenceBp: z.int(), doubtful: z.boolean(), why: z.array(reasonSchema), line: z.int(), snippet: z.string(),
});
export type ReceiptItem = z.infer<typeof receiptItem>;

/** `items`: the lines add up to the subtotal; `total`: goods, shipping, tax and fees less discounts are the total. `expected` is what they add up to. */
export const sumCheck = z.strictObject({ code: z.enum(['items', 'total']), holds: z.boolean(), expected: moneySchema, found: moneySchema });
export type SumCheck = z.infer<typeof sumCheck>;

/** Nothing of it is booked or believed: each field waits for a person. */
export const receiptReading = z.strictObject({
  origin: readingOrigin,
  seller: textField.nullable(), orderNumber: textField.nullable(), currency: textField.nullable(),
  /** `YYYY-MM-DD`; null also where day and month cannot be told apart: then `possibleDates` has both. */
  orderedOn: textField.nullable(), possibleDates: z.array(z.string()),
  subtotal: moneyField.nullable(), shipping: moneyField.nullable(), tax: moneyField.nullable(), fees: moneyField.nullable(),
  /** What is taken off, above zero. */
  discount: moneyField.nullable(),
  total: moneyField.nullable(),
  /** The tax is part of the prices, and not added to them. */
  taxIncluded: z.boolean(),
  items: z.array(receiptItem), checks: z.array(sumCheck),
  /** The words as they were read, line by line; digits of cards and accounts are not kept. */
  lines: z.array(z.string()),
  /** Of `lines`, those that nothing was taken from. */
  unread: z.array(z.int()),
});
export type ReceiptReading = z.infer<typeof receiptReading>;

/** How the reading of an uploaded document gets on. `doneBp` of its way. */
export const readingProgress = z.strictObject({
  state: z.enum(['reading', 'done', 'failed', 'cancelled']), doneBp: z.int().min(0).max(10_000),
  /** Why it could not be read, and what to do. */
  problem: reasonSchema.nullable(),
  reading: receiptReading.nullable(),
  /** Of the items, the one that the purchase is about, by its place. */
  item: z.int().nullable(),
  /** Purchases that this receipt seems to belong to already: the same file, or the same order number and total. */
  twice: z.array(z.strictObject({ purchaseId: z.string(), title: z.string(), why: z.enum(['same-file', 'same-order']) })),
});
export type ReadingProgress = z.infer<typeof readingProgress>;
