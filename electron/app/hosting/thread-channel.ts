import { MessagePort, Worker } from 'node:worker_threads';
import type { MessagePort as ThreadPort } from 'node:worker_threads';
import type { EngineInit } from './host-protocol.ts';
import type { EngineChannel } from './run-engine.ts';
import type { EngineRun } from './supervise-engine.ts';

/** The engine's side of a worker thread. A port arrives beside the message: `{message, port}`. */
export function threadChannel(parent: ThreadPort | null): EngineChannel {
  if (!parent) throw new Error('this file is the engine’s thread: it is started by a host');
  return {
    send: (message) => parent.postMessage(message),
    onMessage: (listener) =>
      parent.on('message', (envelope: unknown) => {
        if (typeof envelope !== 'object' || envelope === null || !('message' in envelope)) return;
        const port = 'port' in envelope && envelope.port instanceof MessagePort ? envelope.port : null;
        listener(envelope.message, port);
      }),
  };
}

/** Starts the engine in a worker thread. @param script file URL of the thread */
export function spawnEngineThread(script: string, init: EngineInit): EngineRun<ThreadPort> & { readonly worker: Worker } {
  const worker = new Worker(new URL(script), { workerData: init });
  let reason: string | null = null;
  worker.on('error', (error) => {
    reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  });
  return {
    worker,
    send: (message, port) => worker.postMessage(port ? { message, port } : { message }, port ? [port] : []),
    onMessage: (listener) => worker.on('message', listener),
    onExit: (listener) => worker.once('exit', (code) => listener(reason ?? `exit code ${code}`)),
    kill: () => void worker.terminate(),
  };
}
