import { READ_CHARGES, READ_CHARGES_EVERY_MS, readChargesJob } from '../channel-charges/index.ts';
import { READ_WAREHOUSES, READ_WAREHOUSES_EVERY_MS, readWarehousesJob, type ListingsDeps } from '../listings/index.ts';
import type { OrdersDeps } from '../orders/index.ts';
import { registerUnitLocks, scheduleUnitLocks } from '../unit-locks/index.ts';
import { answerClaimWorkflow } from './answer-claim.ts';
import { answerReturnWorkflow } from './answer-return.ts';
import type { BookingDeps } from './book-purchase.ts';
import { buyWorkflow } from './buy.ts';
import { endWorkflow, followStockEvents, listWorkflow, publishWorkflow, reviseWorkflow } from './list.ts';
import { followCostJob, followCosts } from './follow-cost.ts';
import { followPictures, sendPicturesJob } from './place-pictures.ts';
import { byHandWorkflow, cancelWorkflow, hearSales, payOutJob, refundWorkflow, scheduleSelling, serveWaitingOrders, shipWorkflow, syncOrdersJob } from './sell.ts';
import { rewriteWorkflow } from './rewrite-listing.ts';
import { TRACK_EVERY_MS, TRACK_PURCHASES, trackPurchasesJob } from './track-purchases.ts';

export interface TradeDeps extends BookingDeps {
  readonly listings: ListingsDeps;
  readonly orders: OrdersDeps;
}

/** Makes buying, listing and selling known to the runtime. Before `jobs.start()`. */
export function registerTrade(deps: TradeDeps): void {
  const { workflows, jobs } = deps.purchasing.ctx;
  workflows.define(buyWorkflow(deps));
  workflows.define(listWorkflow(deps.listings));
  workflows.define(publishWorkflow(deps.listings, hearSales(deps.orders)));
  workflows.define(reviseWorkflow(deps.listings));
  workflows.define(endWorkflow(deps.listings));
  workflows.define(rewriteWorkflow(deps.listings));
  workflows.define(shipWorkflow(deps.orders));
  workflows.define(cancelWorkflow(deps.orders));
  workflows.define(refundWorkflow(deps.orders));
  workflows.define(answerReturnWorkflow(deps.orders));
  workflows.define(answerClaimWorkflow(deps.orders));
  workflows.define(byHandWorkflow(deps.orders));
  jobs.register(trackPurchasesJob(deps));
  jobs.register(syncOrdersJob(deps.orders));
  jobs.register(payOutJob(deps.orders));
  jobs.register(sendPicturesJob(deps.listings));
  jobs.register(readWarehousesJob(deps.listings));
  jobs.register(readChargesJob(deps.orders));
  jobs.register(followCostJob(deps.listings));
  followCosts(deps.listings);
  followStockEvents(deps.listings);
  followPictures(deps.listings);
  serveWaitingOrders(deps.orders);
  registerUnitLocks({ ctx: deps.listings.ctx, listings: deps.listings });
}

/** The turns that the clock gives. */
export async function scheduleTrade(deps: TradeDeps): Promise<void> {
  await deps.purchasing.ctx.jobs.schedule(TRACK_PURCHASES, { everyMs: TRACK_EVERY_MS, jobKind: TRACK_PURCHASES, payload: {} });
  await deps.purchasing.ctx.jobs.schedule(READ_WAREHOUSES, { everyMs: READ_WAREHOUSES_EVERY_MS, jobKind: READ_WAREHOUSES, payload: {} });
  await deps.purchasing.ctx.jobs.schedule(READ_CHARGES, { everyMs: READ_CHARGES_EVERY_MS, jobKind: READ_CHARGES, payload: {} });
  await scheduleSelling(deps.orders);
  await scheduleUnitLocks({ ctx: deps.listings.ctx, listings: deps.listings });
}
