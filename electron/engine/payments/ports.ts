/**
 * The port through which money is asked of a customer outside the marketplaces: a payment provider makes something to pay (a page, a link, a prompt on a
 * phone), tells what became of it, gives money back, and pays out what it collected.
 *
 * Amounts are what the provider states. A program on a desk has no public address: everything is learned by asking, and a webhook only says when to ask.
 */
import type { Currency, Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

/** `link` a page that stays, `checkout` a page for a short while; the others are a means of payment that the customer confirms in its own way. */
export type PaymentMethod = 'link' | 'checkout' | 'edahabia' | 'cib' | 'ecocash' | 'paynow' | 'paypal';

/** What the provider needs to be asked about a payment again: ids and addresses of its own, no secrets, and nothing of the customer. Stored as JSON, in the open. */
export type ProviderHandle = Readonly<Record<string, string>>;

export interface NewPayment {
  /** Ours, unique: stands in the provider's own records, and finds the payment again. */
  readonly paymentId: string;
  /** Stored before the call; the same key asks for the same thing. */
  readonly idempotencyKey: string;
  readonly method: PaymentMethod;
  readonly amount: Money;
  readonly description: string;
  readonly customer: { readonly name?: string | undefined; readonly email?: string | undefined; readonly phone?: string | undefined };
  /** When it was asked for: a repeat must say the same as the first call, whatever the time is by then. */
  readonly createdAt: Instant;
  /** Not after this; providers with shorter limits of their own shorten it. */
  readonly expiresAt: Instant;
}

export interface MadePayment {
  readonly handle: ProviderHandle;
  /** Where the customer pays; null where a prompt went to a phone instead. */
  readonly url: string | null;
  /** The provider ends it then, where that is earlier than asked. */
  readonly expiresAt: Instant | null;
}

export type ProviderState =
  | 'open' // the customer has not paid
  | 'processing' // paid or pushed, not settled yet
  | 'to-capture' // the customer agreed, and the money has to be taken
  | 'paid' | 'failed' | 'cancelled' | 'expired' | 'refunded' | 'disputed';

export interface PaymentReading {
  readonly state: ProviderState;
  /** The provider's own word for it. */
  readonly status: string;
  /** Money that came in, before fees; null before it did. */
  readonly paid: Money | null;
  /** What the provider keeps, where it says. */
  readonly fee: Money | null;
  /** Given back so far, where the provider says. */
  readonly refunded: Money | null;
  /** Handle with what was learned since (the id of a charge). */
  readonly handle: ProviderHandle;
}

export interface NewRefund {
  readonly idempotencyKey: string;
  readonly handle: ProviderHandle;
  readonly amount: Money;
  readonly reason: string;
  readonly customerPhone: string | null;
}

export interface MadeRefund {
  readonly externalId: string;
  readonly state: 'pending' | 'done' | 'failed';
}

/** One movement inside a payout: of a payment that this program asked for, or one that it does not know. */
export interface PayoutLine {
  readonly externalId: string;
  /** `balance`: what stayed with the provider of what moved, below zero, or came from what had stayed with it before. */
  readonly kind: 'payment' | 'refund' | 'dispute' | 'fee' | 'balance' | 'other';
  /** Id within the provider that a payment's handle holds too (a charge); null for movements of no payment. */
  readonly of: string | null;
  /** Other ids of the payment behind it, where the provider says: the charge of a refund or a dispute, the intent of a charge. By them an own shop's orders are found. */
  readonly payment?: readonly string[] | undefined;
  readonly gross: Money;
  readonly fee: Money;
  /** gross − fee; below zero when money was taken. */
  readonly net: Money;
  readonly description: string;
}

export interface ProviderPayout {
  readonly externalId: string;
  readonly state: 'pending' | 'paid' | 'failed';
  readonly amount: Money;
  readonly arrivesAt: Instant;
  readonly lines: readonly PayoutLine[];
}

/** A customer's bank takes a payment back; money is withheld until it is decided. */
export interface ProviderDispute {
  readonly externalId: string;
  /** As `PayoutLine.of`. */
  readonly of: string;
  /** As `PayoutLine.payment`. */
  readonly payment?: readonly string[] | undefined;
  readonly state: 'needs-response' | 'under-review' | 'won' | 'lost';
  readonly amount: Money;
  /** What the provider keeps for it. */
  readonly fee: Money;
  /** What is out of the account for it now, fee apart; zero where nothing was taken yet or it came back. Absent: not said. */
  readonly withheld?: Money | undefined;
  readonly reason: string;
  readonly answerBy: Instant | null;
}

export interface WebhookRequest {
  /** The bytes as they came: a signature is over them, not over what a parser makes of them. */
  readonly raw: Uint8Array;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly now: Instant;
}

/** What a webhook is good for: to ask about one payment now. Nothing else in it is believed. */
export interface WebhookNews {
  /** The provider's id of this notice; the same one comes again and again. */
  readonly eventId: string;
  /** Some value of a payment's handle, or its `paymentId`. Null: of no payment. */
  readonly about: string | null;
  readonly kind: string;
}

/** @throws ConnectorError from every call; `WebhookRefused` from `readWebhook`. */
export interface PaymentProvider {
  readonly id: string;
  readonly name: string;
  readonly methods: readonly PaymentMethod[];
  /** Null: any. */
  readonly currencies: readonly Currency[] | null;
  /** What has to be known of the customer, by method. */
  readonly needs: Readonly<Partial<Record<PaymentMethod, readonly ('email' | 'phone')[]>>>;
  /** Whether it gives money back by itself; else a person does, and says so. */
  readonly refunds: boolean;
  /** One harmless call that proves the account, where there is such a call. */
  check(signal?: AbortSignal): Promise<void>;
  create(payment: NewPayment, signal?: AbortSignal): Promise<MadePayment>;
  /** What became of a call whose answer was lost: `absent` is certain, `unknown` is not. */
  find(payment: NewPayment, signal?: AbortSignal): Promise<MadePayment | 'absent' | 'unknown'>;
  /** @param customerPhone for providers that tell nothing without it; null once it was erased. */
  read(handle: ProviderHandle, signal?: AbortSignal, customerPhone?: string | null): Promise<PaymentReading>;
  /** Takes the money of a payment that is `to-capture`. Repeating it with its key takes nothing twice. */
  capture?(handle: ProviderHandle, idempotencyKey: string, signal?: AbortSignal): Promise<PaymentReading>;
  /** Repeating it with its key gives nothing back twice for as long as the provider keeps keys: after that `findRefund` is what tells. */
  refund?(refund: NewRefund, signal?: AbortSignal): Promise<MadeRefund>;
  findRefund?(refund: NewRefund, signal?: AbortSignal): Promise<MadeRefund | 'absent' | 'unknown'>;
  readRefund?(externalId: string, signal?: AbortSignal): Promise<MadeRefund>;
  /** Makes an open payment impossible to pay. */
  cancel?(handle: ProviderHandle, signal?: AbortSignal): Promise<void>;
  payouts?(since: Instant, signal?: AbortSignal): AsyncIterable<ProviderPayout>;
  disputes?(since: Instant, signal?: AbortSignal): AsyncIterable<ProviderDispute>;
  readWebhook?(request: WebhookRequest): Promise<WebhookNews>;
}

/** A notice that is not the provider's, is too old, or was changed on the way. */
export class WebhookRefused extends Error {
  override name = 'WebhookRefused';
}
