import { toNumber } from '#runtime/database.ts';
import { searchMarks } from '#runtime/field-seal.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import type { Contact } from './contacts.ts';

export interface Customer {
  readonly id: string;
  readonly name: string | null;
  readonly contacts: readonly Contact[];
  readonly orderIds: readonly string[];
  readonly createdAt: number;
  readonly erasedAt: number | null;
}

const include = { handles: { orderBy: [{ kind: 'asc' as const }, { mark: 'asc' as const }] }, orders: { orderBy: { orderId: 'asc' as const } } };

export async function readCustomer({ seal }: Pick<EngineContext, 'seal'>, tx: Tx, id: string): Promise<Customer | null> {
  const row = await tx.customer.findUnique({ where: { id }, include });
  return row && {
    id, name: row.name === null ? null : seal.open('Customer.name', row.name), contacts: row.handles.map(({ kind, value }) => ({ kind, value: seal.open('CustomerHandle.value', value) })),
    orderIds: row.orders.map(({ orderId }) => orderId), createdAt: toNumber(row.createdAt), erasedAt: row.erasedAt === null ? null : toNumber(row.erasedAt),
  };
}

/** Customers of whom every word of `text` is part of a name or an address, newest first. */
export async function searchCustomers(ctx: Pick<EngineContext, 'seal'>, tx: Tx, text: string, limit = 20): Promise<Customer[]> {
  const marks = searchMarks(ctx.seal, text);
  if (marks.length === 0) return [];
  const rows = await tx.customer.findMany({ where: { AND: marks.map((mark) => ({ words: { contains: mark } })) }, orderBy: { updatedAt: 'desc' }, take: limit, select: { id: true } });
  const found = await Promise.all(rows.map(({ id }) => readCustomer(ctx, tx, id)));
  return found.filter((one) => one !== null);
}

export async function customerOfOrder(tx: Tx, orderId: string): Promise<string | null> {
  return (await tx.customerOrder.findUnique({ where: { orderId }, select: { customerId: true } }))?.customerId ?? null;
}
