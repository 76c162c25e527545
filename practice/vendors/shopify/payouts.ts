import { toIso } from '#kernel/time.ts';
import { claimsOn, movementsOn, payoutsOn, type Movement } from '../../world/index.ts';
import { connectionOf, type Resolver } from '../graphql/execute-document.ts';
import { CHANNEL, decimal, gid, type Shop } from './shop.ts';

const numberOf = (payoutId: string) => payoutId.replace(/\D/g, '');
const flat = (minor: number) => ({ amount: decimal(minor), currencyCode: 'USD' });

const TYPES: Readonly<Record<Movement['kind'], string>> = { sale: 'CHARGE', refund: 'REFUND', 'listing-fee': 'ADJUSTMENT', claim: 'DISPUTE_WITHDRAWAL', 'claim-won': 'DISPUTE_REVERSAL' };
const isDispute = ({ kind }: Movement) => kind === 'claim' || kind === 'claim-won';

/** Banks' disputes of the shop's charges. */
export const disputes = (shop: Shop): Resolver => (args) => {
  const from = Date.parse(/initiated_at:>='([^']+)'/.exec(String(args['query']))?.[1] ?? '');
  const now = shop.world.now();
  const found = claimsOn(shop.world, CHANNEL).filter(({ claim }) => Number.isNaN(from) || claim.at >= from);
  return connectionOf(found.map(({ sale, claim }) => ({
    id: gid('ShopifyPaymentsDispute', sale.lineItemId), legacyResourceId: sale.lineItemId, type: 'CHARGEBACK', status: now >= claim.decidedAt ? (claim.won ? 'WON' : 'LOST') : now >= claim.dueAt ? 'UNDER_REVIEW' : 'NEEDS_RESPONSE', initiatedAt: toIso(claim.at),
    evidenceDueBy: toIso(claim.dueAt), evidenceSentOn: null, finalizedOn: now >= claim.decidedAt ? toIso(claim.decidedAt) : null, amount: flat(claim.minor),
    reasonDetails: { reason: { 'not-received': 'PRODUCT_NOT_RECEIVED', 'not-as-described': 'PRODUCT_UNACCEPTABLE', 'not-authorised': 'FRAUDULENT' }[claim.reason] }, order: { id: gid('Order', sale.id) },
  })), args, ({ id }) => id);
};

/** Shopify Payments' account of the shop: what it has paid out, and of what. */
export const paymentsAccount = (shop: Shop): Resolver => () => ({
  payouts: (args: Parameters<typeof connectionOf>[1]) => {
    const from = Date.parse(/issued_at:>='([^']+)'/.exec(String(args['query']))?.[1] ?? '');
    const paid = payoutsOn(shop.world, CHANNEL, shop.world.now()).filter((payout) => Number.isNaN(from) || payout.at >= from);
    return connectionOf(paid.map((payout) => ({ id: gid('ShopifyPaymentsPayout', numberOf(payout.id)), legacyResourceId: numberOf(payout.id), issuedAt: toIso(payout.at), status: 'PAID', transactionType: 'DEPOSIT', net: flat(payout.minor) })), args, ({ id }) => id);
  },
  balanceTransactions: (args: Parameters<typeof connectionOf>[1]) => {
    const query = String(args['query']);
    const wanted = /payments_transfer_id:(\d+)/.exec(query)?.[1];
    const [from, to] = [/processed_at:>='([^']+)'/, /processed_at:<='([^']+)'/].map((at) => Date.parse(at.exec(query)?.[1] ?? ''));
    const payouts = payoutsOn(shop.world, CHANNEL, shop.world.now());
    const inPayout = new Map(payouts.flatMap(({ id, movementIds }) => movementIds.map((movementId) => [movementId, numberOf(id)] as const)));
    const moved = movementsOn(shop.world, CHANNEL).filter(({ id, at }) => (wanted === undefined ? at >= from! && at <= to! : inPayout.get(id) === wanted));
    return connectionOf(moved.map((movement) => ({
      id: gid('ShopifyPaymentsBalanceTransaction', movement.id), type: TYPES[movement.kind], sourceType: isDispute(movement) ? 'DISPUTE' : movement.kind === 'refund' ? 'REFUND' : 'CHARGE', fee: flat(movement.feeMinor), amount: flat(movement.minor + movement.feeMinor),
      sourceId: isDispute(movement) ? shop.world.sale(movement.saleId ?? '')!.lineItemId : movement.id.replaceAll(/\D/g, ''), net: flat(movement.minor), associatedOrder: movement.saleId === null ? null : { id: gid('Order', movement.saleId) },
      associatedPayout: { id: inPayout.has(movement.id) ? gid('ShopifyPaymentsPayout', inPayout.get(movement.id)!) : null },
    })), args, ({ id }) => id);
  },
});
