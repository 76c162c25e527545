import type { z } from 'zod';
import type { purchaseState } from '#contract/purchases.ts';

export type PurchaseState = z.infer<typeof purchaseState>;

/**
 * `awaiting-second` one person said yes, and the amount needs another; `approved` a person said yes; `preparing` price and stock are asked for again; `placing` the order goes out; `reconciling` whether it went out is asked
 * of the vendor; `ordering-by-hand` the program has no checkout there and a person orders at the shop; `confirmed` the vendor has it; `received` the goods are here. `stopped` waits for a person, with the reason. `failed` the vendor gave
 * the order up and the money back, or the program could not go on and nothing was bought.
 */
export const PURCHASE_TRANSITIONS: Readonly<Record<PurchaseState, readonly PurchaseState[]>> = {
  'awaiting-second': ['approved', 'stopped', 'cancelled'],
  approved: ['preparing', 'ordering-by-hand', 'stopped', 'cancelled'],
  preparing: ['placing', 'stopped', 'cancelled'],
  placing: ['reconciling', 'confirmed', 'stopped', 'failed'],
  reconciling: ['placing', 'confirmed', 'stopped', 'failed'],
  'ordering-by-hand': ['confirmed', 'stopped', 'cancelled'],
  confirmed: ['received', 'failed'],
  stopped: ['approved', 'awaiting-second', 'cancelled'],
  received: [],
  cancelled: [],
  failed: [],
};

/** Where a purchase begins: with the consent that carries it out, or with the first of two. */
export const FIRST_STATE: PurchaseState = 'approved';
export const FIRST_OF_TWO: PurchaseState = 'awaiting-second';

export function canGo(from: PurchaseState, to: PurchaseState): boolean {
  return PURCHASE_TRANSITIONS[from].includes(to);
}

/** States that hold money that has not left the account yet. */
export const COMMITTED_STATES: readonly PurchaseState[] = ['awaiting-second', 'approved', 'preparing', 'placing', 'reconciling', 'ordering-by-hand', 'stopped'];
/** States in which a purchase counts against no limit. */
export const VOID_STATES: readonly PurchaseState[] = ['cancelled', 'failed'];
