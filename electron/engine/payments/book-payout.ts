/** A payout in the books, also one in another currency than its payments were made in, and one that the bank sent back after it had been told to have arrived. */
import { money, negate, toDecimal, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, feesOf, findEntry, FX, post, receivableOf, SUSPENSE, type EntryLine } from '../ledger/index.ts';
import { loadPayment } from './advance-payment.ts';
import type { PaymentsDeps } from './deps.ts';
import type { PayoutLine } from './ports.ts';

/** Of the ledger's entries that move a receivable into cash; see orders/pay-out.ts. */
export const PAYOUT = 'payout';

export interface JoinedLine extends PayoutLine {
  readonly paymentId: string | null;
  /** The order of an own shop that was paid through the provider; see settle-shop-orders.ts. */
  readonly orderId: string | null;
}

export interface BookedPayout {
  readonly id: string;
  readonly provider: string;
  readonly externalId: string;
  readonly amount: Money;
  readonly lines: readonly JoinedLine[];
}

/** What a movement of a payment cleared of what was owed in the payment's own currency; null where the payment is of the payout's, or where that cannot be said. */
async function owedAbroad(tx: Tx, line: JoinedLine, provider: string): Promise<Money | 'unknown' | null> {
  const payment = await loadPayment(tx, line.paymentId!);
  const { currency } = payment.amount;
  if (currency === line.gross.currency) return null;
  if (line.kind === 'payment') return payment.paid ?? 'unknown';
  if (line.of === null) return 'unknown';
  if (line.kind === 'refund') {
    const refund = await tx.paymentRefund.findFirst({ where: { paymentId: payment.id, externalId: line.of } });
    return refund ? money(-Number(refund.amountMinor), currency) : 'unknown';
  }
  const dispute = line.kind === 'dispute' ? await tx.paymentDispute.findUnique({ where: { provider_externalId: { provider, externalId: line.of } } }) : null;
  return dispute && dispute.currency === currency ? money(Math.sign(line.gross.minor) * Number(dispute.amountMinor), currency) : 'unknown';
}

/** Movements of payments that were made in another currency: what was owed there goes out by the account of exchanges, and comes in by it as the provider changed it. */
async function changed(tx: Tx, { provider, lines }: BookedPayout): Promise<{ readonly entry: EntryLine[]; readonly net: number; readonly says: string }> {
  const entry: EntryLine[] = [];
  const sums = new Map<string, { own: number; gross: number }>();
  let net = 0;
  for (const line of lines) {
    const owed = line.paymentId === null ? null : await owedAbroad(tx, line, provider);
    if (owed === null || owed === 'unknown') continue;
    entry.push({ account: receivableOf(provider), amount: negate(owed) }, { account: FX, amount: owed }, { account: FX, amount: negate(line.gross) }, { account: feesOf(provider), amount: line.fee });
    net += line.net.minor;
    const so = sums.get(owed.currency) ?? { own: 0, gross: 0 };
    sums.set(owed.currency, { own: so.own + owed.minor, gross: so.gross + line.gross.minor });
  }
  const to = lines[0]?.gross.currency ?? '';
  const says = [...sums].map(([currency, { own, gross }]) => `${toDecimal(money(own, currency))} ${currency} as ${toDecimal(money(gross, to))} ${to}`).join(', ');
  return { entry, net, says };
}

/**
 * Cash against what the provider owed for our payments and keeps for the account; fees of no payment are fees, and what nobody can name goes to suspense until a person explains it.
 * Once for each payout. What is of own shops' orders stands in entries of their own.
 */
export async function bookPayout(deps: PaymentsDeps, tx: Tx, payout: BookedPayout): Promise<void> {
  const { currency } = payout.amount;
  const sum = (lines: readonly JoinedLine[]) => lines.reduce((total, line) => total + line.net.minor, 0);
  const here: JoinedLine[] = [];
  for (const line of payout.lines) if (line.paymentId !== null && (await owedAbroad(tx, line, payout.provider)) === null) here.push(line);
  const ours = sum(here) + sum(payout.lines.filter(({ kind }) => kind === 'balance'));
  const fees = sum(payout.lines.filter((line) => line.paymentId === null && line.orderId === null && line.kind === 'fee'));
  // booked for each order by itself
  const cash = payout.amount.minor - sum(payout.lines.filter((line) => line.orderId !== null));
  const abroad = await changed(tx, payout);
  const entry: EntryLine[] = [
    { account: CASH, amount: money(cash, currency) }, { account: receivableOf(payout.provider), amount: money(-ours, currency) }, { account: feesOf(payout.provider), amount: money(-fees, currency) }, ...abroad.entry,
    { account: SUSPENSE, amount: money(ours + fees + abroad.net - cash, currency) },
  ];
  const memo = `${payout.provider} ${payout.externalId}${abroad.says === '' ? '' : ` (${abroad.says})`}`;
  await post(deps.orders, tx, { key: `payout:${payout.id}`, kind: PAYOUT, memo, ref: { kind: 'payout', id: payout.id }, at: deps.ctx.clock.now(), lines: entry.filter((line) => line.amount.minor !== 0) });
}

/** The bank sent it back: what was booked of it is undone, and the provider owes it again. Once. */
export async function unbookPayout(deps: PaymentsDeps, tx: Tx, payout: Pick<BookedPayout, 'id' | 'provider' | 'externalId'>): Promise<void> {
  const booked = await findEntry(tx, `payout:${payout.id}`);
  if (!booked) return;
  await post(deps.orders, tx, {
    key: `payout:${payout.id}:failed`, kind: PAYOUT, memo: `${payout.provider} ${payout.externalId}: sent back by the bank`, ref: { kind: 'payout', id: payout.id }, at: deps.ctx.clock.now(), lines: booked.lines.map(({ account, amount }) => ({ account, amount: negate(amount) })),
  });
}
