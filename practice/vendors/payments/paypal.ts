import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { exponentOf } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';
import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { balanceMoves, searchTransactions } from './paypal-balance.ts';
import { idFrom, planOf } from './simulate-customer.ts';

export const PRACTICE_PAYPAL = { clientId: 'practice-paypal', clientSecret: 'practice-paypal-secret', returnUrl: 'https://practice.invalid/thanks', webhookId: 'WH-PRACTICE' };
/** What the practice service calls its own: as PayPal's, over the checksum of the bytes that it sent. */
export const practicePaypalSignature = (event: Uint8Array | string): string => `practice-signature-${crc32(event)}`;
const VENDOR = 'paypal';
const TOKEN = 'A21-practice-token';

const amountSchema = z.strictObject({ currency_code: z.string().regex(/^[A-Z]{3}$/), value: z.string().regex(/^\d+(\.\d{1,3})?$/) });
const orderSchema = z.strictObject({
  intent: z.literal('CAPTURE'), purchase_units: z.tuple([z.strictObject({ reference_id: z.string(), custom_id: z.string(), description: z.string().max(127), amount: amountSchema })]),
  payment_source: z.strictObject({ paypal: z.strictObject({ experience_context: z.strictObject({ return_url: z.url(), cancel_url: z.url(), user_action: z.string(), shipping_preference: z.string() }) }) }),
});
const refundSchema = z.strictObject({ amount: amountSchema, custom_id: z.string().max(127).optional(), note_to_payer: z.string().optional() });
/** How long a request id is known: of orders, and of captures and refunds of payments. */
const IDS_FOR_MS = { '/v2/checkout': 6 * HOUR_MS, '/v2/payments': 45 * DAY_MS } as const;
type Amount = z.infer<typeof amountSchema>;

interface Order {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: Amount;
  readonly createdAt: Instant;
  readonly capturedAt: Instant | null;
}
interface Refund {
  readonly id: string;
  readonly order: string;
  readonly amount: Amount;
  readonly customId: string | null;
  readonly at: Instant;
}

const refuse = (status: number, name: string, message: string, issue?: string): VendorResponse => ({ status, body: { name, message, debug_id: 'practice', ...(issue ? { details: [{ issue, description: message }] } : {}) } });
const iso = (at: Instant) => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
const minorOf = ({ value, currency_code: currency }: Amount) => Math.round(Number(value) * 10 ** exponentOf(currency));
const valueOf = (minor: number, currency: string): Amount => ({ currency_code: currency, value: (minor / 10 ** exponentOf(currency)).toFixed(exponentOf(currency)) });

const verify = (request: VendorRequest): VendorResponse => {
  const body = request.json() as { readonly transmission_sig?: string; readonly webhook_id?: string };
  const text = request.body.toString('utf8');
  const event = /"webhook_event":([^]*)\}$/.exec(text)?.[1] ?? '';
  return { status: 200, body: { verification_status: body.transmission_sig === practicePaypalSignature(event) && body.webhook_id === PRACTICE_PAYPAL.webhookId ? 'SUCCESS' : 'FAILURE' } };
};

const signIn = (request: VendorRequest): VendorResponse => {
  const expected = `Basic ${Buffer.from(`${PRACTICE_PAYPAL.clientId}:${PRACTICE_PAYPAL.clientSecret}`).toString('base64')}`;
  return request.header('authorization') === expected ? { status: 200, body: { scope: '', access_token: TOKEN, token_type: 'Bearer', app_id: 'APP-PRACTICE', expires_in: 32_400 } } : { status: 401, body: { error: 'invalid_client', error_description: 'Client Authentication failed' } };
};

const captureId = (order: Order) => idFrom('', order.id, 'capture').toUpperCase().slice(0, 17);

/** 3.49 % and 49 cents: what PayPal takes of a payment by its checkout in the US, as assumed. */
const feeOf = (total: number) => Math.round(total * 0.0349) + 49;

const link = (rel: string, href: string, method: string) => ({ rel, href, method });

