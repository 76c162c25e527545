import type { ChannelTransaction, OrderQuery } from '#engine/orders/ports.ts';
import { money, subtract, type Money } from '#kernel/money.ts';
import { DAY_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/etsy.json' with { type: 'json' };
import { readAmount } from './amounts.ts';
import type { EtsyClient } from './etsy-client.ts';
import { ledgerSchema, paymentsSchema, type EtsyEntry, type EtsyReceipt } from './schema.ts';

/** Fees are put down when a sale is made or given back, or soon after. */
const FEES_WITHIN_MS = DAY_MS;
/** Movements that are no fee, and the processing fee, which the payment states. */
const NO_FEE = /gross|payment|disburse|deposit|recoup|tax/i;

const seconds = (instant: Instant) => Math.floor(instant / SECOND_MS);

async function* entries(client: EtsyClient, span: { readonly from: Instant; readonly until: Instant; readonly signal: AbortSignal | undefined }): AsyncGenerator<EtsyEntry[]> {
  const shop = await client.shopId();
  for (let offset = 0; ; ) {
    const { body } = await client.send({
      operation: 'read ledger', method: 'GET', path: `/v3/application/shops/${shop}/payment-account/ledger-entries`, effect: 'read', schema: ledgerSchema, signal: span.signal,
      query: { min_created: seconds(span.from), max_created: seconds(span.until), limit: quotas.perPage, offset },
    });
    if (body.results.length > 0) yield body.results;
    offset += body.results.length;
    if (body.results.length === 0 || offset >= body.count) return;
  }
}

/**
 * What Etsy keeps of a sale: the processing fee that its payment states, and what the shop's ledger took for the receipt or its lines. Etsy's document names neither the kinds of ledger entries nor what they refer to; what
 * points at this sale, and is no payment, payout or tax, is read as its fee, or as a fee that came back. Null: there is no payment yet.
 */
export async function feeOf(client: EtsyClient, receipt: EtsyReceipt, signal?: AbortSignal): Promise<Money | null> {
  const shop = await client.shopId();
  const { body } = await client.send({ operation: 'read payment', method: 'GET', path: `/v3/application/shops/${shop}/receipts/${receipt.receipt_id}/payments`, effect: 'read', schema: paymentsSchema, signal });
  if (body.results.length === 0) return null;
  const ours = new Set([String(receipt.receipt_id), ...receipt.transactions.map((line) => String(line.transaction_id))]);
  let fee = money(0, client.currency);
  for (const payment of body.results) fee = { ...fee, minor: fee.minor + readAmount(payment.adjusted_fees ?? payment.amount_fees, 'amount_fees').minor };
  const from = receipt.created_timestamp * SECOND_MS;
  const last = Math.max(from, receipt.updated_timestamp * SECOND_MS, ...(receipt.refunds ?? []).map((refund) => refund.created_timestamp * SECOND_MS));
  for await (const listed of entries(client, { from, until: Math.max(from + SECOND_MS, Math.min(last + FEES_WITHIN_MS, client.now())), signal })) {
    for (const entry of listed) {
      if (entry.currency !== client.currency || !entry.reference_id || !ours.has(entry.reference_id) || NO_FEE.test(`${entry.ledger_type ?? ''} ${entry.description ?? ''}`)) continue;
      fee = subtract(fee, money(entry.amount, entry.currency));
    }
  }
  return fee;
}

export async function* readTransactions(client: EtsyClient, query: OrderQuery): AsyncGenerator<ChannelTransaction[]> {
  for await (const listed of entries(client, { from: query.modifiedFrom, until: query.modifiedUntil ?? client.now(), signal: query.signal })) {
    yield listed.map((entry) => ({ transactionId: String(entry.entry_id), kind: entry.ledger_type ?? entry.description ?? 'entry', amount: money(entry.amount, entry.currency), at: entry.created_timestamp * SECOND_MS, memo: entry.description ?? undefined }));
  }
}
