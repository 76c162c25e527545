import { toIso, type Instant } from '#kernel/time.ts';
import type { MarketOffer, Product, World } from '../../world/types.ts';

export const US_MARKETPLACE = 'ATVPDKIKX0DER';
/** The practice account's own merchant token. */
export const PRACTICE_SELLER_ID = 'A2PRACTICESELLER';

const usd = (minor: number) => ({ CurrencyCode: 'USD', Amount: minor / 100 });
const inches = (mm: number) => ({ unit: 'inches', value: Math.round((mm / 25.4) * 100) / 100 });
const pounds = (grams: number) => ({ unit: 'pounds', value: Math.round((grams / 453.592_37) * 10_000) / 10_000 });

function identifiersOf(product: Product) {
  if (product.gtin === null) return [];
  const ean = { identifierType: 'EAN', identifier: product.gtin.padStart(13, '0') };
  if (product.gtin.length === 12) return [ean, { identifierType: 'UPC', identifier: product.gtin }];
  return product.isbn10 ? [ean, { identifierType: 'ISBN', identifier: product.isbn10 }] : [ean];
}

/** An item of `searchCatalogItems` with the data sets asked for. */
export function catalogItem(world: World, product: Product, wanted: { readonly data: ReadonlySet<string>; readonly at: Instant }) {
  const marketplaceId = US_MARKETPLACE;
  const category = world.catalog.category(product.category);
  const parent = product.kind === 'parent';
  const rank = wanted.data.has('salesRanks') && !parent ? world.market.value(product.id, 'salesRank', wanted.at) : null;
  const sides = { height: inches(product.heightMm), length: inches(product.lengthMm), width: inches(product.widthMm), weight: pounds(product.weightG) };
  const relation = parent
    ? [{ type: 'VARIATION', childAsins: world.catalog.childrenOf(product.asin).map((child) => child.asin) }]
    : product.parentAsin ? [{ type: 'VARIATION', parentAsins: [product.parentAsin] }] : [];
  const sets: Record<string, unknown> = {
    attributes: {
      item_name: [{ value: product.title, language_tag: 'en_US', marketplace_id: marketplaceId }],
      ...(product.hazmat ? { supplier_declared_dg_hz_regulation: [{ value: 'ghs', marketplace_id: marketplaceId }] } : {}),
    },
    dimensions: parent ? [] : [{ marketplaceId, package: sides }],
    identifiers: [{ marketplaceId, identifiers: identifiersOf(product) }],
    productTypes: [{ marketplaceId, productType: category.amazon.productType }],
    relationships: [{ marketplaceId, relationships: relation }],
    salesRanks: [{ marketplaceId, displayGroupRanks: rank === null ? [] : [{ websiteDisplayGroup: `${product.category}_display_on_website`, title: category.amazon.rootName, rank }] }],
    summaries: [{
      marketplaceId, itemName: product.title, brand: product.brand, manufacturer: product.brand, ...(product.mpn ? { modelNumber: product.mpn, partNumber: product.mpn } : {}),
      ...(product.color ? { color: product.color } : {}), ...(product.size ? { size: product.size } : {}), packageQuantity: product.packSize, adultProduct: false,
      itemClassification: parent ? 'VARIATION_PARENT' : 'BASE_PRODUCT', websiteDisplayGroupName: category.amazon.rootName,
      browseClassification: { displayName: category.amazon.rootName, classificationId: String(category.amazon.rootId) }, releaseDate: toIso(product.releasedAt).slice(0, 10),
    }],
  };
  return { asin: product.asin, ...Object.fromEntries(Object.entries(sets).filter(([name]) => wanted.data.has(name))) };
}

function competitivePrice(id: string, offer: MarketOffer) {
  return {
    CompetitivePriceId: id, condition: offer.condition === 'new' ? 'New' : 'Used', subcondition: offer.condition === 'new' ? 'New' : 'Good', belongsToRequester: false,
    Price: { LandedPrice: usd(offer.priceMinor + offer.shippingMinor), ListingPrice: usd(offer.priceMinor), Shipping: usd(offer.shippingMinor) },
  };
}

