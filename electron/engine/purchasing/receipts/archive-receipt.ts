import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
import type { JobHandler } from '#runtime/ports.ts';
import { loadPurchase, record } from '../advance-purchase.ts';
import type { PurchasingDeps } from '../deps.ts';
import type { ReceiptArchive } from './receipt-archive.ts';
import { insertReceipt, listReceipts, writeReceipt, type ReceiptFile } from './keep-receipt.ts';
import { renderReceipt } from './render-receipt.ts';

export const ARCHIVE_RECEIPT = 'purchases.archive-receipt';
const payload = z.strictObject({ purchaseId: z.string() });

/** Renders, writes and seals what was confirmed: HTML always, and PDF where a browser can print. Run again it keeps what is there. */
async function archive(deps: PurchasingDeps, kept: ReceiptArchive, purchaseId: string): Promise<void> {
  const { db, ids, clock, log } = deps.ctx;
  const purchase = await loadPurchase(db.prisma, purchaseId);
  if (!purchase.receipt) return;
  const known = new Set((await listReceipts(db.prisma, purchaseId)).filter((receipt) => receipt.origin === 'desk').map((receipt) => receipt.mediaType));
  const html = renderReceipt(purchase);
  const put = async (mediaType: 'text/html' | 'application/pdf', content: Uint8Array): Promise<void> => {
    if (known.has(mediaType)) return;
    const id = ids.next('receipt');
    const written = writeReceipt(kept.dir, { id, mediaType }, content);
    const receipt: ReceiptFile = { id, origin: 'desk', name: `receipt-${purchase.receipt!.externalId.replace(/[^\w-]+/g, '-').slice(0, 60)}.${mediaType === 'text/html' ? 'html' : 'pdf'}`, mediaType, ...written, says: null, readText: null, by: 'desk', at: clock.now() };
    await db.transaction(async (tx) => {
      await insertReceipt(tx, purchaseId, receipt);
      await record(deps, tx, purchaseId, { kind: 'receipt-archived', data: { name: receipt.name, sha256: receipt.sha256 } });
    });
  };
  await put('text/html', Buffer.from(html, 'utf8'));
  if (!kept.print || known.has('application/pdf')) return;
  try {
    const pdf = await kept.print(html);
    if (pdf) await put('application/pdf', pdf);
  } catch (error) {
    // the page is archived; a browser that fails to print it takes nothing away
    log.warn('a receipt could not be printed as PDF', { purchaseId, reason: messageOf(error) });
  }
}

export function archiveReceiptJob(deps: PurchasingDeps, kept: ReceiptArchive): JobHandler<z.infer<typeof payload>> {
  return { kind: ARCHIVE_RECEIPT, payload, run: (job) => archive(deps, kept, job.purchaseId) };
}

/** Every confirmed purchase is archived. Before `jobs.start()`. */
export function registerReceipts(deps: PurchasingDeps): void {
  const { jobs, outbox, db } = deps.ctx;
  if (!deps.receipts) return;
  jobs.register(archiveReceiptJob(deps, deps.receipts));
  outbox.subscribe('purchase.confirmed', async ({ id }) => {
    await db.transaction(async (tx) => void (await jobs.add(tx, { kind: ARCHIVE_RECEIPT, payload: { purchaseId: id } })));
  });
}
