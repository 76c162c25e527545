import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { countFrontier, RunFrontier } from './run-frontier.ts';
import type { FrontierEntry } from './ports.ts';

let runtime: TestRuntime;
beforeEach(async () => { runtime = await createTestRuntime(); });
afterEach(() => runtime.close());

const entry = (n: number, over: Partial<FrontierEntry> = {}): FrontierEntry => ({ key: `https://s.example/p/${n}`, url: `https://s.example/p/${n}?utm_source=x`, kind: 'page', depth: 0, priority: 10, ...over });
const open = (owner = 'start-1', runId = 'run_1') => new RunFrontier({ db: runtime.db, clock: runtime.clock, owner }, { sourceId: 'src_1', runId });
const keys = (claims: readonly { key: string }[]) => claims.map((c) => Number(c.key.split('/').at(-1)));
const done = (claims: readonly { key: string }[]) => claims.map((c) => ({ key: c.key, kind: 'page' as const, state: 'done' as const }));

describe('the frontier of a run', () => {
  it('gives out each address once, by priority and then as found, and knows two spellings for one', async () => {
    const frontier = open();
    expect(await frontier.isEmpty()).toBe(true);
    await frontier.add({ settled: [], found: [entry(1), entry(2), entry(3, { priority: 1 }), entry(4), entry(1, { url: 'https://s.example/p/1#top' })] });
    expect(await frontier.isEmpty()).toBe(false);
    expect(keys(await frontier.claim('page', 2))).toEqual([3, 1]);
    expect(keys(await frontier.claim('page', 9))).toEqual([2, 4]);
    expect(await frontier.claim('page', 9)).toEqual([]);
    expect(await frontier.counts()).toEqual({ queued: 4, done: 0, failed: 0 });
  });

  it('goes on after a kill: what was settled is never given out again, what was claimed is at once', async () => {
    const killed = open('start-1');
    await killed.add({ settled: [], found: [1, 2, 3, 4, 5].map((n) => entry(n)) });
    const first = await killed.claim('page', 2);
    await runtime.db.transaction((tx) => killed.write(tx, { settled: done(first), found: [] }));
    await killed.claim('page', 2); // in flight when the program died
    const next = open('start-2');
    expect(await next.counts()).toEqual({ queued: 3, done: 2, failed: 0 });
    expect(keys(await next.claim('page', 9))).toEqual([3, 4, 5]);
  });

  it('keeps the claims of a worker of the same start until their lease ends', async () => {
    const one = open();
    await one.add({ settled: [], found: [entry(1)] });
    await one.claim('page', 1);
    expect(await open().claim('page', 1)).toEqual([]);
    runtime.clock.advanceTo(runtime.clock.now() + 31 * 60_000);
    expect(await open().claim('page', 1)).toMatchObject([{ attempts: 2 }]);
  });

  it('settles nothing where the transaction that stores the page fails', async () => {
    const frontier = open();
    await frontier.add({ settled: [], found: [entry(1)] });
    const claims = await frontier.claim('page', 1);
    await expect(runtime.db.transaction(async (tx) => {
      await frontier.write(tx, { settled: done(claims), found: [entry(2)] });
      throw new Error('the disk is full');
    })).rejects.toThrow('full');
    expect(await countFrontier(runtime.db, 'src_1', 'run_1')).toMatchObject({ queued: 1, done: 0 });
    await frontier.release(claims.map((c) => c.key));
    expect(await frontier.claim('page', 9)).toMatchObject([{ key: entry(1).key, attempts: 1 }]);
  });

  it('gives out again what failed for a time, not before it is due, and counts what failed for good', async () => {
    const frontier = open();
    await frontier.add({ settled: [], found: [entry(1), entry(2)] });
    const [a, b] = await frontier.claim('page', 2);
    const dueAt = runtime.clock.now() + 60_000;
    await frontier.add({ settled: [{ key: a!.key, kind: 'page', state: 'again', dueAt, error: 'the site answered 503' }, { key: b!.key, kind: 'page', state: 'failed', error: 'gone' }], found: [] });
    expect(await frontier.claim('page', 2)).toEqual([]);
    expect(await frontier.nextDueAt()).toBe(dueAt);
    runtime.clock.advanceTo(dueAt);
    expect(await frontier.claim('page', 2)).toMatchObject([{ key: a!.key, attempts: 2 }]);
    expect(await frontier.counts()).toEqual({ queued: 1, done: 0, failed: 1 });
  });

  it('holds one pass of a source, and touches no other source', async () => {
    const other = new RunFrontier({ db: runtime.db, clock: runtime.clock, owner: 'start-1' }, { sourceId: 'src_2', runId: 'run_x' });
    await other.add({ settled: [], found: [entry(1)] });
    await open().add({ settled: [], found: [entry(1), entry(2)] });
    const second = open('start-1', 'run_2');
    expect(await second.isEmpty()).toBe(true);
    expect(await runtime.db.prisma.frontierUrl.count()).toBe(1);
    expect(keys(await other.claim('page', 9))).toEqual([1]);
  });
});
