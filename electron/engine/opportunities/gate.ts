import { DomainError } from '#kernel/errors.ts';
import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { findProduct, findSnapshots, unpackSeries } from '#engine/catalog/index.ts';
import { BUSINESS, homeRate, readSetting } from '#engine/settings/index.ts';
import { offeredShipping } from './assess-offer.ts';
import type { OpportunitiesDeps } from './deps.ts';
import { requireOpportunity, type OpportunityRecord } from './find-opportunity.ts';
import { freezeFees, type FrozenFees } from './freeze-fees.ts';
import { findOffer } from './repo.ts';

/** An opportunity as it stands in the transaction that approves it: what purchasing freezes. */
export interface ApprovalFacts {
  readonly opportunityId: string;
  readonly version: number;
  readonly offerId: string;
  readonly productId: string;
  readonly sourceId: string;
  readonly sourceName: string;
  /** The source's kind, `woocommerce`: names the checkout. */
  readonly connector: string;
  readonly sellerName: string | null;
  /** The vendor's own id of the offer. */
  readonly offerExternalId: string;
  readonly offerUrl: string;
  readonly title: string;
  readonly brand: string | null;
  /** Key of the fee cards. */
  readonly category: string | null;
  readonly condition: string;
  /** Sellable units in one offer. */
  readonly unitsPerOffer: number;
  /** Offers (packs) that the evaluation recommends. */
  readonly quantity: number;
  /** Price of one offer, in its own currency. */
  readonly unitPrice: Money;
  /** Shipping of an order that pays it, in the offer's currency; null where nothing was known. */
  readonly shipping: Money | null;
  /** Goods of so much are sent free. */
  readonly shippingFreeFrom?: Money;
  /** Of one sellable unit, home currency. */
  readonly expected: { readonly profit: Money; readonly salePrice: Money; readonly unitCost: Money };
  readonly roiBp: number;
  readonly lossChanceBp: number;
  /** How sure the estimate is. */
  readonly confidenceBp: number;
  readonly daysToSell: number;
  /** The fees of selling one unit with the card that they come from; null where there is no card. */
  readonly fees: FrozenFees | null;
  /** Where `unitPrice` was agreed in a talk and is not what the offer asks: that talk. */
  readonly agreed?: { readonly negotiationId: string } | undefined;
  /** All that the person saw, JSON values only. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Points of the price history that are frozen with an approval: the last 90 or so changes tell what the person saw. */
const FROZEN_POINTS = 90;

async function frozenHistory(tx: Tx, row: OpportunityRecord): Promise<Record<string, unknown>> {
  const snapshot = (await findSnapshots(tx, 'keepa', [row.productId])).get(row.productId);
  const key = row.evaluation.priceSeries;
  const packed = snapshot && key ? snapshot.facts.series[key as keyof typeof snapshot.facts.series] : undefined;
  if (!snapshot || !packed) return {};
  const series = unpackSeries(packed);
  return { priceHistory: { key, fetchedAt: snapshot.fetchedAt, at: series.at.slice(-FROZEN_POINTS), value: series.value.slice(-FROZEN_POINTS) } };
}

/** The opportunity as it stands, for the person's consent. @throws DomainError NOT_FOUND, STALE, NOT_OPEN. */
export async function loadForApproval({ ctx, feeCards }: Pick<OpportunitiesDeps, 'ctx' | 'feeCards'>, tx: Tx, wanted: { readonly opportunityId: string; readonly version: number }): Promise<ApprovalFacts> {
  const { opportunityId, version } = wanted;
  const row = await requireOpportunity(tx, opportunityId);
  if (row.state !== 'open') throw new DomainError('NOT_OPEN', 'The opportunity is no longer open.', { state: row.state });
  if (row.version !== version) throw new DomainError('STALE', 'The opportunity changed since it was shown.', { version: row.version });
  const offer = await findOffer(tx, row.offerId);
  const source = await tx.source.findUnique({ where: { id: row.sourceId }, select: { name: true, kind: true } });
  const product = await findProduct(tx, row.productId);
  if (!offer || !source || !product) throw new Error(`opportunity ${opportunityId} has lost its offer, source or product`);
  const amount = (minor: number) => money(minor, row.currency);
  const business = (await readSetting(tx, BUSINESS)).value;
  // judged in a home currency that is none any more: limits cannot be compared with it
  if (row.currency !== business.homeCurrency) throw new DomainError('STALE', `It was judged in ${row.currency} and is judged anew in ${business.homeCurrency}.`, { version: row.version });
  const shipping = offeredShipping(offer);
  const fees = freezeFees(feeCards, { product, storeLevel: business.ebayStore, salePriceMinor: row.salePriceMinor, rateFrom: (currency) => homeRate(business, currency)?.rate ?? null, at: ctx.clock.now() });
  return {
    opportunityId, version, offerId: offer.id, productId: row.productId, sourceId: row.sourceId, sourceName: source.name, connector: source.kind, sellerName: offer.sellerName, offerExternalId: offer.externalId,
    offerUrl: offer.url, title: row.title, brand: row.brand, category: row.category, condition: offer.condition === 'unknown' ? 'new' : offer.condition,
    unitsPerOffer: Math.max(1, Math.floor(row.evaluation.piecesPerPurchase / row.evaluation.piecesPerSale)), quantity: row.evaluation.purchaseUnits,
    unitPrice: money(offer.priceMinor, offer.currency), shipping: shipping?.amount ?? null, ...(shipping?.freeFrom ? { shippingFreeFrom: shipping.freeFrom } : {}),
    expected: { profit: amount(row.profitMinor), salePrice: amount(row.salePriceMinor), unitCost: amount(row.unitCostMinor) },
    roiBp: row.roiBp, lossChanceBp: row.lossChanceBp, confidenceBp: row.confidenceBp, daysToSell: row.daysToSell, fees,
    evidence: { opportunity: { ...row }, offer: { ...offer }, product: { ...product }, ...(await frozenHistory(tx, row)) },
  };
}

async function move(tx: Tx, id: string, from: readonly string[], to: string): Promise<void> {
  const changed = await tx.opportunity.updateMany({ where: { id, state: { in: [...from] } }, data: { state: to, version: { increment: 1 } } });
  if (changed.count === 0) throw new DomainError('NOT_OPEN', `The opportunity cannot become ${to}.`, { state: (await requireOpportunity(tx, id)).state });
}

export const markApproved = (tx: Tx, id: string): Promise<void> => move(tx, id, ['open'], 'approved');
/** Idempotent: a repeat after a crash changes nothing. */
export const markPurchased = (tx: Tx, id: string): Promise<void> => move(tx, id, ['approved', 'purchased'], 'purchased');
/** To be bought again, judged anew: nothing was rewritten while it was approved. One whose offer is gone meanwhile expires. */
export async function reopenAfterPurchase(tx: Tx, id: string): Promise<void> {
  const { offerId } = await requireOpportunity(tx, id);
  const stands = await tx.offer.updateMany({ where: { id: offerId, state: { not: 'gone' } }, data: { state: 'new' } });
  await move(tx, id, ['approved', 'purchased', 'open'], stands.count > 0 ? 'open' : 'expired');
}
