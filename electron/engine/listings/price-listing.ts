import type { ListingRules } from '#contract/selling.ts';
import type { Business, Limits } from '#contract/settings.ts';
import type { Reason } from '#contract/shared.ts';
import { convert, inverse, money, type Money } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';
import type { Lot } from '../inventory/index.ts';
import { compileFees, outboundPostage, resolveCategory, selectFeeCard, type FeeCard } from '../pricing/index.ts';
import { homeRate } from '../settings/index.ts';
import type { ListingFacts } from './facts-port.ts';
import { floorPrice, type FloorNeeds } from './floor-price.ts';
import { choosePrice, type AskedPrice } from './price-rules.ts';
import { liesWith } from './warehouses.ts';

export interface PricingGiven {
  readonly lot: Lot;
  readonly facts: ListingFacts;
  readonly channel: string;
  readonly feeCards: readonly FeeCard[];
  readonly business: Business;
  readonly limits: Limits;
  /** What the market shows now; null where it is not known. */
  readonly market: Money | null;
  readonly rules: ListingRules;
  readonly salesTaxBp: number;
  readonly at: Instant;
}

export interface ListingPrice {
  readonly price: Money;
  readonly floor: Money;
  /** What the price follows. */
  readonly basis: AskedPrice['basis'];
  readonly cardId: string;
}

/** What one sale must bring, in the card's currency, and how to convert into it. A reason where that cannot be said. */
export interface SaleNeeds {
  readonly needs: FloorNeeds;
  readonly card: FeeCard;
  readonly toChannel: (amount: Money) => Money;
}

export function saleNeeds(given: Omit<PricingGiven, 'market' | 'rules'>): SaleNeeds | Reason {
  const { lot, facts, business } = given;
  const card = selectFeeCard(given.feeCards, given.channel, utcDay(given.at));
  if (!card) return { code: 'listing.no-fee-card', data: { channel: given.channel } };
  const rate = homeRate(business, card.currency);
  if (!rate) return { code: 'listing.no-rate', data: { from: business.homeCurrency, to: card.currency } };
  // what the channel sends itself is paid for with its fees, which go by size and weight
  const there = liesWith(lot.location, given.channel);
  if (there && facts.package === null) return { code: 'listing.no-measures', data: { location: lot.location } };
  const toChannel = (amount: Money) => (amount.currency === card.currency ? amount : convert(amount, inverse(rate.rate), 'up'));
  const fees = compileFees(card, {
    category: facts.category === null ? null : facts.category in card.categories ? facts.category : resolveCategory(card, facts.category), fulfilment: there ? 'fba' : 'fbm', buyerShipping: money(0, card.currency),
    salesTaxBp: given.salesTaxBp, package: facts.package, storeLevel: business.ebayStore, day: utcDay(given.at),
  });
  const needs = {
    // The last unit carries the remainder of the division, so the floor counts with the dearest.
    unitCostMinor: toChannel(money(lot.totalCost.minor - lot.unitCost.minor * (lot.quantity - 1), lot.totalCost.currency)).minor,
    shippingOutMinor: there ? 0 : toChannel(outboundPostage(business.outboundShipping, facts.package?.weightG ?? null)).minor, minProfitMinor: toChannel(given.limits.minProfit).minor, buyerShippingMinor: 0, feesAt: fees.totalMinor,
  };
  return { needs, card, toChannel };
}

/** The market's price by the rules for listings, but never below what earns the least profit wanted. A reason where it cannot be priced. */
export function priceListing(given: PricingGiven): ListingPrice | Reason {
  const sale = saleNeeds(given);
  if ('code' in sale) return sale;
  const { card } = sale;
  const floor = floorPrice(sale.needs);
  if (floor === null) return { code: 'listing.no-floor', data: { cardId: card.id } };
  const going = sale.toChannel(given.market ?? given.lot.estimate.salePrice);
  const asked = choosePrice(sale.needs, { floor, going: going.minor, known: given.market !== null, rules: given.rules });
  return { price: money(asked.minor, card.currency), floor: money(floor, card.currency), basis: asked.basis, cardId: card.id };
}
