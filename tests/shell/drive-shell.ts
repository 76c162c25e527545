/**
 * Boots the built shell on the stand-in, does what a person and a hostile page would do, and prints what happened as one line of JSON.
 *   node --import ./stand-in-hook.mjs drive-shell.ts SCENARIO
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { createPortClient } from '#app/transports/message-port.ts';
import type { Contract } from '#contract/index.ts';

const out = path.resolve(import.meta.dirname, '../../out/shell');

interface Denial { url: string; prevented: boolean; preventDefault(): void }
interface Contents { reloads: number; mainFrame: object; windowOpen(details: { url: string }): { action: string }; emit(name: string, event: object): void }
interface StandIn {
  windows: { options: { webPreferences: Record<string, unknown> } & Record<string, unknown>; webContents: Contents; loaded: string[]; focused: number; shown?: boolean; bounds: Record<string, number>; emit(name: string): void; close(): void }[];
  schemes: { scheme: string; privileges: Record<string, boolean> }[];
  protocols: Map<string, (request: { url: string; method: string }) => Promise<Response>>;
  session: { permissionRequest(contents: { getURL(): string } | null, permission: string, callback: (granted: boolean) => void): void; permissionCheck(contents: null, permission: string, origin: string): boolean; devicePermission(): boolean; headersReceived(details: { responseHeaders: Record<string, string[]> }, callback: (answer: { responseHeaders: Record<string, string[]> }) => void): void };
  opened: string[]; dialogs: { title: string; message?: string; text?: string }[]; exits: number[]; sandboxed: boolean; lockAsked: number; exposed: Record<string, { requestPort(): void }>; frame?: object;
  utilities: { script: string; args: string[]; child: { kill(): void } }[];
}
const standIn = () => (globalThis as unknown as { standIn: StandIn }).standIn;
async function until<T>(what: string, read: () => T | null | undefined | false): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = read();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}; dialogs: ${JSON.stringify(standIn().dialogs)}`);
    await pause(20);
  }
}
/** The page's side: runs the built preload in a page of this origin, and keeps the ports that it is handed. */
async function loadPreload(origin: string, top = true): Promise<{ handed: { text: string; target: string; port: MessagePort }[] }> {
  const handed: { text: string; target: string; port: MessagePort }[] = [];
  const page = { location: { origin }, postMessage: (text: string, target: string, [port]: MessagePort[]) => handed.push({ text, target, port: port! }) } as Record<string, unknown>;
  page['top'] = top ? page : {};
  const electron = (await import('electron')) as unknown as object;
  new Function('require', 'window', 'module', 'exports', readFileSync(path.join(out, 'preload/preload.cjs'), 'utf8'))(() => electron, page, { exports: {} }, {});
  return { handed };
}

async function askPort(handed: { port: MessagePort }[], count: number) {
  standIn().exposed['resaleDesk']!.requestPort();
  const { port } = await until('a port', () => handed[count]);
  return createPortClient<Contract>(port);
}

const denied = (contents: Contents, name: string, url: string): boolean => {
  const event: Denial = { url, prevented: false, preventDefault() { this.prevented = true; } };
  contents.emit(name, event);
  return event.prevented;
};

