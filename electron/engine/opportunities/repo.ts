import type { Database, EngineContext, Tx } from '#runtime/ports.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { EvaluatedOffer } from './evaluation.ts';

/** An offer as the evaluation reads it. Amounts in minor units of `currency`, for one pack of `packSize`. */
export interface OfferRecord {
  readonly id: string;
  readonly sourceId: string;
  readonly externalId: string;
  readonly url: string;
  readonly title: string;
  readonly brand: string | null;
  readonly gtin: string | null;
  readonly asin: string | null;
  readonly mpn: string | null;
  readonly candidates: readonly string[];
  readonly identifierNote: string | null;
  readonly condition: string;
  readonly packSize: number;
  readonly priceMinor: number;
  readonly listPriceMinor: number | null;
  readonly currency: string;
  readonly shippingMinor: number | null;
  readonly stock: number | null;
  readonly sellerName: string | null;
  readonly imageUrl: string | null;
  readonly contentHash: string;
  readonly productId: string | null;
  readonly lastSeenAt: Instant;
  readonly facts: Readonly<Record<string, unknown>>;
}

type OfferRow = { [K in keyof Omit<OfferRecord, 'candidates' | 'facts'>]: OfferRecord[K] extends number | null ? number | bigint | null : OfferRecord[K] } & { candidates: string | null; facts: string };

const OFFER_COLUMNS =
  'o.id, o.sourceId, o.externalId, o.url, o.title, o.brand, o.gtin, o.asin, o.mpn, o.candidates, o.identifierNote, o.condition, o.packSize, o.priceMinor, o.listPriceMinor, o.currency, o.shippingMinor, o.stock, o.sellerName, o.imageUrl, o.contentHash, o.productId, o.lastSeenAt, o.facts';

const number = (value: number | bigint | null) => (value === null ? null : Number(value));

function offerOf(row: OfferRow): OfferRecord {
  return {
    ...row, packSize: Number(row.packSize), priceMinor: Number(row.priceMinor), listPriceMinor: number(row.listPriceMinor), shippingMinor: number(row.shippingMinor), stock: number(row.stock),
    lastSeenAt: Number(row.lastSeenAt), candidates: row.candidates ? (JSON.parse(row.candidates) as string[]) : [], facts: JSON.parse(row.facts) as Record<string, unknown>,
  };
}

const clientOf = (source: Database | Tx): Tx => ('prisma' in source ? source.prisma : source);

/** New or changed offers of a source that wait to be evaluated, in order of arrival. */
export async function takeWaiting(db: Database, sourceId: string, limit: number): Promise<OfferRecord[]> {
  const rows = await db.prisma.$queryRawUnsafe<OfferRow[]>(`SELECT ${OFFER_COLUMNS} FROM "Offer" o WHERE o.sourceId = ? AND o.state = 'new' ORDER BY o.id LIMIT ?`, sourceId, limit);
  return rows.map(offerOf);
}

export async function findOffer(db: Database | Tx, id: string): Promise<OfferRecord | null> {
  const rows = await clientOf(db).$queryRawUnsafe<OfferRow[]>(`SELECT ${OFFER_COLUMNS} FROM "Offer" o WHERE o.id = ?`, id);
  return rows[0] ? offerOf(rows[0]) : null;
}

export interface OfferOutcome {
  readonly id: string;
  readonly state: 'screened-out' | 'unidentified' | 'evaluated';
  readonly productId: string | null;
  readonly duplicateOfId: string | null;
  /** JSON {code, data}; null for an evaluated one. */
  readonly screenReason: string | null;
}

/** Only offers that still are as they were read: one that changed meanwhile stays `new`. */
export async function setOutcomes(tx: Tx, outcomes: readonly (OfferOutcome & { readonly contentHash: string })[]): Promise<void> {
  if (outcomes.length === 0) return;
  await tx.$executeRawUnsafe(
    `UPDATE "Offer" SET state = w.state, productId = w.productId, duplicateOfId = w.duplicateOfId, screenReason = w.reason
       FROM (SELECT value->>0 AS id, value->>1 AS hash, value->>2 AS state, value->>3 AS productId, value->>4 AS duplicateOfId, value->>5 AS reason FROM json_each(?)) w
      WHERE "Offer".id = w.id AND "Offer".contentHash = w.hash AND "Offer".state = 'new'`,
    JSON.stringify(outcomes.map((o) => [o.id, o.contentHash, o.state, o.productId, o.duplicateOfId, o.screenReason])),
  );
}

/**
 * Writes evaluations: new ones open, known ones are recomputed in place while nobody has acted on them. The same inputs write nothing.
 * Answers how many rows changed.
 */
