import path from 'node:path';
import type { FeeCard } from '#engine/pricing/index.ts';
import type { CardPrices, ResultReader } from '#engine/suppliers/index.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { createReader, type Reader } from '#runtime/reader.ts';
import type { ScanDeps } from '../scan.ts';

/** Result files that are asked at once; each has a thread. */
const MOST_OPEN = 2;

/** Readers of result files, the ones asked last kept open. */
export class ResultFiles {
  readonly #script: URL | undefined;
  readonly #open = new Map<string, Reader>();

  constructor(script: URL | undefined) {
    this.#script = script;
  }

  reader(file: string): ResultReader {
    const known = this.#open.get(file);
    const reader = known ?? (this.#script ? createReader(file, this.#script) : createReader(file));
    this.#open.delete(file);
    this.#open.set(file, reader);
    for (const [name] of [...this.#open].slice(0, -MOST_OPEN)) void this.forget(name);
    return reader;
  }

  /** Before its file goes, or another takes its place. */
  async forget(file: string): Promise<void> {
    const reader = this.#open.get(file);
    this.#open.delete(file);
    await reader?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((file) => this.forget(file)));
  }
}

export interface PriceListsDeps {
  readonly ctx: EngineContext;
  readonly scan: ScanDeps;
  readonly feeCards: readonly FeeCard[];
  /** Holds the files as they came, results and exports. */
  readonly importsDir: string;
  readonly files: ResultFiles;
  /** Public prices of cards that are on this disk already; asks for nothing. */
  readonly cards?: (() => Promise<readonly CardPrices[]>) | undefined;
  /** The first pass's thread, where the program is bundled. */
  readonly passScript?: URL | undefined;
}

export const resultsDir = (deps: PriceListsDeps): string => path.join(deps.importsDir, 'results');
export const exportsDir = (deps: PriceListsDeps): string => path.join(deps.importsDir, 'exports');
