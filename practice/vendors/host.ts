import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import type { Instant } from '#kernel/time.ts';
import type { World } from '../world/types.ts';
import { type DrawnFault, driftJson, driftMarkup, FaultSource, type FaultPlan, malform } from './faults.ts';

export type { FaultKind, FaultPlan } from './faults.ts';

/** Bodies above this are refused with 413. */
const LONGEST_BODY_BYTES = 8 * 1024 * 1024;
const LOG_LENGTH = 20_000;

export interface VendorRequest {
  readonly method: string;
  /** Without the query, percent-decoded per segment only in `params`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Values of `{name}` in the route's pattern. */
  readonly params: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Virtual instant; the world has been advanced to it. */
  readonly at: Instant;
  /** A single header value, or ''. */
  header(name: string): string;
  /** The parsed JSON body. @throws SyntaxError */
  json(): unknown;
  form(): URLSearchParams;
}

export interface VendorResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text and bytes go as they are; anything else as JSON; absent for no body. */
  readonly body?: unknown;
}

export type Handler = (request: VendorRequest) => VendorResponse | Promise<VendorResponse>;

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/sell/offer/{offerId}`; a last `{rest*}` takes all that is left. */
  readonly pattern: string;
  /** For the log, the counts and fault plans. */
  readonly name: string;
  readonly handle: Handler;
}

export interface LoggedRequest {
  readonly number: number;
  readonly at: Instant;
  readonly method: string;
  readonly url: string;
  readonly route: string;
  /** 0 when the connection was cut. */
  readonly status: number;
  readonly fault: string | null;
}

export interface RequestCounts {
  readonly total: number;
  readonly byRoute: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byFault: Readonly<Record<string, number>>;
}

/** A vendor's server, made by `create<Vendor>Vendor(world, options)`. Loopback only. */
export interface VendorServer {
  readonly name: string;
  /** `http://127.0.0.1:PORT`, without a slash at the end. @throws Error before `start`. */
  readonly baseUrl: string;
  /** Listens; resolves to the base URL. */
  start(): Promise<string>;
  setFaults(plan: FaultPlan): void;
  /** The last 20,000 requests. */
  readonly log: readonly LoggedRequest[];
  /** What handlers threw: bugs of the practice vendor itself, answered with 500. Tests expect none. */
  readonly bugs: readonly unknown[];
  counts(): RequestCounts;
  close(): Promise<void>;
}

export interface VendorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  readonly faults?: FaultPlan;
}

export interface HostSettings {
  readonly name: string;
  readonly world: World;
  readonly routes: readonly Route[];
  /** The vendor's own words for errors that the host raises: 404, 405, 400 (bad JSON), 413, 429, 500. */
  readonly errorBody: (status: number, message: string) => VendorResponse;
  /** Runs before the route; a response here ends the request (authentication, rate limits). */
  readonly before?: (request: VendorRequest, route: Route) => VendorResponse | null;
  /** Compresses bodies over 1 KB for clients that accept gzip. Default false. */
  readonly gzip?: boolean;
}

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}

