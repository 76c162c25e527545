export { ARCHIVE_RECEIPT, registerReceipts, type ReceiptArchive } from './archive-receipt.ts';
export { appendReceipt, attachReceipt, beginReceipt, LARGEST_RECEIPT_BYTES, mediaTypeOf } from './attach-receipt.ts';
export { listReceipts, readReceiptPiece, type ReceiptFile } from './keep-receipt.ts';
export { renderReceipt } from './render-receipt.ts';
