import { z } from 'zod';
import { isConnectorError, messageOf } from '#kernel/errors.ts';
import { money, type Money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { JobHandler, Tx } from '#runtime/ports.ts';
import { CASH, post, receivableOf } from '../ledger/index.ts';
import { correctDirectFee, noteProviderTells, refundDirectSale } from '../orders/index.ts';
import { advance, loadPayment, record } from './advance-payment.ts';
import { bookPayout, PAYOUT, unbookPayout, type JoinedLine } from './book-payout.ts';
import type { PaymentsDeps } from './deps.ts';
import { invalid } from './errors.ts';
import { canGo } from './machine.ts';
import type { PaymentProvider, PayoutLine, ProviderDispute, ProviderPayout } from './ports.ts';
import { findByAlias, insertAliases } from './repo.ts';
import { orderOf, settleShopOrders, takeShopDispute, unsettleShopOrders } from './settle-shop-orders.ts';

export const SETTLE_PAYOUTS = 'payments.settle';
export const SETTLE_EVERY_MS = 6 * HOUR_MS;
/** Payouts and disputes are read this far back each time: both change after they were first seen. */
const LOOK_BACK_MS = 45 * DAY_MS;
async function joined(tx: Tx, provider: string, lines: readonly PayoutLine[]): Promise<JoinedLine[]> {
  const found: JoinedLine[] = [];
  for (const line of lines) {
    const paymentId = line.of === null ? null : await findByAlias(tx, provider, line.of);
    found.push({ ...line, paymentId, orderId: paymentId === null ? ((await orderOf(tx, provider, line))?.id ?? null) : null });
  }
  return found;
}

/** The fee that a payout names is the true one. */
async function correctFees(deps: PaymentsDeps, tx: Tx, lines: readonly JoinedLine[]): Promise<void> {
  for (const line of lines) {
    if (line.paymentId === null || line.kind !== 'payment') continue;
    const payment = await loadPayment(tx, line.paymentId);
    if (payment.orderId === null || payment.fee?.minor === line.fee.minor || payment.amount.currency !== line.fee.currency) continue;
    await correctDirectFee(deps.orders, tx, payment.orderId, line.fee);
    await tx.payment.update({ where: { id: payment.id }, data: { feeMinor: line.fee.minor, version: { increment: 1 } } });
    await record(deps, tx, payment.id, 'fee-settled', { before: payment.fee, settled: line.fee });
  }
}

async function takePayout(deps: PaymentsDeps, provider: string, payout: ProviderPayout, by: string): Promise<void> {
  await deps.ctx.db.transaction(async (tx) => {
    const now = deps.ctx.clock.now();
    const known = await tx.payout.findUnique({ where: { provider_externalId: { provider, externalId: payout.externalId } } });
    if (known && known.bookedAt !== null && known.state === payout.state) return;
    const lines = await joined(tx, provider, payout.lines);
    const id = known?.id ?? deps.ctx.ids.next('payout');
    const difference = payout.amount.minor - lines.reduce((total, line) => total + line.net.minor, 0);
    const booked = payout.state === 'paid' && (known === null || known.bookedAt === null);
    const sentBack = payout.state === 'failed' && known !== null && known.bookedAt !== null;
    const data = { state: payout.state, amountMinor: payout.amount.minor, currency: payout.amount.currency, arrivesAt: payout.arrivesAt, difference, seenAt: now, ...(booked ? { bookedAt: now } : {}), ...(sentBack ? { bookedAt: null } : {}) };
    await (known ? tx.payout.update({ where: { id }, data }) : tx.payout.create({ data: { id, provider, externalId: payout.externalId, createdBy: by, ...data } }));
    if (sentBack) await unsettleShopOrders(deps, tx, id, (await tx.payoutLine.findMany({ where: { payoutId: id, orderId: { not: null } }, select: { orderId: true } })).map(({ orderId }) => orderId!));
    await tx.payoutLine.deleteMany({ where: { payoutId: id } });
    await tx.payoutLine.createMany({
      data: lines.map((line) => ({ payoutId: id, externalId: line.externalId, kind: line.kind, paymentId: line.paymentId, orderId: line.orderId, grossMinor: line.gross.minor, feeMinor: line.fee.minor, netMinor: line.net.minor, description: line.description })),
    });
    if (sentBack) {
      await unbookPayout(deps, tx, { id, provider, externalId: payout.externalId });
      await deps.ctx.outbox.add(tx, 'payout.sent-back', id, { provider });
    }
    if (!booked) return;
    await correctFees(deps, tx, lines);
    await settleShopOrders(deps, tx, { id, provider, externalId: payout.externalId, lines });
    await bookPayout(deps, tx, { id, provider, externalId: payout.externalId, amount: payout.amount, lines });
    await deps.ctx.outbox.add(tx, 'payout.booked', id, { provider, difference });
  });
}

/** A person saw money of a provider arrive at the bank; providers that name no payouts are settled so, oldest payments first. */
export async function recordPayout(deps: PaymentsDeps, input: { readonly provider: string; readonly amount: Money; readonly reference: string; readonly by: string }): Promise<void> {
  if (input.amount.minor <= 0) throw invalid('amount', 'must be above zero');
  if (await deps.ctx.db.prisma.payout.findUnique({ where: { provider_externalId: { provider: input.provider, externalId: input.reference } } })) throw invalid('reference', 'a payout with this reference is recorded already');
  const none = money(0, input.amount.currency);
  const line: PayoutLine = { externalId: 'by-hand', kind: 'other', of: null, gross: input.amount, fee: none, net: input.amount, description: '' };
  await deps.ctx.db.transaction(async (tx) => {
    const now = deps.ctx.clock.now();
    const id = deps.ctx.ids.next('payout');
    await tx.payout.create({ data: { id, provider: input.provider, externalId: input.reference, state: 'paid', amountMinor: input.amount.minor, currency: input.amount.currency, arrivesAt: now, bookedAt: now, createdBy: input.by, seenAt: now } });
    await tx.payoutLine.create({ data: { payoutId: id, externalId: line.externalId, kind: line.kind, paymentId: null, grossMinor: line.gross.minor, feeMinor: 0, netMinor: line.net.minor, description: '' } });
    await post(deps.orders, tx, {
      key: `payout:${id}`, kind: PAYOUT, memo: `${input.provider} ${input.reference}`, ref: { kind: 'payout', id }, at: now, lines: [{ account: CASH, amount: input.amount }, { account: receivableOf(input.provider), amount: money(-input.amount.minor, input.amount.currency) }],
    });
    await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desk', action: 'payout.recorded', subject: id, data: { provider: input.provider, amount: input.amount, reference: input.reference } });
    await deps.ctx.outbox.add(tx, 'payout.booked', id, { provider: input.provider, difference: 0 });
  });
}

/** A dispute that is lost is a refund that nobody asked us for, with a fee; until then the money is only withheld. */
async function takeDispute(deps: PaymentsDeps, of: Pick<PaymentProvider, 'id' | 'name'>, dispute: ProviderDispute): Promise<void> {
  const provider = of.id;
  await deps.ctx.db.transaction(async (tx) => {
    const now = deps.ctx.clock.now();
    const key = { provider_externalId: { provider, externalId: dispute.externalId } };
    const known = await tx.paymentDispute.findUnique({ where: key });
    const paymentId = await findByAlias(tx, provider, dispute.of);
    // whatever state was seen before: the order may have been read since, and its money moves without a word
    if (paymentId === null) await takeShopDispute(deps, tx, of, dispute);
    if (known?.state === dispute.state) return;
    const data = { paymentId, state: dispute.state, amountMinor: dispute.amount.minor, feeMinor: dispute.fee.minor, currency: dispute.amount.currency, reason: dispute.reason, answerBy: dispute.answerBy, changedAt: now };
    await (known ? tx.paymentDispute.update({ where: key, data }) : tx.paymentDispute.create({ data: { id: deps.ctx.ids.next('dispute'), provider, externalId: dispute.externalId, seenAt: now, ...data } }));
    await deps.ctx.outbox.add(tx, `dispute.${dispute.state}`, paymentId, { provider, amount: dispute.amount, answerBy: dispute.answerBy });
    if (paymentId === null) return;
    const payment = await loadPayment(tx, paymentId);
    await insertAliases(tx, payment, { dispute: dispute.externalId });
    const to = dispute.state === 'won' ? 'paid' : dispute.state === 'lost' ? 'lost' : 'disputed';
    let moved = payment;
    // a dispute that is lost the first time we hear of it was open before
    if (to === 'lost' && payment.state === 'paid') moved = await advance(deps, tx, payment, { to: 'disputed', data: { dispute: dispute.externalId } });
    if (canGo(moved.state, to)) moved = await advance(deps, tx, moved, { to, data: { dispute: dispute.externalId, reason: dispute.reason } });
    if (to !== 'lost' || moved.orderId === null) return;
    const { currency } = moved.amount;
    // an amount of another currency is booked under none: a person looks
    if (dispute.amount.currency !== currency) return record(deps, tx, moved.id, 'other-currency', { asked: moved.amount, lost: dispute.amount });
    const fee = money((moved.fee?.minor ?? 0) + (dispute.fee.currency === currency ? dispute.fee.minor : 0), currency);
    await refundDirectSale(deps.orders, tx, moved.orderId, money(moved.refunded.minor + dispute.amount.minor, moved.amount.currency));
    await correctDirectFee(deps.orders, tx, moved.orderId, fee);
    await tx.payment.update({ where: { id: moved.id }, data: { feeMinor: fee.minor, version: { increment: 1 } } });
  });
}

const noPayload = z.strictObject({});

/** Reads payouts and disputes of every provider that tells of them. One provider that fails does not hold up the others. */
export function settlePayoutsJob(deps: PaymentsDeps): JobHandler<z.infer<typeof noPayload>> {
  return {
    kind: SETTLE_PAYOUTS, payload: noPayload,
    async run(_payload, job) {
      const since = deps.ctx.clock.now() - LOOK_BACK_MS;
      for (const provider of deps.providers()) {
        try {
          // first, since a payout names a dispute by its own id
          for await (const dispute of provider.disputes?.(since, job.signal) ?? []) await takeDispute(deps, provider, dispute);
          for await (const payout of provider.payouts?.(since, job.signal) ?? []) await takePayout(deps, provider.id, payout, 'provider');
          if (provider.payouts) await deps.ctx.db.transaction((tx) => noteProviderTells(tx, provider.id, deps.ctx.clock.now()));
        } catch (error) {
          if (!isConnectorError(error)) throw error;
          deps.ctx.log.warn('payouts could not be read', { provider: provider.id, reason: messageOf(error) });
        }
      }
    },
  };
}

export interface PayoutView {
  readonly id: string;
  readonly provider: string;
  readonly externalId: string;
  readonly state: string;
  readonly amount: Money;
  readonly arrivesAt: number;
  readonly booked: boolean;
  /** What no line explains. */
  readonly difference: Money;
  /** Movements of no payment of this program. */
  readonly foreign: number;
  readonly lines: readonly { readonly externalId: string; readonly kind: string; readonly paymentId: string | null; readonly gross: Money; readonly fee: Money; readonly net: Money; readonly description: string }[];
}

/** Latest arrival first. */
export async function readPayouts(tx: Tx, limit: number): Promise<PayoutView[]> {
  const rows = await tx.payout.findMany({ orderBy: [{ arrivesAt: 'desc' }, { id: 'desc' }], take: limit, include: { lines: { orderBy: { externalId: 'asc' } } } });
  return rows.map((row) => {
    const amount = (minor: bigint) => money(toNumber(minor), row.currency);
    return {
      id: row.id, provider: row.provider, externalId: row.externalId, state: row.state, amount: amount(row.amountMinor), arrivesAt: toNumber(row.arrivesAt), booked: row.bookedAt !== null, difference: amount(row.difference),
      foreign: row.lines.filter((line) => line.paymentId === null && line.orderId === null && line.kind !== 'fee' && line.kind !== 'balance' && row.createdBy === 'provider').length,
      lines: row.lines.map((line) => ({ externalId: line.externalId, kind: line.kind, paymentId: line.paymentId, gross: amount(line.grossMinor), fee: amount(line.feeMinor), net: amount(line.netMinor), description: line.description })),
    };
  });
}
