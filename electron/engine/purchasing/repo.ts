import { z } from 'zod';
import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';
import type { ApprovalModel as ApprovalRow, PurchaseModel as PurchaseRow } from '#runtime/prisma/models.ts';
import { checkoutSessionSchema, placedOrderSchema } from './checkout.ts';
import { COMMITTED_STATES, VOID_STATES, type PurchaseState } from './machine.ts';
import { sellerKey, type Approval, type Purchase, type PurchaseEvent } from './purchase.ts';
import { parseRate, parseReason, rateText } from './terms.ts';

const include = { approval: true } as const;
type Row = NonNullable<Awaited<ReturnType<typeof rowOf>>>;
/** Read at every step of a purchase. */
async function rowOf(tx: Tx, id: string) {
  const [row] = await tx.$queryRawUnsafe<PurchaseRow[]>('SELECT * FROM "Purchase" WHERE id = ?', id);
  if (!row) return null;
  const [approval] = await tx.$queryRawUnsafe<ApprovalRow[]>('SELECT * FROM "Approval" WHERE id = ?', row.approvalId);
  return { ...row, approval: approval! };
}
const eventData = z.record(z.string(), z.unknown());

function toApproval(row: Row['approval']): Approval {
  return {
    id: row.id, opportunityId: row.opportunityId, quantity: row.quantity, maxUnit: money(toNumber(row.maxUnitMinor), row.currency), maxTotal: money(toNumber(row.maxTotalMinor), row.currency),
    evidence: row.evidence, evidenceSha256: row.evidenceSha256, approvedBy: row.approvedBy, approvedAt: toNumber(row.approvedAt), expiresAt: toNumber(row.expiresAt),
    revokedAt: row.revokedAt === null ? null : toNumber(row.revokedAt),
  };
}

const instant = (value: bigint | null) => (value === null ? null : toNumber(value));

function toPurchase(row: Row): Purchase {
  return {
    id: row.id, approval: toApproval(row.approval), opportunityId: row.opportunityId, offerId: row.offerId, productId: row.productId, sourceId: row.sourceId, connector: row.connector,
    sellerName: row.sellerName, title: row.title, state: row.state as PurchaseState, stopReason: parseReason(row.stopReason), quantity: row.quantity, unitsPerOffer: row.unitsPerOffer,
    currency: row.currency, total: row.totalMinor === null ? null : money(toNumber(row.totalMinor), row.currency), homeTotal: money(toNumber(row.homeTotalMinor ?? 0n), row.homeCurrency),
    rate: parseRate(row.currency, row.homeCurrency, row.rate ?? '1/1'), idempotencyKey: row.idempotencyKey,
    session: row.sessionRef === null ? null : checkoutSessionSchema.parse(JSON.parse(row.sessionRef)), externalId: row.externalId,
    receipt: row.receipt === null ? null : placedOrderSchema.parse(JSON.parse(row.receipt)), createdAt: toNumber(row.createdAt), confirmedAt: instant(row.confirmedAt),
    receivedAt: instant(row.receivedAt), expectedBy: instant(row.expectedBy), returnUntil: instant(row.returnUntil), returnFrom: row.returnFrom === 'assumed' || row.returnFrom === 'person' ? row.returnFrom : null, version: row.version,
  };
}

export async function insertApproval(tx: Tx, approval: Approval): Promise<void> {
  const { maxUnit, maxTotal, ...plain } = approval;
  await tx.approval.create({ data: { ...plain, maxUnitMinor: maxUnit.minor, maxTotalMinor: maxTotal.minor, currency: maxTotal.currency } });
}

/** @param category the approved candidate's: spending is limited by it. */
export async function insertPurchase(tx: Tx, purchase: Purchase, category: string | null): Promise<void> {
  await tx.purchase.create({
    data: {
      id: purchase.id, approvalId: purchase.approval.id, opportunityId: purchase.opportunityId, offerId: purchase.offerId, productId: purchase.productId, sourceId: purchase.sourceId,
      connector: purchase.connector, category, sellerName: purchase.sellerName, title: purchase.title, state: purchase.state, quantity: purchase.quantity, unitsPerOffer: purchase.unitsPerOffer,
      currency: purchase.currency, homeTotalMinor: purchase.homeTotal.minor, homeCurrency: purchase.homeTotal.currency, rate: rateText(purchase.rate),
      idempotencyKey: purchase.idempotencyKey, createdAt: purchase.createdAt, updatedAt: purchase.createdAt,
    },
  });
}

export async function findPurchase(tx: Tx, id: string): Promise<Purchase | null> {
  const row = await rowOf(tx, id);
  return row && toPurchase(row);
}

/** The purchase of an opportunity that is neither cancelled nor failed. */
export async function findStanding(tx: Tx, opportunityId: string): Promise<Purchase | null> {
  const row = await tx.purchase.findFirst({ where: { opportunityId, state: { notIn: [...VOID_STATES] } }, include, orderBy: { id: 'desc' } });
  return row && toPurchase(row);
}

