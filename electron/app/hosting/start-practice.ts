import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { PracticeWiring } from '../options.ts';
import { openPracticeClock } from './practice-clock.ts';
import type { PracticeClock } from './practice-clock.ts';

/** The thread's own words: `startWiredMarket` typed them; what crosses is checked for its outline. */
const wiringSchema = z.custom<PracticeWiring>((value) => z.looseObject({ seed: z.int(), baseUrls: z.record(z.string(), z.url()), sources: z.array(z.unknown()), keys: z.looseObject({}) }).safeParse(value).success, 'not a wiring');
/** The first start builds a world of tens of thousands of products. */
const START_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 5_000;

export interface RunningPractice {
  readonly time: PracticeClock;
  readonly wiring: PracticeWiring;
  close(): Promise<void>;
}

export interface PracticeOptions {
  /** The folder of this practice market. */
  readonly dataDir: string;
  readonly seed: number;
  /** Virtual for real time; absent: as last. */
  readonly speed?: number | undefined;
  /** File URL of the thread's script. */
  readonly thread: string;
  /** The thread died by itself; the vendors no longer answer. */
  onDeath(cause: Error): void;
}

/** Starts the practice market of a data folder in a thread of its own. */
export async function startPractice({ dataDir, seed, speed, thread, onDeath }: PracticeOptions): Promise<RunningPractice> {
  const time = openPracticeClock(dataDir, { seed, speed });
  const worker = new Worker(new URL(thread), { workerData: { seed: time.seed, anchor: time.anchor, folder: dataDir } });
  let closing = false;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  try {
    const wiring = await waitForStart(worker);
    worker.once('error', (error) => {
      if (!closing) onDeath(error instanceof Error ? error : new Error(String(error)));
    });
    return {
      time,
      wiring,
      async close() {
        closing = true;
        worker.postMessage('stop');
        const late = setTimeout(() => void worker.terminate(), STOP_WITHIN_MS);
        await exited;
        clearTimeout(late);
        time.close();
      },
    };
  } catch (error) {
    await worker.terminate();
    time.close();
    throw error;
  }
}

function waitForStart(worker: Worker): Promise<PracticeWiring> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the practice market did not start within ${START_WITHIN_MS / 1_000} s`)), START_WITHIN_MS);
    worker.once('message', (message: unknown) => {
      clearTimeout(late);
      const parsed = wiringSchema.safeParse(message);
      if (parsed.success) resolve(parsed.data);
      else reject(new Error('the practice market answered something else than how to reach it', { cause: parsed.error }));
    });
    worker.once('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    worker.once('exit', () => {
      clearTimeout(late);
      reject(new Error('the practice market ended while it was starting'));
    });
  });
}
