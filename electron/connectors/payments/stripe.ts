import { ConnectorError } from '#kernel/errors.ts';
import { exponentOf, money, type Money } from '#kernel/money.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/time.ts';
import type { MadePayment, MadeRefund, NewPayment, PaymentProvider, PaymentReading, ProviderHandle } from '#engine/payments/ports.ts';
import type { ConnectorOptions } from '../http/index.ts';
import { askFirst } from './ask-first.ts';
import { handleValue } from './handle.ts';
import { StripeApi } from './stripe-api.ts';
import { stripeDisputes, stripePayouts } from './stripe-payouts.ts';
import { balanceSchema, linkSchema, listOf, priceSchema, refundSchema, sessionSchema, type StripeSession } from './stripe-schema.ts';
import { readStripeWebhook } from './stripe-webhook.ts';

export interface StripeOptions extends ConnectorOptions {
  /** `https://api.stripe.com`. */
  readonly baseUrl: string;
  /** `webhookSecret` (`whsec_…`) is needed for webhooks alone. */
  readonly credentials: () => Promise<{ readonly secretKey: string; readonly webhookSecret?: string | undefined; readonly returnUrl: string }>;
}

const CONNECTOR = 'stripe';
/** A checkout page lives between half an hour and a day (Stripe's document of `expires_at`), and for a day where it is told nothing; the vendor's clock may be a little ahead of ours. */
const LONGEST_MS = DAY_MS - MINUTE_MS;
/** What a session is read with: the charge names the fee. */
const EXPAND = { 'expand[0]': 'payment_intent.latest_charge.balance_transaction' };

const critical = (operation: string, message: string) => new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation, message });

/** Stripe counts in the currency's own minor units; where it departs from ISO 4217 we do not follow it, and refuse. */
const ODD = new Set(['ISK', 'UGX', 'HUF', 'TWD']);
function minorOf(amount: Money): number {
  if (exponentOf(amount.currency) > 2 || ODD.has(amount.currency)) throw new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation: 'ask for payment', message: `amounts in ${amount.currency} are counted otherwise at Stripe: choose another currency` });
  return amount.minor;
}

function readingOf(session: StripeSession, handle: ProviderHandle): PaymentReading {
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  const charge = intent && typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const currency = (charge?.currency ?? session.currency ?? '').toUpperCase();
  const known: ProviderHandle = { ...handle, ...(intent ? { paymentIntent: intent.id } : typeof session.payment_intent === 'string' ? { paymentIntent: session.payment_intent } : {}), ...(charge ? { charge: charge.id } : {}) };
  if (session.payment_status !== 'paid') {
    const state = session.status === 'expired' ? 'expired' : session.status === 'complete' ? 'processing' : 'open';
    return { state, status: session.status ?? session.payment_status, paid: null, fee: null, refunded: null, handle: known };
  }
  const total = charge?.amount ?? session.amount_total ?? null;
  if (total === null || currency === '') throw critical('read payment', 'it is paid, but the amount cannot be read');
  const transaction = charge && typeof charge.balance_transaction === 'object' ? charge.balance_transaction : null;
  const feeHere = transaction && transaction.currency.toUpperCase() === currency ? money(transaction.fee, currency) : null;
  return {
    state: charge?.disputed ? 'disputed' : charge?.refunded ? 'refunded' : 'paid', status: intent?.status ?? 'paid', paid: money(total, currency), fee: feeHere, refunded: charge ? money(charge.amount_refunded, currency) : null, handle: known,
  };
}

/** Of a refund's metadata: which of ours it is. */
const REFUND_KEY = 'refund_key';

const refundOf = (refund: { readonly id: string; readonly status?: string | null | undefined }): MadeRefund => ({
  externalId: refund.id, state: refund.status === 'succeeded' ? 'done' : refund.status === 'failed' || refund.status === 'canceled' ? 'failed' : 'pending',
});

const item = (payment: NewPayment) => ({ currency: payment.amount.currency.toLowerCase(), unit_amount: minorOf(payment.amount) });

