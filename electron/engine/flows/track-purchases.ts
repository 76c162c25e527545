import { z } from 'zod';
import { isConnectorError, messageOf } from '#kernel/errors.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { JobContext, JobHandler } from '#runtime/ports.ts';
import { advance, findInState, hasEvent, loadPurchase, record, type CheckoutPort, type Purchase } from '../purchasing/index.ts';
import { bookRefundedPurchase, confirmPurchase, type BookingDeps } from './book-purchase.ts';

export const TRACK_PURCHASES = 'purchases.track';
export const TRACK_EVERY_MS = 6 * HOUR_MS;

/** Asks vendors how orders are getting on: delivered, given up, or (where a workflow gave up asking) whether there is one at all. */
export function trackPurchasesJob(deps: BookingDeps): JobHandler<Record<string, never>> {
  return { kind: TRACK_PURCHASES, payload: z.strictObject({}), run: (_payload, context) => trackPurchases(deps, context) };
}

async function trackPurchases(deps: BookingDeps, { signal, progress }: JobContext): Promise<void> {
  const { prisma } = deps.purchasing.ctx.db;
  const waiting = [...(await findInState(prisma, 'confirmed')), ...(await findInState(prisma, 'reconciling'))];
  let done = 0;
  for (const purchase of waiting) {
    signal.throwIfAborted();
    try {
      if (purchase.session) await follow(deps, await deps.purchasing.checkouts.open(purchase.sourceId), { purchase, signal });
    } catch (error) {
      // One vendor that cannot be reached does not keep the others from being asked; the next turn asks again.
      if (!isConnectorError(error)) throw error;
      deps.purchasing.ctx.log.warn('cannot ask how an order is getting on', { purchaseId: purchase.id, reason: messageOf(error) });
    }
    progress({ done: ++done, total: waiting.length });
  }
}

async function follow(deps: BookingDeps, checkout: CheckoutPort, { purchase, signal }: { purchase: Purchase; signal: AbortSignal }): Promise<void> {
  const { session } = purchase;
  if (!session) return;
  if (purchase.state === 'reconciling') return settle(deps, checkout, { purchase, signal });
  const progress = await checkout.progress(session, signal);
  if (progress.state === 'open') return;
  await deps.purchasing.ctx.db.transaction(async (tx) => {
    const now = await loadPurchase(tx, purchase.id);
    if (now.state !== 'confirmed') return;
    if (progress.state === 'refunded') return bookRefundedPurchase(deps, tx, now, progress.status);
    if (await hasEvent(tx, now.id, 'delivered')) return;
    await record(deps.purchasing, tx, now.id, { kind: 'delivered', data: { status: progress.status } });
    await deps.purchasing.ctx.outbox.add(tx, 'purchase.delivered', now.id, { status: progress.status });
  });
}

/** While a workflow is asking, its purchase has no stop reason and is left to it. */
async function settle(deps: BookingDeps, checkout: CheckoutPort, { purchase, signal }: { purchase: Purchase; signal: AbortSignal }): Promise<void> {
  if (!purchase.session || !purchase.stopReason) return;
  const answer = await checkout.reconcile(purchase.session, signal);
  if (answer === 'unknown') return;
  await deps.purchasing.ctx.db.transaction(async (tx) => {
    const now = await loadPurchase(tx, purchase.id);
    if (now.state !== 'reconciling' || now.version !== purchase.version) return;
    if (answer === 'absent') await advance(deps.purchasing, tx, now, { to: 'stopped', change: { stopReason: { code: 'stop.not-placed', data: {} } } });
    else await confirmPurchase(deps, tx, now, answer.found);
  });
}
