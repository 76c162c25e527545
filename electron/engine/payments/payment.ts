import { z } from 'zod';
import type { Reason } from '#contract/shared.ts';
import type { Money } from '#kernel/money.ts';
import type { FieldSeal } from '#runtime/field-seal.ts';
import type { Instant } from '#kernel/time.ts';
import type { PaymentState } from './machine.ts';
import type { NewPayment, PaymentMethod, ProviderHandle } from './ports.ts';

export const handleSchema = z.record(z.string(), z.string());

export interface Payment {
  readonly id: string;
  readonly provider: string;
  readonly method: PaymentMethod;
  readonly state: PaymentState;
  /** Why it waits for a person, or failed. */
  readonly problem: Reason | null;
  readonly amount: Money;
  /** What came in; null before. */
  readonly paid: Money | null;
  readonly fee: Money | null;
  readonly refunded: Money;
  readonly description: string;
  readonly lotId: string | null;
  readonly units: number | null;
  readonly orderId: string | null;
  /** Each sealed: see `openCustomer`. */
  readonly customer: PaymentCustomer;
  readonly url: string | null;
  readonly handle: ProviderHandle;
  readonly idempotencyKey: string;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly paidAt: Instant | null;
  readonly checkedAt: Instant | null;
  readonly checkAt: Instant | null;
  readonly checks: number;
  readonly version: number;
}

export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly state: 'asked' | 'pending' | 'done' | 'failed';
  readonly externalId: string | null;
  readonly error: string | null;
  readonly idempotencyKey: string;
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
}

export interface PaymentEvent {
  readonly id: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Instant;
}

export interface PaymentCustomer {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

const each = (customer: PaymentCustomer, change: (column: string, text: string) => string): PaymentCustomer => ({
  name: customer.name === null ? null : change('Payment.customerName', customer.name), email: customer.email === null ? null : change('Payment.customerEmail', customer.email), phone: customer.phone === null ? null : change('Payment.customerPhone', customer.phone),
});
export const sealCustomer = (seal: FieldSeal, customer: PaymentCustomer): PaymentCustomer => each(customer, (column, text) => seal.seal(column, text));
export const openCustomer = (seal: FieldSeal, payment: Payment): PaymentCustomer => each(payment.customer, (column, text) => seal.open(column, text));
export const wordsOfCustomer = (seal: FieldSeal, { name, email, phone }: PaymentCustomer): string => seal.words([name, email, phone].filter((text) => text !== null).join(' '));

/** What a provider is asked for, made from what is stored: the same at every try. */
export function requestOf(seal: FieldSeal, payment: Payment): NewPayment {
  const { name, email, phone } = openCustomer(seal, payment);
  return {
    paymentId: payment.id, idempotencyKey: payment.idempotencyKey, method: payment.method, amount: payment.amount, description: payment.description,
    customer: { ...(name ? { name } : {}), ...(email ? { email } : {}), ...(phone ? { phone } : {}) }, createdAt: payment.createdAt, expiresAt: payment.expiresAt,
  };
}

/** Enough to tell two numbers apart, for windows: the last three digits. */
export const maskPhone = (phone: string): string => `••• ${phone.replaceAll(/\D/g, '').slice(-3)}`;
