import { z } from 'zod';

const text = z.string().optional();
const count = z.int().optional();

/** `errors` of every refusal; the newer APIs put it at the top, the v0 ones too. */
export const errorListSchema = z.looseObject({ errors: z.array(z.looseObject({ code: z.string(), message: z.string(), details: z.string().nullish() })).min(1) });

const dimension = z.looseObject({ unit: text, value: z.number().optional() }).optional();
const dimensions = z.looseObject({ height: dimension, length: dimension, width: dimension, weight: dimension }).optional();
export type SpDimension = z.infer<typeof dimension>;
export type SpDimensions = z.infer<typeof dimensions>;

/** Answer of `searchCatalogItems`. Items are read one by one. */
export const catalogAnswerSchema = z.looseObject({
  numberOfResults: z.int(), items: z.array(z.unknown()), pagination: z.looseObject({ nextToken: text }).optional(),
});

/** An item with the data sets that are asked for. Each data set is a list by marketplace. */
export const catalogItemSchema = z.looseObject({
  asin: z.string().min(1),
  attributes: z.record(z.string(), z.unknown()).optional(),
  identifiers: z.array(z.looseObject({ marketplaceId: z.string(), identifiers: z.array(z.looseObject({ identifierType: z.string(), identifier: z.string() })) })),
  dimensions: z.array(z.looseObject({ marketplaceId: z.string(), item: dimensions, package: dimensions })).optional(),
  salesRanks: z.array(z.looseObject({
    marketplaceId: z.string(),
    displayGroupRanks: z.array(z.looseObject({ title: z.string(), rank: z.int() })).optional(),
    classificationRanks: z.array(z.looseObject({ title: z.string(), rank: z.int() })).optional(),
  })).optional(),
  relationships: z.array(z.looseObject({ marketplaceId: z.string(), relationships: z.array(z.looseObject({ type: z.string(), parentAsins: z.array(z.string()).optional() })) })).optional(),
  summaries: z.array(z.looseObject({
    marketplaceId: z.string(), itemName: text, brand: text, manufacturer: text, modelNumber: text, partNumber: text, packageQuantity: count, itemClassification: text,
    browseClassification: z.looseObject({ displayName: z.string(), parent: z.unknown().optional() }).optional(), websiteDisplayGroupName: text,
  })),
});
export type SpCatalogItem = z.infer<typeof catalogItemSchema>;

export const amountSchema = z.looseObject({ CurrencyCode: z.string(), Amount: z.number() });
export type SpAmount = z.infer<typeof amountSchema>;

export const pricingAnswerSchema = z.looseObject({ payload: z.array(z.unknown()) });
export const priceSchema = z.looseObject({
  status: z.string(), ASIN: text,
  Product: z.looseObject({
    CompetitivePricing: z.looseObject({
      CompetitivePrices: z.array(z.looseObject({
        CompetitivePriceId: z.string(), condition: text, belongsToRequester: z.boolean().optional(),
        Price: z.looseObject({ LandedPrice: amountSchema.optional(), ListingPrice: amountSchema, Shipping: amountSchema.optional() }),
      })),
      NumberOfOfferListings: z.array(z.looseObject({ Count: z.int(), condition: z.string() })),
    }).optional(),
    SalesRankings: z.array(z.looseObject({ ProductCategoryId: z.string(), Rank: z.int() })).optional(),
  }).optional(),
});
export type SpPrice = z.infer<typeof priceSchema>;

export const feeResultSchema = z.looseObject({
  Status: z.string(),
  FeesEstimateIdentifier: z.looseObject({ IdValue: text, SellerInputIdentifier: text }).optional(),
  FeesEstimate: z.looseObject({ TotalFeesEstimate: amountSchema.optional(), FeeDetailList: z.array(z.looseObject({ FeeType: z.string(), FinalFee: amountSchema })).optional() }).optional(),
  Error: z.looseObject({ Code: z.string(), Message: z.string() }).optional(),
});
export type SpFeeResult = z.infer<typeof feeResultSchema>;
export const feesAnswerSchema = z.array(feeResultSchema);
export const singleFeeAnswerSchema = z.looseObject({ payload: z.looseObject({ FeesEstimateResult: feeResultSchema }) });

export const restrictionsAnswerSchema = z.looseObject({
  restrictions: z.array(z.looseObject({
    marketplaceId: z.string(), conditionType: text,
    reasons: z.array(z.looseObject({ message: z.string(), reasonCode: text, links: z.array(z.looseObject({ resource: z.string() })).optional() })).optional(),
  })),
});
