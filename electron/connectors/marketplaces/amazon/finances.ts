import type { ChannelCharge, ChannelClaim, ChannelOrder, ChannelRefund, ChannelTransaction, ChargeKind, FeeKind, OrderQuery } from '#engine/orders/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { money, negate, sum, type Money } from '#kernel/money.ts';
import { DAY_MS, MINUTE_MS, toIso, type Instant } from '#kernel/time.ts';
import { moneyFromNumber } from '../../http/index.ts';
import type { SpClient } from '../../data/amazon-sp-api/index.ts';
import { transactionsSchema, type SpBreakdown, type SpCurrency, type SpTransaction } from './schema.ts';

/** "The date-time must be more than two minutes before the time of the request." */
const SETTLES_MS = 3 * MINUTE_MS;
const OPERATION = 'read transactions';
/**
 * The model names no kinds of transactions beyond `Shipment`, and there is no call for claims: these words are Seller Central's own, looked for in a transaction's type and description. Amazon is known to call some chargebacks
 * plain refunds (amzn/selling-partner-api-models issue 4274): those are booked as refunds.
 */
const CLAIM = /guarantee|a-?to-?z|charge-?back/i;
const CHARGEBACK = /charge-?back/i;
/** "Once a claim is granted and your account has been debited, you have 30 calendar days to submit an appeal": Seller Central's help, page G202041210, read 2026-11-22. Nothing is known for chargebacks: the same is assumed. */
const APPEAL_MS = 30 * DAY_MS;

/** What the account's transactions say of one order. */
export interface OrderMoney {
  /** What Amazon has kept, net of what it gave back. */
  readonly fee: Money | null;
  /** The fee of the sale alone, by what it is for; empty where Amazon does not break it down. */
  readonly feeParts: NonNullable<ChannelOrder['feeParts']>;
  readonly refunds: readonly ChannelRefund[];
  /** Guarantee claims and chargebacks: one of each kind, as far as they have moved. */
  readonly claims: readonly ChannelClaim[];
  /** The last of them. */
  readonly at: Instant;
}

function amount(given: SpCurrency, field: string): Money {
  const read = moneyFromNumber(given.currencyAmount, given.currencyCode);
  if (!read) throw new ConnectorError({ kind: 'Critical', connector: 'amazon-sp-api', operation: OPERATION, message: `${field}: ${given.currencyAmount} ${given.currencyCode} is no amount` });
  return read;
}

function allOf(list: readonly SpBreakdown[] | null | undefined, type: string): SpBreakdown[] {
  return (list ?? []).flatMap((entry) => (entry.breakdownType === type ? [entry] : allOf(entry.breakdowns, type)));
}

/** Amazon's part of a transaction, signed: below zero where it keeps. Null where the transaction is not broken down. */
function feesIn(transaction: SpTransaction, currency: string): Money | null {
  const named = allOf(transaction.breakdowns, 'AmazonFees');
  const found = named.length > 0 ? named : allOf(transaction.breakdowns, 'Expenses');
  if (found.length === 0 && (transaction.breakdowns ?? []).length === 0) return null;
  return sum(found.flatMap((entry) => (entry.breakdownAmount ? [amount(entry.breakdownAmount, entry.breakdownType ?? 'breakdown')] : [])), currency);
}

const KINDS: readonly (readonly [RegExp, FeeKind])[] = [[/commission|referral/i, 'referral'], [/fba|fulfil|fuel/i, 'fulfilment'], [/closing/i, 'closing']];

/** What stands under a transaction's fees, by kind: "Commission", "FBAPerUnitFulfillmentFee" and "VariableClosingFee" are Amazon's words of its settlement reports; the Finances model names none. */
function feePartsOf(transactions: readonly SpTransaction[], currency: string): OrderMoney['feeParts'] {
  const parts = new Map<FeeKind, number>();
  for (const transaction of transactions) {
    const named = allOf(transaction.breakdowns, 'AmazonFees');
    for (const part of (named.length > 0 ? named : allOf(transaction.breakdowns, 'Expenses')).flatMap((entry) => entry.breakdowns ?? [])) {
      if (!part.breakdownAmount) continue;
      const kind = KINDS.find(([word]) => word.test(part.breakdownType ?? ''))?.[1] ?? 'other';
      parts.set(kind, (parts.get(kind) ?? 0) - amount(part.breakdownAmount, part.breakdownType ?? 'breakdown').minor);
    }
  }
  return [...parts].map(([kind, minor]) => ({ kind, amount: money(minor, currency) }));
}

