import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import type { Random } from '#kernel/random.ts';
import type { Clock } from '#kernel/time.ts';

export interface TryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Tries in all; 3 unless told. */
  readonly maxAttempts?: number | undefined;
}

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 20_000;

/**
 * Tries again what certainly did nothing (`Retryable`, `Throttled`), after the wait that the server names, else with doubling pauses and jitter. A wait that would not end before the
 * time is up goes to the caller at once: a person is waiting, and has figures without the answer.
 */
export async function tryAgain<T>(options: TryOptions, run: (remainingMs: number) => Promise<T>): Promise<T> {
  const { clock, random, maxAttempts = 3 } = options;
  const started = performance.now();
  // pauses are slept on the injected clock, which may run faster than real time
  let slept = 0;
  for (let attempt = 1; ; attempt++) {
    const remaining = options.timeoutMs - (performance.now() - started) - slept;
    try {
      return await run(Math.max(1, Math.ceil(remaining)));
    } catch (error) {
      if (!isConnectorError(error, 'Retryable', 'Throttled') || attempt >= maxAttempts) throw error;
      const pause = Math.max(error.detail.retryAfterMs ?? 0, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + random.next() / 2));
      if (pause >= options.timeoutMs - (performance.now() - started) - slept) throw error;
      slept += pause;
      await clock.sleep(pause, options.signal);
    }
  }
}

/** What both vendors' SDKs throw, as far as it is alike. */
export interface SdkFailure {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly message: string;
  readonly headers: Headers | undefined;
  readonly timedOut: boolean;
  readonly unreachable: boolean;
}

function waitOf(headers: Headers | undefined, now: number): number | undefined {
  const exact = headers?.get('retry-after-ms');
  if (exact && Number.isFinite(Number(exact))) return Number(exact);
  const text = headers?.get('retry-after');
  if (!text) return undefined;
  if (Number.isFinite(Number(text))) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Codes of an account without money: waiting does not help. */
const NO_MONEY = /insufficient_quota|billing|credit balance/i;

function kindOf({ status, code, message, headers, timedOut, unreachable }: SdkFailure): ConnectorError['kind'] {
  if (status === undefined) return timedOut || unreachable ? 'Retryable' : 'Critical';
  if (status === 401 || status === 403) return 'SessionLost';
  if (NO_MONEY.test(`${code ?? ''} ${message}`)) return 'Rejected';
  // the server's own verdict stands above the status
  const verdict = headers?.get('x-should-retry');
  if (verdict === 'false') return 'Rejected';
  if (status === 429) return 'Throttled';
  if (verdict === 'true' || status === 408 || status === 409 || status >= 500) return 'Retryable';
  return status < 400 ? 'Critical' : 'Rejected';
}

/** A question changes nothing at the vendor, so that one without an answer may be asked again: it costs twice at the worst. */
export function classifyFailure(failure: SdkFailure, context: { readonly connector: string; readonly operation: string; readonly now: number }, cause: unknown): ConnectorError {
  const message = failure.timedOut ? 'gave no answer in time' : failure.unreachable ? 'cannot be reached' : failure.message;
  const retryAfterMs = waitOf(failure.headers, context.now);
  return new ConnectorError({
    kind: kindOf(failure), connector: context.connector, operation: context.operation, message: message.slice(0, 500),
    ...(failure.code === undefined ? {} : { code: failure.code }), ...(failure.status === undefined ? {} : { httpStatus: failure.status }), ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }, cause);
}
