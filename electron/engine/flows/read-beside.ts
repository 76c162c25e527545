/** A price list's rows, read on a thread beside the one that stores them: the two take about as long, so a pass takes half the time. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { PriceListError, type PackedRows, type PriceListErrorCode } from '#engine/suppliers/index.ts';
import { messageOf } from '#kernel/errors.ts';
import type { PassSetup } from './pass-price-list.ts';

/** What the reading thread is given. */
export interface Reading {
  readonly reading: true;
  readonly setup: PassSetup;
  readonly port: MessagePort;
}

type Handed =
  | { readonly kind: 'rows'; readonly rows: PackedRows }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly code: PriceListErrorCode | null; readonly message: string };

/** Slices on their way at once: more than a batch, so that reading goes on while one is stored. Packed, they take a few megabytes. */
const AHEAD = 150;
/** Its young generation is full of what a slice was read from, and garbage soon after. */
const LIMITS = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 };

export const isReading = (data: unknown): data is Reading => typeof data === 'object' && data !== null && 'reading' in data;

/** The reading side: hands slices over, never more than the other side has room for. */
export async function handOver(port: MessagePort, open: (signal: AbortSignal) => Promise<AsyncIterable<PackedRows>>): Promise<void> {
  const abort = new AbortController();
  const room = { slices: AHEAD };
  let wake: (() => void) | null = null;
  port.on('message', (message: 'taken' | 'stop') => {
    if (message === 'stop') abort.abort();
    else room.slices += 1;
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
      tell({ kind: 'rows', rows }, [rows.numbers.buffer, rows.keys.buffer]);
    }
    tell({ kind: 'end' });
  } catch (error) {
    tell({ kind: 'failed', code: error instanceof PriceListError ? error.code : null, message: messageOf(error) });
  }
  port.close();
}

/** The storing side: slices as they come. Ending early stops the reading. @throws PriceListError for a list that cannot be read */
export async function* readBeside(script: URL, setup: PassSetup): AsyncGenerator<PackedRows> {
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(script, { workerData: { reading: true, setup, port: port2 } satisfies Reading, transferList: [port2], resourceLimits: LIMITS });
  const waiting: Handed[] = [];
  let wake: (() => void) | null = null;
  const take = (handed: Handed) => {
    waiting.push(handed);
    wake?.();
  };
  port1.on('message', take);
  thread.on('error', (error) => take({ kind: 'failed', code: null, message: messageOf(error) }));
  thread.on('exit', (code) => take(code === 0 ? { kind: 'end' } : { kind: 'failed', code: null, message: `the reading of ${setup.list} ended with ${code}` }));
  try {
    for (;;) {
      while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const handed = waiting.shift()!;
      if (handed.kind === 'end') return;
      if (handed.kind === 'failed') throw handed.code ? new PriceListError(handed.code, handed.message) : new Error(handed.message);
      yield handed.rows;
      port1.postMessage('taken');
    }
  } finally {
    port1.postMessage('stop');
    port1.close();
    await thread.terminate();
  }
}
