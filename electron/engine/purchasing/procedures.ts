import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { purchasesContract } from '#contract/purchases.ts';
import { approveAgain } from './approve-again.ts';
import type { PurchasingDeps } from './deps.ts';
import { cancelPurchase, receivePurchase } from './end-purchase.ts';
import { readPurchase, readPurchases, rowOf } from './read-purchases.ts';

/** @param person whose consent it is: the desk's one user until there are several. */
export function createPurchaseProcedures(deps: PurchasingDeps, person = 'owner') {
  const os = implement(purchasesContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  return os.router({
    list: os.list.handler(({ input }) => readPurchases(prisma, input)),
    get: os.get.handler(({ input }) => readPurchase(prisma, input.id)),
    approveAgain: os.approveAgain.handler(async ({ input }) => rowOf(await approveAgain(deps, { ...input, approvedBy: person }))),
    cancel: os.cancel.handler(async ({ input }) => rowOf(await cancelPurchase(deps, { ...input, by: person }))),
    receive: os.receive.handler(async ({ input }) => rowOf(await receivePurchase(deps, input))),
  });
}
