import type { Clock, Instant } from '#kernel/time.ts';
import type { Logger } from '#kernel/log.ts';
import { outsideTransaction } from './database.ts';
import type { Database, JobProgress } from './ports.ts';

/** How progress is stored in `Job.progress`, as JSON: the rate and what is left follow from `startedAt` and `at`. */
export interface StoredProgress extends JobProgress {
  readonly startedAt: Instant;
  readonly at: Instant;
}

const EVERY_MS = 300;

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly announce: (data: Readonly<Record<string, unknown>>) => void;
}

/** Stores and announces a job's progress a few times a second, however often it is told. */
export class ProgressKeeper {
  readonly #deps: Deps;
  readonly #jobId: string;
  readonly #startedAt: Instant;
  #latest: StoredProgress | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> | null = null;

  constructor(deps: Deps, jobId: string) {
    this.#deps = deps;
    this.#jobId = jobId;
    this.#startedAt = deps.clock.now();
  }

  set(progress: JobProgress): void {
    const at = this.#deps.clock.now();
    this.#latest = { ...progress, startedAt: this.#startedAt, at };
    if (at - this.#toldAt < EVERY_MS || this.#writing) return;
    this.#toldAt = at;
    this.#deps.announce({ ...this.#latest });
    const text = JSON.stringify(this.#latest);
    this.#writing = outsideTransaction(() => this.#deps.db.transaction((tx) => tx.$executeRawUnsafe('UPDATE "Job" SET progress = ? WHERE id = ?', text, this.#jobId), { durable: false }))
      .then(() => undefined, (error: unknown) => this.#deps.log.warn('progress could not be stored', { job: this.#jobId, error }))
      .finally(() => (this.#writing = null));
  }

  /** The last progress told, to be stored with the job's end; null when none was. */
  async end(): Promise<string | null> {
    await this.#writing;
    if (!this.#latest) return null;
    this.#deps.announce({ ...this.#latest });
    return JSON.stringify(this.#latest);
  }
}
