import { z } from 'zod';
import { WebhookRefused, type MadePayment, type NewPayment, type PaymentProvider, type PaymentReading, type ProviderHandle, type ProviderState } from '#engine/payments/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { toDecimal } from '#kernel/money.ts';
import { HttpClient, moneyFromText, type ConnectorOptions } from '../http/index.ts';
import { handleValue } from './handle.ts';
import { maskPhones, phoneTexts } from './phone-texts.ts';
import { fieldsOf, hashHolds, hashOf, valuesOf, type PaynowFields } from './paynow-hash.ts';

export interface PaynowOptions extends ConnectorOptions {
  /** `https://www.paynow.co.zw`. */
  readonly baseUrl: string;
  /** An integration of Paynow is of one currency. */
  /** Where Paynow may send notices; absent: it cannot, and is asked. */
  readonly noticeUrl?: string | undefined;
  readonly credentials: () => Promise<{ readonly integrationId: string; readonly integrationKey: string; readonly currency: string; readonly merchantEmail: string; readonly returnUrl: string }>;
}

const CONNECTOR = 'paynow';
/** Paynow's words for a status, lower case; the ones that are not named here are shown and nothing is concluded from them. */
const STATES: Readonly<Record<string, ProviderState>> = {
  created: 'open', sent: 'processing', 'awaiting delivery': 'paid', delivered: 'paid', paid: 'paid', cancelled: 'cancelled', failed: 'failed', disputed: 'disputed', refunded: 'refunded',
};

const failure = (operation: string, message: string, kind: 'Critical' | 'Rejected' = 'Critical') => new ConnectorError({ kind, connector: CONNECTOR, operation, message });

