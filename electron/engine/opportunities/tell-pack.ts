import { convert, money, type Rate } from '#kernel/money.ts';
import { lineOf, titlePackSize, valueNow, type ProductRecord, type StoredSnapshot } from '#engine/catalog/index.ts';
import { homeRate } from '#engine/settings/index.ts';
import type { AssessContext } from './assess-offer.ts';
import { priceSeriesFor } from './gather-evidence.ts';
import { weightOf } from './judge-identity.ts';
import type { OfferRecord } from './repo.ts';

/**
 * A page that says nothing of packs and asks so many times what one piece goes for, and no more than a pack of it does, sells the pack: with the pack's own code on it less is needed. Checked in practice
 * worlds 14 to 17, where of such pages 9 in 10 and more were packs.
 */
const MANY_TIMES = 2;
const MANY_TIMES_WITH_ITS_CODE = 1.5;
/** What is left of doubt: where the page's code says otherwise, and where it does not. */
const SURE_BP = 9_500;
const SURE_AGAINST_CODE_BP = 8_700;

export interface PricedProduct {
  readonly product: ProductRecord;
  readonly snapshot: StoredSnapshot;
}

const atHome = (minor: number, by: Rate): number => (by.from === by.to ? minor : convert(money(minor, by.from), by, 'up').minor);

/** How many times the product's going price the offer asks, both in the home currency; null where either is not known in it. */
function timesGoingPrice(offer: OfferRecord, { snapshot }: PricedProduct, { business }: AssessContext): number | null {
  const { facts } = snapshot;
  const key = priceSeriesFor(facts);
  const going = key === null ? null : valueNow(facts.series[key]);
  const [rate, marketRate] = [homeRate(business, offer.currency), homeRate(business, facts.currency)];
  if (going === null || going <= 0 || !rate || !marketRate) return null;
  return atHome(offer.priceMinor, rate.rate) / Math.max(1, atHome(going, marketRate.rate));
}

/** Whether it asks far more than the one piece that it names goes for, so that it is worth asking whether a pack is meant. */
export function asksLikeMore(offer: OfferRecord, single: PricedProduct, context: AssessContext): boolean {
  return offer.packSize === 1 && titlePackSize(single.product.title) === 1 && (timesGoingPrice(offer, single, context) ?? 0) >= MANY_TIMES_WITH_ITS_CODE;
}

export interface ToldPack extends PricedProduct {
  readonly identityBp: number;
}

const NEAR_WEIGHT = 0.25;
/** A pack of the very same thing, and nothing that the page prints is the weight of anything else. */
function couldBe(offer: OfferRecord, single: PricedProduct, { product }: PricedProduct): boolean {
  if (lineOf(product.title) !== lineOf(single.product.title)) return false;
  const weight = weightOf(offer);
  return weight === null || (product.weightG !== null && Math.abs(weight - product.weightG) <= NEAR_WEIGHT * product.weightG);
}

/**
 * Which of the two a page sells that prints the code of a pack and says nothing of packs: the piece where it asks no more than that goes for, the pack where its price is nearer the pack's than the piece's; null
 * between them. Taken for the pack, a piece would seem to earn several times what it does.
 */
export function packOrPiece(offer: OfferRecord, { single, pack }: { readonly single: PricedProduct; readonly pack: PricedProduct }, context: AssessContext): ToldPack | null {
  const [ofSingle, ofPack] = [timesGoingPrice(offer, single, context), timesGoingPrice(offer, pack, context)];
  if (ofSingle === null || ofPack === null || lineOf(pack.product.title) !== lineOf(single.product.title)) return null;
  if (ofSingle <= 1) return couldBe(offer, single, single) ? { ...single, identityBp: SURE_AGAINST_CODE_BP } : null;
  const isNearerPack = ofPack <= 1 && ofSingle * ofPack > 1;
  return isNearerPack && ofSingle >= MANY_TIMES && couldBe(offer, single, pack) ? { ...pack, identityBp: SURE_BP } : null;
}

/** Which pack an offer sells that names none, by its price; null where no pack, or more than one, fits it. @param codedAsin what the page's own code names */
export function packByPrice(offer: OfferRecord, { single, packs, codedAsin }: { readonly single: PricedProduct; readonly packs: readonly PricedProduct[]; readonly codedAsin: string | null }, context: AssessContext): ToldPack | null {
  const times = timesGoingPrice(offer, single, context) ?? 0;
  const fitting = packs.filter((pack) => {
    const ofPack = timesGoingPrice(offer, pack, context);
    return couldBe(offer, single, pack) && ofPack !== null && ofPack <= 1 && times >= (pack.product.asin === codedAsin ? MANY_TIMES_WITH_ITS_CODE : MANY_TIMES);
  });
  const [only] = fitting;
  return only && fitting.length === 1 ? { ...only, identityBp: codedAsin === single.product.asin ? SURE_AGAINST_CODE_BP : SURE_BP } : null;
}
