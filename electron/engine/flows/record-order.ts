import { badField, expireUnused, loadVersion, wrongState, type Purchase, type RecordOrderInput } from '../purchasing/index.ts';
import { confirmPurchase, type BookingDeps } from './book-purchase.ts';

/** The status of a receipt that a person typed. */
const RECORDED_BY_HAND = 'recorded-by-hand';

function check(purchase: Purchase, { total, quantity }: RecordOrderInput): void {
  if (total.currency !== purchase.currency) throw badField('total', `it is paid in ${purchase.currency}, not ${total.currency}`);
  if (total.minor <= 0) throw badField('total', 'what was paid is more than nothing');
  if (quantity !== undefined && quantity > purchase.approval.quantity) throw badField('quantity', `${purchase.approval.quantity} were approved`);
}

/**
 * A person ordered at the shop what was approved: the purchase is confirmed and booked as if a checkout had answered. What was paid is a fact, so a total above
 * the approved one is booked too, and recorded as such. Only from `ordering-by-hand` and from the version that the person saw: nothing is recorded twice.
 * @throws DomainError NOT_FOUND; WRONG_STATE, also after the approval has run out unused, which stops the purchase: one whose order was opened at the shop in time holds until that is settled; INVALID with the field.
 */
export async function recordOrder(deps: BookingDeps, input: RecordOrderInput): Promise<Purchase> {
  const { ctx } = deps.purchasing;
  const recorded = await ctx.db.transaction(async (tx) => {
    const purchase = await loadVersion(tx, input.id, input.version);
    if (purchase.state !== 'ordering-by-hand') throw wrongState(purchase.state);
    check(purchase, input);
    const stopped = await expireUnused(deps.purchasing, tx, purchase);
    if (stopped.state === 'stopped') return stopped;
    return confirmPurchase(deps, tx, { ...purchase, quantity: input.quantity ?? purchase.quantity }, {
      externalId: input.externalId, unitPrice: null, goods: null, shipping: null, tax: null, total: input.total, status: RECORDED_BY_HAND, at: ctx.clock.now(),
      receipt: { recordedBy: input.by, ...(input.receiptNote ? { note: input.receiptNote } : {}) },
    });
  });
  // The stop has to be kept, so it is told only after its transaction.
  if (recorded.state === 'stopped') throw wrongState('stopped');
  return recorded;
}
