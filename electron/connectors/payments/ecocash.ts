import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { MadeRefund, PaymentProvider, PaymentReading, ProviderHandle, ProviderState } from '#engine/payments/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { HttpClient, moneyFromNumber, numberOf, type ConnectorOptions } from '../http/index.ts';
import { handleValue } from './handle.ts';
import { phoneTexts } from './phone-texts.ts';

export interface EcocashOptions extends ConnectorOptions {
  /** `https://developers.ecocash.co.zw/api/ecocash_pay`. */
  readonly baseUrl: string;
  readonly mode: 'live' | 'sandbox';
  readonly credentials: () => Promise<{ readonly apiKey: string; readonly merchantName: string }>;
}

const CONNECTOR = 'ecocash';
/** Words that community clients have seen; the vendor publishes no list. Others are shown, and nothing is concluded from them. */
const STATES: Readonly<Record<string, ProviderState>> = {
  PENDING: 'processing', 'PENDING SUBSCRIBER VALIDATION': 'processing', PROCESSING: 'processing', SUCCESS: 'paid', COMPLETED: 'paid', FAILED: 'failed', DECLINED: 'failed', CANCELLED: 'cancelled', EXPIRED: 'expired', REFUNDED: 'refunded',
};
const statusSchema = z.looseObject({
  amount: z.looseObject({ amount: z.number().nullish(), currency: z.string().nullish() }).or(z.number()).nullish(), currency: z.string().nullish(), transactionStatus: z.string().nullish(), status: z.string().nullish(), ecocashReference: z.string().nullish(),
});

/** EcoCash takes a UUID of ours as the reference of a transaction: made from the stored key, so that the same key is the same transaction. */
export function referenceOf(idempotencyKey: string): string {
  const hex = createHash('sha256').update(`ecocash:${idempotencyKey}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** `0771111111`, `+263 77 111 1111` → `263771111111`. Null for what is no Zimbabwean mobile number. */
export function msisdnOf(phone: string): string | null {
  const digits = phone.replace(/\D/g, '').replace(/^00/, '');
  const national = digits.startsWith('263') ? digits.slice(3) : digits.replace(/^0/, '');
  return /^7\d{8}$/.test(national) ? `263${national}` : null;
}

/** Where the number was erased, or is none: only the account itself tells more. */
function numberFor(phone: string | null, operation: string): string {
  const msisdn = msisdnOf(phone ?? '');
  if (!msisdn) throw new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation, code: 'NO_PHONE', message: 'the payer’s phone number is not kept any more, and EcoCash tells nothing without it: look at the merchant account' });
  return msisdn;
}

/** EcoCash direct: a prompt on the customer's phone. An answer may come back empty, and the status is asked for by our own reference. */
export function createEcocash(options: EcocashOptions): PaymentProvider & { close(): Promise<void> } {
  const http = new HttpClient({ ...options, connector: CONNECTOR, authorize: async () => ({ 'x-api-key': (await options.credentials()).apiKey }) });

  async function status(handle: ProviderHandle, msisdn: string, signal: AbortSignal | undefined): Promise<PaymentReading | 'absent'> {
    const { body } = await http.sendAccepting([404], {
      operation: 'read payment', method: 'POST', path: `/api/v1/transaction/c2b/status/${options.mode}`, effect: 'read', schema: statusSchema, signal, personal: phoneTexts(msisdn),
      json: { sourceMobileNumber: msisdn, sourceReference: handleValue(CONNECTOR, handle, 'reference') },
    });
    if (body === null) return 'absent';
    const word = (body.transactionStatus ?? body.status ?? '').trim().toUpperCase();
    const state = STATES[word];
    if (!state) throw new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation: 'read payment', message: `unknown status ${word.slice(0, 40)}` });
    const amount = typeof body.amount === 'number' ? body.amount : (body.amount?.amount ?? null);
    const currency = (typeof body.amount === 'object' ? body.amount?.currency : null) ?? body.currency ?? handle['currency'] ?? '';
    const paid = amount === null ? null : moneyFromNumber(amount, currency);
    if (state === 'paid' && !paid) throw new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation: 'read payment', message: 'paid, but the amount cannot be read' });
    return { state, status: word, paid: state === 'paid' ? paid : null, fee: null, refunded: null, handle: body.ecocashReference ? { ...handle, ecocashReference: body.ecocashReference } : handle };
  }

  return {
    id: CONNECTOR, name: 'EcoCash', methods: ['ecocash'], currencies: ['USD', 'ZWG'], needs: { ecocash: ['phone'] }, refunds: true,
    close: () => http.close(),
    async check(signal) {
      // asks after a payment that nobody made: a wrong key is refused, a right one finds nothing
      await status({ reference: referenceOf('check') }, '263770000000', signal).catch((error: unknown) => {
        if (!(error instanceof ConnectorError) || error.kind !== 'Critical') throw error;
      });
    },
    async create(payment, signal) {
      const msisdn = msisdnOf(payment.customer.phone ?? '');
      if (!msisdn) throw new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation: 'ask for payment', message: 'the phone number is no Zimbabwean mobile number (07… or +263 7…)' });
      const reference = referenceOf(payment.idempotencyKey);
      await http.send({
        operation: 'ask for payment', method: 'POST', path: `/api/v2/payment/instant/c2b/${options.mode}`, effect: 'once', body: 'none', schema: z.null(), signal, personal: phoneTexts(msisdn),
        json: { customerMsisdn: msisdn, amount: numberOf(payment.amount), reason: payment.description.slice(0, 100), currency: payment.amount.currency, sourceReference: reference },
      });
      // the number stays with the payment, sealed
      return { handle: { reference, currency: payment.amount.currency }, url: null, expiresAt: null };
    },
    async find(payment, signal) {
      const msisdn = msisdnOf(payment.customer.phone ?? '');
      if (!msisdn) return 'absent';
      const handle = { reference: referenceOf(payment.idempotencyKey), currency: payment.amount.currency };
      const found = await status(handle, msisdn, signal);
      return found === 'absent' ? 'absent' : { handle: found.handle, url: null, expiresAt: null };
    },
    async read(handle, signal, customerPhone) {
      const found = await status(handle, numberFor(customerPhone ?? null, 'read payment'), signal);
      if (found === 'absent') throw new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation: 'read payment', message: 'EcoCash does not know this payment' });
      return found;
    },
    async refund({ handle, amount, reason, idempotencyKey, customerPhone }, signal): Promise<MadeRefund> {
      const correlator = referenceOf(idempotencyKey);
      const msisdn = numberFor(customerPhone, 'refund');
      await http.send({
        operation: 'refund', method: 'POST', path: `/api/v2/refund/instant/c2b/${options.mode}`, effect: 'once', body: 'none', schema: z.null(), signal, personal: phoneTexts(msisdn),
        // the vendor's own spelling
        json: {
          origionalEcocashTransactionReference: handleValue(CONNECTOR, handle, 'ecocashReference'), refundCorelator: correlator, sourceMobileNumber: msisdn,
          amount: numberOf(amount), clientName: (await options.credentials()).merchantName, currency: amount.currency, reasonForRefund: reason.slice(0, 100),
        },
      });
      return { externalId: correlator, state: 'pending' };
    },
    // no call tells of a refund: a person looks at the account
    findRefund: () => Promise.resolve('unknown'),
  };
}
