import type { PayoutLine, ProviderDispute, ProviderPayout } from '#engine/payments/ports.ts';
import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { balanceTransactionSchema, disputeSchema, listOf, payoutSchema } from './stripe-schema.ts';
import type { StripeApi } from './stripe-api.ts';
import type { z } from 'zod';

type BalanceTransaction = z.infer<typeof balanceTransactionSchema>;
type Dispute = z.infer<typeof disputeSchema>;

const KINDS: Readonly<Record<string, PayoutLine['kind']>> = {
  charge: 'payment', payment: 'payment', refund: 'refund', payment_refund: 'refund', payment_failure_refund: 'refund', refund_failure: 'refund', adjustment: 'dispute', issuing_dispute: 'dispute', stripe_fee: 'fee', stripe_fx_fee: 'fee', tax_fee: 'fee', application_fee: 'fee',
};
const DISPUTE_STATES: Readonly<Record<string, ProviderDispute['state']>> = {
  needs_response: 'needs-response', warning_needs_response: 'needs-response', under_review: 'under-review', warning_under_review: 'under-review', won: 'won', warning_closed: 'won', charge_refunded: 'lost', lost: 'lost',
};

const idOf = (value: string | { readonly id: string } | null | undefined): string | null => (typeof value === 'string' ? value : (value?.id ?? null));

/** The payment behind a movement, by every id that an own shop may have kept of it. */
function paymentOf({ source }: BalanceTransaction): string[] {
  if (typeof source !== 'object' || source === null) return [];
  return [idOf(source.charge), idOf(source.payment_intent)].filter((id) => id !== null);
}

function lineOf(transaction: BalanceTransaction): PayoutLine {
  const currency = transaction.currency.toUpperCase();
  const amount = (minor: number) => money(minor, currency);
  return {
    externalId: transaction.id, kind: KINDS[transaction.type] ?? 'other', of: idOf(transaction.source), payment: paymentOf(transaction), gross: amount(transaction.amount), fee: amount(transaction.fee), net: amount(transaction.net),
    description: (transaction.description ?? transaction.type).slice(0, 200),
  };
}

function disputeOf(dispute: Dispute): ProviderDispute {
  const currency = dispute.currency.toUpperCase();
  // an inquiry has moved nothing, and one that was won has moved it back
  const moved = dispute.balance_transactions;
  const known = moved.every((transaction) => transaction.currency.toUpperCase() === currency);
  return {
    externalId: dispute.id, of: idOf(dispute.charge)!, payment: [idOf(dispute.payment_intent)].filter((id) => id !== null), ...(known ? { withheld: money(Math.max(0, -moved.reduce((sum, { amount }) => sum + amount, 0)), currency) } : {}), state: DISPUTE_STATES[dispute.status] ?? 'under-review', amount: money(dispute.amount, currency),
    // the fee is of the account's currency; in another it is not known in the dispute's
    fee: money(dispute.balance_transactions.filter((transaction) => transaction.currency.toUpperCase() === currency).reduce((sum, transaction) => sum + transaction.fee, 0), currency), reason: dispute.reason,
    answerBy: dispute.evidence_details?.due_by ? dispute.evidence_details.due_by * 1_000 : null,
  };
}

/** Newest first, each with every movement that it is made of. */
export async function* stripePayouts(api: StripeApi, since: Instant, signal: AbortSignal | undefined): AsyncIterable<ProviderPayout> {
  for await (const payout of api.all({ operation: 'list payouts', path: '/v1/payouts', query: { 'created[gte]': Math.floor(since / 1_000) }, schema: listOf(payoutSchema), signal })) {
    const lines: PayoutLine[] = [];
    for await (const transaction of api.all({ operation: 'list movements', path: '/v1/balance_transactions', query: { payout: payout.id, 'expand[0]': 'data.source' }, schema: listOf(balanceTransactionSchema), signal })) {
      if (transaction.type !== 'payout') lines.push(lineOf(transaction));
    }
    const state = payout.status === 'paid' ? 'paid' : payout.status === 'failed' || payout.status === 'canceled' ? 'failed' : 'pending';
    yield { externalId: payout.id, state, amount: money(payout.amount, payout.currency.toUpperCase()), arrivesAt: payout.arrival_date * 1_000, lines };
  }
}

export async function* stripeDisputes(api: StripeApi, since: Instant, signal: AbortSignal | undefined): AsyncIterable<ProviderDispute> {
  for await (const dispute of api.all({ operation: 'list disputes', path: '/v1/disputes', query: { 'created[gte]': Math.floor(since / 1_000) }, schema: listOf(disputeSchema), signal })) yield disputeOf(dispute);
}
