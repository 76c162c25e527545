import { createHash, timingSafeEqual } from 'node:crypto';

/** Fields in the order in which they are sent: the hash is over their values in that order. */
export type PaynowFields = readonly (readonly [name: string, value: string])[];

/** Upper-case SHA-512 of all values but `hash`, in their order, then the integration key. */
export function hashOf(fields: PaynowFields, integrationKey: string): string {
  const text = fields.filter(([name]) => name.toLowerCase() !== 'hash').map(([, value]) => value).join('');
  return createHash('sha512').update(text + integrationKey, 'utf8').digest('hex').toUpperCase();
}

/** A form as it came, decoded, in its order. */
export function fieldsOf(text: string): PaynowFields {
  return [...new URLSearchParams(text.trim())];
}

export function hashHolds(fields: PaynowFields, integrationKey: string): boolean {
  const given = Buffer.from((fields.find(([name]) => name.toLowerCase() === 'hash')?.[1] ?? '').toUpperCase());
  const expected = Buffer.from(hashOf(fields, integrationKey));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** By lower-case name; of a name given twice the first, as the hash cannot tell which one was meant. */
export function valuesOf(fields: PaynowFields): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [name, value] of fields) values[name.toLowerCase()] ??= value;
  return values;
}
