// A stand-in for the module `electron`, so that the built shell boots under plain Node where no Electron runtime can be had. It is not Electron: it
// records what the shell sets, runs utility processes as worker threads, and carries ports between them. `record` is what tests read.
import { EventEmitter } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';

export const record = { windows: [], schemes: [], protocols: new Map(), opened: [], dialogs: [], utilities: [], exits: [], sandboxed: false, exposed: {}, lockAsked: 0 };
globalThis.standIn = record;

class App extends EventEmitter {
  isPackaged = false;
  enableSandbox() { record.sandboxed = true; }
  requestSingleInstanceLock() { record.lockAsked++; return process.env.STAND_IN_SECOND !== '1'; }
  whenReady() { return Promise.resolve(); }
  getVersion() { return '0.1.0'; }
  getPath() { return process.env.STAND_IN_USER_DATA; }
  quit() {
    const event = { prevented: false, preventDefault() { this.prevented = true; } };
    this.emit('before-quit', event);
    if (!event.prevented) this.exit(0);
  }
  exit(code) { record.exits.push(code); this.emit('stand-in-exit', code); }
}
export const app = new App();

class Session {
  webRequest = { onHeadersReceived: (listener) => { this.headersReceived = listener; } };
  setPermissionRequestHandler(handler) { this.permissionRequest = handler; }
  setPermissionCheckHandler(handler) { this.permissionCheck = handler; }
  setDevicePermissionHandler(handler) { this.devicePermission = handler; }
}
export const session = { defaultSession: new Session() };
record.session = session.defaultSession;

export const protocol = {
  registerSchemesAsPrivileged: (schemes) => record.schemes.push(...schemes),
  handle: (scheme, handler) => record.protocols.set(scheme, handler),
};

export const ipcMain = new EventEmitter();
export const ipcRenderer = Object.assign(new EventEmitter(), {
  send(channel, ...args) {
    const { webContents } = record.windows.at(-1);
    ipcMain.emit(channel, { sender: webContents, senderFrame: record.frame ?? webContents.mainFrame }, ...args);
  },
});
export const contextBridge = { exposeInMainWorld: (name, api) => { record.exposed[name] = api; } };

class WebContents extends EventEmitter {
  mainFrame = { origin: 'app://desk' };
  reloads = 0;
  setWindowOpenHandler(handler) { this.windowOpen = handler; }
  reload() { this.reloads++; }
  postMessage(channel, message, ports) { ipcRenderer.emit(channel, { ports }, message); }
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows() { return record.windows.filter((window) => !window.isDestroyed()); }
  webContents = new WebContents();
  bounds;
  loaded = [];
  focused = 0;
  constructor(options) {
    super();
    this.options = options;
    this.bounds = { x: options.x, y: options.y, width: options.width, height: options.height };
    record.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url) { this.loaded.push(url); return Promise.resolve(); }
  show() { this.shown = true; }
  focus() { this.focused++; }
  maximize() { this.maximized = true; }
  isMaximized() { return this.maximized === true; }
  isMinimized() { return false; }
  isDestroyed() { return this.closed === true; }
  getNormalBounds() { return this.bounds; }
  close() { this.emit('close'); this.closed = true; app.emit('window-all-closed'); }
}

export const screen = {
  getPrimaryDisplay: () => ({ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }),
  getAllDisplays: () => [screen.getPrimaryDisplay()],
};
export const dialog = { showErrorBox: (title, text) => record.dialogs.push({ title, text }), showMessageBox: (_window, options) => { record.dialogs.push(options); return Promise.resolve({ response: 0 }); } };
export const shell = { openExternal: (url) => { record.opened.push(url); return Promise.resolve(); } };

/** Its ports are those of worker_threads: they can travel into the worker that stands for the process. */
export const MessageChannelMain = MessageChannel;

/** Gives a worker the `process.parentPort` of a utility process, then runs the program in it. */
const PARENT_PORT = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { EventEmitter } = require('node:events');
  const port = new EventEmitter();
  port.postMessage = (message) => parentPort.postMessage(message);
  const waiting = [];
  parentPort.on('message', (event) => (port.listenerCount('message') > 0 ? port.emit('message', event) : waiting.push(event)));
  port.on('newListener', (name) => { if (name === 'message') setImmediate(() => { for (const event of waiting.splice(0)) port.emit('message', event); }); });
  process.parentPort = port;
  process.argv = [process.argv[0], workerData.script, ...workerData.args];
  import(workerData.url);
`;
export const utilityProcess = {
  fork(script, args, options) {
    const worker = new Worker(PARENT_PORT, { eval: true, workerData: { script, args, url: pathToFileURL(path.resolve(script)).href } });
    const child = new EventEmitter();
    worker.on('message', (message) => child.emit('message', message));
    worker.on('error', (error) => console.error('utility process:', error));
    worker.on('exit', (code) => child.emit('exit', code));
    child.postMessage = (data, ports = []) => worker.postMessage({ data, ports }, ports);
    child.kill = () => { void worker.terminate(); return true; };
    record.utilities.push({ script, args, options, child });
    return child;
  },
};

export default { app, session, protocol, ipcMain, ipcRenderer, contextBridge, BrowserWindow, screen, dialog, shell, MessageChannelMain, utilityProcess };
