import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConnectorError, DomainError, type ConnectorErrorDetail } from '#kernel/errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/time.ts';
import type { WorkflowDefinition } from './ports.ts';
import { createTestRuntime, TEST_START, type TestRuntime, type TestRuntimeOptions } from './testing.ts';
import { idempotencyKeyOf } from './workflow-store.ts';

let runtime: TestRuntime;
let killed = false;
beforeEach(async () => {
  killed = false;
  runtime = await createTestRuntime({ killSwitch: { isOn: () => Promise.resolve(killed), isOnNow: () => killed } });
});
afterEach(() => runtime.close());

const failure = (kind: ConnectorErrorDetail['kind'], retryAfterMs?: number) => new ConnectorError({ kind, connector: 'shop', operation: 'order', message: kind, retryAfterMs });
const workflow = (of = runtime) => of.db.prisma.workflow.findFirstOrThrow();
const start = (of = runtime, input: unknown = 'in') => of.db.transaction((tx) => of.context.workflows.start(tx, 'w', 'key', input));
const define = (run: WorkflowDefinition<string>['run'], failed?: WorkflowDefinition<string>['failed'], of = runtime) =>
  of.context.workflows.define({ kind: 'w', input: z.string(), run, ...(failed ? { failed } : {}) });
/** The same database with another runtime, as after a restart of the program. */
const restart = (options: TestRuntimeOptions = {}) => createTestRuntime({ db: runtime.db, ...options });

/** A vendor whose answers are scripted: what it does with each call, and what it says when asked. */
class Vendor {
  readonly orders: string[] = [];
  readonly keys: string[] = [];
  asked = 0;
  readonly calls: (Error | 'lost answer' | null)[];
  readonly answers: ('unknown' | Error)[];
  constructor(calls: (Error | 'lost answer' | null)[] = [], answers: ('unknown' | Error)[] = []) {
    this.calls = calls;
    this.answers = answers;
  }
  readonly effect = {
    output: z.string(),
    call: ({ idempotencyKey }: { idempotencyKey: string }) => {
      this.keys.push(idempotencyKey);
      const next = this.calls.shift() ?? null;
      if (next instanceof Error) return Promise.reject(next);
      this.orders.push(`order ${this.orders.length + 1}`);
      return next === 'lost answer' ? Promise.reject(failure('OutcomeUnknown')) : Promise.resolve(this.orders.at(-1)!);
    },
    reconcile: () => {
      this.asked++;
      const next = this.answers.shift();
      if (next instanceof Error) return Promise.reject(next);
      if (next) return Promise.resolve(next);
      return Promise.resolve(this.orders.length > 0 ? { found: this.orders[0]! } : ('absent' as const));
    },
  };
}

class Crash extends Error {}
/** Stands for a killed process: everything after `point` in this runtime is refused, as its memory would be gone. */
async function crashAt(point: string, run: WorkflowDefinition<string>['run']): Promise<void> {
  const dying = await restart({ crashProbe: (reached) => {
    if (reached === point) throw new Crash(point);
  } });
  define(run, undefined, dying);
  await start(dying);
  await dying.context.jobs.runDue();
}

const bookOnce: WorkflowDefinition<string>['run'] = (flow) => flow.transact('book', z.null(), async (tx) => {
  await tx.setting.create({ data: { key: 'booked', value: '', updatedAt: 1n } });
  return null;
}).then(() => {});

const place = (vendor: Vendor, outputs: string[] = []): WorkflowDefinition<string>['run'] => async (flow) => {
  outputs.push(await flow.effect('place', vendor.effect));
};

/** What the vendor does with each call, by name. */
const script = (names: readonly string[]) => names.map((name) => (name === 'ok' ? null : name === 'lost answer' ? 'lost answer' : name === 'plain' ? new Error('plain') : failure(name as 'Retryable', 1_000)));

describe('start', () => {
  it('starts once for each key', async () => {
    let runs = 0;
    define(() => Promise.resolve(void runs++));
    const first = await start();
    expect(await start()).toBe(first);
    await runtime.context.jobs.runDue();
    expect(await start()).toBe(first);
    await runtime.context.jobs.runDue();
    expect([runs, (await workflow()).state]).toEqual([1, 'done']);
  });

  it('refuses input that the workflow cannot take, and a kind that is not defined', async () => {
    define(() => Promise.resolve());
    await expect(start(runtime, 7)).rejects.toThrow();
    await expect(runtime.db.transaction((tx) => runtime.context.workflows.start(tx, 'none', 'k', null))).rejects.toThrow('no workflow of kind none');
  });
});

