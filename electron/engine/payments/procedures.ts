import { implement } from '@orpc/server';
import { z } from 'zod';
import { declaredErrors } from '#contract/errors.ts';
import { paymentsContract, type disputeRow, type paymentDetail, type paymentRow, type payoutRow } from '#contract/payments.ts';
import { money } from '#kernel/money.ts';
import { toNumber } from '#runtime/database.ts';
import { searchMarks } from '#runtime/field-seal.ts';
import { inOrder } from '#runtime/sorted-page.ts';
import type { Tx } from '#runtime/ports.ts';
import { readBalances, receivableOf } from '../ledger/index.ts';
import { loadPayment } from './advance-payment.ts';
import { checkPayment } from './check-payment.ts';
import type { PaymentsDeps } from './deps.ts';
import { wrongState } from './errors.ts';
import { maskPhone, openCustomer, type Payment } from './payment.ts';
import { listPayments, readPaymentFacets } from './list-payments.ts';
import { hangs, refundable, refundPayment, settleRefund } from './refund-payment.ts';
import { findPayments, listEvents, listRefunds } from './repo.ts';
import { cancelPayment, requestAgain, requestPayment } from './request-payment.ts';
import { readPayouts, recordPayout } from './settle-payouts.ts';

const nameOf = (deps: PaymentsDeps, id: string): string => deps.providers().find((provider) => provider.id === id)?.name ?? id;

const rowOf = (deps: PaymentsDeps, payment: Payment): z.infer<typeof paymentRow> => ({
  id: payment.id, provider: payment.provider, providerName: nameOf(deps, payment.provider), method: payment.method, state: payment.state, problem: payment.problem,
  amount: payment.amount, paid: payment.paid, fee: payment.fee, refunded: payment.refunded, description: payment.description, customerName: openCustomer(deps.ctx.seal, payment).name, createdAt: payment.createdAt, expiresAt: payment.expiresAt, paidAt: payment.paidAt,
  checkedAt: payment.checkedAt, checkAt: payment.checkAt, version: payment.version,
});

async function detailOf(deps: PaymentsDeps, tx: Tx, id: string): Promise<z.infer<typeof paymentDetail>> {
  const payment = await loadPayment(tx, id);
  const refunds = await listRefunds(tx, id);
  const customer = openCustomer(deps.ctx.seal, payment);
  return {
    ...rowOf(deps, payment), customerEmail: customer.email, customerPhone: customer.phone === null ? null : maskPhone(customer.phone), url: payment.url, lotId: payment.lotId, units: payment.units, orderId: payment.orderId, refundable: refundable(payment, refunds),
    refundsByProvider: deps.providers().find((provider) => provider.id === payment.provider)?.refunds ?? false,
    refunds: refunds.map((refund) => {
      const { id: refundId, amount, reason, state, externalId, error, createdAt, endedAt } = refund;
      return { id: refundId, amount, reason, state, externalId, error, createdAt, endedAt, hangs: hangs(refund, deps.ctx.clock.now()) };
    }),
    events: (await listEvents(tx, id)).map((event) => ({ ...event, data: { ...event.data } })),
  };
}

async function readDisputes(tx: Tx): Promise<z.infer<typeof disputeRow>[]> {
  const rows = await tx.paymentDispute.findMany({ orderBy: { id: 'desc' }, take: 200 });
  return rows.map((row) => ({
    id: row.id, provider: row.provider, externalId: row.externalId, paymentId: row.paymentId, state: row.state as z.infer<typeof disputeRow>['state'], amount: money(toNumber(row.amountMinor), row.currency), fee: money(toNumber(row.feeMinor), row.currency),
    reason: row.reason, answerBy: row.answerBy === null ? null : toNumber(row.answerBy), seenAt: toNumber(row.seenAt),
  }));
}

/** @param person whose doing it is. */
export function createPaymentProcedures(deps: PaymentsDeps, person: string) {
  const os = implement(paymentsContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  return os.router({
    providers: os.providers.handler(async () => {
      const balances = await readBalances(prisma);
      return deps.providers().map((provider) => ({
        id: provider.id, name: provider.name, methods: [...provider.methods], currencies: provider.currencies && [...provider.currencies], needs: Object.fromEntries(Object.entries(provider.needs).map(([method, needs]) => [method, [...needs]])),
        refunds: provider.refunds, payouts: provider.payouts !== undefined, owed: balances.filter((line) => line.account === receivableOf(provider.id) && line.amount.minor !== 0).map((line) => line.amount),
      }));
    }),
    list: os.list.handler(async ({ input }) => {
      const { ids, ...page } = await listPayments(deps.ctx.db, { ...input, ...(input.search === undefined ? {} : { marks: searchMarks(deps.ctx.seal, input.search) }) });
      return { ...page, items: inOrder(ids, await findPayments(prisma, ids)).map((payment) => rowOf(deps, payment)) };
    }),
    facets: os.facets.handler(async () => {
      const { choices, currencies } = await readPaymentFacets(deps.ctx.db);
      return { choices: { provider: choices['provider']!.map((found) => ({ ...found, name: nameOf(deps, found.key) })) }, currencies };
    }),
    get: os.get.handler(({ input }) => detailOf(deps, prisma, input.id)),
    request: os.request.handler(async ({ input }) => detailOf(deps, prisma, (await requestPayment(deps, { ...input, by: person })).id)),
    check: os.check.handler(async ({ input }) => {
      const payment = await loadPayment(prisma, input.id);
      if (payment.state === 'requesting' || payment.state === 'unclear') throw wrongState(payment.state);
      await checkPayment(deps, input.id);
      return detailOf(deps, prisma, input.id);
    }),
    cancel: os.cancel.handler(async ({ input }) => detailOf(deps, prisma, (await cancelPayment(deps, { ...input, by: person })).id)),
    requestAgain: os.requestAgain.handler(async ({ input }) => detailOf(deps, prisma, (await requestAgain(deps, { ...input, by: person })).id)),
    refund: os.refund.handler(async ({ input }) => detailOf(deps, prisma, (await refundPayment(deps, { ...input, by: person })).id)),
    settleRefund: os.settleRefund.handler(async ({ input }) => detailOf(deps, prisma, (await settleRefund(deps, { ...input, by: person })).id)),
    payouts: os.payouts.handler(async ({ input }) => (await readPayouts(prisma, input.limit)).map((payout) => ({ ...payout, lines: payout.lines.map((line) => ({ ...line })) })) as z.infer<typeof payoutRow>[]),
    recordPayout: os.recordPayout.handler(async ({ input }) => {
      await recordPayout(deps, { ...input, by: person });
      return {};
    }),
    disputes: os.disputes.handler(() => readDisputes(prisma)),
  });
}
