/**
 * Prisma's better-sqlite3 adapter runs everything on one connection: a query from outside an open transaction would slip into it, and be rolled back
 * with it. This one lets such a query wait until the transaction has ended, begins with IMMEDIATE, and keeps prepared statements.
 *
 * Transactions of ours are begun here and not by Prisma, whose interactive ones make a client anew for each: a query in them cost four times what it costs
 * outside. Their queries come through a second client on the same connection, so that Prisma never puts one of them and one from outside into one batch.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type BetterSqlite3 from 'better-sqlite3';
import { Mutex } from './mutex.ts';
import { rawSql, type PreparedSql, type RawSql } from './raw-sql.ts';

type Factory = InstanceType<typeof PrismaBetterSqlite3>;
type Adapter = Awaited<ReturnType<Factory['connect']>>;
type AdapterTransaction = Awaited<ReturnType<Adapter['startTransaction']>>;
type Query = Parameters<Adapter['queryRaw']>[0];

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

/** Of a connection that keeps its statements. */
const preparing = (client: BetterSqlite3.Database) => (sql: string): PreparedSql => client.prepare(sql) as unknown as PreparedSql;

function tooLate(): never {
  throw new Error('the transaction has ended: a query of it came too late');
}

/** A query through `db.prisma` in a transaction's callback belongs to it; any other one waits for it to end. */
const turnBetween = (mutex: Mutex) => async <T>(run: () => Promise<T>): Promise<T> => {
  if (insideTransaction() || !mutex.busy) return run();
  const release = await mutex.acquire();
  try {
    return await run();
  } finally {
    release();
  }
};

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

/** An open transaction of the connection; each of its two ends may be called once. */
export interface OpenTransaction {
  commit(): void;
  rollback(): void;
}

export class SerialisedSqlite extends PrismaBetterSqlite3 {
  readonly #options: ConnectionOptions;
  readonly #mutex = new Mutex();
  #client: BetterSqlite3.Database | null = null;
  #inner: AdapterFactory | null = null;

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
    // pages that every commit touches go into the file once in 16 MB, not in 4
    client.pragma('wal_autocheckpoint = 4000');
    keepStatements(client);
    this.#client = client;
    const own = insideOf(adapter, client);
    this.#inner = { provider: 'sqlite', adapterName: this.adapterName, connect: () => Promise.resolve(own) };
    return serialise(adapter, client, this.#mutex);
  }

  /** The way of a transaction's own queries to the connection: they never wait, and are refused while no transaction is open. Only after `connect`. */
  get inner(): AdapterFactory {
    return this.#inner!;
  }

  /** The own SQL of a transaction; `prisma` is the client of `inner`. */
  rawInside(prisma: RawSql): RawSql {
    const client = this.#client!;
    return rawSql({ prepare: preparing(client), turn: async (run) => (client.inTransaction ? run() : tooLate()), prisma });
  }

  /** Own SQL that belongs to no transaction, or to the one whose callback it is called in. */
  rawBetween(prisma: RawSql): RawSql {
    const between = turnBetween(this.#mutex);
    return rawSql({ prepare: preparing(this.#client!), turn: (run) => between(async () => run()), prisma });
  }

  /** Waits until no other transaction is open, and begins one. @param durable whether its commit waits for the disk, as far as the connection's commits do */
  async begin(durable: boolean): Promise<OpenTransaction> {
    const unlock = await this.#mutex.acquire();
    const client = this.#client!;
    const relaxed = !durable && this.#options.synchronous === 'FULL';
    const release = () => {
      try {
        if (relaxed) client.exec('PRAGMA synchronous = FULL');
      } finally {
        unlock();
      }
    };
    const end = (sql: 'COMMIT' | 'ROLLBACK') => {
      try {
        client.prepare(sql).run();
      } finally {
        // A COMMIT that failed (a full disk, a deferred constraint) leaves the transaction open.
        if (client.inTransaction) client.exec('ROLLBACK');
        release();
      }
    };
    try {
      if (relaxed) client.exec('PRAGMA synchronous = NORMAL');
      client.prepare('BEGIN').run();
    } catch (error) {
      release();
      throw error;
    }
    return { commit: () => end('COMMIT'), rollback: () => (client.inTransaction ? end('ROLLBACK') : release()) };
  }
}

interface AdapterFactory {
  readonly provider: 'sqlite';
  readonly adapterName: string;
  connect(): Promise<Adapter>;
}

/** Before the adapter's own methods are made to wait. What Prisma wraps into a transaction of its own (nested writes) is a savepoint of ours. */
function insideOf(adapter: Adapter, client: BetterSqlite3.Database): Adapter {
  const open = async <T>(run: () => Promise<T>): Promise<T> => (client.inTransaction ? run() : tooLate());
  const queryRaw = adapter.queryRaw.bind(adapter);
  const executeRaw = adapter.executeRaw.bind(adapter);
  const executeScript = adapter.executeScript.bind(adapter);
  const queries = { provider: adapter.provider, adapterName: adapter.adapterName, queryRaw: (query: Query) => open(() => queryRaw(query)), executeRaw: (query: Query) => open(() => executeRaw(query)) };
  // one at a time: releasing a savepoint releases every later one with it
  const turn = new Mutex();
  const run = (sql: string) => void client.prepare(sql).run();
  return {
    ...queries,
    executeScript: (script) => open(() => executeScript(script)),
    startTransaction: async () => {
      const release = await turn.acquire();
      const end = (...statements: string[]) => open(() => {
        statements.forEach(run);
        return Promise.resolve();
      }).finally(release);
      try {
        await open(() => Promise.resolve(run('SAVEPOINT nested')));
      } catch (error) {
        release();
        throw error;
      }
      const transaction: AdapterTransaction = { ...queries, options: { usePhantomQuery: true }, commit: () => end('RELEASE nested'), rollback: () => end('ROLLBACK TO nested', 'RELEASE nested') };
      return transaction;
    },
    dispose: () => Promise.resolve(), // the connection is the other client's
  };
}

function serialise(adapter: Adapter, client: BetterSqlite3.Database, mutex: Mutex): Adapter {
  const queryRaw = adapter.queryRaw.bind(adapter);
  const executeRaw = adapter.executeRaw.bind(adapter);
  const executeScript = adapter.executeScript.bind(adapter);
  const startTransaction = adapter.startTransaction.bind(adapter);
  const between = turnBetween(mutex);
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
