/** Disputes of Shopify Payments: what a buyer asks the bank to take back. Evidence is given on Shopify's own page. */
import { money, type Money } from '#kernel/money.ts';
import { DAY_MS, toIso, type Instant } from '#kernel/time.ts';
import type { ChannelClaim, ClaimState } from '#engine/orders/ports.ts';
import { DOCUMENTS } from './documents.ts';
import { allPages, amountOf, PARTS_PER_PAGE } from './payouts.ts';
import { numberOfGid } from './products.ts';
import { disputeMovesSchema, disputesSchema, type ShopDispute } from './schema.ts';
import type { ShopifyClient } from './shopify-client.ts';

const SCOPES: ReadonlySet<string> = new Set(['read_shopify_payments_disputes', 'read_shopify_payments']);
const PER_PAGE = 50;
/** Money is moved within days of a dispute's opening and of its end; how many is an assumption. What a dispute costs is looked for there, and no longer than this afterwards. */
const MOVES_WITHIN_MS = 3 * DAY_MS;
const LOOK_FOR_FEES_MS = 10 * DAY_MS;

const STATES: Readonly<Record<string, ClaimState>> = { NEEDS_RESPONSE: 'answer', UNDER_REVIEW: 'waits', WON: 'won', PREVENTED: 'won', LOST: 'lost', ACCEPTED: 'lost', CHARGE_REFUNDED: 'closed' };
/** An inquiry moves no money, and one that was won or refunded has none any more: a refund shows with the order. */
const holdsMoney = ({ type, status }: ShopDispute) => type === 'CHARGEBACK' && (STATES[status] ?? 'answer') !== 'won' && status !== 'CHARGE_REFUNDED';

interface Call {
  readonly signal?: AbortSignal | undefined;
}

/** What the shop's balance was charged for a dispute, net of what came back; undefined where nothing of it has moved yet. */
async function feeOf(client: ShopifyClient, dispute: ShopDispute, { signal }: Call): Promise<Money | undefined> {
  let fee: Money | undefined;
  const seen = new Set<string>();
  for (const at of dispute.finalizedOn === null ? [dispute.initiatedAt] : [dispute.initiatedAt, dispute.finalizedOn]) {
    const query = `processed_at:>='${toIso(at - DAY_MS)}' AND processed_at:<='${toIso(at + MOVES_WITHIN_MS)}'`;
    const moves = await allPages(async (after) => (await client.ask(DOCUMENTS.disputeMoves, { variables: { query, first: PARTS_PER_PAGE, after }, effect: 'read', schema: disputeMovesSchema, signal })).shopifyPaymentsAccount?.balanceTransactions ?? null);
    for (const move of moves ?? []) {
      if (move.sourceType !== 'DISPUTE' || move.sourceId !== dispute.legacyResourceId || seen.has(move.id)) continue;
      seen.add(move.id);
      const part = amountOf(move.fee);
      fee = money((fee?.minor ?? 0) + part.minor, part.currency);
    }
  }
  return fee;
}

/** Disputes that were opened since, open and closed; null where the app may not read them, or the shop is paid by another provider. */
export async function readClaims(client: ShopifyClient, { openedFrom, signal }: Call & { readonly openedFrom: Instant }): Promise<ChannelClaim[] | null> {
  const { scopes } = await client.shop(signal);
  if (!scopes.some((scope) => SCOPES.has(scope))) return null;
  const listed = await allPages(async (after) => (await client.ask(DOCUMENTS.disputes, { variables: { query: `initiated_at:>='${toIso(openedFrom)}'`, first: PER_PAGE, after }, effect: 'read', schema: disputesSchema, signal })).disputes);
  const now = client.options.clock.now();
  const claims: ChannelClaim[] = [];
  for (const dispute of listed ?? []) {
    if (!dispute.order || dispute.initiatedAt < openedFrom) continue;
    const amount = amountOf(dispute.amount);
    const state = STATES[dispute.status] ?? 'answer';
    const mayMove = dispute.type === 'CHARGEBACK' && now - (dispute.finalizedOn ?? dispute.initiatedAt) < LOOK_FOR_FEES_MS;
    const fee = mayMove ? await feeOf(client, dispute, { signal }) : undefined;
    claims.push({
      claimId: dispute.legacyResourceId, orderId: numberOfGid(dispute.order.id), state, reason: dispute.reasonDetails.reason, amount, respondBy: state === 'answer' ? dispute.evidenceDueBy : null, taken: holdsMoney(dispute) ? amount : money(0, amount.currency), ...(fee ? { fee } : {}),
    });
  }
  return claims;
}
