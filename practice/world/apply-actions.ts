import { DAY_MS, type Instant } from '#kernel/time.ts';
import { mix, uniform } from './hash.ts';
import type { OfferBook } from './price-offers.ts';
import { isSmall, refundsOf, sellersPart, traitOf } from './selling-channels.ts';
import type { Buyers } from './simulate-buyers.ts';
import type { Actions, Catalog, Listing, Outcome, Refusal, Sale, ShopOrder } from './types.ts';

/** Orders that a shop cannot fill after all, and refunds. */
const SHOP_REFUND_RATE = 0.025;
const FIRST_DRAFT_ID = 10_000_000;

export type ActionName = keyof Actions;
export type ActionInput = { readonly [K in ActionName]: Parameters<Actions[K]> };

/** All that actions change. */
export interface WorldState {
  readonly shopOrders: ShopOrder[];
  readonly shopOrderById: Map<number, ShopOrder>;
  /** Outlet and reference → order: what makes a second checkout impossible. */
  readonly shopOrderByReference: Map<string, ShopOrder>;
  readonly listings: Map<string, Listing>;
  /** Listings ever made: on the two marketplaces together, and on each other channel. */
  readonly listed: Map<string, number>;
  readonly documents: Map<string, Map<string, unknown>>;
}

export interface ActionContext {
  readonly seed: number;
  readonly at: Instant;
  readonly state: WorldState;
  readonly catalog: Catalog;
  readonly book: OfferBook;
  readonly buyers: Buyers;
}

const refuse = (code: Refusal['code'], message: string, offerNumber?: number): Outcome<never> => ({ ok: false, refusal: offerNumber === undefined ? { code, message } : { code, message, offerNumber } });
const accept = <T>(value: T): Outcome<T> => ({ ok: true, value });
const wholeFrom = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;

type OrderInput = ActionInput['placeShopOrder'][0];

function priceLines(context: ActionContext, input: OrderInput): Outcome<ShopOrder['lines']> {
  const lines: { offerNumber: number; quantity: number; unitMinor: number }[] = [];
  if (input.lines.length === 0 || input.lines.some((line) => !wholeFrom(line.quantity, 1))) return refuse('invalid', 'an order needs lines of whole quantities');
  if (new Set(input.lines.map((line) => line.offerNumber)).size < input.lines.length) return refuse('invalid', 'an offer stands on one line only');
  for (const { offerNumber, quantity } of input.lines) {
    const shown = context.book.state(input.outletId, offerNumber, context.at);
    if (!shown || shown.priceMinor === null) return refuse('not-purchasable', 'the offer is not for sale', offerNumber);
    const left = context.book.available(input.outletId, offerNumber, context.at);
    if (left < quantity) return refuse('out-of-stock', left === 0 ? 'the offer is out of stock' : `only ${left} left`, offerNumber);
    lines.push({ offerNumber, quantity, unitMinor: shown.priceMinor });
  }
  return accept(lines);
}

