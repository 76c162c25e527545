/**
 * What a connector's failure means for its caller. The class is the recovery policy:
 * - `Retryable`: nothing happened, try again (after `retryAfterMs`).
 * - `Throttled`: over the vendor's quota; wait `retryAfterMs`, do not count as a failure.
 * - `SessionLost`: credentials or session are no longer valid; sign in again, then retry.
 * - `Rejected`: the vendor understood and refused; a retry of the same request will be refused again.
 * - `Critical`: the vendor's answer breaks its own protocol, or is one we must not go on from; stop and show it.
 * - `OutcomeUnknown`: the request may or may not have had its effect; ask the vendor before anything else.
 */
export type ConnectorErrorKind = 'Retryable' | 'Throttled' | 'SessionLost' | 'Rejected' | 'Critical' | 'OutcomeUnknown';

export interface ConnectorErrorDetail {
  readonly kind: ConnectorErrorKind;
  readonly connector: string;
  /** What was being done, in words: `create offer`. */
  readonly operation: string;
  readonly message: string;
  /** The vendor's own code, where it gave one. */
  readonly code?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Start of the answer that could not be used, at most 2,000 characters, for a person to read. */
  readonly evidence?: string | undefined;
  /** The answer as far as it was kept, at most 200,000 characters: for a saved copy, never for a log. */
  readonly page?: string | undefined;
}

export class ConnectorError extends Error {
  readonly detail: ConnectorErrorDetail;
  constructor(detail: ConnectorErrorDetail, cause?: unknown) {
    super(`${detail.connector}: ${detail.operation}: ${detail.message}`, cause === undefined ? undefined : { cause });
    this.name = 'ConnectorError';
    this.detail = { ...detail, evidence: detail.evidence?.slice(0, 2_000), page: (detail.page ?? detail.evidence)?.slice(0, 200_000) };
  }
  get kind(): ConnectorErrorKind {
    return this.detail.kind;
  }
}

export function isConnectorError(error: unknown, ...kinds: ConnectorErrorKind[]): error is ConnectorError {
  return error instanceof ConnectorError && (kinds.length === 0 || kinds.includes(error.kind));
}

/** An expected refusal inside the domain, with a code from the contract. Procedures turn it into the declared error. */
export class DomainError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly data: Readonly<Record<string, unknown>>;
  constructor(code: Code, message: string, data: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DomainError';
    this.code = code;
    this.data = data;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
