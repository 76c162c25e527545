import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** The built shell on a stand-in for `electron` (tests/shell/electron-stand-in.mjs): real shell code, real bundles, a real engine; no real window. */
const root = path.resolve(import.meta.dirname, '../..');
let dir: string;

beforeAll(async () => {
  const { buildRenderer, buildShell } = (await import(path.join(root, 'scripts/build.mjs'))) as { buildRenderer(): Promise<boolean>; buildShell(): Promise<boolean> };
  await buildRenderer();
  await buildShell();
});
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'shell-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function drive(scenario: string, env: Record<string, string> = {}): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const args = ['--import', path.join(import.meta.dirname, 'stand-in-hook.mjs'), path.join(import.meta.dirname, 'drive-shell.ts'), '--data', path.join(dir, 'data')];
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, SCENARIO: scenario, STAND_IN_USER_DATA: dir, ...env } });
    let text = '';
    child.stdout.on('data', (part: Buffer) => (text += part.toString()));
    child.stderr.on('data', (part: Buffer) => (text += part.toString()));
    child.on('exit', () => {
      const line = text.split('\n').find((candidate) => candidate.startsWith('@@'));
      if (line) resolve(JSON.parse(line.slice(2)) as Record<string, unknown>);
      else reject(new Error(`the shell did not come to its end:\n${text.slice(-4_000)}`));
    });
  });
}

describe('the built shell', () => {
  it('opens one hardened window, joined to a real engine by a port, and closes both', async () => {
    writeFileSync(path.join(dir, 'window-state.json'), JSON.stringify({ x: 50_000, y: 10, width: 900, height: 600, maximized: false }));
    const seen = await drive('boot');
    expect(seen['options']).toMatchObject({
      show: false, width: 900, height: 600, x: 510, y: 220,
      webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, webSecurity: true, allowRunningInsecureContent: false, webviewTag: false },
    });
    expect(seen).toMatchObject({ sandboxed: true, loaded: ['app://desk/'], shown: true, lockAsked: 1, windows: 1, utilities: 1, exits: [0], focused: 1 });
    expect(seen['schemes']).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);

    // a real procedure of the real engine answered, and a live event came through
    expect(seen['info']).toMatchObject({ version: '0.1.0', mode: 'practice', dataDir: path.join(dir, 'data/practice-1'), practice: { seed: 1 } });
    expect(seen['event']).toMatchObject({ seq: expect.any(Number), topic: expect.any(String) });
    expect(seen['exposed']).toEqual({ resaleDesk: ['requestPort'] });
    expect(seen['handed']).toEqual([{ text: 'resale-desk:port', target: 'app://desk' }]);
    expect(seen['fromElsewhere']).toBe(1);

    expect(seen['granted']).toEqual([false, false, false, false, false, false]);
    expect(seen['checks']).toEqual([false, false, false]);
    // a notification alone, and for the window's own page alone
    expect(seen['told']).toEqual([true, true, false, false]);
    expect(seen['navigation']).toEqual([[true, true, false], [true, true, false], [true, true, false]]);
    expect(seen['webview']).toBe(true);
    expect(new Set(seen['opens'] as string[])).toEqual(new Set(['deny']));
    expect(seen['opened']).toEqual(['https://example.org/a']);

    const policy = (seen['headers'] as Record<string, string[]>)['Content-Security-Policy']![0]!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(seen['headers']).toEqual({ 'x-other': ['1'], 'Content-Security-Policy': [policy] });
    const files = seen['files'] as Record<string, { status: number; type: string | null; policy: string; text: string }>;
    expect(files['page']).toMatchObject({ status: 200, type: 'text/html; charset=utf-8', policy });
    expect([files['outside']!.status, files['foreign']!.status, files['missing']!.status, files['post']!.status]).toEqual([404, 404, 404, 405]);
    expect(JSON.parse(readFileSync(path.join(dir, 'window-state.json'), 'utf8'))).toEqual({ x: 100, y: 80, width: 1_200, height: 700, maximized: false });
  });

  it('starts a crashed engine again, says so, and gives the page a new port', async () => {
    expect(await drive('crash')).toEqual({ same: true, message: ['The engine stopped and is started again.'], utilities: 2 });
  });

  it('leaves at once when another instance runs', async () => {
    expect(await drive('second', { STAND_IN_SECOND: '1' })).toEqual({ windows: 0, utilities: 0, exits: [0] });
  });

  it('exposes nothing to a page of another origin or to a frame', async () => {
    expect(await drive('preload')).toEqual({ exposed: [] });
  });
});

describe('the real Electron runtime', () => {
  const runtime = [process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '', path.join(root, 'node_modules/electron/dist')].filter(Boolean).map((place) => path.join(place, process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron')).find((file) => existsSync(file));

  it('opens the desk in a window', async (context) => {
    if (!runtime) context.skip('no Electron runtime here');
    const { _electron } = await import('playwright-core');
    const app = await _electron.launch({ executablePath: runtime!, args: [path.join(root, 'out/shell/main/main.js'), '--data', path.join(dir, 'data'), ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])], env: { ...process.env, NODE_ENV: 'test' } });
    try {
      const window = await app.firstWindow();
      await window.waitForURL(/^app:\/\/desk\//);
      await window.locator('#root > :not(style)').first().waitFor();
      expect(await window.evaluate(() => [typeof (globalThis as { require?: unknown }).require, typeof (globalThis as { process?: unknown }).process])).toEqual(['undefined', 'undefined']);
    } finally {
      await app.close();
    }
  });
});
