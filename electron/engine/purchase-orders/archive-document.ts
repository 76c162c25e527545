import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
import type { JobHandler, Tx } from '#runtime/ports.ts';
import { readSealed, writeReceipt } from '../purchasing/index.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import type { PurchaseOrdersDeps } from './deps.ts';
import { badField } from './errors.ts';
import type { PurchaseOrder } from './order.ts';
import { renderCsv, renderDocument, type DocumentFacts } from './render-document.ts';
import { loadOrder } from './repo.ts';

const ARCHIVE = 'purchase-orders.archive';
const payload = z.strictObject({ orderId: z.string(), version: z.int() });
const ENDING = { 'text/html': 'html', 'application/pdf': 'pdf', 'text/csv': 'csv' } as const;
type MediaType = keyof typeof ENDING;

const nameOf = (order: PurchaseOrder, mediaType: MediaType): string => `${order.number}.${ENDING[mediaType]}`;

async function factsOf(tx: Tx, order: PurchaseOrder): Promise<DocumentFacts> {
  const products = await tx.product.findMany({ where: { id: { in: order.lines.map((line) => line.productId) } }, select: { id: true, gtin: true } });
  return { business: (await readSetting(tx, BUSINESS)).value, gtins: new Map(products.flatMap(({ id, gtin }) => (gtin === null ? [] : [[id, gtin] as const]))) };
}

/** Seals what was sent: HTML always, PDF where a browser can print. Run again it keeps what is there; taken back meanwhile, it seals nothing. */
async function archive(deps: PurchaseOrdersDeps, { orderId, version }: z.infer<typeof payload>): Promise<void> {
  const { db, clock, ids, log } = deps.ctx;
  const order = await loadOrder(db.prisma, orderId);
  if (order.sentAt === null || order.version < version) return;
  const html = renderDocument(order, await factsOf(db.prisma, order));
  const put = async (mediaType: MediaType, content: Uint8Array): Promise<void> => {
    const id = ids.next('receipt');
    const written = writeReceipt(deps.archive.dir, { id, mediaType }, content);
    await db.transaction(async (tx) => {
      const now = await loadOrder(tx, orderId);
      if (now.sentAt !== order.sentAt || (await tx.purchaseOrderFile.findUnique({ where: { orderId_mediaType: { orderId, mediaType } }, select: { id: true } }))) return;
      await tx.purchaseOrderFile.create({ data: { id, orderId, name: nameOf(order, mediaType), mediaType, ...written, at: clock.now() } });
    });
  };
  const known = new Set((await db.prisma.purchaseOrderFile.findMany({ where: { orderId }, select: { mediaType: true } })).map((file) => file.mediaType));
  if (!known.has('text/html')) await put('text/html', Buffer.from(html, 'utf8'));
  if (known.has('application/pdf') || !deps.archive.print) return;
  try {
    const pdf = await deps.archive.print(html);
    if (pdf) await put('application/pdf', pdf);
  } catch (error) {
    // the page is sealed; a browser that fails to print it takes nothing away
    log.warn('a purchase order could not be printed as PDF', { orderId, reason: messageOf(error) });
  }
}

/** Every order that is sent is sealed. Before `jobs.start()`. */
export function registerPurchaseOrders(deps: PurchaseOrdersDeps): void {
  const { jobs, outbox, db } = deps.ctx;
  const job: JobHandler<z.infer<typeof payload>> = { kind: ARCHIVE, payload, run: (given) => archive(deps, given) };
  jobs.register(job);
  outbox.subscribe('purchase-order.sent', async ({ id }) => {
    if (id === null) return;
    await db.transaction(async (tx) => {
      const { version } = await loadOrder(tx, id);
      await jobs.add(tx, { kind: ARCHIVE, payload: { orderId: id, version } });
    });
  });
}

/** The document for a person to send. @throws DomainError NOT_FOUND; INVALID without a browser to print with. */
export async function readDocument(deps: PurchaseOrdersDeps, input: { readonly id: string; readonly format: 'html' | 'pdf' | 'csv' }): Promise<{ name: string; mediaType: string; contentBase64: string }> {
  const tx = deps.ctx.db.prisma;
  const order = await loadOrder(tx, input.id);
  const mediaType: MediaType = input.format === 'csv' ? 'text/csv' : input.format === 'pdf' ? 'application/pdf' : 'text/html';
  const answer = (content: Uint8Array) => ({ name: nameOf(order, mediaType), mediaType, contentBase64: Buffer.from(content).toString('base64') });
  const sealed = await tx.purchaseOrderFile.findUnique({ where: { orderId_mediaType: { orderId: order.id, mediaType } } });
  if (sealed) return answer(readSealed(deps.archive.dir, sealed));
  const facts = await factsOf(tx, order);
  if (input.format === 'csv') return answer(Buffer.from(renderCsv(order, facts), 'utf8'));
  const html = renderDocument(order, facts);
  if (input.format === 'html') return answer(Buffer.from(html, 'utf8'));
  const pdf = deps.archive.print ? await deps.archive.print(html) : null;
  if (!pdf) throw badField('format', 'there is no browser on this computer to print with; save the page and print it from there');
  return answer(pdf);
}