export async function upsertEvaluations(ctx: EngineContext, tx: Tx, rows: readonly EvaluatedOffer[], at: Instant): Promise<number> {
  if (rows.length === 0) return 0;
  const values = rows.map((r) => [
    ctx.ids.next('opportunity'), r.offerId, r.productId, r.sourceId, r.decision, r.title, r.brand, r.category, r.imageUrl, r.currency, r.unitCostMinor, r.salePriceMinor, r.feesMinor, r.profitMinor,
    r.profitLowMinor, r.profitHighMinor, r.roiBp, r.lossChanceBp, r.daysToSell, r.cashDayMilli, r.demandPerMonth, r.confidenceBp, r.quantity, r.channel, r.inputsHash, r.cardVersion, r.seenAt, r.verdict,
  ]);
  const columns = values[0]!.map((_, i) => `value->>${i}`).join(', ');
  const refreshed = ['productId', 'decision', 'title', 'brand', 'category', 'imageUrl', 'currency', 'unitCostMinor', 'salePriceMinor', 'feesMinor', 'profitMinor', 'profitLowMinor', 'profitHighMinor', 'roiBp',
    'lossChanceBp', 'daysToSell', 'cashDayMinor', 'demandPerMonth', 'confidenceBp', 'quantity', 'channel', 'inputsHash', 'cardVersion', 'verdict', 'evaluatedAt'];
  const written = await tx.$executeRawUnsafe(...numbered(
    `INSERT INTO "Opportunity" (id, offerId, productId, sourceId, decision, title, brand, category, imageUrl, currency, unitCostMinor, salePriceMinor, feesMinor, profitMinor, profitLowMinor, profitHighMinor,
       roiBp, lossChanceBp, daysToSell, cashDayMinor, demandPerMonth, confidenceBp, quantity, channel, inputsHash, cardVersion, seenAt, verdict, evaluatedAt, state)
     SELECT ${columns}, ?2, 'open' FROM json_each(?1) WHERE true
     ON CONFLICT (offerId) DO UPDATE SET ${refreshed.map((c) => `${c} = excluded.${c}`).join(', ')}, state = 'open', version = version + 1
      WHERE (Opportunity.inputsHash <> excluded.inputsHash OR Opportunity.state = 'expired') AND Opportunity.state IN ('open', 'expired')`,
    JSON.stringify(values), at));
  if (written > 0) await keepDetails(tx, rows, at);
  return written;
}

/** The evaluations of the rows that were written just now, or hold the same inputs at the same instant. */
async function keepDetails(tx: Tx, rows: readonly EvaluatedOffer[], at: Instant): Promise<void> {
  await tx.$executeRawUnsafe(...numbered(
    `INSERT INTO "OpportunityDetail" (opportunityId, evaluation)
     SELECT o.id, w.value->>2 FROM json_each(?1) w CROSS JOIN "Opportunity" o ON o.offerId = w.value->>0 WHERE o.inputsHash = w.value->>1 AND o.evaluatedAt = ?2
     ON CONFLICT (opportunityId) DO UPDATE SET evaluation = excluded.evaluation`,
    JSON.stringify(rows.map((r) => [r.offerId, r.inputsHash, JSON.stringify(r.evaluation)])), at));
}

/** Offers that no longer hold what their open opportunity says (screened out or unidentified now). */
export async function expireOpen(tx: Tx, offerIds: readonly string[]): Promise<void> {
  if (offerIds.length === 0) return;
  await tx.$executeRawUnsafe(`UPDATE "Opportunity" SET state = 'expired', version = version + 1 WHERE state = 'open' AND rowid IN (SELECT p.rowid FROM json_each(?) w CROSS JOIN "Opportunity" p ON p.offerId = w.value)`, JSON.stringify(offerIds));
}

/** A purchase that ended leaves its offer open to be bought again. */
export async function reopenForOffer(tx: Tx, opportunityId: string, from: readonly string[]): Promise<number> {
  return tx.$executeRawUnsafe(...numbered(`UPDATE "Opportunity" SET state = 'open', version = version + 1 WHERE id = ?1 AND state IN (SELECT value FROM json_each(?2))`, opportunityId, JSON.stringify(from)));
}

/** What is evaluated again without being changed: open opportunities worth looking at whose market facts are older than `before`. */
export async function queueStale(tx: Tx, before: Instant): Promise<number> {
  return tx.$executeRawUnsafe(
    `UPDATE "Offer" SET state = 'new' WHERE state = 'evaluated' AND id IN (SELECT offerId FROM "Opportunity" WHERE state = 'open' AND decision <> 'skip' AND evaluatedAt < ?)`, before,
  );
}

/** Everything that was judged is judged again: limits, fees or rates changed. */
export async function queueAll(tx: Tx): Promise<number> {
  return tx.$executeRawUnsafe(`UPDATE "Offer" SET state = 'new', screenReason = NULL WHERE state IN ('evaluated', 'screened-out')`);
}

/**
 * What a checkout told of an offer: null where it told nothing. The offer waits to be judged again; its content hash stays that of the page, so that
 * the same page does not bring the old claim back.
 */
export async function correctOffer(tx: Tx, offerId: string, told: { readonly stock: number | null; readonly unitPrice: Money | null }): Promise<void> {
  const offer = await findOffer(tx, offerId);
  if (!offer) return;
  const price = told.unitPrice && told.unitPrice.currency === offer.currency ? { priceMinor: told.unitPrice.minor } : {};
  await tx.offer.update({ where: { id: offerId }, data: { state: 'new', ...(told.stock === null ? {} : { stock: told.stock }), ...price } });
}

/** The offer is judged anew, as it stands. False when it is gone. */
export async function judgeAgain(tx: Tx, offerId: string): Promise<boolean> {
  return (await tx.offer.updateMany({ where: { id: offerId, state: { not: 'gone' } }, data: { state: 'new' } })).count > 0;
}

/** In which state an opportunity is; null when there is none. */
export async function stateOf(tx: Tx, opportunityId: string): Promise<string | null> {
  return (await tx.opportunity.findUnique({ where: { id: opportunityId }, select: { state: true } }))?.state ?? null;
}