/** PayPal's orders, refunds and transactions over payers who agree by themselves. `PayPal-Request-Id` is kept as PayPal keeps it. */
export function createPaypalVendor(world: World, options: VendorOptions = {}): VendorServer {
  const put = (kind: string, id: string, value: unknown) => world.actions.putDocument(VENDOR, `${kind}:${id}`, value);
  const get = <T>(kind: string, id: string) => world.document(VENDOR, `${kind}:${id}`) as T | undefined;
  const refundsOf = (order: Order) => world.documents(VENDOR, 'refund:').map(({ value }) => value as Refund).filter((refund) => refund.order === order.id);

  function render(order: Order, at: Instant) {
    const plan = planOf(world.seed, order.paymentId, order.createdAt);
    const agreed = plan.outcome === 'pays' && plan.at <= at;
    const status = order.capturedAt !== null ? 'COMPLETED' : agreed ? 'APPROVED' : 'PAYER_ACTION_REQUIRED';
    const refunds = refundsOf(order);
    const total = minorOf(order.amount);
    const back = refunds.reduce((sum, refund) => sum + minorOf(refund.amount), 0);
    const fee = feeOf(total);
    const currency = order.amount.currency_code;
    return {
      id: order.id, intent: 'CAPTURE', status, create_time: iso(order.createdAt),
      links: [link('self', `${host.baseUrl}/v2/checkout/orders/${order.id}`, 'GET'), ...(status === 'PAYER_ACTION_REQUIRED' ? [link('payer-action', `https://www.paypal.practice.invalid/checkoutnow?token=${order.id}`, 'GET')] : [])],
      purchase_units: [{
        reference_id: 'default', amount: order.amount, custom_id: order.paymentId,
        ...(order.capturedAt === null ? {} : {
          payments: {
            captures: [{
              id: captureId(order), status: back >= total ? 'REFUNDED' : back > 0 ? 'PARTIALLY_REFUNDED' : 'COMPLETED', amount: order.amount, final_capture: true, create_time: iso(order.capturedAt), update_time: iso(order.capturedAt),
              seller_receivable_breakdown: { gross_amount: order.amount, paypal_fee: valueOf(fee, currency), net_amount: valueOf(total - fee, currency) },
            }],
            ...(refunds.length === 0 ? {} : { refunds: refunds.map((refund) => ({ id: refund.id, status: 'COMPLETED', amount: refund.amount, ...(refund.customId === null ? {} : { custom_id: refund.customId }) })) }),
          },
        }),
      }],
    };
  }

  /** The first answer to a request id is the answer to all. */
  function once(request: VendorRequest, make: () => VendorResponse): VendorResponse {
    const key = request.header('paypal-request-id');
    const kept = key ? get<{ response: VendorResponse; at: Instant }>('key', `${request.path} ${key}`) : undefined;
    if (kept && request.at - kept.at < IDS_FOR_MS[request.path.startsWith('/v2/payments') ? '/v2/payments' : '/v2/checkout']) return kept.response;
    const response = make();
    if (key && response.status < 300) put('key', `${request.path} ${key}`, { response, at: request.at });
    return response;
  }
  const create = (request: VendorRequest) => once(request, () => {
    const body = orderSchema.safeParse(request.json());
    if (!body.success) return refuse(400, 'INVALID_REQUEST', 'Request is not well-formed, syntactically incorrect, or violates schema.', body.error.issues[0]?.path.join('/'));
    const unit = body.data.purchase_units[0];
    const order: Order = { id: idFrom('', request.header('paypal-request-id'), request.at).toUpperCase().slice(0, 17), paymentId: unit.custom_id, amount: unit.amount, createdAt: request.at, capturedAt: null };
    put('order', order.id, order);
    return { status: 201, body: render(order, request.at) };
  });
  const found = (request: VendorRequest, then: (order: Order) => VendorResponse): VendorResponse => {
    const order = get<Order>('order', request.params['id']!);
    return order ? then(order) : refuse(404, 'RESOURCE_NOT_FOUND', 'The specified resource does not exist.');
  };
  const capture = (request: VendorRequest) => once(request, () => found(request, (order) => {
    const plan = planOf(world.seed, order.paymentId, order.createdAt);
    if (order.capturedAt !== null) return refuse(422, 'UNPROCESSABLE_ENTITY', 'Order already captured.', 'ORDER_ALREADY_CAPTURED');
    if (plan.outcome !== 'pays' || plan.at > request.at) return refuse(422, 'UNPROCESSABLE_ENTITY', 'Payer has not yet approved the Order for payment.', 'ORDER_NOT_APPROVED');
    const captured = { ...order, capturedAt: request.at };
    put('order', order.id, captured);
    return { status: 201, body: render(captured, request.at) };
  }));
  const refund = (request: VendorRequest) => once(request, () => {
    const order = world.documents(VENDOR, 'order:').map(({ value }) => value as Order).find((candidate) => captureId(candidate) === request.params['id']);
    const body = refundSchema.safeParse(request.json());
    if (!order || order.capturedAt === null) return refuse(404, 'RESOURCE_NOT_FOUND', 'The specified resource does not exist.');
    if (!body.success) return refuse(400, 'INVALID_REQUEST', 'Request is not well-formed.');
    const back = refundsOf(order).reduce((sum, made) => sum + minorOf(made.amount), 0);
    if (minorOf(body.data.amount) > minorOf(order.amount) - back) return refuse(422, 'UNPROCESSABLE_ENTITY', 'The refund amount must be less than or equal to the capture amount that has not yet been refunded.', 'REFUND_AMOUNT_EXCEEDED');
    const made: Refund = { id: idFrom('', request.header('paypal-request-id'), request.at, 'refund').toUpperCase().slice(0, 17), order: order.id, amount: body.data.amount, customId: body.data.custom_id ?? null, at: request.at };
    put('refund', made.id, made);
    return { status: 201, body: { id: made.id, status: 'COMPLETED', amount: made.amount } };
  });
  const readRefund = (request: VendorRequest): VendorResponse => {
    const made = get<Refund>('refund', request.params['id']!);
    return made ? { status: 200, body: { id: made.id, status: 'COMPLETED', amount: made.amount } } : refuse(404, 'RESOURCE_NOT_FOUND', 'The specified resource does not exist.');
  };
  const own = () => world.documents(VENDOR, 'order:').map(({ value }) => value as Order).filter((order) => order.capturedAt !== null).flatMap((order) => {
    const total = minorOf(order.amount);
    const currency = order.amount.currency_code;
    return [
      { id: captureId(order), code: 'T0006', at: order.capturedAt!, minor: total, feeMinor: feeOf(total), currency, about: null },
      ...refundsOf(order).map((made) => ({ id: made.id, code: 'T1107', at: made.at, minor: -minorOf(made.amount), feeMinor: 0, currency, about: captureId(order) })),
    ];
  });
  const host = createHost({
    name: VENDOR, world,
    routes: [
      { method: 'POST', pattern: '/v1/oauth2/token', name: 'token', handle: signIn }, { method: 'POST', pattern: '/v2/checkout/orders', name: 'create', handle: create },
      { method: 'GET', pattern: '/v2/checkout/orders/{id}', name: 'read', handle: (request) => found(request, (order) => ({ status: 200, body: render(order, request.at) })) },
      { method: 'POST', pattern: '/v2/checkout/orders/{id}/capture', name: 'capture', handle: capture }, { method: 'POST', pattern: '/v2/payments/captures/{id}/refund', name: 'refund', handle: refund },
      { method: 'GET', pattern: '/v1/reporting/transactions', name: 'transactions', handle: (request) => searchTransactions(balanceMoves(world, own()), request) },
      { method: 'GET', pattern: '/v2/payments/refunds/{id}', name: 'read-refund', handle: readRefund }, { method: 'POST', pattern: '/v1/notifications/verify-webhook-signature', name: 'verify', handle: verify },
    ],
    before: (request, route) => (route.name === 'token' || request.header('authorization') === `Bearer ${TOKEN}` ? null : refuse(401, 'AUTHENTICATION_FAILURE', 'Authentication failed due to invalid authentication credentials.')),
    errorBody: (status, message) => refuse(status, status === 429 ? 'RATE_LIMIT_REACHED' : 'INTERNAL_SERVER_ERROR', message),
  }, options);
  return host;
}
