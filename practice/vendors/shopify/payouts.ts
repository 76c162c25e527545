import { toIso } from '#kernel/time.ts';
import { movementsOn, payoutsOn } from '../../world/index.ts';
import { connectionOf, type Resolver } from '../graphql/execute-document.ts';
import { CHANNEL, decimal, gid, type Shop } from './shop.ts';

const numberOf = (payoutId: string) => payoutId.replace(/\D/g, '');
const flat = (minor: number) => ({ amount: decimal(minor), currencyCode: 'USD' });

/** Shopify Payments' account of the shop: what it has paid out, and of what. */
export const paymentsAccount = (shop: Shop): Resolver => () => ({
  payouts: (args: Parameters<typeof connectionOf>[1]) => {
    const from = Date.parse(/issued_at:>='([^']+)'/.exec(String(args['query']))?.[1] ?? '');
    const paid = payoutsOn(shop.world, CHANNEL, shop.world.now()).filter((payout) => Number.isNaN(from) || payout.at >= from);
    return connectionOf(paid.map((payout) => ({ id: gid('ShopifyPaymentsPayout', numberOf(payout.id)), legacyResourceId: numberOf(payout.id), issuedAt: toIso(payout.at), status: 'PAID', transactionType: 'DEPOSIT', net: flat(payout.minor) })), args, ({ id }) => id);
  },
  balanceTransactions: (args: Parameters<typeof connectionOf>[1]) => {
    const wanted = /payments_transfer_id:(\d+)/.exec(String(args['query']))?.[1];
    const payout = payoutsOn(shop.world, CHANNEL, shop.world.now()).find(({ id }) => numberOf(id) === wanted);
    const moved = movementsOn(shop.world, CHANNEL).filter(({ id }) => payout?.movementIds.includes(id));
    return connectionOf(moved.map((movement) => ({
      id: gid('ShopifyPaymentsBalanceTransaction', movement.id), type: movement.kind === 'sale' ? 'CHARGE' : 'REFUND', net: flat(movement.minor), associatedOrder: movement.saleId === null ? null : { id: gid('Order', movement.saleId) },
      associatedPayout: { id: gid('ShopifyPaymentsPayout', wanted ?? '') },
    })), args, ({ id }) => id);
  },
});
