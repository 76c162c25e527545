import type { ZodError } from 'zod';
import { maskText } from '#kernel/log.ts';

/** The first three faults of a schema, each with its field: `csv.0: expected a whole number`. */
export function faultsOf(error: ZodError): string {
  return error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`).join('; ');
}

/** Start of a value that could not be read, for a person: at most 1,000 characters of JSON. */
export function excerptOf(value: unknown): string {
  return maskText(JSON.stringify(value) ?? String(value)).slice(0, 1_000);
}
