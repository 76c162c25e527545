import { ConnectorError, messageOf, type ConnectorErrorDetail, type ConnectorErrorKind } from '#kernel/errors.ts';
import type { Instant } from '#kernel/time.ts';
import type { Effect, FailedAnswer, VendorVerdict } from './call.ts';

/** Failures before a byte of the request could have left: nothing can have happened at the vendor. */
const NEVER_SENT = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID',
]);
/** Code of the error with which the client ends a call that takes too long. */
export const TIMED_OUT = 'TIMED_OUT';
const BAD_CERTIFICATE = /CERT|SELF_SIGNED|VERIFY_LEAF/;

export interface FailureContext {
  readonly connector: string;
  readonly operation: string;
  readonly effect: Effect;
}

/** A failure, and whether the same call may be sent again at once by the client itself. */
export interface Classified {
  readonly error: ConnectorError;
  readonly repeatable: boolean;
}

export function classified(context: FailureContext, detail: Omit<ConnectorErrorDetail, 'connector' | 'operation'>, options: { repeatable: boolean; cause?: unknown }): Classified {
  return { error: new ConnectorError({ connector: context.connector, operation: context.operation, ...detail }, options.cause), repeatable: options.repeatable };
}

function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string') return code;
  }
  return '';
}

/** A connection that failed, closed or timed out. */
export function classifyTransport(context: FailureContext, error: unknown): Classified {
  const code = codeOf(error);
  if (BAD_CERTIFICATE.test(code)) return classified(context, { kind: 'Critical', message: `the server's certificate is not trusted (${code})`, code }, { repeatable: false, cause: error });
  const neverSent = NEVER_SENT.has(code);
  const message = neverSent ? `cannot be reached (${code})` : code === TIMED_OUT ? messageOf(error) : `connection lost after sending (${code || messageOf(error)})`;
  const kind: ConnectorErrorKind = neverSent || context.effect !== 'once' ? 'Retryable' : 'OutcomeUnknown';
  return classified(context, { kind, message, ...(code ? { code } : {}) }, { repeatable: kind === 'Retryable', cause: error });
}

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), as milliseconds from `now`. */
export function retryAfterMs(header: string | undefined, now: Instant): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function kindOfStatus(status: number, effect: Effect, verdict: VendorVerdict | undefined): ConnectorErrorKind {
  if (verdict?.kind) return verdict.kind;
  if (status === 429) return 'Throttled';
  if (status === 401) return 'SessionLost';
  // 421, 425: refused before being handled.
  if (status === 421 || status === 425) return 'Retryable';
  if (status === 408 || status >= 500) return effect === 'once' && !verdict?.nothingHappened ? 'OutcomeUnknown' : 'Retryable';
  if (status >= 300 && status < 400) return 'Critical';
  if (status < 400) return effect === 'once' ? 'OutcomeUnknown' : 'Critical';
  return 'Rejected';
}

/** An answer that is no success. */
export function classifyStatus(context: FailureContext, failed: FailedAnswer, reading: { verdict: VendorVerdict | undefined; evidence: string; now: Instant }): Classified {
  const { verdict, evidence } = reading;
  const kind = kindOfStatus(failed.status, context.effect, verdict);
  const wait = verdict?.retryAfterMs ?? retryAfterMs(failed.headers['retry-after'], reading.now);
  const detail = {
    kind, httpStatus: failed.status, message: verdict?.message ?? `HTTP ${failed.status}`, evidence,
    ...(verdict?.code === undefined ? {} : { code: verdict.code }), ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
  return classified(context, detail, { repeatable: kind === 'Retryable' || kind === 'Throttled' || kind === 'SessionLost' });
}

/** A successful status whose body cannot be used: unreadable, too large, or not of the agreed shape. */
export function classifyUnusable(context: FailureContext, reason: { message: string; status: number; evidence: string; cause?: unknown }): Classified {
  // Whatever a `once` call was to do is probably done, but its answer is lost: the vendor has to be asked.
  const kind: ConnectorErrorKind = context.effect === 'once' ? 'OutcomeUnknown' : 'Critical';
  return classified(context, { kind, message: reason.message, httpStatus: reason.status, evidence: reason.evidence }, { repeatable: kind === 'Critical', cause: reason.cause });
}
