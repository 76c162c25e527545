import type { z } from 'zod';
import type { OpportunityDetail, OpportunityRow, seriesSchema } from '#contract/opportunities.ts';
import type { Reason } from '#contract/shared.ts';
import { convert, money, type Money } from '#kernel/money.ts';
import { findProduct, findSnapshots, SERIES_KEYS, unpackSeries } from '#engine/catalog/index.ts';
import { BUSINESS, homeRate, readSetting } from '#engine/settings/index.ts';
import { orderTotal } from './assess-offer.ts';
import type { OpportunitiesDeps } from './deps.ts';
import { requireOpportunity, type OpportunityRecord } from './find-opportunity.ts';
import { findOffer } from './repo.ts';

/** What purchasing says of approving just now: joined in by the flows above, because purchasing knows opportunities and not the other way round. */
export interface ApprovalPreview {
  preview(opportunityId: string, version: number, quantity: number): Promise<{ readonly total: Money; readonly byHand: boolean; readonly blockedBy: readonly Reason[] }>;
  purchaseOf(opportunityId: string): Promise<string | null>;
  /** What earlier orders with the seller say, as a stated risk; absent: nothing is asked. */
  sellerRisk?(sourceId: string, sellerName: string | null): Promise<OpportunityDetail['risks'][number] | null>;
}

export function rowOf(row: OpportunityRecord, sourceName: string): OpportunityRow {
  const amount = (minor: number) => money(minor, row.currency);
  return {
    id: row.id, title: row.title, brand: row.brand, category: row.category, imageUrl: row.imageUrl, sourceId: row.sourceId, sourceName, channel: row.channel, state: row.state, decision: row.decision, verdict: row.verdict,
    unitCost: amount(row.unitCostMinor), salePrice: amount(row.salePriceMinor), profit: amount(row.profitMinor), profitLow: amount(row.profitLowMinor), profitHigh: amount(row.profitHighMinor), roiBp: row.roiBp,
    lossChanceBp: row.lossChanceBp, daysToSell: row.daysToSell, demandPerMonth: row.demandPerMonth, confidenceBp: row.confidenceBp, quantity: row.quantity, profitPerCashDayMilli: row.cashDayMinor,
    seenAt: row.seenAt, version: row.version,
  };
}

async function comparablesOf(deps: OpportunitiesDeps, row: OpportunityRecord): Promise<OpportunityDetail['comparables']> {
  const business = (await readSetting(deps.ctx.db, BUSINESS)).value;
  const offers = await deps.ctx.db.prisma.offer.findMany({ where: { productId: row.productId, NOT: [{ id: row.offerId }, { state: 'gone' }] }, take: 50, include: { source: { select: { name: true } } } });
  return offers
    .map((o) => {
      const rate = homeRate(business, o.currency);
      const price = money(Number(o.priceMinor), o.currency);
      return { offerId: o.id, sourceName: o.source.name, title: o.title, unitPrice: rate && o.currency !== business.homeCurrency ? convert(price, rate.rate) : price, stock: o.stock, url: o.url, lastSeenAt: Number(o.lastSeenAt) };
    })
    .sort((a, b) => a.unitPrice.minor - b.unitPrice.minor || (a.offerId < b.offerId ? -1 : 1));
}

function measuresOf(product: { lengthMm: number | null; widthMm: number | null; heightMm: number | null }): [number, number, number] | null {
  const { lengthMm, widthMm, heightMm } = product;
  return lengthMm === null || widthMm === null || heightMm === null ? null : [lengthMm, widthMm, heightMm];
}

export async function getOpportunity(deps: OpportunitiesDeps, approvals: ApprovalPreview, id: string): Promise<OpportunityDetail> {
  const { db } = deps.ctx;
  const row = await requireOpportunity(db, id);
  const [offer, product, source] = await Promise.all([findOffer(db, row.offerId), findProduct(db, row.productId), db.prisma.source.findUnique({ where: { id: row.sourceId }, select: { name: true } })]);
  if (!offer || !product) throw new Error(`opportunity ${id} has lost its offer or product`);
  const { evaluation } = row;
  const open = row.state === 'open';
  const quantity = Math.max(1, evaluation.purchaseUnits);
  const preview = open ? await approvals.preview(id, row.version, quantity) : { total: orderTotal(offer, quantity), byHand: false, blockedBy: [{ code: 'approval.not-open', data: { state: row.state } }] };
  const ofSeller = await approvals.sellerRisk?.(row.sourceId, offer.sellerName);
  const first = await db.prisma.offer.findUnique({ where: { id: offer.id }, select: { firstSeenAt: true } });
  return {
    ...rowOf(row, source?.name ?? ''),
    offer: {
      url: offer.url, title: offer.title, price: money(offer.priceMinor, offer.currency), listPrice: offer.listPriceMinor === null ? null : money(offer.listPriceMinor, offer.currency), stock: offer.stock,
      sellerName: offer.sellerName, packSize: offer.packSize, condition: offer.condition, gtin: offer.gtin, asin: offer.asin, identifierNote: offer.identifierNote,
      firstSeenAt: Number(first?.firstSeenAt ?? offer.lastSeenAt), lastSeenAt: offer.lastSeenAt,
    },
    product: { id: product.id, title: product.title, brand: product.brand, gtin: product.gtin, asin: product.asin, category: product.category, dimensionsMm: measuresOf(product), weightG: product.weightG },
    lines: evaluation.lines, costLines: evaluation.costLines, reasons: evaluation.reasons, risks: ofSeller ? [...evaluation.risks, ofSeller] : evaluation.risks, unknowns: evaluation.unknowns, evidence: evaluation.evidence,
    priceQuantiles: evaluation.priceQuantiles, profitQuantiles: evaluation.profitQuantiles, ceiling: evaluation.ceiling, cardVersion: row.cardVersion, evaluatedAt: row.evaluatedAt,
    comparables: await comparablesOf(deps, row),
    purchaseId: await approvals.purchaseOf(id),
    approval: { quantity, total: preview.total, byHand: preview.byHand, allowed: open && preview.blockedBy.length === 0, blockedBy: [...preview.blockedBy] },
  };
}

/** Price, Buy Box, offers and rank as the data vendor told them last. */
export async function getHistory(deps: OpportunitiesDeps, id: string): Promise<{ series: z.infer<typeof seriesSchema>[] }> {
  const row = await requireOpportunity(deps.ctx.db, id);
  const snapshot = (await findSnapshots(deps.ctx.db, 'keepa', [row.productId])).get(row.productId);
  if (!snapshot) return { series: [] };
  const series = SERIES_KEYS.flatMap((key) => {
    const packed = snapshot.facts.series[key];
    if (!packed) return [];
    const { at, value } = unpackSeries(packed);
    return [{ key, unit: packed.unit, currency: packed.unit === 'minor' ? snapshot.facts.currency : null, at: [...at], value: [...value] }];
  });
  return { series };
}
