import { putCalibrations, readChannelCounts } from '#engine/opportunities/index.ts';
import type { Exposure, LearnedCorrection, Outcomes, ReturnRecord, SettledSale } from '#engine/pricing/index.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS } from '#kernel/time.ts';
import { profileOf } from '#practice/world/categories.ts';
import { internalsOf } from '#practice/world/create-world.ts';
import { captureShare } from '#practice/world/demand.ts';
import { trueOffer } from '#practice/world/truth.ts';
import { FIRST_PRODUCT_ID } from '#practice/vendors/woocommerce/render-product.ts';
import { START, type FoundDesk } from './open-world.ts';

/** Days that what was bought is offered for, and the units of each. */
const DAYS_ON_SALE = 40;
const MOST_UNITS = 4;
const DAYS_TO_SHELF = 5;
const MEAN_TAX = 0.06;
/** Of a returned unit's cost, as the world's truth counts it. */
const RETURN_LOSS = 0.3;
/** Of a returned sale's fees the world's channel keeps the one by order. */
const FEE_KEPT_MINOR = 40;

/** Outcomes, and those of them inside the estimate's middle 80 %. */
export interface Coverage { sales: number; price: number; profit: number }

interface BoughtRow { readonly externalId: string; readonly category: string | null; readonly evaluation: string; readonly unitCostMinor: bigint }

/**
 * What the program would have learned had it bought what it shows in this world: each lot is offered at the going price and sold by the world's own process of buyers. Only what was shown
 * teaches, as in life.
 */
export async function outcomesIn(desk: FoundDesk): Promise<{ outcomes: Outcomes; coverage: Coverage }> {
  const { world, runtime } = desk;
  const { process } = internalsOf(world);
  const random = seededRandom(`outcomes:${world.seed}`);
  const sales: SettledSale[] = [];
  const exposures: Exposure[] = [];
  const returns: ReturnRecord[] = [];
  const coverage: Coverage = { sales: 0, price: 0, profit: 0 };
  for (const [outletId, sourceId] of desk.sources) {
    const rows = await runtime.context.db.prisma.$queryRawUnsafe<BoughtRow[]>(`SELECT o.externalId, p.category, d.evaluation, p.unitCostMinor FROM "Opportunity" p JOIN "OpportunityDetail" d ON d.opportunityId = p.id JOIN "Offer" o ON o.id = p.offerId WHERE p.sourceId = ? AND p.state = 'open' AND p.decision = 'purchase' ORDER BY p.offerId`, sourceId);
    for (const row of rows) {
      const { forecast, purchaseUnits, priceQuantiles, profitQuantiles } = JSON.parse(row.evaluation) as { priceQuantiles: number[]; profitQuantiles: number[]; forecast: { unitsPerDayMicro: number; salePriceMinor: number; feesMinor: number }; purchaseUnits: number };
      const { productId } = trueOffer(world, outletId, Number(row.externalId) - FIRST_PRODUCT_ID)!;
      const product = world.catalog.byId(productId);
      const units = Math.min(MOST_UNITS, Math.max(1, purchaseUnits));
      const first = process.dayOf(START) + DAYS_TO_SHELF;
      let sold = 0;
      let days = 0;
      for (let day = first; day < first + DAYS_ON_SALE && sold < units; day++) {
        days += 1;
        const rate = process.ebayUnits(productId, day) * captureShare(1, process.ebaySellers(productId, day));
        let arrivals = 0;
        for (let left = Math.exp(-rate), draw = random.next(); draw > left; draw *= random.next()) arrivals += 1;
        for (let k = 0; k < arrivals && sold < units; k++) {
          sold += 1;
          const priceMinor = process.ebayPrice(productId, day);
          const fee = world.fees.ebay(product.category, { totalMinor: Math.round(priceMinor * (1 + MEAN_TAX)), quantity: 1, at: process.startOf(day) }).reduce((total, line) => total + line.minor, 0);
          const label = world.fees.labelMinor(productId, 1);
          const cost = Number(row.unitCostMinor);
          const returned = random.next() < profileOf(product.category).returnRate;
          const profit = returned ? -(2 * label + FEE_KEPT_MINOR + RETURN_LOSS * cost) : priceMinor - fee - label - cost;
          // the world takes the same part of each unit's worth, where a person finds some good and others spoilt
          returns.push({ category: row.category, soldUnits: 1, returnedUnits: returned ? 1 : 0, seenUnits: returned ? 1 : 0, goodUnits: returned ? 1 - RETURN_LOSS : 0, estimatedFeesMinor: returned ? Math.round((forecast.feesMinor / forecast.salePriceMinor) * priceMinor) : 0, keptFeesMinor: returned ? FEE_KEPT_MINOR : 0 });
          coverage.sales += 1;
          if (priceMinor >= priceQuantiles[1]! && priceMinor <= priceQuantiles[5]!) coverage.price += 1;
          if (profit >= profitQuantiles[1]! && profit <= profitQuantiles[5]!) coverage.profit += 1;
          sales.push({ category: row.category, estimatedPriceMinor: forecast.salePriceMinor, realisedPriceMinor: priceMinor, estimatedFeesMinor: forecast.feesMinor, realisedFeesMinor: fee });
        }
      }
      exposures.push({ category: row.category, expectedUnits: (forecast.unitsPerDayMicro / 1e6) * days, soldUnits: sold });
    }
  }
  return { outcomes: { sales, exposures, returns, counted: await desk.runtime.context.db.transaction(readChannelCounts) }, coverage };
}

export function teach(desk: FoundDesk, learned: readonly LearnedCorrection[]): Promise<number> {
  return desk.runtime.context.db.transaction((tx) => putCalibrations(tx, learned, START - DAY_MS));
}

