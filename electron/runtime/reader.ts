import { Worker } from 'node:worker_threads';

/** Reads on a thread of its own: a slow one never holds up writes or the window. */
export interface Reader {
  read<Row>(sql: string, parameters: readonly (string | number | null)[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface ReadRequest {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly (string | number | null)[];
}
export type ReadReply = { readonly id: number; readonly rows: unknown[] } | { readonly id: number; readonly error: { readonly message: string; readonly code: string | null } };

/** A read that SQLite refused; `sql` is the statement. */
export class ReadError extends Error {
  readonly code: string | null;
  readonly sql: string;
  constructor(message: string, detail: { readonly code: string | null; readonly sql: string; readonly cause?: unknown }) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ReadError';
    this.code = detail.code;
    this.sql = detail.sql;
  }
}

interface Waiting {
  readonly sql: string;
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (error: Error) => void;
}

/** The thread starts with the first read, does not keep the process alive, and is started again should it die. */
export function createReader(file: string, entry: URL = new URL('./reader-worker.ts', import.meta.url)): Reader {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let lastId = 0;
  let closed = false;

  const failAll = (cause: unknown) => {
    worker = null;
    for (const { sql, reject } of waiting.values()) reject(new ReadError('the reader thread ended', { code: null, sql, cause }));
    waiting.clear();
  };
  const start = (): Worker => {
    const made = new Worker(entry, { workerData: { file }, name: 'database reader' });
    made.on('message', (reply: ReadReply) => {
      const asked = waiting.get(reply.id);
      if (!asked) return;
      waiting.delete(reply.id);
      if (waiting.size === 0) made.unref();
      if ('rows' in reply) asked.resolve(reply.rows);
      else asked.reject(new ReadError(reply.error.message, { code: reply.error.code, sql: asked.sql }));
    });
    made.on('error', failAll);
    made.on('exit', (code) => worker === made && failAll(new Error(`exit code ${code}`)));
    return made;
  };

  return {
    read<Row>(sql: string, parameters: readonly (string | number | null)[]) {
      if (closed) return Promise.reject(new ReadError('the database is closed', { code: null, sql }));
      return new Promise<Row[]>((resolve, reject) => {
        worker ??= start();
        const id = ++lastId;
        waiting.set(id, { sql, resolve: (rows) => resolve(rows as Row[]), reject });
        worker.ref();
        worker.postMessage({ id, sql, parameters } satisfies ReadRequest);
      });
    },
    async close() {
      closed = true;
      const ending = worker;
      if (ending) await ending.terminate();
      failAll(new Error('the database was closed'));
    },
  };
}
