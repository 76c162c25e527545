/**
 * Reads pages that are filled by scripts, in the user's own browser. The browser runs the scripts; everything that it asks for is fetched by the program's
 * fetcher, so that robots.txt, budgets, private addresses, sizes and sessions are kept to as everywhere else.
 */
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { ConnectorError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { SECOND_MS } from '#kernel/time.ts';
import type { FetchPolicy, FetchRequest, FetchResult } from './fetch-types.ts';
import type { Fetcher } from './fetcher.ts';

export interface PageBrowser {
  /**
   * The page as its scripts have made it: `text` is its HTML. Answers that are no HTML come back as they are. GET alone, never conditional: what a script
   * shows has no version.
   * @throws ConnectorError, as a fetcher; `Critical` with code NO_BROWSER where there is none.
   */
  fetch(request: FetchRequest, policy: FetchPolicy, signal: AbortSignal): Promise<FetchResult>;
  close(): Promise<void>;
}

export interface BrowserTools {
  readonly fetcher: Fetcher;
  readonly launch: () => Promise<Browser>;
  /** Real time without a page after which the browser is closed. */
  readonly idleMs?: number | undefined;
}

const IDLE_MS = 60 * SECOND_MS;
/** Real time for one page with all that it asks for, waits of the budget included. */
const PAGE_MS = 60 * SECOND_MS;
const MOST_TABS = 2;
const MOST_BYTES = 10 * 1_024 * 1_024;
/** Scripts kept between the pages of one site, so that each is asked for once. */
const MOST_CACHED_BYTES = 32 * 1_024 * 1_024;
const TRACKERS = /(?:^|\.)(?:google-analytics\.com|googletagmanager\.com|doubleclick\.net|googlesyndication\.com|facebook\.(?:net|com)|hotjar\.com|clarity\.ms|segment\.(?:com|io)|tiktok\.com|bing\.com|criteo\.(?:com|net)|newrelic\.com|nr-data\.net|sentry\.io|intercom\.io)$/;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** One site's own place in the browser: cookies and storage of no other site, nor of the user. */
interface Profile {
  readonly context: BrowserContext;
  readonly scripts: Map<string, Answer>;
  cachedBytes: number;
}

export function createPageBrowser(tools: BrowserTools): PageBrowser {
  return new UserBrowser(tools);
}

class UserBrowser implements PageBrowser {
  readonly #tools: BrowserTools;
  #browser: Promise<Browser> | null = null;
  readonly #profiles = new Map<string, Promise<Profile>>();
  #tabs = 0;
  readonly #waiting: (() => void)[] = [];
  #idle: NodeJS.Timeout | null = null;
  constructor(tools: BrowserTools) {
    this.#tools = tools;
  }

  async fetch(request: FetchRequest, policy: FetchPolicy, signal: AbortSignal): Promise<FetchResult> {
    // First the page itself: what the site refuses, forbids or redirects is known before a browser is started.
    const answer = await this.#tools.fetcher.fetch({ ...request, method: 'GET', body: undefined, conditional: false }, policy, signal);
    if (!/html/i.test(answer.headers['content-type'] ?? 'text/html')) return answer;
    await this.#takeTab(signal);
    try {
      return await this.#render(answer, { request, policy, signal });
    } finally {
      this.#giveTab();
    }
  }

  async close(): Promise<void> {
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
    const browser = this.#browser;
    this.#browser = null;
    this.#profiles.clear();
    await browser?.then((b) => b.close()).catch(() => undefined);
  }

  async #render(answer: FetchResult, asked: Asked): Promise<FetchResult> {
    const { request, policy, signal } = asked;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(PAGE_MS, policy.timeoutMs ?? 0))]);
    const profile = await this.#profile(policy.session ?? new URL(answer.url).origin);
    const page = await profile.context.newPage();
    const visit = new Visit({ fetcher: this.#tools.fetcher, profile, answer, asked: { ...asked, signal: limit } });
    const abort = () => void page.close().catch(() => undefined);
    limit.addEventListener('abort', abort, { once: true });
    try {
      await page.route('**/*', (route) => visit.answer(route, page));
      await page.goto(answer.url, { waitUntil: 'domcontentloaded', timeout: PAGE_MS });
      // A page that polls for ever is taken as it stands by then.
      await page.waitForLoadState('networkidle', { timeout: PAGE_MS / 2 }).catch(() => undefined);
      const text = await page.content();
      if (Buffer.byteLength(text) > (policy.maxBytes ?? MOST_BYTES)) throw fail(request, 'Critical', 'the page grew larger than is read');
      return { ...answer, url: page.url(), bytes: Buffer.from(text), text, notModified: false, validators: null, requests: answer.requests + visit.requests };
    } catch (error) {
      signal.throwIfAborted();
      if (visit.failure) throw visit.failure;
      if (isConnectorError(error)) throw error;
      throw fail(request, 'Retryable', limit.aborted ? 'the page was not ready in time' : `the browser could not show the page: ${messageOf(error).split('\n')[0]}`);
    } finally {
      limit.removeEventListener('abort', abort);
      await page.close().catch(() => undefined);
    }
  }

  async #profile(key: string): Promise<Profile> {
    const starting = (this.#browser ??= this.#start());
    await starting;
    let profile = this.#profiles.get(key);
    if (!profile) this.#profiles.set(key, (profile = starting.then((b) => b.newContext({ serviceWorkers: 'block', acceptDownloads: false })).then((context) => ({ context, scripts: new Map(), cachedBytes: 0 }))));
    return profile;
  }

  /** A browser that does not start, or that the user ends, is started anew by the next page. */
  #start(): Promise<Browser> {
    const starting = this.#tools.launch();
    const forget = () => {
      if (this.#browser !== starting) return;
      this.#browser = null;
      this.#profiles.clear();
    };
    starting.then((browser) => browser.once('disconnected', forget), forget);
    return starting;
  }

  async #takeTab(signal: AbortSignal): Promise<void> {
    while (this.#tabs >= MOST_TABS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (signal.aborted) this.#waiting.shift()?.();
    signal.throwIfAborted();
    this.#tabs += 1;
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
  }

  #giveTab(): void {
    this.#tabs -= 1;
    this.#waiting.shift()?.();
    if (this.#tabs === 0) this.#idle = setTimeout(() => void this.close(), this.#tools.idleMs ?? IDLE_MS).unref();
  }
}

