import { z } from 'zod';
import { ConnectorError } from '#kernel/errors.ts';
import { toDecimal, type Money } from '#kernel/money.ts';
import { WebhookRefused, type MadeRefund, type PaymentProvider, type PaymentReading, type ProviderHandle, type ProviderState } from '#engine/payments/ports.ts';
import { AccessToken, HttpClient, moneyFromText, tokenSchema, type ConnectorOptions } from '../http/index.ts';
import { askFirst } from './ask-first.ts';
import { handleValue } from './handle.ts';
import { paypalDisputes, paypalPayouts } from './paypal-transactions.ts';
import { parsedOrNull } from './read-json.ts';

export interface PaypalOptions extends ConnectorOptions {
  /** `https://api-m.paypal.com`. */
  readonly baseUrl: string;
  /** `webhookId` is needed for webhooks alone. */
  readonly credentials: () => Promise<{ readonly clientId: string; readonly clientSecret: string; readonly webhookId?: string | undefined; readonly returnUrl: string }>;
}

const CONNECTOR = 'paypal';
const amountSchema = z.looseObject({ currency_code: z.string(), value: z.string() });
const captureSchema = z.looseObject({ id: z.string(), status: z.string(), amount: amountSchema, seller_receivable_breakdown: z.looseObject({ paypal_fee: amountSchema.nullish() }).nullish() });
const refundSchema = z.looseObject({ id: z.string(), status: z.string().optional(), custom_id: z.string().nullish() });
const orderSchema = z.looseObject({
  id: z.string().min(1), status: z.string(), links: z.array(z.looseObject({ rel: z.string(), href: z.string() })).default([]),
  purchase_units: z.array(z.looseObject({ payments: z.looseObject({ captures: z.array(captureSchema).nullish(), refunds: z.array(refundSchema.extend({ amount: amountSchema.nullish() })).nullish() }).nullish() })).default([]),
});
type Order = z.infer<typeof orderSchema>;
const errorSchema = z.looseObject({ name: z.string().optional(), message: z.string().optional(), details: z.array(z.looseObject({ issue: z.string().optional(), description: z.string().optional() })).optional() });
const eventSchema = z.looseObject({ id: z.string(), event_type: z.string(), resource: z.looseObject({ id: z.string(), custom_id: z.string().optional(), supplementary_data: z.looseObject({ related_ids: z.looseObject({ order_id: z.string().optional() }).optional() }).optional() }) });
const verdictSchema = z.looseObject({ verification_status: z.string() });

const ORDER_STATES: Readonly<Record<string, ProviderState>> = { CREATED: 'open', SAVED: 'open', PAYER_ACTION_REQUIRED: 'open', APPROVED: 'to-capture', VOIDED: 'cancelled' };
const CAPTURE_STATES: Readonly<Record<string, ProviderState>> = { COMPLETED: 'paid', PENDING: 'processing', DECLINED: 'failed', FAILED: 'failed', REFUNDED: 'refunded', PARTIALLY_REFUNDED: 'paid' };

const critical = (operation: string, message: string) => new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation, message });
const amountOf = (amount: Money) => ({ currency_code: amount.currency, value: toDecimal(amount) });

function moneyOf(amount: z.infer<typeof amountSchema>): Money {
  const read = moneyFromText(amount.value, amount.currency_code);
  if (!read) throw critical('read order', `${amount.value} ${amount.currency_code} is no amount`);
  return read;
}

