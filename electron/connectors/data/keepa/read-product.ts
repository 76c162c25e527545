import { money } from '#kernel/money.ts';
import type { CatalogItem, MarketData, MarketHistories, MarketId, Measures, ProductCode, ProductKind } from '#engine/catalog/ports.ts';
import { CSV, PRODUCT_TYPE } from './csv-types.ts';
import { decodePairs, decodeSeries, inCurrency, instantOf } from './decode-series.ts';
import type { KeepaProduct } from './schema.ts';

const KINDS: Readonly<Record<number, ProductKind>> = {
  [PRODUCT_TYPE.standard]: 'standard', [PRODUCT_TYPE.downloadable]: 'standard', [PRODUCT_TYPE.ebook]: 'standard',
  [PRODUCT_TYPE.priceHidden]: 'price-hidden', [PRODUCT_TYPE.invalid]: 'unavailable', [PRODUCT_TYPE.variationParent]: 'variation-parent',
};

/** A number that Keepa writes as 0 or -1 when it has none. */
const known = (value: number | null | undefined): number | undefined => (value !== null && value !== undefined && value > 0 ? value : undefined);
/** A count that may truly be 0; negative means not known. */
const counted = (value: number | null | undefined): number | undefined => (value !== null && value !== undefined && value >= 0 ? value : undefined);
const said = (value: string | null | undefined): string | undefined => (value ? value : undefined);

function measures(length: number | undefined, width: number | undefined, rest: { height: number | undefined; weight: number | undefined }): Measures | undefined {
  const { height, weight } = rest;
  return length ?? width ?? height ?? weight ? { lengthMm: length, widthMm: width, heightMm: height, weightGrams: weight } : undefined;
}

function codesOf(product: KeepaProduct): ProductCode[] {
  const all = new Set([...(product.eanList ?? []), ...(product.upcList ?? []), ...(product.gtinList ?? [])].filter((code): code is string => !!code && /^(?:\d{8}|\d{12,14})$/.test(code)));
  const codes: ProductCode[] = [...all].map((value) => ({ kind: 'gtin', value }));
  // A book's ASIN is its ISBN-10.
  if (/^\d{9}[\dX]$/.test(product.asin)) codes.push({ kind: 'isbn10', value: product.asin });
  return codes;
}

function itemOf(product: KeepaProduct, market: MarketId, histories: MarketHistories): CatalogItem {
  const hazards = (product.hazardousMaterials ?? []).flatMap((entry) => (entry ? [[entry.aspect, entry.value].filter(Boolean).join(': ')] : [])).filter((words) => words !== '');
  return {
    market, externalId: product.asin, kind: KINDS[product.productType] ?? 'unavailable',
    title: said(product.title), brand: said(product.brand), manufacturer: said(product.manufacturer), model: said(product.model), partNumber: said(product.partNumber), author: said(product.author),
    codes: codesOf(product), categoryPath: (product.categoryTree ?? []).flatMap((node) => (node?.name ? [node.name] : [])),
    packQuantity: known(product.packageQuantity) ?? known(product.numberOfItems),
    packageMeasures: measures(known(product.packageLength), known(product.packageWidth), { height: known(product.packageHeight), weight: known(product.packageWeight) }),
    itemMeasures: measures(known(product.itemLength), known(product.itemWidth), { height: known(product.itemHeight), weight: known(product.itemWeight) }),
    salesRank: histories.salesRank?.value.at(-1) ?? undefined, salesRankCategory: product.categoryTree?.[0]?.name ?? undefined,
    parentExternalId: said(product.parentAsin), hazards,
  };
}

/** @throws BrokenSeries */
function historiesOf(product: KeepaProduct, currency: string): MarketHistories {
  const csv = product.csv ?? [];
  const plain = (type: number) => decodeSeries(csv[type], type);
  const amounts = (type: number) => inCurrency(decodeSeries(csv[type], type), currency);
  return {
    amazon: amounts(CSV.amazon), new: amounts(CSV.new), used: amounts(CSV.used), newFulfilledByMarket: amounts(CSV.newFulfilledByMarket),
    newFulfilledBySeller: amounts(CSV.newSellerFulfilledWithShipping), buyBox: amounts(CSV.buyBoxWithShipping), listPrice: amounts(CSV.listPrice),
    ebayNew: amounts(CSV.ebayNewWithShipping), ebayUsed: amounts(CSV.ebayUsedWithShipping),
    salesRank: plain(CSV.salesRank), offersNew: plain(CSV.offersNew), offersUsed: plain(CSV.offersUsed), rating: plain(CSV.rating), reviews: plain(CSV.reviews),
    monthlySold: decodePairs(product.monthlySoldHistory, 'monthlySoldHistory'),
  };
}

/** A product of Keepa's in the catalog's terms. @throws BrokenSeries */
export function readProduct(product: KeepaProduct, market: MarketId, currency: string): MarketData {
  const histories = historiesOf(product, currency);
  const referral = product.referralFeePercentage ?? product.referralFeePercent;
  const fulfilment = counted(product.fbaFees?.pickAndPackFee);
  const closing = counted(product.variableClosingFee);
  return {
    item: itemOf(product, market, histories), currency, histories,
    demand: {
      // Keepa leaves it null for most products: that is "not said", and 0 is not a figure that Amazon shows.
      monthlySold: known(product.monthlySold),
      rankDrops30: counted(product.stats?.salesRankDrops30), rankDrops90: counted(product.stats?.salesRankDrops90), rankDrops180: counted(product.stats?.salesRankDrops180),
    },
    quotedFees: {
      referralBasisPoints: referral !== null && referral !== undefined && referral >= 0 ? Math.round(referral * 100) : undefined,
      fulfilment: fulfilment === undefined ? undefined : money(fulfilment, currency), closing: closing === undefined ? undefined : money(closing, currency),
    },
    outOfStockPercent90: counted(product.stats?.outOfStockPercentage90?.[CSV.new]),
    newPriceHidden: product.newPriceIsMAP === true || product.productType === PRODUCT_TYPE.priceHidden,
    refreshedAt: product.lastUpdate !== null && product.lastUpdate !== undefined && product.lastUpdate > 0 ? instantOf(product.lastUpdate) : undefined,
  };
}
