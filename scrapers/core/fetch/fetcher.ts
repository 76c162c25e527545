/** The one way out to a site: polite (robots.txt, budget, honest name), careful (private addresses, sizes, times) and clear about failure. */
import { Agent, request as sendRequest } from 'undici';
import { ConnectorError, messageOf, type ConnectorErrorDetail } from '#kernel/errors.ts';
import type { Random } from '#kernel/random.ts';
import { SECOND_MS, type Clock } from '#kernel/time.ts';
import { isBotWall, SIGN_IN_PATH } from '../detect/find-stand-in.ts';
import type { SessionStore } from './cookie-jar.ts';
import { guardedLookup, PrivateAddressError, refusePrivateLiteral, type Resolver } from './guard-address.ts';
import type { FetchPolicy, FetchRequest, FetchResult } from './fetch-types.ts';
import { HostBudget } from './host-budget.ts';
import type { PageStore, Validators } from './page-store.ts';
import { BodyTooLargeError, decodeBody, readBody } from './read-body.ts';
import { RobotsRules } from './robots-rules.ts';

export type { FetchPolicy, FetchRequest, FetchResult } from './fetch-types.ts';

export interface FetcherTools {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: PageStore;
  /** Sent with every request: the program's name and a way to reach its people. */
  readonly userAgent: string;
  readonly resolve?: Resolver | undefined;
  /** Sign-ins; absent where sources have none. */
  readonly sessions?: SessionStore | undefined;
}

