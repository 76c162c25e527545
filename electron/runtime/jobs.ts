import { z } from 'zod';
import { DomainError, messageOf } from '#kernel/errors.ts';
import type { IdSource } from '#kernel/ids.ts';
import { maskText, type Logger } from '#kernel/log.ts';
import type { Random } from '#kernel/random.ts';
import { MINUTE_MS, type Clock, type Instant } from '#kernel/time.ts';
import { judgeError } from './backoff.ts';
import { afterCommit, outsideTransaction, toNumber } from './database.ts';
import type { Turn, WorkSource } from './dispatcher.ts';
import { ProgressKeeper } from './job-progress.ts';
import type { Database, JobHandler, NewJob, Outbox, TransactionOptions, Tx } from './ports.ts';
import { isTurn } from './schedules.ts';

export interface JobsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly wake: () => void;
  readonly outbox: () => Pick<Outbox, 'announce'>;
}

const MOST_ATTEMPTS = 5;
/** How long a claim is good for, should several processes ever share a queue. Here the process lock makes it certain that an earlier process's claim is void. */
const LEASE_MS = 2 * MINUTE_MS;
const ERROR_LENGTH = 2_000;

interface Running {
  readonly kind: string;
  readonly abort: AbortController;
  readonly settled: Promise<void>;
}

/** What was queued is not what the handler takes: no retry will change that. */
class BadPayload extends Error {
  override name = 'BadPayload';
}

class Stopped extends Error {
  override name = 'Stopped';
}

/** A finished job gives its key free, and keeps it in this form so that a retry can ask for it again. */
const RELEASED_KEY = `"uniqueKey" || '#' || "id"`;

/** A cut of power that undoes a job's turn from queued to running to done has it run once more, which every handler allows. */
const STATE_ONLY: TransactionOptions = { durable: false };

export class SqliteJobs implements WorkSource {
  readonly #deps: JobsDeps;
  readonly #handlers = new Map<string, JobHandler<unknown>>();
  readonly #running = new Map<string, Running>();

  constructor(deps: JobsDeps) {
    this.#deps = deps;
  }

  async add(tx: Tx, job: NewJob): Promise<string> {
    if (job.uniqueKey !== undefined) {
      const [known] = await tx.$queryRawUnsafe<{ id: string }[]>('SELECT id FROM "Job" WHERE uniqueKey = ?', job.uniqueKey);
      if (known) return known.id;
    }
    const now = this.#deps.clock.now();
    const id = this.#deps.ids.next('job');
    await tx.$executeRawUnsafe(
      'INSERT INTO "Job" (id, kind, payload, state, uniqueKey, runAt, attempts, maxAttempts, createdAt) VALUES (?, ?, ?, \'queued\', ?, ?, 0, ?, ?)',
      id, job.kind, JSON.stringify(job.payload ?? null), job.uniqueKey ?? null, job.runAt ?? now, job.maxAttempts ?? MOST_ATTEMPTS, now,
    );
    this.#tell(id, job.kind, 'queued');
    return id;
  }

