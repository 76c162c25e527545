import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import type { AnyContractRouter } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/fastify';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { messageOf } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import { HttpAccess } from './http-access.ts';
import type { EngineLink } from './message-port.ts';
import { REST_PREFIX } from './message-port.ts';
import { generateOpenApiDocument } from './openapi-document.ts';
import { isHook, serveHooks } from './hooks/serve-hooks.ts';
import { isPhone, servePhone } from './phone/serve-phone.ts';
import { contentSecurityPolicy } from './security-headers.ts';

const RPC_PREFIX = '/rpc';
const BODY_LIMIT_BYTES = 1_048_576;
/** Failed sign-ins that one address may make in a minute before it is told to wait. */
const FAILURES_PER_MINUTE = 20;
/** Headers that the engine needs; cookies and tokens end at this host. */
const FORWARDED_HEADERS = /^(content-type|content-disposition|accept|accept-language|last-event-id|user-agent|x-orpc-.*)$/;

export interface HttpHostOptions {
  readonly engine: EngineLink;
  readonly contract: AnyContractRouter;
  readonly version: string;
  readonly logger: Logger;
  readonly apiToken: string;
  /** The built renderer; null serves the interfaces alone. */
  readonly rendererDir: string | null;
  /** Loopback unless told otherwise. */
  readonly address?: string;
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  readonly allowedHosts?: readonly string[];
  /** Where the world reaches this host (`https://desk.example`), through a proxy that speaks TLS: vendors may send notices to `/hooks/…` then. */
  readonly publicUrl?: string | null;
}

export interface HttpHost {
  /** `http://127.0.0.1:4123`. */
  readonly url: string;
  /** The desk's address with a fresh one-time token, for a browser. */
  issueSignInUrl(): string;
  close(): Promise<void>;
}

/** An error in the shape that oRPC clients read. */
const errorBody = (code: string, status: number, message: string) => ({ defined: false, code, status, message });

/**
 * Serves the desk over HTTP: `/rpc` for the window, `/api` (REST, with `/api/openapi.json`) for programs, the built window for browsers. Requests go
 * to the engine over `engine`; this thread runs no query. Every request needs a session cookie (from a one-time token) or the API token.
 */
export async function startHttpHost(options: HttpHostOptions): Promise<HttpHost> {
  const address = options.address ?? '127.0.0.1';
  const access = new HttpAccess({ apiToken: options.apiToken, address, allowedHosts: options.allowedHosts ?? [] });
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true, requestTimeout: 30_000, trustProxy: false, routerOptions: { maxParamLength: 2_000 } });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy() },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  await app.register(rateLimit, { global: false });
  const publicUrl = options.publicUrl ?? null;
  guard(app, access, publicUrl !== null);
  app.setErrorHandler((error, request, reply) => answerError(error, { request, reply, logger: options.logger }));
  forward(app, options);
  servePhone(app, { engine: options.engine, logger: options.logger, pageDir: options.rendererDir === null ? null : path.join(options.rendererDir, 'phone'), cookieName: () => access.cookieName.replace('desk', 'phone') });
  await serveHooks(app, { engine: options.engine, logger: options.logger, publicUrl });
  await serveOpenApi(app, options);
  await serveRenderer(app, options.rendererDir);
  await app.listen({ host: address, port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  access.listensOn(port);
  const url = `http://${urlHost(address)}:${port}`;
  return { url, issueSignInUrl: () => `${url}/?token=${access.issueOneTimeToken()}`, close: () => app.close() };
}

/** A name for the address that a browser can open: an unspecified address is reached through loopback. */
function urlHost(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}

function isInterface(url: string): boolean {
  return url.startsWith(`${RPC_PREFIX}/`) || url.startsWith(`${REST_PREFIX}/`);
}

/** Place first, then the one-time token, then credentials: all before a byte of the body is read. */
function guard(app: FastifyInstance, access: HttpAccess, takesHooks: boolean): void {
  const countFailure = app.createRateLimit({ max: FAILURES_PER_MINUTE, timeWindow: 60_000 });
  const refuse = async (request: FastifyRequest, reply: FastifyReply, refusal: { status: number; code: string; message: string }) => {
    if (refusal.status === 401) {
      const failures = await countFailure(request);
      if (!failures.isAllowed && failures.isExceeded) {
        return reply.code(429).header('retry-after', failures.ttlInSeconds).send(errorBody('TOO_MANY_REQUESTS', 429, 'Too many attempts without a valid token: wait a minute.'));
      }
    }
    reply.code(refusal.status).header('cache-control', 'no-store');
    if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="Resale Desk"');
    if (!isInterface(request.url) && String(request.headers.accept).includes('text/html')) return reply.type('text/plain; charset=utf-8').send(`${refusal.message}\n`);
    return reply.send(errorBody(refusal.code, refusal.status, refusal.message));
  };
  app.addHook('onRequest', async (request, reply) => {
    // a vendor has no token and comes by the proxy's name; its signature is checked instead
    if (takesHooks && isHook(request)) return;
    const navigation = request.method === 'GET' && !isInterface(request.url);
    const foreign = access.checkPlace(request.headers, navigation);
    if (foreign) return refuse(request, reply, foreign);
    // a phone has credentials of its own, which open its own few questions alone
    if (isPhone(request.url)) return;
    const token = request.method === 'GET' && request.url.startsWith('/?') ? new URLSearchParams(request.url.slice(2)).get('token') : null;
    if (token !== null) {
      const session = access.redeem(token);
      if (session !== null) return welcome(reply, `${access.cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`);
      // A reload of the opened address is harmless: whoever has a session already goes on with it.
      if (access.checkCredentials(request.headers) === null) return reply.redirect('/', 303);
      return refuse(request, reply, { status: 401, code: 'UNAUTHORIZED', message: 'This address was used before, or is not from this desk. The desk prints a new one when it starts.' });
    }
    const refusal = access.checkCredentials(request.headers);
    if (refusal) return refuse(request, reply, refusal);
  });
}

/**
 * Sets the cookie and moves on to the desk, dropping the token from the address. A page that moves on, not a redirect: after a click in another
 * site's page a browser withholds a SameSite=Strict cookie from the whole chain of redirects.
 */
function welcome(reply: FastifyReply, cookie: string): FastifyReply {
  const page = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Resale Desk</title><a href="/">Open the desk</a>';
  return reply.header('set-cookie', cookie).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page);
}

