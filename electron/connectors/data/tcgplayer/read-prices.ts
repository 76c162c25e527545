import { z } from 'zod';
import type { ReferencePrice, UnreadableItem } from '#engine/catalog/ports.ts';
import { excerptOf, faultsOf, moneyFromNumber } from '../../http/index.ts';

/** The interface and the daily files wrap and name prices alike. */
export const answerSchema = z.looseObject({ success: z.boolean(), errors: z.array(z.string()).nullish(), results: z.array(z.unknown()) });
export type PriceAnswer = z.infer<typeof answerSchema>;

const price = z.number().nullish();
const rowSchema = z.looseObject({ productId: z.int().positive(), subTypeName: z.string().nullish(), lowPrice: price, midPrice: price, highPrice: price, marketPrice: price, directLowPrice: price });

const CURRENCY = 'USD';

/** @throws never: what cannot be read is kept beside. */
export function readPrices(rows: readonly unknown[], items: ReferencePrice[], unreadable: UnreadableItem[]): void {
  for (const [i, raw] of rows.entries()) {
    const parsed = rowSchema.safeParse(raw);
    if (!parsed.success) {
      unreadable.push({ where: `price ${i + 1}`, reason: faultsOf(parsed.error), excerpt: excerptOf(raw) });
      continue;
    }
    const row = parsed.data;
    const of = (value: number | null | undefined) => (value === null || value === undefined || value <= 0 ? undefined : (moneyFromNumber(value, CURRENCY) ?? undefined));
    const found = { low: of(row.lowPrice), mid: of(row.midPrice), high: of(row.highPrice), market: of(row.marketPrice), directLow: of(row.directLowPrice) };
    // A printing that nobody sells has a row without prices.
    if (Object.values(found).every((m) => m === undefined)) continue;
    items.push({ externalId: String(row.productId), printing: row.subTypeName ?? 'Normal', ...found });
  }
}
