/** A price list's rows on their way from the thread of a pass that reads to the one that stores. */
import type { MessagePort } from 'node:worker_threads';
import { buffersOf, PriceListError, type PackedRows, type PriceListErrorCode } from '#engine/suppliers/index.ts';
import { messageOf } from '#kernel/errors.ts';

type Handed =
  | { readonly kind: 'rows'; readonly rows: PackedRows }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly code: PriceListErrorCode | null; readonly message: string };

/** Slices on their way at once: about a batch, so that reading goes on while one is stored. Packed, they take ten megabytes. */
const AHEAD = 256;
/** Slices that are acknowledged together: each word between threads wakes one of them. */
const TAKEN_AT_ONCE = 16;

/** The reading side: hands slices over, never more than the other side has room for. */
export async function handOver(port: MessagePort, open: (signal: AbortSignal) => Promise<AsyncIterable<PackedRows>>): Promise<void> {
  const abort = new AbortController();
  const room = { slices: AHEAD };
  let wake: (() => void) | null = null;
  port.on('message', (message: 'taken' | 'stop') => {
    if (message === 'stop') abort.abort();
    else room.slices += TAKEN_AT_ONCE;
    wake?.();
  });
  port.on('close', () => {
    abort.abort();
    wake?.();
  });
  const tell = (handed: Handed, transfer: readonly ArrayBuffer[] = []) => port.postMessage(handed, [...transfer]);
  try {
    for await (const rows of await open(abort.signal)) {
      while (room.slices <= 0 && !abort.signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      if (abort.signal.aborted) break;
      room.slices -= 1;
      tell({ kind: 'rows', rows }, buffersOf(rows));
    }
    tell({ kind: 'end' });
  } catch (error) {
    tell({ kind: 'failed', code: error instanceof PriceListError ? error.code : null, message: messageOf(error) });
  }
  port.close();
}

/**
 * The storing side: slices as they come. Ending early stops the reading.
 * @param list its name, for a person
 * @throws PriceListError for a list that cannot be read; Error when the other side is gone before it has told the end: the rows that are here are not all
 */
export async function* takeRows(port: MessagePort, list: string): AsyncGenerator<PackedRows> {
  const waiting: Handed[] = [];
  let wake: (() => void) | null = null;
  const take = (handed: Handed) => {
    waiting.push(handed);
    wake?.();
  };
  port.on('message', take);
  // after the last of its messages, so never before an end that was told
  port.on('close', () => take({ kind: 'failed', code: null, message: `the reading of ${list} stopped before its end` }));
  try {
    for (let taken = 1; ; taken++) {
      while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const handed = waiting.shift()!;
      if (handed.kind === 'end') return;
      if (handed.kind === 'failed') throw handed.code ? new PriceListError(handed.code, handed.message) : new Error(handed.message);
      yield handed.rows;
      if (taken % TAKEN_AT_ONCE === 0) port.postMessage('taken');
    }
  } finally {
    port.postMessage('stop');
    port.close();
  }
}
