/**
 * The port through which orders come in from a channel, and word of their shipment goes back.
 *
 * An order is read again whenever the channel changed it; the newest reading replaces the older ones. Amounts are what the channel states,
 * all in the order's currency unless a field says otherwise. What an order could not tell is absent, never zero.
 */
import type { Currency, Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

export type PaymentState = 'pending' | 'paid' | 'failed' | 'partly-refunded' | 'refunded';
export type FulfilmentState = 'not-started' | 'in-progress' | 'fulfilled';
export type CancelState = 'none' | 'requested' | 'cancelled';

/** One line: units of one SKU. `total` = `price` + `shipping` − `discount` (+ `tax` where the seller collects it). */
export interface ChannelOrderLine {
  /** The channel's id of the line, unique within the order. */
  readonly lineId: string;
  /** Ours; absent where the listing was made without one (outside this program). */
  readonly sku?: string | undefined;
  readonly listingId?: string | undefined;
  readonly title: string;
  /** Units, at least 1. */
  readonly quantity: number;
  /** For all units of the line, before discount, without shipping and tax. */
  readonly price: Money;
  readonly shipping: Money;
  readonly discount: Money;
  /** Tax that passes through the seller's account. */
  readonly tax: Money;
  /** Tax that the channel collects and remits itself: never the seller's money, but some fees are counted on it. */
  readonly taxCollectedByChannel: Money;
  readonly total: Money;
  readonly fulfilment: FulfilmentState;
  readonly shipBy?: Instant | undefined;
}

export interface ChannelRefund {
  /** The channel's id of the refund. */
  readonly refundId: string;
  /** Above zero: given back to the buyer. */
  readonly amount: Money;
  readonly at?: Instant | undefined;
  /** The line it was for, where the channel says. */
  readonly lineId?: string | undefined;
  /** Asked for, and not carried out yet: the buyer has nothing, and nothing is booked. */
  readonly pending?: boolean | undefined;
}

/** Who bought, and where it goes. Personal data: encrypted at rest, erased by rule. */
export interface ChannelBuyer {
  readonly username?: string | undefined;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly addressLines: readonly string[];
  readonly city?: string | undefined;
  readonly stateOrProvince?: string | undefined;
  readonly postalCode?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
}

/** What a fee is for, in words that a fee card and a channel's statement share. */
export type FeeKind = 'referral' | 'fulfilment' | 'closing' | 'other';

export interface ChannelOrder {
  readonly orderId: string;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  readonly payment: PaymentState;
  readonly fulfilment: FulfilmentState;
  readonly cancel: CancelState;
  readonly currency: Currency;
  readonly lines: readonly ChannelOrderLine[];
  /** What the buyer paid for goods, shipping and seller-collected tax, after discounts. */
  readonly total: Money;
  /** What the channel keeps, where it already says. Absent is not zero: the fee may be fixed later. */
  readonly marketplaceFee?: Money | undefined;
  /** The fee of the sale itself by what it is for, before anything was given back, where the channel breaks it down. */
  readonly feeParts?: readonly { readonly kind: FeeKind; readonly amount: Money }[] | undefined;
  /** What the channel counted the fee on, where it says. */
  readonly feeBasis?: Money | undefined;
  /** What the channel will pay out for it after fees and refunds, where it says. */
  readonly dueSeller?: Money | undefined;
  readonly refunds: readonly ChannelRefund[];
  /** The channel sends it from its own warehouse: nobody here packs it, and nothing of ours is paid for its postage. */
  readonly sentByChannel?: boolean | undefined;
  readonly buyer: ChannelBuyer;
  readonly note?: string | undefined;
  /** Of the lines' `tax`: whom it is owed to, where the channel says. What is left over of the lines' tax is owed to somebody who was not named. */
  readonly taxes?: readonly ChannelTax[] | undefined;
  /** The payment at a provider of its own that an own shop was paid through; absent where the channel itself pays out. */
  readonly paidThrough?: PaidThrough | undefined;
  /** Claims that the order's own money movements show. Absent: the channel tells of claims in another way, or not. */
  readonly claims?: readonly ChannelClaim[] | undefined;
}

/** Sales tax that passes through the seller, by jurisdiction: `US-CA California State Tax`. */
export interface ChannelTax {
  readonly jurisdiction: string;
  readonly amount: Money;
}

export interface PaidThrough {
  /** As the payments module names it: `stripe`, `paypal`. */
  readonly provider: string;
  /** The provider's id of the payment that stands in its payouts too: a charge, a capture. */
  readonly reference: string;
}

/** An order that could not be read. Kept and shown, never dropped. */
export interface UnreadableOrder {
  /** Where the answer gave one. */
  readonly orderId?: string | undefined;
  /** Field and fault. */
  readonly reason: string;
  /** Start of what was read, at most 1,000 characters, personal fields masked. */
  readonly excerpt: string;
}

export interface OrderPage {
  readonly orders: readonly ChannelOrder[];
  readonly unreadable: readonly UnreadableOrder[];
  /** True on the last page. */
  readonly complete: boolean;
  /** When the answer arrived. */
  readonly at: Instant;
}

export interface OrderQuery {
  /** Orders that the channel changed at or after this instant. Overlap by a few minutes: channels index late, and reading twice is harmless. */
  readonly modifiedFrom: Instant;
  readonly modifiedUntil?: Instant | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Why the seller gives an order up. */
export type CancelReason = 'out-of-stock' | 'other';

/** Money that the seller gives back. */
export interface ChannelRefundRequest {
  /** Ours, and unique within the order: by it a refund whose outcome is unknown is found again. Letters, digits, `-` and `_`. */
  readonly reference: string;
  /** Above zero, in the order's currency. */
  readonly amount: Money;
  /** To the buyer. */
  readonly message: string;
  /** Ids of the refunds that stood at the channel before ours was asked for: where the channel keeps no reference, ours is the one of this amount that is not among them. */
  readonly known?: readonly string[] | undefined;
}

export interface Shipment {
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  /** The channel's code of the carrier: `USPS`. */
  readonly carrier: string;
  /** Letters and digits only. */
  readonly trackingNumber: string;
  readonly shippedAt: Instant;
}

/** One movement on the seller's account at the channel. Signed: money towards the seller is above zero. */
export interface ChannelTransaction {
  readonly transactionId: string;
  /** The channel's word: `SALE`, `REFUND`, `NON_SALE_CHARGE`. */
  readonly kind: string;
  readonly orderId?: string | undefined;
  readonly amount: Money;
  /** Fee already taken off within `amount`, where it says. */
  readonly fee?: Money | undefined;
  readonly at: Instant;
  readonly memo?: string | undefined;
}

/** `storage` of stock in the channel's warehouse; `placement` and `transport` of what is on its way there; `service`: subscriptions, labels, advertising; `unknown`: the channel's words say nothing that is known here. */
export type ChargeKind = 'storage' | 'placement' | 'transport' | 'service' | 'unknown';

/** What the channel took from the account, or gave back, for something that is no order. */
export interface ChannelCharge {
  readonly chargeId: string;
  readonly kind: ChargeKind;
  /** The channel's own. */
  readonly words: string;
  /** Ids that stand at it or in its words: a shipment into the warehouse can be among them. */
  readonly references: readonly string[];
  /** Taken; below zero where it came back. */
  readonly amount: Money;
  readonly at: Instant;
}

/** Money that the channel has sent to the seller's bank. */
export interface ChannelPayout {
  readonly payoutId: string;
  readonly at: Instant;
  /** Below zero where the channel took money back. */
  readonly amount: Money;
  /** What of it is each order's, after fees; each order once. */
  readonly orders: readonly { readonly orderId: string; readonly amount: Money }[];
}

/** `asked` for by the buyer; `approved`, to be sent; `sent` back; `arrived`; `escalated` to the channel; `closed`; `other`: the channel's `word` says what. */
export type ReturnState = 'asked' | 'approved' | 'sent' | 'arrived' | 'escalated' | 'closed' | 'other';
/** `refund` gives all back that the channel expects, which closes the return. */
export type ReturnAnswer = 'approve' | 'refund';

/** A buyer wants to send back what was bought. */
export interface ChannelReturn {
  readonly returnId: string;
  readonly orderId: string;
  readonly state: ReturnState;
  readonly word: string;
  /** The channel's code of why. */
  readonly reason: string;
  readonly units: number;
  /** What the seller is expected to give back, as of now. */
  readonly expected: Money | null;
  /** Until when the seller has to act; then the channel decides. */
  readonly respondBy: Instant | null;
  /** What the seller may do now. */
  readonly ways: readonly ReturnAnswer[];
}

/**
 * Money that the buyer asks the channel, the bank or the payment provider to take back, past the channel's own returns. `answer`: the seller has to say something; `taken`: the channel has taken the money and says no
 * more, the seller may object; `waits` for others; `won`, `lost`: decided; `closed`: over, and the channel does not say how.
 */
export type ClaimState = 'answer' | 'taken' | 'waits' | 'won' | 'lost' | 'closed';
/** `payment`: at the bank or the payment provider; `inquiry`: the buyer asks the channel where it is; `case`: the channel itself decides. */
export type ClaimKind = 'payment' | 'inquiry' | 'case';
/** `tracking` tells by whom and under which number it was sent; `refund` gives all of the claim back; `escalate` asks the channel to decide. */
export type ClaimAnswer = 'tracking' | 'refund' | 'escalate';

export interface ChannelClaim {
  readonly claimId: string;
  readonly orderId: string;
  /** Absent: `payment`. */
  readonly kind?: ClaimKind | undefined;
  readonly state: ClaimState;
  /** The channel's code of why. */
  readonly reason: string;
  readonly amount: Money | null;
  /** Until when the seller has to answer; null: not said, or nothing to answer. */
  readonly respondBy: Instant | null;
  /** The deadline is what this program assumes: the channel does not say. */
  readonly assumedDeadline?: boolean | undefined;
  /** What is with the channel, or with the buyer, of the order's money because of it, as of now: zero once it has come back. Absent: the order's own refunds say so, or nothing is known. Fees apart. */
  readonly taken?: Money | undefined;
  /** Where it is answered, where that is not the channel: `Stripe`. */
  readonly where?: string | undefined;
  /** What the channel keeps for dealing with it, as of now. */
  readonly fee?: Money | undefined;
  /** What the seller may do now by a call; absent: nothing. */
  readonly ways?: readonly ClaimAnswer[] | undefined;
}

export interface ClaimQuery {
  readonly openedFrom: Instant;
  /** Orders of this program that units of a listing of the channel were sold with, newest first: a channel may name a claim's listing and not its order. */
  readonly ordersOf: (listingId: string) => Promise<readonly string[]>;
  readonly signal?: AbortSignal | undefined;
}

export interface ClaimAnswerRequest {
  readonly answer: ClaimAnswer;
  /** To the buyer, or to the channel that decides. */
  readonly message: string;
  /** How it was sent; of `tracking` alone. */
  readonly shipment: { readonly carrier: string; readonly trackingNumber: string; readonly shippedAt: Instant } | null;
  /** Ids of the refunds that stood before: one that is not among them gave the money back already. */
  readonly known: readonly string[];
}

export interface OrderSourcePort {
  readonly connector: string;
  readonly market: string;
  /** Reading orders more often than this only waits for the channel's quota. Absent: as often as anybody wants to know. */
  readonly readEveryMs?: number | undefined;
  /** Pages in the order in which the channel gives them; a stream so that a long absence does not fill the memory. */
  orders(query: OrderQuery): AsyncIterable<OrderPage>;
  /** Null when the channel knows no such order. */
  order(orderId: string, signal?: AbortSignal): Promise<ChannelOrder | null>;
  /** Reconciled: a shipment with the same tracking number for the same lines is not reported twice. */
  markShipped(orderId: string, shipment: Shipment, signal?: AbortSignal): Promise<{ readonly shipmentId: string; readonly existed: boolean }>;
  /** The order's page for the seller at the channel, where a person does what the channel has no call for. Absent where its address is not known. */
  orderPage?(orderId: string): string;
  /** The channel tells the buyer of a cancellation in its own words, and takes none of ours. */
  readonly cancelsInOwnWords?: boolean | undefined;
  /** Reconciled: an order that is cancelled already is answered as it stands. Tells the buyer why, in the channel's own way. Absent where the channel has no such call. */
  cancelOrder?(orderId: string, given: { readonly reason: CancelReason; readonly message: string }, signal?: AbortSignal): Promise<{ readonly existed: boolean }>;
  /** Reconciled by the reference, or by what is not `known`: gives part of the money, or all that is left, back to the buyer. Absent where the channel has no such call. */
  refundOrder?(orderId: string, refund: ChannelRefundRequest, signal?: AbortSignal): Promise<{ readonly refundId: string; readonly existed: boolean }>;
  /** Returns that were asked for since, open and closed. Absent where the channel has no such call. */
  returns?(query: { readonly openedFrom: Instant; readonly signal?: AbortSignal | undefined }): Promise<readonly ChannelReturn[]>;
  /** Claims that were opened since, open and closed; null: this account's cannot be read. Absent where the channel has no such call. */
  claims?(query: ClaimQuery): Promise<readonly ChannelClaim[] | null>;
  /** Reconciled: what the channel does not wait for any more was done. Absent where the channel has no such call. */
  answerClaim?(claim: { readonly claimId: string; readonly orderId: string }, given: ClaimAnswerRequest, signal?: AbortSignal): Promise<{ readonly existed: boolean }>;
  /** Reconciled: what the channel does not wait for any more was done. `amount` is of a refund: what the channel expects. Absent where the channel has no such call. */
  answerReturn?(returnId: string, given: { readonly answer: ReturnAnswer; readonly amount: Money | null }, signal?: AbortSignal): Promise<{ readonly existed: boolean }>;
  /** Payouts made in the time, oldest first, each whole. Null: this account's cannot be read, and are taken by date. Absent where the channel has no such call. */
  payouts?(query: OrderQuery): Promise<readonly ChannelPayout[] | null>;
  /** Orders tell their fee some time after the sale: until then the fee card's is expected. */
  readonly feeComesLater?: boolean | undefined;
  /** What was taken from the account beside orders, oldest first or not. Absent where the channel has no such call. */
  charges?(query: OrderQuery): AsyncIterable<readonly ChannelCharge[]>;
  /** Money movements, for matching payouts and fees. Absent where the channel has no such call or the account has no access. */
  transactions?(query: OrderQuery): AsyncIterable<readonly ChannelTransaction[]>;
}
