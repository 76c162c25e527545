/** Turns the schema objects of OpenAPI 3.0, 3.1 and converted Swagger 2 into plain JSON Schema 2020-12, without following references. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
/** The formats worth checking; vendors use many words of their own for the rest. */
const CHECKED_FORMATS = new Set(['date', 'date-time', 'uuid', 'ipv4', 'ipv6', 'int32', 'int64']);
/** Keys whose members are named by the vendor, so that a member called `type` is no keyword. */
const NAME_MAPS = new Set(['properties', 'schemas', 'definitions', 'patternProperties', '$defs']);
const ANNOTATIONS = ['discriminator', 'xml', 'externalDocs', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly'];
const BOUNDS = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum'];

function normalizeType(schema: JsonObject): void {
  if (schema['type'] === null) delete schema['type'];
  if (schema['type'] === 'file') schema['type'] = 'string';
  if (typeof schema['type'] === 'string' && !TYPES.has(schema['type'])) delete schema['type'];
  if (typeof schema['format'] === 'string' && !CHECKED_FORMATS.has(schema['format'])) delete schema['format'];
}

/** `nullable: true` of OpenAPI 3.0. */
function normalizeNullable(schema: JsonObject): void {
  const { nullable, ...rest } = schema;
  delete schema['nullable'];
  if (nullable !== true) return;
  if (typeof schema['type'] === 'string') {
    schema['type'] = [schema['type'], 'null'];
    if (Array.isArray(schema['enum']) && !schema['enum'].includes(null)) schema['enum'].push(null);
    return;
  }
  for (const key of Object.keys(schema)) delete schema[key];
  schema['anyOf'] = [rest, { type: 'null' }];
}

/** Bounds that are exclusive by a flag, and bounds written as text. */
function normalizeBounds(schema: JsonObject): void {
  for (const [flag, bound] of [['exclusiveMinimum', 'minimum'], ['exclusiveMaximum', 'maximum']] as const) {
    if (typeof schema[flag] !== 'boolean') continue;
    const exclusive = schema[flag] && schema[bound] !== undefined;
    delete schema[flag];
    if (!exclusive) continue;
    schema[flag] = schema[bound]!;
    delete schema[bound];
  }
  for (const name of BOUNDS) if (typeof schema[name] === 'string' && schema[name] !== '') schema[name] = Number(schema[name]);
}

function normalizeLists(schema: JsonObject): void {
  if (Array.isArray(schema['enum'])) {
    const members = [...new Set(schema['enum'].map((member) => JSON.stringify(member)))].map((text) => JSON.parse(text) as Json);
    if (members.length === 0) delete schema['enum'];
    else schema['enum'] = members;
  }
  if (typeof schema['required'] === 'boolean') delete schema['required'];
  if (Array.isArray(schema['required'])) schema['required'] = [...new Set(schema['required'])];
  if (typeof schema['pattern'] === 'string' && !isPattern(schema['pattern'])) delete schema['pattern'];
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** Annotations are left out; they can hold anything. A *member* of that name is none of them. */
function dropAnnotations(schema: JsonObject): void {
  const isSchema = ['type', '$ref', 'properties', 'anyOf', 'oneOf', 'allOf', 'items', 'enum'].some((key) => key in schema);
  if (isSchema) for (const name of ANNOTATIONS) delete schema[name];
}

/** In place. `key` is the name under which the node stands. */
export function normalizeSchema<T extends Json>(node: T, key?: string): T {
  if (Array.isArray(node)) for (const member of node) normalizeSchema(member);
  if (!isObject(node)) return node;
  const isMap = key !== undefined && NAME_MAPS.has(key);
  if (!isMap) {
    normalizeType(node);
    normalizeNullable(node);
    normalizeBounds(node);
    normalizeLists(node);
    dropAnnotations(node);
  }
  for (const [name, member] of Object.entries(node)) {
    if (!isMap && (name === 'enum' || name === 'const' || name === 'default' || name.startsWith('x-'))) continue;
    normalizeSchema(member, isMap ? undefined : name);
  }
  return node;
}

/** Names of component schemas that stand inside a combination: closing them would forbid what their siblings add. */
export function combinedSchemas(root: Json): Set<string> {
  const names = new Set<string>();
  JSON.stringify(root, (key, value: Json) => {
    if (['allOf', 'anyOf', 'oneOf'].includes(key) && Array.isArray(value)) {
      for (const member of value) if (isObject(member) && typeof member['$ref'] === 'string') names.add(member['$ref'].split('/').at(-1)!);
    }
    return value;
  });
  return names;
}

/** Forbids unknown properties in plain object schemas, in place. Inside combinations nothing is closed. */
export function forbidUnknown<T extends Json>(node: T, inCombination = false): T {
  if (Array.isArray(node)) for (const member of node) forbidUnknown(member, inCombination);
  if (!isObject(node)) return node;
  const combines = 'allOf' in node || 'anyOf' in node || 'oneOf' in node;
  if (isObject(node['properties']) && !inCombination && !combines && node['additionalProperties'] === undefined) node['additionalProperties'] = false;
  for (const [name, member] of Object.entries(node)) {
    if (name === 'enum' || name === 'default') continue;
    forbidUnknown(member, ['allOf', 'anyOf', 'oneOf'].includes(name));
  }
  return node;
}