function readingOf(order: Order, handle: ProviderHandle): PaymentReading {
  const payments = order.purchase_units[0]?.payments;
  const capture = payments?.captures?.[0];
  if (!capture) {
    const state = ORDER_STATES[order.status];
    if (!state) throw critical('read order', `status ${order.status} without a capture`);
    return { state, status: order.status, paid: null, fee: null, refunded: null, handle };
  }
  const state = CAPTURE_STATES[capture.status];
  if (!state) throw critical('read order', `a capture in state ${capture.status}`);
  const paid = moneyOf(capture.amount);
  const fee = capture.seller_receivable_breakdown?.paypal_fee;
  const refunds = (payments?.refunds ?? []).filter((refund) => refund.status === 'COMPLETED' && refund.amount).map((refund) => moneyOf(refund.amount!).minor);
  const settled = state === 'paid' || state === 'refunded';
  return {
    state, status: capture.status, paid: settled ? paid : null, fee: settled && fee ? moneyOf(fee) : null,
    refunded: state === 'refunded' ? paid : { minor: refunds.reduce((sum, minor) => sum + minor, 0), currency: paid.currency }, handle: { ...handle, capture: capture.id },
  };
}

/** As PayPal takes ids of ours: letters, digits and `-_.,`. Of a refund, so that a notice of one is told from a notice of its payment, whose custom id is the payment's. */
const REFUND_END = '-refund';
const customIdOf = (idempotencyKey: string): string => `${idempotencyKey.replace(/[^A-Za-z0-9\-_.,]/g, '-').slice(0, 127 - REFUND_END.length)}${REFUND_END}`;

const refundOf = (refund: z.infer<typeof refundSchema>): MadeRefund => ({
  externalId: refund.id, state: refund.status === 'COMPLETED' ? 'done' : refund.status === 'FAILED' || refund.status === 'CANCELLED' ? 'failed' : 'pending',
});