function placeShopOrder(context: ActionContext, input: OrderInput): Outcome<ShopOrder> {
  const { state, book, at, seed } = context;
  const outlet = book.outlets.find((o) => o.id === input.outletId);
  if (!outlet || outlet.kind === 'ouedkniss') return refuse('not-found', `nothing can be ordered at ${input.outletId}`);
  const reference = `${input.outletId}|${input.reference}`;
  if (state.shopOrderByReference.has(reference)) return refuse('duplicate-reference', 'this cart was ordered before');
  if (input.draft && (!wholeFrom(input.draft.id, FIRST_DRAFT_ID) || state.shopOrderById.has(input.draft.id))) return refuse('invalid', 'the draft has no free id');
  const priced = priceLines(context, input);
  if (!priced.ok) return priced;
  const itemsMinor = priced.value.reduce((total, line) => total + line.unitMinor * line.quantity, 0);
  if (input.expectedMinor !== undefined && input.expectedMinor !== itemsMinor) return refuse('price-changed', `the items cost ${itemsMinor}, not ${input.expectedMinor}`);
  const shippingMinor = outlet.freeShippingFromMinor !== null && itemsMinor >= outlet.freeShippingFromMinor ? 0 : outlet.shippingMinor;
  const id = input.draft?.id ?? 10_001 + state.shopOrders.length;
  const draw = mix(seed, id, 301);
  const refunded = uniform(draw, 1, 1) < SHOP_REFUND_RATE;
  const [least, most] = outlet.deliveryDays;
  const order: ShopOrder = {
    id, outletId: outlet.id, key: input.draft?.key ?? `wc_order_${draw.toString(36)}${mix(seed, id, 302).toString(36)}`, reference: input.reference, placedAt: at, currency: outlet.currency, lines: priced.value, shippingMinor,
    totalMinor: itemsMinor + shippingMinor, email: input.email, outcome: refunded ? 'refunded' : 'completed',
    settlesAt: at + (refunded ? 1 + (draw % 2) : least + (draw % (most - least + 1))) * DAY_MS,
  };
  for (const line of order.lines) {
    book.take(outlet.id, line.offerNumber, { quantity: line.quantity, at });
    const offer = book.offers(outlet.id)[line.offerNumber - 1]!;
    const truth = book.truth(outlet.id, line.offerNumber)!;
    if (!refunded && truth.claimedId !== null && truth.claimedId !== truth.productId) context.buyers.noteMistaken(truth.claimedId, line.quantity * offer.pricedUnits);
  }
  state.shopOrders.push(order);
  state.shopOrderById.set(id, order);
  state.shopOrderByReference.set(reference, order);
  return accept(order);
}

function createListing(context: ActionContext, input: ActionInput['createListing'][0]): Outcome<Listing> {
  const { state, at, catalog } = context;
  if (!wholeFrom(input.priceMinor, 1) || !wholeFrom(input.shippingMinor, 0) || !wholeFrom(input.quantity, 0) || input.sku === '') return refuse('invalid', 'a listing needs a code, a price and whole quantities');
  if (input.productId !== null && (input.productId < 0 || input.productId >= catalog.products.length || catalog.byId(input.productId).kind === 'parent')) return refuse('invalid', 'no such product can be listed');
  const { channel } = input;
  const count = isSmall(channel) ? channel : 'marketplaces';
  const serial = (state.listed.get(count) ?? 0) + 1;
  state.listed.set(count, serial);
  const id = channel === 'ebay' ? String(110_000_000_000 + ((serial * 7_368_787 + context.seed * 31) % 90_000_000_000)) : `${isSmall(channel) ? traitOf(channel).listingPrefix : 'AL'}${String(serial).padStart(10, '0')}`;
  const listing: Listing = {
    id, channel: input.channel, sku: input.sku, productId: input.productId, condition: input.condition, startedAt: at, priceMinor: input.priceMinor, shippingMinor: input.shippingMinor, quantity: input.quantity,
    soldQuantity: 0, status: 'active', endedAt: null, endReason: null, vendorRef: input.vendorRef ?? null,
  };
  state.listings.set(id, listing);
  context.buyers.addListing(listing);
  return accept(listing);
}

function activeListing(context: ActionContext, id: string): Outcome<Listing> {
  const listing = context.state.listings.get(id);
  if (!listing) return refuse('not-found', `no listing ${id}`);
  return listing.status === 'active' ? accept(listing) : refuse('bad-state', `listing ${id} has ended`);
}

function reviseListing(context: ActionContext, id: string, change: ActionInput['reviseListing'][1]): Outcome<Listing> {
  const found = activeListing(context, id);
  if (!found.ok) return found;
  const { priceMinor = found.value.priceMinor, shippingMinor = found.value.shippingMinor, quantity = found.value.quantity } = change;
  if (!wholeFrom(priceMinor, 1) || !wholeFrom(shippingMinor, 0) || !wholeFrom(quantity, 0)) return refuse('invalid', 'prices and quantities are whole numbers');
  Object.assign(found.value, { priceMinor, shippingMinor, quantity });
  return found;
}

