import { PrismaClient } from './prisma/client.ts';
import { Mutex } from './mutex.ts';
import type { Database, TransactionOptions, Tx } from './ports.ts';
import { insideTransaction, SerialisedSqlite, transactionScope, type TransactionScope } from './prisma-adapter.ts';
import { lockDatabase } from './process-lock.ts';
import type { RawSql } from './raw-sql.ts';
import { createReader } from './reader.ts';

/** A transaction holds back every other write: one that takes longer than this is a bug and is rolled back. */
const LONGEST_TRANSACTION_MS = 10 * 60_000;

export interface OpenDatabaseOptions {
  /** Durability of a commit. FULL (the default) survives a power cut; OFF is for tests and throw-away databases. */
  readonly synchronous?: 'FULL' | 'NORMAL' | 'OFF';
  /** How long a write waits for another process's lock; 10 s unless told. */
  readonly busyTimeoutMs?: number;
  /** The reader thread's entry, where the program is bundled. */
  readonly readerWorker?: URL;
  /** False leaves out the one-process lock; for tools that look at a database beside the program. */
  readonly lock?: boolean;
}

/**
 * Opens a migrated database (see migrations.ts) for this process alone.
 * @throws DomainError DATA_IN_USE while another process has it open.
 */
export async function openDatabase(file: string, options: OpenDatabaseOptions = {}): Promise<Database> {
  const unlock = options.lock === false ? () => {} : lockDatabase(file);
  const adapter = new SerialisedSqlite(file, { synchronous: options.synchronous ?? 'FULL', busyTimeoutMs: options.busyTimeoutMs ?? 10_000 });
  const prisma = new PrismaClient({ adapter, transactionOptions: { maxWait: LONGEST_TRANSACTION_MS, timeout: LONGEST_TRANSACTION_MS } });
  let inner: PrismaClient;
  try {
    await prisma.$connect();
    inner = new PrismaClient({ adapter: adapter.inner });
    await inner.$connect();
  } catch (error) {
    unlock();
    throw error;
  }
  const raw = adapter.rawInside(inner);
  const reader = createReader(file, options.readerWorker);
  const turn = new Mutex();
  let closed = false;
  return {
    file,
    prisma: withOwnSql(prisma, adapter.rawBetween(prisma)),
    transaction: (run, { durable = true } = {}) => transact({ adapter, inner, raw, turn, durable }, run),
    read: <Row>(sql: string, parameters: readonly (string | number | null)[] = []) => reader.read<Row>(sql, parameters),
    async close() {
      if (closed) return;
      closed = true;
      const release = await turn.acquire();
      await reader.close();
      await inner.$disconnect();
      await prisma.$disconnect();
      release();
      unlock();
    },
  };
}

interface Transactions extends Required<TransactionOptions> {
  readonly adapter: SerialisedSqlite;
  readonly inner: PrismaClient;
  readonly raw: RawSql;
  readonly turn: Mutex;
}

async function transact<T>({ adapter, inner, raw, turn, durable }: Transactions, run: (tx: Tx) => Promise<T>): Promise<T> {
  if (insideTransaction()) throw new Error('db.transaction was called inside another transaction: use the `tx` that the outer one was given');
  const release = await turn.acquire();
  const scope: TransactionScope = { open: false, afterCommit: [] };
  try {
    const transaction = await adapter.begin(durable);
    scope.open = true;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      scope.open = false;
      transaction.rollback();
    }, LONGEST_TRANSACTION_MS).unref();
    const value = await transactionScope.run(scope, async () => run(ownClient({ inner, raw }, scope))).catch((error: unknown) => {
      if (!late) transaction.rollback();
      throw error;
    }).finally(() => {
      clearTimeout(timer);
      scope.open = false;
    });
    if (late) throw new Error(`a transaction took longer than ${LONGEST_TRANSACTION_MS} ms and was rolled back`);
    transaction.commit();
    outsideTransaction(() => scope.afterCommit.forEach((task) => task()));
    return value;
  } finally {
    release();
  }
}

/** The client of one transaction: of no use after it, when the next one may have begun on the same connection. */
function ownClient({ inner, raw }: Pick<Transactions, 'inner' | 'raw'>, scope: TransactionScope): Tx {
  return new Proxy(inner, {
    get(client, key) {
      if (!scope.open) throw new Error('the transaction has ended: its client was used too late');
      return Reflect.get(key in raw ? raw : client, key) as unknown;
    },
  });
}

function withOwnSql(prisma: PrismaClient, raw: RawSql): PrismaClient {
  return new Proxy(prisma, { get: (client, key) => Reflect.get(key in raw ? raw : client, key) as unknown });
}

/** Runs `task` once the surrounding transaction has committed, or now where there is none. It must not throw. */
export function afterCommit(task: () => void): void {
  const scope = transactionScope.getStore();
  if (scope?.open) scope.afterCommit.push(task);
  else task();
}

/** Runs work that only happens to be started inside a transaction and does not belong to it. */
export function outsideTransaction<T>(run: () => T): T {
  return transactionScope.run(undefined, run);
}

/** A stored BIGINT as a number. @throws RangeError beyond 2^53: no amount or instant of ours is that large. */
export function toNumber(value: bigint | number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is not a whole number within 2^53`);
  return number;
}

export function toNumberOrNull(value: bigint | number | null): number | null {
  return value === null ? null : toNumber(value);
}
