/** An assisted checkout: opened and filled in once, paid by the person, its confirmation read. What may have been ordered is never opened again before a person said what became of it. */
import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import type { Tx } from '#runtime/ports.ts';
import {
  advance, badField, expireUnused, frozenOf, isUnsettled, killSwitchOn, listEvents, loadPurchase, loadVersion, record, refuseUnsettled, supportsAssist, wrongState,
  type AssistedCheckoutPort, type FilledCheckout, type Purchase, type SeenPurchase,
} from '../purchasing/index.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import type { BookingDeps } from './book-purchase.ts';
import { recordOrder } from './record-order.ts';

async function tell(deps: BookingDeps, tx: Tx, id: string, event: { readonly kind: string; readonly data?: Readonly<Record<string, unknown>> }): Promise<void> {
  await record(deps.purchasing, tx, id, { kind: event.kind, data: event.data ?? {} });
  await deps.purchasing.ctx.outbox.add(tx, `purchase.${event.kind}`, id, {});
}

/**
 * Opens the shop's pages and answers at once; how it gets on is the purchase's timeline. That it was opened is kept before it is, so that a program that ends in the middle asks the person afterwards.
 * @throws DomainError NOT_FOUND, WRONG_STATE, KILL_SWITCH, MAYBE_ORDERED, INVALID where the shop has no pages to buy on.
 */
export async function assistCheckout(deps: BookingDeps, { id, version, by }: SeenPurchase): Promise<Purchase> {
  const { ctx, assist } = deps.purchasing;
  if (assist?.isOpen(id)) {
    await assist.show(id);
    return loadPurchase(ctx.db.prisma, id);
  }
  if (await ctx.killSwitch.isOn()) throw killSwitchOn();
  const begun = await ctx.db.transaction(async (tx) => {
    const purchase = await loadVersion(tx, id, version);
    if (purchase.state !== 'ordering-by-hand') throw wrongState(purchase.state);
    if (!assist || !supportsAssist(deps.purchasing, purchase)) throw badField('id', 'this shop has no pages on which an order can be prepared');
    await refuseUnsettled(tx, id);
    const unused = await expireUnused(deps.purchasing, tx, purchase);
    if (unused.state === 'stopped') return unused;
    await tell(deps, tx, id, { kind: 'assist-opened', data: { by } });
    return purchase;
  });
  if (begun.state === 'stopped') throw wrongState('stopped');
  void carryOut(deps, assist!, { purchase: begun, by }).catch((error: unknown) => ctx.log.error('an assisted checkout broke off', { purchaseId: id, error }));
  return begun;
}

interface Assisting {
  readonly purchase: Purchase;
  readonly by: string;
}

async function carryOut(deps: BookingDeps, assist: AssistedCheckoutPort, { purchase, by }: Assisting): Promise<void> {
  const { ctx } = deps.purchasing;
  const { id, approval } = purchase;
  const { address } = (await readSetting(ctx.db, BUSINESS)).value;
  const filled = await assist.open({ purchaseId: id, url: frozenOf(approval).offerUrl, quantity: approval.quantity, shipTo: address, currency: approval.maxTotal.currency }).catch(async (error: unknown) => {
    await ctx.db.transaction(async (tx) => {
      await tell(deps, tx, id, { kind: 'assist-failed', data: { message: maskText(messageOf(error)).slice(0, 500) } });
      await expireUnused(deps.purchasing, tx, await loadPurchase(tx, id));
    });
    return null;
  });
  if (filled === null) return;
  if (!(await stands(deps, assist, { purchase, filled }))) return;
  const read = await assist.confirmation(id, {
    mayGoOn: () => mayGoOn(deps, purchase),
    wentOn: async (further) => void (await stands(deps, assist, { purchase, filled: further })),
  });
  if (read === 'gave-up') return;
  if (read === null) {
    await ctx.db.transaction(async (tx) => { if ((await loadPurchase(tx, id)).state === 'ordering-by-hand') await tell(deps, tx, id, { kind: 'assist-closed' }); });
    return;
  }
  await ctx.db.transaction((tx) => tell(deps, tx, id, { kind: 'assist-read', data: { ...(read.total ? { total: read.total } : {}), externalId: read.externalId, url: read.url } }));
  const now = await loadPurchase(ctx.db.prisma, id);
  // a confirmation without a total, or for a purchase that moved on, is the person's to record
  if (read.total === null || now.state !== 'ordering-by-hand' || now.approval.id !== approval.id) return;
  await recordOrder(deps, { id, version: now.version, externalId: read.externalId, total: read.total, receiptNote: `${read.url}\n${read.says}`.slice(0, 2_000), by });
}

