import type { ParentPort } from 'electron';
import { composeApp } from '#app/compose.ts';
import { runEngine } from '#app/hosting/run-engine.ts';

/** The engine in Electron's utility process: no window, no page, only ports. Its start values come as the one argument. */
const parent: ParentPort = process.parentPort;
await runEngine(JSON.parse(process.argv.at(-1) ?? 'null'), {
  send: (message) => parent.postMessage(message),
  onMessage: (listener) => parent.on('message', ({ data, ports }) => listener(data, ports[0] ?? null)),
}, composeApp);
