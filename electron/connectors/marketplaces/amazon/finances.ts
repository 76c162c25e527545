import type { ChannelRefund, ChannelTransaction, OrderQuery } from '#engine/orders/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { negate, sum, type Money } from '#kernel/money.ts';
import { MINUTE_MS, toIso, type Instant } from '#kernel/time.ts';
import { moneyFromNumber } from '../../http/index.ts';
import type { SpClient } from '../../data/amazon-sp-api/index.ts';
import { transactionsSchema, type SpBreakdown, type SpCurrency, type SpTransaction } from './schema.ts';

/** "The date-time must be more than two minutes before the time of the request." */
const SETTLES_MS = 3 * MINUTE_MS;
const OPERATION = 'read transactions';

/** What the account's transactions say of one order. */
export interface OrderMoney {
  /** What Amazon has kept, net of what it gave back. */
  readonly fee: Money | null;
  readonly refunds: readonly ChannelRefund[];
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

/** A deferred payment is stated again when it is released; it is one movement. */
const counts = (transaction: SpTransaction) => transaction.transactionStatus !== 'DEFERRED_RELEASED';

/** Fee and refunds of one order; null while Amazon has posted nothing ("events might not include orders from the last 48 hours"). */
export async function moneyOf(client: SpClient, orderId: string, signal?: AbortSignal): Promise<OrderMoney | null> {
  const found: SpTransaction[] = [];
  for await (const listed of pages(client, { relatedIdentifierName: 'ORDER_ID', relatedIdentifierValue: orderId }, signal)) found.push(...listed.filter(counts));
  if (found.length === 0) return null;
  const fees = found.map((transaction) => feesIn(transaction, transaction.totalAmount.currencyCode));
  const { currencyCode } = found[0]!.totalAmount;
  const known = fees.filter((fee) => fee !== null);
  const refunds = found.flatMap((transaction, index): ChannelRefund[] => {
    if (!/refund/i.test(transaction.transactionType)) return [];
    // what the buyer got: all that moved, but for the fee that Amazon gave back with it
    const moved = amount(transaction.totalAmount, 'totalAmount').minor - (fees[index]?.minor ?? 0);
    return moved < 0 ? [{ refundId: idOf(transaction), amount: { minor: -moved, currency: currencyCode }, at: Date.parse(transaction.postedDate) }] : [];
  });
  return { fee: known.length < found.length ? null : negate(sum(known, currencyCode)), refunds, at: Math.max(...found.map((transaction) => Date.parse(transaction.postedDate))) };
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
