import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { requireOpportunity } from './find-opportunity.ts';
import { findOffer } from './repo.ts';

/** What a talk about an opportunity's price needs. Prices are for one offer, in its own currency. */
export interface NegotiableFacts {
  readonly opportunityId: string;
  readonly version: number;
  /** Neither decided nor gone. */
  readonly open: boolean;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly sourceKind: string;
  readonly offerExternalId: string;
  readonly offerUrl: string;
  readonly title: string;
  readonly sellerName: string | null;
  readonly asked: Money;
  /** The dearest price at which the limits are still met; null where none is, or where it is not said in the offer's currency. */
  readonly ceiling: Money | null;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** @throws DomainError NOT_FOUND. */
export async function loadNegotiable(tx: Tx, opportunityId: string): Promise<NegotiableFacts> {
  const row = await requireOpportunity(tx, opportunityId);
  const offer = await findOffer(tx, row.offerId);
  const source = await tx.source.findUnique({ where: { id: row.sourceId }, select: { name: true, kind: true } });
  if (!offer || !source) throw new Error(`opportunity ${opportunityId} has lost its offer or source`);
  const stands = await tx.offer.findUnique({ where: { id: offer.id }, select: { state: true } });
  const { ceiling } = row.evaluation;
  return {
    opportunityId, version: row.version, open: row.state === 'open' && stands?.state !== 'gone', sourceId: row.sourceId, sourceName: source.name, sourceKind: source.kind, offerExternalId: offer.externalId, offerUrl: offer.url,
    title: row.title, sellerName: offer.sellerName, asked: money(offer.priceMinor, offer.currency), ceiling: ceiling?.currency === offer.currency ? ceiling : null, evidence: { opportunity: { ...row }, offer: { ...offer } },
  };
}
