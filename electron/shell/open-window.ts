import path from 'node:path';
import { BrowserWindow, screen } from 'electron';
import { keepWindowState, placeWindow, readWindowState, SMALLEST } from './window-state.ts';
import { APP_ORIGIN } from './window-origin.ts';

export interface WindowFiles {
  readonly preload: string;
  /** Folder of the person's own settings of this machine. */
  readonly userData: string;
}

/** Opens the desk's window where it was. The page gets no privilege of ours but the preload's port. */
export function openWindow({ preload, userData }: WindowFiles): BrowserWindow {
  const stateFile = path.join(userData, 'window-state.json');
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  const { maximized, ...bounds } = placeWindow(readWindowState(stateFile), [primary, ...others].map((display) => display.workArea));
  const window = new BrowserWindow({
    ...bounds, minWidth: SMALLEST.width, minHeight: SMALLEST.height, show: false, title: 'Resale Desk', autoHideMenuBar: true,
    webPreferences: {
      preload, contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInWorker: false, nodeIntegrationInSubFrames: false, webSecurity: true,
      allowRunningInsecureContent: false, webviewTag: false, navigateOnDragDrop: false, experimentalFeatures: false,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => keepWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }));
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}
