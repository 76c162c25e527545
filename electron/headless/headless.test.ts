import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureDataDir } from '#app/hosting/data-dir.ts';
import { writeDeskState } from '#app/hosting/desk-state.ts';
import { openBrowser, browserCommand } from './open-browser.ts';
import { parseOptions, UsageError } from './parse-options.ts';
import { serveDesk } from './serve-desk.ts';
import type { ServedDesk } from './serve-desk.ts';

describe('options', () => {
  it('are loopback, the usual port and the practice market unless told otherwise', () => {
    expect(parseOptions([], {})).toEqual({ port: null, address: '127.0.0.1', allowedHosts: [], publicUrl: null, dataDir: null, speed: null, seed: null, open: true });
    expect(parseOptions(['--headless', '--port', '0', '--data', 'd', '--practice', '7', '--practice-speed', '1', '--no-open', '--host', '0.0.0.0', '--allow-host', 'desk.example', '--public-url', 'https://desk.example/'], {})).toEqual({ port: 0, address: '0.0.0.0', allowedHosts: ['desk.example'], publicUrl: 'https://desk.example', dataDir: 'd', seed: 7, speed: 1, open: false });
  });

  it('open no browser in CI', () => expect(parseOptions([], { CI: 'true' }).open).toBe(false));

  it.each([[['--port', '70000']], [['--port', 'x']], [['--practice', '1.5']], [['--practice', '']], [['--practice-speed', '0']], [['--practice-speed', '9999']], [['--speed']], [['stray']], [['--public-url', 'http://desk.example']], [['--public-url', 'https://desk.example/desk']], [['--public-url', 'desk']], [['--data', '']], [['--data', ' ']]])('refuse %j, saying what is wrong', (args) => {
    expect(() => parseOptions(args, {})).toThrow(UsageError);
  });
});

describe('the browser', () => {
  it('is opened the platform’s way, the address as one argument', () => {
    const url = 'http://127.0.0.1:1/?token=a&b';
    expect(browserCommand('linux', url)).toEqual(['xdg-open', [url]]);
    expect(browserCommand('darwin', url)).toEqual(['open', [url]]);
    expect(browserCommand('win32', url)).toEqual(['cmd', ['/c', 'start', '""', 'http://127.0.0.1:1/?token=a^&b']]);
  });

  it('may be missing', async () => {
    const { PATH } = process.env;
    process.env['PATH'] = '/nowhere';
    try {
      openBrowser('http://127.0.0.1:1/');
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      process.env['PATH'] = PATH;
    }
  });
});

describe('the served desk', () => {
  let dir: string;
  const desks: ServedDesk[] = [];
  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'headless-'));
    writeFileSync(path.join(dir, 'package.json'), '{}');
  });
  afterEach(async () => {
    for (const desk of desks.splice(0)) await desk.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const serve = async (port: number | null) => {
    const dataDir = ensureDataDir(path.join(dir, `data-${desks.length}`));
    writeDeskState(dataDir, { mode: 'live', seed: 1 });
    const desk = await serveDesk({
      init: { dataDir, version: '1', seed: null, rootDir: dir },
      port, address: '127.0.0.1', allowedHosts: [],
      engineThread: new URL('../app/hosting/testing/sample-engine-thread.ts', import.meta.url).href,
      announce: true, tell: () => undefined, onGivenUp: () => undefined,
    });
    desks.push(desk);
    return desk;
  };

  it('answers from the engine’s thread once a browser has signed in', async () => {
    const desk = await serve(0);
    const signIn = await fetch(desk.issueSignInUrl());
    const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!;
    const answer = await fetch(`${desk.url}/api/greetings/Amina`, { headers: { cookie } });
    expect(await answer.json()).toEqual({ text: 'hello Amina' });
  });

  it('says that a port is taken when it was asked for, and takes another when it was not', async () => {
    const squatter = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as AddressInfo;
    await expect(serve(port)).rejects.toThrow(`port ${port} is taken`);
    squatter.close();
    const usual = [await serve(null), await serve(null)].map(({ url }) => url);
    expect(new Set(usual).size).toBe(2);
  });
});