  /** A job that has failed already: shown with the others, and retried by hand. */
  async addFailed(tx: Tx, job: NewJob, error: string): Promise<void> {
    const id = await this.add(tx, job);
    await tx.$executeRawUnsafe(`UPDATE "Job" SET state = 'failed', lastError = ?, finishedAt = ?, uniqueKey = ${RELEASED_KEY} WHERE id = ?`, maskText(error).slice(0, ERROR_LENGTH), this.#deps.clock.now(), id);
  }

  register<Payload>(handler: JobHandler<Payload>): void {
    if (this.#handlers.has(handler.kind)) throw new Error(`two handlers for jobs of kind ${handler.kind}`);
    this.#handlers.set(handler.kind, handler as JobHandler<unknown>);
    this.#deps.wake();
  }

  /** @throws DomainError NOT_FOUND; a finished job is left as it is. */
  async cancel(id: string): Promise<void> {
    await this.#deps.db.transaction(async (tx) => {
      const job = await findJob(tx, id);
      if (job.state !== 'queued' && job.state !== 'running') return;
      // A running one keeps its key until its handler has stopped.
      const key = this.#running.has(id) ? '"uniqueKey"' : RELEASED_KEY;
      await tx.$executeRawUnsafe(`UPDATE "Job" SET state = 'cancelled', finishedAt = ?, lockedUntil = NULL, uniqueKey = ${key} WHERE id = ?`, this.#deps.clock.now(), id);
      this.#tell(id, job.kind, 'cancelled');
      afterCommit(() => this.#running.get(id)?.abort.abort(new DomainError('CANCELLED', 'the job was cancelled')));
    });
  }

  /** Queues a failed or cancelled job again. @throws DomainError NOT_FOUND, or ALREADY_QUEUED where another one with its key is. */
  async retry(id: string): Promise<void> {
    await this.#deps.db.transaction(async (tx) => {
      const job = await findJob(tx, id);
      if ((job.state !== 'failed' && job.state !== 'cancelled') || this.#running.has(id)) return;
      const key = job.uniqueKey?.endsWith(`#${id}`) ? job.uniqueKey.slice(0, -id.length - 1) : job.uniqueKey;
      const other = key === null ? null : await tx.job.findUnique({ where: { uniqueKey: key }, select: { id: true } });
      if (other && other.id !== id) throw new DomainError('ALREADY_QUEUED', 'another job does this already', { id: other.id });
      await tx.job.update({ where: { id }, data: { state: 'queued', uniqueKey: key, runAt: BigInt(this.#deps.clock.now()), attempts: 0, finishedAt: null, lastError: null, progress: null } });
      this.#tell(id, job.kind, 'queued');
    });
  }

  /** Only one process has the database: whatever runs without being in our hands was left by one that is gone. */
  async recover(): Promise<void> {
    await this.#deps.db.transaction(async (tx) => {
      const left = (await tx.job.findMany({ where: { state: 'running' } })).filter((job) => !this.#running.has(job.id));
      for (const job of left) {
        if (job.attempts >= job.maxAttempts) await this.#finish(tx, job.id, { state: 'failed', error: 'the program ended while it ran' });
        else await tx.job.update({ where: { id: job.id }, data: { state: 'queued', lockedUntil: null } });
      }
      await tx.$executeRawUnsafe(`UPDATE "Job" SET uniqueKey = ${RELEASED_KEY} WHERE state = 'cancelled' AND uniqueKey IS NOT NULL AND uniqueKey NOT LIKE '%#' || id`);
    });
  }

  async nextDueAt(): Promise<Instant | null> {
    const first = await this.#first(null);
    return first && first.dueAt;
  }

  async peek(now: Instant): Promise<Turn | null> {
    const first = await this.#first(now);
    return first && { id: first.id, dueAt: first.dueAt, run: () => this.#begin(first.id, first.kind) };
  }

  /** The first queued job that a handler is free for, due by `by` where that is given. */
  async #first(by: Instant | null): Promise<{ id: string; kind: string; dueAt: Instant } | null> {
    const kinds = this.#freeKinds();
    if (kinds.length === 0) return null;
    const rows = await this.#deps.db.prisma.$queryRawUnsafe<{ id: string; kind: string; runAt: bigint | number }[]>(
      `SELECT id, kind, runAt FROM "Job" WHERE state = 'queued' AND runAt <= ? AND kind IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY runAt, id LIMIT 1`,
      by ?? Number.MAX_SAFE_INTEGER, JSON.stringify(kinds), JSON.stringify([...this.#running.keys()]));
    const row = rows[0];
    return row ? { id: row.id, kind: row.kind, dueAt: toNumber(row.runAt) } : null;
  }

  async abortAll(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { abort } of all) abort.abort(new Stopped('the program is stopping'));
    await Promise.all(all.map((running) => running.settled));
  }

  #freeKinds(): string[] {
    const busy = new Map<string, number>();
    for (const { kind } of this.#running.values()) busy.set(kind, (busy.get(kind) ?? 0) + 1);
    return [...this.#handlers.values()].filter((handler) => (busy.get(handler.kind) ?? 0) < (handler.concurrency ?? 1)).map((handler) => handler.kind);
  }

  #begin(id: string, kind: string): Promise<void> {
    const abort = new AbortController();
    const settled = outsideTransaction(() => this.#run(id, kind, abort))
      .catch((error: unknown) => this.#deps.log.error('a job could not be recorded', { job: id, kind, error }))
      .finally(() => this.#running.delete(id));
    this.#running.set(id, { kind, abort, settled });
    return settled;
  }

  async #run(id: string, kind: string, abort: AbortController): Promise<void> {
    const claimed = await this.#claim(id);
    if (!claimed) return;
    this.#deps.outbox().announce('job.changed', id, { kind, state: 'running' });
    const progress = new ProgressKeeper({ ...this.#deps, announce: (data) => this.#deps.outbox().announce('job.progress', id, data) }, id);
    const handler = this.#handlers.get(kind)!;
    let failure: { error: unknown } | null = null;
    try {
      const payload = parsePayload(handler, claimed.payload);
      await handler.run(payload, { jobId: id, attempt: claimed.attempts, signal: abort.signal, progress: (now) => progress.set(now) });
    } catch (error) {
      failure = { error };
    }
    const last = await progress.end();
    await this.#deps.db.transaction(async (tx) => {
      if (last !== null) await tx.$executeRawUnsafe('UPDATE "Job" SET progress = ? WHERE id = ?', last, id);
      if (failure) await this.#settleFailure(tx, claimed, { error: failure.error, stopped: abort.signal.reason instanceof Stopped });
      else await this.#finish(tx, id, { state: 'done', error: null });
      if (!failure && isTurn(claimed.uniqueKey)) await dropEarlierTurns(tx, { id, uniqueKey: claimed.uniqueKey });
    }, STATE_ONLY);
  }

  async #claim(id: string) {
    return this.#deps.db.transaction(async (tx) => {
      const now = this.#deps.clock.now();
      const rows = await tx.$queryRawUnsafe<{ id: string; kind: string; payload: string; uniqueKey: string | null; attempts: number | bigint; maxAttempts: number | bigint }[]>(
        `UPDATE "Job" SET state = 'running', attempts = attempts + 1, lockedUntil = ? WHERE id = ? AND state = 'queued' RETURNING id, kind, payload, uniqueKey, attempts, maxAttempts`, now + LEASE_MS, id);
      const row = rows[0];
      return row ? { ...row, attempts: Number(row.attempts), maxAttempts: Number(row.maxAttempts) } : null;
    }, STATE_ONLY);
  }

  async #settleFailure(tx: Tx, job: { id: string; kind: string; attempts: number; maxAttempts: number }, failure: { error: unknown; stopped: boolean }): Promise<void> {
    const now = this.#deps.clock.now();
    if (failure.stopped) return this.#requeue(tx, job.id, { runAt: now, counts: false, error: null });
    const text = maskText(messageOf(failure.error)).slice(0, ERROR_LENGTH);
    const verdict = failure.error instanceof BadPayload ? ({ kind: 'fail' } as const) : judgeError(failure.error, job.attempts, this.#deps.random);
    if (verdict.kind === 'wait') return this.#requeue(tx, job.id, { runAt: now + verdict.ms, counts: false, error: text });
    if (verdict.kind === 'retry' && job.attempts < job.maxAttempts) {
      this.#deps.log.warn('a job failed and will be tried again', { job: job.id, kind: job.kind, attempt: job.attempts, inMs: verdict.ms, error: failure.error });
      return this.#requeue(tx, job.id, { runAt: now + verdict.ms, counts: true, error: text });
    }
    this.#deps.log.error('a job failed', { job: job.id, kind: job.kind, attempt: job.attempts, error: failure.error });
    return this.#finish(tx, job.id, { state: 'failed', error: text });
  }

  /** A job that was cancelled while it ran stays cancelled. */
  async #requeue(tx: Tx, id: string, to: { runAt: Instant; counts: boolean; error: string | null }): Promise<void> {
    const changed = await tx.$executeRawUnsafe(
      `UPDATE "Job" SET state = 'queued', runAt = ?, lockedUntil = NULL, attempts = attempts - ?, lastError = coalesce(?, lastError) WHERE id = ? AND state = 'running'`, to.runAt, to.counts ? 0 : 1, to.error, id);
    if (changed === 0) await releaseKey(tx, id);
    else this.#tell(id, null, 'queued');
  }

  async #finish(tx: Tx, id: string, to: { state: 'done' | 'failed'; error: string | null }): Promise<void> {
    const changed = await tx.$executeRawUnsafe(
      `UPDATE "Job" SET state = ?, lastError = ?, finishedAt = ?, lockedUntil = NULL, uniqueKey = ${RELEASED_KEY} WHERE id = ? AND state = 'running'`, to.state, to.error, this.#deps.clock.now(), id);
    if (changed === 0) await releaseKey(tx, id);
    else this.#tell(id, null, to.state);
  }

  #tell(id: string, kind: string | null, state: string): void {
    afterCommit(() => {
      this.#deps.outbox().announce('job.changed', id, kind === null ? { state } : { kind, state });
      this.#deps.wake();
    });
  }
}

async function releaseKey(tx: Tx, id: string): Promise<void> {
  await tx.$executeRawUnsafe(`UPDATE "Job" SET uniqueKey = ${RELEASED_KEY} WHERE id = ? AND uniqueKey IS NOT NULL AND uniqueKey NOT LIKE '%#' || id`, id);
}

/** Of a schedule's turns that went well the last tells all: a desk has thousands of them a day. */
async function dropEarlierTurns(tx: Tx, { id, uniqueKey }: { readonly id: string; readonly uniqueKey: string }): Promise<void> {
  // '$' comes next after '#': all released forms of the key
  await tx.$executeRawUnsafe(`DELETE FROM "Job" WHERE uniqueKey > ? AND uniqueKey < ? AND state = 'done' AND id <> ?`, `${uniqueKey}#`, `${uniqueKey}$`, id);
}

async function findJob(tx: Tx, id: string) {
  const job = await tx.job.findUnique({ where: { id } });
  if (!job) throw new DomainError('NOT_FOUND', 'There is no job with this id.', { kind: 'job', id });
  return job;
}

function parsePayload(handler: JobHandler<unknown>, payload: string): unknown {
  const parsed = handler.payload.safeParse(JSON.parse(payload));
  if (!parsed.success) throw new BadPayload(`the payload does not fit: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  return parsed.data;
}
