/** A vendor for tests: answers by path, keeps to a quota of its own in the test's time, and counts what it refused. Loopback only. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '#kernel/time.ts';

export interface VendorRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
export interface VendorAnswer {
  readonly status?: number | undefined;
  readonly body: unknown;
}

/** Calls allowed in any window of so long: the strictest reading of a limit. */
export interface WindowLimit {
  readonly calls: number;
  readonly windowMs: number;
}

export class VendorStub {
  readonly requests: VendorRequest[] = [];
  refused = 0;
  url = '';
  readonly #server: Server;
  readonly #accepted: number[] = [];

  constructor(answer: (request: VendorRequest) => VendorAnswer | null, quota?: { readonly clock: Clock; readonly limit: WindowLimit; readonly counts?: (path: string) => boolean }) {
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://vendor');
        const request = { method: incoming.method ?? 'GET', path: pathname, query: searchParams, headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') };
        this.requests.push(request);
        const over = quota !== undefined && (quota.counts?.(pathname) ?? true) && !this.#admit(quota.clock.now(), quota.limit);
        const { status = 200, body } = over ? { status: 429, body: { errors: [] } } : (answer(request) ?? { status: 404, body: {} });
        outgoing.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
  }

  #admit(now: number, { calls, windowMs }: WindowLimit): boolean {
    while (this.#accepted.length > 0 && this.#accepted[0]! <= now - windowMs) this.#accepted.shift();
    if (this.#accepted.length >= calls) {
      this.refused += 1;
      return false;
    }
    this.#accepted.push(now);
    return true;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
