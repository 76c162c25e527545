import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#kernel/log.ts';
import type { EngineLink } from '../message-port.ts';

export const HOOKS_PREFIX = '/hooks';
const BODY_LIMIT_BYTES = 262_144;
/** SendGrid sends events by the batch, 768 KiB at most. */
const BATCH_LIMIT_BYTES = 1_048_576;
const BATCHES = 'sendgrid';
/** Behind a proxy all vendors share its address. Who is told to wait tries again, and the desk asks by itself meanwhile. */
const CALLS_PER_MINUTE = 300;
const ANSWER_MS = 25_000;
/** What signatures are in, and nothing else. */
const SIGNING_HEADERS = /^(content-type|signature|stripe-signature|x-twilio-(signature|email-event-webhook-(signature|timestamp))|paypal-(auth-algo|cert-url|transmission-(id|sig|time)))$/;
const STATUS: Readonly<Record<string, number>> = { taken: 200, known: 200, foreign: 200, refused: 400, unknown: 404, later: 503 };
/** Twilio would send any other text on to whoever wrote. */
const NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

export const isHook = ({ method, url }: { readonly method: string; readonly url: string }): boolean => method === 'POST' && url.startsWith(`${HOOKS_PREFIX}/`);

export interface HookOptions {
  readonly engine: EngineLink;
  readonly logger: Logger;
  /** Where vendors reach this host, without a slash at its end; null: nobody can, and no notice is taken. */
  readonly publicUrl: string | null;
}

async function ask({ engine, publicUrl }: HookOptions & { readonly publicUrl: string }, request: FastifyRequest<{ Params: { name: string } }>): Promise<string | null> {
  const headers = Object.fromEntries(Object.entries(request.headers).filter((pair): pair is [string, string] => SIGNING_HEADERS.test(pair[0]) && typeof pair[1] === 'string'));
  const raw = Buffer.isBuffer(request.body) ? request.body.toString('base64') : '';
  const answer = await engine.call({
    method: 'POST', url: new URL('http://orpc/webhooks/receive'), headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(ANSWER_MS),
    body: { json: { name: request.params.name, url: `${publicUrl}${request.url}`, headers, raw } },
  });
  const body = answer.body as { readonly json?: { readonly outcome?: unknown } } | undefined;
  const outcome = body?.json?.outcome;
  // what is no valid call (a header of 9,000 characters) is nobody's notice
  if (answer.status === 400) return 'refused';
  return answer.status === 200 && typeof outcome === 'string' ? outcome : null;
}

/**
 * `POST /hooks/{name}`: the one door without a token, because vendors have none. What proves a notice is the vendor's signature over its bytes, so these go
 * to the engine unread. Answers say nothing but whether to come again: 200 it is kept, 400 not the vendor's, 404 nobody by that name, 503 come again.
 */
export async function serveHooks(app: FastifyInstance, options: HookOptions): Promise<void> {
  const { publicUrl, logger } = options;
  if (publicUrl === null) return;
  const handle = async (request: FastifyRequest<{ Params: { name: string } }>, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store');
    let outcome: string | null = null;
    try {
      outcome = await ask({ ...options, publicUrl }, request);
    } catch (error) {
      logger.error('a notice could not be handed to the engine', { name: request.params.name, error });
    }
    const status = outcome === null ? 503 : (STATUS[outcome] ?? 503);
    if (status === 503) return reply.code(503).header('retry-after', '60').send();
    if (status !== 200) logger.warn('a notice was turned away', { name: request.params.name, outcome });
    return status === 200 ? reply.type('text/xml').send(NO_REPLY) : reply.code(status).send();
  };
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const config = { rateLimit: { max: CALLS_PER_MINUTE, timeWindow: 60_000, keyGenerator: (request: FastifyRequest) => `hooks:${request.ip}` } };
    scope.post(`${HOOKS_PREFIX}/:name(^${BATCHES}$)`, { bodyLimit: BATCH_LIMIT_BYTES, config }, handle);
    scope.post(`${HOOKS_PREFIX}/:name`, { bodyLimit: BODY_LIMIT_BYTES, config }, handle);
  });
}
