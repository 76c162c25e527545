import { hash } from 'node:crypto';

/** JSON whose text depends on the content alone: keys sorted, no spaces, nothing undefined. The same content has the same hash on every machine. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  // A stored integer that a row hands on as it is; beyond 2^53 a reader would lose digits.
  if (typeof value === 'bigint' && BigInt.asIntN(54, value) === value) return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(',')}]`;
  if (typeof value === 'object') {
    const pairs = Object.entries(value).filter(([, inner]) => inner !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
  }
  throw new RangeError(`a ${typeof value} has no JSON form`);
}

export function sha256Of(text: string): string {
  return hash('sha256', text);
}
