import { z } from 'zod';
import type { IdSource } from '#kernel/ids.ts';
import type { Logger } from '#kernel/log.ts';
import type { Random } from '#kernel/random.ts';
import { DAY_MS, type Clock } from '#kernel/time.ts';
import { createAuditLog } from './audit-log.ts';
import { Dispatcher } from './dispatcher.ts';
import { createFieldSeal, type FieldSeal } from './field-seal.ts';
import { SqliteJobs } from './jobs.ts';
import { PARKED_DELIVERY_KIND, SqliteOutbox } from './outbox.ts';
import type { CrashProbe, Database, EngineContext, JobQueue, KillSwitch } from './ports.ts';
import { Schedules, TURN_KEY } from './schedules.ts';
import { SqliteWorkflows } from './workflows.ts';

export interface RuntimeOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly killSwitch: KillSwitch;
  readonly crashProbe?: CrashProbe;
  /** Absent: this runtime takes no personal data in. */
  readonly seal?: FieldSeal;
  /** No schedule repeats sooner than this on `clock`: for one that runs faster than life. */
  readonly leastEveryMs?: number;
}

export interface Runtime {
  readonly context: EngineContext;
  /** Begins to run what falls due. Handlers, workflows and subscribers are registered before. */
  start(): void;
  /** Waits for what is under way to stop at its signal. The database stays open. */
  stop(): Promise<void>;
}

/** Finished jobs and told events are kept for so long. */
const KEPT_MS = 30 * DAY_MS;
const PRUNE_KIND = 'runtime.prune';

/** Durable work on one SQLite file: see ports.ts for what each part promises. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { db, clock, random, ids, log, killSwitch } = options;
  const audit = createAuditLog(clock);
  const wake = () => dispatcher.wake();
  const jobs: SqliteJobs = new SqliteJobs({ db, clock, random, ids, log, wake, outbox: () => outbox });
  const outbox = new SqliteOutbox({ db, clock, log, random, wake, park: (tx, job, error) => jobs.addFailed(tx, job, error) });
  const schedules = new Schedules({ db, clock, wake, leastEveryMs: options.leastEveryMs ?? 0, addJob: (tx, job) => jobs.add(tx, job) });
  const workflows = new SqliteWorkflows({ db, clock, random, ids, log, wake, audit, killSwitch, crashProbe: options.crashProbe ?? (() => {}) });
  const dispatcher: Dispatcher = new Dispatcher({ clock, log, sources: [jobs, workflows], chores: [schedules, outbox] });
  const queue: JobQueue = {
    add: (tx, job) => jobs.add(tx, job),
    register: (handler) => jobs.register(handler),
    cancel: (id) => jobs.cancel(id),
    retry: (id) => jobs.retry(id),
    schedule: (name, schedule) => schedules.set(name, schedule),
    start: () => dispatcher.start(),
    stop: () => dispatcher.stop(),
    runDue: () => dispatcher.runDue(),
    nextDueAt: () => dispatcher.nextDueAt(),
  };
  jobs.register({
    kind: PARKED_DELIVERY_KIND, payload: z.strictObject({ seq: z.int(), subscriber: z.string() }),
    run: ({ seq, subscriber }) => outbox.deliverAgain(seq, subscriber),
  });
  jobs.register({ kind: PRUNE_KIND, payload: z.null(), run: () => prune(db, clock) });
  return {
    context: { db, clock, random, ids, log, jobs: queue, workflows, outbox, audit, killSwitch, seal: options.seal ?? createFieldSeal(null) },
    start() {
      dispatcher.start();
      queue.schedule(PRUNE_KIND, { everyMs: DAY_MS, jobKind: PRUNE_KIND, payload: null }).catch((error: unknown) => log.error('old records cannot be cleared away', { error }));
    },
    stop: () => dispatcher.stop(),
  };
}

/**
 * Clears away what was finished long ago. A workflow's row stays: its key keeps it from being started again. So does a job that failed, which a person may still retry, but for a
 * schedule's turn, whose work later turns took up.
 */
async function prune(db: Database, clock: Clock): Promise<void> {
  const before = clock.now() - KEPT_MS;
  await db.transaction(async (tx) => {
    await tx.$executeRawUnsafe(`DELETE FROM "Job" WHERE finishedAt < ? AND (state IN ('done', 'cancelled') OR (state = 'failed' AND uniqueKey GLOB ?))`, before, `${TURN_KEY}*`);
    await tx.$executeRawUnsafe('DELETE FROM "Outbox" WHERE dispatchedAt < ?', before);
  });
}
