import { MessageChannel, Worker } from 'node:worker_threads';
import { ORPCError } from '@orpc/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import type { LogFields, Logger } from '#kernel/log.ts';
import { createInProcessClient } from './in-process.ts';
import { createPortClient, createPortLink, createPortServer } from './message-port.ts';
import { createSampleRouter } from './sample-router.ts';
import type { SampleContract } from './sample-router.ts';
import type { ContractClient } from './served-router.ts';

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanup.splice(0)) undo();
});

function overPort(log: string[], logger: Logger = silentLogger): ContractClient<SampleContract> {
  const { port1, port2 } = new MessageChannel();
  createPortServer(createSampleRouter(log), logger).serve(port1);
  cleanup.push(() => port2.close());
  return createPortClient<SampleContract>(port2);
}

const transports = [
  ['in process', (log: string[]) => createInProcessClient<SampleContract>(createSampleRouter(log))],
  ['message port', (log: string[]) => overPort(log)],
] as const;

describe.each(transports)('%s', (_name, connect) => {
  it('answers a call with the validated output', async () => {
    expect(await connect([]).sample.greet({ name: 'Amina', loud: 1 })).toEqual({ text: 'HELLO Amina' });
  });

  it('refuses input that breaks the schema', async () => {
    await expect(connect([]).sample.store({ text: 7 as unknown as string })).rejects.toMatchObject({ code: 'BAD_REQUEST', status: 400 });
  });

  it('answers a declared error typed, with its data', async () => {
    const error = await connect([]).sample.store({ text: 'missing' }).then(() => null, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ORPCError);
    expect(error).toMatchObject({ defined: true, code: 'NOT_FOUND', status: 404, data: { kind: 'note', id: 'missing' } });
  });

  it('streams events and ends', async () => {
    const seen: number[] = [];
    for await (const event of await connect([]).sample.count({ to: 3 })) seen.push(event.n);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('ends a stream in the engine when the caller stops reading', async () => {
    const log: string[] = [];
    const stream = await connect(log).sample.count({ to: -1 });
    for await (const event of stream) if (event.n >= 2) break;
    await vi.waitFor(() => expect(log).toEqual(['count ended']), 20_000);
  });

  it('aborts a call in the engine when the caller aborts it', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const call = connect(log).sample.hang(undefined, { signal: controller.signal });
    await vi.waitFor(() => expect(log).toEqual(['hang started']), 20_000);
    controller.abort();
    await expect(call).rejects.toThrow();
    await vi.waitFor(() => expect(log).toEqual(['hang started', 'hang aborted']), 20_000);
  });
});

describe('message port', () => {
  it('tells the caller nothing of an unexpected error, and the log everything', async () => {
    const logged: [string, LogFields | undefined][] = [];
    const logger: Logger = { ...silentLogger, error: (event, fields) => logged.push([event, fields]) };
    const error = await overPort([], logger).sample.fail().then(() => null, (thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', status: 500 });
    expect(JSON.stringify(error) + String(error)).not.toContain('secret');
    expect(logged).toHaveLength(1);
    expect(logged[0]![0]).toBe('procedure failed');
    expect(logged[0]![1]).toMatchObject({ procedure: 'sample.fail', error: expect.objectContaining({ message: 'disk on fire at /secret/place' }) });
  });

  it('fails what is under way when the other side goes away, and cancels it there', async () => {
    const log: string[] = [];
    const { port1, port2 } = new MessageChannel();
    createPortServer(createSampleRouter(log), silentLogger).serve(port1);
    const client = createPortClient<SampleContract>(port2);
    const call = client.sample.hang();
    await vi.waitFor(() => expect(log).toEqual(['hang started']), 20_000);
    port2.close();
    await expect(call).rejects.toThrow();
    await vi.waitFor(() => expect(log).toEqual(['hang started', 'hang aborted']), 20_000);
  });

  it('fails what is under way when the thread behind it dies', async () => {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(
      `import { workerData } from 'node:worker_threads';
       const { createPortServer } = await import(workerData.server); const { createSampleRouter } = await import(workerData.sample);
       const silent = { debug() {}, info() {}, warn() {}, error() {}, child() { return silent; } };
       createPortServer(createSampleRouter(), silent).serve(workerData.port);`,
      { eval: true, execArgv: ['--input-type=module'], workerData: { port: port1, server: new URL('./message-port.ts', import.meta.url).href, sample: new URL('./sample-router.ts', import.meta.url).href }, transferList: [port1] },
    );
    const client = createPortClient<SampleContract>(port2);
    expect(await client.sample.greet({ name: 'thread' })).toEqual({ text: 'hello thread' });
    const call = client.sample.hang();
    const failed = expect(call).rejects.toThrow();
    await worker.terminate();
    await failed;
  });
});

const requestOf = (p: object) => JSON.stringify({ i: 'x', p });

describe('what breaks the protocol of the port', () => {
  const garbage: readonly [string, unknown][] = [
    ['text', 'garbage'], ['nothing', null], ['a number', 7], ['an object', { a: 1 }], ['a list', [1, 2]], ['bytes', new Uint8Array([123, 255, 1])], ['a request of nothing', '{"i":"1","p":{}}'], ['a wrong address', requestOf({ u: 'http://' })],
    ['a wrong method', requestOf({ u: '/sample/greet', m: 7 })], ['wrong headers', requestOf({ u: '/sample/greet', h: { 'content-type': 7 } })], ['a broken form', requestOf({ u: '/sample/greet', h: { 'content-type': 'multipart/form-data; boundary=x' }, b: 'y' })],
    ['an unknown kind', JSON.stringify({ i: '1', t: 99, p: { u: '/sample/greet' } })], ['no event', JSON.stringify({ i: '1', t: 3 })], ['an id that is none', JSON.stringify({ i: {}, p: { u: '/sample/greet' } })],
  ];

  it('is dropped, told of once, and ends nothing: the next call is answered', async () => {
    const thrown = vi.fn();
    process.on('unhandledRejection', thrown);
    const warned: string[] = [];
    const { port1, port2 } = new MessageChannel();
    createPortServer(createSampleRouter([]), { ...silentLogger, warn: (event) => warned.push(event) }).serve(port1);
    const client = createPortClient<SampleContract>(port2);
    try {
      for (const [, message] of garbage) port2.postMessage(message);
      // messages of a port come in order: all of the others were read by then
      expect(await client.sample.greet({ name: 'Amina' })).toEqual({ text: 'hello Amina' });
      await new Promise((resolve) => setImmediate(resolve));
      expect(thrown).not.toHaveBeenCalled();
      expect(warned).toEqual(['a message that breaks the protocol was dropped']);
    } finally {
      process.off('unhandledRejection', thrown);
      port2.close();
    }
  });
});

describe('a link to an engine that ends', () => {
  const request = { method: 'POST', url: new URL('http://engine/sample/greet'), headers: {}, body: { json: { name: 'Amina', loud: 1 } }, signal: undefined };

  it('rejects what is under way and what comes after, instead of waiting for ever', async () => {
    const { port1, port2 } = new MessageChannel();
    const link = createPortLink(port2);
    const waiting = link.call(request);
    port1.close();
    await expect(waiting).rejects.toThrow(/ended|closed|abort/i);
    await expect(link.call(request)).rejects.toThrow(/ended|closed|abort/i);
  });
});
