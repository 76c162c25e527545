import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import Ajv from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contract } from '#contract/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { startHttpHost } from './http.ts';
import type { HttpHost } from './http.ts';
import { createPortLink, createPortServer } from './message-port.ts';
import { generateOpenApiDocument } from './openapi-document.ts';
import { createSampleRouter, sampleContract } from './sample-router.ts';
import type { SampleContract } from './sample-router.ts';
import type { ContractClient } from './served-router.ts';

const API_TOKEN = 'test-api-token-0123456789abcdef';
const log: string[] = [];
let host: HttpHost;
let rendererDir: string;
let closeEngine: () => void;

beforeAll(async () => {
  rendererDir = mkdtempSync(path.join(os.tmpdir(), 'renderer-'));
  mkdirSync(path.join(rendererDir, 'assets'));
  writeFileSync(path.join(rendererDir, 'index.html'), '<!doctype html><title>desk</title>');
  writeFileSync(path.join(rendererDir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(path.join(rendererDir, 'assets/index-abc.js'), 'export {};');
  const { port1, port2 } = new MessageChannel();
  createPortServer(createSampleRouter(log), silentLogger).serve(port1);
  closeEngine = () => port1.close();
  host = await startHttpHost({ engine: createPortLink(port2), contract: sampleContract, version: '1.2.3', logger: silentLogger, apiToken: API_TOKEN, rendererDir, allowedHosts: ['desk.example'] });
});
afterAll(async () => {
  await host.close();
  closeEngine();
  rmSync(rendererDir, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}
interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  bearer?: boolean;
}

/** A raw request, because `fetch` sets Host, Origin and Cookie by itself. */
function ask(target: string, { method = 'GET', headers = {}, body, bearer = false }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(target, host.url), { method, agent: false, headers: { ...(bearer ? { authorization: `Bearer ${API_TOKEN}` } : {}), ...headers } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString('utf8') }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}
const json = { 'content-type': 'application/json' };

async function signIn(): Promise<string> {
  const answer = await ask(new URL(host.issueSignInUrl()).pathname + new URL(host.issueSignInUrl()).search);
  expect(answer.status).toBe(200);
  return answer.headers['set-cookie']![0]!.split(';')[0]!;
}

function client(cookie?: string): ContractClient<SampleContract> {
  const headers: Record<string, string> = cookie ? { cookie } : { authorization: `Bearer ${API_TOKEN}` };
  return createORPCClient(new RPCLink({ url: `${host.url}/rpc`, headers }));
}

describe('who is refused', () => {
  it('refuses everything without a token', async () => {
    const targets = ['/', '/assets/index-abc.js', '/api/greetings/x', '/api/openapi.json', '/nothing'];
    for (const target of targets) expect((await ask(target)).status, target).toBe(401);
    const rpc = await ask('/rpc/sample/greet', { method: 'POST', headers: json, body: '{"json":{"name":"x"}}' });
    expect(rpc.status).toBe(401);
    expect(JSON.parse(rpc.text)).toMatchObject({ code: 'UNAUTHORIZED', status: 401 });
  });

  it.skipIf(process.platform !== 'linux')('is not there at all on another address of the machine, unless told otherwise', async () => {
    const { port } = new URL(host.url);
    const outcome = await new Promise((resolve) => {
      const socket = net.connect(Number(port), '127.0.0.2').once('connect', () => { socket.destroy(); resolve('answered'); }).once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(outcome).toBe('ECONNREFUSED');
  });

  it('refuses a wrong bearer token and a wrong cookie', async () => {
    expect((await ask('/api/greetings/x', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
    expect((await ask('/api/greetings/x', { headers: { cookie: `resale_desk_${new URL(host.url).port}=wrong` } })).status).toBe(401);
  });

  it('refuses a foreign Host although the token is right', async () => {
    for (const name of ['evil.example', `evil.example:${new URL(host.url).port}`, '127.0.0.1:1', 'localhost.evil.example']) {
      const answer = await ask('/api/greetings/x', { bearer: true, headers: { host: name } });
      expect(answer.status, name).toBe(421);
    }
    expect((await ask('/api/greetings/x', { bearer: true, headers: { host: 'desk.example' } })).status).toBe(200);
    expect((await ask('/api/greetings/x', { bearer: true, headers: { host: `localhost:${new URL(host.url).port}` } })).status).toBe(200);
  });

  it('refuses a foreign Origin although the token is right', async () => {
    const { port } = new URL(host.url);
    for (const origin of ['https://evil.example', 'null', `https://127.0.0.1:${port}`, 'http://127.0.0.1:1', `http://127.0.0.1:${port}.evil.example`, 'file://']) {
      expect((await ask('/api/notes', { method: 'POST', bearer: true, headers: { ...json, origin }, body: '{"text":"x"}' })).status, origin).toBe(403);
    }
    expect((await ask('/api/notes', { method: 'POST', bearer: true, headers: { ...json, origin: host.url }, body: '{"text":"x"}' })).status).toBe(200);
    expect((await ask('/api/greetings/x', { bearer: true, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });

  it('refuses a body over 1 MiB, declared or streamed', async () => {
    const body = `{"json":{"text":"${'x'.repeat(1_048_576)}"}}`;
    expect((await ask('/rpc/sample/store', { method: 'POST', bearer: true, headers: { ...json, 'content-length': String(body.length) }, body })).status).toBe(413);
    const chunked = await ask('/rpc/sample/store', { method: 'POST', bearer: true, headers: { ...json, 'transfer-encoding': 'chunked' }, body }).catch((error: unknown) => error);
    if (!(chunked instanceof Error)) expect((chunked as Answer).status).toBe(413);
    const fits = `{"json":{"text":"${'x'.repeat(1_048_576 - 30)}"}}`;
    expect((await ask('/rpc/sample/store', { method: 'POST', bearer: true, headers: json, body: fits })).status).toBe(200);
  });

  it('refuses bodies that are not JSON, and JSON that is broken', async () => {
    expect((await ask('/rpc/sample/store', { method: 'POST', bearer: true, headers: { 'content-type': 'application/xml' }, body: '<a/>' })).status).toBe(415);
    expect((await ask('/rpc/sample/store', { method: 'POST', bearer: true, headers: json, body: '{"json":' })).status).toBe(400);
  });

  it.each([['/rpc/sample/store', '{"json":{"text":7}}', ['text']], ['/api/notes', '{"text":7}', ['text']], ['/api/notes', '{"text":"x","more":1}', []]])('refuses at %s the body %s, which breaks the schema, and names the field', async (target, body, field) => {
    const answer = await ask(target, { method: 'POST', bearer: true, headers: json, body });
    const refusal = { code: 'BAD_REQUEST', data: { issues: [expect.objectContaining({ path: field, message: expect.stringMatching(/./) })] } };
    expect([answer.status, JSON.parse(answer.text)]).toEqual([400, target.startsWith('/rpc') ? { json: expect.objectContaining(refusal) } : expect.objectContaining(refusal)]);
  });

  it('refuses to run procedures by GET at /rpc', async () => {
    expect((await ask('/rpc/sample/greet?data=%7B%7D', { bearer: true })).status).toBe(404);
  });

  it('tells who guesses tokens to wait, and still answers who has one', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 40; n++) statuses.push((await ask('/api/greetings/x', { headers: { authorization: `Bearer guess-${n}` } })).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await ask('/api/greetings/x', { bearer: true })).status).toBe(200);
  });
});

describe('the one-time token', () => {
  it('opens a session by an HttpOnly, SameSite=Strict cookie, and fails the second time', async () => {
    const url = new URL(host.issueSignInUrl());
    const first = await ask(url.pathname + url.search);
    expect(first.status).toBe(200);
    const [cookie] = first.headers['set-cookie']!;
    expect(cookie).toMatch(/^resale_desk_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(first.headers['referrer-policy']).toBe('no-referrer');
    const second = await ask(url.pathname + url.search);
    expect([401, 429]).toContain(second.status);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect((await ask('/', { headers: { cookie: cookie!.split(';')[0]! } })).text).toContain('<title>desk</title>');
  });

  it('is one of its own: an invented token opens nothing', async () => {
    const answer = await ask('/?token=AAAA');
    expect([401, 429]).toContain(answer.status);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});

describe('what is served', () => {
  it('answers RPC calls and typed errors from the engine', async () => {
    const desk = client(await signIn());
    expect(await desk.sample.greet({ name: 'Amina' })).toEqual({ text: 'hello Amina' });
    await expect(desk.sample.store({ text: 'missing' })).rejects.toMatchObject({ defined: true, code: 'NOT_FOUND', data: { kind: 'note', id: 'missing' } });
    await expect(desk.sample.fail()).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });

  it('answers the same procedures as REST', async () => {
    const greeting = await ask('/api/greetings/Amina?loud=1', { bearer: true });
    expect([greeting.status, JSON.parse(greeting.text)]).toEqual([200, { text: 'HELLO Amina' }]);
    const missing = await ask('/api/notes', { method: 'POST', bearer: true, headers: json, body: '{"text":"missing"}' });
    expect([missing.status, JSON.parse(missing.text)]).toEqual([404, expect.objectContaining({ defined: true, code: 'NOT_FOUND' })]);
    expect((await ask('/api/nowhere', { bearer: true })).status).toBe(404);
  });

  it('streams live events, over RPC and as server-sent events', async () => {
    const seen: number[] = [];
    for await (const event of await client().sample.count({ to: 3 })) seen.push(event.n);
    expect(seen).toEqual([1, 2, 3]);
    const rest = await ask('/api/count?to=2', { bearer: true });
    expect(rest.headers['content-type']).toContain('text/event-stream');
    expect(rest.text.match(/data: \{"n":\d\}/g)).toEqual(['data: {"n":1}', 'data: {"n":2}']);
  });

  it('cancels in the engine what a client that goes away had asked for', async () => {
    log.length = 0;
    const controller = new AbortController();
    const call = client().sample.hang(undefined, { signal: controller.signal });
    await vi.waitFor(() => expect(log).toEqual(['hang started']), 20_000);
    controller.abort();
    await expect(call).rejects.toThrow();
    await vi.waitFor(() => expect(log).toEqual(['hang started', 'hang aborted']), 20_000);

    log.length = 0;
    const request = http.get(`${host.url}/api/count?to=-1`, { agent: false, headers: { authorization: `Bearer ${API_TOKEN}` } });
    await new Promise<void>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => response.once('data', () => resolve()));
    });
    request.on('error', () => undefined);
    request.destroy();
    await vi.waitFor(() => expect(log).toEqual(['count ended']), 20_000);
  });

  it('serves the window with a strict policy, and its addresses after a reload', async () => {
    const page = await ask('/opportunities/opp_1', { bearer: true, headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>desk</title>');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cross-origin-opener-policy': 'same-origin', 'referrer-policy': 'no-referrer' });
    const script = await ask('/assets/index-abc.js', { bearer: true });
    expect([script.status, script.headers['cache-control']]).toEqual([200, 'private, max-age=31536000, immutable']);
    const icon = await ask('/favicon.ico', { bearer: true });
    expect([icon.status, icon.headers['content-type']]).toEqual([200, expect.stringContaining('image/svg+xml')]);
    for (const outside of ['/../package.json', '/%2e%2e/%2e%2e/etc/passwd', '/assets/..%2f..%2fetc/passwd']) expect([400, 403, 404]).toContain((await ask(outside, { bearer: true })).status);
  });

  it('serves an OpenAPI document of the contract', async () => {
    const answer = await ask('/api/openapi.json', { bearer: true });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/), info: { version: '1.2.3' }, paths: { '/notes': { post: expect.anything() }, '/greetings/{name}': { get: expect.anything() } } });
  });
});

describe('the OpenAPI document of the desk', () => {
  interface Operation { operationId: string; parameters?: { in: string; name: string; schema: object }[]; requestBody?: { content: Record<string, { schema: object }> }; responses: Record<string, { content?: Record<string, { schema: object }> }> }

  it('describes every procedure once, with schemas that compile', async () => {
    const document = (await generateOpenApiDocument(contract, '1.0.0')) as { paths: Record<string, Record<string, Operation>> };
    const operations = Object.entries(document.paths).flatMap(([route, methods]) => Object.values(methods).map((operation) => ({ route, operation })));
    const namesOf = (part: object): string[] => Object.entries(part).flatMap(([name, inner]) => ('~orpc' in (inner as object) ? [name] : namesOf(inner as object)));
    const procedures = namesOf(contract);
    expect(operations).toHaveLength(procedures.length);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(procedures.length);
    const ajv = new Ajv.default({ strict: false, validateFormats: false });
    for (const { route, operation } of operations) {
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(operation.parameters?.filter((parameter) => parameter.in === 'path').map(({ name }) => name) ?? [], route).toEqual(inPath);
      const bodies = [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) => Object.values(part?.content ?? {}).map(({ schema }) => schema));
      for (const schema of [...bodies, ...(operation.parameters ?? []).map((parameter) => parameter.schema)]) expect(() => ajv.compile(schema), `${operation.operationId} ${JSON.stringify(schema).slice(0, 200)}`).not.toThrow();
    }
  });
});

describe('when the engine is away', () => {
  it('answers 503 and says so', async () => {
    const { port1, port2 } = new MessageChannel();
    const lonely = await startHttpHost({ engine: createPortLink(port2), contract: sampleContract, version: '1', logger: silentLogger, apiToken: API_TOKEN, rendererDir: null });
    try {
      const call = fetch(`${lonely.url}/api/greetings/x`, { headers: { authorization: `Bearer ${API_TOKEN}` } });
      setTimeout(() => port1.close(), 50);
      const answer = await call;
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
    } finally {
      await lonely.close();
    }
  });
});
