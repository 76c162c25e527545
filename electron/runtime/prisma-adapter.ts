/**
 * Prisma's better-sqlite3 adapter runs everything on one connection: a query from outside an open transaction would slip into it, and be rolled back
 * with it. This one lets such a query wait until the transaction has ended, begins with IMMEDIATE, and keeps prepared statements.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type BetterSqlite3 from 'better-sqlite3';
import { Mutex } from './mutex.ts';

type Factory = InstanceType<typeof PrismaBetterSqlite3>;
type Adapter = Awaited<ReturnType<Factory['connect']>>;
type AdapterTransaction = Awaited<ReturnType<Adapter['startTransaction']>>;

/** What belongs to one open transaction, known to everything that its callback calls. */
export interface TransactionScope {
  open: boolean;
  /** Run after the commit, before the next transaction; dropped with a rollback. */
  readonly afterCommit: (() => void)[];
}

export const transactionScope = new AsyncLocalStorage<TransactionScope | undefined>();

/** True inside the callback of an open transaction. */
export function insideTransaction(): boolean {
  return transactionScope.getStore()?.open === true;
}

const MOST_STATEMENTS = 400;

/** The part of a statement that Prisma's adapter uses; it binds anew for each run, which a kept better-sqlite3 statement does not allow. */
class KeptStatement {
  readonly #statement: BetterSqlite3.Statement<unknown[]>;
  #values: unknown[] = [];
  /** Asked for once: a statement names its columns, and the schema does not change under an open connection. */
  #columns: BetterSqlite3.ColumnDefinition[] | null = null;
  constructor(statement: BetterSqlite3.Statement<unknown[]>) {
    this.#statement = statement;
  }
  get reader(): boolean {
    return this.#statement.reader;
  }
  bind(values: unknown[]): this {
    this.#values = values;
    return this;
  }
  run(): BetterSqlite3.RunResult {
    return this.#statement.run(...this.#values);
  }
  columns(): BetterSqlite3.ColumnDefinition[] {
    return (this.#columns ??= this.#statement.columns());
  }
  raw(): this {
    this.#statement.raw();
    return this;
  }
  all(): unknown[] {
    return this.#statement.all(...this.#values);
  }
}

function keepStatements(client: BetterSqlite3.Database): void {
  const prepare = client.prepare.bind(client);
  const kept = new Map<string, KeptStatement>();
  const prepareKept = (sql: string): KeptStatement => {
    const known = kept.get(sql);
    if (known) return known;
    const made = new KeptStatement(prepare(sql === 'BEGIN' ? 'BEGIN IMMEDIATE' : sql));
    if (kept.size >= MOST_STATEMENTS) kept.delete(kept.keys().next().value!);
    kept.set(sql, made);
    return made;
  };
  (client as unknown as { prepare: (sql: string) => KeptStatement }).prepare = prepareKept;
}

export interface ConnectionOptions {
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF';
  readonly busyTimeoutMs: number;
}

export class SerialisedSqlite extends PrismaBetterSqlite3 {
  readonly #options: ConnectionOptions;
  constructor(file: string, options: ConnectionOptions) {
    super({ url: `file:${file}`, timeout: options.busyTimeoutMs, fileMustExist: true });
    this.#options = options;
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const { client } = adapter as unknown as { client: BetterSqlite3.Database };
    client.pragma('journal_mode = WAL');
    client.pragma(`synchronous = ${this.#options.synchronous}`);
    client.pragma('foreign_keys = ON');
    // REPLACE would otherwise delete rows without their triggers, around the ledger's.
    client.pragma('recursive_triggers = ON');
    client.pragma('cache_size = -65536');
    client.pragma('temp_store = MEMORY');
    keepStatements(client);
    return serialise(adapter, client);
  }
}

function serialise(adapter: Adapter, client: BetterSqlite3.Database): Adapter {
  const mutex = new Mutex();
  const queryRaw = adapter.queryRaw.bind(adapter);
  const executeRaw = adapter.executeRaw.bind(adapter);
  const executeScript = adapter.executeScript.bind(adapter);
  const startTransaction = adapter.startTransaction.bind(adapter);
  /** A query through `db.prisma` in a transaction's callback belongs to it; any other one waits for it to end. */
  const between = async <T>(run: () => Promise<T>): Promise<T> => {
    if (insideTransaction() || !mutex.busy) return run();
    const release = await mutex.acquire();
    try {
      return await run();
    } finally {
      release();
    }
  };
  adapter.queryRaw = (query) => between(() => queryRaw(query));
  adapter.executeRaw = (query) => between(() => executeRaw(query));
  adapter.executeScript = (script) => between(() => executeScript(script));
  adapter.startTransaction = async (isolation): Promise<AdapterTransaction> => {
    if (transactionScope.getStore()?.open && mutex.busy) throw new Error('a transaction was started inside another one: use the `tx` that the outer one was given');
    const release = await mutex.acquire();
    try {
      const transaction = await startTransaction(isolation);
      const commit = transaction.commit.bind(transaction);
      const rollback = transaction.rollback.bind(transaction);
      const end = () => {
        // A COMMIT that failed (a full disk, a deferred constraint) leaves the transaction open, and Prisma leaves it so.
        if (client.inTransaction) client.exec('ROLLBACK');
        release();
      };
      transaction.commit = () => commit().finally(end);
      transaction.rollback = () => rollback().finally(end);
      return transaction;
    } catch (error) {
      release();
      throw error;
    }
  };
  return adapter;
}