/** PayPal orders: the customer agrees on PayPal's page, and the money is taken when we ask for it. `PayPal-Request-Id` makes each call safe to repeat. */
export function createPaypal(options: PaypalOptions): PaymentProvider & { close(): Promise<void> } {
  const token = new AccessToken(async () => {
    const { clientId, clientSecret } = await options.credentials();
    return (await http.send({
      operation: 'sign in', method: 'POST', path: '/v1/oauth2/token', form: { grant_type: 'client_credentials' }, anonymous: true, effect: 'read', schema: tokenSchema,
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    })).body;
  }, options.clock);
  const http: HttpClient = new HttpClient({
    ...options, connector: CONNECTOR, authorize: async (signal) => ({ authorization: `Bearer ${await token.get(signal)}` }), forgetSession: () => token.forget(),
    judge: ({ json }) => {
      const body = errorSchema.safeParse(json);
      if (!body.success) return undefined;
      const detail = body.data.details?.[0];
      return { ...(detail?.issue ?? body.data.name ? { code: detail?.issue ?? body.data.name } : {}), ...(detail?.description ?? body.data.message ? { message: (detail?.description ?? body.data.message)!.slice(0, 300) } : {}) };
    },
  });
  const orderPath = (handle: ProviderHandle) => `/v2/checkout/orders/${encodeURIComponent(handleValue(CONNECTOR, handle, 'order'))}`;
  const whole = { prefer: 'return=representation' };

  return {
    id: CONNECTOR, name: 'PayPal', methods: ['paypal'], currencies: null, needs: {}, refunds: true,
    close: () => http.close(),
    async check() {
      token.forget();
      await token.get();
    },
    payouts: (since, signal) => paypalPayouts(http, { since, now: options.clock.now() }, signal),
    disputes: (since, signal) => paypalDisputes(http, { since, now: options.clock.now() }, signal),
    async create(payment, signal) {
      const { returnUrl } = await options.credentials();
      const { body } = await http.send({
        operation: 'create order', method: 'POST', path: '/v2/checkout/orders', effect: 'idempotent', schema: orderSchema, signal, headers: { ...whole, 'paypal-request-id': payment.idempotencyKey },
        json: {
          intent: 'CAPTURE', purchase_units: [{ reference_id: 'default', custom_id: payment.paymentId, description: payment.description.slice(0, 127), amount: amountOf(payment.amount) }],
          payment_source: { paypal: { experience_context: { return_url: returnUrl, cancel_url: returnUrl, user_action: 'PAY_NOW', shipping_preference: 'NO_SHIPPING' } } },
        },
      });
      const url = body.links.find((link) => link.rel === 'payer-action' || link.rel === 'approve')?.href;
      if (!url) throw critical('create order', 'the order has no page to pay on');
      return { handle: { order: body.id }, url, expiresAt: null };
    },
    find: () => Promise.resolve('absent'),
    async read(handle, signal) {
      return readingOf((await http.send({ operation: 'read order', method: 'GET', path: orderPath(handle), effect: 'read', schema: orderSchema, signal })).body, handle);
    },
    async capture(handle, idempotencyKey, signal) {
      const { body } = await askFirst(http.send({ operation: 'capture order', method: 'POST', path: `${orderPath(handle)}/capture`, effect: 'idempotent', schema: orderSchema, signal, json: {}, headers: { ...whole, 'paypal-request-id': idempotencyKey } }));
      return readingOf(body, handle);
    },
    async refund({ handle, amount, reason, idempotencyKey }, signal) {
      const { body } = await askFirst(http.send({
        operation: 'refund', method: 'POST', path: `/v2/payments/captures/${encodeURIComponent(handleValue(CONNECTOR, handle, 'capture'))}/refund`, effect: 'idempotent', schema: refundSchema, signal,
        json: { amount: amountOf(amount), custom_id: customIdOf(idempotencyKey), note_to_payer: reason.slice(0, 255) }, headers: { ...whole, 'paypal-request-id': idempotencyKey },
      }));
      return refundOf(body);
    },
    // request ids are kept for 45 days: what was asked for before that stands in the order
    async findRefund({ handle, idempotencyKey }, signal) {
      const { body } = await http.send({ operation: 'read order', method: 'GET', path: orderPath(handle), effect: 'read', schema: orderSchema, signal });
      const made = body.purchase_units[0]?.payments?.refunds?.find((refund) => refund.custom_id === customIdOf(idempotencyKey));
      return made ? refundOf(made) : 'absent';
    },
    readRefund: async (externalId, signal) => refundOf((await http.send({ operation: 'read refund', method: 'GET', path: `/v2/payments/refunds/${encodeURIComponent(externalId)}`, effect: 'read', schema: refundSchema, signal })).body),
    async readWebhook({ raw, headers }) {
      const { webhookId } = await options.credentials();
      if (!webhookId) throw critical('read webhook', 'no webhook id is stored');
      const text = Buffer.from(raw).toString('utf8');
      const event = eventSchema.safeParse(parsedOrNull(raw));
      if (!event.success) throw new WebhookRefused('the notice is not of the agreed shape');
      const named = (name: string): string => {
        const value = headers[name];
        if (value === undefined) throw new WebhookRefused(`the notice has no ${name}`);
        return value;
      };
      // PayPal signs by a certificate of its own and answers itself whether a notice is one of its own
      const { body } = await http.send({
        operation: 'verify webhook', method: 'POST', path: '/v1/notifications/verify-webhook-signature', effect: 'read', schema: verdictSchema,
        // the signature is over the checksum of the bytes: the event goes back as it came
        jsonText: `${JSON.stringify({
          auth_algo: named('paypal-auth-algo'), cert_url: named('paypal-cert-url'), transmission_id: named('paypal-transmission-id'), transmission_sig: named('paypal-transmission-sig'), transmission_time: named('paypal-transmission-time'),
          webhook_id: webhookId,
        }).slice(0, -1)},"webhook_event":${text}}`,
      });
      if (body.verification_status !== 'SUCCESS') throw new WebhookRefused('PayPal says that the notice is not its own');
      const { resource } = event.data;
      return { eventId: event.data.id, about: resource.supplementary_data?.related_ids?.order_id ?? (resource.custom_id?.endsWith(REFUND_END) ? undefined : resource.custom_id) ?? resource.id, kind: event.data.event_type };
    },
  };
}
