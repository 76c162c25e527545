import { Worker } from 'node:worker_threads';
import type { BulkValue } from './bulk.ts';

export interface BulkTable {
  readonly name: string;
  /** Each with its SQLite type: `line INTEGER`. */
  readonly columns: readonly string[];
  /** Built once all rows are in: several times as fast as kept up row by row. */
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

/** One table in a file of its own, filled once, on a thread of its own: for results that can be made again, and that must not hold up the desk's own writes. */
export interface BulkFile {
  /** Rows in the order of the columns. Resolves when the next may come, which is before these are written; an error shows at a later call. */
  append(rows: readonly (readonly BulkValue[])[]): Promise<void>;
  /** Builds the indexes and moves the file to its place: until then there is no file under its name. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

export interface BulkFileSetup {
  readonly file: string;
  readonly table: BulkTable;
}
export type BulkRequest = { readonly kind: 'append'; readonly rows: string } | { readonly kind: 'finish' } | { readonly kind: 'discard' };
export interface BulkReply {
  readonly error: string | null;
}

const NAME = /^[A-Za-z_]\w*$/;
const COLUMN = /^[A-Za-z_]\w* (?:TEXT|INTEGER|REAL)(?: NOT NULL)?$/;
/** Parts that may wait to be written: more would only take memory. */
const MOST_WAITING = 4;

/**
 * Begins a file; what stands under its name is replaced by `finish`. @param worker the thread's entry, where the program is bundled
 * @throws when a name is not a plain one
 */
export function createBulkFile({ file, table }: BulkFileSetup, worker = new URL('bulk-file-worker.ts', import.meta.url)): BulkFile {
  for (const name of [table.name, ...table.indexes.flatMap((index) => [index.name, ...index.columns])]) if (!NAME.test(name)) throw new Error(`not a table or column name: ${name}`);
  for (const column of table.columns) if (!COLUMN.test(column)) throw new Error(`not a column: ${column}`);
  const thread = new Worker(worker, { workerData: { file, table } satisfies BulkFileSetup });
  let waiting = 0;
  let failure: Error | null = null;
  let wake: (() => void) | null = null;
  thread.on('message', ({ error }: BulkReply) => {
    waiting--;
    if (error !== null) failure ??= new Error(`${file} cannot be written: ${error}`);
    wake?.();
  });
  thread.on('error', (error: Error) => {
    failure ??= error;
    wake?.();
  });
  const exit = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  /** Resolves when fewer than `MOST_WAITING` parts wait, or none will ever be written. */
  const room = () => (waiting < MOST_WAITING || failure ? Promise.resolve() : new Promise<void>((resolve) => (wake = resolve)));
  const send = (request: BulkRequest) => {
    waiting++;
    thread.postMessage(request);
  };
  const check = () => {
    if (failure) throw failure;
  };
  return {
    async append(rows) {
      await room();
      check();
      send({ kind: 'append', rows: JSON.stringify(rows) });
    },
    async finish() {
      check();
      send({ kind: 'finish' });
      await exit;
      check();
    },
    async discard() {
      send({ kind: 'discard' });
      await exit;
    },
  };
}