interface Asked {
  readonly request: FetchRequest;
  readonly policy: FetchPolicy;
  readonly signal: AbortSignal;
}

const fail = (request: FetchRequest, kind: 'Critical' | 'Retryable', message: string) => new ConnectorError({ kind, connector: request.connector, operation: request.operation, message });

/** What one page asks for while it is open. */
class Visit {
  readonly #fetcher: Fetcher;
  readonly #profile: Profile;
  readonly #asked: Asked;
  /** The page itself, already fetched. */
  #first: FetchResult | null;
  #spent = 0;
  #failure: ConnectorError | null = null;
  constructor({ fetcher, profile, answer, asked }: { readonly fetcher: Fetcher; readonly profile: Profile; readonly answer: FetchResult; readonly asked: Asked }) {
    this.#fetcher = fetcher;
    this.#profile = profile;
    this.#asked = asked;
    this.#first = answer;
  }

  get requests(): number {
    return this.#spent;
  }
  /** Why the page itself could not be had, where scripts sent the browser on to another. */
  get failure(): ConnectorError | null {
    return this.#failure;
  }

  async answer(route: Route, page: Page): Promise<void> {
    try {
      const answer = await this.#answerOf(route, page);
      if (answer === null) await route.abort('blockedbyclient');
      else await route.fulfill({ status: answer.status, body: answer.body, headers: { 'content-type': answer.type, 'access-control-allow-origin': '*' } });
    } catch {
      // The page was closed meanwhile.
    }
  }

  async #answerOf(route: Route, page: Page): Promise<Answer | null> {
    const asked = route.request();
    const kind = asked.resourceType();
    if (kind === 'stylesheet') return { status: 200, type: 'text/css', body: Buffer.alloc(0) };
    if (kind !== 'document' && kind !== 'script' && kind !== 'xhr' && kind !== 'fetch') return null;
    const url = new URL(asked.url());
    const isMain = kind === 'document' && asked.frame() === page.mainFrame();
    if ((kind === 'document' && !isMain) || TRACKERS.test(url.hostname)) return null;
    if (isMain && this.#first) {
      const answer = toAnswer(this.#first, 'text/html');
      this.#first = null;
      return answer;
    }
    const known = kind === 'script' ? this.#profile.scripts.get(url.href) : undefined;
    return known ?? this.#load(route, { url, kind, isMain });
  }

  async #load(route: Route, { url, kind, isMain }: { readonly url: URL; readonly kind: string; readonly isMain: boolean }): Promise<Answer | null> {
    const { request, policy, signal } = this.#asked;
    const method = route.request().method();
    // A search may be a POST; to the page's own site alone.
    const isSearch = method === 'POST' && kind !== 'document' && url.host === new URL(request.url).host;
    if (method !== 'GET' && !isSearch) return null;
    try {
      const type = route.request().headers()['content-type'];
      const result = await this.#fetcher.fetch({
        url: url.href, connector: request.connector, operation: `${request.operation}: what its scripts ask for`,
        ...(isSearch ? { method: 'POST', body: route.request().postData() ?? '', headers: type === undefined ? {} : { 'content-type': type } } : {}),
      }, isSearch ? { ...policy, attempts: 1 } : policy, signal);
      this.#spent += result.requests;
      const answer = toAnswer(result, kind === 'script' ? 'text/javascript' : 'text/html');
      if (kind === 'script') this.#keep(url.href, answer);
      return answer;
    } catch (error) {
      // What robots.txt forbids or a private address was never sent.
      if (!isConnectorError(error) || (error.detail.code !== 'ROBOTS' && error.detail.code !== 'PRIVATE_ADDRESS')) this.#spent += 1;
      if (isMain && isConnectorError(error)) this.#failure = error;
      const status = isConnectorError(error) ? error.detail.httpStatus : undefined;
      return status === undefined ? null : { status, type: 'text/plain', body: Buffer.alloc(0) };
    }
  }

  #keep(url: string, answer: Answer): void {
    if (this.#profile.cachedBytes + answer.body.length > MOST_CACHED_BYTES) return;
    this.#profile.cachedBytes += answer.body.length;
    this.#profile.scripts.set(url, answer);
  }
}

const toAnswer = (result: FetchResult, otherwise: string): Answer => ({ status: result.status, type: result.headers['content-type'] ?? otherwise, body: result.bytes });
