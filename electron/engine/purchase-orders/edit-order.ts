import type { PurchaseOrderDraft } from '#contract/purchase-orders.ts';
import type { Tx } from '#runtime/ports.ts';
import { ensureProductByHand } from '../catalog/index.ts';
import { supplierKeyOf } from '../suppliers/index.ts';
import type { PurchaseOrdersDeps } from './deps.ts';
import { badField, wrongState } from './errors.ts';
import type { PurchaseOrder } from './order.ts';
import { changeOrder, loadOrder, loadVersion, recordEvent } from './repo.ts';

const DIGITS = 4;

/** PO-2026-0001 and on, anew each year (UTC). Numbers of drafts are not given twice. */
async function nextNumber(tx: Tx, year: number): Promise<string> {
  const prefix = `PO-${year}-`;
  const last = await tx.purchaseOrder.findFirst({ where: { number: { startsWith: prefix } }, orderBy: { id: 'desc' }, select: { number: true } });
  return `${prefix}${String((last ? Number(last.number.slice(prefix.length)) : 0) + 1).padStart(DIGITS, '0')}`;
}

async function check({ ctx }: PurchaseOrdersDeps, draft: PurchaseOrderDraft): Promise<void> {
  const named = draft.lines.flatMap((line) => (line.productId === null ? [] : [line.productId]));
  const known = new Set((await ctx.db.prisma.product.findMany({ where: { id: { in: named } }, select: { id: true } })).map((product) => product.id));
  draft.lines.forEach((line, i) => {
    if (line.unit.currency !== draft.currency) throw badField(`lines.${i}.unit`, `must be in ${draft.currency}, the order's currency`);
    if (line.unit.minor < 0) throw badField(`lines.${i}.unit`, 'cannot be below zero');
    if (line.productId !== null && !known.has(line.productId)) throw badField(`lines.${i}.productId`, 'there is no such product');
  });
}

async function insertLines({ ctx }: PurchaseOrdersDeps, tx: Tx, given: { readonly orderId: string; readonly lines: PurchaseOrderDraft['lines'] }): Promise<void> {
  for (const [i, line] of given.lines.entries()) {
    const productId = line.productId ?? (await ensureProductByHand({ ctx }, tx, { gtin: null, title: line.title, brand: null }));
    await tx.purchaseOrderLine.create({
      data: { id: ctx.ids.next('purchaseOrderLine'), orderId: given.orderId, number: i + 1, productId, title: line.title, supplierCode: line.supplierCode || null, condition: line.condition, units: line.units, unitMinor: line.unit.minor, why: line.why && JSON.stringify(line.why) },
    });
  }
}

/** The supplier's language is that of the last order to them. */
async function headOf(tx: Tx, { supplier, contact, currency, language, note, expectedAt }: PurchaseOrderDraft) {
  const supplierKey = supplierKeyOf(supplier);
  const last = language === null ? await tx.purchaseOrder.findFirst({ where: { supplierKey }, orderBy: { id: 'desc' }, select: { language: true } }) : null;
  return { supplier, supplierKey, contact, currency, language: language ?? last?.language ?? 'en', note, expectedAt };
}

/** @throws DomainError INVALID with the field. */
export async function createOrder(deps: PurchaseOrdersDeps, draft: PurchaseOrderDraft, by: string): Promise<PurchaseOrder> {
  await check(deps, draft);
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    const id = ctx.ids.next('purchaseOrder');
    const number = await nextNumber(tx, new Date(at).getUTCFullYear());
    await tx.purchaseOrder.create({ data: { id, number, state: 'draft', ...(await headOf(tx, draft)), by, createdAt: at, updatedAt: at } });
    await insertLines(deps, tx, { orderId: id, lines: draft.lines });
    await recordEvent(ctx, tx, id, { kind: 'drafted', data: { number } });
    return loadOrder(tx, id);
  });
}

/** A draft is written anew as a whole. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID. */
export async function updateOrder(deps: PurchaseOrdersDeps, input: PurchaseOrderDraft & { readonly id: string; readonly version: number }): Promise<PurchaseOrder> {
  await check(deps, input);
  return deps.ctx.db.transaction(async (tx) => {
    const order = await loadVersion(tx, input);
    if (order.state !== 'draft') throw wrongState(order.state);
    await changeOrder(tx, order, { ...(await headOf(tx, input)), at: deps.ctx.clock.now() });
    await tx.purchaseOrderLine.deleteMany({ where: { orderId: order.id } });
    await insertLines(deps, tx, { orderId: order.id, lines: input.lines });
    await recordEvent(deps.ctx, tx, order.id, { kind: 'edited', data: {} });
    return loadOrder(tx, order.id);
  });
}