const orderOf = (transaction: SpTransaction) => (transaction.relatedIdentifiers ?? []).find((entry) => entry.relatedIdentifierName === 'ORDER_ID')?.relatedIdentifierValue;
const idOf = (transaction: SpTransaction) => transaction.transactionId ?? `${orderOf(transaction) ?? 'none'}/${transaction.transactionType}/${transaction.postedDate}`;

function page(client: SpClient, query: Readonly<Record<string, string>>, signal: AbortSignal | undefined) {
  return client.call('listTransactions', { operation: OPERATION, method: 'GET', path: '/finances/2024-06-19/transactions', schema: transactionsSchema, query, signal });
}

async function* pages(client: SpClient, query: Readonly<Record<string, string>>, signal: AbortSignal | undefined): AsyncGenerator<SpTransaction[]> {
  for (let nextToken: string | undefined; ; ) {
    const { payload } = await page(client, nextToken === undefined ? query : { ...query, nextToken }, signal);
    if (payload.transactions && payload.transactions.length > 0) yield payload.transactions;
    nextToken = payload.nextToken ?? undefined;
    if (nextToken === undefined) return;
  }
}

const isClaim = ({ transactionType, description }: SpTransaction) => CLAIM.test(`${transactionType} ${description ?? ''}`);

/** What claims have taken of an order, net of what came back. All that is told is money: that it has been taken, and that it is back. */
function claimsIn(orderId: string, found: readonly SpTransaction[], now: Instant): ChannelClaim[] {
  const kinds = new Map<string, SpTransaction[]>();
  for (const transaction of found.filter(isClaim)) {
    const kind = CHARGEBACK.test(`${transaction.transactionType} ${transaction.description ?? ''}`) ? 'chargeback' : 'A-to-z guarantee';
    kinds.set(kind, [...(kinds.get(kind) ?? []), transaction]);
  }
  return [...kinds].map(([kind, moved]): ChannelClaim => {
    const { currencyCode } = moved[0]!.totalAmount;
    const without = moved.map((transaction) => amount(transaction.totalAmount, 'totalAmount').minor - (feesIn(transaction, currencyCode)?.minor ?? 0));
    const taken = money(Math.max(0, -without.reduce((total, minor) => total + minor, 0)), currencyCode);
    const largest = money(Math.max(0, ...without.map((minor) => -minor)), currencyCode);
    const until = Math.max(...moved.map((transaction, index) => (without[index]! < 0 ? Date.parse(transaction.postedDate) : 0))) + APPEAL_MS;
    const open = taken.minor > 0 && now < until;
    return {
      claimId: `${kind} ${orderId}`, orderId, state: taken.minor === 0 ? 'won' : open ? 'taken' : 'lost', reason: kind, amount: largest, respondBy: open ? until : null, ...(kind === 'chargeback' ? { assumedDeadline: true } : {}), taken,
    };
  });
}

/** A deferred payment is stated again when it is released; it is one movement. */
const counts = (transaction: SpTransaction) => transaction.transactionStatus !== 'DEFERRED_RELEASED';

/** Fee, refunds and claims of one order; null while Amazon has posted nothing ("events might not include orders from the last 48 hours"). */
export async function moneyOf(client: SpClient, orderId: string, signal?: AbortSignal): Promise<OrderMoney | null> {
  const found: SpTransaction[] = [];
  for await (const listed of pages(client, { relatedIdentifierName: 'ORDER_ID', relatedIdentifierValue: orderId }, signal)) found.push(...listed.filter(counts));
  if (found.length === 0) return null;
  const fees = found.map((transaction) => feesIn(transaction, transaction.totalAmount.currencyCode));
  const { currencyCode } = found[0]!.totalAmount;
  const known = fees.filter((fee) => fee !== null);
  const refunds = found.flatMap((transaction, index): ChannelRefund[] => {
    if (isClaim(transaction) || !/refund/i.test(transaction.transactionType)) return [];
    // what the buyer got: all that moved, but for the fee that Amazon gave back with it
    const moved = amount(transaction.totalAmount, 'totalAmount').minor - (fees[index]?.minor ?? 0);
    return moved < 0 ? [{ refundId: idOf(transaction), amount: { minor: -moved, currency: currencyCode }, at: Date.parse(transaction.postedDate) }] : [];
  });
  const sales = found.filter((transaction) => !isClaim(transaction) && !/refund/i.test(transaction.transactionType));
  return { fee: known.length < found.length ? null : negate(sum(known, currencyCode)), feeParts: feePartsOf(sales, currencyCode), refunds, claims: claimsIn(orderId, found, client.now()), at: Math.max(...found.map((transaction) => Date.parse(transaction.postedDate))) };
}