describe('step', () => {
  it('keeps its output over a restart and does not run again', async () => {
    const ran: string[] = [];
    const run: WorkflowDefinition<string>['run'] = async (flow) => {
      const one = await flow.step('one', z.object({ n: z.number() }), () => {
        ran.push('one');
        return Promise.resolve({ n: 1 });
      });
      await flow.waitUntil('pause', TEST_START + HOUR_MS);
      ran.push(`after ${one.n}`);
    };
    define(run);
    await start();
    await runtime.context.jobs.runDue();
    const next = await restart();
    define(run, undefined, next);
    await next.runUntil(TEST_START + 2 * HOUR_MS);
    expect(ran).toEqual(['one', 'after 1']);
  });

  it('refuses the same name twice in one run', async () => {
    const errors: unknown[] = [];
    define(async (flow) => {
      await flow.step('one', z.null(), () => Promise.resolve(null));
      await flow.step('one', z.null(), () => Promise.resolve(null));
    }, (_tx, _input, error) => Promise.resolve(void errors.push(error)));
    await start();
    await runtime.context.jobs.runDue();
    expect([(await workflow()).state, String(errors[0])]).toEqual(['failed', expect.stringContaining('step one was used twice')]);
  });

  it('is tried again with backoff, and the workflow fails once when tries are used up', async () => {
    let tries = 0;
    let failed = 0;
    define((flow) => flow.step('look', z.null(), () => {
      tries++;
      return Promise.reject(failure('Retryable'));
    }).then(() => {}), () => Promise.resolve(void failed++));
    await start();
    await runtime.runUntil(TEST_START + 7 * DAY_MS);
    expect([tries, failed, (await workflow()).state]).toEqual([10, 1, 'failed']);
  });

  it('gets new tries once it got on', async () => {
    const left = { one: 7, two: 7 };
    define(async (flow) => {
      for (const name of ['one', 'two'] as const) await flow.step(name, z.null(), () => (left[name]-- > 0 ? Promise.reject(failure('Retryable')) : Promise.resolve(null)));
    });
    await start();
    await runtime.runUntil(TEST_START + DAY_MS);
    expect((await workflow()).state).toBe('done');
  });
});

describe('transact', () => {
  it('makes its change and the record of it together, or neither', async () => {
    let tries = 0;
    define((flow) => flow.transact('book', z.null(), async (tx) => {
      await tx.setting.create({ data: { key: `try ${++tries}`, value: '', updatedAt: 1n } });
      if (tries < 3) throw failure('Retryable');
      return null;
    }).then(() => {}));
    await start();
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect((await runtime.db.prisma.setting.findMany()).map((row) => row.key)).toEqual(['try 3']);
  });

  it.each(['transact:book:before', 'transact:book:committed'])('changes once when the process ends at %s', async (point) => {
    await crashAt(point, bookOnce);
    const next = await restart();
    define(bookOnce, undefined, next);
    await next.runUntil(TEST_START + HOUR_MS);
    expect([await runtime.db.prisma.setting.count(), (await workflow()).state]).toEqual([1, 'done']);
  });
});

