import { z } from 'zod';
import { evaluationSchema } from '../opportunities/index.ts';
import type { CapitalOpportunity } from '../pricing/index.ts';
import type { Database } from '#runtime/ports.ts';

/** Opportunities that a plan chooses among: the best uses of cash. */
export const MOST_CANDIDATES = 100;

/** An open opportunity as the plan sees it, and as the desk shows it. */
export interface Candidate {
  readonly opportunityId: string;
  readonly version: number;
  readonly productId: string;
  readonly title: string;
  readonly brand: string | null;
  readonly category: string | null;
  readonly imageUrl: string | null;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly unitsPerOffer: number;
  readonly ahead: number;
  readonly capital: CapitalOpportunity;
}

interface Row {
  id: string; version: number; productId: string; sourceId: string; sourceName: string; sellerName: string | null; title: string; brand: string | null; category: string | null; imageUrl: string | null; currency: string;
  unitCostMinor: number; salePriceMinor: number; feesMinor: number; profitMinor: number; profitLowMinor: number; profitHighMinor: number; daysToSell: number; demandPerMonth: number; quantity: number; stock: number | null; evaluation: string;
}

const readCandidates = `SELECT o.id, o.version, o.productId, o.sourceId, s.name AS sourceName, f.sellerName, o.title, o.brand, o.category, o.imageUrl, o.currency, o.unitCostMinor, o.salePriceMinor, o.feesMinor, o.profitMinor,
    o.profitLowMinor, o.profitHighMinor, o.daysToSell, o.demandPerMonth, o.quantity, f.stock, d.evaluation
  FROM Opportunity o JOIN Offer f ON f.id = o.offerId JOIN Source s ON s.id = o.sourceId JOIN OpportunityDetail d ON d.opportunityId = o.id
  WHERE o.state = 'open' AND o.decision = 'purchase' AND o.currency = ? AND (? IS NULL OR o.sourceId IN (SELECT value FROM json_each(?))) ORDER BY o.cashDayMinor DESC, o.id DESC LIMIT ${MOST_CANDIDATES}`;

/** Bought and not sold: on hand, or ordered and not received. */
const readAhead = `SELECT productId, SUM(units) AS units FROM (
    SELECT productId, onHand AS units FROM StockLot WHERE onHand > 0
    UNION ALL SELECT productId, quantity * unitsPerOffer FROM Purchase WHERE state NOT IN ('received', 'cancelled', 'failed')
  ) GROUP BY productId`;

/** How far apart the tenth and the ninetieth percentile of a normal distribution lie, in standard deviations. */
const P10_TO_P90 = 2.563;
/**
 * Log standard deviation of how fast this seller sells, about what opportunities of the practice world turned out at; the estimate's own spread of demand is not kept with an opportunity.
 * An assumption of this program.
 */
const DEMAND_SIGMA = 0.6;
/** Until goods can be sold: delivery and listing by the seller. As the estimate assumes it. */
const DAYS_TO_SHELF = 5;
/** Of the usual sale price, what a unit brings that has to go: as the estimate assumes it. */
const CLEARANCE_BP = 5_000;
const costLine = (evaluation: z.infer<typeof evaluationSchema>, code: string) => evaluation.costLines.find((line) => line.code === code);
const lotSchema = z.looseObject({ lot: z.looseObject({ minor: z.int() }) });

/** Freight and shipping are paid once for the lot; a unit's share of them comes out of its cost, and stands once for all. */
function fixedOf(evaluation: z.infer<typeof evaluationSchema>): { lotMinor: number; perUnitMinor: number } {
  let [lotMinor, perUnitMinor] = [0, 0];
  for (const code of ['cost.shipping-in', 'cost.freight']) {
    const line = costLine(evaluation, code);
    const lot = line && lotSchema.safeParse(line.detail);
    if (!line || !lot?.success) continue;
    lotMinor += lot.data.lot.minor;
    perUnitMinor += line.amount.minor;
  }
  return { lotMinor, perUnitMinor };
}

