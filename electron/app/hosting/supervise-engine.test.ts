import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { createPortClient } from '../transports/message-port.ts';
import type { SampleContract } from '../transports/sample-router.ts';
import { openDataDir } from './data-dir.ts';
import { writeDeskState } from './desk-state.ts';
import { superviseEngine } from './supervise-engine.ts';
import type { Supervisor } from './supervise-engine.ts';
import { spawnEngineThread } from './thread-channel.ts';

let dir: string;
const running: Supervisor[] = [];
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'engine-'));
  writeDeskState(dir, { mode: 'live', seed: 1 });
});
afterEach(async () => {
  for (const supervisor of running.splice(0)) await supervisor.stop();
  rmSync(dir, { recursive: true, force: true });
});

function supervise(dataDir = dir) {
  const events: string[] = [];
  let engine: { serve(port: MessagePort): void } | null = null;
  let thread: ReturnType<typeof spawnEngineThread> | null = null;
  const supervisor = superviseEngine<MessagePort>({
    spawn: () => (thread = spawnEngineThread(new URL('./testing/sample-engine-thread.ts', import.meta.url).href, { dataDir, version: '1', seed: null, rootDir: dataDir, threads: { practice: 'file:///none', reader: null, priceList: null, documents: null } })),
    logger: silentLogger,
    onUp: (up) => {
      events.push('up');
      engine = up;
    },
    onDown: (reason) => events.push(`down: ${reason.split('\n')[0]}`),
    onGivenUp: (reason) => events.push(`given up: ${reason.split('\n')[0]}`),
    backoffMs: [5, 5],
  });
  running.push(supervisor);
  const client = () => {
    const { port1, port2 } = new MessageChannel();
    engine!.serve(port1);
    return createPortClient<SampleContract>(port2);
  };
  return { supervisor, events, client, crash: () => thread!.worker.postMessage('crash') };
}

describe('the engine’s supervisor', () => {
  it('starts the engine in its thread, hands it ports, and stops it', async () => {
    const { supervisor, client } = supervise();
    await supervisor.start();
    expect(await client().sample.greet({ name: 'a' })).toEqual({ text: 'hello a' });
    expect(await client().sample.greet({ name: 'b' })).toEqual({ text: 'hello b' });
    await supervisor.stop();
    openDataDir(dir).release();
  });

  it('starts a crashed engine again, and it serves new ports', async () => {
    const { supervisor, client, events, crash } = supervise();
    await supervisor.start();
    const broken = expect(client().sample.hang()).rejects.toThrow();
    crash();
    await broken;
    await vi.waitFor(() => expect(events).toEqual(['up', 'down: Error: planted crash', 'up']), 20_000);
    expect(await client().sample.greet({ name: 'again' })).toEqual({ text: 'hello again' });
  });

  it('gives up on an engine that dies again and again', async () => {
    const { supervisor, events, crash } = supervise();
    await supervisor.start();
    for (let ups = 1; ups <= 3; ups++) {
      await vi.waitFor(() => expect(events.filter((event) => event === 'up')).toHaveLength(ups), 20_000);
      crash();
    }
    await vi.waitFor(() => expect(events.at(-1)).toBe('given up: Error: planted crash'), 20_000);
  });

  it('passes on why the engine refuses to start, and does not try again', async () => {
    const tooNew = path.join(dir, 'too-new');
    mkdirSync(tooNew);
    writeDeskState(tooNew, { mode: 'live', seed: 1 });
    const { supervisor, events } = supervise(tooNew);
    await expect(supervisor.start()).rejects.toThrow('the database is newer than this program');
    expect(events).toEqual([]);
  });

  it('refuses a data folder that another program holds', async () => {
    const held = openDataDir(dir);
    const { supervisor } = supervise();
    await expect(supervisor.start()).rejects.toThrow(/in use by pid/);
    held.release();
  });
});
