import { Worker } from 'node:worker_threads';
import type { FeeCard } from '#engine/pricing/index.ts';
import { PriceListError, type FirstPassCounts, type PriceListErrorCode, type PriceListLayout } from '#engine/suppliers/index.ts';
import type { Instant } from '#kernel/time.ts';

/** What the pass needs to know; all of it can be handed to a thread. */
export interface PassSetup {
  /** The supplier's file on this disk. */
  readonly list: string;
  readonly layout: PriceListLayout;
  /** The desk's migrated database: its catalogue is read, nothing in it is written. */
  readonly database: string;
  /** Where the results go: a SQLite file as `RESULT_TABLES` and `addResultViews` tell; there only once the pass is through. */
  readonly results: string;
  /** Results of the supplier's list before, to compare with. */
  readonly previous?: string | undefined;
  readonly feeCards: readonly FeeCard[];
  readonly at: Instant;
}

export interface PassOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PassProgress) => void) | undefined;
  /** The thread's entry, where the program is bundled. */
  readonly worker?: URL | undefined;
}

export interface PassProgress {
  readonly rows: number;
  readonly bytesRead: number;
}

export type PassMessage =
  | { readonly kind: 'progress'; readonly progress: PassProgress }
  | { readonly kind: 'done'; readonly counts: FirstPassCounts }
  | { readonly kind: 'failed'; readonly code: PriceListErrorCode | null; readonly message: string };

/** The storing thread's heap: it keeps a batch and makes little garbage. A larger young generation takes memory and saves it nothing; the old one holds about 50 MB. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1_024 };

/**
 * Judges a supplier's whole list by what is known offline, on a thread of its own, so that neither the desk's work nor its memory grows with the list.
 * @throws PriceListError for a list that cannot be read; the signal's reason when aborted. Then no results are left behind
 */
export function passPriceList(setup: PassSetup, options: PassOptions = {}): Promise<FirstPassCounts> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const thread = new Worker(options.worker ?? new URL('pass-price-list-worker.ts', import.meta.url), { workerData: setup, resourceLimits: LIMITS });
    const abort = () => thread.postMessage('abort');
    signal?.addEventListener('abort', abort, { once: true });
    let outcome: Extract<PassMessage, { kind: 'done' | 'failed' }> | null = null;
    thread.on('message', (message: PassMessage) => {
      if (message.kind === 'progress') options.onProgress?.(message.progress);
      else outcome = message;
    });
    thread.on('error', reject);
    thread.on('exit', (code) => {
      signal?.removeEventListener('abort', abort);
      if (outcome?.kind === 'done') resolve(outcome.counts);
      else if (signal?.aborted) reject(signal.reason as Error);
      else if (outcome?.code) reject(new PriceListError(outcome.code, outcome.message));
      else reject(new Error(outcome?.message ?? `the pass over ${setup.list} ended with ${code}`));
    });
  });
}
