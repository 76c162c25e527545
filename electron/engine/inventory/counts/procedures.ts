import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { stockCountsContract } from '#contract/stock-counts.ts';
import type { InventoryDeps } from '../create-lot.ts';
import { moveLot } from '../move-lot.ts';
import { bookCount, cancelCount, createCount, recordCount, undoCount } from './count-stock.ts';
import { readCount, readCounts } from './read-counts.ts';
import { stockPlaces } from './stock-places.ts';

/** `by`: the person at the desk. */
export function createStockCountProcedures(deps: InventoryDeps, by: string) {
  const os = implement(stockCountsContract).use(declaredErrors);
  const { db } = deps.ctx;
  return os.router({
    places: os.places.handler(() => stockPlaces(db)),
    move: os.move.handler(async ({ input }) => {
      const lot = await moveLot(deps, input);
      return { lotId: lot.id, version: lot.version };
    }),
    list: os.list.handler(({ input }) => readCounts(db, input)),
    get: os.get.handler(({ input }) => readCount(db.prisma, input.id)),
    create: os.create.handler(async ({ input }) => readCount(db.prisma, await createCount(deps, { ...input, by }))),
    record: os.record.handler(async ({ input }) => {
      await recordCount(deps, input);
      return readCount(db.prisma, input.id);
    }),
    book: os.book.handler(async ({ input }) => {
      await bookCount(deps, { ...input, by });
      return readCount(db.prisma, input.id);
    }),
    undo: os.undo.handler(async ({ input }) => {
      await undoCount(deps, { ...input, by });
      return readCount(db.prisma, input.id);
    }),
    cancel: os.cancel.handler(async ({ input }) => {
      await cancelCount(deps, input);
      return readCount(db.prisma, input.id);
    }),
  });
}
