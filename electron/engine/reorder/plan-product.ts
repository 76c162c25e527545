import type { ReorderDetail, ReorderSettings, ReorderTerms } from '#contract/reorder.ts';
import type { Business, Limits } from '#contract/settings.ts';
import type { Reason } from '#contract/shared.ts';
import { convert, money, type Money } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { demandOver, planReorder, type Predicted } from '../forecast/index.ts';
import { homeRate } from '../settings/index.ts';
import { supplierKeyOf } from '../suppliers/index.ts';
import { HORIZON, type DemandMemory } from './demand.ts';
import { learnLead, PRIOR_WEIGHT, summariseDeliveries } from './lead-time.ts';
import type { Known, OfferRow, One } from './read-standing.ts';
import { LEAST_DAYS, weeksOf } from './sales-series.ts';
import type { StoredTerms } from './terms.ts';

const FEW_SALES = 3;
/** A correction that is smaller than this is not worth a sentence. */
const LEAST_TOLD = 0.05;
/** Weeks that are shown. */
const SHOWN_WEEKS = 52;

export interface Basis {
  readonly now: Instant;
  readonly settings: ReorderSettings;
  readonly business: Business;
  readonly limits: Limits;
  readonly memory: DemandMemory;
}

const homeOf = (business: Business, amount: Money): Money | null => {
  const rate = homeRate(business, amount.currency);
  return rate && convert(amount, rate.rate);
};

const unitOf = (offer: OfferRow): Money => money(Math.ceil(offer.priceMinor / offer.packSize), offer.currency);

/** The cheapest by what a unit costs at home; those in a currency without a rate come last. */
function cheapest(offers: readonly OfferRow[], business: Business): OfferRow | null {
  const each = (offer: OfferRow) => (homeOf(business, money(offer.priceMinor, offer.currency))?.minor ?? Number.MAX_SAFE_INTEGER) / offer.packSize;
  return offers.toSorted((a, b) => each(a) - each(b))[0] ?? null;
}

/** Whom to ask: whom the person names, else who was asked last, else the cheapest offer of today, else who was bought from last. */
function supplierOf(productId: string, known: Known, given: { readonly terms: ReorderTerms; readonly business: Business }): { readonly supplier: ReorderDetail['supplier']; readonly offer: OfferRow | null } {
  const { terms, business } = given;
  const offers = known.suppliers.offers.get(productId) ?? [];
  const asked = known.suppliers.asked.get(productId);
  const bought = known.suppliers.bought.get(productId);
  const name = terms.supplier ?? asked?.name ?? null;
  if (name !== null) {
    const key = supplierKeyOf(name);
    const offer = cheapest(offers.filter((one) => supplierKeyOf(one.sourceName) === key), business);
    const last = [asked, bought].find((row) => row && supplierKeyOf(row.name) === key);
    const unit = terms.unit ?? (offer ? unitOf(offer) : last && last.unitMinor !== null ? money(last.unitMinor, last.currency) : null);
    return { supplier: { name, from: terms.supplier === null ? 'last-order' : 'person', unit, url: offer?.url ?? null }, offer };
  }
  const offer = cheapest(offers, business);
  if (offer) return { supplier: { name: offer.sourceName, from: 'offer', unit: terms.unit ?? unitOf(offer), url: offer.url }, offer };
  if (bought) return { supplier: { name: bought.name, from: 'last-purchase', unit: terms.unit ?? (bought.unitMinor === null ? null : money(bought.unitMinor, bought.currency)), url: null }, offer: null };
  return { supplier: null, offer: null };
}

const NONE = summariseDeliveries([]);
const hundredths = (value: number) => Math.round(value * 100) / 100;

function leadOf(supplier: string | null, known: Known, given: { readonly settings: ReorderSettings; readonly days: number | null }) {
  const { settings, days } = given;
  const prior = { days: settings.leadDays, sd: settings.leadSdDays };
  const own = (supplier === null ? undefined : known.deliveries.bySupplier.get(supplierKeyOf(supplier))) ?? NONE;
  const { all } = known.deliveries;
  const learned = learnLead(learnLead(prior, all), own);
  const from = days !== null ? 'person' as const : own.count > 0 ? 'supplier' as const : all.count > 0 ? 'all' as const : 'prior' as const;
  return {
    days: days ?? learned.days, sd: learned.sd, from,
    lead: { priorDays: prior.days, priorSd: prior.sd, priorWeight: PRIOR_WEIGHT, own: own.count, ownDays: own.days, all: all.count, allDays: all.days },
  };
}

function profitOf(productId: string, known: Known, business: Business): Money | null {
  let [minor, units] = [0, 0];
  for (const row of known.profits.get(productId) ?? []) {
    const home = homeOf(business, money(row.profitMinor, row.currency));
    if (!home) continue;
    minor += home.minor;
    units += row.units;
  }
  return units === 0 ? null : money(Math.round(minor / units), business.homeCurrency);
}

const testsOf = (predicted: Predicted) => predicted.tests.map(({ method, meanSquare, mase, bias }) => ({ method, rmse: Math.sqrt(meanSquare), mase, bias }));

