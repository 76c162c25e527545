import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';

/** One request as a connector sent it, and the answer that it got. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  /** Parsed JSON, a form as an object, or undefined for no body. */
  readonly sent: unknown;
  readonly status: number;
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly answered: unknown;
}

export interface Recorder {
  /** Give this to the connector in place of the vendor's address. */
  readonly baseUrl: string;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

const flat = (headers: NodeJS.Dict<string | string[]>) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));

function parsed(text: string, type: string | undefined): unknown {
  if (text === '') return undefined;
  return type?.includes('x-www-form-urlencoded') ? Object.fromEntries(new URLSearchParams(text)) : (JSON.parse(text) as unknown);
}

/** Fields of a multipart form; of a file its name. */
async function multipart(body: Buffer, type: string): Promise<unknown> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  return Object.fromEntries([...form].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]));
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A server that passes everything on to `target` and writes down what went by. */
export async function recordTraffic(target: string): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readAll(incoming as AsyncIterable<Buffer>);
    const { host: _host, connection: _connection, ...headers } = flat(incoming.headers);
    const answer = await request(target + incoming.url, { method: incoming.method ?? 'GET', headers, body: body.length > 0 ? body : null });
    const raw = await readAll(answer.body as AsyncIterable<Buffer>);
    const answerHeaders = flat(answer.headers);
    const url = new URL(incoming.url ?? '/', target);
    const text = answerHeaders['content-encoding'] === 'gzip' ? gunzipSync(raw).toString('utf8') : raw.toString('utf8');
    exchanges.push({
      method: incoming.method ?? 'GET', path: url.pathname, query: Object.fromEntries(url.searchParams), headers, contentType: headers['content-type'],
      sent: headers['content-type']?.startsWith('multipart/') ? await multipart(body, headers['content-type']) : parsed(body.toString('utf8'), headers['content-type']), status: answer.statusCode, answerHeaders, answered: parsed(text, 'application/json'),
    });
    outgoing.writeHead(answer.statusCode, answerHeaders);
    outgoing.end(raw);
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
