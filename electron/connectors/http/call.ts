import type { ZodType } from 'zod';
import type { ConnectorErrorDetail } from '#kernel/errors.ts';
import type { Logger } from '#kernel/log.ts';
import type { Random } from '#kernel/random.ts';
import type { Clock } from '#kernel/time.ts';
import type { RateLimiter } from './rate-limiter.ts';

/**
 * What a call does to the vendor, which decides how it may be repeated:
 * - `read`: changes nothing;
 * - `idempotent`: a repeat leaves the same state (PUT of the whole thing);
 * - `once`: a repeat would do it again. Repeated only on proof that nothing happened; otherwise the outcome is unknown.
 */
export type Effect = 'read' | 'idempotent' | 'once';

export type QueryValue = string | number | boolean | readonly (string | number)[] | undefined;

export interface HttpCall<T> {
  /** What is being done, in words, without secrets: `create offer`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the base URL's path on; dynamic parts already encoded. */
  readonly path: string;
  /** Lists are joined by commas; undefined is left out. */
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly json?: unknown;
  /** JSON text that goes out byte for byte, where a vendor signed a part of it. */
  readonly jsonText?: string | undefined;
  readonly form?: Readonly<Record<string, string>> | undefined;
  /** A body of another kind, as it goes out: a picture in a multipart form. */
  readonly bytes?: { readonly type: string; readonly body: Uint8Array } | undefined;
  /** What of a person is sent, such as a phone number in the ways in which it may come back: masked in whatever is kept of an answer that failed. */
  readonly personal?: readonly string[] | undefined;
  readonly effect: Effect;
  /** Of a successful answer. Unknown fields are the schema's business: let it pass them. */
  readonly schema: ZodType<T>;
  /** Read the body as JSON (the rule), hand `schema` the text as it came (`text`), a Buffer (`bytes`), or null whatever came (`none`). */
  readonly body?: 'json' | 'text' | 'bytes' | 'none' | undefined;
  readonly limiter?: RateLimiter | undefined;
  /** In the limiter's units; 1 unless told. */
  readonly cost?: number | undefined;
  /** Leaves out the authorisation headers (token endpoints). */
  readonly anonymous?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer<T> {
  readonly status: number;
  /** Lower-case names; of repeated headers the first. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: T;
}

/** A failed answer, as far as it can be told without knowing the vendor. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The body as JSON, or undefined. */
  readonly json: unknown;
}

/** What a vendor's own error body says. Any field replaces the general reading of the status. */
export interface VendorVerdict {
  readonly kind?: ConnectorErrorDetail['kind'] | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The vendor proves that a `once` call had no effect, so that it may be repeated although the status alone would not show it. */
  readonly nothingHappened?: boolean | undefined;
}

export interface HttpLimits {
  /** From sending to the last byte, in real time. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** Tries in all of a call that may be repeated. */
  readonly maxAttempts: number;
  /** Waits in all for a vendor that says "too many requests"; then `Throttled` goes to the caller. */
  readonly maxThrottleWaits: number;
  /** Longest single wait that is sat out here; a longer one goes to the caller at once. */
  readonly maxWaitMs: number;
  /** First pause between tries; doubles, with jitter. */
  readonly backoffMs: number;
  /** Connections kept to one origin. */
  readonly connections: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  timeoutMs: 30_000, maxResponseBytes: 32 * 1024 * 1024, maxAttempts: 4, maxThrottleWaits: 8, maxWaitMs: 120_000, backoffMs: 400, connections: 8,
};

/** What every connector is made with. */
export interface ConnectorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly limits?: Partial<HttpLimits> | undefined;
}

export interface HttpClientOptions extends ConnectorOptions {
  /** `keepa`, `ebay`: stands in errors and logs. */
  readonly connector: string;
  /** Scheme, host, and path prefix: `https://api.ebay.com`. */
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Headers that authorise one try. Called for each, so it must cache. */
  readonly authorize?: ((signal?: AbortSignal) => Promise<Readonly<Record<string, string>>>) | undefined;
  /** The vendor refused our session: forget it. One more try follows with a new one. */
  readonly forgetSession?: (() => void) | undefined;
  /** Query parameters of every call, such as a key. Masked everywhere. */
  readonly secretQuery?: (() => Promise<Readonly<Record<string, string>>>) | undefined;
  readonly judge?: ((failed: FailedAnswer) => VendorVerdict | undefined) | undefined;
  /** Sees every answer, failed ones too: for quotas told in headers. */
  readonly onAnswer?: ((call: HttpCall<unknown>, answer: { readonly status: number; readonly headers: FailedAnswer['headers'] }) => void) | undefined;
}
