export { bookRefundedPurchase, confirmPurchase, type BookingDeps } from './book-purchase.ts';
export { buyWorkflow } from './buy.ts';
export { endWorkflow, followStockEvents, LIST_WORKFLOW, listWorkflow, publishWorkflow, reviseWorkflow } from './list.ts';
export { passPriceList, type PassRequest } from './pass-price-list.ts';
export { createStockIntake } from './receive.ts';
export { registerTrade, scheduleTrade, type TradeDeps } from './register-trade.ts';
export { PAY_OUT, payOutJob, scheduleSelling, shipWorkflow, syncOrdersJob } from './sell.ts';
export { TRACK_EVERY_MS, TRACK_PURCHASES, trackPurchasesJob } from './track-purchases.ts';
export { verifyBooks, type BooksReport } from './verify-books.ts';
