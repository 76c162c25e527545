import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { phoneTexts } from '../payments/phone-texts.ts';
import { isConnectorError, type ConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { HttpClient, type HttpCall, type HttpClientOptions } from './index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A server that gives its answers in turn, the last one for ever. */
async function serve(...answers: Answer[]) {
  const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const answer = answers[Math.min(seen.length, answers.length - 1)]!;
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => (_, response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const text = (status: number, body: string, headers: Record<string, string> = {}): Answer => (_, response) => void response.writeHead(status, headers).end(body);
const cut: Answer = (request) => void request.socket.destroy();
const hang: Answer = () => undefined;

function client(baseUrl: string, options: Partial<HttpClientOptions> = {}) {
  const clock = new ManualClock(1_000_000);
  const made = new HttpClient({ connector: 'test', baseUrl, clock, random: seededRandom(1), log: silentLogger, ...options, limits: { timeoutMs: 500, ...options.limits } });
  cleanups.push(() => made.close());
  return { send: made.send.bind(made), sendAccepting: made.sendAccepting.bind(made), clock };
}

const schema = z.looseObject({ n: z.int() });
const read: HttpCall<{ n: number }> = { operation: 'read thing', method: 'GET', path: '/thing', effect: 'read', schema };
const create: HttpCall<{ n: number }> = { operation: 'create thing', method: 'POST', path: '/thing', effect: 'once', schema, json: { a: 1 } };

async function failure(promise: Promise<unknown>): Promise<ConnectorError> {
  const error: unknown = await promise.then(() => new Error('it succeeded'), (thrown: unknown) => thrown);
  if (!isConnectorError(error)) throw error;
  return error;
}

describe('a call that only reads', () => {
  it('is tried again after a server error, a cut connection and a timeout, and waits between', async () => {
    const { baseUrl, seen } = await serve(text(500, 'x'), cut, hang, json(200, { n: 7 }));
    const { send, clock } = client(baseUrl);
    expect((await send(read)).body.n).toBe(7);
    expect(seen).toHaveLength(4);
    expect(clock.now() - 1_000_000).toBeGreaterThan(1_000);
  });

  it('gives up as Retryable after its tries', async () => {
    const { baseUrl, seen } = await serve(text(503, 'busy'));
    const error = await failure(client(baseUrl).send(read));
    expect([error.kind, error.detail.httpStatus, error.detail.evidence, seen.length]).toEqual(['Retryable', 503, 'busy', 4]);
  });

  it('waits as long as the vendor says when throttled, and passes a longer wait on', async () => {
    const { baseUrl } = await serve(json(429, {}, { 'retry-after': '30' }), json(200, { n: 1 }));
    const { send, clock } = client(baseUrl);
    await send(read);
    expect(clock.now() - 1_000_000).toBeGreaterThanOrEqual(30_000);
    const patient = await serve(json(429, {}, { 'retry-after': '3600' }));
    const error = await failure(client(patient.baseUrl).send(read));
    expect([error.kind, error.detail.retryAfterMs]).toEqual(['Throttled', 3_600_000]);
  });

  it('calls an answer of another shape Critical, having asked twice, and keeps evidence', async () => {
    const { baseUrl, seen } = await serve(json(200, { m: 1 }));
    const error = await failure(client(baseUrl).send(read));
    expect([error.kind, seen.length, error.detail.evidence]).toEqual(['Critical', 2, '{"m":1}']);
    expect(error.message).toContain('n: ');
  });

  it('gets over one malformed body', async () => {
    const { baseUrl } = await serve(text(200, '{"n":'), json(200, { n: 2 }));
    expect((await client(baseUrl).send(read)).body.n).toBe(2);
  });

  it('refuses an answer larger than the limit, packed or not', async () => {
    const big = JSON.stringify({ n: 1, filler: 'x'.repeat(200_000) });
    for (const answer of [text(200, big), ((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(big))) as Answer]) {
      const { baseUrl } = await serve(answer);
      const error = await failure(client(baseUrl, { limits: { maxResponseBytes: 100_000 } }).send(read));
      expect(error.kind).toBe('Critical');
      expect(error.message).toContain('larger than 100000 bytes');
    }
  });

  it('reads a packed answer', async () => {
    const { baseUrl } = await serve((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"n":5}')));
    expect((await client(baseUrl).send(read)).body.n).toBe(5);
  });

  it('follows a redirect on the same host and none to another', async () => {
    const same = await serve(text(302, '', { location: '/other' }), json(200, { n: 3 }));
    expect((await client(same.baseUrl).send(read)).body.n).toBe(3);
    expect(same.seen[1]!.url).toBe('/other');
    const other = await serve(json(200, { n: 4 }));
    const away = await serve(text(302, '', { location: `${other.baseUrl}/thing` }));
    const error = await failure(client(away.baseUrl).send(read));
    expect([error.kind, other.seen.length]).toEqual(['Critical', 0]);
  });

  it('is refused for good on a 400, with the vendor’s code', async () => {
    const { baseUrl, seen } = await serve(json(400, { errors: [{ id: 'X1' }] }));
    const error = await failure(client(baseUrl, { judge: () => ({ code: 'X1', message: 'no such thing' }) }).send(read));
    expect([error.kind, error.detail.code, seen.length]).toEqual(['Rejected', 'X1', 1]);
  });

  it('can take 404 for an answer', async () => {
    const { baseUrl } = await serve(json(404, {}));
    expect(await client(baseUrl).sendAccepting([404], read)).toMatchObject({ status: 404, body: null });
  });

  it('ends with the caller’s reason when aborted', async () => {
    const { baseUrl } = await serve(hang);
    const reason = new Error('stop');
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 30);
    await expect(client(baseUrl).send({ ...read, signal: stop.signal })).rejects.toBe(reason);
  });
});

describe('a call that must happen once', () => {
  it.each([['a cut connection', cut], ['a timeout', hang], ['a server error', text(500, 'oops')], ['a malformed success', text(200, '{"n":')], ['a success of another shape', json(201, { m: 1 })]] as const)('has an unknown outcome after %s and is not sent again', async (_, answer) => {
    const { baseUrl, seen } = await serve(answer, json(200, { n: 1 }));
    const error = await failure(client(baseUrl).send(create));
    expect([error.kind, seen.length]).toEqual(['OutcomeUnknown', 1]);
  });

  it('has an unknown outcome when the caller aborts while it is under way', async () => {
    const { baseUrl } = await serve(hang);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stop')), 30);
    expect((await failure(client(baseUrl).send({ ...create, signal: stop.signal }))).kind).toBe('OutcomeUnknown');
  });

  it('is sent again when nothing can have happened: throttled', async () => {
    const { baseUrl, seen } = await serve(json(429, {}), json(200, { n: 1 }));
    await client(baseUrl).send(create);
    expect(seen).toHaveLength(2);
  });

  it('is Retryable when no server was reached', async () => {
    const error = await failure(client('http://127.0.0.1:9').send(create));
    expect([error.kind, error.detail.code]).toEqual(['Retryable', 'ECONNREFUSED']);
  });
});

describe('a session', () => {
  it('is renewed once after a 401, and then lost', async () => {
    let token = 1;
    const options = { authorize: async () => ({ authorization: `Bearer secret-token-${token}` }), forgetSession: () => void token++ };
    const good = await serve(json(401, {}), json(200, { n: 1 }));
    await client(good.baseUrl, options).send(create);
    expect(good.seen.map((request) => request.headers.authorization)).toEqual(['Bearer secret-token-1', 'Bearer secret-token-2']);
    const bad = await serve(json(401, {}));
    expect((await failure(client(bad.baseUrl, options).send(read))).kind).toBe('SessionLost');
    expect(bad.seen).toHaveLength(2);
  });
});

describe('secrets', () => {
  it('do not reach errors although the vendor sends them back', async () => {
    const { baseUrl } = await serve((request, response) => void response.writeHead(400).end(`bad ${request.url} ${request.headers.authorization} "access_token":"fresh-one-123"`));
    const error = await failure(client(baseUrl, { authorize: async () => ({ authorization: 'Bearer abcdef123456' }), secretQuery: async () => ({ key: 'k'.repeat(30) }) }).send(read));
    const shown = JSON.stringify(error.detail) + error.message;
    expect(shown).not.toContain('abcdef123456');
    expect(shown).not.toContain('k'.repeat(30));
    expect(shown).not.toContain('fresh-one-123');
    expect(shown).toContain('[masked]');
  });
  it('nor do numbers of people, in whatever way the vendor writes them', async () => {
    const { baseUrl } = await serve((_, response) => void response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"no subscriber 263775123456, +263775123456 or 0775123456"}'));
    const error = await failure(client(baseUrl).send({ ...read, personal: phoneTexts('0775 123 456') }));
    expect(JSON.stringify(error.detail) + error.message).not.toContain('775123456');
  });
});
