import { peakMemoryMb } from '../peak-memory.ts';

export const PAGES = 2_000;
export const PAGE_BYTES = 60_000;
/** Requests that each crawler may have open at once. */
export const CONCURRENCY = 8;

/** What a crawler's process prints when it is done. */
export interface CrawlFigures {
  readonly pages: number;
  readonly seconds: number;
  /** The most memory that the process had resident. */
  readonly peakMb: number;
}

/** The process's figures as one line of JSON. @param offers products read with name, price and identifier */
export function printFigures(offers: number, startedAt: number): void {
  const figures: CrawlFigures = { pages: offers, seconds: (performance.now() - startedAt) / 1_000, peakMb: peakMemoryMb() };
  console.log(JSON.stringify(figures));
}
