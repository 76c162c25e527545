import { badField, expireUnused, loadVersion, prepareReceipt, wrongState, type Purchase, type RecordOrderInput } from '../purchasing/index.ts';
import { confirmPurchase, type BookingDeps } from './book-purchase.ts';

/** The status of a receipt that a person typed. */
const RECORDED_BY_HAND = 'recorded-by-hand';

function check(purchase: Purchase, { total, quantity, goods, shipping, tax }: RecordOrderInput): void {
  if (total.currency !== purchase.currency) throw badField('total', `it is paid in ${purchase.currency}, not ${total.currency}`);
  if (total.minor <= 0) throw badField('total', 'what was paid is more than nothing');
  for (const [field, part] of Object.entries({ goods, shipping, tax })) if (part && (part.currency !== purchase.currency || part.minor < 0)) throw badField(field, `it is an amount in ${purchase.currency}`);
  if (quantity !== undefined && quantity > purchase.approval.quantity) throw badField('quantity', `${purchase.approval.quantity} were approved`);
}

/**
 * A person ordered at the shop what was approved: the purchase is confirmed and booked as if a checkout had answered. What was paid is a fact, so a total above
 * the approved one is booked too, and recorded as such. Only from `ordering-by-hand` and from the version that the person saw: nothing is recorded twice.
 * @throws DomainError NOT_FOUND; WRONG_STATE, also after the approval has run out unused, which stops the purchase: one whose order was opened at the shop in time holds until that is settled; INVALID with the field.
 */
export async function recordOrder(deps: BookingDeps, input: RecordOrderInput): Promise<Purchase> {
  const { ctx } = deps.purchasing;
  const document = input.receipt ? await prepareReceipt(deps.purchasing, { id: input.id, ...input.receipt, says: input.receiptNote, by: input.by }) : null;
  const recorded = await ctx.db.transaction(async (tx) => {
    const purchase = await loadVersion(tx, input.id, input.version);
    if (purchase.state !== 'ordering-by-hand') throw wrongState(purchase.state);
    check(purchase, input);
    const stopped = await expireUnused(deps.purchasing, tx, purchase);
    if (stopped.state === 'stopped') return stopped;
    await document?.insert(tx);
    return confirmPurchase(deps, tx, { ...purchase, quantity: input.quantity ?? purchase.quantity }, {
      externalId: input.externalId, unitPrice: null, goods: input.goods ?? null, shipping: input.shipping ?? null, tax: input.tax ?? null, total: input.total, status: RECORDED_BY_HAND, at: ctx.clock.now(),
      receipt: { recordedBy: input.by, ...(input.receiptNote ? { note: input.receiptNote } : {}), ...(input.orderedOn ? { orderedOn: input.orderedOn } : {}), ...(document ? { document: document.receipt.sha256 } : {}) },
    });
  }).catch((error: unknown) => {
    document?.dropped();
    throw error;
  });
  // The stop has to be kept, so it is told only after its transaction.
  if (recorded.state === 'stopped') {
    document?.dropped();
    throw wrongState('stopped');
  }
  document?.kept();
  return recorded;
}