/** Where the window stands now, on the timeline. @returns false where it was closed, because the shop asks for more than was approved. What the person has in hand at the pay button is not taken from them: the total is said beside it. */
async function stands(deps: BookingDeps, assist: AssistedCheckoutPort, { purchase: { id, approval }, filled }: { readonly purchase: Purchase; readonly filled: FilledCheckout }): Promise<boolean> {
  const { total, missing, stop } = filled;
  if (total !== null && total.minor > approval.maxTotal.minor && filled.byPerson !== true) {
    await assist.dismiss(id);
    await stopAbove(deps, id, total);
    return false;
  }
  await deps.purchasing.ctx.db.transaction((tx) => tell(deps, tx, id, { kind: 'assist-ready', data: { ...(total ? { total } : {}), missing: [...missing], stop } }));
  return true;
}

/** Its consent still holds: the same approval, not run out, and nothing stops what leaves. */
async function mayGoOn({ purchasing: { ctx } }: BookingDeps, { id, approval }: Purchase): Promise<boolean> {
  if (await ctx.killSwitch.isOn()) return false;
  const now = await loadPurchase(ctx.db.prisma, id);
  return now.state === 'ordering-by-hand' && now.approval.id === approval.id && ctx.clock.now() < approval.expiresAt;
}

/**
 * The person wants the desk to go on from where it left the shop's window to them.
 * @throws DomainError NOT_FOUND, WRONG_STATE where no window stands open or its approval has run out, KILL_SWITCH.
 */
export async function assistGoOn(deps: BookingDeps, { id, version }: SeenPurchase): Promise<Purchase> {
  const { ctx, assist } = deps.purchasing;
  if (await ctx.killSwitch.isOn()) throw killSwitchOn();
  const purchase = await loadVersion(ctx.db.prisma, id, version);
  if (!assist?.isOpen(id) || !(await mayGoOn(deps, purchase))) throw wrongState(purchase.state);
  await assist.goOn(id);
  return purchase;
}

/** The shop asks for more than was approved: its window is closed, and the person is asked for the new total. */
async function stopAbove(deps: BookingDeps, id: string, total: NonNullable<Purchase['total']>): Promise<void> {
  await deps.purchasing.ctx.db.transaction(async (tx) => {
    const purchase = await loadPurchase(tx, id);
    if (purchase.state !== 'ordering-by-hand') return;
    const { quantity, maxUnit, maxTotal } = purchase.approval;
    await tell(deps, tx, id, { kind: 'assist-not-placed', data: { total } });
    await advance(deps.purchasing, tx, purchase, { to: 'stopped', change: { stopReason: { code: 'stop.total-rose', data: { terms: { quantity, unit: maxUnit, total }, approved: { quantity, maxUnit, maxTotal } } } } });
  });
}

/** The person looked, and nothing was ordered: it may be opened again, or given up. @throws DomainError NOT_FOUND, WRONG_STATE. */
export async function assistNotPlaced(deps: BookingDeps, { id, version, by }: SeenPurchase): Promise<Purchase> {
  const { ctx, assist } = deps.purchasing;
  const kept = await ctx.db.transaction(async (tx) => {
    const purchase = await loadVersion(tx, id, version);
    if (!isUnsettled(await listEvents(tx, id)) || (purchase.state !== 'ordering-by-hand' && purchase.state !== 'stopped')) throw wrongState(purchase.state);
    await tell(deps, tx, id, { kind: 'assist-not-placed', data: { by } });
    await ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'purchase.not-placed', subject: id });
    // the approval was held for as long as it may have been used
    return expireUnused(deps.purchasing, tx, purchase);
  });
  await assist?.dismiss(id);
  return kept;
}