export interface Fetcher {
  /** @throws ConnectorError; or the signal's reason. */
  fetch(request: FetchRequest, policy: FetchPolicy, signal: AbortSignal): Promise<FetchResult>;
  /**
   * Marks a page's version as dealt with. Call it once what was read is stored: called before, a killed program would take the page for
   * unchanged, and its offers would be lost.
   */
  remember(url: string, validators: Validators): Promise<void>;
  /** What was remembered of a page; null when nothing was. */
  recall(url: string): Promise<Validators | null>;
  /** Sitemaps that the site's robots.txt names. */
  sitemaps(origin: string, policy: FetchPolicy, signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A fetcher that can stand for others: they share hosts' budgets, rules and connections, and each remembers pages in a store of its own. */
export interface SharedFetcher extends Fetcher {
  /** Close the shared one, not this. */
  remembering(store: PageStore): Fetcher;
}

const MAX_REDIRECTS = 5;
const MAX_BYTES = 10 * 1_024 * 1_024;
const TIMEOUT_MS = 30 * SECOND_MS;
const ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60 * SECOND_MS;

export function createFetcher(tools: FetcherTools): SharedFetcher {
  const budget = new HostBudget(tools.clock);
  const agents = new Map<boolean, Agent>();
  const agentFor = (allowLoopback: boolean) => {
    let agent = agents.get(allowLoopback);
    if (!agent) agents.set(allowLoopback, (agent = new Agent({ connect: { lookup: guardedLookup(allowLoopback, tools.resolve) }, keepAliveTimeout: 10 * SECOND_MS })));
    return agent;
  };
  const robots = new RobotsRules(tools.clock, tools.userAgent, (url, policy, signal) => attemptChain(base(url, policy, signal)));
  const base = (url: string, policy: FetchPolicy, signal: AbortSignal): Attempt => ({ tools, store: tools.store, budget, agent: agentFor(policy.allowLoopback ?? false), policy, signal, request: { url, connector: 'robots', operation: 'read robots.txt' }, checkUrl: () => Promise.resolve(0) });
  const over = (store: PageStore): Omit<Fetcher, 'close'> => ({
    async fetch(fetchRequest, policy, signal) {
      const checkUrl = (url: string) => robots.admit(url, fetchRequest, { policy, signal });
      return attemptChain({ ...base(fetchRequest.url, policy, signal), store, request: fetchRequest, checkUrl });
    },
    remember: (url, validators) => store.put(url, validators),
    recall: (url) => store.get(url),
    sitemaps: (origin, policy, signal) => robots.sitemaps(origin, { policy, signal }),
  });
  return {
    ...over(tools.store),
    remembering: (store) => ({ ...over(store), close: () => Promise.resolve() }),
    async close() {
      const open = [...agents.values()];
      agents.clear();
      await Promise.all(open.map((a) => a.close()));
    },
  };
}

interface Attempt {
  readonly tools: FetcherTools;
  readonly store: PageStore;
  readonly budget: HostBudget;
  readonly agent: Agent;
  readonly policy: FetchPolicy;
  readonly signal: AbortSignal;
  readonly request: FetchRequest;
  /** Refuses an address that the site's robots.txt forbids; gives the delay it asks for, in ms. */
  readonly checkUrl: (url: string) => Promise<number>;
}

/** Tries again what may succeed: with growing, jittered pauses, or the pause that the server asked for. */
async function attemptChain(attempt: Attempt): Promise<FetchResult> {
  const most = attempt.policy.attempts ?? ATTEMPTS;
  let requests = 0;
  for (let n = 1; ; n++) {
    try {
      const result = await followRedirects(attempt);
      return { ...result, requests: requests + result.requests };
    } catch (error) {
      attempt.signal.throwIfAborted();
      const failure = asConnectorError(error, attempt.request);
      requests += 1;
      if (n >= most || (failure.kind !== 'Retryable' && failure.kind !== 'Throttled')) throw failure;
      const pause = failure.detail.retryAfterMs ?? Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (n - 1)) * (0.5 + attempt.tools.random.next());
      if (failure.kind === 'Throttled') attempt.budget.hold(new URL(attempt.request.url).host, pause);
      await attempt.tools.clock.sleep(pause, attempt.signal);
    }
  }
}

async function followRedirects(attempt: Attempt): Promise<FetchResult> {
  let url = attempt.request.url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = await once(attempt, url);
    const location = answer.headers['location'];
    const redirected = answer.status >= 301 && answer.status <= 308 && answer.status !== 304 && location !== undefined;
    if (!redirected) return { ...answer, requests: hop + 1 };
    if (attempt.request.method === 'POST') throw fail(attempt.request, { kind: 'Rejected', message: `the site redirects ${url} to ${location}`, httpStatus: answer.status });
    if (!URL.canParse(location, url)) throw fail(attempt.request, { kind: 'Critical', message: `redirect to an unreadable address ${location}` });
    url = new URL(location, url).href;
    if (attempt.policy.session !== undefined && SIGN_IN_PATH.test(new URL(url).pathname) && !SIGN_IN_PATH.test(new URL(attempt.request.url).pathname)) throw fail(attempt.request, { kind: 'SessionLost', message: 'the site sends us to its sign-in: sign in again' });
  }
  throw fail(attempt.request, { kind: 'Rejected', message: `the site redirects without end (more than ${MAX_REDIRECTS} times, at last to ${url}): it may want cookies or a sign-in` });
}

function fail(request: FetchRequest, detail: Omit<ConnectorErrorDetail, 'connector' | 'operation'>, cause?: unknown): ConnectorError {
  return new ConnectorError({ connector: request.connector, operation: request.operation, ...detail }, cause);
}

async function once(attempt: Attempt, url: string): Promise<FetchResult> {
  const { policy, request: asked } = attempt;
  const { protocol, hostname, host } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') throw fail(asked, { kind: 'Rejected', message: `${protocol} addresses are not fetched` });
  refusePrivateLiteral(hostname, policy.allowLoopback ?? false);
  const delayMs = await attempt.checkUrl(url);
  const known: Validators | null = asked.conditional ? await attempt.store.get(url) : null;
  const release = await attempt.budget.take(host, { ...policy, minIntervalMs: Math.max(policy.minIntervalMs, delayMs) }, attempt.signal);
  try {
    return await send(attempt, url, known);
  } finally {
    release();
  }
}