describe('effect', () => {
  it.each(['effect:place:before', 'effect:place:called', 'effect:place:recorded'])('has its effect once when the process ends at %s', async (point) => {
    const vendor = new Vendor();
    const outputs: string[] = [];
    await crashAt(point, place(vendor, outputs));
    const next = await restart();
    define(place(vendor, outputs), undefined, next);
    await next.runUntil(TEST_START + HOUR_MS);
    expect([vendor.orders, outputs, (await workflow()).state]).toEqual([['order 1'], ['order 1'], 'done']);
  });

  it('does not call again after a crash between call and record', async () => {
    const vendor = new Vendor();
    await crashAt('effect:place:called', place(vendor));
    const next = await restart();
    define(place(vendor), undefined, next);
    await next.runUntil(TEST_START + HOUR_MS);
    expect([vendor.keys.length, vendor.asked]).toEqual([1, 1]);
  });

  it('uses one key for every try, stored before the first call', async () => {
    const vendor = new Vendor([failure('Retryable'), 'lost answer']);
    let stored: string | undefined;
    define(async (flow) => void (await flow.effect('place', { ...vendor.effect, call: async (attempt) => {
      stored ??= (await runtime.db.prisma.workflowStep.findFirstOrThrow({ where: { state: 'started' } })).idempotencyKey;
      return vendor.effect.call(attempt);
    } })));
    const id = await start();
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect(vendor.keys).toEqual([idempotencyKeyOf(id, 'place'), idempotencyKeyOf(id, 'place')]);
    expect(stored).toBe(vendor.keys[0]);
    expect(stored).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('asks before it calls again after an unknown outcome, and takes what it finds', async () => {
    const vendor = new Vendor(['lost answer']);
    const outputs: string[] = [];
    define(place(vendor, outputs));
    await start();
    await runtime.context.jobs.runDue();
    expect([vendor.asked, (await workflow()).state]).toEqual([0, 'waiting']);
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect([vendor.keys.length, outputs]).toEqual([1, ['order 1']]);
  });

  it('calls again only when the vendor is certain that nothing was done', async () => {
    const vendor = new Vendor([failure('OutcomeUnknown')]);
    define(place(vendor));
    await start();
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect([vendor.keys.length, vendor.asked, vendor.orders]).toEqual([2, 1, ['order 1']]);
  });

  it('waits and asks again for as long as the outcome is unknown, and never calls meanwhile', async () => {
    const unknowns = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? failure('Retryable') : i % 3 === 1 ? new TypeError('broken') : ('unknown' as const)));
    const vendor = new Vendor(['lost answer'], unknowns);
    define(place(vendor));
    await start();
    await runtime.runUntil(TEST_START + 20 * HOUR_MS);
    expect([vendor.keys.length, (await workflow()).state]).toEqual([1, 'waiting']);
    await runtime.runUntil(TEST_START + 7 * DAY_MS);
    expect([vendor.keys.length, vendor.orders.length, (await workflow()).state]).toEqual([1, 1, 'done']);
  });

  it('treats an error that says nothing as an unknown outcome', async () => {
    const vendor = new Vendor([new TypeError('socket closed')]);
    define(place(vendor));
    await start();
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect([vendor.asked, vendor.orders]).toEqual([1, ['order 1']]);
  });

  it('does not repeat one whose answer could not be kept', async () => {
    const vendor = new Vendor();
    let answer: unknown = 7;
    define(async (flow) => void (await flow.effect('place', { ...vendor.effect, call: async (attempt) => {
      await vendor.effect.call(attempt);
      return answer as string;
    } })));
    await start();
    await runtime.context.jobs.runDue();
    answer = 'fits';
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect([vendor.keys.length, vendor.asked, (await workflow()).state]).toEqual([1, 1, 'done']);
  });

  it('meets the same refusal in every later run', async () => {
    const vendor = new Vendor([failure('Rejected')]);
    const met: string[] = [];
    const run: WorkflowDefinition<string>['run'] = async (flow) => {
      try {
        await flow.effect('place', vendor.effect);
      } catch (error) {
        met.push(error instanceof ConnectorError ? error.kind : 'other');
      }
      await flow.waitUntil('pause', TEST_START + HOUR_MS);
    };
    define(run);
    await start();
    await runtime.runUntil(TEST_START + 2 * HOUR_MS);
    expect([met, vendor.keys.length, (await workflow()).state]).toEqual([['Rejected', 'Rejected'], 1, 'done']);
  });

  it.each([[failure('Rejected')], [failure('Critical')], [new DomainError('LIMIT', 'too much')]])('fails the workflow once and in one transaction on %s', async (error) => {
    const vendor = new Vendor([error]);
    define(place(vendor), async (tx, input) => void (await tx.setting.create({ data: { key: `failed ${input}`, value: '', updatedAt: 1n } })));
    await start();
    await runtime.runUntil(TEST_START + DAY_MS);
    expect([vendor.keys.length, (await workflow()).state, await runtime.db.prisma.setting.count()]).toEqual([1, 'failed', 1]);
  });

  it('waits as a Throttled vendor says without counting, and gives up a lost session after a few tries', async () => {
    const vendor = new Vendor(Array.from({ length: 30 }, () => failure('Throttled', MINUTE_MS)));
    define(place(vendor));
    await start();
    await runtime.runUntil(TEST_START + HOUR_MS);
    expect([vendor.keys.length, vendor.asked, (await workflow()).state]).toEqual([31, 0, 'done']);
    const lost = new Vendor(Array.from({ length: 30 }, () => failure('SessionLost')));
    runtime.context.workflows.define({ kind: 'lost', input: z.null(), run: async (flow) => void (await flow.effect('place', lost.effect)) });
    await runtime.db.transaction((tx) => runtime.context.workflows.start(tx, 'lost', 'lost', null));
    await runtime.runUntil(TEST_START + 2 * DAY_MS);
    expect([lost.keys.length, lost.orders.length]).toEqual([4, 0]);
  });

  it('is not called while the kill switch is on, and goes on when it is off', async () => {
    const vendor = new Vendor();
    killed = true;
    define(place(vendor));
    await start();
    await runtime.runUntil(TEST_START + 10 * MINUTE_MS);
    expect([vendor.keys.length, await runtime.db.prisma.workflowStep.count(), (await workflow()).error]).toEqual([0, 0, 'the kill switch is on']);
    killed = false;
    await runtime.runUntil(TEST_START + 12 * MINUTE_MS);
    expect([vendor.orders.length, (await workflow()).state]).toEqual([1, 'done']);
  });

  it('still asks after an unknown outcome while the kill switch is on, but does not call', async () => {
    const vendor = new Vendor([failure('OutcomeUnknown')]);
    define(place(vendor));
    await start();
    await runtime.context.jobs.runDue();
    killed = true;
    await runtime.runUntil(TEST_START + 5 * MINUTE_MS);
    expect(vendor.asked).toBeGreaterThan(0);
    expect(vendor.keys.length).toBe(1);
  });
});

