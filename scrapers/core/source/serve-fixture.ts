/** A tiny site for tests: answers by path, counts what was asked. Loopback only. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import type { OpenSource, ScanLimits, ScanPage, SourceAdapter } from '#engine/sources/ports.ts';
import { createFetcher, type Fetcher } from '../fetch/fetcher.ts';
import { createMemoryPageStore } from '../fetch/page-store.ts';
import type { SiteTools } from './open-config.ts';

export interface FixtureAnswer {
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
}
export interface FixtureRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export class FixtureSite {
  readonly requests: FixtureRequest[] = [];
  readonly #server: Server;
  readonly clock: ManualClock;
  readonly #fetcher: Fetcher;
  url = '';

  constructor(answer: (request: FixtureRequest) => FixtureAnswer | null, now: number) {
    this.clock = new ManualClock(now);
    this.#fetcher = createFetcher({ clock: this.clock, random: seededRandom(1), store: createMemoryPageStore(), userAgent: 'ResaleDesk/test (+https://example.org)' });
    this.#server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://site');
        const request = { path: pathname, query: searchParams, headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') };
        if (pathname !== '/robots.txt') this.requests.push(request);
        const { status = 200, headers = {}, body = '' } = answer(request) ?? { status: 404 };
        outgoing.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
  }

  get tools(): SiteTools {
    return { clock: this.clock, fetcher: this.#fetcher };
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    await this.#fetcher.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  open(adapter: SourceAdapter, config: object = {}): OpenSource {
    const opened = adapter.open({ baseUrl: this.url, politeness: { allowLoopback: true }, ...config });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    return opened.value;
  }
}

/** All pages of a scan. */
export async function scanAll(source: OpenSource, options: { readonly cursor?: string; readonly limits?: ScanLimits; readonly signal?: AbortSignal } = {}): Promise<ScanPage[]> {
  const pages: ScanPage[] = [];
  for await (const page of source.scan({ signal: options.signal ?? new AbortController().signal, cursor: options.cursor, limits: options.limits })) pages.push(page);
  return pages;
}

export const offersOf = (pages: readonly ScanPage[]) => pages.flatMap((p) => p.offers);
export const rejectsOf = (pages: readonly ScanPage[]) => pages.flatMap((p) => p.rejects);
