import type { Tx } from '#runtime/ports.ts';
import type { PurchaseOrdersDeps } from './deps.ts';
import { wrongState } from './errors.ts';
import { canGo, ENDED, type OrderState } from './machine.ts';
import type { PurchaseOrder } from './order.ts';
import { changeOrder, loadOrder, loadVersion, recordEvent, type OrderChange } from './repo.ts';

interface Seen {
  readonly id: string;
  readonly version: number;
}

/** A step of the machine in the caller's transaction. @throws DomainError WRONG_STATE. */
export async function shift(deps: PurchaseOrdersDeps, tx: Tx, order: PurchaseOrder, step: { readonly to: OrderState; readonly kind: string; readonly change?: OrderChange; readonly data?: Readonly<Record<string, unknown>> }): Promise<PurchaseOrder> {
  if (!canGo(order.state, step.to)) throw wrongState(order.state);
  const at = deps.ctx.clock.now();
  await changeOrder(tx, order, { ...step.change, state: step.to, endedAt: ENDED.includes(step.to) ? at : null, at });
  await recordEvent(deps.ctx, tx, order.id, { kind: step.kind, data: { from: order.state, to: step.to, ...step.data } });
  return loadOrder(tx, order.id);
}

const inOne = (deps: PurchaseOrdersDeps, seen: Seen, run: (tx: Tx, order: PurchaseOrder) => Promise<PurchaseOrder>): Promise<PurchaseOrder> => deps.ctx.db.transaction(async (tx) => run(tx, await loadVersion(tx, seen)));

/** A person sent the document; it is sealed from here on. */
export function markSent(deps: PurchaseOrdersDeps, input: Seen & { readonly reference: string | null; readonly by: string }): Promise<PurchaseOrder> {
  return inOne(deps, input, async (tx, order) => {
    const sent = await shift(deps, tx, order, { to: 'sent', kind: 'sent', change: { sentAt: deps.ctx.clock.now(), reference: input.reference || order.reference }, data: { by: input.by } });
    await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desktop', action: 'purchase-order.sent', subject: order.id, data: { number: order.number } });
    return sent;
  });
}

export const cancelOrder = (deps: PurchaseOrdersDeps, seen: Seen): Promise<PurchaseOrder> => inOne(deps, seen, (tx, order) => shift(deps, tx, order, { to: 'cancelled', kind: 'cancelled' }));

export const closeOrder = (deps: PurchaseOrdersDeps, seen: Seen): Promise<PurchaseOrder> => inOne(deps, seen, (tx, order) => shift(deps, tx, order, { to: 'closed', kind: 'closed' }));

/** Takes back a step that a person took by mistake. What was sealed with a sending that is taken back goes with it: the next sending seals what is sent then. */
export function reopenOrder(deps: PurchaseOrdersDeps, seen: Seen): Promise<PurchaseOrder> {
  return inOne(deps, seen, async (tx, order) => {
    if (order.state === 'closed') return shift(deps, tx, order, { to: 'partly-received', kind: 'reopened' });
    if (order.state === 'cancelled') return shift(deps, tx, order, { to: order.sentAt === null ? 'draft' : 'sent', kind: 'reopened' });
    const sealed = await tx.purchaseOrderFile.findMany({ where: { orderId: order.id }, select: { name: true, sha256: true } });
    await tx.purchaseOrderFile.deleteMany({ where: { orderId: order.id } });
    return shift(deps, tx, order, { to: 'draft', kind: 'reopened', change: { sentAt: null }, data: { sealed } });
  });
}
