import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { PracticeWiring } from '../options.ts';
import type { SharedManualClock } from './shared-clock.ts';

/** What was really done to the vendors, and what a naive buyer would have earned under the same limits. */
const reportSchema = z.strictObject({ orders: z.int(), listings: z.int(), duplicateListings: z.int(), sales: z.int(), naiveProfitMinor: z.int() });
export type MarketReport = z.infer<typeof reportSchema>;

export interface ReportQuestion {
  readonly days: number;
  readonly budgetMinor: number;
  readonly perDayMinor: number | null;
  readonly perPurchaseMinor: number | null;
}

export interface RunMarket {
  readonly wiring: PracticeWiring;
  report(question: ReportQuestion): Promise<MarketReport>;
  close(): Promise<void>;
}

/** Starts the market of a practice run in a thread of its own. @param plan `channels`: sold on beside eBay; none unless told */
export async function startRunMarket(plan: { readonly seed: number; readonly faultRate: number; readonly clock: SharedManualClock; readonly channels?: readonly string[] }): Promise<RunMarket> {
  const worker = new Worker(new URL('./practice-run-thread.ts', import.meta.url), { workerData: { seed: plan.seed, faultRate: plan.faultRate, channels: plan.channels ?? [], clock: plan.clock.memory } });
  const answer = () => new Promise<unknown>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  // the thread is the program's own code, and what it says first is the wiring
  const wiring = (await answer()) as PracticeWiring;
  return {
    wiring,
    report: (question) => {
      const told = answer();
      worker.postMessage({ kind: 'report', ...question });
      return told.then((report) => reportSchema.parse(report));
    },
    close: async () => {
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      worker.postMessage({ kind: 'stop' });
      await exited;
    },
  };
}
