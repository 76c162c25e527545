import path from 'node:path';
import { createCodeReader, createPictures } from '#connectors/images/index.ts';
import { createStockByHandProcedures, estimateLot } from '#engine/flows/stock-by-hand/index.ts';
import { createLotPhotoProcedures, type PhotosDeps } from '#engine/photos/index.ts';
import type { PurchaseOrdersDeps } from '#engine/purchase-orders/index.ts';
import { printPage } from '#scrapers/core/fetch/print-page.ts';
import type { AppParts } from './parts.ts';

export function photosDeps({ ctx, options }: Pick<AppParts, 'ctx' | 'options'>): PhotosDeps {
  return { ctx, pictures: createPictures(), dir: path.join(options.dataDir, 'photos') };
}

/** Orders to suppliers are few: each is printed, in the practice market too. */
export function purchaseOrdersDeps({ ctx, options, trade }: Pick<AppParts, 'ctx' | 'options' | 'trade'>): PurchaseOrdersDeps {
  const { feeCards, salesTaxBp, channels } = trade.listings;
  return {
    ctx, inventory: trade.inventory, archive: { dir: path.join(options.dataDir, 'purchase-orders'), print: (html) => printPage(html) },
    estimator: { estimate: (tx, unit) => estimateLot({ ctx, feeCards, salesTaxBp, market: channels.main }, tx, unit) },
  };
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