/** Stripe: checkout pages and payment links for direct sales, refunds, payouts with their movements, disputes. */
export function createStripe(options: StripeOptions): PaymentProvider & { close(): Promise<void> } {
  const api = new StripeApi({ ...options, secretKey: async () => (await options.credentials()).secretKey });

  async function checkout(payment: NewPayment, signal: AbortSignal | undefined): Promise<MadePayment> {
    const { currency, unit_amount } = item(payment);
    // by when it was asked for alone: a repeated key with another text is refused
    const expiresAt = payment.expiresAt - payment.createdAt > LONGEST_MS ? undefined : Math.floor(payment.expiresAt / 1_000);
    const session = await api.post({
      operation: 'create checkout', path: '/v1/checkout/sessions', key: payment.idempotencyKey, schema: sessionSchema, signal,
      form: {
        mode: 'payment', success_url: (await options.credentials()).returnUrl, client_reference_id: payment.paymentId, customer_email: payment.customer.email, 'line_items[0][quantity]': 1, 'line_items[0][price_data][currency]': currency,
        'line_items[0][price_data][unit_amount]': unit_amount, 'line_items[0][price_data][product_data][name]': payment.description.slice(0, 250), 'metadata[payment_id]': payment.paymentId,
        'payment_intent_data[metadata][payment_id]': payment.paymentId, expires_at: expiresAt,
      },
    });
    return { handle: { session: session.id }, url: session.url ?? null, expiresAt: session.expires_at * 1_000 };
  }

  /** A price, then a link to it: both under the stored key, so a repeat makes neither twice. */
  async function link(payment: NewPayment, signal: AbortSignal | undefined): Promise<MadePayment> {
    const price = await api.post({
      operation: 'create price', path: '/v1/prices', key: `${payment.idempotencyKey}:price`, schema: priceSchema, signal, form: { ...item(payment), 'product_data[name]': payment.description.slice(0, 250), 'metadata[payment_id]': payment.paymentId },
    });
    const made = await api.post({
      operation: 'create payment link', path: '/v1/payment_links', key: payment.idempotencyKey, schema: linkSchema, signal,
      form: { 'line_items[0][price]': price.id, 'line_items[0][quantity]': 1, 'metadata[payment_id]': payment.paymentId },
    });
    return { handle: { link: made.id }, url: made.url, expiresAt: null };
  }

  const create = (payment: NewPayment, signal?: AbortSignal) => (payment.method === 'link' ? link(payment, signal) : checkout(payment, signal));
  const closeLink = (id: string, signal?: AbortSignal) => api.post({ operation: 'close payment link', path: `/v1/payment_links/${encodeURIComponent(id)}`, form: { active: false }, schema: linkSchema, signal });

  return {
    id: CONNECTOR, name: 'Stripe', methods: ['checkout', 'link'], currencies: null, needs: {}, refunds: true, create,
    close: () => api.close(),
    async check(signal) {
      await api.get({ operation: 'read balance', path: '/v1/balance', schema: balanceSchema, signal });
    },
    // the stored key answers a repeat with what the first call made
    find: () => Promise.resolve('absent'),
    async read(handle, signal) {
      if (handle['session']) return readingOf(await api.get({ operation: 'read checkout', path: `/v1/checkout/sessions/${encodeURIComponent(handle['session'])}`, query: EXPAND, schema: sessionSchema, signal }), handle);
      const linkId = handleValue(CONNECTOR, handle, 'link');
      const page = await api.get({ operation: 'read payment link', path: '/v1/checkout/sessions', query: { payment_link: linkId, limit: 100 }, schema: listOf(sessionSchema), signal });
      const paid = page.data.find((session) => session.payment_status === 'paid') ?? page.data.find((session) => session.status === 'complete');
      if (!paid) return { state: 'open', status: 'open', paid: null, fee: null, refunded: null, handle };
      // one sale: nobody pays the same link again
      await closeLink(linkId, signal);
      return readingOf(await api.get({ operation: 'read checkout', path: `/v1/checkout/sessions/${encodeURIComponent(paid.id)}`, query: EXPAND, schema: sessionSchema, signal }), { ...handle, session: paid.id });
    },
    async refund({ handle, amount, idempotencyKey }, signal) {
      return refundOf(await askFirst(api.post({
        operation: 'refund', path: '/v1/refunds', key: idempotencyKey, schema: refundSchema, signal, form: { payment_intent: handleValue(CONNECTOR, handle, 'paymentIntent'), amount: minorOf(amount), reason: 'requested_by_customer', [`metadata[${REFUND_KEY}]`]: idempotencyKey },
      })));
    },
    // a key is kept for a day: a desk that was away for longer would give the money back twice
    async findRefund({ handle, idempotencyKey }, signal) {
      for await (const made of api.all({ operation: 'list refunds', path: '/v1/refunds', query: { payment_intent: handleValue(CONNECTOR, handle, 'paymentIntent') }, schema: listOf(refundSchema), signal })) {
        if (made.metadata?.[REFUND_KEY] === idempotencyKey) return refundOf(made);
      }
      return 'absent';
    },
    readRefund: async (externalId, signal) => refundOf(await api.get({ operation: 'read refund', path: `/v1/refunds/${encodeURIComponent(externalId)}`, schema: refundSchema, signal })),
    async cancel(handle, signal) {
      if (handle['link'] && !handle['session']) await closeLink(handle['link'], signal);
      else await api.post({ operation: 'expire checkout', path: `/v1/checkout/sessions/${encodeURIComponent(handleValue(CONNECTOR, handle, 'session'))}/expire`, form: {}, schema: sessionSchema, signal });
    },
    payouts: (since, signal) => stripePayouts(api, since, signal),
    disputes: (since, signal) => stripeDisputes(api, since, signal),
    async readWebhook(request) {
      const { webhookSecret } = await options.credentials();
      if (!webhookSecret) throw critical('read webhook', 'no webhook secret is stored');
      return readStripeWebhook(request, webhookSecret);
    },
  };
}
