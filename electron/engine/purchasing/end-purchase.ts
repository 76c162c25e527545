import type { Tx } from '#runtime/ports.ts';
import { advance, loadVersion } from './advance-purchase.ts';
import { refuseUnsettled } from './assist.ts';
import { DESKTOP } from './consent.ts';
import type { PurchasingDeps } from './deps.ts';
import type { Purchase } from './purchase.ts';
import { revokeApproval } from './repo.ts';

/** Gives a purchase up before anything was ordered; the opportunity may be looked at again. @throws DomainError NOT_FOUND, WRONG_STATE, MAYBE_ORDERED. */
export async function cancelPurchase(deps: PurchasingDeps, input: { readonly id: string; readonly version: number; readonly by: string; readonly channel?: string | undefined }): Promise<Purchase> {
  return deps.ctx.db.transaction(async (tx) => {
    const purchase = await loadVersion(tx, input.id, input.version);
    await refuseUnsettled(tx, purchase.id);
    const cancelled = await advance(deps, tx, purchase, { to: 'cancelled', data: { by: input.by } });
    await giveBack(deps, tx, purchase);
    await deps.ctx.audit.append(tx, { actor: input.by, channel: input.channel ?? DESKTOP, action: 'approval.withdrawn', subject: purchase.id, data: { approvalId: purchase.approval.id } });
    return cancelled;
  });
}

/** The consent ends, and the opportunity is open again. */
export async function giveBack(deps: PurchasingDeps, tx: Tx, purchase: Purchase): Promise<void> {
  await revokeApproval(tx, purchase.approval.id, deps.ctx.clock.now());
  await deps.gate.reopen(tx, purchase.opportunityId);
}
