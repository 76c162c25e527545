import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { idFrom, planOf } from './simulate-customer.ts';

export const PRACTICE_CHARGILY = { secretKey: 'test_sk_practice', returnUrl: 'https://practice.invalid/thanks' };
const VENDOR = 'chargily';

const requestSchema = z.strictObject({
  amount: z.number().positive(), currency: z.literal('dzd'), payment_method: z.enum(['edahabia', 'cib']), success_url: z.url(), description: z.string(), locale: z.enum(['ar', 'en', 'fr']), metadata: z.record(z.string(), z.string()),
});
interface Checkout extends z.infer<typeof requestSchema> {
  readonly id: string;
  readonly createdAt: Instant;
  readonly expiredAt: Instant | null;
}

const refuse = (status: number, message: string): VendorResponse => ({ status, body: { message } });

/** Chargily Pay's checkouts. It keeps no idempotency keys: the same request twice is two checkouts, and counts as two here. */
export function createChargilyVendor(world: World, options: VendorOptions = {}): VendorServer {
  const all = () => world.documents(VENDOR, 'checkout:').map(({ value }) => value as Checkout);
  const find = (id: string) => world.document(VENDOR, `checkout:${id}`) as Checkout | undefined;

  function render(checkout: Checkout, at: Instant) {
    const plan = planOf(world.seed, checkout.metadata['payment_id'] ?? checkout.id, checkout.createdAt);
    const done = plan.at <= at && (checkout.expiredAt === null || plan.at <= checkout.expiredAt);
    const status = done && plan.outcome === 'pays' ? 'paid' : done && plan.outcome === 'declines' ? 'failed' : checkout.expiredAt !== null ? 'canceled' : 'pending';
    const { createdAt, expiredAt: _ended, ...plain } = checkout;
    return {
      ...plain, entity: 'checkout', livemode: false, fees: status === 'paid' ? Math.round(checkout.amount * 0.015) : 0, pass_fees_to_customer: false, status, failure_url: checkout.success_url, webhook_endpoint: 'https://practice.invalid/hook', invoice_id: null, customer_id: null,
      payment_link_id: null, created_at: Math.floor(createdAt / 1_000), updated_at: Math.floor(Math.min(at, Math.max(createdAt, plan.at)) / 1_000), shipping_address: { country: 'DZ', state: '16', address: '-' }, collect_shipping_address: false,
      checkout_url: `https://pay.practice.invalid/checkouts/${checkout.id}/pay`,
    };
  }

  const create = (request: VendorRequest): VendorResponse => {
    const body = requestSchema.safeParse(request.json());
    if (!body.success) return refuse(422, body.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    const checkout: Checkout = { ...body.data, id: idFrom('01', request.at, all().length, body.data.metadata['payment_id'] ?? ''), createdAt: request.at, expiredAt: null };
    world.actions.putDocument(VENDOR, `checkout:${checkout.id}`, checkout);
    return { status: 200, body: render(checkout, request.at) };
  };
  const list = (request: VendorRequest): VendorResponse => {
    const perPage = Number(request.query.get('per_page') ?? 10);
    const page = Number(request.query.get('page') ?? 1);
    const sorted = all().toSorted((a, b) => b.createdAt - a.createdAt);
    const last = Math.max(1, Math.ceil(sorted.length / perPage));
    const path = `${host.baseUrl}/checkouts`;
    return {
      status: 200,
      body: { livemode: false, current_page: page, data: sorted.slice((page - 1) * perPage, page * perPage).map((checkout) => render(checkout, request.at)), first_page_url: `${path}?page=1`, last_page: last, last_page_url: `${path}?page=${last}`, next_page_url: page < last ? `${path}?page=${page + 1}` : null, path, per_page: perPage, prev_page_url: page > 1 ? `${path}?page=${page - 1}` : null, total: sorted.length },
    };
  };
  const one = (request: VendorRequest): VendorResponse => {
    const checkout = find(request.params['id']!);
    return checkout ? { status: 200, body: render(checkout, request.at) } : refuse(404, 'Not found');
  };
  const expire = (request: VendorRequest): VendorResponse => {
    const checkout = find(request.params['id']!);
    if (!checkout) return refuse(404, 'Not found');
    const ended = { ...checkout, expiredAt: checkout.expiredAt ?? request.at };
    world.actions.putDocument(VENDOR, `checkout:${checkout.id}`, ended);
    return { status: 200, body: render(ended, request.at) };
  };
  const host = createHost({
    name: VENDOR, world,
    routes: [
      { method: 'GET', pattern: '/balance', name: 'balance', handle: () => ({ status: 200, body: { entity: 'balance', livemode: false, wallets: [{ currency: 'dzd', balance: 0, ready_for_payout: 0, on_hold: 0 }] } }) },
      { method: 'POST', pattern: '/checkouts', name: 'create', handle: create }, { method: 'GET', pattern: '/checkouts', name: 'list', handle: list },
      { method: 'GET', pattern: '/checkouts/{id}', name: 'read', handle: one }, { method: 'POST', pattern: '/checkouts/{id}/expire', name: 'expire', handle: expire },
    ],
    before: (request) => (request.header('authorization') === `Bearer ${PRACTICE_CHARGILY.secretKey}` ? null : refuse(401, 'Unauthenticated.')),
    errorBody: refuse,
  }, options);
  return host;
}

/** A notice as Chargily posts it: the body, and the header that signs it. */
export function chargilyNotice(checkoutId: string, type: string): { readonly body: string; readonly signature: string } {
  const body = JSON.stringify({ id: idFrom('01', checkoutId, type), entity: 'event', livemode: 'false', type, data: { id: checkoutId, entity: 'checkout' }, created_at: 0, updated_at: 0 });
  return { body, signature: createHmac('sha256', PRACTICE_CHARGILY.secretKey).update(body).digest('hex') };
}
