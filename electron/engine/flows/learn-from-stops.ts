import { z } from 'zod';
import { moneySchema } from '#contract/shared.ts';
import { correctOffer } from '#engine/opportunities/index.ts';
import { loadPurchase, type PurchasingDeps } from '#engine/purchasing/index.ts';

const withTerms = z.looseObject({ terms: z.looseObject({ quantity: z.int(), unit: moneySchema }) });

/**
 * A checkout knows better than a page: what it said when a purchase stopped becomes what is known of the offer, until the page itself changes.
 * Otherwise a stale page would be approved and refused again and again.
 */
export function learnFromStops(deps: PurchasingDeps): void {
  deps.ctx.outbox.subscribe('purchase.stopped', async ({ id }) => {
    if (id === null) return;
    await deps.ctx.db.transaction(async (tx) => {
      const purchase = await loadPurchase(tx, id);
      const reason = purchase.stopReason;
      if (!reason) return;
      const told = withTerms.safeParse(reason.data);
      if (told.success) await correctOffer(tx, purchase.offerId, { stock: reason.code === 'stop.stock-below-quantity' ? told.data.terms.quantity : null, unitPrice: told.data.terms.unit });
      else if (reason.code === 'stop.vendor-refused') await correctOffer(tx, purchase.offerId, { stock: 0, unitPrice: null });
    });
  });
}
