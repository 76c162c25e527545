import { rmSync } from 'node:fs';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { contract } from '#contract/index.ts';
import { ensureDataDir, readApiToken, writeFileAtomically } from '#app/hosting/data-dir.ts';
import type { EngineInit } from '#app/hosting/host-protocol.ts';
import { openLog } from '#app/hosting/open-log.ts';
import { superviseEngine } from '#app/hosting/supervise-engine.ts';
import { spawnEngineThread } from '#app/hosting/thread-channel.ts';
import { startHttpHost } from '#app/transports/http.ts';
import type { HttpHost } from '#app/transports/http.ts';
import { createPortLink } from '#app/transports/message-port.ts';
import type { EngineLink } from '#app/transports/message-port.ts';
import { HOST_FILE } from './host-file.ts';

/** Where the desk is served when nothing else is asked for and the port is free: an address that can be kept. */
export const USUAL_PORT = 4680;

export interface DeskOptions {
  readonly init: Omit<EngineInit, 'threads'>;
  /** Null: the usual port, or a free one where that is taken. */
  readonly port: number | null;
  readonly address: string;
  readonly allowedHosts: readonly string[];
  /** Null (the default): no vendor can send a notice. */
  readonly publicUrl?: string | null;
  /** File URL of the engine's thread. */
  readonly engineThread: string;
  /** Tells the command line where the desk is. Not for one that is open only as long as a command: another command would be cut off with it. */
  readonly announce: boolean;
  /** The built window; the program's own unless told. */
  readonly rendererDir?: string;
  /** A line for the person who watches the terminal. */
  tell(line: string): void;
  /** The engine cannot be kept running. */
  onGivenUp(reason: string): void;
}

export interface ServedDesk {
  readonly url: string;
  issueSignInUrl(): string;
  stop(): Promise<void>;
}

const inUse = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Starts the engine in its thread and serves it over HTTP from this one. */
export async function serveDesk({ init, tell, onGivenUp, ...options }: DeskOptions): Promise<ServedDesk> {
  const dataDir = ensureDataDir(init.dataDir);
  const { logger, close: closeLog } = await openLog(dataDir, 'host');
  let link: EngineLink | null = null;
  const engine: EngineLink = { call: (request) => (link ? link.call(request) : Promise.reject(new Error('the engine is not running'))) };
  const supervisor = superviseEngine<MessagePort>({
    // A seed asked for on the command line holds until the person chooses the other market.
    spawn: (cause) => spawnEngineThread(options.engineThread, { ...init, dataDir, ...(options.publicUrl ? { publicUrl: options.publicUrl } : {}), seed: cause === 'asked' ? null : init.seed, threads: { practice: new URL('../app/hosting/practice-thread.ts', import.meta.url).href, reader: null, priceList: null, documents: null } }),
    logger,
    onUp: (up) => {
      const { port1, port2 } = new MessageChannel();
      up.serve(port1);
      link = createPortLink(port2);
    },
    onDown: (reason) => {
      link = null;
      tell(`the engine starts again: ${reason.split('\n')[0]}`);
    },
    onGivenUp,
  });
  await supervisor.start();
  const listen = (port: number) =>
    startHttpHost({ engine, contract, version: init.version, logger, apiToken: readApiToken(dataDir), rendererDir: options.rendererDir ?? path.join(init.rootDir, 'out/renderer'), address: options.address, allowedHosts: options.allowedHosts, publicUrl: options.publicUrl ?? null, port });
  let host: HttpHost;
  try {
    host = await listen(options.port ?? USUAL_PORT).catch((error: unknown) => {
      if (options.port === null && inUse(error)) return listen(0);
      throw inUse(error) ? new Error(`port ${options.port} is taken by another program: choose another with --port`) : error;
    });
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  const hostFile = path.join(dataDir, HOST_FILE);
  if (options.announce) writeFileAtomically(hostFile, `${JSON.stringify({ url: host.url, pid: process.pid })}\n`);
  return {
    url: host.url,
    issueSignInUrl: () => host.issueSignInUrl(),
    async stop() {
      // first: whoever reads it from here on opens a desk of its own, or is told that the folder is still in use
      if (options.announce) rmSync(hostFile, { force: true });
      await host.close();
      await supervisor.stop();
      closeLog();
    },
  };
}
