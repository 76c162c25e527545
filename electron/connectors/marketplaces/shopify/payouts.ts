import { add, money, type Money } from '#kernel/money.ts';
import { toIso } from '#kernel/time.ts';
import type { ChannelPayout, OrderQuery } from '#engine/orders/ports.ts';
import { moneyFromText } from '../../http/index.ts';
import { DOCUMENTS } from './documents.ts';
import { numberOfGid, strange } from './products.ts';
import { payoutPartsSchema, payoutsSchema } from './schema.ts';
import type { ShopifyClient } from './shopify-client.ts';

/** Either of them opens the payouts of Shopify Payments. */
const SCOPES: ReadonlySet<string> = new Set(['read_shopify_payments_payouts', 'read_shopify_payments']);
const PAYOUTS_PER_PAGE = 20;
export const PARTS_PER_PAGE = 100;

interface Paged {
  readonly query: string;
  readonly after: string | null;
  readonly signal: AbortSignal | undefined;
}

const payoutPage = async (client: ShopifyClient, { signal, ...asked }: Paged) => (await client.ask(DOCUMENTS.payouts, { variables: { ...asked, first: PAYOUTS_PER_PAGE }, effect: 'read', schema: payoutsSchema, signal })).shopifyPaymentsAccount?.payouts ?? null;
const partsPage = async (client: ShopifyClient, { signal, ...asked }: Paged) => (await client.ask(DOCUMENTS.payoutParts, { variables: { ...asked, first: PARTS_PER_PAGE }, effect: 'read', schema: payoutPartsSchema, signal })).shopifyPaymentsAccount?.balanceTransactions ?? null;

/** Every entry of all pages; null where the shop has no account with Shopify Payments. */
export async function allPages<Node>(page: (after: string | null) => Promise<{ readonly nodes: readonly Node[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined } } | null>): Promise<Node[] | null> {
  const found: Node[] = [];
  for (let after: string | null = null; ; ) {
    const read = await page(after);
    if (!read) return null;
    found.push(...read.nodes);
    if (!read.pageInfo.hasNextPage || !read.pageInfo.endCursor) return found;
    after = read.pageInfo.endCursor;
  }
}

export function amountOf({ amount, currencyCode }: { readonly amount: string; readonly currencyCode: string }): Money {
  const read = moneyFromText(amount, currencyCode);
  if (!read) throw strange(DOCUMENTS.payouts.operation, `${amount} ${currencyCode} is no amount`);
  return read;
}

/** What of a payout is each order's. Fees that stand by themselves and adjustments are no order's. */
async function partsOf(client: ShopifyClient, payout: { readonly id: string; readonly number: string }, signal: AbortSignal | undefined): Promise<ChannelPayout['orders']> {
  const byOrder = new Map<string, Money>();
  for (const { net, associatedOrder, associatedPayout } of (await allPages((after) => partsPage(client, { query: `payments_transfer_id:${payout.number}`, after, signal }))) ?? []) {
    if (!associatedOrder || associatedPayout.id !== payout.id) continue;
    const orderId = numberOfGid(associatedOrder.id);
    const part = amountOf(net);
    byOrder.set(orderId, add(byOrder.get(orderId) ?? money(0, part.currency), part));
  }
  return [...byOrder].map(([orderId, amount]) => ({ orderId, amount }));
}

/** Payouts of Shopify Payments that have reached the bank. Null where the shop is paid by another provider, or the app may not read them. */
export async function readPayouts(client: ShopifyClient, { modifiedFrom, signal }: OrderQuery): Promise<ChannelPayout[] | null> {
  const { scopes } = await client.shop(signal);
  if (!scopes.some((scope) => SCOPES.has(scope))) return null;
  const listed = await allPages((after) => payoutPage(client, { query: `status:paid issued_at:>='${toIso(modifiedFrom)}'`, after, signal }));
  if (!listed) return null;
  const found: ChannelPayout[] = [];
  for (const payout of listed) {
    // a filter that the shop did not keep to must not book money that is still on its way
    if (payout.status !== 'PAID' || payout.issuedAt < modifiedFrom) continue;
    const net = amountOf(payout.net);
    const amount = payout.transactionType === 'WITHDRAWAL' && net.minor > 0 ? money(-net.minor, net.currency) : net;
    found.push({ payoutId: payout.legacyResourceId, at: payout.issuedAt, amount, orders: await partsOf(client, { id: payout.id, number: payout.legacyResourceId }, signal) });
  }
  return found.toSorted((a, b) => a.at - b.at);
}
