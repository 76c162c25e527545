import type { Clock, Instant } from '#kernel/time.ts';
import { afterCommit, toNumber, toNumberOrNull } from './database.ts';
import type { DueChore } from './dispatcher.ts';
import type { Database, JobQueue, NewJob, Tx } from './ports.ts';

type ScheduleOptions = Parameters<JobQueue['schedule']>[1];

export interface SchedulesDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly wake: () => void;
  /** No schedule repeats sooner than this on `clock`. */
  readonly leastEveryMs: number;
  readonly addJob: (tx: Tx, job: NewJob) => Promise<string>;
}

/** What the keys of schedules' turns begin with, of the jobs' `uniqueKey`. */
export const TURN_KEY = 'schedule:';
const keyOf = (name: string) => `${TURN_KEY}${name}`;

export const isTurn = (uniqueKey: string | null): uniqueKey is string => uniqueKey?.startsWith(TURN_KEY) === true;

/** Repeated jobs. A turn that is still queued or running takes up those that fall due meanwhile. */
export class Schedules implements DueChore {
  readonly #deps: SchedulesDeps;
  /** Undefined: not known, look. */
  #next: Instant | null | undefined;

  constructor(deps: SchedulesDeps) {
    this.#deps = deps;
  }

  async set(name: string, options: ScheduleOptions): Promise<void> {
    if (!Number.isSafeInteger(options.everyMs) || options.everyMs <= 0) throw new RangeError(`schedule ${name}: everyMs has to be a whole number above zero`);
    const now = this.#deps.clock.now();
    const every = BigInt(Math.max(options.everyMs, this.#deps.leastEveryMs));
    const common = { jobKind: options.jobKind, payload: JSON.stringify(options.payload), everyMs: every, enabled: options.enabled ?? true, updatedAt: BigInt(now) };
    await this.#deps.db.transaction(async (tx) => {
      const known = await tx.schedule.findUnique({ where: { name } });
      const latest = BigInt(now) + every;
      // A restart keeps the turn that was planned; a shorter interval does not wait for a longer one's turn.
      const nextAt = known ? (known.nextAt < latest ? known.nextAt : latest) : BigInt(options.firstAt ?? latest);
      await tx.schedule.upsert({ where: { name }, create: { name, ...common, nextAt }, update: { ...common, nextAt } });
      afterCommit(() => {
        this.#next = undefined;
        this.#deps.wake();
      });
    });
  }

  async nextDueAt(): Promise<Instant | null> {
    const [first] = await this.#deps.db.prisma.$queryRawUnsafe<{ nextAt: bigint | number | null }[]>('SELECT min(nextAt) AS nextAt FROM "Schedule" WHERE enabled');
    this.#next = toNumberOrNull(first!.nextAt);
    return this.#next;
  }

  async run(now: Instant): Promise<number> {
    const next = this.#next === undefined ? await this.nextDueAt() : this.#next;
    if (next === null || next > now) return 0;
    const due = await this.#deps.db.prisma.$queryRawUnsafe<{ name: string }[]>('SELECT name FROM "Schedule" WHERE enabled AND nextAt <= ? ORDER BY nextAt, name', now);
    if (due.length > 0) await this.#deps.db.transaction(async (tx) => {
      for (const { name } of due) await this.#fire(tx, name, now);
    }, { durable: false });
    this.#next = undefined;
    return due.length;
  }

  async #fire(tx: Tx, name: string, now: Instant): Promise<void> {
    const [row] = await tx.$queryRawUnsafe<{ jobKind: string; payload: string; everyMs: bigint; nextAt: bigint }[]>('SELECT jobKind, payload, everyMs, nextAt FROM "Schedule" WHERE name = ? AND enabled AND nextAt <= ?', name, now);
    if (!row) return;
    const turns = (now - toNumber(row.nextAt)) / toNumber(row.everyMs);
    const nextAt = row.nextAt + BigInt(Math.floor(turns) + 1) * row.everyMs;
    await this.#deps.addJob(tx, { kind: row.jobKind, payload: JSON.parse(row.payload) as unknown, uniqueKey: keyOf(name) });
    await tx.$executeRawUnsafe('UPDATE "Schedule" SET nextAt = ? WHERE name = ?', nextAt, name);
  }
}
