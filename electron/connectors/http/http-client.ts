import { Agent } from 'undici';
import { isConnectorError } from '#kernel/errors.ts';
import { DEFAULT_LIMITS, type HttpAnswer, type HttpCall, type HttpClientOptions, type HttpLimits, type QueryValue } from './call.ts';
import { classifyStatus, classifyTransport, classifyUnusable, TIMED_OUT, type Classified } from './classify-failure.ts';
import { maskEvidence, secretsIn } from './mask-evidence.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { faultsOf } from './unreadable.ts';

/** A call whose last sending failed. */
type Outcome<T> = { readonly answer: HttpAnswer<T> } | { readonly failure: Classified };

const LONGEST_REDIRECT_CHAIN = 3;

function queryText(...parts: (Readonly<Record<string, QueryValue>> | undefined)[]): string {
  const pairs: string[] = [];
  for (const part of parts) {
    for (const [name, value] of Object.entries(part ?? {})) {
      if (value === undefined) continue;
      pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value))}`);
    }
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  const flat: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(headers)) flat[name.toLowerCase()] = Array.isArray(value) ? value[0] : value;
  return flat;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Talks to one vendor. Sends a call within its quota, reads the answer through the call's schema, and turns every failure into a
 * `ConnectorError` whose kind says what may be done next. Repeats by itself only what cannot do harm; see `Effect`.
 */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #limits: HttpLimits;
  readonly #agent: Agent;
  readonly #origin: string;
  readonly #prefix: string;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    const base = new URL(options.baseUrl);
    this.#origin = base.origin;
    this.#prefix = base.pathname.replace(/\/$/, '');
    this.#agent = new Agent({ connections: this.#limits.connections, keepAliveTimeout: 10_000, connect: { timeout: Math.min(10_000, this.#limits.timeoutMs) } });
  }

  /** Ends idle connections; calls under way fail. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** @throws ConnectorError, or the signal's reason when aborted before anything that matters was sent. */
  async send<T>(call: HttpCall<T>): Promise<HttpAnswer<T>> {
    return (await this.#run(call, [])) as HttpAnswer<T>;
  }

  /** As `send`, but the given statuses beyond 2xx are answers too, with null for a body: 404 for "there is none". */
  sendAccepting<T>(statuses: readonly number[], call: HttpCall<T>): Promise<HttpAnswer<T | null>> {
    return this.#run(call, statuses);
  }

  async #run<T>(call: HttpCall<T>, accept: readonly number[]): Promise<HttpAnswer<T | null>> {
    let tries = 0;
    let throttleWaits = 0;
    let sessionRenewed = false;
    for (;;) {
      await call.limiter?.acquire(call.cost ?? 1, call.signal);
      const outcome = await this.#attempt(call, accept);
      if ('answer' in outcome) return outcome.answer;
      const { error, repeatable } = outcome.failure;
      tries += 1;
      this.#options.log.debug('vendor call failed', { connector: this.#options.connector, operation: call.operation, kind: error.kind, status: error.detail.httpStatus, reason: error.detail.message, tries });
      if (!repeatable) throw error;
      let waitMs: number;
      if (error.kind === 'SessionLost') {
        if (sessionRenewed || call.anonymous || !this.#options.forgetSession) throw error;
        sessionRenewed = true;
        this.#options.forgetSession();
        waitMs = 0;
      } else if (error.kind === 'Throttled') {
        throttleWaits += 1;
        waitMs = Math.max(error.detail.retryAfterMs ?? 0, this.#backoff(throttleWaits));
        if (throttleWaits > this.#limits.maxThrottleWaits || waitMs > this.#limits.maxWaitMs) throw error;
        call.limiter?.block(error.detail.retryAfterMs ?? 0);
      } else {
        // A body of a strange shape is asked for once more, in case it was a slip; twice the same is a changed protocol.
        if (tries >= (error.kind === 'Critical' ? 2 : this.#limits.maxAttempts)) throw error;
        waitMs = Math.max(error.detail.retryAfterMs ?? 0, this.#backoff(tries));
        if (waitMs > this.#limits.maxWaitMs) throw error;
      }
      await this.#options.clock.sleep(waitMs, call.signal);
    }
  }

  /** Doubling pause with half of it random, so that many callers do not come back together. */
  #backoff(tries: number): number {
    const full = Math.min(this.#limits.backoffMs * 2 ** (tries - 1), 30_000);
    return Math.round(full / 2 + (full / 2) * this.#options.random.next());
  }

  async #attempt<T>(call: HttpCall<T>, accept: readonly number[]): Promise<Outcome<T | null>> {
    const context = { connector: this.#options.connector, operation: call.operation, effect: call.effect };
    const authorization = call.anonymous ? undefined : await this.#options.authorize?.(call.signal);
    const secretQuery = await this.#options.secretQuery?.();
    const headers: Record<string, string> = {
      accept: 'application/json', 'accept-encoding': 'gzip, deflate, br', ...this.#options.headers, ...authorization, ...call.headers,
      ...(call.json === undefined && call.jsonText === undefined ? {} : { 'content-type': 'application/json' }), ...(call.form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...(call.bytes ? { 'content-type': call.bytes.type } : {}),
    };
    const body = call.bytes?.body ?? call.jsonText ?? (call.json === undefined ? (call.form ? new URLSearchParams(call.form).toString() : null) : JSON.stringify(call.json));
    const personal = (call.personal ?? []).filter((text) => text.length >= 6);
    const secrets = [...secretsIn(authorization, secretQuery, call.headers, call.form), ...personal];
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(Object.assign(new Error(`no answer within ${this.#limits.timeoutMs} ms`), { code: TIMED_OUT })), this.#limits.timeoutMs);
    const abort = () => deadline.abort(call.signal?.reason);
    if (call.signal?.aborted) {
      clearTimeout(timer);
      throw call.signal.reason;
    }
    call.signal?.addEventListener('abort', abort, { once: true });
    try {
      let path = `${this.#prefix}${call.path}${queryText(secretQuery, call.query)}`;
      for (let hop = 0; ; hop++) {
        const raw = await this.#agent.request({ origin: this.#origin, path, method: call.method, headers, body, signal: deadline.signal });
        const flat = flatHeaders(raw.headers);
        const next = this.#sameHostRedirect(call, raw.statusCode, flat['location'], hop);
        if (next !== undefined) {
          await raw.body.dump();
          path = next;
          continue;
        }
        this.#options.onAnswer?.(call as HttpCall<unknown>, { status: raw.statusCode, headers: flat });
        const isKept = raw.statusCode < 200 || raw.statusCode >= 300;
        const text = await readBody(raw.body, flat['content-encoding'], { limitBytes: this.#limits.maxResponseBytes, letters: call.body === 'bytes' && !isKept ? 'latin1' : 'utf8' });
        if (accept.includes(raw.statusCode)) return { answer: { status: raw.statusCode, headers: flat, body: null } };
        return this.#read(call, { status: raw.statusCode, headers: flat, text: isKept ? personal.reduce((shown, one) => shown.replaceAll(one, '[masked]'), text) : text }, secrets);
      }
    } catch (error) {
      if (call.signal?.aborted && call.effect !== 'once') throw call.signal.reason;
      if (isConnectorError(error)) throw error;
      if (error instanceof BodyTooLarge || error instanceof SyntaxError) {
        const evidence = error instanceof BodyTooLarge ? maskEvidence(error.start, secrets) : '';
        return { failure: classifyUnusable(context, { message: error.message, status: 200, evidence, cause: error }) };
      }
      return { failure: classifyTransport(context, deadline.signal.aborted ? (deadline.signal.reason as unknown) : error) };
    } finally {
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', abort);
    }
  }

  /** Path to go on with, when a read is sent elsewhere on the same host. Any other redirect is a failure, never followed. */
  #sameHostRedirect(call: HttpCall<unknown>, status: number, location: string | undefined, hop: number): string | undefined {
    if (status < 300 || status >= 400 || location === undefined || call.effect !== 'read' || call.method !== 'GET' || hop >= LONGEST_REDIRECT_CHAIN) return undefined;
    if (!URL.canParse(location, this.#origin)) return undefined;
    const target = new URL(location, this.#origin);
    return target.origin === this.#origin ? target.pathname + target.search : undefined;
  }

  #read<T>(call: HttpCall<T>, raw: { status: number; headers: Record<string, string | undefined>; text: string }, secrets: readonly string[]): Outcome<T> {
    const context = { connector: this.#options.connector, operation: call.operation, effect: call.effect };
    if (raw.status < 200 || raw.status >= 300) {
      const failed = { ...raw, json: parseJson(raw.text) };
      const verdict = this.#options.judge?.(failed);
      const message = raw.status >= 300 && raw.status < 400 ? `redirected to another place (HTTP ${raw.status}), not followed` : verdict?.message;
      return { failure: classifyStatus(context, failed, { verdict: message === undefined ? verdict : { ...verdict, message }, evidence: maskEvidence(raw.text, secrets), now: this.#options.clock.now() }) };
    }
    const json = call.body === 'text' ? raw.text : call.body === 'bytes' ? Buffer.from(raw.text, 'latin1') : call.body === 'none' || raw.status === 204 ? null : parseJson(raw.text);
    if (json === undefined) {
      return { failure: classifyUnusable(context, { message: raw.text === '' ? 'the answer is empty' : 'the answer is not JSON', status: raw.status, evidence: maskEvidence(raw.text, secrets) }) };
    }
    const parsed = call.schema.safeParse(json);
    if (parsed.success) return { answer: { status: raw.status, headers: raw.headers, body: parsed.data } };
    return { failure: classifyUnusable(context, { message: `the answer is not of the agreed shape: ${faultsOf(parsed.error)}`, status: raw.status, evidence: maskEvidence(raw.text, secrets) }) };
  }
}
