import { z } from 'zod';

/** What providers' structured output does not know: enforced by our own parser instead. */
const DROPPED = new Set(['$schema', 'minLength', 'maxLength', 'pattern', 'format', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'uniqueItems', 'default', 'examples', 'title']);

function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict);
  if (node === null || typeof node !== 'object') return node;
  const entries = Object.entries(node).filter(([key]) => !DROPPED.has(key));
  const copy: Record<string, unknown> = Object.fromEntries(entries.map(([key, value]) => [key, key === 'properties' ? Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, strict(inner)])) : strict(value)]));
  if (copy['type'] !== 'object' || typeof copy['properties'] !== 'object') return copy;
  return { ...copy, required: Object.keys(copy['properties'] as object), additionalProperties: false };
}

/** The subset of JSON schema that both vendors enforce: closed objects, every field required (a field that may be absent is nullable). */
export function answerSchema(schema: z.ZodType): Record<string, unknown> {
  return strict(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })) as Record<string, unknown>;
}
