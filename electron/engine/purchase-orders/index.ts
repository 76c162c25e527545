export { registerPurchaseOrders } from './archive-document.ts';
export type { LotEstimator, PurchaseOrdersDeps } from './deps.ts';
export { canGo, ORDER_TRANSITIONS, type OrderState } from './machine.ts';
export { expectPayables } from './pay-order.ts';
export { createPurchaseOrderProcedures } from './procedures.ts';
