/** Of the catalogue database's pages, in memory, of both floors: they ask at random. The desk asks in order, and has 8. */
export const CACHE_MB = 64;

/** What either side's process prints. */
export interface ListFigures {
  readonly rows: number;
  /** Rows whose product the catalogue knew. */
  readonly found: number;
  /** Rows whose sale price is one that the desk knew, not the list's. */
  readonly priced: number;
  readonly seconds: number;
  /** Of all its threads, the engine's own included. */
  readonly cpuSeconds: number;
  /** Memory beyond what the process had before it began, the cache of the catalogue's pages included. */
  readonly grewMb: number;
}