async function send(attempt: Attempt, url: string, known: Validators | null): Promise<FetchResult> {
  const { policy, request: asked, tools } = attempt;
  const headers: Record<string, string> = { 'user-agent': tools.userAgent, 'accept-encoding': 'gzip, br, deflate', accept: '*/*', ...asked.headers };
  if (known?.etag) headers['if-none-match'] = known.etag;
  else if (known?.lastModified) headers['if-modified-since'] = known.lastModified;
  const jar = policy.session === undefined ? null : ((await tools.sessions?.open(policy.session)) ?? null);
  const cookie = jar?.headerFor(url, tools.clock.now()) ?? null;
  if (cookie !== null) headers['cookie'] = cookie;
  const signal = AbortSignal.any([attempt.signal, AbortSignal.timeout(policy.timeoutMs ?? TIMEOUT_MS)]);
  const answer = await sendRequest(url, { method: asked.method ?? 'GET', headers, body: asked.body ?? null, dispatcher: attempt.agent, signal });
  const received = flatten(answer.headers);
  if (jar && policy.session !== undefined && jar.store(url, [answer.headers['set-cookie'] ?? []].flat(), tools.clock.now())) await tools.sessions?.save(policy.session, jar);
  const bytes = await readBody(answer.body, received['content-encoding'] ?? '', policy.maxBytes ?? MAX_BYTES);
  const notModified = answer.statusCode === 304;
  const text = notModified ? '' : decodeBody(bytes, received['content-type'] ?? '');
  refuseStatus(asked, answer.statusCode, received, { text, now: tools.clock.now() });
  const validators = received['etag'] || received['last-modified'] ? { etag: received['etag'], lastModified: received['last-modified'] } : null;
  return { status: answer.statusCode, url, headers: received, bytes, text, notModified, validators, requests: 1 };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

/** Seconds or a date; null when the header says neither. Between nothing and an hour. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) * SECOND_MS : Date.parse(header) - now;
  return Number.isFinite(seconds) ? Math.min(3_600 * SECOND_MS, Math.max(0, seconds)) : null;
}

const ASKS_FOR_PERSON = 'the site asks for proof that a person looks, which the desk does not work around';

function refuseStatus(asked: FetchRequest, status: number, headers: Readonly<Record<string, string>>, answer: { readonly text: string; readonly now: number }): void {
  if (status < 400) return;
  const shared = { httpStatus: status, evidence: answer.text.slice(0, 2_000), page: answer.text };
  const retryAfter = retryAfterMs(headers['retry-after'], answer.now) ?? undefined;
  const isWall = isBotWall({ html: answer.text, headers });
  if (status === 429) throw fail(asked, { kind: 'Throttled', message: isWall ? ASKS_FOR_PERSON : 'the site asks to slow down', retryAfterMs: retryAfter ?? 30 * SECOND_MS, ...shared });
  if (status >= 500 || status === 408 || status === 425) throw fail(asked, { kind: 'Retryable', message: isWall ? ASKS_FOR_PERSON : `the site answered ${status}`, retryAfterMs: retryAfter, ...shared });
  if (status === 401) throw fail(asked, { kind: 'SessionLost', message: 'the site asks for a sign-in', ...shared });
  if (isWall) throw fail(asked, { kind: 'Rejected', message: ASKS_FOR_PERSON, ...shared });
  throw fail(asked, { kind: 'Rejected', message: status === 403 ? 'the site refuses access' : `the site answered ${status}`, ...shared });
}

/** What the system's word for a failed connection means. */
function plainCause(error: unknown, { url }: FetchRequest): string {
  const message = messageOf(error);
  const host = new URL(url).host;
  if (/ENOTFOUND|EAI_NODATA/.test(message)) return `no site is known by the name ${/ENOTFOUND (\S+)/.exec(message)?.[1] ?? host}: check its spelling (${message})`;
  if (message.includes('ECONNREFUSED')) return `nothing answers at ${host}: check the address (${message})`;
  return /certificate|CERT_|self[- ]signed/i.test(message) ? `the certificate of ${host} is not valid, so that nobody can be sure who answers (${message})` : message;
}

function asConnectorError(error: unknown, asked: FetchRequest): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof PrivateAddressError) return fail(asked, { kind: 'Rejected', message: cause.message, code: cause.code }, error);
  if (cause instanceof BodyTooLargeError) return fail(asked, { kind: 'Critical', message: cause.message }, error);
  if (error instanceof DOMException && error.name === 'TimeoutError') return fail(asked, { kind: 'Retryable', message: 'no complete answer in time' }, error);
  return fail(asked, { kind: 'Retryable', message: plainCause(error, asked) }, error);
}
