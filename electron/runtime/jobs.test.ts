import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConnectorError, type ConnectorErrorDetail } from '#kernel/errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, systemClock } from '#kernel/time.ts';
import type { DomainEvent, JobContext, NewJob } from './ports.ts';
import { createTestRuntime, TEST_START, type TestRuntime } from './testing.ts';

let runtime: TestRuntime;
beforeEach(async () => {
  runtime = await createTestRuntime();
});
afterEach(() => runtime.close());

const failure = (kind: ConnectorErrorDetail['kind'], retryAfterMs?: number) => new ConnectorError({ kind, connector: 'shop', operation: 'look', message: `token=abc ${kind}`, retryAfterMs });
const add = (job: NewJob, of = runtime) => of.db.transaction((tx) => of.context.jobs.add(tx, job));
const job = (id: string, of = runtime) => of.db.prisma.job.findUniqueOrThrow({ where: { id } });
const real = () => createTestRuntime({ clock: systemClock });
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Registers a handler that follows `script` (an error to throw, or null), and notes when it ran. */
function follow(script: (Error | null)[], of = runtime): { at: number; attempt: number }[] {
  const ran: { at: number; attempt: number }[] = [];
  of.context.jobs.register({ kind: 'scripted', payload: z.unknown(), run: (_, context) => {
    ran.push({ at: of.clock.now() - TEST_START, attempt: context.attempt });
    const error = script.shift() ?? null;
    return error ? Promise.reject(error) : Promise.resolve();
  } });
  return ran;
}

describe('add', () => {
  it('is undone with the transaction that it was added in', async () => {
    const ran = follow([]);
    await runtime.db.transaction(async (tx) => {
      await runtime.context.jobs.add(tx, { kind: 'scripted', payload: null });
      throw new Error('no');
    }).catch(() => {});
    expect(await runtime.context.jobs.runDue()).toBe(0);
    expect(ran).toEqual([]);
  });

  it('answers the id of a job with the same key while that is queued or running, and adds one afterwards', async () => {
    const inside: string[] = [];
    runtime.context.jobs.register({ kind: 'keyed', payload: z.null(), run: async () => void inside.push(await add({ kind: 'keyed', payload: null, uniqueKey: 'scan:1' })) });
    const first = await add({ kind: 'keyed', payload: null, uniqueKey: 'scan:1' });
    expect(await add({ kind: 'keyed', payload: null, uniqueKey: 'scan:1' })).toBe(first);
    await runtime.context.jobs.runDue();
    expect(inside).toEqual([first]);
    expect(await add({ kind: 'keyed', payload: null, uniqueKey: 'scan:1' })).not.toBe(first);
  });

  it('runs in order of due time, then of adding, and not before it is due', async () => {
    const order: string[] = [];
    runtime.context.jobs.register({ kind: 'named', payload: z.string(), run: (name) => Promise.resolve(void order.push(name)) });
    for (const [name, delay] of [['late', 500], ['b', 100], ['now', 0], ['c', 100]] as const) await add({ kind: 'named', payload: name, runAt: TEST_START + delay });
    await runtime.context.jobs.runDue();
    expect(order).toEqual(['now']);
    expect(await runtime.context.jobs.nextDueAt()).toBe(TEST_START + 100);
    await runtime.runUntil(TEST_START + 400);
    expect(order).toEqual(['now', 'b', 'c']);
  });
});

