import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '#kernel/time.ts';
import type { DomainEvent } from './ports.ts';
import { createTestRuntime, TEST_START, type TestRuntime } from './testing.ts';

let runtime: TestRuntime;
beforeEach(async () => {
  runtime = await createTestRuntime();
});
afterEach(() => runtime.close());

const tell = (topic: string, id: string) => runtime.db.transaction((tx) => runtime.context.outbox.add(tx, topic, id, { n: 1 }));
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function collect(events: AsyncIterable<DomainEvent>, into: DomainEvent[]): Promise<void> {
  for await (const event of events) into.push(event);
}

describe('subscribe', () => {
  it('is told of what was committed, in order and by prefix, and of nothing that was rolled back', async () => {
    const seen: string[] = [];
    runtime.context.outbox.subscribe('purchase.', (event) => Promise.resolve(void seen.push(`${event.topic} ${event.id} ${JSON.stringify(event.data)}`)));
    await tell('purchase.confirmed', 'a');
    await tell('listing.live', 'b');
    await runtime.db.transaction(async (tx) => {
      await runtime.context.outbox.add(tx, 'purchase.lost', 'x');
      throw new Error('no');
    }).catch(() => {});
    await tell('purchase.received', 'a');
    await runtime.context.jobs.runDue();
    expect(seen).toEqual(['purchase.confirmed a {"n":1}', 'purchase.received a {"n":1}']);
    expect(await runtime.context.jobs.runDue()).toBe(0);
  });

  it('is told again of what failed, before anything later, and the others are not told twice', async () => {
    const seen: string[] = [];
    const other: string[] = [];
    let failures = 2;
    runtime.context.outbox.subscribe('a.', (event) => Promise.resolve(void other.push(event.id!)));
    runtime.context.outbox.subscribe('a.', (event) => {
      if (event.id === '1' && failures-- > 0) return Promise.reject(new Error('not yet'));
      return Promise.resolve(void seen.push(event.id!));
    });
    await tell('a.x', '1');
    await tell('a.x', '2');
    await runtime.context.jobs.runDue();
    expect(seen).toEqual([]);
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect([seen, other]).toEqual([['1', '2'], ['1', '2']]);
  });

  it('keeps what it could not take as a failed job that can be retried, and goes on', async () => {
    const seen: string[] = [];
    let broken = true;
    runtime.context.outbox.subscribe('a.', (event) => (broken && event.id === '1' ? Promise.reject(new Error('broken')) : Promise.resolve(void seen.push(event.id!))));
    await tell('a.x', '1');
    await tell('a.x', '2');
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect(seen).toEqual(['2']);
    const parked = await runtime.db.prisma.job.findFirstOrThrow({ where: { state: 'failed' } });
    expect(parked).toMatchObject({ kind: 'runtime.deliver-event', lastError: 'broken' });
    broken = false;
    await runtime.context.jobs.retry(parked.id);
    await runtime.context.jobs.runDue();
    expect(seen).toEqual(['2', '1']);
  });

  it('is told after a restart of what was committed before it', async () => {
    await tell('a.x', '1');
    const next = await createTestRuntime({ db: runtime.db });
    const seen: string[] = [];
    next.context.outbox.subscribe('', (event) => Promise.resolve(void seen.push(event.id!)));
    expect(await next.context.jobs.nextDueAt()).toBe(TEST_START);
    await next.context.jobs.runDue();
    expect(seen).toEqual(['1']);
  });
});

describe('stream', () => {
  it('tells what is committed from now on, and announcements, until the signal', async () => {
    await tell('a.x', 'before');
    const end = new AbortController();
    const seen: DomainEvent[] = [];
    const done = collect(runtime.context.outbox.stream(end.signal), seen);
    await tell('a.x', '1');
    runtime.context.outbox.announce('job.progress', 'job', { done: 1 });
    await tell('a.x', '2');
    await pause(5);
    end.abort();
    await done;
    expect(seen.map((event) => [event.topic, event.id])).toEqual([['a.x', '1'], ['job.progress', 'job'], ['a.x', '2']]);
    expect(seen[1]!.seq).toBe(seen[0]!.seq);
  });

  it('goes on after a given event without gap or repetition', async () => {
    for (const id of ['1', '2', '3']) await tell('a.x', id);
    const first = await runtime.db.prisma.outbox.findFirstOrThrow({ orderBy: { seq: 'asc' } });
    const end = new AbortController();
    const seen: DomainEvent[] = [];
    const done = collect(runtime.context.outbox.stream(end.signal, first.seq), seen);
    await tell('a.x', '4');
    await pause(20);
    end.abort();
    await done;
    expect(seen.map((event) => event.id)).toEqual(['2', '3', '4']);
  });

  it('drops the oldest of a window that does not keep up, and forgets one that went', async () => {
    const end = new AbortController();
    const stream = runtime.context.outbox.stream(end.signal)[Symbol.asyncIterator]();
    const first = stream.next();
    runtime.context.outbox.announce('t', 'first');
    expect((await first).value).toMatchObject({ id: 'first' });
    for (let i = 0; i < 1_500; i++) runtime.context.outbox.announce('t', String(i));
    expect((await stream.next()).value).toMatchObject({ id: '500' });
    end.abort();
    expect((await stream.next()).done).toBe(true);
  });
});
