import { z } from 'zod';

/** One listing that sold. `totalSoldQuantity` is of the last 90 days. */
export const itemSalesSchema = z.looseObject({ itemId: z.string().nullish(), totalSoldQuantity: z.int().nullish(), lastSoldDate: z.string().nullish() });
export const salesHistorySchema = z.looseObject({ total: z.int().nullish(), itemSales: z.array(itemSalesSchema).nullish() });
