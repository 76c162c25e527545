import type { z } from 'zod';
import type { purchaseDetail, purchaseRow } from '#contract/purchases.ts';
import type { Tx } from '#runtime/ports.ts';
import { loadPurchase } from './advance-purchase.ts';
import type { PurchaseState } from './machine.ts';
import { frozenOf, unitsBought, type Purchase } from './purchase.ts';
import { readSellerRating } from './rate-seller.ts';
import { listReceipts } from './receipts/index.ts';
import { listArrivals } from './repo-arrivals.ts';
import { listEvents, listPurchases } from './repo.ts';

export type PurchaseRow = z.infer<typeof purchaseRow>;
export type PurchaseDetail = z.infer<typeof purchaseDetail>;

export function rowOf(purchase: Purchase): PurchaseRow {
  return {
    id: purchase.id, title: purchase.title, state: purchase.state, stopReason: purchase.stopReason, sourceId: purchase.sourceId, sourceName: frozenOf(purchase.approval).sourceName,
    connector: purchase.connector, sellerName: purchase.sellerName, quantity: purchase.quantity, units: unitsBought(purchase), total: purchase.total, approvedTotal: purchase.approval.maxTotal,
    homeTotal: purchase.homeTotal, externalId: purchase.externalId, createdAt: purchase.createdAt, confirmedAt: purchase.confirmedAt, receivedAt: purchase.receivedAt, version: purchase.version,
  };
}

export async function readPurchases(tx: Tx, query: { readonly state?: PurchaseState | undefined; readonly search?: string | undefined; readonly cursor?: string | undefined; readonly limit: number }): Promise<{ items: PurchaseRow[]; nextCursor: string | null }> {
  const found = await listPurchases(tx, { ...query, limit: query.limit + 1 });
  const items = found.slice(0, query.limit).map(rowOf);
  return { items, nextCursor: found.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

export async function readPurchase(tx: Tx, id: string): Promise<PurchaseDetail> {
  const purchase = await loadPurchase(tx, id);
  const { approval } = purchase;
  const events = await listEvents(tx, id);
  return {
    ...rowOf(purchase), opportunityId: purchase.opportunityId, events: events.map((event) => ({ ...event, data: { ...event.data } })), receipt: purchase.receipt && { ...purchase.receipt },
    receipts: await listReceipts(tx, id), arrivals: await listArrivals(tx, id), expectedBy: purchase.expectedBy, returnWindow: purchase.returnFrom && { until: purchase.returnUntil, from: purchase.returnFrom },
    seller: await readSellerRating(tx, purchase.sourceId, purchase.sellerName), assisted: null, returned: null,
    approval: {
      approvedBy: approval.approvedBy, approvedAt: approval.approvedAt, expiresAt: approval.expiresAt, maxUnit: approval.maxUnit, maxTotal: approval.maxTotal,
      evidenceSha256: approval.evidenceSha256, evidence: JSON.parse(approval.evidence) as Record<string, unknown>,
    },
  };
}
