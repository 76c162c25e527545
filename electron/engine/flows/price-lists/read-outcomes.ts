import type { Database } from '#runtime/ports.ts';

interface Outcome {
  externalId: string; state: string; reason: string | null; offerId: string; productId: string | null; opportunityId: string | null; decision: string | null; currency: string | null; unitCostMinor: number | null; saleMinor: number | null;
  feesMinor: number | null; profitMinor: number | null; profitLowMinor: number | null; profitHighMinor: number | null; roiBp: number | null; lossChanceBp: number | null; daysToSell: number | null; demandPerMonth: number | null; quantity: number | null;
}

/** What became of a source's offers, as rows of `OUTCOME_COLUMNS`. One that changed again meanwhile has no outcome yet. @param rows row of the list by the offer's external id */
export async function readOutcomes(db: Database, { sourceId, at }: { readonly sourceId: string; readonly at: number }, rows: ReadonlyMap<string, number>): Promise<(string | number | null)[][]> {
  const found = await db.read<Outcome>(
    `SELECT o.externalId, o.state, o.screenReason AS reason, o.id AS offerId, o.productId, p.id AS opportunityId, p.decision, p.currency, p.unitCostMinor, p.salePriceMinor AS saleMinor, p.feesMinor, p.profitMinor, p.profitLowMinor, p.profitHighMinor,
            p.roiBp, p.lossChanceBp, p.daysToSell, p.demandPerMonth, p.quantity
       FROM json_each(?) w CROSS JOIN "Offer" o ON o.sourceId = ? AND o.externalId = w.value LEFT JOIN "Opportunity" p ON p.offerId = o.id AND o.state = 'evaluated'`, [JSON.stringify([...rows.keys()]), sourceId]);
  return found.filter((o) => o.state === 'evaluated' || o.state === 'screened-out' || o.state === 'unidentified').map((o) => [
    rows.get(o.externalId)!, o.externalId, o.state, o.reason, o.offerId, o.opportunityId, o.productId, o.decision, o.currency, o.unitCostMinor, o.saleMinor, o.feesMinor, o.profitMinor, o.profitLowMinor, o.profitHighMinor, o.roiBp, o.lossChanceBp,
    o.daysToSell, o.demandPerMonth, o.quantity, at,
  ]);
}
