import { z } from 'zod';

/** Whole number, or absent in either of Keepa's ways. */
const int = z.int().nullish();
const text = z.string().nullish();
const texts = z.array(z.string().nullable()).nullish();

/** Token count that stands in every answer, refused ones too. */
export const tokenStatusSchema = z.looseObject({ timestamp: z.int(), tokensLeft: z.int(), refillIn: z.int(), refillRate: z.int() });
export type TokenStatus = z.infer<typeof tokenStatusSchema>;

/** Answer of `/product`. Products are read one by one, so that one bad one does not hide the others. */
export const productAnswerSchema = tokenStatusSchema.extend({ tokensConsumed: int, products: z.array(z.unknown()).nullish() });

/** The parts of a product that are used. `csv` is checked while it is decoded. */
export const productSchema = z.looseObject({
  asin: z.string().min(1), domainId: int, productType: z.int(), title: text, brand: text, manufacturer: text, model: text, partNumber: text, author: text, parentAsin: text,
  upcList: texts, eanList: texts, gtinList: texts,
  categoryTree: z.array(z.looseObject({ name: text }).nullable()).nullish(),
  packageLength: int, packageWidth: int, packageHeight: int, packageWeight: int, packageQuantity: int, numberOfItems: int,
  itemLength: int, itemWidth: int, itemHeight: int, itemWeight: int,
  monthlySold: int, lastUpdate: int, newPriceIsMAP: z.boolean().nullish(),
  referralFeePercentage: z.number().nullish(), referralFeePercent: int, variableClosingFee: int,
  fbaFees: z.looseObject({ pickAndPackFee: int }).nullish(),
  hazardousMaterials: z.array(z.looseObject({ aspect: text, value: text }).nullable()).nullish(),
  stats: z.looseObject({ salesRankDrops30: int, salesRankDrops90: int, salesRankDrops180: int, outOfStockPercentage90: z.array(int).nullish() }).nullish(),
  csv: z.array(z.unknown()).nullish(), monthlySoldHistory: z.unknown().optional(),
});
export type KeepaProduct = z.infer<typeof productSchema>;

/** Body of a refusal. */
export const refusalSchema = z.looseObject({ error: z.looseObject({ type: text, message: text }).nullish(), tokensLeft: int, refillIn: int, refillRate: int });