/** Sends RPC and REST requests on to the engine as they are. */
function forward(app: FastifyInstance, { engine, logger }: HttpHostOptions): void {
  // The router is empty: the one interceptor answers everything from the other side of the port.
  const handler = new RPCHandler(
    {},
    {
      strictGetMethodPluginEnabled: false,
      rootInterceptors: [
        async ({ request }) => {
          const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => FORWARDED_HEADERS.test(name)));
          const target = request.url.pathname.startsWith(`${RPC_PREFIX}/`) ? request.url.pathname.slice(RPC_PREFIX.length) : request.url.pathname;
          const url = new URL(`http://orpc${target}${request.url.search}`);
          try {
            const response = await engine.call({ method: request.method, url, headers, body: await request.body(), signal: request.signal });
            return { matched: true as const, response };
          } catch (cause) {
            if (!request.signal?.aborted) logger.error('the engine did not answer', { path: target, error: cause });
            return { matched: true as const, response: { status: 503, headers: {}, body: errorBody('ENGINE_UNAVAILABLE', 503, 'The engine is not running just now. It starts again by itself.') } };
          }
        },
      ],
    },
  );
  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    await handler.handle(request, reply, { context: {} });
  };
  app.post(`${RPC_PREFIX}/*`, handle);
  app.route({ method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], url: `${REST_PREFIX}/*`, handler: handle });
}

async function serveOpenApi(app: FastifyInstance, { contract, version }: HttpHostOptions): Promise<void> {
  let document: Promise<string> | null = null;
  app.get(`${REST_PREFIX}/openapi.json`, async (_request, reply) => {
    document ??= generateOpenApiDocument(contract, version).then((generated) => JSON.stringify(generated));
    return reply.type('application/json; charset=utf-8').send(await document);
  });
}

/** Files of the built window. Their names carry a hash of their content; the page that names them is always asked for anew. */
async function serveRenderer(app: FastifyInstance, rendererDir: string | null): Promise<void> {
  const built = rendererDir !== null && existsSync(path.join(rendererDir, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      root: rendererDir,
      cacheControl: false,
      setHeaders: (response, file) => {
        response.header('cache-control', path.basename(path.dirname(file)) === 'assets' ? 'private, max-age=31536000, immutable' : 'no-cache');
      },
    });
    // a browser asks for it by itself, now and then also where the page names another
    app.get('/favicon.ico', (_request, reply) => reply.sendFile('icon.svg'));
  }
  app.setNotFoundHandler((request, reply) => {
    const page = request.method === 'GET' && !isInterface(request.url) && String(request.headers.accept).includes('text/html');
    if (page && built) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    if (page) return reply.code(404).type('text/plain; charset=utf-8').send('The window is not built: npm run build makes it, and npm start does so by itself.\n');
    return reply.code(404).send(errorBody('NOT_FOUND', 404, 'There is nothing at this address.'));
  });
}

function answerError(error: unknown, { request, reply, logger }: { request: FastifyRequest; reply: FastifyReply; logger: Logger }): void {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status >= 500) {
    logger.error('http request failed', { method: request.method, path: request.url.split('?')[0], error });
    reply.code(status).send(errorBody('INTERNAL_SERVER_ERROR', status, 'Something went wrong in the desk; its log says more.'));
    return;
  }
  const code = status === 413 ? 'PAYLOAD_TOO_LARGE' : status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'BAD_REQUEST';
  reply.code(status).send(errorBody(code, status, messageOf(error)));
}
