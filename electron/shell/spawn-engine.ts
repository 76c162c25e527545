import { utilityProcess } from 'electron';
import type { MessagePortMain } from 'electron';
import type { EngineInit } from '#app/hosting/host-protocol.ts';
import type { EngineRun } from '#app/hosting/supervise-engine.ts';

/** Starts the engine in a utility process. @param script path of its bundle */
export function spawnEngineProcess(script: string, init: EngineInit): EngineRun<MessagePortMain> {
  const child = utilityProcess.fork(script, [JSON.stringify(init)], { serviceName: 'Resale Desk engine', stdio: 'inherit' });
  return {
    send: (message, port) => child.postMessage(message, port ? [port] : []),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', (code) => listener(`exit code ${code}`)),
    kill: () => void child.kill(),
  };
}