/** Amazon takes no period that ends now. US orders that the seller ships are left out when a marketplace is named, so none is. */
function period(client: SpClient, query: OrderQuery): Readonly<Record<string, string>> | null {
  const until = Math.min(query.modifiedUntil ?? Number.MAX_SAFE_INTEGER, client.now() - SETTLES_MS);
  return query.modifiedFrom < until ? { postedAfter: toIso(query.modifiedFrom), postedBefore: toIso(until) } : null;
}

export async function* readTransactions(client: SpClient, query: OrderQuery): AsyncGenerator<ChannelTransaction[]> {
  const within = period(client, query);
  if (!within) return;
  for await (const listed of pages(client, within, query.signal)) {
    yield listed.filter(counts).map((transaction): ChannelTransaction => {
      const orderId = orderOf(transaction);
      const fee = feesIn(transaction, transaction.totalAmount.currencyCode);
      return {
        transactionId: idOf(transaction), kind: transaction.transactionType, ...(orderId === undefined ? {} : { orderId }), amount: amount(transaction.totalAmount, 'totalAmount'), ...(fee ? { fee: negate(fee) } : {}),
        at: Date.parse(transaction.postedDate), memo: transaction.description,
      };
    });
  }
}

/**
 * The model names no words for what is charged beside orders; these are of Seller Central's payment reports ("FBA storage fee", "FBA Inbound Placement Service Fee", "FBA Amazon-Partnered Carrier Shipment Fee",
 * "Subscription"): an assumption. What has none of them is `unknown`, and a person says what it is.
 */
const CHARGES: readonly (readonly [RegExp, ChargeKind])[] = [
  [/placement/i, 'placement'], [/partnered|inbound.*(?:transport|shipment|freight|carrier)|carrier/i, 'transport'], [/storage|aged inventory/i, 'storage'], [/subscription|advertis|sponsored|removal|disposal|label|prep(?:aration)?\b|service ?fee/i, 'service'],
];
/** Money on its way to the bank, or held back for a while: neither is a charge. */
const PAID_OUT = /transfer|disburse|payout|reserve|payable|deferred/i;
const OF_A_PAYOUT = new Set(['DISBURSEMENT_ID', 'TRANSFER_ID', 'RELEASE_TRANSACTION_ID', 'DEFERRED_TRANSACTION_ID']);
const CONFIRMATION = /\bFBA[0-9A-Z]{6,20}\b/g;

function chargeOf(transaction: SpTransaction): ChannelCharge | null {
  const related = transaction.relatedIdentifiers ?? [];
  const words = [...new Set([transaction.transactionType, transaction.description ?? ''])].filter(Boolean).join(': ');
  if (orderOf(transaction) !== undefined || PAID_OUT.test(words) || related.some(({ relatedIdentifierName }) => OF_A_PAYOUT.has(relatedIdentifierName ?? ''))) return null;
  const named = [words, ...(transaction.breakdowns ?? []).map(({ breakdownType }) => breakdownType ?? '')].join(' ');
  return {
    chargeId: idOf(transaction), kind: CHARGES.find(([word]) => word.test(named))?.[1] ?? 'unknown', words: words.slice(0, 200), amount: negate(amount(transaction.totalAmount, 'totalAmount')), at: Date.parse(transaction.postedDate),
    references: [...new Set([...related.flatMap(({ relatedIdentifierValue }) => (relatedIdentifierValue ? [relatedIdentifierValue] : [])), ...(words.match(CONFIRMATION) ?? [])])],
  };
}

/** What was taken from the account beside orders. */
export async function* readCharges(client: SpClient, query: OrderQuery): AsyncGenerator<ChannelCharge[]> {
  const within = period(client, query);
  if (!within) return;
  for await (const listed of pages(client, within, query.signal)) {
    yield listed.filter(counts).flatMap((transaction) => chargeOf(transaction) ?? []);
  }
}

/** Orders for which money moved in a period. */
export async function ordersWithMoney(client: SpClient, query: OrderQuery): Promise<Set<string>> {
  const within = period(client, query);
  const ids = new Set<string>();
  if (!within) return ids;
  for await (const listed of pages(client, within, query.signal)) {
    for (const transaction of listed) {
      const orderId = orderOf(transaction);
      if (orderId !== undefined) ids.add(orderId);
    }
  }
  return ids;
}
