import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Contract } from '#contract/index.ts';

/** The program as a person starts it, in a process of its own: engine thread, practice market and HTTP host together. */
const root = path.resolve(import.meta.dirname, '../..');
let dir: string;
let running: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'host-'));
});
afterEach(async () => {
  for (const child of running) if (child.exitCode === null && child.signalCode === null) await end(child, 'SIGKILL');
  running = [];
  rmSync(dir, { recursive: true, force: true });
});

const end = (child: ChildProcess, signal: NodeJS.Signals) =>
  new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });

interface Started {
  child: ChildProcess;
  /** Null when it ended instead of serving. */
  url: URL | null;
  said(): string;
  code: Promise<number | null>;
}

function start(...options: string[]): Promise<Started> {
  const child = spawn(process.execPath, [path.join(root, 'electron/headless/main.ts'), '--port', '0', '--no-open', '--data', dir, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let text = '';
  const code = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)));
  return new Promise((resolve) => {
    const read = (part: Buffer) => {
      text += part.toString();
      const [, url] = /ready: (\S+)/.exec(text) ?? [];
      if (url) resolve({ child, url: new URL(url), said: () => text, code });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void code.then(() => resolve({ child, url: null, said: () => text, code }));
  });
}

/** By the API token, or by the cookie of a one-time address. */
function client(url: URL, headers: Record<string, string>): ContractRouterClient<Contract> {
  return createORPCClient(new RPCLink({ url: `${url.origin}/rpc`, headers }));
}
const bearer = () => ({ authorization: `Bearer ${readFileSync(path.join(dir, 'api-token'), 'utf8').trim()}` });

describe('the headless program', () => {
  it('serves the practice desk to whoever has its address or token, and to nobody else', async () => {
    const { child, url, code } = await start();
    expect((await fetch(`${url!.origin}/api/system`)).status).toBe(401);
    const signIn = await fetch(url!);
    const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!;
    const info = await client(url!, { cookie }).system.info();
    expect(info).toMatchObject({ mode: 'practice', practice: { seed: 1, speed: 360 }, dataDir: path.join(dir, 'practice-1') });
    expect((await fetch(url!)).status).toBe(401);
    const rest = await fetch(`${url!.origin}/api/system`, { headers: bearer() });
    expect(await rest.json()).toMatchObject({ mode: 'practice' });
    const openApi = (await (await fetch(`${url!.origin}/api/openapi.json`, { headers: bearer() })).json()) as { paths: object };
    expect(Object.keys(openApi.paths)).toContain('/opportunities/{id}/approve');
    child.kill('SIGTERM');
    expect(await code).toBe(0);
  });

  it('goes on with the same market, at the same virtual time or later, after it was killed', async () => {
    const first = await start('--practice', '3');
    const desk = client(first.url!, bearer());
    const before = await desk.system.info();
    const sources = await desk.sources.list();
    await end(first.child, 'SIGKILL');
    const second = await start('--practice', '3');
    const after = await client(second.url!, bearer()).system.info();
    expect(after.now).toBeGreaterThanOrEqual(before.now);
    expect(after.now - before.now).toBeLessThan(6 * 3_600_000);
    expect((await client(second.url!, bearer()).sources.list()).map(({ id, baseUrl }) => [id, baseUrl])).toEqual(sources.map(({ id, baseUrl }) => [id, baseUrl]));
    expect(await end(second.child, 'SIGINT')).toBe(130);
  });

  it('changes to real accounts and back on demand, each with a folder of its own', async () => {
    const { url } = await start();
    const desk = client(url!, bearer());
    await desk.system.chooseMode({ mode: 'live' });
    await expect.poll(async () => (await desk.system.info().catch(() => null))?.dataDir, { timeout: 60_000 }).toBe(path.join(dir, 'live'));
    expect(await desk.sources.list()).toEqual([]);
    await desk.system.chooseMode({ mode: 'practice' });
    await expect.poll(async () => (await desk.system.info().catch(() => null))?.dataDir, { timeout: 60_000 }).toBe(path.join(dir, 'practice-1'));
    expect(readdirSync(dir)).toEqual(expect.arrayContaining(['live', 'practice-1']));
  });

  it('refuses a second program on the same data, and options that cannot be meant', async () => {
    await start();
    const second = await start();
    expect([second.url, await second.code]).toEqual([null, 1]);
    expect(second.said()).toMatch(/in use by pid \d+/);
    const wrong = await start('--practice', 'seven');
    expect([wrong.url, await wrong.code]).toEqual([null, 64]);
    expect(wrong.said()).toContain('--practice takes a whole number');
  });
});
