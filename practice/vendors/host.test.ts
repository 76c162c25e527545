import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#kernel/time.ts';
import { createWorld } from '../world/index.ts';
import { driftJson, FAULT_KINDS, FaultSource, malform } from './faults.ts';
import { createHost, type FaultKind, type VendorServer } from './host.ts';
import { seededRandom } from '#kernel/random.ts';

const world = createWorld({ seed: 11, clock: new ManualClock(Date.UTC(2026, 8, 1)), productCount: 1_000 });
const open: VendorServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(): Promise<{ server: VendorServer; effects: () => number; url: string }> {
  let effects = 0;
  const server = createHost({
    name: 'test', world, gzip: true, errorBody: (status, message) => ({ status, body: { message } }),
    routes: [
      { method: 'POST', pattern: '/orders', name: 'order', handle: (request) => ({ status: 201, body: { id: ++effects, echo: request.json(), items: [{ price: 1 }, { price: 2 }] } }) },
      { method: 'GET', pattern: '/files/{rest*}', name: 'file', handle: (request) => ({ status: 200, body: `${request.params['rest']}`.repeat(500) }) },
      { method: 'GET', pattern: '/bug', name: 'bug', handle: () => { throw new Error('planted'); } },
    ],
  });
  open.push(server);
  return { server, effects: () => effects, url: await server.start() };
}

const post = (url: string) => fetch(`${url}/orders`, { method: 'POST', body: '{"a":1}', signal: AbortSignal.timeout(5_000) });

describe('a vendor\'s host', () => {
  it('routes, counts and logs, and answers in the vendor\'s words what it does not know', async () => {
    const { server, url } = await serve();
    expect(await (await post(url)).json()).toMatchObject({ id: 1, echo: { a: 1 } });
    expect((await fetch(`${url}/orders`)).status).toBe(405);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect((await fetch(`${url}/orders`, { method: 'POST', body: '{broken' })).status).toBe(400);
    expect(await (await fetch(`${url}/files/a%20b/c`)).text()).toBe('a b/c'.repeat(500));
    expect(server.counts()).toMatchObject({ total: 5, byRoute: { order: 2, file: 1, 'not-found': 1, 'wrong-method': 1 }, byStatus: { 201: 1, 404: 1, 405: 1, 400: 1, 200: 1 } });
    expect(server.log.map((entry) => entry.number)).toEqual([1, 2, 3, 4, 5]);
    expect(server.bugs).toEqual([]);
  });

  it('keeps what a handler threw', async () => {
    const { server, url } = await serve();
    expect((await fetch(`${url}/bug`)).status).toBe(500);
    expect(server.bugs).toHaveLength(1);
  });

  it('refuses a body beyond its limit', async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/orders`, { method: 'POST', body: Buffer.alloc(9 * 1024 * 1024, 32) })).status).toBe(413);
  });

  const outcomes: Record<FaultKind, { effect: boolean; check: (attempt: Promise<Response>) => Promise<void> }> = {
    'too-many-requests': { effect: false, check: async (attempt) => expect([(await attempt).status, (await attempt).headers.get('retry-after')]).toEqual([429, '1']) },
    'server-error': { effect: false, check: async (attempt) => expect((await attempt).status).toBe(500) },
    'cut-before': { effect: false, check: (attempt) => expect(attempt).rejects.toThrow() },
    'cut-after': { effect: true, check: (attempt) => expect(attempt).rejects.toThrow() },
    timeout: { effect: false, check: (attempt) => expect(attempt).rejects.toThrow() },
    'slow-body': { effect: true, check: async (attempt) => expect(await (await attempt).json()).toMatchObject({ id: 1 }) },
    'malformed-body': { effect: true, check: async (attempt) => expect((await attempt).json()).rejects.toThrow() },
    'schema-drift': {
      effect: true, check: async (attempt) => {
        const body = (await (await attempt).json()) as object;
        expect(body).not.toEqual({ id: 1, echo: { a: 1 }, items: [{ price: 1 }, { price: 2 }] });
      },
    },
  };

  it.each(FAULT_KINDS.filter((kind) => kind !== 'timeout'))('does %s on command', async (kind) => {
    const { server, effects, url } = await serve();
    server.setFaults({ rate: 1, kinds: [kind], limit: 1, slowBodyMs: 20 });
    const attempt = post(url);
    await outcomes[kind].check(attempt);
    expect(effects()).toBe(outcomes[kind].effect ? 1 : 0);
    expect(server.counts().byFault).toEqual({ [kind]: 1 });
    expect((await post(url)).status).toBe(201);
  });

  it('hangs on command, at times before the effect and at times after it', async () => {
    const { server, effects, url } = await serve();
    server.setFaults({ rate: 1, kinds: ['timeout'], hangMs: 20 });
    for (let i = 0; i < 24; i++) await expect(post(url)).rejects.toThrow();
    expect(effects()).toBeGreaterThan(2);
    expect(effects()).toBeLessThan(22);
  });

  it('spares routes that the plan does not name', async () => {
    const { server, url } = await serve();
    server.setFaults({ rate: 1, routes: ['file'], kinds: ['server-error'] });
    expect((await post(url)).status).toBe(201);
    expect((await fetch(`${url}/files/x`)).status).toBe(500);
  });
});

function drawFaults(): string[] {
  const source = new FaultSource(7, 'shop');
  source.set({ rate: 0.05 });
  return Array.from({ length: 10_000 }, (_, n) => source.draw(n + 1, 'r')?.kind ?? '');
}

describe('faults', () => {
  it('are the same on every run, and near their rate', () => {
    const faults = drawFaults();
    expect(drawFaults()).toEqual(faults);
    const hit = faults.filter(Boolean);
    expect(hit.length).toBeGreaterThan(400);
    expect(hit.length).toBeLessThan(600);
    expect(new Set(hit).size).toBe(FAULT_KINDS.length);
  });
  it('refuse a rate that is none', () => {
    expect(() => new FaultSource(7, 'shop').set({ rate: 5 })).toThrow(RangeError);
  });
  it('make bodies that do not parse, and JSON that parses into something else', () => {
    const json = JSON.stringify({ id: 5, list: [{ a: 1, b: 'x' }, { a: 2, b: 'y' }] });
    for (let i = 0; i < 50; i++) {
      expect(() => JSON.parse(malform(Buffer.from(json), seededRandom(i)).toString()) as unknown).toThrow();
      const drifted = driftJson(json, seededRandom(i));
      expect(JSON.parse(drifted)).not.toEqual(JSON.parse(json));
    }
  });
});
