/**
 * What the runtime offers the engine: one SQLite file, and durable work on it.
 *
 * Glossary. A *job* is work to be done at least once, retried with backoff. A *workflow* is a process of named steps whose outputs are kept, so that
 * a restart goes on where it was. An *effect* is a step that changes the outside world: its idempotency key is stored before the call, and after a
 * crash or an unknown outcome the vendor is asked (reconcile) before anything is tried again. The *outbox* holds what happened, written in the
 * transaction of the change, told to subscribers afterwards.
 */
import type { z } from 'zod';
import type { Clock, Instant } from '#kernel/time.ts';
import type { IdSource } from '#kernel/ids.ts';
import type { Logger } from '#kernel/log.ts';
import type { Random } from '#kernel/random.ts';
import type { FieldSeal } from './field-seal.ts';
import type { Prisma, PrismaClient } from './prisma/client.ts';

export type Tx = Prisma.TransactionClient;

export interface TransactionOptions {
  /** False: a cut of power may undo it (a kill of the process does not), and its commit does not wait for the disk. For what is merely done once more then, such as a job's state. True unless told. */
  readonly durable?: boolean;
}

export interface Database {
  /** Absolute path of the SQLite file. */
  readonly file: string;
  readonly prisma: PrismaClient;
  /** One write transaction at a time (BEGIN IMMEDIATE); commits when `run` resolves, rolls back when it throws. Do not call connectors inside. */
  transaction<T>(run: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** A read on the reader thread (own read-only connection): never blocks writes or the window. Integers come back as numbers. */
  read<Row>(sql: string, parameters?: readonly (string | number | null)[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface NewJob {
  readonly kind: string;
  readonly payload: unknown;
  readonly runAt?: Instant;
  /** While a job with this key is queued or running, a second one is not added (its id is answered instead). */
  readonly uniqueKey?: string;
  readonly maxAttempts?: number;
}

export interface JobProgress {
  readonly done: number;
  readonly total: number | null;
  readonly note?: string;
}

export interface JobContext {
  readonly jobId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborted on cancel and on shutdown. */
  readonly signal: AbortSignal;
  /** Stored at most a few times a second, and told to live subscribers. */
  progress(progress: JobProgress): void;
}

export interface JobHandler<Payload> {
  readonly kind: string;
  readonly payload: z.ZodType<Payload>;
  /** How many of this kind run at once; 1 unless told. */
  readonly concurrency?: number;
  /** Throwing retries with backoff and jitter until `maxAttempts`; a ConnectorError `Throttled` waits as told and does not count; `Rejected`/`Critical` fail at once. */
  run(payload: Payload, context: JobContext): Promise<void>;
}

/** The port that SQLite implements today and a PostgreSQL queue can tomorrow. */
export interface JobQueue {
  add(tx: Tx, job: NewJob): Promise<string>;
  register<Payload>(handler: JobHandler<Payload>): void;
  cancel(id: string): Promise<void>;
  retry(id: string): Promise<void>;
  /** Adds a job of `jobKind` every `everyMs`, also after a restart; missed turns collapse into one. Of the turns that went well the last is kept. */
  schedule(name: string, schedule: { everyMs: number; jobKind: string; payload: unknown; enabled?: boolean; firstAt?: Instant }): Promise<void>;
  start(): void;
  /** Waits for running jobs to stop at their signal. */
  stop(): Promise<void>;
  /** Runs everything that is due (jobs, schedules, workflows, outbox) one after another until nothing is due at `clock.now()`: for tests and virtual time. */
  runDue(): Promise<number>;
  /** The earliest instant at which something will be due; null when nothing waits. */
  nextDueAt(): Promise<Instant | null>;
}

export interface EffectCall<Output> {
  /** Makes the outside change. Called with the stored key; must pass it on where the vendor takes one. */
  call(attempt: { idempotencyKey: string }): Promise<Output>;
  /** Asks the vendor what became of an earlier call: its output, `'absent'` (certainly not done: calling again is safe) or `'unknown'` (still cannot tell: waits and asks again, never calls). */
  reconcile(attempt: { idempotencyKey: string }): Promise<{ found: Output } | 'absent' | 'unknown'>;
  readonly output: z.ZodType<Output>;
}

export interface WorkflowRun {
  readonly workflowId: string;
  readonly signal: AbortSignal;
  /** Reads or computes; repeated after a crash. The output is kept, and returned without running again. */
  step<Output>(name: string, output: z.ZodType<Output>, run: () => Promise<Output>): Promise<Output>;
  /** A change of our own database, made in the same transaction as the record that it was made: exactly once. */
  transact<Output>(name: string, output: z.ZodType<Output>, run: (tx: Tx) => Promise<Output>): Promise<Output>;
  /** A change of the outside world: at most once, and known. Refuses while the kill switch is on (the workflow waits). */
  effect<Output>(name: string, effect: EffectCall<Output>): Promise<Output>;
  /** Ends this run of the code; it starts again from the top (kept outputs answer at once) at `at`. */
  waitUntil(name: string, at: Instant): Promise<void>;
}

export interface WorkflowDefinition<Input> {
  readonly kind: string;
  readonly input: z.ZodType<Input>;
  run(run: WorkflowRun, input: Input): Promise<void>;
  /** Called in one transaction when `run` throws for good (Rejected, Critical, a DomainError, or attempts used up): write the domain's own state here. */
  failed?(tx: Tx, input: Input, error: unknown): Promise<void>;
}

export interface Workflows {
  define<Input>(definition: WorkflowDefinition<Input>): void;
  /** Starts once for each key: a second start with the same key is answered with the first one's id. */
  start(tx: Tx, kind: string, key: string, input: unknown): Promise<string>;
  /** Wakes a waiting workflow now. */
  wake(tx: Tx, key: string): Promise<void>;
}

export interface DomainEvent {
  readonly seq: number;
  readonly topic: string;
  readonly id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Instant;
}

export interface Outbox {
  /** `topic` is `<module>.<what>`, such as `purchase.confirmed`; `id` is what it is about. */
  add(tx: Tx, topic: string, id: string | null, data?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Called for each event after its commit, in order, at least once (a crash can repeat it). */
  subscribe(topicPrefix: string, handle: (event: DomainEvent) => Promise<void>): void;
  /** A live view for windows: bounded buffer, oldest dropped; ends with the signal. */
  stream(signal: AbortSignal, after?: number): AsyncIterable<DomainEvent>;
  /** Tells live views only, without a record: for progress. */
  announce(topic: string, id: string | null, data?: Readonly<Record<string, unknown>>): void;
}

/** Stops every outgoing effect at once. Kept in the settings, asked before each effect. */
export interface KillSwitch {
  isOn(): Promise<boolean>;
  /** Without waiting: for the moment between the last wait and the call. */
  isOnNow(): boolean;
}

export interface AuditRecord {
  /** A person's id, or `desk` for what the program did by itself. */
  readonly actor: string;
  /** Where it came from: desktop, cli, telegram, phone, workflow. */
  readonly channel: string;
  /** `<what>.<happened>`, such as `approval.given`. */
  readonly action: string;
  /** Id of what it is about. */
  readonly subject?: string | null;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What was decided, and what went out, in a chain of hashes: see audit-log.ts. */
export interface AuditLog {
  append(tx: Tx, record: AuditRecord): Promise<void>;
}

/** Where tests kill the process: `effect:place-order:before`, `…:called`, `…:recorded`, `transact:book:before`, `…:committed`. Does nothing in the program. */
export type CrashProbe = (point: string) => void;

/** What every use case is given. */
export interface EngineContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly jobs: JobQueue;
  readonly workflows: Workflows;
  readonly outbox: Outbox;
  readonly audit: AuditLog;
  readonly killSwitch: KillSwitch;
  /** Of personal data at rest. */
  readonly seal: FieldSeal;
}