describe('retry by class of error', () => {
  it('backs off with jitter and gives up after maxAttempts, keeping the error without its secrets', async () => {
    const ran = follow([1, 2, 3, 4].map(() => failure('Retryable')));
    const id = await add({ kind: 'scripted', payload: null, maxAttempts: 4 });
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect(ran.map((run) => run.attempt)).toEqual([1, 2, 3, 4]);
    const gaps = ran.slice(1).map((run, i) => run.at - ran[i]!.at);
    gaps.forEach((gap, i) => {
      expect(gap).toBeGreaterThanOrEqual(500 * 2 ** i);
      expect(gap).toBeLessThanOrEqual(1_500 * 2 ** i);
    });
    expect(await job(id)).toMatchObject({ state: 'failed', attempts: 4, lastError: expect.stringContaining('Retryable') as string });
  });

  it('waits as long as a Throttled vendor says, and does not count it', async () => {
    const ran = follow([failure('Throttled', 90_000), failure('Throttled', 90_000), failure('Throttled', 90_000)]);
    const id = await add({ kind: 'scripted', payload: null, maxAttempts: 1 });
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect(ran).toEqual([0, 90_000, 180_000, 270_000].map((at) => ({ at, attempt: 1 })));
    expect(await job(id)).toMatchObject({ state: 'done', attempts: 1 });
  });

  it.each(['Rejected', 'Critical'] as const)('does not repeat what was %s', async (kind) => {
    const ran = follow([failure(kind)]);
    const id = await add({ kind: 'scripted', payload: null });
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect(ran).toHaveLength(1);
    expect((await job(id)).state).toBe('failed');
  });

  it('never comes back sooner than a Retryable vendor asked', async () => {
    const ran = follow([failure('Retryable', 10 * MINUTE_MS)]);
    await add({ kind: 'scripted', payload: null });
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect(ran[1]!.at).toBeGreaterThanOrEqual(10 * MINUTE_MS);
  });

  it('fails a payload that the handler cannot take, at once and saying where', async () => {
    runtime.context.jobs.register({ kind: 'strict', payload: z.strictObject({ sourceId: z.string() }), run: () => Promise.resolve() });
    const id = await add({ kind: 'strict', payload: { sourceId: 7 } });
    await runtime.context.jobs.runDue();
    expect(await job(id)).toMatchObject({ state: 'failed', attempts: 1, lastError: expect.stringContaining('sourceId') as string });
  });
});

