import { Worker } from 'node:worker_threads';
import PostalMime from 'postal-mime';
import { DocumentError, type DocumentText, type DocumentTextPort, type ReadDocumentOptions } from '#engine/receipt-reading/ports.ts';
import { PictureError } from '#engine/photos/ports.ts';
import { messageOf } from '#kernel/errors.ts';
import { inTurn, readable } from '../images/open-picture.ts';
import { locateFiles } from './locate-files.ts';
import { preparePage, preparePhoto, turned } from './prepare-page.ts';
import type { ReadLine, WorkerAnswer, WorkerTask } from './worker-messages.ts';

/** For one document, whatever it holds. */
const WITHIN_MS = 180_000;
/** The thread holds 100 MB while it waits; another document soon after finds it warm. */
const IDLE_MS = 60_000;
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 };
const MAIL_BYTES = 5_000_000;
/** Worse than this, the page may lie on its side. */
const CONFIDENT_BP = 5_500;

export interface DocumentReaderOptions {
  /** The thread's script where the program is bundled; absent: the source file. */
  readonly worker?: URL | undefined;
  /** Lines of a saved page. */
  readonly pageLines: (html: string) => readonly string[];
  readonly withinMs?: number | undefined;
  readonly idleMs?: number | undefined;
}

const sure = (lines: readonly string[]): ReadLine[] => lines.filter((line) => line.trim() !== '').map((text) => ({ text, confidenceBp: 10_000 }));
const letters = (lines: readonly ReadLine[]): number => lines.reduce((sum, { text }) => sum + text.replace(/[^\p{L}\d]/gu, '').length, 0);
const confidence = (lines: readonly ReadLine[]): number => (letters(lines) === 0 ? 0 : lines.reduce((sum, line) => sum + line.confidenceBp * letters([line]), 0) / letters(lines));

/** One thread for all documents: begun with the first that needs it, ended when none came for a while, and ended at once where a reading is given up. */
class ReadingThread {
  readonly #script: URL;
  readonly #idleMs: number;
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(script: URL, idleMs: number) {
    this.#script = script;
    this.#idleMs = idleMs;
  }

  get isRunning(): boolean {
    return this.#worker !== null;
  }