export type PurchaseChange = Partial<Pick<Purchase, 'state' | 'stopReason' | 'quantity' | 'homeTotal' | 'rate' | 'session' | 'externalId' | 'receipt' | 'confirmedAt' | 'receivedAt' | 'expectedBy' | 'returnUntil' | 'returnFrom'>> & { readonly approvalId?: string };

/** Compare-and-set on the version. False when somebody was faster. */
export async function updatePurchase(tx: Tx, purchase: Purchase, change: PurchaseChange & { readonly at: Instant }): Promise<boolean> {
  const { at, stopReason, homeTotal, rate, session, receipt, ...plain } = change;
  const done = await tx.purchase.updateMany({
    where: { id: purchase.id, version: purchase.version },
    data: {
      ...plain, updatedAt: at, version: { increment: 1 },
      ...(stopReason === undefined ? {} : { stopReason: stopReason === null ? null : JSON.stringify(stopReason) }),
      ...(homeTotal ? { homeTotalMinor: homeTotal.minor } : {}), ...(rate ? { rate: rateText(rate) } : {}),
      ...(session === undefined ? {} : { sessionRef: session === null ? null : JSON.stringify(session) }),
      ...(receipt ? { receipt: JSON.stringify(receipt), unitMinor: receipt.unitPrice?.minor ?? null, shippingMinor: receipt.shipping?.minor ?? null, taxMinor: receipt.tax?.minor ?? null, totalMinor: receipt.total.minor } : {}),
    },
  });
  return done.count === 1;
}

export async function revokeApproval(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx.approval.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
}

export async function insertEvent(tx: Tx, purchaseId: string, event: PurchaseEvent): Promise<void> {
  await tx.purchaseEvent.create({ data: { id: event.id, purchaseId, kind: event.kind, data: JSON.stringify(event.data), at: event.at } });
}

export async function listEvents(tx: Tx, purchaseId: string): Promise<PurchaseEvent[]> {
  const rows = await tx.purchaseEvent.findMany({ where: { purchaseId }, orderBy: { id: 'asc' } });
  return rows.map((row) => ({ id: row.id, kind: row.kind, data: eventData.parse(JSON.parse(row.data)), at: toNumber(row.at) }));
}

export async function hasEvent(tx: Tx, purchaseId: string, kind: string): Promise<boolean> {
  return (await tx.purchaseEvent.findFirst({ where: { purchaseId, kind }, select: { id: true } })) !== null;
}

export async function findPurchases(tx: Tx, ids: readonly string[]): Promise<Purchase[]> {
  return (await tx.purchase.findMany({ where: { id: { in: [...ids] } }, include })).map(toPurchase);
}

export async function findInState(tx: Tx, state: PurchaseState): Promise<Purchase[]> {
  return (await tx.purchase.findMany({ where: { state }, include, orderBy: { id: 'asc' } })).map(toPurchase);
}

export interface SpendingQuery {
  readonly day: Instant;
  readonly week: Instant;
  readonly month: Instant;
  readonly except?: string | undefined;
  /** Whose spending is summed beside that of all. */
  readonly of: { readonly seller: string; readonly sourceId: string; readonly category: string | null };
}

export type SpendingSums = Record<'today' | 'week' | 'month' | 'sellerToday' | 'categoryMonth' | 'sourceMonth' | 'committed', number>;

/** Amounts of purchases in home minor units; read in the transaction that adds to them. Each counts when its present approval was given. */
export async function sumSpending(tx: Tx, query: SpendingQuery): Promise<SpendingSums> {
  const { day, week, month, of } = query;
  const rows = await tx.purchase.findMany({
    where: {
      OR: [{ state: { in: [...COMMITTED_STATES] } }, { state: { notIn: [...VOID_STATES] }, approval: { approvedAt: { gte: Math.min(week, month) } } }],
      ...(query.except ? { id: { not: query.except } } : {}),
    },
    select: { state: true, sourceId: true, sellerName: true, category: true, homeTotalMinor: true, approval: { select: { approvedAt: true } } },
  });
  const sums: SpendingSums = { today: 0, week: 0, month: 0, sellerToday: 0, categoryMonth: 0, sourceMonth: 0, committed: 0 };
  for (const row of rows) {
    const minor = toNumber(row.homeTotalMinor ?? 0n);
    const at = toNumber(row.approval.approvedAt);
    if (COMMITTED_STATES.includes(row.state as PurchaseState)) sums.committed += minor;
    if (at >= day) sums.today += minor;
    if (at >= day && sellerKey(row.sourceId, row.sellerName) === of.seller) sums.sellerToday += minor;
    if (at >= week) sums.week += minor;
    if (at < month) continue;
    sums.month += minor;
    if (row.sourceId === of.sourceId) sums.sourceMonth += minor;
    if (row.category !== null && row.category === of.category) sums.categoryMonth += minor;
  }
  return sums;
}

/** Purchases that wait for a second person although their approval has run out. */
export async function findWaiting(tx: Tx, before: Instant): Promise<Purchase[]> {
  return (await tx.purchase.findMany({ where: { state: 'awaiting-second', approval: { expiresAt: { lte: before } } }, include, orderBy: { id: 'asc' } })).map(toPurchase);
}
