import { getLot } from '#engine/inventory/index.ts';
import { loadListing } from '#engine/listings/index.ts';
import { judgeAgain, reopenAfterPurchase, stateOf } from '#engine/opportunities/index.ts';
import { loadPurchase, type PurchasingDeps } from '#engine/purchasing/index.ts';

/**
 * What has sold out may be bought again: its opportunity opens, and its offer is judged anew at today's price, stock and demand. A person decides
 * again, as for any other.
 */
export function offerAgain(deps: PurchasingDeps): void {
  deps.ctx.outbox.subscribe('listing.sold-out', async ({ id }) => {
    if (id === null) return;
    await deps.ctx.db.transaction(async (tx) => {
      const listing = await loadListing(tx, id);
      if (listing.state !== 'sold-out') return;
      const { purchaseId } = await getLot(tx, listing.lotId);
      // goods by hand, of a purchase order, or split off another lot have no opportunity
      if ((await tx.purchase.findUnique({ where: { id: purchaseId }, select: { id: true } })) === null) return;
      const purchase = await loadPurchase(tx, purchaseId);
      if ((await stateOf(tx, purchase.opportunityId)) !== 'purchased') return;
      if (await judgeAgain(tx, purchase.offerId)) await reopenAfterPurchase(tx, purchase.opportunityId);
    });
  });
}