  run(task: WorkerTask, { onProgress, signal }: ReadDocumentOptions): Promise<WorkerAnswer> {
    if (this.#idle) clearTimeout(this.#idle);
    this.#worker ??= new Worker(this.#script, { workerData: locateFiles(), resourceLimits: LIMITS });
    const worker = this.#worker;
    worker.ref();
    return new Promise<WorkerAnswer>((resolve, reject) => {
      const giveUp = () => settle(() => { this.end(); reject(signal!.reason as Error); });
      const settle = (act: () => void) => {
        worker.off('message', heard).off('error', died).off('exit', ended);
        signal?.removeEventListener('abort', giveUp);
        act();
      };
      const heard = (answer: WorkerAnswer) => {
        if (answer.kind === 'progress') onProgress?.(answer.done);
        else settle(() => { this.#rest(); resolve(answer); });
      };
      const died = (error: unknown) => settle(() => { if (this.#worker === worker) this.end(); reject(new DocumentError('damaged', `The document could not be read: ${messageOf(error)}`, error)); });
      const ended = (code: number) => died(new Error(`its thread ended with ${code}`));
      worker.on('message', heard).on('error', died).on('exit', ended);
      if (signal?.aborted) return giveUp();
      signal?.addEventListener('abort', giveUp, { once: true });
      worker.postMessage(task);
    });
  }

  #rest(): void {
    this.#idle = setTimeout(() => this.end(), this.#idleMs);
    this.#idle.unref();
    this.#worker?.unref();
  }

  end(): void {
    if (this.#idle) clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = null;
    // whoever waits for it hears that it has ended; what a thread says while it ends is nobody's business
    worker?.on('error', () => undefined);
    void worker?.terminate();
  }
}

class DocumentReader implements DocumentTextPort {
  readonly #options: DocumentReaderOptions;
  readonly #thread: ReadingThread;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DocumentReaderOptions) {
    this.#options = options;
    this.#thread = new ReadingThread(options.worker ?? new URL('read-document-worker.ts', import.meta.url), options.idleMs ?? IDLE_MS);
  }

  get isRunning(): boolean {
    return this.#thread.isRunning;
  }

  close(): void {
    this.#thread.end();
  }

  async read(bytes: Uint8Array, mediaType: string, options: ReadDocumentOptions = {}): Promise<DocumentText> {
    if (mediaType === 'text/html') return this.#text('page', this.#options.pageLines(Buffer.from(bytes).toString('utf8')));
    if (mediaType === 'message/rfc822') return this.#mail(bytes);
    if (mediaType === 'text/plain') return this.#text('text', Buffer.from(bytes).toString('utf8').split('\n'));
    const mine = this.#last.then(() => this.#within(bytes, mediaType, options));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  #text(origin: DocumentText['origin'], lines: readonly string[], sender?: string): DocumentText {
    const kept = sure(lines);
    if (letters(kept) === 0) throw new DocumentError('no-letters', 'There is no text in it.');
    return { origin, lines: kept, ...(sender ? { sender } : {}) };
  }

  async #mail(bytes: Uint8Array): Promise<DocumentText> {
    const mail = await PostalMime.parse(bytes.subarray(0, MAIL_BYTES)).catch((error: unknown) => {
      throw new DocumentError('damaged', 'The mail cannot be opened.', error);
    });
    const lines = mail.html ? this.#options.pageLines(mail.html) : (mail.text ?? '').split('\n');
    const sender = mail.from?.name?.trim() || undefined;
    return this.#text('mail', [...(mail.subject ? [mail.subject] : []), ...lines], sender);
  }

  /** The time runs from when its turn has come; whatever the document does, its thread ends with it. */
  async #within(bytes: Uint8Array, mediaType: string, { onProgress, signal }: ReadDocumentOptions): Promise<DocumentText> {
    signal?.throwIfAborted();
    const slow = new AbortController();
    const timer = setTimeout(() => slow.abort(new DocumentError('too-slow', 'Reading it took too long.')), this.#options.withinMs ?? WITHIN_MS);
    const both = { onProgress, signal: signal ? AbortSignal.any([signal, slow.signal]) : slow.signal };
    try {
      return await (mediaType === 'application/pdf' ? this.#pdf(bytes, both) : this.#photo(bytes, both));
    } catch (error) {
      if (error instanceof PictureError) throw new DocumentError(error.code === 'not-a-picture' ? 'damaged' : error.code, error.message, error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #pdf(bytes: Uint8Array, options: ReadDocumentOptions): Promise<DocumentText> {
    // the bytes are handed over as a copy: the caller's stay whole
    const answer = await this.#ask({ kind: 'pdf', bytes: Uint8Array.from(bytes) }, { ...options, onProgress: (done) => options.onProgress?.(done * 0.3) });
    if (answer.kind === 'lines') return { origin: 'pdf', lines: answer.lines };
    if (answer.kind !== 'pictures') throw new DocumentError('damaged', 'The PDF cannot be read.');
    const lines: ReadLine[] = [];
    for (const [at, picture] of answer.pictures.entries()) {
      const part = (done: number) => options.onProgress?.(0.3 + (0.7 * (at + done)) / answer.pictures.length);
      lines.push(...(await this.#recognize(await inTurn(() => readable(() => preparePage(picture))), { ...options, onProgress: part })));
    }
    return this.#recognized('pdf-picture', lines);
  }

  async #photo(bytes: Uint8Array, options: ReadDocumentOptions): Promise<DocumentText> {
    const png = await inTurn(() => readable(() => preparePhoto(bytes)));
    options.onProgress?.(0.1);
    return this.#recognized('photo', await this.#recognize(png, { ...options, onProgress: (done) => options.onProgress?.(0.1 + done * 0.9) }));
  }

  #recognized(origin: 'photo' | 'pdf-picture', lines: readonly ReadLine[]): DocumentText {
    if (letters(lines) < 8 || confidence(lines) < 3_000) throw new DocumentError('no-letters', 'No letters could be made out in the picture.');
    return { origin, lines };
  }

  /** As it lies; where that makes little sense, turned by quarters, and the one that reads best. */
  async #recognize(png: Uint8Array, options: ReadDocumentOptions): Promise<readonly ReadLine[]> {
    let best = await this.#lines(png, options);
    if (confidence(best) >= CONFIDENT_BP && letters(best) >= 20) return best;
    for (const degrees of [90, 270, 180] as const) {
      const other = await this.#lines(await turned(png, degrees), { signal: options.signal });
      if (confidence(other) * letters(other) > confidence(best) * letters(best) && confidence(other) > confidence(best)) best = other;
      if (confidence(best) >= CONFIDENT_BP + 1_500 && letters(best) >= 20) break;
    }
    return best;
  }

  async #lines(png: Uint8Array, options: ReadDocumentOptions): Promise<readonly ReadLine[]> {
    const answer = await this.#ask({ kind: 'picture', png }, options);
    if (answer.kind !== 'lines') throw new DocumentError('damaged', 'The picture cannot be read.');
    return answer.lines;
  }

  async #ask(task: WorkerTask, options: ReadDocumentOptions): Promise<WorkerAnswer> {
    const answer = await this.#thread.run(task, options);
    if (answer.kind === 'failed') throw new DocumentError(answer.code, answer.message);
    return answer;
  }
}

/** Reads PDFs, photographs, saved pages and mails, on this machine alone. */
export const createDocumentReader = (options: DocumentReaderOptions): DocumentTextPort & { readonly isRunning: boolean; close(): void } => new DocumentReader(options);