function match(segments: readonly string[], path: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (let i = 0; i < segments.length; i++) {
    const want = segments[i]!;
    if (want.endsWith('*}')) {
      params[want.slice(1, -2)] = path.slice(i).map(decode).join('/');
      return params;
    }
    const have = path[i];
    if (have === undefined) return null;
    if (want.startsWith('{')) params[want.slice(1, -1)] = decode(have);
    else if (want !== have) return null;
  }
  return segments.length === path.length ? params : null;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function encode(response: VendorResponse): { body: Buffer; type: string | null } {
  const { body } = response;
  if (body === undefined) return { body: Buffer.alloc(0), type: null };
  if (typeof body === 'string') return { body: Buffer.from(body), type: 'text/plain; charset=utf-8' };
  if (body instanceof Uint8Array) return { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength), type: 'application/octet-stream' };
  return { body: Buffer.from(JSON.stringify(body)), type: 'application/json; charset=utf-8' };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

class Host implements VendorServer {
  readonly name: string;
  readonly log: LoggedRequest[] = [];
  readonly bugs: unknown[] = [];
  readonly #settings: HostSettings;
  readonly #port: number;
  readonly #routes: readonly Compiled[];
  readonly #server: Server;
  readonly #faults: FaultSource;
  readonly #counts = { total: 0, byRoute: {} as Record<string, number>, byStatus: {} as Record<string, number>, byFault: {} as Record<string, number> };
  #baseUrl: string | null = null;

  constructor(settings: HostSettings, options: VendorOptions) {
    this.name = settings.name;
    this.#settings = settings;
    this.#port = options.port ?? 0;
    this.#routes = settings.routes.map((route) => ({ route, segments: route.pattern.split('/').slice(1) }));
    this.#faults = new FaultSource(settings.world.seed, settings.name);
    if (options.faults) this.#faults.set(options.faults);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#server.keepAliveTimeout = 30_000;
  }

  get baseUrl(): string {
    if (this.#baseUrl === null) throw new Error(`the practice vendor ${this.name} is not started`);
    return this.#baseUrl;
  }

  start(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        this.#baseUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
        resolve(this.#baseUrl);
      });
    });
  }

  setFaults(plan: FaultPlan): void {
    this.#faults.set(plan);
  }

  counts(): RequestCounts {
    return structuredClone(this.#counts);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #find(method: string, path: string): { route: Route; params: Record<string, string> } | 'not-found' | 'wrong-method' {
    const parts = path.split('/').slice(1);
    let seen = false;
    for (const { route, segments } of this.#routes) {
      const params = match(segments, parts);
      if (!params) continue;
      if (route.method === method || (method === 'HEAD' && route.method === 'GET')) return { route, params };
      seen = true;
    }
    return seen ? 'wrong-method' : 'not-found';
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const number = ++this.#counts.total;
    const method = incoming.method ?? 'GET';
    const url = new URL(incoming.url ?? '/', 'http://vendor');
    const found = this.#find(method, url.pathname);
    const routeName = typeof found === 'string' ? found : found.route.name;
    const body = await readBody(incoming);
    const fault = this.#faults.draw(number, routeName, body);
    const at = this.#settings.world.now();
    const done = (status: number) => this.#record({ number, at, method, url: incoming.url ?? '/', route: routeName, status, fault: fault?.kind ?? null });
    if (await this.#interrupt(fault, outgoing)) return done(fault?.kind === 'too-many-requests' ? 429 : fault?.kind === 'server-error' ? 500 : 0);
    const request = body && typeof found !== 'string' ? asRequest({ incoming, url, body, at, params: found.params }) : null;
    const answer = request && typeof found !== 'string' ? await this.#answer(request, found.route) : this.#refuse(body, found);
    if (fault && (fault.kind === 'cut-after' || fault.kind === 'timeout')) {
      if (fault.kind === 'timeout') await pause(this.#faults.plan.hangMs ?? 400);
      outgoing.destroy();
      return done(0);
    }
    await this.#send({ incoming, outgoing, answer, fault });
    done(answer.status);
  }

  /** True when the fault ends the request before any effect. */
  async #interrupt(fault: DrawnFault | null, outgoing: ServerResponse): Promise<boolean> {
    if (!fault) return false;
    const { hangMs = 400, retryAfterSeconds = 1 } = this.#faults.plan;
    if (fault.kind === 'too-many-requests' || fault.kind === 'server-error') {
      const status = fault.kind === 'server-error' ? 500 : 429;
      const answer = this.#settings.errorBody(status, status === 429 ? 'Too many requests' : 'Internal server error');
      const headers = status === 429 ? { ...answer.headers, 'retry-after': String(retryAfterSeconds) } : answer.headers;
      await this.#send({ incoming: null, outgoing, answer: { ...answer, ...(headers ? { headers } : {}) }, fault: null });
      return true;
    }
    if (fault.kind === 'cut-before' || (fault.kind === 'timeout' && !fault.afterEffect)) {
      if (fault.kind === 'timeout') await pause(hangMs);
      outgoing.destroy();
      return true;
    }
    return false;
  }

  #refuse(body: Buffer | null, found: unknown): VendorResponse {
    if (body === null) return this.#settings.errorBody(413, 'Request body too large');
    return found === 'wrong-method' ? this.#settings.errorBody(405, 'Method not allowed') : this.#settings.errorBody(404, 'Not found');
  }

  async #answer(request: VendorRequest, route: Route): Promise<VendorResponse> {
    try {
      return this.#settings.before?.(request, route) ?? (await route.handle(request));
    } catch (cause) {
      if (cause instanceof SyntaxError) return this.#settings.errorBody(400, 'Malformed request body');
      this.bugs.push(cause);
      return this.#settings.errorBody(500, `the practice vendor failed: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }

  async #send({ incoming, outgoing, answer, fault }: { incoming: IncomingMessage | null; outgoing: ServerResponse; answer: VendorResponse; fault: DrawnFault | null }): Promise<void> {
    const encoded = encode(answer);
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(answer.headers ?? {})) headers[name.toLowerCase()] = typeof value === 'string' ? value : [...value];
    if (encoded.type && !headers['content-type']) headers['content-type'] = encoded.type;
    let payload = encoded.body;
    if (fault?.kind === 'schema-drift' && answer.status < 300 && payload.length > 0) payload = drift(payload, String(headers['content-type']), fault);
    if (fault?.kind === 'malformed-body' && payload.length > 0) payload = malform(payload, fault.random);
    if (this.#settings.gzip && payload.length > 1024 && String(incoming?.headers['accept-encoding'] ?? '').includes('gzip') && !headers['content-encoding']) {
      payload = gzipSync(payload, { level: 1 });
      headers['content-encoding'] = 'gzip';
    }
    if (answer.status !== 204 && answer.status !== 304) headers['content-length'] = String(payload.length);
    outgoing.writeHead(answer.status, headers);
    if (incoming?.method === 'HEAD' || payload.length === 0) {
      outgoing.end();
      return;
    }
    if (fault?.kind === 'slow-body') {
      const half = payload.length >> 1;
      outgoing.write(payload.subarray(0, half));
      await pause(this.#faults.plan.slowBodyMs ?? 150);
      outgoing.end(payload.subarray(half));
    } else outgoing.end(payload);
  }

  #record(entry: LoggedRequest): void {
    this.log.push(entry);
    if (this.log.length > LOG_LENGTH) this.log.splice(0, this.log.length - LOG_LENGTH);
    countOne(this.#counts.byRoute, entry.route);
    countOne(this.#counts.byStatus, String(entry.status));
    if (entry.fault) countOne(this.#counts.byFault, entry.fault);
  }
}

function countOne(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function drift(payload: Buffer, type: string, fault: DrawnFault): Buffer {
  if (type.includes('json')) return Buffer.from(driftJson(payload.toString('utf8'), fault.random));
  if (type.startsWith('text/')) return Buffer.from(driftMarkup(payload.toString('utf8')));
  return payload;
}

function asRequest(parts: { incoming: IncomingMessage; url: URL; body: Buffer; at: Instant; params: Record<string, string> }): VendorRequest {
  const { headers } = parts.incoming;
  const header = (name: string) => {
    const value = headers[name.toLowerCase()];
    return Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
  };
  return {
    method: parts.incoming.method ?? 'GET', path: parts.url.pathname, query: parts.url.searchParams, headers, params: parts.params, body: parts.body, at: parts.at, header,
    json: () => JSON.parse(parts.body.toString('utf8')) as unknown,
    form: () => new URLSearchParams(parts.body.toString('utf8')),
  };
}

/** A vendor's server over routes. It does not listen before `start`. */
export function createHost(settings: HostSettings, options: VendorOptions = {}): VendorServer {
  return new Host(settings, options);
}
