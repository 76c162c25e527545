export { applyOrder, type Applied } from './apply-order.ts';
export type { BookingDeps, OnSource, OrdersDeps, OrderSources } from './deps.ts';
export { fixedSources, onSource } from './order-sources.ts';
export { figuresOf, stateOf, type OrderFigures } from './figures.ts';
export { ORDER_TRANSITIONS, type OrderState } from './machine.ts';
export { BUYER_NAME, type Order, type OrderLine } from './order.ts';
/** Its columns that name a person. */
export const ORDER_PERSON = { table: 'Order', columns: ['buyerName'], words: 'buyerWords' } as const;
export { expectReceivables, payOut } from './pay-out.ts';
export type { ChannelOrder, OrderSourcePort } from './ports.ts';
export { createOrderProcedures } from './procedures.ts';
export { readOrder, readOrders } from './read-orders.ts';
export { correctDirectFee, recordDirectSale, refundDirectSale, type DirectSale } from './record-direct-sale.ts';
export { findOrder as findOrderById } from './repo.ts';
export { salesOfLot, type LotSale } from './sales-of-lot.ts';
export { createProfitReport, reportProfit } from './report-profit.ts';
export { loadOrder, noteShipmentRefused, SHIP_WORKFLOW, shipOrder } from './ship-order.ts';
export { orderCursor, SYNC_EVERY_MS, SYNC_ORDERS, syncOrders, type SyncOutcome } from './sync-orders.ts';
