import type { Reason } from '#contract/shared.ts';
import type { Tx } from '#runtime/ports.ts';
import type { PurchasingDeps } from './deps.ts';
import { noSuchPurchase, wrongState } from './errors.ts';
import { canGo, type PurchaseState } from './machine.ts';
import type { Purchase } from './purchase.ts';
import { findPurchase, insertEvent, updatePurchase, type PurchaseChange } from './repo.ts';

export async function loadPurchase(tx: Tx, id: string): Promise<Purchase> {
  const purchase = await findPurchase(tx, id);
  if (!purchase) throw noSuchPurchase(id);
  return purchase;
}

/** Refuses what somebody looked at before it changed. */
export async function loadVersion(tx: Tx, id: string, version: number): Promise<Purchase> {
  const purchase = await loadPurchase(tx, id);
  if (purchase.version !== version) throw wrongState(purchase.state);
  return purchase;
}

/** Steps that money hangs on. */
const AUDITED: ReadonlySet<PurchaseState> = new Set(['confirmed', 'stopped', 'failed', 'received']);

export interface Advance {
  readonly to: PurchaseState;
  readonly change?: Omit<PurchaseChange, 'state'>;
  /** For the timeline; the state and the stop reason are added. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Moves a purchase along the machine: state, timeline and event in the caller's transaction.
 * @throws DomainError WRONG_STATE when the machine has no such step, or somebody was faster.
 */
export async function advance(deps: PurchasingDeps, tx: Tx, purchase: Purchase, { to, change = {}, data = {} }: Advance): Promise<Purchase> {
  if (!canGo(purchase.state, to)) throw wrongState(purchase.state);
  const { audit, clock, outbox } = deps.ctx;
  const at = clock.now();
  const stopReason = change.stopReason === undefined && to !== 'stopped' ? null : change.stopReason;
  const full = { ...change, ...(stopReason === undefined ? {} : { stopReason }) };
  if (!(await updatePurchase(tx, purchase, { ...full, state: to, at }))) throw wrongState(purchase.state);
  await record(deps, tx, purchase.id, { kind: to, data: { ...data, ...(stopReason ? { reason: stopReason } : {}) } });
  if (AUDITED.has(to)) await audit.append(tx, { actor: typeof data['by'] === 'string' ? data['by'] : 'desk', channel: typeof data['by'] === 'string' ? 'desktop' : 'workflow', action: `purchase.${to}`, subject: purchase.id, data: { approvalId: purchase.approval.id, homeTotal: full.homeTotal ?? purchase.homeTotal, ...(full.externalId ? { externalId: full.externalId } : {}), ...(stopReason ? { reason: stopReason.code } : {}) } });
  await outbox.add(tx, `purchase.${to}`, purchase.id, { opportunityId: purchase.opportunityId });
  return loadPurchase(tx, purchase.id);
}

/** Keeps why a purchase waits, without moving it. */
export async function explain(deps: PurchasingDeps, tx: Tx, purchase: Purchase, stopReason: Reason): Promise<void> {
  if (!(await updatePurchase(tx, purchase, { stopReason, at: deps.ctx.clock.now() }))) throw wrongState(purchase.state);
  await record(deps, tx, purchase.id, { kind: 'waiting', data: { reason: stopReason } });
}

/** A line of the purchase's timeline. */
export async function record(deps: PurchasingDeps, tx: Tx, purchaseId: string, event: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> }): Promise<void> {
  await insertEvent(tx, purchaseId, { id: deps.ctx.ids.next('event'), kind: event.kind, data: event.data, at: deps.ctx.clock.now() });
}
