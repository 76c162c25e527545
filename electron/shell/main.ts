import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, dialog, ipcMain, MessageChannelMain, protocol, session } from 'electron';
import type { MessagePortMain } from 'electron';
import { messageOf } from '#kernel/errors.ts';
import { defaultDataDir, ensureDataDir } from '#app/hosting/data-dir.ts';
import { openLog } from '#app/hosting/open-log.ts';
import { MOST_PRACTICE_SPEED } from '#app/hosting/practice-clock.ts';
import { superviseEngine } from '#app/hosting/supervise-engine.ts';
import { hardenApp, hardenSession } from './harden-window.ts';
import { openWindow } from './open-window.ts';
import { createWindowServer } from './serve-window.ts';
import { spawnEngineProcess } from './spawn-engine.ts';
import { APP_ORIGIN, APP_SCHEME, PORT, REQUEST_PORT } from './window-origin.ts';

/** Electron's main process: a window, and the engine in a process of its own. This process runs no query and holds no secret. */
const bundles = path.resolve(import.meta.dirname, '..');
const rootDir = path.resolve(bundles, '../..');
const bundleUrl = (name: string) => pathToFileURL(path.join(bundles, name, `${name}.js`)).href;

/** Our own options among those of Chromium; what is not ours is left alone. */
function readOptions(): { dataDir: string; seed: number | null; speed: number | null } {
  const { values } = parseArgs({ args: process.argv.slice(1), strict: false, options: { data: { type: 'string' }, practice: { type: 'string' }, 'practice-speed': { type: 'string' } } });
  const seed = typeof values.practice === 'string' && /^\d{1,9}$/.test(values.practice) ? Number(values.practice) : null;
  const asked = Number(values['practice-speed']);
  const speed = Number.isInteger(asked) && asked >= 1 && asked <= MOST_PRACTICE_SPEED ? asked : null;
  return { dataDir: ensureDataDir(typeof values.data === 'string' ? values.data : defaultDataDir({ platform: process.platform, home: os.homedir(), env: process.env })), seed, speed };
}

async function startShell(): Promise<void> {
  const { dataDir, seed, speed } = readOptions();
  const log = await openLog(dataDir, 'shell');
  let engine: { serve(port: MessagePortMain): void } | null = null;
  let window: BrowserWindow | null = null;
  let wanted = false;
  const handPort = () => {
    if (!engine || !window || window.isDestroyed()) return;
    wanted = false;
    const { port1, port2 } = new MessageChannelMain();
    engine.serve(port1);
    window.webContents.postMessage(PORT, null, [port2]);
  };
  ipcMain.on(REQUEST_PORT, (event) => {
    const frame = event.senderFrame;
    if (!frame || event.sender !== window?.webContents || frame !== window.webContents.mainFrame || frame.origin !== APP_ORIGIN) return log.logger.warn('a port was asked for from elsewhere', { origin: frame?.origin });
    wanted = true;
    handPort();
  });
  let crashed = false;
  const supervisor = superviseEngine<MessagePortMain>({
    spawn: (cause) =>
      spawnEngineProcess(path.join(bundles, 'engine/engine.js'), {
        dataDir, version: app.getVersion(), seed: cause === 'asked' ? null : seed, ...(speed === null ? {} : { speed }), rootDir, threads: { practice: bundleUrl('practice'), reader: bundleUrl('reader'), priceList: bundleUrl('price-list'), documents: bundleUrl('documents') },
      }),
    logger: log.logger,
    onUp: (up) => {
      const again = engine !== null || crashed;
      engine = up;
      crashed = false;
      // The page holds one port for its life: a new engine needs a new page.
      if (again && window && !window.isDestroyed()) window.webContents.reload();
      else if (wanted) handPort();
    },
    onDown: (reason, cause) => {
      engine = null;
      crashed = true;
      if (cause === 'crash' && window && !window.isDestroyed()) {
        void dialog.showMessageBox(window, { type: 'warning', title: 'Resale Desk', message: 'The engine stopped and is started again.', detail: `Nothing that was under way is lost: it goes on where it was.\n\n${reason.split('\n')[0]}` });
      }
    },
    onGivenUp: (reason) => {
      dialog.showErrorBox('Resale Desk cannot go on', `The engine stops again and again: ${reason.split('\n')[0]}\n\nIts log is in ${path.join(dataDir, 'logs')}.`);
      app.exit(1);
    },
  });

  protocol.handle(APP_SCHEME, createWindowServer(path.join(rootDir, 'out/renderer')));
  hardenSession(session.defaultSession);
  const open = () => {
    window = openWindow({ preload: path.join(bundles, 'preload/preload.cjs'), userData: app.getPath('userData') });
  };
  app.on('second-instance', () => {
    if (!window || window.isDestroyed()) return open();
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on('window-all-closed', () => app.quit());
  let stopping = false;
  app.on('before-quit', (event) => {
    if (stopping) return;
    stopping = true;
    event.preventDefault();
    void supervisor.stop().finally(() => {
      log.close();
      app.exit(0);
    });
  });
  open();
  await supervisor.start();
}

app.enableSandbox();
protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
hardenApp(app);
if (app.requestSingleInstanceLock()) {
  app
    .whenReady()
    .then(startShell)
    .catch((error: unknown) => {
      dialog.showErrorBox('Resale Desk cannot start', messageOf(error));
      app.exit(1);
    });
} else app.quit();
