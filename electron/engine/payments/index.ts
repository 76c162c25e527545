export { captureWorkflow, CHECK_EVERY_MS, CHECK_PAYMENTS, checkPayment, checkPaymentsJob, nextCheck, receiveNotice } from './check-payment.ts';
export type { PaymentsDeps } from './deps.ts';
export { forgetPhones } from './forget-phones.ts';
export { PAYMENT_TRANSITIONS, type PaymentState } from './machine.ts';
export { openCustomer, type Payment, type Refund } from './payment.ts';
/** Its columns that name a person. */
export const PAYMENT_PERSON = { table: 'Payment', columns: ['customerName', 'customerEmail', 'customerPhone'], words: 'customerWords' } as const;
export { createPaymentProcedures } from './procedures.ts';
export { CHECK_REFUNDS, checkRefundsJob, refundPayment, refundWorkflow } from './refund-payment.ts';
export { registerPayments, schedulePayments } from './register-payments.ts';
export { cancelPayment, requestPayment, requestWorkflow } from './request-payment.ts';
export { SETTLE_PAYOUTS, settlePayoutsJob } from './settle-payouts.ts';
