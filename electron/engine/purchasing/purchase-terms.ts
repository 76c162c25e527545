import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DAY_MS, type Instant } from '#kernel/time.ts';

const termsSchema = z.strictObject({ deliveryDays: z.int().min(1), returnDays: z.int().min(1).nullable() });
const fileSchema = z.strictObject({ version: z.string(), asOf: z.iso.date(), confidence: z.enum(['high', 'medium', 'low']), source: z.string(), note: z.string(), default: termsSchema, kinds: z.record(z.string(), termsSchema) });

/** What is taken for granted of an order where nobody said otherwise. */
export type PurchaseTerms = z.infer<typeof fileSchema>;

/** @throws ZodError for a file that is not as it should be. */
export function readPurchaseTerms(file: string): PurchaseTerms {
  return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

const of = (terms: PurchaseTerms, connector: string) => terms.kinds[connector] ?? terms.default;

/** When an order that was placed at `at` is late. */
export function expectedBy(terms: PurchaseTerms | undefined, connector: string, at: Instant): Instant | null {
  return terms ? at + of(terms, connector).deliveryDays * DAY_MS : null;
}

/** Until when goods that arrived at `at` can be sent back; null where nothing can be counted on. */
export function returnUntil(terms: PurchaseTerms | undefined, connector: string, at: Instant): Instant | null {
  const days = terms ? of(terms, connector).returnDays : null;
  return days === null ? null : at + days * DAY_MS;
}
