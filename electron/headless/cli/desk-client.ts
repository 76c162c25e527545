import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import type { Contract } from '#contract/index.ts';
import { readApiToken } from '#app/hosting/data-dir.ts';
import { HOST_FILE } from '../host-file.ts';

export type DeskClient = ContractRouterClient<Contract>;

export interface OpenDesk {
  readonly client: DeskClient;
  close(): Promise<void>;
}

export interface DeskPlace {
  readonly dataDir: string;
  readonly rootDir: string;
  readonly version: string;
  readonly seed: number | null;
}

const hostFile = z.object({ url: z.url() });

function connect(url: string, token: string): DeskClient {
  return createORPCClient(new RPCLink({ url: `${url.replace(/\/$/, '')}/rpc`, headers: { authorization: `Bearer ${token}` } }));
}

/** The desk that is running on this data folder, if one is. */
async function findRunning(place: DeskPlace): Promise<DeskClient | null> {
  try {
    const { url } = hostFile.parse(JSON.parse(readFileSync(path.join(place.dataDir, HOST_FILE), 'utf8')));
    const client = connect(url, readApiToken(place.dataDir));
    await client.system.info();
    return client;
  } catch {
    return null; // none was left, or what was left is stale: a desk of our own is started instead
  }
}

/** Joins the desk that is open on the data folder, or opens it for the time of the command. */
export async function openDesk(place: DeskPlace): Promise<OpenDesk> {
  const running = await findRunning(place);
  if (running) return { client: running, close: () => Promise.resolve() };
  const { serveDesk } = await import('../serve-desk.ts');
  const desk = await serveDesk({
    init: place, port: 0, address: '127.0.0.1', allowedHosts: [], engineThread: new URL('../engine-thread.ts', import.meta.url).href, announce: false,
    tell: (line) => process.stderr.write(`resale: ${line}\n`),
    onGivenUp: (reason) => {
      process.stderr.write(`resale: the engine cannot run: ${reason}\n`);
      process.exit(1);
    },
  });
  return { client: connect(desk.url, readApiToken(place.dataDir)), close: () => desk.stop() };
}
