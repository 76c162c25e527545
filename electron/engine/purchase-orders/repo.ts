import { z } from 'zod';
import { lineWhy, purchaseOrderLanguage } from '#contract/purchase-orders.ts';
import { moneySchema } from '#contract/shared.ts';
import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { noSuchOrder, wrongState } from './errors.ts';
import type { OrderState } from './machine.ts';
import type { OrderLine, PurchaseOrder } from './order.ts';

const include = { lines: { orderBy: { number: 'asc' } } } as const;
type Row = NonNullable<Awaited<ReturnType<typeof findRow>>>;
const findRow = (tx: Tx, id: string) => tx.purchaseOrder.findUnique({ where: { id }, include });

/** Of a receipt, as JSON. `lotId` null: nothing of the line could be kept. */
export const receiptLines = z.array(z.strictObject({ number: z.int(), good: z.int(), damaged: z.int(), unit: moneySchema, lotId: z.string().nullable() }));

const instant = (value: bigint | null): Instant | null => (value === null ? null : toNumber(value));

export function toOrder(row: Row): PurchaseOrder {
  return {
    id: row.id, number: row.number, state: row.state as OrderState, supplier: row.supplier, contact: row.contact, currency: row.currency, language: purchaseOrderLanguage.parse(row.language), note: row.note, reference: row.reference, createdAt: toNumber(row.createdAt), sentAt: instant(row.sentAt),
    expectedAt: instant(row.expectedAt), version: row.version,
    lines: row.lines.map((line): OrderLine => ({
      id: line.id, number: line.number, productId: line.productId, title: line.title, supplierCode: line.supplierCode, condition: line.condition, units: line.units, unit: money(toNumber(line.unitMinor), row.currency), good: line.good,
      damaged: line.damaged, why: line.why === null ? null : lineWhy.parse(JSON.parse(line.why)),
    })),
  };
}

export async function loadOrder(tx: Tx, id: string): Promise<PurchaseOrder> {
  const row = await findRow(tx, id);
  if (!row) throw noSuchOrder(id);
  return toOrder(row);
}

/** @throws DomainError NOT_FOUND, or WRONG_STATE when it is not the version that the person saw. */
export async function loadVersion(tx: Tx, seen: { readonly id: string; readonly version: number }): Promise<PurchaseOrder> {
  const order = await loadOrder(tx, seen.id);
  if (order.version !== seen.version) throw wrongState(order.state);
  return order;
}

export async function findOrders(tx: Tx, ids: readonly string[]): Promise<PurchaseOrder[]> {
  return (await tx.purchaseOrder.findMany({ where: { id: { in: [...ids] } }, include })).map(toOrder);
}

export interface OrderChange {
  readonly state?: OrderState;
  readonly reference?: string | null;
  readonly sentAt?: Instant | null;
  readonly expectedAt?: Instant | null;
  readonly endedAt?: Instant | null;
  readonly supplier?: string;
  readonly supplierKey?: string;
  readonly contact?: string;
  readonly currency?: string;
  readonly language?: string;
  readonly note?: string;
}

/** Compare-and-set on the version. @throws DomainError WRONG_STATE when somebody was faster. */
export async function changeOrder(tx: Tx, order: PurchaseOrder, change: OrderChange & { readonly at: Instant }): Promise<void> {
  const { at, ...data } = change;
  const done = await tx.purchaseOrder.updateMany({ where: { id: order.id, version: order.version }, data: { ...data, updatedAt: at, version: { increment: 1 } } });
  if (done.count !== 1) throw wrongState(order.state);
}

export async function recordEvent(ctx: Pick<EngineContext, 'ids' | 'clock' | 'outbox'>, tx: Tx, orderId: string, event: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> }): Promise<void> {
  await tx.purchaseOrderEvent.create({ data: { id: ctx.ids.next('event'), orderId, kind: event.kind, data: JSON.stringify(event.data), at: ctx.clock.now() } });
  await ctx.outbox.add(tx, `purchase-order.${event.kind}`, orderId, event.data);
}
