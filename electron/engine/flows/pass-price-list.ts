import { MessageChannel, Worker, type MessagePort, type ResourceLimits } from 'node:worker_threads';
import type { FeeCard } from '#engine/pricing/index.ts';
import { PriceListError, type CardPrices, type FirstPassCounts, type PriceListErrorCode, type PriceListLayout } from '#engine/suppliers/index.ts';
import type { Instant } from '#kernel/time.ts';
import type { CardRate } from './price-lists/card-rates.ts';

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
  /** What brings amounts in other currencies than the fee card's to it; a row of one without a rate has no rough profit. */
  readonly rates?: readonly CardRate[] | undefined;
  /** Public prices of cards that are on this disk already. */
  readonly cards?: readonly CardPrices[] | undefined;
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

/** What each of a pass's three threads is given: `rows` leads from the reading to the storing one, `codes` from that to the one that looks them up. */
export type PassTask = { readonly setup: PassSetup } & (
  | { readonly does: 'read'; readonly rows: MessagePort }
  | { readonly does: 'look-up'; readonly codes: MessagePort }
  | { readonly does: 'store'; readonly rows: MessagePort; readonly codes: MessagePort });

/** The threads' heaps. All make garbage that is soon dead: a larger young generation takes memory and saves nothing. The storing one's old generation holds some 30 MB. */
const LIMITS: Readonly<Record<PassTask['does'], ResourceLimits>> = {
  read: { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 },
  'look-up': { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 },
  store: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1_024 },
};

/** All at once: each is up when another hands it its first rows. */
function startThreads(setup: PassSetup, script: URL): Readonly<Record<PassTask['does'], Worker>> {
  const [rows, codes] = [new MessageChannel(), new MessageChannel()];
  const start = (task: PassTask, ports: readonly MessagePort[]) => new Worker(script, { workerData: task, transferList: [...ports], resourceLimits: LIMITS[task.does] });
  return {
    read: start({ does: 'read', setup, rows: rows.port1 }, [rows.port1]),
    'look-up': start({ does: 'look-up', setup, codes: codes.port1 }, [codes.port1]),
    store: start({ does: 'store', setup, rows: rows.port2, codes: codes.port2 }, [rows.port2, codes.port2]),
  };
}

/**
 * Judges a supplier's whole list by what is known offline, on threads of their own, so that neither the desk's work nor its memory grows with the list.
 * @throws PriceListError for a list that cannot be read; the signal's reason when aborted. Then no results are left behind
 */
export function passPriceList(setup: PassSetup, options: PassOptions = {}): Promise<FirstPassCounts> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const threads = startThreads(setup, options.worker ?? new URL('pass-price-list-worker.ts', import.meta.url));
    const abort = () => threads.store.postMessage('abort');
    signal?.addEventListener('abort', abort, { once: true });
    let outcome: Extract<PassMessage, { kind: 'done' | 'failed' }> | null = null;
    let broken: Error | null = null;
    threads.store.on('message', (message: PassMessage) => {
      if (message.kind === 'progress') options.onProgress?.(message.progress);
      else outcome = message;
    });
    for (const thread of Object.values(threads)) thread.on('error', (error) => {
      broken ??= error as Error;
      // what it waits for may never come now
      threads.store.postMessage('abort');
    });
    threads.store.on('exit', (code) => {
      signal?.removeEventListener('abort', abort);
      const settle = () => {
        if (outcome?.kind === 'done') resolve(outcome.counts);
        else if (signal?.aborted) reject(signal.reason as Error);
        else if (outcome?.code) reject(new PriceListError(outcome.code, outcome.message));
        else reject(broken ?? new Error(outcome?.message ?? `the pass over ${setup.list} ended with ${code}`));
      };
      void Promise.all([threads.read.terminate(), threads['look-up'].terminate()]).then(settle, reject);
    });
  });
}
