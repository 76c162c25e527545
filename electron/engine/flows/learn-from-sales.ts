import { z } from 'zod';
import type { JobHandler, Tx } from '#runtime/ports.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { putCalibrations, readChannelCounts, type OpportunitiesDeps } from '#engine/opportunities/index.ts';
import { learnCalibration, type Exposure, type ReturnRecord, type SettledSale } from '#engine/pricing/index.ts';
import { readPriceSpeeds } from '#engine/repricing/index.ts';

export const CALIBRATE = 'calibrate';
/** Sales are looked at this often; each look reads the last year's. */
export const CALIBRATE_EVERY_MS = 3 * DAY_MS;
const LOOK_BACK_MS = 365 * DAY_MS;
/** By then a buyer has sent back what comes back: thirty days by the channels' rule, and the parcels' ways. Younger sales say nothing of returns yet. */
const SETTLED_AFTER_MS = 45 * DAY_MS;
/** What came back and nobody has looked at by then is lost, as the books have it. */
const GIVEN_UP_AFTER_MS = 90 * DAY_MS;

/** Of what an approval froze (purchasing/approve-opportunity.ts). */
const frozenSchema = z.looseObject({
  seen: z.looseObject({
    opportunity: z.looseObject({
      category: z.string().nullable(),
      /** Of the forecast's amounts. */
      currency: z.string().optional(),
      /** The marketplace that the forecast's amounts are of. */
      channel: z.string().optional(),
      evaluation: z.looseObject({ forecast: z.looseObject({ unitsPerDayMicro: z.int(), salePriceMinor: z.int(), feesMinor: z.int(), /** Of its amounts, where it is not the opportunity's. */ currency: z.string().optional() }).optional() }),
    }),
  }),
});

interface LotRow {
  readonly lotId: string;
  readonly evidence: string;
  readonly publishedAt: bigint | null;
  readonly units: bigint;
  readonly lines: string;
}
const linesSchema = z.array(z.strictObject({ quantity: z.int(), revenueMinor: z.int(), feesMinor: z.int(), refundMinor: z.int(), placedAt: z.int(), currency: z.string(), channel: z.string(), beforeRulesMinor: z.int().nullable(), state: z.string(), sent: z.int(), good: z.int().nullable(), spoilt: z.int().nullable() }));
type SoldLine = z.infer<typeof linesSchema>[number];

/** Lots that were put on sale, each once however many channels show it, with what was estimated when a person approved them and what came of them. */
async function readLots(tx: Tx, from: Instant): Promise<LotRow[]> {
  return tx.$queryRawUnsafe<LotRow[]>(
    `SELECT l.id AS lotId, a.evidence, g.publishedAt, l.quantity AS units,
       (SELECT coalesce(json_group_array(json_object('quantity', x.quantity, 'revenueMinor', x.revenueMinor, 'feesMinor', x.feesMinor, 'refundMinor', x.refundMinor, 'placedAt', x.placedAt, 'currency', x.currency, 'channel', x.channel, 'beforeRulesMinor', x.beforeRulesMinor, 'state', x.state, 'sent', x.sent, 'good', x.good, 'spoilt', x.spoilt)), '[]')
          FROM (SELECT n.quantity, n.revenueMinor, n.feesMinor, n.refundMinor, o.placedAt, o.currency, o.channel,
                  (SELECT e.data ->> '$.from.minor' FROM "ListingEvent" e WHERE e.listingId = n.listingId AND e.kind = 'price' AND e.data ->> '$.because' = 'repricing' AND e.at <= o.placedAt ORDER BY e.at, e.id LIMIT 1) AS beforeRulesMinor, o.state, (o.shippedAt IS NOT NULL OR coalesce(o.raw ->> '$.fulfilment', '') = 'fulfilled') AS sent,
                  o.raw ->> '$.inspected.good' AS good, o.raw ->> '$.inspected.spoilt' AS spoilt FROM "OrderLine" n JOIN "Order" o ON o.id = n.orderId WHERE n.lotId = l.id AND o.state <> 'cancelled' ORDER BY n.id) x) AS lines
       FROM "StockLot" l JOIN "Purchase" p ON p.id = l.purchaseId JOIN "Approval" a ON a.id = p.approvalId JOIN (SELECT lotId, MIN(publishedAt) AS publishedAt FROM "Listing" GROUP BY lotId) g ON g.lotId = l.id
      WHERE l.createdAt >= ? ORDER BY l.id`, from);
}

/**
 * What a sold line says of returns; null where it is too young, or never left. Units that came back are as good as a person found them; where several lines of an order came back, at the order's mean.
 * @param of.feesShare of the price, as the estimate had it
 */
