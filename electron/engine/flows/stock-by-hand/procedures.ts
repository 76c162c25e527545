import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { stockByHandContract } from '#contract/stock-by-hand.ts';
import { DomainError } from '#kernel/errors.ts';
import { PICTURE_LIMITS, PictureError } from '../../photos/index.ts';
import { addStockByHand, type StockByHandDeps } from './add-stock.ts';
import { findCode } from './find-code.ts';

export function createStockByHandProcedures(deps: StockByHandDeps) {
  const os = implement(stockByHandContract).use(declaredErrors);
  const { prisma } = deps.ctx.db;
  return os.router({
    read: os.read.handler(async ({ input }) => {
      try {
        const found = await deps.codes.read(Buffer.from(input.contentBase64, 'base64'), PICTURE_LIMITS.mostPixels);
        return { codes: await Promise.all(found.map((code) => findCode(prisma, code))) };
      } catch (error) {
        if (error instanceof PictureError) throw new DomainError('PICTURE_REFUSED', error.message, { code: error.code, name: 'picture' }, error);
        throw error;
      }
    }),
    find: os.find.handler(({ input }) => findCode(prisma, { text: input.code, format: 'typed' })),
    add: os.add.handler(({ input }) => addStockByHand(deps, input)),
  });
}
