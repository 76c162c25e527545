import { createORPCClient } from '@orpc/client';
import type { ClientLink } from '@orpc/client';
import { RPCLink as FetchLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import type { Contract } from '#contract/index.ts';

export type DeskClient = ContractRouterClient<Contract>;

/** What the preload offers inside the Electron window: ask, and a message of `PORT_MESSAGE` brings one end of a port to the engine. */
interface DeskBridge { requestPort(): void }
export const PORT_MESSAGE = 'resale-desk:port';
declare global {
  interface Window { resaleDesk?: DeskBridge }
}

function portFromPreload(bridge: DeskBridge): Promise<MessagePort> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== PORT_MESSAGE || !port) return;
      window.removeEventListener('message', receive);
      resolve(port);
    };
    window.addEventListener('message', receive);
    bridge.requestPort();
  });
}

/** Over the preload's message port in the Electron window, else over HTTP to the host that served this page. */
async function openLink(): Promise<ClientLink<Record<never, never>>> {
  if (!window.resaleDesk) return new FetchLink({ url: `${window.location.origin}/rpc` });
  const port = await portFromPreload(window.resaleDesk);
  port.start();
  return new PortLink({ port });
}

const link = openLink();
/** Calls wait for the link; there is one for the life of the page. */
const deferred: ClientLink<Record<never, never>> = { call: async (path, input, options) => (await link).call(path, input, options) };

export const client: DeskClient = createORPCClient(deferred);
export const orpc = createTanstackQueryUtils(client);