/** Paynow (Zimbabwe): a page to pay on, and EcoCash by a prompt on the phone (`ecocash`). Every answer is signed; one without its hash is not believed. */
export function createPaynow(options: PaynowOptions): PaymentProvider & { close(): Promise<void> } {
  const http = new HttpClient({ ...options, connector: CONNECTOR, headers: { accept: 'text/plain' } });

  async function signed(fields: PaynowFields): Promise<Record<string, string>> {
    const { integrationKey } = await options.credentials();
    return { ...Object.fromEntries(fields), hash: hashOf(fields, integrationKey) };
  }

  /** Of an answer that Paynow signed. An error is told without a hash, and changes nothing. */
  async function believed(operation: string, text: string, phone?: string | null): Promise<Readonly<Record<string, string>>> {
    const fields = fieldsOf(text);
    const values = valuesOf(fields);
    if (values['status']?.toLowerCase() === 'error') throw failure(operation, maskPhones(values['error'] ?? 'refused', phone).slice(0, 300), 'Rejected');
    const { integrationKey } = await options.credentials();
    if (!hashHolds(fields, integrationKey)) throw failure(operation, 'the answer does not bear Paynow’s hash');
    return values;
  }

  async function initiate(payment: NewPayment, signal: AbortSignal | undefined): Promise<MadePayment> {
    const { integrationId, merchantEmail, currency, returnUrl } = await options.credentials();
    if (payment.amount.currency !== currency) throw failure('initiate payment', `this integration takes ${currency}, not ${payment.amount.currency}`, 'Rejected');
    const byPhone = payment.method === 'ecocash';
    const fields: [string, string][] = [
      ['id', integrationId], ['reference', payment.paymentId], ['amount', toDecimal(payment.amount)], ['additionalinfo', payment.description.slice(0, 200)], ['returnurl', returnUrl], ['resulturl', options.noticeUrl ?? returnUrl],
      // a prompt on a phone needs the address; on a page it only saves typing it
      ['authemail', payment.customer.email ?? (byPhone ? merchantEmail : '')], ...(byPhone ? [['phone', payment.customer.phone ?? ''] as [string, string], ['method', 'ecocash'] as [string, string]] : []), ['status', 'Message'],
    ];
    const { body } = await http.send({
      operation: 'initiate payment', method: 'POST', path: byPhone ? '/interface/remotetransaction' : '/interface/initiatetransaction', form: await signed(fields), effect: 'once', body: 'text', schema: z.string(), signal, personal: phoneTexts(payment.customer.phone),
    });
    const values = await believed('initiate payment', body, payment.customer.phone).catch((error: unknown) => {
      // it was answered, so it was handled; an answer that cannot be believed leaves open what became of it
      if (error instanceof ConnectorError && error.kind === 'Critical') throw new ConnectorError({ ...error.detail, kind: 'OutcomeUnknown' }, error);
      throw error;
    });
    const pollUrl = values['pollurl'];
    if (!pollUrl) throw new ConnectorError({ kind: 'OutcomeUnknown', connector: CONNECTOR, operation: 'initiate payment', message: 'the answer names no address to ask at' });
    return { handle: { pollUrl, reference: payment.paymentId, currency }, url: byPhone ? null : (values['browserurl'] ?? null), expiresAt: null };
  }

  /** The address came from Paynow and is asked again at Paynow alone. */
  function pollPath(handle: ProviderHandle): string {
    const url = new URL(handleValue(CONNECTOR, handle, 'pollUrl'));
    if (url.host !== new URL(options.baseUrl).host) throw failure('read payment', `the address to ask at is ${url.host}, not Paynow’s`);
    return url.pathname + url.search;
  }

  return {
    id: CONNECTOR, name: 'Paynow', methods: ['paynow', 'ecocash'], currencies: null, needs: { ecocash: ['phone'] }, refunds: false,
    close: () => http.close(),
    async check() {
      // Paynow has no call that changes nothing: the keys are proved by the first payment
      const { integrationId, currency } = await options.credentials();
      if (!/^\d+$/.test(integrationId)) throw failure('check', 'the integration id is a number', 'Rejected');
      if (!/^[A-Z]{3}$/.test(currency)) throw failure('check', 'the currency is three capital letters, such as USD', 'Rejected');
    },
    create: initiate,
    // a page that nobody was sent to harms nobody; a prompt may be on the customer's phone, and Paynow has no search
    find: (payment) => Promise.resolve(payment.method === 'ecocash' ? 'unknown' : 'absent'),
    async read(handle, signal): Promise<PaymentReading> {
      const { body } = await http.send({ operation: 'read payment', method: 'POST', path: pollPath(handle), form: {}, effect: 'read', body: 'text', schema: z.string(), signal });
      const values = await believed('read payment', body);
      if (values['reference'] !== handle['reference']) throw failure('read payment', 'the answer is about another payment');
      const status = values['status'] ?? '';
      const state = STATES[status.toLowerCase()];
      if (!state) throw failure('read payment', `unknown status ${status.slice(0, 40)}`);
      const paid = moneyFromText(values['amount'] ?? '', handleValue(CONNECTOR, handle, 'currency'));
      if (state === 'paid' && !paid) throw failure('read payment', `the amount ${values['amount'] ?? ''} cannot be read`);
      return { state, status, paid: state === 'paid' ? paid : null, fee: null, refunded: null, handle: values['paynowreference'] ? { ...handle, paynowReference: values['paynowreference'] } : handle };
    },
    async readWebhook({ raw }) {
      const fields = fieldsOf(Buffer.from(raw).toString('utf8'));
      const { integrationKey } = await options.credentials();
      if (!hashHolds(fields, integrationKey)) throw new WebhookRefused('the notice does not bear Paynow’s hash');
      const values = valuesOf(fields);
      // Paynow numbers no notices: the same status of the same payment is the same notice
      return { eventId: `${values['paynowreference'] ?? values['reference'] ?? ''}:${values['status'] ?? ''}`, about: values['reference'] ?? null, kind: values['status'] ?? '' };
    },
  };
}
