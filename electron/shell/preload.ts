import { contextBridge, ipcRenderer } from 'electron';
import { APP_ORIGIN, PORT, REQUEST_PORT } from './window-origin.ts';

// All that a page gets from us: it may ask for a port to the engine, and is handed one. No channel, no name, no payload of the page's choosing passes.
if (window.location.origin === APP_ORIGIN && window.top === window) {
  contextBridge.exposeInMainWorld('resaleDesk', { requestPort: () => ipcRenderer.send(REQUEST_PORT) });
  ipcRenderer.on(PORT, ({ ports }) => {
    const [port] = ports;
    if (port && ports.length === 1) window.postMessage(PORT, APP_ORIGIN, [port]);
  });
}
