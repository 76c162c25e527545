import { createHmac, timingSafeEqual } from 'node:crypto';
import { WebhookRefused, type WebhookNews, type WebhookRequest } from '#engine/payments/ports.ts';
import { parsedOrNull } from './read-json.ts';
import { eventSchema } from './stripe-schema.ts';

/** Older notices are refused: they may be somebody's recording. Stripe's own tolerance. */
const TOLERANCE_SECONDS = 300;

/** `Stripe-Signature: t=…,v1=…`: HMAC-SHA256 over `t.body`, by the endpoint's secret; several `v1` while a secret is changed. @throws WebhookRefused */
export function readStripeWebhook({ raw, headers, now }: WebhookRequest, secret: string): WebhookNews {
  const parts = (headers['stripe-signature'] ?? '').split(',').map((part) => part.split('=', 2));
  const time = parts.find(([name]) => name?.trim() === 't')?.[1] ?? '';
  if (!/^\d{1,12}$/.test(time)) throw new WebhookRefused('the notice has no signature');
  const expected = createHmac('sha256', secret).update(`${time}.`).update(raw).digest();
  const signed = parts.some(([name, value]) => {
    if (name?.trim() !== 'v1') return false;
    const given = Buffer.from(value ?? '', 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!signed) throw new WebhookRefused('the signature is not Stripe’s');
  if (Math.abs(now / 1_000 - Number(time)) > TOLERANCE_SECONDS) throw new WebhookRefused('the notice is too old, or from the future');
  const event = eventSchema.safeParse(parsedOrNull(raw));
  if (!event.success) throw new WebhookRefused('the notice is not of the agreed shape');
  const { object } = event.data.data;
  return { eventId: event.data.id, about: object.client_reference_id ?? object.payment_intent ?? object.id, kind: event.data.type };
}
