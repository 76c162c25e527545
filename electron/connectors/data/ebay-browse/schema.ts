import { z } from 'zod';

const text = z.string().nullish();
const amount = z.looseObject({ value: z.string(), currency: z.string() });
const place = z.looseObject({ country: text }).nullish();

/** One listing of a search. eBay's licence restricts keeping listings whole: only what is read here is passed on. */
export const summarySchema = z.looseObject({
  itemId: z.string().min(1), title: z.string(), itemWebUrl: text, price: amount.nullish(), currentBidPrice: amount.nullish(), conditionId: text, condition: text, buyingOptions: z.array(z.string()).nullish(),
  seller: z.looseObject({ username: text, feedbackPercentage: text, feedbackScore: z.int().nullish() }).nullish(), itemLocation: place, itemCreationDate: text, priceDisplayCondition: text,
  shippingOptions: z.array(z.looseObject({ shippingCost: amount.nullish(), shippingCostType: text })).nullish(),
});
export type ItemSummary = z.infer<typeof summarySchema>;

export const searchSchema = z.looseObject({ total: z.int().nullish(), next: text, itemSummaries: z.array(z.unknown()).nullish() });

export const itemSchema = summarySchema.extend({
  brand: text, mpn: text, gtin: text, categoryPath: text, lotSize: z.int().nullish(),
  estimatedAvailabilities: z.array(z.looseObject({ estimatedAvailabilityStatus: text, estimatedAvailableQuantity: z.int().nullish(), estimatedSoldQuantity: z.int().nullish() })).nullish(),
});