/** An entry of `getCompetitivePricing`. */
export function competitivePricing(world: World, product: Product, at: Instant) {
  const offers = world.market.offers(product.id, at);
  const buyBox = offers.find((offer) => offer.isBuyBox && offer.condition === 'new');
  const used = offers.find((offer) => offer.condition === 'used');
  const count = (condition: string) => offers.filter((offer) => offer.condition === condition).length;
  const rank = product.kind === 'parent' ? null : world.market.value(product.id, 'salesRank', at);
  return {
    status: 'Success', ASIN: product.asin,
    Product: {
      Identifiers: { MarketplaceASIN: { MarketplaceId: US_MARKETPLACE, ASIN: product.asin } },
      CompetitivePricing: {
        CompetitivePrices: [...(buyBox ? [competitivePrice('1', buyBox)] : []), ...(used ? [competitivePrice('2', used)] : [])],
        NumberOfOfferListings: [{ Count: count('new'), condition: 'New' }, { Count: count('used'), condition: 'Used' }, { Count: offers.length, condition: 'Any' }],
      },
      SalesRankings: rank === null ? [] : [{ ProductCategoryId: `${product.category}_display_on_website`, Rank: rank }],
    },
  };
}

export interface FeeRequest {
  readonly MarketplaceId: string;
  readonly IsAmazonFulfilled: boolean;
  readonly PriceToEstimateFees: { readonly ListingPrice: { readonly CurrencyCode: string; readonly Amount: number }; readonly Shipping?: { readonly CurrencyCode: string; readonly Amount: number } | undefined };
  readonly Identifier: string;
}

/** Amazon's words for the world's fee lines. */
const FEE_TYPES = { referral: 'ReferralFee', closing: 'VariableClosingFee', 'fba-fulfilment': 'FBAFees', 'fuel-surcharge': 'FBAFees', 'final-value': '', 'order-fee': '', insertion: '', payment: '', transaction: '', listing: '' } as const;

/** A `FeesEstimateResult`, by the true schedule of this instant. */
export function feesResult(world: World, asin: string, question: { readonly request: FeeRequest; readonly at: Instant }) {
  const { request, at } = question;
  const identifier = {
    MarketplaceId: request.MarketplaceId, SellerId: PRACTICE_SELLER_ID, IdType: 'ASIN', IdValue: asin, IsAmazonFulfilled: request.IsAmazonFulfilled,
    PriceToEstimateFees: request.PriceToEstimateFees, SellerInputIdentifier: request.Identifier,
  };
  const product = world.catalog.byAsin(asin);
  const failed = (code: string, message: string) => ({ Status: 'ClientError', FeesEstimateIdentifier: identifier, Error: { Type: 'Sender', Code: code, Message: message, Detail: [] } });
  if (!product || product.kind === 'parent') return failed('InvalidParameterValue', 'There is no fee estimate for this item.');
  const { ListingPrice, Shipping } = request.PriceToEstimateFees;
  if (ListingPrice.CurrencyCode !== 'USD') return failed('InvalidParameterValue', 'The currency does not match the marketplace.');
  const lines = world.fees.amazon(product.id, { priceMinor: Math.round(ListingPrice.Amount * 100), shippingMinor: Math.round((Shipping?.Amount ?? 0) * 100), fba: request.IsAmazonFulfilled, at });
  const byType = new Map<string, number>([['ReferralFee', 0], ['VariableClosingFee', 0], ['PerItemFee', 0], ['FBAFees', 0]]);
  for (const line of lines) byType.set(FEE_TYPES[line.kind], (byType.get(FEE_TYPES[line.kind]) ?? 0) + line.minor);
  const total = [...byType.values()].reduce((sum, minor) => sum + minor, 0);
  return {
    Status: 'Success', FeesEstimateIdentifier: identifier,
    FeesEstimate: {
      TimeOfFeesEstimation: toIso(at), TotalFeesEstimate: usd(total),
      FeeDetailList: [...byType].map(([FeeType, minor]) => ({ FeeType, FeeAmount: usd(minor), FeePromotion: usd(0), FinalFee: usd(minor) })),
    },
  };
}

const REASONS = {
  'approval-required': { reasonCode: 'APPROVAL_REQUIRED', message: 'You need approval to list this product.' },
  'not-eligible': { reasonCode: 'NOT_ELIGIBLE', message: 'You are not eligible to list this product.' },
  unknown: { reasonCode: 'ASIN_NOT_FOUND', message: 'The specified ASIN does not exist in the requested marketplace.' },
} as const;

/** Answer of `getListingsRestrictions`. */
export function restrictionList(product: Product | undefined, asin: string, conditionType: string | null) {
  const reason = product === undefined ? REASONS.unknown : product.restriction === 'none' ? null : REASONS[product.restriction];
  if (!reason) return { restrictions: [] };
  const links = reason.reasonCode === 'APPROVAL_REQUIRED'
    ? { links: [{ resource: `https://sellercentral.amazon.com/hz/approvalrequest/restrictions/approve?asin=${asin}`, verb: 'GET', title: 'Request Approval via Seller Central.', type: 'text/html' }] }
    : {};
  return { restrictions: [{ marketplaceId: US_MARKETPLACE, ...(conditionType ? { conditionType } : {}), reasons: [{ ...reason, ...links }] }] };
}
