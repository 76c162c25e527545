import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import type { FetchPolicy, FetchRequest, FetchResult, Fetcher } from '../fetch/fetcher.ts';

/** A sample ends here, by its own choice: no fault of the site's. */
export const SPENT = 'SAMPLE_SPENT';

function tooSlow(request: FetchRequest, cause?: unknown): ConnectorError {
  return new ConnectorError({ kind: 'Retryable', connector: request.connector, operation: request.operation, code: 'SAMPLE_TOO_SLOW', message: 'the site answers too slowly, or asks for long pauses' }, cause);
}

/**
 * A fetcher that gives up after so many requests, tries each once, and neither uses nor leaves a trace of what was read: a page that is taken for a
 * sample must not count as read when the source is scanned.
 */
export class CountingFetcher implements Fetcher {
  readonly #inner: Fetcher;
  readonly #most: number;
  readonly #deadline: AbortSignal;
  #spent = 0;
  /** @param deadline after which nothing more is asked; what is under way is given up. */
  constructor(inner: Fetcher, most: number, deadline: AbortSignal) {
    this.#inner = inner;
    this.#most = most;
    this.#deadline = deadline;
  }

  get requests(): number {
    return this.#spent;
  }
  get left(): number {
    return this.#deadline.aborted ? 0 : Math.max(0, this.#most - this.#spent);
  }

  async fetch(request: FetchRequest, policy: FetchPolicy, signal: AbortSignal): Promise<FetchResult> {
    if (this.#deadline.aborted) throw tooSlow(request);
    if (this.left === 0) throw new ConnectorError({ kind: 'Rejected', connector: request.connector, operation: request.operation, code: SPENT, message: `a sample takes at most ${this.#most} requests` });
    try {
      const result = await this.#inner.fetch({ ...request, conditional: false }, { ...policy, attempts: 1 }, AbortSignal.any([signal, this.#deadline]));
      this.#spent += result.requests;
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (this.#deadline.aborted) throw tooSlow(request, error);
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
    return this.#inner.sitemaps(origin, policy, AbortSignal.any([signal, this.#deadline]));
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
