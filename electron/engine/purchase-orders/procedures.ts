import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { purchaseOrdersContract } from '#contract/purchase-orders.ts';
import { readDocument } from './archive-document.ts';
import type { PurchaseOrdersDeps } from './deps.ts';
import { createOrder, updateOrder } from './edit-order.ts';
import { readOrderFacets } from './list-orders.ts';
import type { PurchaseOrder } from './order.ts';
import { payOrder } from './pay-order.ts';
import { findProducts, readOrder, readOrders } from './read-orders.ts';
import { receiveOrder } from './receive-order.ts';
import { takeBackReceipt } from './take-back-receipt.ts';
import { cancelOrder, closeOrder, markSent, reopenOrder } from './shift-order.ts';

/** `by`: the person at the desk. */
export function createPurchaseOrderProcedures(deps: PurchaseOrdersDeps, by: string) {
  const os = implement(purchaseOrdersContract).use(declaredErrors);
  const { db } = deps.ctx;
  const shown = async (order: Promise<PurchaseOrder>) => readOrder(db.prisma, (await order).id);
  return os.router({
    list: os.list.handler(({ input }) => readOrders(db, input)),
    facets: os.facets.handler(() => readOrderFacets(db)),
    get: os.get.handler(({ input }) => readOrder(db.prisma, input.id)),
    products: os.products.handler(({ input }) => findProducts(db, input.search.trim())),
    create: os.create.handler(({ input }) => shown(createOrder(deps, input, by))),
    update: os.update.handler(({ input }) => shown(updateOrder(deps, input))),
    markSent: os.markSent.handler(({ input }) => shown(markSent(deps, { ...input, by }))),
    reopen: os.reopen.handler(({ input }) => shown(reopenOrder(deps, input))),
    cancel: os.cancel.handler(({ input }) => shown(cancelOrder(deps, input))),
    close: os.close.handler(({ input }) => shown(closeOrder(deps, input))),
    receive: os.receive.handler(({ input }) => shown(receiveOrder(deps, { ...input, by }))),
    takeBack: os.takeBack.handler(({ input }) => shown(takeBackReceipt(deps, { ...input, by }))),
    pay: os.pay.handler(({ input }) => shown(payOrder(deps, { ...input, by }))),
    document: os.document.handler(({ input }) => readDocument(deps, input)),
  });
}
