import type { z } from 'zod';
import type { orderState } from '#contract/selling.ts';

export type OrderState = z.infer<typeof orderState>;

/** `paid` waits to be shipped; `shipped` is on its way or there; `cancelled` was given up before shipping; `refunded` the buyer has all the money back. */
export const ORDER_TRANSITIONS: Readonly<Record<OrderState, readonly OrderState[]>> = {
  paid: ['shipped', 'cancelled', 'refunded'],
  shipped: ['refunded', 'cancelled'],
  cancelled: [],
  refunded: [],
};

export const FIRST_STATES: readonly OrderState[] = ['paid', 'shipped', 'cancelled', 'refunded'];

export function canGo(from: OrderState, to: OrderState): boolean {
  return ORDER_TRANSITIONS[from].includes(to);
}