describe('retry', () => {
  it('queues a failed job again with its key, unless another has taken that', async () => {
    follow([failure('Rejected'), failure('Rejected')]);
    const id = await add({ kind: 'scripted', payload: null, uniqueKey: 'k' });
    await runtime.context.jobs.runDue();
    const other = await add({ kind: 'scripted', payload: null, uniqueKey: 'k' });
    await expect(runtime.context.jobs.retry(id)).rejects.toMatchObject({ code: 'ALREADY_QUEUED', data: { id: other } });
    await runtime.context.jobs.runDue();
    await runtime.context.jobs.retry(id);
    expect(await add({ kind: 'scripted', payload: null, uniqueKey: 'k' })).toBe(id);
    await runtime.context.jobs.runDue();
    expect((await job(id)).state).toBe('done');
    await expect(runtime.context.jobs.retry('job_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('cancel', () => {
  it('keeps a queued job from running', async () => {
    const ran = follow([]);
    const id = await add({ kind: 'scripted', payload: null, uniqueKey: 'k' });
    await runtime.context.jobs.cancel(id);
    expect(await runtime.context.jobs.runDue()).toBe(0);
    expect([ran, (await job(id)).state]).toEqual([[], 'cancelled']);
    expect(await add({ kind: 'scripted', payload: null, uniqueKey: 'k' })).not.toBe(id);
  });

  it('aborts a running one, which holds its key until it has stopped and stays cancelled', async () => {
    let second = '';
    let sawAbort = false;
    runtime.context.jobs.register({ kind: 'long', payload: z.null(), run: async (_, context) => {
      await runtime.context.jobs.cancel(context.jobId);
      sawAbort = context.signal.aborted;
      second = await add({ kind: 'long', payload: null, uniqueKey: 'k' });
    } });
    const id = await add({ kind: 'long', payload: null, uniqueKey: 'k' });
    await runtime.context.jobs.runDue();
    expect([sawAbort, second, (await job(id)).state]).toEqual([true, id, 'cancelled']);
    expect(await add({ kind: 'long', payload: null, uniqueKey: 'k' })).not.toBe(id);
  });
});

describe('progress', () => {
  it('is stored and told at most a few times a second, and its last state always', async () => {
    const told: DomainEvent[] = [];
    const end = new AbortController();
    const listening = (async () => {
      for await (const event of runtime.context.outbox.stream(end.signal)) if (event.topic === 'job.progress') told.push(event);
    })();
    runtime.context.jobs.register({ kind: 'counting', payload: z.null(), run: async (_, context) => {
      for (let done = 1; done <= 1_000; done++) {
        context.progress({ done, total: 1_000 });
        if (done % 100 === 0) await runtime.clock.sleep(100);
      }
    } });
    const id = await add({ kind: 'counting', payload: null });
    await runtime.context.jobs.runDue();
    await pause(5);
    end.abort();
    await listening;
    expect(told.length).toBeGreaterThan(1);
    expect(told.length).toBeLessThan(8);
    expect(told.at(-1)).toMatchObject({ id, data: { done: 1_000, total: 1_000 } });
    expect(JSON.parse((await job(id)).progress!)).toMatchObject({ done: 1_000, total: 1_000, startedAt: TEST_START });
  });
});

describe('schedule', () => {
  it('adds a job each turn, and one for all that were missed', async () => {
    const ran = follow([]);
    await runtime.context.jobs.schedule('poll', { everyMs: MINUTE_MS, jobKind: 'scripted', payload: null });
    await runtime.runUntil(TEST_START + 3 * MINUTE_MS);
    expect(ran.map((run) => run.at)).toEqual([1, 2, 3].map((n) => n * MINUTE_MS));
    runtime.clock.advanceTo(TEST_START + 60 * MINUTE_MS + 5);
    await runtime.context.jobs.runDue();
    expect(ran).toHaveLength(4);
    expect(await runtime.context.jobs.nextDueAt()).toBe(TEST_START + 61 * MINUTE_MS);
  });

  it('keeps the last of its turns that went well, and those that failed for a month', async () => {
    follow([null, failure('Rejected'), null, null]);
    await runtime.context.jobs.schedule('poll', { everyMs: HOUR_MS, jobKind: 'scripted', payload: null });
    await runtime.context.jobs.schedule('poll-more', { everyMs: DAY_MS, jobKind: 'scripted', payload: null, firstAt: TEST_START + HOUR_MS + 1 });
    const byHand = await add({ kind: 'scripted', payload: null, runAt: TEST_START + HOUR_MS + 2 });
    await runtime.runUntil(TEST_START + 3 * HOUR_MS);
    const kept = async () => (await runtime.db.prisma.job.findMany({ where: { kind: 'scripted' }, orderBy: { createdAt: 'asc' } })).map(({ id, state, finishedAt }) => [id === byHand ? 'by hand' : 'turn', state, (Number(finishedAt) - TEST_START) / HOUR_MS]);
    expect((await kept()).map(([of, state, at]) => [of, state, Math.round(Number(at))])).toEqual([['by hand', 'done', 1], ['turn', 'failed', 1], ['turn', 'done', 3]]);
    await runtime.context.jobs.schedule('poll', { everyMs: HOUR_MS, jobKind: 'scripted', payload: null, enabled: false });
    await runtime.context.jobs.schedule('poll-more', { everyMs: HOUR_MS, jobKind: 'scripted', payload: null, enabled: false });
    runtime.clock.advanceTo(TEST_START + 40 * DAY_MS);
    await add({ kind: 'runtime.prune', payload: null });
    await runtime.context.jobs.runDue();
    expect(await kept()).toEqual([]);
  });

  it('repeats no sooner than the runtime allows', async () => {
    const hasty = await createTestRuntime({ leastEveryMs: 10 * MINUTE_MS });
    const ran = follow([], hasty);
    await hasty.context.jobs.schedule('poll', { everyMs: MINUTE_MS, jobKind: 'scripted', payload: null });
    await hasty.runUntil(TEST_START + 25 * MINUTE_MS);
    expect(ran.map((run) => run.at)).toEqual([10 * MINUTE_MS, 20 * MINUTE_MS]);
    await hasty.close();
  });

  it('keeps its planned turn over a restart, and stops when it is disabled', async () => {
    const ran = follow([]);
    const { jobs } = runtime.context;
    await jobs.schedule('poll', { everyMs: HOUR_MS, jobKind: 'scripted', payload: null, firstAt: TEST_START });
    await jobs.runDue();
    runtime.clock.advanceTo(TEST_START + 50 * MINUTE_MS);
    await jobs.schedule('poll', { everyMs: HOUR_MS, jobKind: 'scripted', payload: null });
    expect(await jobs.nextDueAt()).toBe(TEST_START + HOUR_MS);
    await jobs.schedule('poll', { everyMs: HOUR_MS, jobKind: 'scripted', payload: null, enabled: false });
    await runtime.runUntil(TEST_START + 5 * HOUR_MS);
    expect(ran).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('brings back a job that a killed process was running, and gives up one that kills it each time', async () => {
    const ids = [await add({ kind: 'scripted', payload: null }), await add({ kind: 'scripted', payload: null, maxAttempts: 2 })];
    await runtime.db.prisma.job.update({ where: { id: ids[0]! }, data: { state: 'running', attempts: 1, lockedUntil: 1n } });
    await runtime.db.prisma.job.update({ where: { id: ids[1]! }, data: { state: 'running', attempts: 2, lockedUntil: 1n } });
    const next = await createTestRuntime({ db: runtime.db });
    const ran = follow([], next);
    await next.context.jobs.runDue();
    expect(ran).toEqual([{ at: 0, attempt: 2 }]);
    expect([(await job(ids[0]!)).state, (await job(ids[1]!)).state]).toEqual(['done', 'failed']);
  });
});

describe('start', () => {
  it('wakes for a job that is added and for one that falls due, and runs a kind as often at once as it may', async () => {
    const live = await real();
    let now = 0;
    let most = 0;
    const done: number[] = [];
    live.context.jobs.register({ kind: 'wide', payload: z.int(), concurrency: 3, run: async (n) => {
      most = Math.max(most, ++now);
      await pause(20);
      now--;
      done.push(n);
    } });
    live.start();
    for (let n = 0; n < 7; n++) await add({ kind: 'wide', payload: n, ...(n === 6 ? { runAt: Date.now() + 150 } : {}) }, live);
    await expect.poll(() => done.length, { timeout: 5_000 }).toBe(7);
    expect(most).toBe(3);
    await live.close();
  });

  it('lets whoever else has work for the thread in between two turns, however many are due', async () => {
    const live = await real();
    const turns = 50;
    const ran: number[] = [];
    live.context.jobs.register({ kind: 'quick', payload: z.int(), run: (n) => Promise.resolve(void ran.push(n)) });
    await live.db.transaction(async (tx) => {
      for (let n = 0; n < turns; n++) await live.context.jobs.add(tx, { kind: 'quick', payload: n });
    });
    live.start();
    let gotIn = 0;
    for (; ran.length < turns; gotIn++) await nextTurnOfLoop();
    expect(gotIn).toBeGreaterThanOrEqual(turns);
    await live.close();
  });

  it('stops at the signal: what was running is queued again without counting', async () => {
    const live = await real();
    const started: JobContext[] = [];
    live.context.jobs.register({ kind: 'endless', payload: z.null(), run: (_, context) => {
      started.push(context);
      return systemClock.sleep(HOUR_MS, context.signal);
    } });
    live.start();
    const id = await add({ kind: 'endless', payload: null }, live);
    await expect.poll(() => started.length, { timeout: 5_000 }).toBe(1);
    await live.stop();
    expect(await job(id, live)).toMatchObject({ state: 'queued', attempts: 0, lastError: null });
    await live.close();
  });
});

describe('any mix of failures', () => {
  it('ends every job as its errors say, with no job lost or run after its end', async () => {
    const outcome = fc.constantFrom('ok', 'plain', 'Retryable', 'Throttled', 'SessionLost', 'Rejected', 'Critical', 'OutcomeUnknown');
    await fc.assert(fc.asyncProperty(fc.array(fc.array(outcome, { maxLength: 6 }), { minLength: 1, maxLength: 6 }), async (scripts) => {
      const fresh = await createTestRuntime();
      const left = scripts.map((script) => [...script]);
      const runs = scripts.map(() => 0);
      fresh.context.jobs.register({ kind: 'mixed', payload: z.int(), run: (n) => {
        runs[n]!++;
        const next = left[n]!.shift() ?? 'ok';
        if (next === 'ok') return Promise.resolve();
        return Promise.reject(next === 'plain' ? new Error('plain') : failure(next, 1_000));
      } });
      const ids: string[] = [];
      for (const n of scripts.keys()) ids.push(await add({ kind: 'mixed', payload: n, maxAttempts: 3 }, fresh));
      await fresh.runUntil(TEST_START + 24 * HOUR_MS);
      for (const [n, script] of scripts.entries()) {
        const expected = predict(script, 3);
        expect({ state: (await job(ids[n]!, fresh)).state, runs: runs[n] }).toEqual(expected);
      }
      await fresh.close();
    }), { numRuns: 25 });
  });
});

/** The rules of JobHandler.run, written down once more. */
function predict(script: readonly string[], maxAttempts: number): { state: string; runs: number } {
  let attempts = 0;
  for (let runs = 1; ; runs++) {
    const outcome = script[runs - 1] ?? 'ok';
    if (outcome === 'ok') return { state: 'done', runs };
    if (outcome === 'Rejected' || outcome === 'Critical') return { state: 'failed', runs };
    if (outcome !== 'Throttled' && ++attempts >= maxAttempts) return { state: 'failed', runs };
  }
}