function stockOf(one: One, known: Known) {
  const of = (which: keyof Known['position']) => known.position[which].get(one.productId) ?? 0;
  const stock = { inbound: one.inbound, approved: of('approved'), ordered: of('ordered'), requested: of('requested'), oversold: of('oversold') };
  const [onOrder, reserved] = [stock.inbound + stock.approved + stock.ordered, stock.requested + stock.oversold];
  return { stock, onHand: one.onHand, onOrder, reserved, position: one.onHand + onOrder - reserved, drafted: of('drafted') };
}

/** What of an order of today is known and supposed, in one product. */
export function planProduct(one: One, known: Known, given: Basis & { readonly stored: StoredTerms }): ReorderDetail {
  const { settings, business, limits, stored } = given;
  const terms = stored.value;
  const demand = given.memory.of(one.productId, known.moves.get(one.productId) ?? [], Math.floor(given.now / DAY_MS));
  const { supplier, offer } = supplierOf(one.productId, known, { terms, business });
  const lead = leadOf(supplier?.name ?? null, known, { settings, days: terms.leadDays });
  const stock = stockOf(one, known);
  const caseUnits = terms.caseUnits ?? (offer ? offer.packSize * Math.max(1, offer.caseUnits ?? 1) : 1);
  const leastUnits = terms.leastUnits ?? (offer ? offer.packSize * (offer.leastUnits ?? 0) : 0);
  const unitHome = supplier?.unit ? homeOf(business, supplier.unit) : null;
  const cap = limits.perPurchase && limits.perPurchase.currency === business.homeCurrency ? limits.perPurchase : null;
  const speed = known.speeds.get(one.productId) ?? 1;
  const { chancePerDay, rateVariance } = demand.predicted.spread;
  // sales at the going price: a rate that is so many times higher spreads, as counts do, by as much
  const expected = { perDay: demand.perDay / speed, spread: { chancePerDay: chancePerDay / speed, rateVariance: rateVariance / speed ** 2 }, leadSd: lead.sd };
  const { perDay } = expected;
  const serviceBp = terms.serviceBp ?? settings.serviceBp;
  const plan = planReorder({
    ...expected, leadDays: lead.days, reviewDays: settings.reviewDays, serviceBp, position: stock.position, casePack: caseUnits, leastUnits,
    affordable: cap && unitHome && unitHome.minor > 0 ? Math.floor(cap.minor / unitHome.minor) : null,
  });
  const profitPerUnit = profitOf(one.productId, known, business);
  const loses = profitPerUnit !== null && profitPerUnit.minor <= 0;
  const units = loses ? 0 : plan.units;
  const reasons: Reason[] = [];
  const note = (is: boolean, code: string, data: Reason['data']) => { if (is) reasons.push({ code, data }); };
  note(loses, 'reorder.no-profit', { profit: profitPerUnit });
  note(supplier === null, 'reorder.no-supplier', {});
  note(supplier !== null && unitHome === null, 'reorder.no-price', {});
  note(plan.limitedBy === 'cash' || plan.limitedBy === 'cannot-afford', `reorder.${plan.limitedBy}`, { limit: cap });
  note(plan.limitedBy === 'least-order', 'reorder.least-order', { units: leastUnits, caseUnits });
  note(stock.drafted > 0, 'reorder.drafted', { count: stock.drafted });
  note(lead.from === 'prior', 'reorder.lead-assumed', { days: lead.days, spread: lead.sd });
  note(demand.seen.length < LEAST_DAYS, 'reorder.short-history', { count: demand.seen.length, filled: LEAST_DAYS });
  note(Math.abs(speed - 1) >= LEAST_TOLD, 'reorder.price-asked', { asked: hundredths(demand.perDay), going: hundredths(perDay), speedBp: Math.round(speed * 10_000) });
  note(demand.sold < FEW_SALES, 'reorder.few-sales', { count: demand.sold });
  const over = (days: number) => {
    const { mean, variance } = demandOver(expected, days);
    return { mean, sd: Math.sqrt(variance) };
  };
  return {
    productId: one.productId, title: one.title, condition: one.condition, onHand: stock.onHand, onOrder: stock.onOrder, reserved: stock.reserved, position: stock.position, perDay, method: demand.predicted.method, error: demand.error, naiveError: demand.naiveError,
    days: demand.seen.length, sold: demand.sold, leadDays: lead.days, leadSd: lead.sd, leadFrom: lead.from, reorderPoint: plan.reorderPoint, target: plan.target, units, lastsBp: plan.lastsBp, supplier,
    cost: unitHome && money(unitHome.minor * units, business.homeCurrency), profitPerUnit, drafted: stock.drafted, reasons,
    terms: stored, caseUnits, caseFrom: terms.caseUnits !== null ? 'person' : caseUnits > 1 ? 'offer' : 'none', leastUnits, serviceBp, reviewDays: settings.reviewDays, horizon: HORIZON, origins: demand.origins, tests: testsOf(demand.predicted),
    weeks: weeksOf(demand.seen).slice(-SHOWN_WEEKS), lead: lead.lead, stock: stock.stock, overLead: over(lead.days), overLeadAndReview: over(lead.days + settings.reviewDays), limitedBy: plan.limitedBy,
    lots: (known.lots.get(one.productId) ?? []).map(({ id, location, condition, onHand }) => ({ id, location, condition, onHand })),
  };
}
