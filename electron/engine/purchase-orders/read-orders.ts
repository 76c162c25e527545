import { z } from 'zod';
import type { PurchaseOrderDetail, PurchaseOrderRow } from '#contract/purchase-orders.ts';
import { moneySchema } from '#contract/shared.ts';
import { convert, money, type Money } from '#kernel/money.ts';
import { toNumber } from '#runtime/database.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import { BUSINESS, homeRate, readSetting } from '../settings/index.ts';
import { listOrders, type OrderQuery } from './list-orders.ts';
import { totalMinor, type PurchaseOrder } from './order.ts';
import { accountsOf } from './pay-order.ts';
import { findOrders, loadOrder, receiptLines } from './repo.ts';

function rowOf(order: PurchaseOrder, account: { readonly arrived: number; readonly paid: number }): PurchaseOrderRow {
  const { id, number, state, supplier, currency, createdAt, sentAt, expectedAt, version } = order;
  return {
    id, number, state, supplier, createdAt, sentAt, expectedAt, version, lines: order.lines.length, units: order.lines.reduce((sum, line) => sum + line.units, 0), arrived: order.lines.reduce((sum, line) => sum + line.good + line.damaged, 0),
    total: money(totalMinor(order), currency), owed: money(account.arrived - account.paid, currency),
  };
}

export async function readOrders(db: Pick<Database, 'prisma' | 'read'>, query: OrderQuery): Promise<Omit<PageOfIds, 'ids'> & { items: PurchaseOrderRow[] }> {
  const { ids, ...page } = await listOrders(db, query);
  const [orders, accounts] = await Promise.all([findOrders(db.prisma, ids), accountsOf(db.prisma, ids)]);
  return { ...page, items: inOrder(ids, orders).map((order) => rowOf(order, accounts.get(order.id)!)) };
}

/** What a unit of each product sold for of late, at home; where nothing sold, what its newest lot was expected to sell for. */
async function expectedSales(tx: Tx, productIds: readonly string[]): Promise<ReadonlyMap<string, Money>> {
  const business = (await readSetting(tx, BUSINESS)).value;
  const lots = await tx.stockLot.findMany({ where: { productId: { in: [...productIds] } }, orderBy: { id: 'desc' }, select: { id: true, productId: true, estimate: true }, take: 500 });
  const lines = await tx.orderLine.findMany({ where: { lotId: { in: lots.map((lot) => lot.id) }, quantity: { gt: 0 }, revenueMinor: { gt: 0 } }, orderBy: { id: 'desc' }, take: 500, select: { lotId: true, quantity: true, revenueMinor: true, order: { select: { currency: true, state: true } } } });
  const productOf = new Map(lots.map((lot) => [lot.id, lot.productId]));
  const known = new Map<string, Money>();
  for (const line of lines) {
    const productId = productOf.get(line.lotId!)!;
    const rate = homeRate(business, line.order.currency);
    if (known.has(productId) || !rate || line.order.state === 'cancelled') continue;
    known.set(productId, convert(money(Math.round(toNumber(line.revenueMinor) / line.quantity), line.order.currency), rate.rate));
  }
  const estimate = z.looseObject({ salePrice: moneySchema });
  for (const lot of lots) {
    const parsed = estimate.safeParse(JSON.parse(lot.estimate));
    if (!known.has(lot.productId) && parsed.success && parsed.data.salePrice.currency === business.homeCurrency) known.set(lot.productId, parsed.data.salePrice);
  }
  return known;
}

const eventData = z.record(z.string(), z.unknown());

export async function readOrder(tx: Tx, id: string): Promise<PurchaseOrderDetail> {
  const order = await loadOrder(tx, id);
  const where = { where: { orderId: id }, orderBy: [{ at: 'asc' as const }, { id: 'asc' as const }] };
  const [accounts, receipts, payments, files, events, business, sales] = await Promise.all([
    accountsOf(tx, [id]), tx.purchaseOrderReceipt.findMany(where), tx.purchaseOrderPayment.findMany(where), tx.purchaseOrderFile.findMany(where), tx.purchaseOrderEvent.findMany({ where: { orderId: id }, orderBy: { id: 'asc' } }), readSetting(tx, BUSINESS),
    expectedSales(tx, order.lines.map((line) => line.productId)),
  ]);
  const { homeCurrency } = business.value;
  const amount = (minor: bigint, currency = order.currency) => money(toNumber(minor), currency);
  return {
    ...rowOf(order, accounts.get(id)!), contact: order.contact, language: order.language, note: order.note, reference: order.reference, homeCurrency, lineItems: order.lines.map((line) => ({ ...line, expectedSale: sales.get(line.productId) ?? null })),
    receipts: receipts.map((row) => ({ id: row.id, at: toNumber(row.at), by: row.by, goods: amount(row.goodsMinor), extra: amount(row.extraMinor), home: amount(row.homeMinor, homeCurrency), location: row.location, notes: row.notes, lines: receiptLines.parse(JSON.parse(row.lines)), takenBackAt: row.takenBackAt === null ? null : toNumber(row.takenBackAt), takenBackBy: row.takenBackBy })),
    payments: payments.map((row) => ({ id: row.id, at: toNumber(row.at), by: row.by, amount: amount(row.minor), home: amount(row.homeMinor, homeCurrency), note: row.note })),
    files: files.map((row) => ({ mediaType: row.mediaType, name: row.name, bytes: row.bytes, sha256: row.sha256, at: toNumber(row.at) })),
    events: events.map((row) => ({ id: row.id, kind: row.kind, data: eventData.parse(JSON.parse(row.data)), at: toNumber(row.at) })),
  };
}

const MOST_FOUND = 12;

/** Products by a part of their title, with what the newest lot of each cost. */
export async function findProducts(db: Database, search: string): Promise<{ productId: string; title: string; condition: string; unitCost: Money }[]> {
  const rows = await db.read<{ productId: string; title: string; condition: string; unitCostMinor: number; currency: string }>(
    `SELECT l.productId, l.title, l.condition, l.unitCostMinor, l.currency, MAX(l.id) FROM StockLot l WHERE l.title LIKE ? ESCAPE '\\' GROUP BY l.productId ORDER BY MAX(l.id) DESC LIMIT ${MOST_FOUND}`, [`%${search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`]);
  return rows.map((row) => ({ productId: row.productId, title: row.title, condition: row.condition, unitCost: money(row.unitCostMinor, row.currency) }));
}
