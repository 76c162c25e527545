import type { z } from 'zod';
import type { purchaseOrderState } from '#contract/purchase-orders.ts';

export type OrderState = z.infer<typeof purchaseOrderState>;

/** What may follow on what; `draft`, `sent` and `partly-received` can be gone back to by a person who takes a step back. */
export const ORDER_TRANSITIONS: Readonly<Record<OrderState, readonly OrderState[]>> = {
  draft: ['sent', 'cancelled'],
  sent: ['draft', 'partly-received', 'received', 'cancelled'],
  'partly-received': ['received', 'closed', 'sent'],
  received: ['partly-received', 'sent'],
  closed: ['partly-received'],
  cancelled: ['draft', 'sent'],
};

export const canGo = (from: OrderState, to: OrderState): boolean => ORDER_TRANSITIONS[from].includes(to);

export const ENDED: readonly OrderState[] = ['received', 'closed', 'cancelled'];
