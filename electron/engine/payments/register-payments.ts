import { HOUR_MS } from '#kernel/time.ts';
import { captureWorkflow, CHECK_EVERY_MS, CHECK_PAYMENTS, checkPaymentsJob } from './check-payment.ts';
import type { PaymentsDeps } from './deps.ts';
import { CHECK_REFUNDS, checkRefundsJob, refundWorkflow } from './refund-payment.ts';
import { requestWorkflow } from './request-payment.ts';
import { SETTLE_EVERY_MS, SETTLE_PAYOUTS, settlePayoutsJob } from './settle-payouts.ts';

/** Before `jobs.start()`. */
export function registerPayments(deps: PaymentsDeps): void {
  const { workflows, jobs } = deps.ctx;
  workflows.define(requestWorkflow(deps));
  workflows.define(captureWorkflow(deps));
  workflows.define(refundWorkflow(deps));
  jobs.register(checkPaymentsJob(deps));
  jobs.register(checkRefundsJob(deps));
  jobs.register(settlePayoutsJob(deps));
}

/** The turns that the clock gives. A desk without a payment provider has none. */
export async function schedulePayments(deps: PaymentsDeps): Promise<void> {
  const enabled = deps.providers().length > 0;
  const { jobs } = deps.ctx;
  await jobs.schedule(CHECK_PAYMENTS, { everyMs: CHECK_EVERY_MS, jobKind: CHECK_PAYMENTS, payload: {}, enabled });
  await jobs.schedule(CHECK_REFUNDS, { everyMs: HOUR_MS, jobKind: CHECK_REFUNDS, payload: {}, enabled });
  await jobs.schedule(SETTLE_PAYOUTS, { everyMs: SETTLE_EVERY_MS, jobKind: SETTLE_PAYOUTS, payload: {}, enabled });
}
