import { createORPCClient } from '@orpc/client';
import { LinkMessagePortClient, RPCLink } from '@orpc/client/message-port';
import type { SupportedMessagePort } from '@orpc/client/message-port';
import type { AnyContractRouter } from '@orpc/contract';
import { StandardOpenAPIHandler } from '@orpc/openapi/standard';
import { ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { Logger } from '#kernel/log.ts';
import { screenMessages } from './screen-messages.ts';
import type { ContractClient, ServedRouter } from './served-router.ts';

/** A port of `worker_threads`, of a browser, or Electron's `MessagePortMain`. */
export type Port = SupportedMessagePort;

/** Where REST requests live on a port, beside the RPC paths of the contract: `/api/opportunities`. No module of the contract may be called `api`. */
export const REST_PREFIX = '/api';

type PortRequest = Parameters<LinkMessagePortClient<Record<never, never>>['call']>[0];
type PortResponse = Awaited<ReturnType<LinkMessagePortClient<Record<never, never>>['call']>>;

/** A request and its answer, as they cross a port: the body is parsed JSON or an event iterator, not bytes. */
export interface EngineLink {
  call(request: EngineRequest): Promise<EngineResponse>;
}
export type EngineRequest = PortRequest;
export type EngineResponse = Omit<PortResponse, 'body'> & { readonly body: Awaited<ReturnType<PortResponse['body']>> };

/** Logs what no procedure declares: a bug or broken infrastructure, never an expected refusal. The caller is told only that it went wrong. */
function logUnexpected(error: unknown, path: string, logger: Logger): void {
  if (error instanceof ORPCError && error.status < 500) return;
  if (error instanceof Error && error.name === 'AbortError') return;
  logger.error('procedure failed', { procedure: path, error });
}

/**
 * Serves a router on ports: RPC for windows and, under `/api`, the REST form of the same procedures for a host that forwards HTTP.
 * One server takes any number of ports; a port that closes cancels what it had under way.
 */
export function createPortServer({ router, context }: ServedRouter, logger: Logger): { serve(port: Port): void } {
  if (Object.hasOwn(router, REST_PREFIX.slice(1))) throw new Error(`a module of the contract is called ${REST_PREFIX.slice(1)}: its RPC paths would be taken for REST`);
  const logging = [
    async ({ next, path }: { next(): Promise<unknown>; path: readonly string[] }) => {
      try {
        return await next();
      } catch (error) {
        logUnexpected(error, path.join('.'), logger);
        throw error;
      }
    },
  ];
  const rest = new StandardOpenAPIHandler(router, { clientInterceptors: logging });
  const handler = new RPCHandler(router, {
    clientInterceptors: logging,
    rootInterceptors: [(options) => (options.request.url.pathname.startsWith(`${REST_PREFIX}/`) ? rest.handle(options.request, { context: options.context, prefix: REST_PREFIX }) : options.next())],
  });
  return {
    serve(port) {
      handler.upgrade(screenMessages(port, logger), { context });
      startPort(port);
    },
  };
}

/** The typed client over a port that `createPortServer` serves. */
export function createPortClient<T extends AnyContractRouter>(port: Port): ContractClient<T> {
  const link = new RPCLink({ port });
  startPort(port);
  return createORPCClient(link);
}

/** Forwards whole requests over a port, without knowing what is behind it. Streams, typed errors and cancellation cross as they are. */
export function createPortLink(port: Port): EngineLink {
  const client = new LinkMessagePortClient<Record<never, never>>({ port });
  startPort(port);
  const ended = whenClosed(port);
  return {
    async call(request) {
      const answer = async (): Promise<EngineResponse> => {
        const response = await client.call(request, { context: {} }, [], undefined);
        return { status: response.status, headers: response.headers, body: await response.body() };
      };
      return Promise.race([answer(), ended]);
    },
  };
}

/** Rejects when the other side has gone: what was sent to it, or is sent to it from then on, gets no answer. */
function whenClosed(port: Port): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const tell = () => reject(new Error('the engine ended before it answered'));
  if ('on' in port && typeof port.on === 'function') port.on('close', tell);
  else if (port instanceof EventTarget) port.addEventListener('close', tell);
  // nobody may be waiting when it closes
  promise.catch(() => {});
  return promise;
}

/** Browser ports with listeners, and Electron's, hold their messages back until they are started. */
function startPort(port: Port): void {
  if ('start' in port && typeof port.start === 'function') port.start();
}
