/** A runtime on a test database, with a clock that stands still until told and ids that repeat. */
import { createIdSource } from '#kernel/ids.ts';
import { silentLogger, type Logger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock, type Clock } from '#kernel/time.ts';
import type { CrashProbe, EngineContext, KillSwitch } from './ports.ts';
import { createFieldSeal, practiceKeyRing } from './field-seal.ts';
import { createRuntime, type Runtime } from './runtime.ts';
import { createTestDatabase, type TestDatabase } from './template.ts';

export const TEST_START = Date.UTC(2026, 10, 21, 12);

export interface TestRuntimeOptions {
  /** In the place of the manual clock. */
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly killSwitch?: KillSwitch;
  readonly crashProbe?: CrashProbe;
  readonly leastEveryMs?: number;
  /** Another runtime's database, to stand for a restart of the program. */
  readonly db?: TestDatabase;
}

export interface TestRuntime extends Runtime {
  readonly context: EngineContext;
  readonly clock: ManualClock;
  readonly db: TestDatabase;
  /** Runs what is due, moving the clock on to what falls due next, up to and including `until`. */
  runUntil(until: number): Promise<void>;
  close(): Promise<void>;
}

export async function createTestRuntime(options: TestRuntimeOptions = {}): Promise<TestRuntime> {
  const clock = new ManualClock(TEST_START);
  const used = options.clock ?? clock;
  const random = seededRandom('runtime test');
  const db = options.db ?? (await createTestDatabase());
  const runtime = createRuntime({
    db, clock: used, random, ids: createIdSource(used, random), log: options.log ?? silentLogger, killSwitch: options.killSwitch ?? { isOn: () => Promise.resolve(false), isOnNow: () => false }, seal: createFieldSeal(practiceKeyRing('tests')),
    ...(options.crashProbe ? { crashProbe: options.crashProbe } : {}), ...(options.leastEveryMs === undefined ? {} : { leastEveryMs: options.leastEveryMs }),
  });
  return {
    ...runtime,
    clock,
    db,
    async runUntil(until) {
      for (;;) {
        await runtime.context.jobs.runDue();
        const next = await runtime.context.jobs.nextDueAt();
        if (next === null || next > until) break;
        clock.advanceTo(next);
      }
      clock.advanceTo(until);
    },
    async close() {
      await runtime.stop();
      await db.close();
    },
  };
}
