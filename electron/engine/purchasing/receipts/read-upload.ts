/** Reads an uploaded receipt into proposals for a purchase that a person makes by hand. Nothing is booked by it; what it says waits for a person. */
import { createHash } from 'node:crypto';
import type { ReadingProgress, ReceiptItem, ReceiptReading } from '#contract/receipt-reading.ts';
import { DomainError, messageOf } from '#kernel/errors.ts';
import { foldText } from '#kernel/fold-text.ts';
import { DAY_MS, utcDay } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { adviseOn, DocumentError, readReceipt, type ReadingContext } from '../../receipt-reading/index.ts';
import { loadPurchase } from '../advance-purchase.ts';
import type { PurchasingDeps } from '../deps.ts';
import { badField } from '../errors.ts';
import { frozenOf, type Purchase } from '../purchase.ts';
import { mediaTypeOf, readUpload } from './attach-receipt.ts';
import { findSameFile, findSameOrder } from './keep-receipt.ts';
import type { ReceiptReaders } from './receipt-archive.ts';

/** Readings that are remembered: those before are read anew when asked for. */
const MOST_KEPT = 20;

interface Entry {
  progress: ReadingProgress;
  readonly abort: AbortController;
}

const begun: ReadingProgress = { state: 'reading', doneBp: 0, problem: null, reading: null, item: null, twice: [] };

const wordsOf = (text: string): ReadonlySet<string> => new Set(foldText(text).split(/[^\p{L}\d]+/u).filter((word) => word.length > 1));

/** Of all goods on the receipt, those of this purchase: by their code, else by what they share of its words. Null where nothing says so. */
function itemOf(items: readonly ReceiptItem[], { title }: Pick<Purchase, 'title'>): number | null {
  const wanted = wordsOf(title);
  const scored = items.map((item, at) => {
    const own = wordsOf(item.title);
    const shared = [...own].filter((word) => wanted.has(word)).length;
    return { at, share: own.size === 0 ? 0 : shared / Math.min(own.size, wanted.size) };
  }).toSorted((a, b) => b.share - a.share);
  const [best, next] = scored;
  return best && best.share >= 0.5 && best.share > (next?.share ?? 0) ? best.at : null;
}

/** Readings of uploads, in memory: the document stays in the inbox until it is attached. */
export class ReceiptReadings {
  readonly #deps: PurchasingDeps;
  readonly #entries = new Map<string, Entry>();

  constructor(deps: PurchasingDeps) {
    this.#deps = deps;
  }

  /** Begins once; begun before, it tells how that gets on. @throws DomainError NOT_FOUND, INVALID with the field */
  async begin({ id, upload }: { readonly id: string; readonly upload: string }): Promise<ReadingProgress> {
    const readers = this.#deps.readers;
    if (!readers) throw badField('upload', 'this desk cannot read documents: type what stands on it');
    const known = this.#entries.get(upload);
    if (known && known.progress.state !== 'cancelled') return known.progress;
    const content = readUpload(this.#deps, upload);
    const mediaType = mediaTypeOf(content);
    if (!mediaType) throw badField('file', 'it is neither a PDF, a photograph (JPEG, PNG, WebP), a saved page (HTML) nor a saved mail (EML)');
    const purchase = await loadPurchase(this.#deps.ctx.db.prisma, id);
    const entry: Entry = { progress: begun, abort: new AbortController() };
    this.#entries.delete(upload);
    this.#entries.set(upload, entry);
    for (const [old, one] of this.#entries) if (this.#entries.size > MOST_KEPT && one.progress.state !== 'reading') this.#entries.delete(old);
    void this.#read(entry, readers, { content, mediaType, purchase });
    return entry.progress;
  }

  get(upload: string): ReadingProgress {
    const entry = this.#entries.get(upload);
    if (!entry) throw new DomainError('NOT_FOUND', 'This document is not being read: choose the file again.', { kind: 'reading', id: upload });
    return entry.progress;
  }

  cancel(upload: string): ReadingProgress {
    const entry = this.#entries.get(upload);
    if (!entry) return { ...begun, state: 'cancelled' };
    if (entry.progress.state === 'reading') {
      entry.progress = { ...entry.progress, state: 'cancelled' };
      entry.abort.abort(new Error('given up'));
    }
    return entry.progress;
  }

  /** The words of an upload, for its archive; null where it was not read. */
  textOf(upload: string): string | null {
    return this.#entries.get(upload)?.progress.reading?.lines.join('\n') ?? null;
  }

  forget(upload: string): void {
    this.#entries.delete(upload);
  }

  async #read(entry: Entry, { documents, advisor }: ReceiptReaders, { content, mediaType, purchase }: { readonly content: Uint8Array; readonly mediaType: string; readonly purchase: Purchase }): Promise<void> {
    const { ctx } = this.#deps;
    const settle = (progress: Partial<ReadingProgress>) => {
      if (entry.progress.state === 'reading') entry.progress = { ...entry.progress, ...progress };
    };
    try {
      const text = await documents.read(content, mediaType, { signal: entry.abort.signal, onProgress: (done) => settle({ doneBp: Math.round(Math.min(0.98, done) * 10_000) }) });
      // a till's clock may be a day ahead
      const context: ReadingContext = { currency: purchase.currency, known: [purchase.sellerName, frozenOf(purchase.approval).sourceName].filter((name) => name !== null), today: utcDay(ctx.clock.now() + DAY_MS) };
      const own = readReceipt(text, context);
      const reading = advisor ? await adviseOn(own, context, { advisor, signal: entry.abort.signal }) : own;
      settle({ state: 'done', doneBp: 10_000, reading, item: itemOf(reading.items, purchase), twice: await findTwice(ctx.db.prisma, { purchase, reading, content }) });
    } catch (error) {
      if (!(error instanceof DocumentError) && !entry.abort.signal.aborted) ctx.log.error('a receipt could not be read, in an unforeseen way', { error, purchaseId: purchase.id });
      settle({ state: 'failed', problem: { code: `receipt.${error instanceof DocumentError ? error.code : 'damaged'}`, data: { says: messageOf(error).slice(0, 200) } } });
    }
  }
}

/** The same file, whatever purchase it is kept with; the same order number and total, with another. */
async function findTwice(tx: Tx, { purchase, reading, content }: { readonly purchase: Purchase; readonly reading: ReceiptReading; readonly content: Uint8Array }): Promise<ReadingProgress['twice']> {
  const files = await findSameFile(tx, createHash('sha256').update(content).digest('hex'));
  const number = reading.orderNumber?.value;
  const total = reading.total?.value;
  const orders = number && total ? (await findSameOrder(tx, { externalId: number, total })).filter(({ purchaseId }) => purchaseId !== purchase.id) : [];
  return [...files.map((one) => ({ ...one, why: 'same-file' as const })), ...orders.filter((one) => !files.some(({ purchaseId }) => purchaseId === one.purchaseId)).map((one) => ({ ...one, why: 'same-order' as const }))].slice(0, 5);
}
