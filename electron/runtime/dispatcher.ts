import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import { HOUR_MS, type Clock, type Instant } from '#kernel/time.ts';
import type { Logger } from '#kernel/log.ts';

/** Something that is due: taken and run once. */
export interface Turn {
  readonly dueAt: Instant;
  readonly id: string;
  /** Never rejects: failures are recorded. */
  run(): Promise<void>;
}

/** Jobs, or workflows. */
export interface WorkSource {
  /** The earliest thing that could run now, by (due, id); null when none. */
  peek(now: Instant): Promise<Turn | null>;
  nextDueAt(): Promise<Instant | null>;
  /** Brings back what an earlier process left running. */
  recover(): Promise<void>;
  /** Aborts everything in flight and waits for it. */
  abortAll(): Promise<void>;
}

/** Schedules, or the outbox: cheap, and done before any turn. */
export interface DueChore {
  /** Does everything that is due; answers how much it did. */
  run(now: Instant): Promise<number>;
  nextDueAt(): Promise<Instant | null>;
}

export interface DispatcherDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly sources: readonly WorkSource[];
  readonly chores: readonly DueChore[];
}

/** Looks again after this long even when told nothing. */
const LONGEST_SLEEP_MS = HOUR_MS;
/** After a failure of the database itself. */
const TROUBLE_MS = 1_000;

/** Decides what runs when: one after another for tests and virtual time, or as it falls due in a loop that sleeps until then. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  #recovered: Promise<void> | null = null;
  #loop: Promise<void> | null = null;
  #stopping = false;
  #woken = false;
  #sleeper: AbortController | null = null;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  /** Something may be due now. */
  wake(): void {
    this.#woken = true;
    this.#sleeper?.abort();
  }

  start(): void {
    if (this.#loop) return;
    this.#stopping = false;
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    const abortAll = () => Promise.all(this.#deps.sources.map((source) => source.abortAll()));
    await abortAll();
    await this.#loop;
    // The loop's last look may have begun one more.
    await abortAll();
    this.#loop = null;
  }

  async runDue(): Promise<number> {
    if (this.#loop) throw new Error('runDue() is for a runtime that was not started');
    await this.#recover();
    let done = 0;
    for (;;) {
      done += await this.#runChores();
      const turn = await this.#earliest();
      if (!turn) return done;
      await turn.run();
      done++;
    }
  }

  async nextDueAt(): Promise<Instant | null> {
    await this.#recover();
    const all = await Promise.all([...this.#deps.chores, ...this.#deps.sources].map((part) => part.nextDueAt()));
    const instants = all.filter((at) => at !== null);
    return instants.length === 0 ? null : Math.min(...instants);
  }

  #recover(): Promise<void> {
    this.#recovered ??= (async () => {
      for (const source of this.#deps.sources) await source.recover();
    })();
    return this.#recovered;
  }

  async #runChores(): Promise<number> {
    let done = 0;
    for (const chore of this.#deps.chores) done += await chore.run(this.#deps.clock.now());
    return done;
  }

  async #earliest(): Promise<Turn | null> {
    let first: Turn | null = null;
    for (const source of this.#deps.sources) {
      const turn = await source.peek(this.#deps.clock.now());
      if (turn && (!first || turn.dueAt < first.dueAt || (turn.dueAt === first.dueAt && turn.id < first.id))) first = turn;
    }
    return first;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#woken = false;
      let sleepMs = TROUBLE_MS;
      try {
        await this.#recover();
        await this.#runChores();
        await this.#launchDue();
        const next = await this.nextDueAt();
        sleepMs = next === null ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, Math.max(0, next - this.#deps.clock.now()));
      } catch (error) {
        this.#recovered = null;
        this.#deps.log.error('the dispatcher could not look for work', { error });
      }
      await this.#sleep(sleepMs);
    }
  }

  async #launchDue(): Promise<void> {
    while (!this.#stopping) {
      const turn = await this.#earliest();
      if (!turn || this.#stopping) return;
      // Taking it is the first thing that `run` does, before it first waits: the next look does not see it again.
      void turn.run().then(() => this.wake());
      // Work on the database alone never waits for the event loop: whoever calls would stand behind everything that is due.
      await nextTurnOfLoop();
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#woken || this.#stopping) return;
    this.#sleeper = new AbortController();
    try {
      await this.#deps.clock.sleep(ms, this.#sleeper.signal);
    } catch {
      // Woken.
    } finally {
      this.#sleeper = null;
    }
  }
}
