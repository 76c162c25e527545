import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import type { FetchPolicy, FetchRequest, FetchResult, Fetcher } from '../fetch/fetcher.ts';

/** A sample ends here, by its own choice: no fault of the site's. */
export const SPENT = 'SAMPLE_SPENT';

/**
 * A fetcher that gives up after so many requests, tries each once, and neither uses nor leaves a trace of what was read: a page that is taken for a
 * sample must not count as read when the source is scanned.
 */
export class CountingFetcher implements Fetcher {
  readonly #inner: Fetcher;
  readonly #most: number;
  #spent = 0;
  constructor(inner: Fetcher, most: number) {
    this.#inner = inner;
    this.#most = most;
  }

  get requests(): number {
    return this.#spent;
  }
  get left(): number {
    return Math.max(0, this.#most - this.#spent);
  }

  async fetch(request: FetchRequest, policy: FetchPolicy, signal: AbortSignal): Promise<FetchResult> {
    if (this.left === 0) throw new ConnectorError({ kind: 'Rejected', connector: request.connector, operation: request.operation, code: SPENT, message: `a sample takes at most ${this.#most} requests` });
    try {
      const result = await this.#inner.fetch({ ...request, conditional: false }, { ...policy, attempts: 1 }, signal);
      this.#spent += result.requests;
      return result;
    } catch (error) {
      // What robots.txt forbids was not sent.
      if (!isConnectorError(error) || error.detail.code !== 'ROBOTS') this.#spent += 1;
      throw error;
    }
  }
  remember(): Promise<void> {
    return Promise.resolve();
  }
  recall(): Promise<null> {
    return Promise.resolve(null);
  }
  sitemaps(origin: string, policy: FetchPolicy, signal: AbortSignal): Promise<readonly string[]> {
    return this.#inner.sitemaps(origin, policy, signal);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
