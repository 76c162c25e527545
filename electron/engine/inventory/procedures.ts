import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { stockContract } from '#contract/selling.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { adjustStock } from './adjust-stock.ts';
import type { InventoryDeps } from './create-lot.ts';
import { readLotFacets } from './list-lots.ts';
import type { Lot } from './lot.ts';
import type { LotListingsPort } from './ports.ts';
import { getLot, movementsOf, readStock, valueOf } from './read-stock.ts';

export interface StockProcedureDeps extends InventoryDeps {
  readonly lotListings: LotListingsPort;
}

function row(lot: Lot, now: Instant, listing: { readonly id: string; readonly state: string } | undefined) {
  return {
    id: lot.id, sku: lot.sku, title: lot.title, state: lot.state, condition: lot.condition, location: lot.location, quantity: lot.quantity, onHand: lot.onHand,
    unitCost: lot.unitCost, value: valueOf(lot), ageDays: Math.max(0, Math.floor((now - (lot.receivedAt ?? lot.createdAt)) / DAY_MS)), purchaseId: lot.purchaseId,
    listingId: listing?.id ?? null, listingState: listing?.state ?? null, version: lot.version,
  };
}

export function createStockProcedures(deps: StockProcedureDeps) {
  const os = implement(stockContract).use(declaredErrors);
  const { db, clock } = deps.ctx;
  return os.router({
    list: os.list.handler(async ({ input }) => {
      const { items, ...page } = await readStock(db, input);
      const listings = await deps.lotListings.listingsOf(items.map((lot) => lot.id));
      return { ...page, items: items.map((lot) => row(lot, clock.now(), listings.get(lot.id))) };
    }),
    facets: os.facets.handler(() => readLotFacets(db)),
    get: os.get.handler(async ({ input }) => row(await getLot(db.prisma, input.id), clock.now(), (await deps.lotListings.listingsOf([input.id])).get(input.id))),
    movements: os.movements.handler(({ input }) => movementsOf(db.prisma, input.id)),
    adjust: os.adjust.handler(async ({ input }) => {
      const lot = await adjustStock(deps, input);
      const listings = await deps.lotListings.listingsOf([lot.id]);
      return row(lot, clock.now(), listings.get(lot.id));
    }),
  });
}
