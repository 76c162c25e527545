import { z } from 'zod';
import { DAY_MS } from '#kernel/time.ts';
import type { Sale } from '../../world/index.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { US_MARKETPLACE } from './bodies.ts';
import { sentByAmazon } from './listings.ts';
import type { Operation } from './rate-limits.ts';
import { invalid, refusal } from './refusals.ts';
import type { Desk } from './selling.ts';

/** A buyer can be written about an order for so long after it was delivered (assumption of the practice market). */
const OPEN_MS = 30 * DAY_MS;
const textSchema = z.strictObject({ text: z.string().min(1).max(2_000) });

export const MESSAGES: readonly { readonly name: Operation; readonly action: string; readonly isOpen: (sale: Sale) => boolean }[] = [
  { name: 'createConfirmOrderDetails', action: 'confirmOrderDetails', isOpen: (sale) => sale.shippedAt === null },
  { name: 'createConfirmDeliveryDetails', action: 'confirmDeliveryDetails', isOpen: (sale) => sale.deliveredAt === null },
  { name: 'createUnexpectedProblem', action: 'unexpectedProblem', isOpen: () => true },
];

const saleOf = ({ world }: Desk, { params, query }: VendorRequest): Sale | VendorResponse => {
  if (query.get('marketplaceIds') !== US_MARKETPLACE) return invalid('marketplaceIds: one, and the practice market has Amazon US only');
  const sale = world.sale(params['orderId'] ?? '');
  return sale?.channel === 'amazon' ? sale : refusal(404, 'NotFound', 'The requested order does not exist.');
};

/** What Amazon sends itself it also talks about itself. */
function openFor(desk: Desk, sale: Sale, at: number) {
  if (sale.status === 'cancelled' || sentByAmazon(desk, sale.sku) || (sale.deliveredAt !== null && sale.deliveredAt + OPEN_MS < at)) return [];
  return MESSAGES.filter((message) => message.isOpen(sale));
}

const hrefOf = (orderId: string, rest = '') => `/messaging/v1/orders/${orderId}${rest}?marketplaceIds=${US_MARKETPLACE}`;

export function messagingActions(desk: Desk, request: VendorRequest): VendorResponse {
  const found = saleOf(desk, request);
  if ('body' in found) return found;
  const sale = found as Sale;
  const actions = openFor(desk, sale, request.at).map(({ action }) => ({ href: hrefOf(sale.id, `/messages/${action}`), name: action }));
  return { status: 200, body: { _links: { actions, self: { href: hrefOf(sale.id) } }, _embedded: { actions: actions.map((self) => ({ _links: { schema: { href: `/messaging/v1/orders/${sale.id}/messages/${self.name}/schema`, name: self.name }, self } })) } } };
}

export function messageAttributes(desk: Desk, request: VendorRequest): VendorResponse {
  const found = saleOf(desk, request);
  return 'body' in found ? found : { status: 200, body: { buyer: { locale: 'en-US' } } };
}

export function sendMessage(desk: Desk, request: VendorRequest, action: string): VendorResponse {
  const found = saleOf(desk, request);
  if ('body' in found) return found;
  const sale = found as Sale;
  const parsed = textSchema.safeParse(request.json());
  if (!parsed.success) return invalid(`${parsed.error.issues[0]?.path.join('.') ?? 'body'}: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
  if (!openFor(desk, sale, request.at).some((message) => message.action === action)) return refusal(403, 'Forbidden', `The action ${action} is not available for this order.`);
  if (/https?:|www\.|<[a-z]|[^\s@]+@[^\s@]+\.[a-z]/i.test(parsed.data.text)) return invalid('text: links, HTML and email addresses are not allowed');
  desk.count('messagesSent');
  return { status: 201, body: {} };
}
