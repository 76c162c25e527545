import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { WebhookRefused, type MadePayment, type PaymentProvider, type PaymentReading, type ProviderHandle, type ProviderState } from '#engine/payments/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { HttpClient, moneyFromNumber, numberOf, type ConnectorOptions } from '../http/index.ts';
import { handleValue } from './handle.ts';
import { parsedOrNull } from './read-json.ts';

export interface ChargilyOptions extends ConnectorOptions {
  /** `https://pay.chargily.net/api/v2`, or `…/test/api/v2` with a test key. */
  readonly baseUrl: string;
  /** Where Chargily may send notices; absent: it cannot, and is asked. */
  readonly noticeUrl?: string | undefined;
  /** `returnUrl`: where the customer's browser goes after paying. Chargily wants one. */
  readonly credentials: () => Promise<{ readonly secretKey: string; readonly returnUrl: string }>;
}

const CONNECTOR = 'chargily';
/** Chargily's own states of a checkout (its package's types, version 2.1.0). */
const STATES = { pending: 'open', processing: 'processing', paid: 'paid', failed: 'failed', canceled: 'cancelled', expired: 'expired' } as const satisfies Record<string, ProviderState>;

const checkoutSchema = z.looseObject({
  id: z.string().min(1), status: z.string(), amount: z.number(), currency: z.string(), fees: z.number().nullish(), checkout_url: z.string().nullish(), metadata: z.unknown(),
});
type Checkout = z.infer<typeof checkoutSchema>;
const pageSchema = z.looseObject({ data: z.array(checkoutSchema), next_page_url: z.string().nullish() });
const metadataSchema = z.looseObject({ payment_id: z.string() });
const webhookSchema = z.looseObject({ id: z.string(), type: z.string(), data: z.looseObject({ id: z.string() }) });

/** How far back a payment whose answer was lost is looked for. */
const PAGES_SEARCHED = 5;

const paymentIdOf = (checkout: Checkout): string | null => {
  const metadata = Array.isArray(checkout.metadata) ? checkout.metadata[0] : checkout.metadata;
  return metadataSchema.safeParse(metadata).data?.payment_id ?? null;
};

const madeOf = (checkout: Checkout): MadePayment => ({ handle: { checkoutId: checkout.id }, url: checkout.checkout_url ?? null, expiresAt: null });

function readingOf(checkout: Checkout, handle: ProviderHandle): PaymentReading {
  const currency = checkout.currency.toUpperCase();
  const state = STATES[checkout.status as keyof typeof STATES];
  const paid = moneyFromNumber(checkout.amount, currency);
  const fee = checkout.fees === null || checkout.fees === undefined ? null : moneyFromNumber(checkout.fees, currency);
  if (!state || !paid) throw new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation: 'read checkout', message: `status ${checkout.status}, amount ${checkout.amount} ${checkout.currency} cannot be read` });
  return { state, status: checkout.status, paid: state === 'paid' ? paid : null, fee: state === 'paid' ? fee : null, refunded: null, handle };
}

/** Chargily Pay V2: EDAHABIA and CIB cards in Algeria, in dinars. It has no idempotency key and no refund call: lost answers are looked up by our id in the metadata. */
export function createChargily(options: ChargilyOptions): PaymentProvider & { close(): Promise<void> } {
  const http = new HttpClient({
    ...options, connector: CONNECTOR, authorize: async () => ({ authorization: `Bearer ${(await options.credentials()).secretKey}` }),
    judge: ({ json }) => {
      const body = z.looseObject({ message: z.string() }).safeParse(json);
      return body.success ? { message: body.data.message.slice(0, 300) } : undefined;
    },
  });
  return {
    id: CONNECTOR, name: 'Chargily Pay', methods: ['edahabia', 'cib'], currencies: ['DZD'], needs: {}, refunds: false,
    close: () => http.close(),
    async check(signal) {
      await http.send({ operation: 'read balance', method: 'GET', path: '/balance', effect: 'read', schema: z.looseObject({ entity: z.string() }), signal });
    },
    async create(payment, signal) {
      const { body } = await http.send({
        operation: 'create checkout', method: 'POST', path: '/checkouts', effect: 'once', schema: checkoutSchema, signal,
        json: {
          amount: numberOf(payment.amount), currency: payment.amount.currency.toLowerCase(), payment_method: payment.method, success_url: (await options.credentials()).returnUrl, description: payment.description.slice(0, 500), locale: 'fr', ...(options.noticeUrl ? { webhook_endpoint: options.noticeUrl } : {}),
          metadata: { payment_id: payment.paymentId },
        },
      });
      return madeOf(body);
    },
    async find(payment, signal) {
      for (let page = 1; page <= PAGES_SEARCHED; page++) {
        const { body } = await http.send({ operation: 'find checkout', method: 'GET', path: '/checkouts', query: { per_page: 50, page }, effect: 'read', schema: pageSchema, signal });
        const hit = body.data.find((checkout) => paymentIdOf(checkout) === payment.paymentId);
        if (hit) return madeOf(hit);
        if (!body.next_page_url) return 'absent';
      }
      return 'unknown';
    },
    async read(handle, signal) {
      const { body } = await http.send({ operation: 'read checkout', method: 'GET', path: `/checkouts/${encodeURIComponent(handleValue(CONNECTOR, handle, 'checkoutId'))}`, effect: 'read', schema: checkoutSchema, signal });
      return readingOf(body, handle);
    },
    async cancel(handle, signal) {
      await http.send({ operation: 'expire checkout', method: 'POST', path: `/checkouts/${encodeURIComponent(handleValue(CONNECTOR, handle, 'checkoutId'))}/expire`, effect: 'idempotent', schema: checkoutSchema, signal });
    },
    async readWebhook({ raw, headers }) {
      const { secretKey } = await options.credentials();
      const expected = createHmac('sha256', secretKey).update(raw).digest();
      const given = Buffer.from(headers['signature'] ?? '', 'hex');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new WebhookRefused('the signature is not Chargily’s');
      const event = webhookSchema.safeParse(parsedOrNull(raw));
      if (!event.success) throw new WebhookRefused('the notice is not of the agreed shape');
      return { eventId: event.data.id, about: event.data.data.id, kind: event.data.type };
    },
  };
}
