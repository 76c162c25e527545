/** Goods go back to whoever sold them: what they cost is a loss until the money is back. Each step is the person's word, once. */
import { z } from 'zod';
import { moneySchema } from '#contract/shared.ts';
import { add, money, sum, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { lotOfPurchase, setUnits } from '../inventory/index.ts';
import { CASH, INVENTORY, post, WRITE_OFF } from '../ledger/index.ts';
import { badField, listArrivals, listEvents, loadPurchase, loadVersion, record, toHome, updatePurchase, wrongState, type Purchase, type Returned, type ReturnInput, type ReturnRefundInput } from '../purchasing/index.ts';
import type { BookingDeps } from './book-purchase.ts';

const sentSchema = z.looseObject({ units: z.int(), setAside: z.int() });
const refundSchema = z.looseObject({ refund: moneySchema });
const minus = (amount: Money): Money => money(-amount.minor, amount.currency);

/** What can still go back, and what became of what did. Null before the goods are here. */
export async function readReturned(tx: Tx, purchase: Purchase): Promise<Returned | null> {
  if (purchase.state !== 'received') return null;
  const events = await listEvents(tx, purchase.id);
  const sent = events.filter((event) => event.kind === 'sent-back').map((event) => sentSchema.parse(event.data));
  const refunds = events.filter((event) => event.kind === 'return-refunded').map((event) => refundSchema.parse(event.data).refund);
  const spoilt = (await listArrivals(tx, purchase.id)).reduce((units, arrival) => units + arrival.damaged + arrival.wrong, 0);
  const lot = await lotOfPurchase(tx, purchase.id);
  const total = (of: (one: z.infer<typeof sentSchema>) => number) => sent.reduce((units, one) => units + of(one), 0);
  return { inStock: lot?.state === 'inbound' ? 0 : (lot?.onHand ?? 0), setAside: Math.max(0, spoilt - total((one) => one.setAside)), sentBack: total((one) => one.units + one.setAside), refunded: sum(refunds, purchase.currency) };
}

async function next(deps: BookingDeps, tx: Tx, purchase: Purchase, event: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> }): Promise<Purchase> {
  if (!(await updatePurchase(tx, purchase, { at: deps.purchasing.ctx.clock.now() }))) throw wrongState(purchase.state);
  await record(deps.purchasing, tx, purchase.id, event);
  await deps.purchasing.ctx.outbox.add(tx, `purchase.${event.kind}`, purchase.id, {});
  return loadPurchase(tx, purchase.id);
}

/**
 * Units are on their way back: from stock, and of those that came damaged or wrong. What they cost leaves stock as a loss.
 * @throws DomainError NOT_FOUND, WRONG_STATE, INVALID with the field.
 */
export async function recordReturn(deps: BookingDeps, { id, version, units, setAside, note, by }: ReturnInput): Promise<Purchase> {
  const { ctx } = deps.purchasing;
  return ctx.db.transaction(async (tx) => {
    const purchase = await loadVersion(tx, id, version);
    const returned = await readReturned(tx, purchase);
    if (!returned) throw wrongState(purchase.state);
    if (units + setAside === 0) throw badField('units', 'at least one goes back');
    if (units > returned.inStock) throw badField('units', `${returned.inStock} are in stock`);
    if (setAside > returned.setAside) throw badField('setAside', `${returned.setAside} came damaged or wrong`);
    const ref = `return:${version}`;
    const lot = units > 0 ? await lotOfPurchase(tx, id) : null;
    if (lot) {
      const { cost } = await setUnits(deps.inventory, tx, { lotId: lot.id, ref, units: lot.onHand - units, reason: 'sent back to the seller' });
      await post(deps.inventory, tx, { key: `purchase:${id}:${ref}`, kind: 'purchase-return', memo: `${purchase.title}: ${units} sent back`, ref: { kind: 'purchase', id }, at: ctx.clock.now(), lines: [{ account: WRITE_OFF, amount: cost }, { account: INVENTORY, amount: minus(cost) }] });
    }
    await ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'purchase.sent-back', subject: id, data: { units, setAside } });
    return next(deps, tx, purchase, { kind: 'sent-back', data: { units, setAside, ...(note ? { notes: note } : {}), by } });
  });
}

/**
 * The seller gave money back: cash, and so much less of a loss. In another currency at the rate at which it was bought.
 * @throws DomainError NOT_FOUND, WRONG_STATE before anything was sent back, INVALID with the field.
 */
export async function recordReturnRefund(deps: BookingDeps, { id, version, refund, by }: ReturnRefundInput): Promise<Purchase> {
  const { ctx } = deps.purchasing;
  return ctx.db.transaction(async (tx) => {
    const purchase = await loadVersion(tx, id, version);
    const returned = await readReturned(tx, purchase);
    if (!returned || returned.sentBack === 0 || purchase.total === null) throw wrongState(purchase.state);
    if (refund.currency !== purchase.currency) throw badField('refund', `it was paid in ${purchase.currency}, not ${refund.currency}`);
    if (refund.minor <= 0) throw badField('refund', 'what came back is more than nothing');
    if (add(returned.refunded, refund).minor > purchase.total.minor) throw badField('refund', 'that is more than was paid');
    const home = toHome(refund, purchase.rate);
    await post(deps.inventory, tx, { key: `purchase:${id}:return-refund:${version}`, kind: 'purchase-refund', memo: `${purchase.title}: refund of a return`, ref: { kind: 'purchase', id }, at: ctx.clock.now(), lines: [{ account: CASH, amount: home }, { account: WRITE_OFF, amount: minus(home) }] });
    await ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'purchase.return-refunded', subject: id, data: { refund } });
    return next(deps, tx, purchase, { kind: 'return-refunded', data: { refund, by } });
  });
}