export function endListing(context: Pick<ActionContext, 'at' | 'buyers'>, listing: Listing, reason: NonNullable<Listing['endReason']>): void {
  listing.status = 'ended';
  listing.endedAt = context.at;
  listing.endReason = reason;
  context.buyers.removeListing(listing);
}

function saleInState(context: ActionContext, id: string, allowed: (sale: Sale) => boolean): Outcome<Sale> {
  const sale = context.buyers.byId.get(id);
  if (!sale) return refuse('not-found', `no order ${id}`);
  return allowed(sale) ? accept(sale) : refuse('bad-state', `order ${id} is ${sale.status}`);
}

function giveBack(context: ActionContext, id: string, refund: ActionInput['giveBack'][1]): Outcome<Sale> {
  const found = saleInState(context, id, (sale) => sale.status !== 'cancelled');
  if (!found.ok) return found;
  const left = sellersPart(found.value) - refundsOf(found.value).reduce((total, made) => total + made.minor, 0);
  if (found.value.givenBack?.some((made) => made.reference === refund.reference)) return refuse('duplicate-reference', 'this refund was made before');
  if (!wholeFrom(refund.minor, 1) || refund.minor > left) return refuse('invalid', `at most ${left} can be given back`);
  context.buyers.giveBack(found.value, context.at, refund);
  return found;
}

function putDocument(context: ActionContext, vendor: string, entry: { key: string; value: unknown }): Outcome<null> {
  let documents = context.state.documents.get(vendor);
  if (!documents) context.state.documents.set(vendor, (documents = new Map()));
  documents.set(entry.key, structuredClone(entry.value));
  return accept(null);
}

/** Applies one action to the state: the whole of it, or nothing when refused. The same on replay. */
export function applyAction(context: ActionContext, name: string, input: readonly unknown[]): Outcome<unknown> {
  const { at, buyers } = context;
  switch (name as ActionName) {
    case 'placeShopOrder': return placeShopOrder(context, (input as ActionInput['placeShopOrder'])[0]);
    case 'createListing': return createListing(context, (input as ActionInput['createListing'])[0]);
    case 'reviseListing': {
      const [id, change] = input as ActionInput['reviseListing'];
      return reviseListing(context, id, change);
    }
    case 'endListing': {
      const found = activeListing(context, (input as ActionInput['endListing'])[0]);
      if (found.ok) endListing(context, found.value, 'seller');
      return found;
    }
    case 'shipSale': {
      const [id, tracking] = input as ActionInput['shipSale'];
      const found = saleInState(context, id, (sale) => sale.status === 'paid');
      if (found.ok) buyers.ship(found.value, at, tracking);
      return found;
    }
    case 'cancelSale': {
      const found = saleInState(context, (input as ActionInput['cancelSale'])[0], (sale) => sale.status === 'paid');
      if (found.ok) buyers.cancel(found.value, at);
      return found;
    }
    case 'refundReturn': {
      const found = saleInState(context, (input as ActionInput['refundReturn'])[0], (sale) => sale.return !== null && sale.return.refundedAt === null);
      if (found.ok) buyers.refund(found.value, at);
      return found;
    }
    case 'giveBack': {
      const [id, refund] = input as ActionInput['giveBack'];
      return giveBack(context, id, refund);
    }
    case 'putDocument': {
      const [vendor, key, value] = input as ActionInput['putDocument'];
      return putDocument(context, vendor, { key, value });
    }
    case 'deleteDocument': {
      const [vendor, key] = input as ActionInput['deleteDocument'];
      context.state.documents.get(vendor)?.delete(key);
      return accept(null);
    }
    default: return refuse('invalid', `no action ${name}`);
  }
}