describe('waitUntil', () => {
  it('keeps the instant that it first waited for', async () => {
    const ends: number[] = [];
    define(async (flow) => {
      await flow.waitUntil('pause', runtime.clock.now() + HOUR_MS);
      ends.push(runtime.clock.now());
    });
    await start();
    await runtime.runUntil(TEST_START + 5 * HOUR_MS);
    expect(ends).toEqual([TEST_START + HOUR_MS]);
  });

  it('cannot be swallowed by the code around it', async () => {
    let after = 0;
    define(async (flow) => {
      await flow.waitUntil('pause', TEST_START + HOUR_MS).catch(() => {});
      await flow.step('after', z.null(), () => Promise.resolve(void after++ as never)).catch(() => {});
    });
    await start();
    await runtime.context.jobs.runDue();
    expect([after, (await workflow()).state]).toEqual([0, 'waiting']);
  });
});

describe('wake', () => {
  it('ends a wait at once, also one that begins while it is called', async () => {
    const seen: number[] = [];
    let inside = false;
    define(async (flow) => {
      if (inside) await runtime.db.transaction((tx) => runtime.context.workflows.wake(tx, 'key'));
      await flow.waitUntil('one', TEST_START + DAY_MS);
      seen.push(runtime.clock.now() - TEST_START);
    });
    await start();
    await runtime.context.jobs.runDue();
    await runtime.db.transaction((tx) => runtime.context.workflows.wake(tx, 'key'));
    await runtime.context.jobs.runDue();
    expect(seen).toEqual([0]);
    inside = true;
    await runtime.db.transaction((tx) => runtime.context.workflows.start(tx, 'w', 'other', 'in'));
    await runtime.db.prisma.workflow.update({ where: { key: 'key' }, data: { key: 'was key' } });
    await runtime.db.prisma.workflow.update({ where: { key: 'other' }, data: { key: 'key' } });
    await runtime.context.jobs.runDue();
    expect(seen).toEqual([0, 0]);
  });
});

describe('any mix of vendor behaviour and crashes', () => {
  it('has each effect once, in order, or fails knowing that it was not had', async () => {
    const behaviour = fc.constantFrom('ok', 'lost answer', 'OutcomeUnknown', 'Retryable', 'Throttled', 'plain');
    const points = ['effect:a:before', 'effect:a:called', 'effect:a:recorded', 'transact:b:before', 'transact:b:committed', 'effect:c:before', 'effect:c:called', 'effect:c:recorded'];
    await fc.assert(fc.asyncProperty(fc.array(behaviour, { maxLength: 5 }), fc.array(behaviour, { maxLength: 5 }), fc.uniqueArray(fc.constantFrom(...points)), async (forA, forC, crashes) => {
      const fresh = await createTestRuntime();
      const a = new Vendor(script(forA));
      const c = new Vendor(script(forC));
      const run: WorkflowDefinition<string>['run'] = async (flow) => {
        await flow.effect('a', a.effect);
        await flow.transact('b', z.null(), async (tx) => {
          await tx.setting.create({ data: { key: 'b', value: '', updatedAt: 1n } });
          return null;
        });
        await flow.effect('c', c.effect);
      };
      const remaining = new Set(crashes);
      const probe = (point: string) => {
        if (remaining.delete(point)) throw new Crash(point);
      };
      const crashing = await createTestRuntime({ db: fresh.db, crashProbe: probe });
      define(run, undefined, crashing);
      await start(crashing);
      await crashing.runUntil(TEST_START + 3 * DAY_MS);
      expect([a.orders.length, c.orders.length, await fresh.db.prisma.setting.count(), (await workflow(fresh)).state]).toEqual([1, 1, 1, 'done']);
      await fresh.close();
    }), { numRuns: 40 });
  });
});
