/** What is known of an assisted checkout, from the purchase's timeline alone: it outlives the program and the window. */
import type { z } from 'zod';
import { assistedCheckout } from '#contract/purchases.ts';
import { moneySchema } from '#contract/shared.ts';
import { DomainError } from '#kernel/errors.ts';
import type { Tx } from '#runtime/ports.ts';
import { advance } from './advance-purchase.ts';
import type { PurchasingDeps } from './deps.ts';
import { frozenOf, type Purchase, type PurchaseEvent } from './purchase.ts';
import { listEvents } from './repo.ts';
import { approvalExpiry } from './terms.ts';

export type Assist = z.infer<typeof assistedCheckout>;

/** Whether a person's order there can be prepared: the shop has pages, and the approved price is the one that its pages ask. */
export function supportsAssist({ assist }: Pick<PurchasingDeps, 'assist'>, purchase: Purchase): boolean {
  const { agreed, offerUrl } = frozenOf(purchase.approval);
  return assist !== undefined && agreed === undefined && assist.supports(purchase.connector) && URL.canParse(offerUrl) && /^https?:$/.test(new URL(offerUrl).protocol);
}

const latest = (events: readonly PurchaseEvent[]) => events.findLast((event) => event.kind.startsWith('assist-'));

/** A window stood before the pay button, and nobody has said what became of it. */
const MAY_HAVE_ORDERED = ['assist-opened', 'assist-ready', 'assist-closed', 'assist-read'];
export const isUnsettled = (events: readonly PurchaseEvent[]): boolean => MAY_HAVE_ORDERED.includes(latest(events)?.kind ?? '');

/** @throws DomainError MAYBE_ORDERED: what may have been ordered is never ordered again before a person said that it was not. */
export async function refuseUnsettled(tx: Tx, purchaseId: string): Promise<void> {
  const events = await listEvents(tx, purchaseId);
  if (isUnsettled(events)) throw new DomainError('MAYBE_ORDERED', 'It may have been ordered at the shop already: say first whether it was.', { since: latest(events)!.at });
}

/** Timelines of before steps were told apart stood before the pay button. */
const stopOf = (told: unknown): Assist['stopped'] => assistedCheckout.shape.stopped.catch('pay').parse(told ?? 'pay');

/**
 * Stops what waits for its order with an approval that ran out. One that is in use, because a window stood before the pay button and nobody has said what became of it, does not run out beneath that: its outcome is settled first.
 * @returns the purchase as it is then.
 */
export async function expireUnused(deps: PurchasingDeps, tx: Tx, purchase: Purchase): Promise<Purchase> {
  const expired = purchase.state === 'ordering-by-hand' ? approvalExpiry(purchase.approval, deps.ctx.clock.now()) : null;
  if (!expired || isUnsettled(await listEvents(tx, purchase.id))) return purchase;
  return advance(deps, tx, purchase, { to: 'stopped', change: { stopReason: expired } });
}

/** Null where none is possible here. */
export function assistOf(deps: Pick<PurchasingDeps, 'assist'>, purchase: Purchase, events: readonly PurchaseEvent[]): Assist | null {
  if (purchase.state !== 'ordering-by-hand' && !(purchase.state === 'stopped' && isUnsettled(events))) return null;
  const last = latest(events);
  if (!supportsAssist(deps, purchase) && !last) return null;
  const open = deps.assist?.isOpen(purchase.id) ?? false;
  const total = moneySchema.safeParse(last?.data['total']);
  const state = !last || last.kind === 'assist-failed' || last.kind === 'assist-not-placed' ? 'free' : last.kind === 'assist-read' ? 'read' : !open ? 'asks' : last.kind === 'assist-opened' ? 'filling' : 'ready';
  const texts = last?.data['missing'];
  return {
    state, total: total.success ? total.data : null, stopped: state === 'ready' ? stopOf(last?.data['stop']) : null, missing: Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : [], externalId: typeof last?.data['externalId'] === 'string' ? last.data['externalId'] : null,
    failed: last?.kind === 'assist-failed' && typeof last.data['message'] === 'string' ? last.data['message'] : null, at: last?.at ?? null,
  };
}
