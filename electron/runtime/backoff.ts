import { DomainError, isConnectorError } from '#kernel/errors.ts';
import type { Random } from '#kernel/random.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#kernel/time.ts';

/** 1 s, 2 s, 4 s … at most an hour, each between half and one and a half of that, so that what failed together does not return together. `attempt` is 1 for the first. */
export function backoffMs(attempt: number, random: Random): number {
  const plain = Math.min(HOUR_MS, SECOND_MS * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.round(plain * (0.5 + random.next()));
}

export type Verdict =
  /** Not a failure: the vendor's quota. */
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'retry'; readonly ms: number }
  | { readonly kind: 'fail' };

const THROTTLED_MS = MINUTE_MS;

/** What to do after `error` at try number `attempt`. */
export function judgeError(error: unknown, attempt: number, random: Random): Verdict {
  if (isConnectorError(error, 'Rejected', 'Critical')) return { kind: 'fail' };
  if (isConnectorError(error, 'Throttled')) return { kind: 'wait', ms: Math.max(0, error.detail.retryAfterMs ?? THROTTLED_MS) };
  const told = isConnectorError(error) ? (error.detail.retryAfterMs ?? 0) : 0;
  return { kind: 'retry', ms: Math.max(told, backoffMs(attempt, random)) };
}

/** A refusal that another try of the same workflow would meet again. */
export function isFinal(error: unknown): boolean {
  return error instanceof DomainError || isConnectorError(error, 'Rejected', 'Critical');
}
