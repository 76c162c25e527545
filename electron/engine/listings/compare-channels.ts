import type { z } from 'zod';
import type { channelOption } from '#contract/selling.ts';
import { convert, inverse, money, type Money } from '#kernel/money.ts';
import { utcDay } from '#kernel/time.ts';
import { getLot, type Lot } from '../inventory/index.ts';
import { compileFees, outboundPostage, resolveCategory, selectFeeCard } from '../pricing/index.ts';
import { BUSINESS, homeRate, homeValue, LIMITS, readSetting } from '../settings/index.ts';
import { loadListing } from './advance-listing.ts';
import type { ListingsDeps, SalesChannel } from './deps.ts';
import { profitAt } from './floor-price.ts';
import { priceListing } from './price-listing.ts';
import { LISTING_RULES, marginBpAt } from './price-rules.ts';
import { findByLots } from './repo.ts';
import { liesElsewhere, liesWith, WAREHOUSE_PLACES, warehouseOf } from './warehouses.ts';

export type ChannelOption = z.infer<typeof channelOption>;

/**
 * What one unit of the listing's lot would leave on every connected channel, by the fee cards of today: at the price of the listing that stands there, else at the
 * price that it would be listed at. Best profit for each day of locked money first. Asks no channel.
 */
export async function compareChannels(deps: ListingsDeps, listingId: string): Promise<ChannelOption[]> {
  const { prisma } = deps.ctx.db;
  const { lotId } = await loadListing(prisma, listingId);
  const lot = await getLot(prisma, lotId);
  const standing = await findByLots(prisma, [lotId]);
  const connected = deps.channels.connected();
  const elsewhere = standing.flatMap(({ channel }) => (connected.some((c) => c.port.market === channel) ? [] : [deps.channels.get(channel)])).filter((channel) => channel !== null);
  const options: ChannelOption[] = [];
  for (const channel of [...connected, ...elsewhere]) {
    const there = standing.find((listing) => listing.channel === channel.port.market);
    options.push({
      channel: channel.port.market, name: channel.name, connected: connected.includes(channel), main: channel.port.market === deps.channels.main, listingId: there?.id ?? null, state: there?.state ?? null,
      ifMovedTo: null, ...(await figuresOn(deps, { lot, channel, standing: there?.price ?? null })),
    });
    const place = warehouseOf(channel.port.market);
    if (place === null || !connected.includes(channel) || WAREHOUSE_PLACES.includes(lot.location) || liesWith(lot.location, channel.port.market)) continue;
    const moved = await figuresOn(deps, { lot: { ...lot, location: place }, channel, standing: there?.price ?? null });
    options.push({ channel: channel.port.market, name: channel.name, connected: true, main: false, listingId: null, state: null, ifMovedTo: place, ...moved });
  }
  return byProfitPerDay(options, (await readSetting(deps.ctx.db, BUSINESS)).value);
}

/** Best profit for each day first, in one currency whatever each channel sells in; what cannot be priced, or has no rate, last. */
export function byProfitPerDay<Option extends { readonly profitPerDay: Money | null }>(options: readonly Option[], business: Parameters<typeof homeValue>[0]): Option[] {
  const perDay = ({ profitPerDay }: Option) => (profitPerDay && homeValue(business, profitPerDay)?.minor) ?? Number.NEGATIVE_INFINITY;
  return options.toSorted((a, b) => perDay(b) - perDay(a));
}

type Figures = Pick<ChannelOption, 'price' | 'floor' | 'fees' | 'profit' | 'profitPerDay' | 'days' | 'marginBp' | 'refusal' | 'confidence'>;

async function figuresOn(deps: ListingsDeps, given: { readonly lot: Lot; readonly channel: SalesChannel; readonly standing: Money | null }): Promise<Figures> {
  const { market } = given.channel.port;
  const at = deps.ctx.clock.now();
  const { lot } = given;
  const [facts, now, business, limits, rules] = await Promise.all([
    deps.products.facts(lot.productId, market), deps.market.priceNow(lot.productId, market), readSetting(deps.ctx.db, BUSINESS).then((s) => s.value), readSetting(deps.ctx.db, LIMITS).then((s) => s.value),
    readSetting(deps.ctx.db, LISTING_RULES).then((s) => s.value),
  ]);
  if (liesElsewhere(lot.location, market)) return { price: null, floor: null, fees: null, profit: null, profitPerDay: null, days: null, marginBp: null, refusal: { code: 'listing.lies-elsewhere', data: { location: lot.location } }, confidence: null };
  const there = liesWith(lot.location, market);
  const priced = priceListing({ lot, facts, channel: market, feeCards: deps.feeCards, business, limits, market: now?.price ?? null, rules, salesTaxBp: deps.salesTaxBp, at });
  if ('code' in priced) return { price: null, floor: null, fees: null, profit: null, profitPerDay: null, days: null, marginBp: null, refusal: priced, confidence: null };
  const card = selectFeeCard(deps.feeCards, market, utcDay(at))!;
  const price = given.standing?.currency === card.currency ? given.standing : priced.price;
  const rate = homeRate(business, card.currency)!;
  const toChannel = (amount: Money) => (amount.currency === card.currency ? amount : convert(amount, inverse(rate.rate), 'up'));
  const fees = compileFees(card, {
    category: facts.category === null ? null : facts.category in card.categories ? facts.category : resolveCategory(card, facts.category), fulfilment: there ? 'fba' : 'fbm', buyerShipping: money(0, card.currency), salesTaxBp: deps.salesTaxBp,
    package: facts.package, storeLevel: business.ebayStore, day: utcDay(at),
  });
  const needs = {
    unitCostMinor: toChannel(lot.unitCost).minor, shippingOutMinor: there ? 0 : toChannel(outboundPostage(business.outboundShipping, facts.package?.weightG ?? null)).minor, minProfitMinor: 0, buyerShippingMinor: 0, feesAt: fees.totalMinor,
  };
  const profit = profitAt(needs, price.minor);
  const days = Math.max(1, lot.estimate.daysToSell + card.payoutDelay.days);
  const amount = (minor: number): Money => money(minor, card.currency);
  return { price, floor: priced.floor, fees: amount(fees.totalMinor(price.minor)), profit: amount(profit), profitPerDay: amount(Math.round(profit / days)), days, marginBp: marginBpAt(needs, price.minor), refusal: null, confidence: card.confidence };
}