function candidateOf(row: Row, ahead: number, payoutDelayDays: number): Candidate | null {
  const evaluation = evaluationSchema.parse(JSON.parse(row.evaluation));
  const unitsPerOffer = Math.max(1, Math.floor(evaluation.piecesPerPurchase / evaluation.piecesPerSale));
  const { lotMinor, perUnitMinor } = fixedOf(evaluation);
  const unitCostMinor = (row.unitCostMinor - perUnitMinor) * unitsPerOffer;
  // where an offer does not say how many it has, no more than were recommended are planned
  const available = row.stock ?? evaluation.purchaseUnits;
  if (unitCostMinor <= 0 || available <= 0) return null;
  const clearedMinor = ((row.salePriceMinor - row.feesMinor) * CLEARANCE_BP) / 10_000;
  // an offer that holds several sale units is planned as one thing that sells at their pace
  const perDay = row.demandPerMonth > 0 ? row.demandPerMonth / 30 : Math.LN2 / Math.max(1, row.daysToSell);
  return {
    opportunityId: row.id, version: row.version, productId: row.productId, title: row.title, brand: row.brand, category: row.category, imageUrl: row.imageUrl, sourceId: row.sourceId, sourceName: row.sourceName, unitsPerOffer, ahead,
    capital: {
      id: row.id, unitCostMinor, fixedCostMinor: lotMinor, available, profitMeanMinor: (row.profitMinor + perUnitMinor) * unitsPerOffer,
      profitSdMinor: (Math.max(0, row.profitHighMinor - row.profitLowMinor) / P10_TO_P90) * unitsPerOffer, unitsPerDay: perDay / unitsPerOffer, demandSigma: DEMAND_SIGMA, decayPerDayMinor: 0, daysToShelf: DAYS_TO_SHELF, payoutDelayDays,
      clearanceLossBp: Math.round(Math.min(10_000, Math.max(0, ((row.unitCostMinor - perUnitMinor - clearedMinor) * 10_000) / Math.max(1, row.unitCostMinor - perUnitMinor)))),
      category: row.category ?? row.productId, seller: `${row.sourceId}/${row.sellerName ?? ''}`, ahead: Math.ceil(ahead / unitsPerOffer),
    },
  };
}

/** Of each product the offer that earns most for its cost; the others compete for the same buyers and are told apart. */
function bestOfProduct(candidates: readonly Candidate[]): { readonly best: Candidate[]; readonly others: Candidate[] } {
  const rate = ({ capital }: Candidate) => capital.profitMeanMinor / capital.unitCostMinor;
  const chosen = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const standing = chosen.get(candidate.productId);
    if (!standing || rate(candidate) > rate(standing)) chosen.set(candidate.productId, candidate);
  }
  return { best: candidates.filter((c) => chosen.get(c.productId) === c), others: candidates.filter((c) => chosen.get(c.productId) !== c) };
}

/** @param sources only from these; null: from all. */
export async function gatherCandidates(db: Database, given: { readonly currency: string; readonly payoutDelayDays: number; readonly sources: readonly string[] | null }): Promise<{ readonly best: Candidate[]; readonly others: Candidate[]; readonly open: number }> {
  const [rows, ahead, counted] = await Promise.all([
    db.read<Row>(readCandidates, [given.currency, given.sources && JSON.stringify(given.sources), given.sources && JSON.stringify(given.sources)]), db.read<{ productId: string; units: number }>(readAhead), db.read<{ n: number }>(`SELECT COUNT(*) AS n FROM Opportunity WHERE state = 'open' AND decision = 'purchase'`),
  ]);
  const aheadOf = new Map(ahead.map((one) => [one.productId, one.units]));
  const candidates = rows.flatMap((row) => candidateOf(row, aheadOf.get(row.productId) ?? 0, given.payoutDelayDays) ?? []);
  return { ...bestOfProduct(candidates), open: counted[0]?.n ?? 0 };
}
