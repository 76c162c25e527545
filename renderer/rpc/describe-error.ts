import { ORPCError } from '@orpc/client';
import type { TFunction } from 'i18next';

/** What happened and what to do, in words; `code` is the contract's code, or `OFFLINE` when the engine could not be reached. */
export interface DescribedError {
  readonly code: string;
  readonly title: string;
  readonly advice: string;
  /** The engine's own message, for the record. */
  readonly technical: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export function codeOf(error: unknown): string {
  if (error instanceof ORPCError) return String(error.code);
  if (error instanceof TypeError || (error instanceof DOMException && error.name === 'AbortError')) return 'OFFLINE';
  return 'UNKNOWN';
}

export function describeError(error: unknown, t: TFunction): DescribedError {
  const code = codeOf(error);
  const data = error instanceof ORPCError && isRecord(error.data) ? error.data : {};
  const technical = error instanceof Error ? error.message : String(error);
  const known = t(`errors:${code}.title`, { ...data, defaultValue: '' });
  return {
    code, data, technical,
    title: known || t('errors:UNKNOWN.title', { code }),
    advice: t(`errors:${code}.advice`, { ...data, defaultValue: '' }) || t('errors:UNKNOWN.advice'),
  };
}
