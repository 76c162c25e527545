import { ConnectorError, DomainError, isConnectorError, messageOf, type ConnectorErrorDetail } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import type { Instant } from '#kernel/time.ts';
import { createHash } from 'node:crypto';
import type { Tx } from './ports.ts';

/** What is kept of a step. `wait` steps hold the instant that they wait for. */
export interface KeptStep {
  readonly name: string;
  readonly state: 'started' | 'done' | 'failed';
  readonly idempotencyKey: string;
  /** JSON; null for undefined. */
  readonly output: string | null;
  readonly error: string | null;
  readonly startedAt: Instant;
}

/** In the place of an idempotency key. */
export const WAIT_KEY = 'wait';
export const INSIDE_KEY = 'inside';

const ERROR_LENGTH = 2_000;
export const errorText = (error: unknown): string => maskText(messageOf(error)).slice(0, ERROR_LENGTH);

/** The same for the same workflow and step in every run; has the form of a UUID (version 8), which every vendor takes. */
export function idempotencyKeyOf(workflowId: string, stepName: string): string {
  const hex = createHash('sha256').update(`${workflowId}\n${stepName}`).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export async function putStep(tx: Tx, workflowId: string, step: KeptStep & { readonly finishedAt: Instant | null }): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO "WorkflowStep" (workflowId, name, state, idempotencyKey, output, error, startedAt, finishedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (workflowId, name) DO UPDATE SET state = excluded.state, output = excluded.output, error = excluded.error, finishedAt = excluded.finishedAt`,
    workflowId, step.name, step.state, step.idempotencyKey, step.output, step.error, step.startedAt, step.finishedAt,
  );
}

export async function dropStep(tx: Tx, workflowId: string, name: string): Promise<void> {
  await tx.$executeRawUnsafe('DELETE FROM "WorkflowStep" WHERE workflowId = ? AND name = ?', workflowId, name);
}

/** Getting on clears the count of tries. */
export async function noteProgress(tx: Tx, workflowId: string): Promise<void> {
  await tx.$executeRawUnsafe('UPDATE "Workflow" SET attempts = 0, error = NULL WHERE id = ? AND (attempts > 0 OR error IS NOT NULL)', workflowId);
}

type StoredError = { readonly type: 'connector'; readonly detail: ConnectorErrorDetail } | { readonly type: 'domain'; readonly code: string; readonly message: string; readonly data: Readonly<Record<string, unknown>> };

/** A refusal, so that a later run of the code meets the same one. */
export function storeError(error: unknown): string {
  if (isConnectorError(error)) {
    const detail = { ...error.detail, message: maskText(error.detail.message), ...(error.detail.evidence === undefined ? {} : { evidence: maskText(error.detail.evidence) }) };
    return JSON.stringify({ type: 'connector', detail } satisfies StoredError);
  }
  if (error instanceof DomainError) return JSON.stringify({ type: 'domain', code: error.code, message: error.message, data: error.data } satisfies StoredError);
  throw new TypeError('only a refusal is kept with its step', { cause: error });
}

export function restoreError(text: string | null): Error {
  const stored = JSON.parse(text ?? 'null') as StoredError | null;
  if (stored?.type === 'connector') return new ConnectorError(stored.detail);
  if (stored?.type === 'domain') return new DomainError(stored.code, stored.message, stored.data);
  return new Error('the step failed');
}
