/** What the reseller's own shop took through Stripe, and what through PayPal: the shop's plug-in takes the payment, and writes its id into the order. */
import type { Instant } from '#kernel/time.ts';
import { claimsOn, movementsOn, payoutsOn, type Movement, type Sale, type World } from '../../world/index.ts';
import { idFrom } from './simulate-customer.ts';

const CHANNEL = 'woocommerce';

export const chargeOfSale = (sale: Pick<Sale, 'id'>): string => idFrom('ch_', 'shop', sale.id);
export const intentOfSale = (sale: Pick<Sale, 'id'>): string => idFrom('pi_', 'shop', sale.id);
export const captureOfSale = (sale: Pick<Sale, 'id'>): string => idFrom('', 'shop', sale.id, 'paypal').toUpperCase().slice(0, 17);
export const disputeOfSale = (sale: Pick<Sale, 'id'>): string => idFrom('dp_', 'shop', sale.id);

/** Of the world's documents: a sale of the shop under this vendor's name was paid through PayPal; the others through Stripe. */
export const PAID_THROUGH_PAYPAL = 'shop-paypal';
export const isThroughPaypal = (world: World, saleId: string | null): boolean => saleId !== null && world.document(PAID_THROUGH_PAYPAL, saleId) !== undefined;

/** One movement of the account, as Stripe names it. */
export interface ShopMove {
  readonly id: string;
  readonly type: 'charge' | 'refund' | 'adjustment';
  readonly amount: number;
  readonly fee: number;
  readonly at: Instant;
  readonly source: { readonly id: string; readonly object: string; readonly charge?: string; readonly payment_intent: string };
}

function moveOf(movement: Movement): ShopMove {
  const sale = { id: movement.saleId! };
  const charge = chargeOfSale(sale);
  const of = { payment_intent: intentOfSale(sale) };
  const source = movement.kind === 'sale' ? { id: charge, object: 'charge', ...of } : movement.kind === 'refund' ? { id: idFrom('re_', 'shop', movement.id), object: 'refund', charge, ...of } : { id: disputeOfSale(sale), object: 'dispute', charge, ...of };
  return { id: idFrom('txn_', 'shop', movement.id), type: movement.kind === 'sale' ? 'charge' : movement.kind === 'refund' ? 'refund' : 'adjustment', amount: movement.minor + movement.feeMinor, fee: movement.feeMinor, at: movement.at, source };
}

export interface ShopPayout {
  readonly id: string;
  readonly at: Instant;
  readonly minor: number;
  readonly moves: readonly ShopMove[];
}

export function shopPayouts(world: World): ShopPayout[] {
  const moves = new Map(movementsOn(world, CHANNEL).map((movement) => [movement.id, movement]));
  return payoutsOn(world, CHANNEL, world.now(), ({ saleId }) => !isThroughPaypal(world, saleId)).map(({ id, at, minor, movementIds }) => ({ id: idFrom('po_', 'shop', id), at, minor, moves: movementIds.map((movementId) => moveOf(moves.get(movementId)!)) }));
}

export interface ShopDispute {
  readonly sale: Sale;
  readonly minor: number;
  readonly reason: string;
  readonly at: Instant;
  readonly dueAt: Instant;
  readonly status: 'needs_response' | 'under_review' | 'won' | 'lost';
  readonly moves: readonly ShopMove[];
}

const REASONS = { 'not-received': 'product_not_received', 'not-as-described': 'product_unacceptable', 'not-authorised': 'fraudulent' } as const;

export function shopDisputes(world: World): ShopDispute[] {
  const now = world.now();
  const movements = movementsOn(world, CHANNEL);
  return claimsOn(world, CHANNEL).filter(({ sale }) => !isThroughPaypal(world, sale.id)).map(({ sale, claim }) => ({
    sale, minor: claim.minor, reason: REASONS[claim.reason], at: claim.at, dueAt: claim.dueAt, status: now >= claim.decidedAt ? (claim.won ? 'won' : 'lost') : now >= claim.dueAt ? 'under_review' : 'needs_response',
    moves: movements.filter(({ kind, saleId }) => saleId === sale.id && (kind === 'claim' || kind === 'claim-won')).map(moveOf),
  }));
}