async function inspect() {
  const { windows, session, protocols } = standIn();
  const [window] = windows;
  const contents = window!.webContents;
  const granted: boolean[] = [];
  for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'fileSystem']) session.permissionRequest(null, permission, (answer) => granted.push(answer));
  const told: boolean[] = [session.permissionCheck(null, 'notifications', 'app://desk/')];
  for (const [url, permission] of [['app://desk/approvals', 'notifications'], ['app://desk/approvals', 'media'], ['https://evil.example/', 'notifications']] as const) session.permissionRequest({ getURL: () => url }, permission, (answer) => told.push(answer));
  let headers: Record<string, string[]> = {};
  session.headersReceived({ responseHeaders: { 'content-security-policy': ['default-src *'], 'x-other': ['1'] } }, (answer) => {
    headers = answer.responseHeaders;
  });
  const serve = protocols.get('app')!;
  const get = async (url: string, method = 'GET') => {
    const answer = await serve({ url, method });
    return { status: answer.status, type: answer.headers.get('content-type'), policy: answer.headers.get('content-security-policy'), text: (await answer.text()).slice(0, 60) };
  };
  const opens = ['https://example.org/a', 'file:///etc/passwd', 'javascript:alert(1)', 'http://127.0.0.1:4680/?token=x', 'https://user:pass@example.org/', 'ms-settings:', 'http://192.168.0.1/'].map((url) => contents.windowOpen({ url }).action);
  window!.emit('ready-to-show');
  return {
    options: window!.options, loaded: window!.loaded, shown: window!.shown, sandboxed: standIn().sandboxed, schemes: standIn().schemes, lockAsked: standIn().lockAsked, granted, checks: [session.permissionCheck(null, 'media', 'app://desk/'), session.permissionCheck(null, 'notifications', 'https://evil.example/'), session.devicePermission()], told, headers,
    navigation: ['will-navigate', 'will-frame-navigate', 'will-redirect'].map((name) => [denied(contents, name, 'https://evil.example/'), denied(contents, name, 'app://desk.evil.example/'), denied(contents, name, 'app://desk/opportunities')]),
    webview: denied(contents, 'will-attach-webview', ''), opens, opened: standIn().opened,
    files: { page: await get('app://desk/opportunities/opp_1'), outside: await get('app://desk/..%2f..%2fpackage.json'), foreign: await get('app://other/index.html'), missing: await get('app://desk/nothing.js'), post: await get('app://desk/', 'POST') },
  };
}

async function boot() {
  await import(path.join(out, 'main/main.js'));
  await until('the window', () => standIn().windows.length > 0);
  const { handed } = await loadPreload('app://desk');
  const desk = await askPort(handed, 0);
  const info = await desk.system.info();
  return { handed, desk, info };
}

const scenarios: Record<string, () => Promise<object>> = {
  async boot() {
    const { handed, info, desk } = await boot();
    const [window] = standIn().windows;
    const exposed = Object.fromEntries(Object.entries(standIn().exposed).map(([name, api]) => [name, Object.keys(api)]));
    const inspected = await inspect();
    const events = await desk.system.events({}, { signal: AbortSignal.timeout(30_000) });
    await desk.system.setKillSwitch({ on: true });
    const { value: event } = await events.next();
    standIn().frame = { origin: 'https://evil.example' };
    standIn().exposed['resaleDesk']!.requestPort();
    await pause(100);
    const fromElsewhere = handed.length;
    delete standIn().frame;
    const { app } = (await import('electron')) as unknown as { app: { emit(name: string): void; on(name: string, listener: (code: number) => void): void } };
    app.emit('second-instance');
    window!.bounds = { x: 100, y: 80, width: 1_200, height: 700 };
    const left = new Promise((resolve) => app.on('stand-in-exit', resolve));
    window!.close();
    await left;
    return { info, exposed, ...inspected, event, handed: handed.map(({ text, target }) => ({ text, target })), fromElsewhere, focused: window!.focused, windows: standIn().windows.length, exits: standIn().exits, utilities: standIn().utilities.length };
  },
  async crash() {
    const { handed, info } = await boot();
    const [window] = standIn().windows;
    standIn().utilities[0]!.child.kill();
    await until('a reload', () => window!.webContents.reloads === 1);
    const desk = await askPort(handed, 1);
    const again = await desk.system.info();
    return { same: info.dataDir === again.dataDir, message: standIn().dialogs.map((dialog) => dialog.message), utilities: standIn().utilities.length };
  },
  async second() {
    await import(path.join(out, 'main/main.js'));
    await pause(300);
    return { windows: standIn().windows.length, utilities: standIn().utilities.length, exits: standIn().exits };
  },
  async preload() {
    await import('electron');
    await loadPreload('https://evil.example');
    await loadPreload('app://desk', false);
    return { exposed: Object.keys(standIn().exposed) };
  },
};

const result = await scenarios[process.env['SCENARIO'] ?? 'boot']!();
process.stdout.write(`\n@@${JSON.stringify(result)}\n`, () => process.exit(0));
