import type { z } from 'zod';
import type { orderMessage, OrderMessageKind } from '#contract/order-messages.ts';
import { toNumber } from '#runtime/database.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';

type Sealed = Pick<EngineContext, 'seal'>;
export type OrderMessage = z.infer<typeof orderMessage> & { readonly orderId: string; readonly key: string };
type Row = NonNullable<Awaited<ReturnType<Tx['orderMessage']['findUnique']>>>;
const TEXT = 'OrderMessage.text';
const instant = (value: bigint | null) => (value === null ? null : toNumber(value));

export function toOrderMessage({ seal }: Sealed, row: Row): OrderMessage {
  return {
    id: row.id, key: row.key, orderId: row.orderId, kind: row.kind as OrderMessageKind, state: row.state as OrderMessage['state'], text: seal.open(TEXT, row.text), error: row.error,
    createdAt: toNumber(row.createdAt), attemptedAt: instant(row.attemptedAt), sentAt: instant(row.sentAt),
  };
}

export async function insertMessage({ seal }: Sealed, tx: Tx, message: OrderMessage): Promise<void> {
  await tx.orderMessage.create({ data: { ...message, text: seal.seal(TEXT, message.text) } });
}

export async function findMessage(ctx: Sealed, tx: Tx, where: { readonly id: string } | { readonly key: string }): Promise<OrderMessage | null> {
  const row = await tx.orderMessage.findUnique({ where });
  return row && toOrderMessage(ctx, row);
}

/** Oldest first; the latest 50. */
export async function listMessages(ctx: Sealed, tx: Tx, orderIds: readonly string[]): Promise<OrderMessage[]> {
  return (await tx.orderMessage.findMany({ where: { orderId: { in: [...orderIds] } }, orderBy: { id: 'desc' }, take: 50 })).toReversed().map((row) => toOrderMessage(ctx, row));
}

export type MessageChange = Partial<Pick<OrderMessage, 'state' | 'attemptedAt' | 'sentAt' | 'error'>>;

/** False when it is in none of the states `from`. */
export async function updateMessage(tx: Tx, id: string, from: readonly OrderMessage['state'][], change: MessageChange): Promise<boolean> {
  return (await tx.orderMessage.updateMany({ where: { id, state: { in: [...from] } }, data: change })).count === 1;
}

/** Of a person who is erased: whatever state they are in. */
export async function deleteOrderMessages(tx: Tx, orderIds: readonly string[]): Promise<number> {
  return (await tx.orderMessage.deleteMany({ where: { orderId: { in: [...orderIds] } } })).count;
}

/** Retention: settled ones from before an instant. */
export async function forgetOrderMessages(tx: Tx, before: number): Promise<number> {
  return (await tx.orderMessage.deleteMany({ where: { state: { in: ['sent', 'failed'] }, createdAt: { lt: before } } })).count;
}
