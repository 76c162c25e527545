import type { z } from 'zod';
import type { paymentState } from '#contract/payments.ts';

export type PaymentState = z.infer<typeof paymentState>;

/**
 * `requesting` the provider is being asked; `unclear` whether it heard us is not known and a person decides; `open` the customer can pay; `capturing` the
 * customer agreed and the money is being taken; `processing` paid or pushed, not settled; `paid`; `disputed` the customer's bank took it back for now; `lost`
 * for good; `refunded` all of it was given back. Money that arrives after the end (a page paid in its last second) is still money.
 */
export const PAYMENT_TRANSITIONS: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  requesting: ['open', 'processing', 'paid', 'failed', 'unclear'],
  unclear: ['requesting', 'open', 'processing', 'paid', 'cancelled'],
  open: ['capturing', 'processing', 'paid', 'failed', 'cancelled', 'expired'],
  capturing: ['open', 'processing', 'paid', 'failed'],
  processing: ['open', 'capturing', 'paid', 'failed', 'cancelled', 'expired'],
  paid: ['refunded', 'disputed'],
  disputed: ['paid', 'lost', 'refunded'],
  failed: ['paid'],
  cancelled: ['paid'],
  expired: ['paid'],
  refunded: [],
  lost: [],
};

export const FIRST_STATE: PaymentState = 'requesting';

export function canGo(from: PaymentState, to: PaymentState): boolean {
  return PAYMENT_TRANSITIONS[from].includes(to);
}

/** States in which a customer may still pay, so that the provider is asked often. */
export const AWAITING: readonly PaymentState[] = ['open', 'processing', 'capturing'];
/** States in which the money is ours, or was. */
export const SETTLED: readonly PaymentState[] = ['paid', 'disputed', 'refunded', 'lost'];
