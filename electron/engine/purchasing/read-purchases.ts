import { z } from 'zod';
import { riskSchema, type Risk } from '#contract/opportunities.ts';
import type { purchaseDetail, purchaseRow } from '#contract/purchases.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import { loadPurchase } from './advance-purchase.ts';
import { listPurchases, type PurchaseQuery } from './list-purchases.ts';
import { frozenOf, unitsBought, type Purchase } from './purchase.ts';
import { readSellerRating } from './rate-seller.ts';
import { listReceipts } from './receipts/index.ts';
import { listArrivals } from './repo-arrivals.ts';
import { findPurchases, listEvents } from './repo.ts';

export type PurchaseRow = z.infer<typeof purchaseRow>;
export type PurchaseDetail = z.infer<typeof purchaseDetail>;

export function rowOf(purchase: Purchase): PurchaseRow {
  return {
    id: purchase.id, title: purchase.title, state: purchase.state, stopReason: purchase.stopReason, sourceId: purchase.sourceId, sourceName: frozenOf(purchase.approval).sourceName,
    connector: purchase.connector, sellerName: purchase.sellerName, quantity: purchase.quantity, units: unitsBought(purchase), total: purchase.total, approvedTotal: purchase.approval.maxTotal,
    homeTotal: purchase.homeTotal, externalId: purchase.externalId, createdAt: purchase.createdAt, confirmedAt: purchase.confirmedAt, receivedAt: purchase.receivedAt, version: purchase.version,
  };
}

export async function readPurchases(db: Pick<Database, 'prisma' | 'read'>, query: PurchaseQuery): Promise<Omit<PageOfIds, 'ids'> & { items: PurchaseRow[] }> {
  const { ids, ...page } = await listPurchases(db, query);
  return { ...page, items: inOrder(ids, await findPurchases(db.prisma, ids)).map(rowOf) };
}

/** What an approval froze of the risks that were shown. One of before a seller's record was frozen as a risk has none of it. */
const shownRisks = z.looseObject({
  seen: z.looseObject({ opportunity: z.looseObject({ evaluation: z.looseObject({ risks: z.array(riskSchema) }) }).optional(), sellerRisk: riskSchema.nullish() }),
});

function risksShown(evidence: unknown): Risk[] {
  const shown = shownRisks.safeParse(evidence);
  if (!shown.success) return [];
  const { opportunity, sellerRisk } = shown.data.seen;
  return [...(opportunity?.evaluation.risks ?? []), ...(sellerRisk ? [sellerRisk] : [])];
}

export async function readPurchase(tx: Tx, id: string): Promise<PurchaseDetail> {
  const purchase = await loadPurchase(tx, id);
  const { approval } = purchase;
  const events = await listEvents(tx, id);
  const evidence = JSON.parse(approval.evidence) as Record<string, unknown>;
  return {
    ...rowOf(purchase), opportunityId: purchase.opportunityId, events: events.map((event) => ({ ...event, data: { ...event.data } })), receipt: purchase.receipt && { ...purchase.receipt },
    receipts: await listReceipts(tx, id), arrivals: await listArrivals(tx, id), expectedBy: purchase.expectedBy, returnWindow: purchase.returnFrom && { until: purchase.returnUntil, from: purchase.returnFrom },
    seller: await readSellerRating(tx, purchase.sourceId, purchase.sellerName), assisted: null, returned: null,
    approval: {
      approvedBy: approval.approvedBy, approvedAt: approval.approvedAt, expiresAt: approval.expiresAt, maxUnit: approval.maxUnit, maxTotal: approval.maxTotal,
      evidenceSha256: approval.evidenceSha256, evidence, risks: risksShown(evidence),
    },
  };
}