function returnOf(line: SoldLine, { feesShare, now }: { readonly feesShare: number; readonly now: Instant }): Omit<ReturnRecord, 'category'> | null {
  const age = now - line.placedAt;
  if (line.sent === 0 || age < SETTLED_AFTER_MS) return null;
  if (line.state !== 'refunded') return { soldUnits: line.quantity, returnedUnits: 0, seenUnits: 0, goodUnits: 0, estimatedFeesMinor: 0, keptFeesMinor: 0 };
  const looked = line.good !== null && line.spoilt !== null && line.good + line.spoilt > 0;
  return {
    soldUnits: line.quantity, returnedUnits: line.quantity, seenUnits: looked || age >= GIVEN_UP_AFTER_MS ? line.quantity : 0, goodUnits: looked ? (line.quantity * line.good!) / (line.good! + line.spoilt!) : 0,
    estimatedFeesMinor: Math.round(feesShare * line.revenueMinor), keptFeesMinor: line.feesMinor,
  };
}

/**
 * What the lots teach. A lot without a forecast (approved before there was one) teaches nothing. The forecast is of the going price: of a lot that was dear fewer sales were to be expected, of a cheap one more,
 * and where the rules had moved a price, what the listing asked before them is held against the estimate. Otherwise each price that they try would move the estimates after it, and widen what estimates are
 * taken to be off by; and less would be bought.
 * @param known.speeds `readPriceSpeeds` by lot
 */
export function outcomesOf(lots: readonly LotRow[], known: { readonly speeds: ReadonlyMap<string, number> }, now: Instant): { sales: SettledSale[]; exposures: Exposure[]; returns: ReturnRecord[] } {
  const sales: SettledSale[] = [];
  const exposures: Exposure[] = [];
  const returns: ReturnRecord[] = [];
  for (const lot of lots) {
    const frozen = frozenSchema.safeParse(JSON.parse(lot.evidence));
    const lines = linesSchema.safeParse(JSON.parse(lot.lines));
    const forecast = frozen.data?.seen.opportunity.evaluation.forecast;
    if (!frozen.success || !lines.success || !forecast || lot.publishedAt === null) continue;
    const { category, channel } = frozen.data.seen.opportunity;
    const currency = forecast.currency ?? frozen.data.seen.opportunity.currency;
    const sold = lines.data.reduce((units, line) => units + line.quantity, 0);
    const until = sold >= Number(lot.units) ? Math.max(...lines.data.map((line) => line.placedAt)) : now;
    exposures.push({ category, expectedUnits: (forecast.unitsPerDayMicro / 1e6) * (known.speeds.get(lot.lotId) ?? 1) * Math.max(0, (until - Number(lot.publishedAt)) / DAY_MS), soldUnits: sold });
    for (const line of lines.data) {
      // a price in another currency or on another marketplace says nothing of the estimate's; the sale counts as one all the same
      if ((currency !== undefined && line.currency !== currency) || (channel !== undefined && line.channel.split('-')[0] !== channel)) continue;
      const record = returnOf(line, { feesShare: forecast.salePriceMinor > 0 ? forecast.feesMinor / forecast.salePriceMinor : 0, now });
      if (record) returns.push({ category, ...record });
      const moved = line.beforeRulesMinor !== null && line.revenueMinor > 0 ? (line.beforeRulesMinor * line.quantity) / line.revenueMinor : 1;
      const asListed = (minor: number) => Math.round((minor / line.quantity) * moved);
      // a refund is a return, which the estimate counts by itself
      for (let unit = 0; unit < line.quantity; unit++) {
        sales.push({ category, estimatedPriceMinor: forecast.salePriceMinor, realisedPriceMinor: asListed(line.revenueMinor), estimatedFeesMinor: forecast.feesMinor, realisedFeesMinor: line.refundMinor > 0 ? 0 : asListed(line.feesMinor) });
      }
    }
  }
  return { sales, exposures, returns };
}

/** Compares what was estimated with what came of it, and keeps what that teaches as dated corrections of later estimates. */
export function calibrateJob(deps: Pick<OpportunitiesDeps, 'ctx'>): JobHandler<Record<string, never>> {
  const { db, clock, outbox } = deps.ctx;
  return {
    kind: CALIBRATE, payload: z.strictObject({}),
    run: async () => {
      await db.transaction(async (tx) => {
        const now = clock.now();
        const { sales, exposures, returns } = outcomesOf(await readLots(tx, now - LOOK_BACK_MS), { speeds: await readPriceSpeeds(tx, 'lotId') }, now);
        if ((await putCalibrations(tx, learnCalibration({ sales, exposures, returns, counted: await readChannelCounts(tx) }), now)) > 0) await outbox.add(tx, 'calibration.learned', null, { sales: sales.length });
      });
    },
  };
}
