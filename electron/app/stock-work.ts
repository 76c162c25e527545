import path from 'node:path';
import { createCodeReader, createPictures } from '#connectors/images/index.ts';
import { createStockByHandProcedures } from '#engine/flows/stock-by-hand/index.ts';
import { createLotPhotoProcedures, type PhotosDeps } from '#engine/photos/index.ts';
import type { AppParts } from './parts.ts';

export function photosDeps({ ctx, options }: Pick<AppParts, 'ctx' | 'options'>): PhotosDeps {
  return { ctx, pictures: createPictures(), dir: path.join(options.dataDir, 'photos') };
}

/** What is done with goods at hand: pictures of them, and taking them in by their code. */
export function stockWork(parts: AppParts) {
  const { ctx, trade } = parts;
  const { feeCards, salesTaxBp, channels } = trade.listings;
  return {
    lotPhotos: createLotPhotoProcedures(photosDeps(parts)),
    stockByHand: createStockByHandProcedures({ ctx, inventory: trade.inventory, codes: createCodeReader(), feeCards, salesTaxBp, market: channels.main }),
  };
}
