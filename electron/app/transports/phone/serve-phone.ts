import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#kernel/log.ts';
import type { EngineLink } from '../message-port.ts';

/** Everything of the phone page is under here, and nothing of the desk is: a phone's cookie opens its own few questions and no other. */
export const PHONE_PREFIX = '/phone';
/** A year: the desk unlinks a phone at once, whatever its cookie says. */
const COOKIE_SECONDS = 31_536_000;
/** Codes that one address may try in a minute. A code has 49 bits and lives for ten minutes. */
const LOGINS_PER_MINUTE = 6;
const CALLS_PER_MINUTE = 120;
const ANSWER_MS = 30_000;
/** A form of another site cannot set it, and a script of another site would first have to ask. */
const OWN_HEADER = 'x-resale-phone';

const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  [PHONE_PREFIX]: { file: 'index.html', type: 'text/html; charset=utf-8' },
  [`${PHONE_PREFIX}/`]: { file: 'index.html', type: 'text/html; charset=utf-8' },
  [`${PHONE_PREFIX}/phone.js`]: { file: 'phone.js', type: 'text/javascript; charset=utf-8' },
  [`${PHONE_PREFIX}/words.js`]: { file: 'words.js', type: 'text/javascript; charset=utf-8' },
  [`${PHONE_PREFIX}/phone.css`]: { file: 'phone.css', type: 'text/css; charset=utf-8' },
};

/** Questions of the page → procedures of the engine. */
const QUESTIONS = { login: '/approvals/phone/login', inbox: '/approvals/phone/inbox', decide: '/approvals/phone/decide', stop: '/approvals/phone/stop' } as const;
type Question = keyof typeof QUESTIONS;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export const isPhone = (url: string): boolean => url === PHONE_PREFIX || url.startsWith(`${PHONE_PREFIX}/`) || url.startsWith(`${PHONE_PREFIX}?`);

function sessionOf(request: FastifyRequest, name: string): string | null {
  const pair = (request.headers.cookie ?? '').split(';').map((text) => text.trim()).find((text) => text.startsWith(`${name}=`));
  const session = pair?.slice(name.length + 1) ?? '';
  return /^[\w-]{20,200}$/.test(session) ? session : null;
}

const cookie = (name: string, session: string, seconds: number) => `${name}=${session}; Path=${PHONE_PREFIX}; Max-Age=${seconds}; HttpOnly; SameSite=Strict`;

export interface PhoneOptions {
  readonly engine: EngineLink;
  readonly logger: Logger;
  /** Carries the port: cookies are shared by all ports of a host. */
  readonly cookieName: () => string;
  /** Folder with the page's three files; null serves no phone page. */
  readonly pageDir: string | null;
}

/** Asks the engine as the window would; its answer's status and body go back as they are, without what only the cookie may hold. */
async function ask({ engine }: PhoneOptions, question: Question, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await engine.call({ method: 'POST', url: new URL(`http://orpc${QUESTIONS[question]}`), headers: { 'content-type': 'application/json' }, body: { json: input }, signal });
  const body: unknown = answer.body;
  const json = isObject(body) && isObject(body['json']) ? body['json'] : {};
  return { status: answer.status, body: json };
}

async function answerQuestion(options: PhoneOptions, question: Question, { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply }): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store');
  if (request.headers[OWN_HEADER] !== '1') return reply.code(403).send({ code: 'FORBIDDEN', message: 'Only the phone page may ask this.' });
  const given = isObject(request.body) ? request.body : {};
  const session = sessionOf(request, options.cookieName());
  if (question !== 'login' && session === null) return reply.code(401).send({ code: 'SIGNED_OUT', message: 'This phone is not linked.' });
  const input = question === 'login' ? { code: String(given['code'] ?? ''), label: phoneLabel(request) } : { ...given, session };
  try {
    const { status, body } = await ask(options, question, input, AbortSignal.timeout(ANSWER_MS));
    if (question === 'login' && status === 200) return reply.header('set-cookie', cookie(options.cookieName(), String(body['session']), COOKIE_SECONDS)).send({ name: body['name'] });
    if (status === 401) reply.header('set-cookie', cookie(options.cookieName(), '', 0));
    return reply.code(status).send(body);
  } catch (error) {
    options.logger.error('the engine did not answer the phone page', { question, error });
    return reply.code(503).send({ code: 'ENGINE_UNAVAILABLE', message: 'The desk does not answer just now. Nothing was decided.' });
  }
}

/** What a person recognises their phone by. */
function phoneLabel(request: FastifyRequest): string {
  const agent = String(request.headers['user-agent'] ?? '');
  const device = /\((?:Linux; )?(?:Android [\d.]+; )?([^;)]{2,40})/.exec(agent)?.[1] ?? 'Phone';
  return device.slice(0, 60);
}

export function servePhone(app: FastifyInstance, options: PhoneOptions): void {
  const { pageDir } = options;
  if (pageDir === null) return;
  for (const [url, { file, type }] of Object.entries(FILES)) {
    app.get(url, async (_request, reply) => {
      try {
        return await reply.type(type).header('cache-control', 'no-cache').send(await readFile(path.join(pageDir, file)));
      } catch {
        return reply.code(404).type('text/plain; charset=utf-8').send('The phone page is not built: npm run build makes it.\n');
      }
    });
  }
  for (const question of Object.keys(QUESTIONS) as Question[]) {
    const max = question === 'login' ? LOGINS_PER_MINUTE : CALLS_PER_MINUTE;
    app.post(`${PHONE_PREFIX}/api/${question}`, { config: { rateLimit: { max, timeWindow: 60_000, keyGenerator: (request: FastifyRequest) => `${question}:${request.ip}` } }, bodyLimit: 16_384 }, (request, reply) => answerQuestion(options, question, { request, reply }));
  }
}
