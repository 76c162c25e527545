export { ARCHIVE_RECEIPT, registerReceipts } from './archive-receipt.ts';
export type { ReceiptArchive, ReceiptReaders } from './receipt-archive.ts';
export { appendReceipt, attachReceipt, beginReceipt, prepareReceipt, type PreparedReceipt } from './attach-receipt.ts';
export { ReceiptReadings } from './read-upload.ts';
export { listReceipts, readReceiptPiece, readSealed, writeReceipt, type ReceiptFile } from './keep-receipt.ts';
export { documentPage, escapeHtml } from './document-page.ts';
export { renderReceipt } from './render-receipt.ts';
