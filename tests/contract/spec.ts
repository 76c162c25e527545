import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { convertObj } from 'swagger2openapi';
import { combinedSchemas, forbidUnknown, isObject, normalizeSchema, type Json, type JsonObject } from './normalize-schema.ts';

/** The vendors' own documents. They are not part of the project: where they are absent, contract tests say so and skip. */
export const SPECS_DIR = path.resolve(import.meta.dirname, '../../../shared/specs');
export const SPECS_PRESENT = existsSync(SPECS_DIR);
export const SKIP_NOTE = 'contract tests skipped: ../shared/specs is not here';

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head'] as const;

export interface SpecRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
}

export interface SpecResponse {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly pattern: string;
  readonly parameters: readonly JsonObject[];
  readonly node: JsonObject;
  readonly matcher: RegExp;
  readonly pathNames: readonly string[];
}

/** A vendor's own example of an answer, or of a request in its sandbox. */
export interface VendorExample {
  readonly operation: string;
  /** `200`, `sandbox 200`. */
  readonly label: string;
  readonly status: number;
  readonly body: unknown;
  readonly faults: readonly string[];
}

export interface SpecOptions {
  /** Changes to a document whose text contradicts its own schema; each with a test that it still does. */
  readonly correct?: ((document: JsonObject) => void) | undefined;
}

function createAjv(coerceTypes: 'array' | false): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes, validateSchema: false, logger: false, unicodeRegExp: false });
  formats.default(ajv);
  return ajv;
}

function faultText(error: ErrorObject): string {
  const extra = (error.params as { additionalProperty?: unknown }).additionalProperty;
  return `${error.instancePath} ${error.message ?? ''}${typeof extra === 'string' ? ` ${extra}` : ''}`;
}

/** One vendor document, and checks of requests and answers against it. */
export class Spec {
  readonly operations: readonly Operation[];
  readonly #document: JsonObject;
  readonly #basePaths: readonly string[];
  readonly #answers = createAjv(false);
  readonly #requests = createAjv(false);
  /** Values in paths, queries and forms are text, so they are turned into the type that the schema wants. */
  readonly #parameters = createAjv('array');
  readonly #forms = createAjv('array');
  readonly #compiled = new Map<string, ValidateFunction>();

  /** @param file relative to the specs folder. */
  static async load(file: string, options: SpecOptions = {}): Promise<Spec> {
    let document = JSON.parse(readFileSync(path.join(SPECS_DIR, file), 'utf8')) as JsonObject;
    if ('swagger' in document) document = withVendorFields(document, (await convertObj(structuredClone(document), { patch: true, warnOnly: true, resolveInternal: false })).openapi as JsonObject);
    options.correct?.(document);
    return new Spec(document);
  }

  /** Of a document that is written here. */
  static of(document: JsonObject): Spec {
    return new Spec(document);
  }

  private constructor(document: JsonObject) {
    this.#document = document;
    const components = normalizeSchema({ components: structuredClone(document['components'] ?? {}) });
    this.#answers.addSchema(components, 'spec');
    this.#parameters.addSchema(components, 'spec');
    this.#requests.addSchema(closed(components), 'spec');
    this.#forms.addSchema(closed(components), 'spec');
    this.#basePaths = basePathsOf(document);
    this.operations = this.#readOperations();
  }

  /** The most literal operation that a path names, or undefined. */
  match(method: string, requestPath: string): { readonly operation: Operation; readonly params: Readonly<Record<string, string>> } | undefined {
    for (const base of this.#basePaths) {
      if (!requestPath.startsWith(base)) continue;
      const rest = requestPath.slice(base.length) || '/';
      for (const operation of this.operations) {
        const found = operation.method === method.toLowerCase() ? operation.matcher.exec(rest) : null;
        if (found) return { operation, params: Object.fromEntries(operation.pathNames.map((name, i) => [name, decodeURIComponent(found[i + 1]!)])) };
      }
    }
    return undefined;
  }

  /** Everything in a request that the vendor does not document, unknown properties included. */
  checkRequest(request: SpecRequest): string[] {
    const hit = this.match(request.method, request.path);
    if (!hit) return [`no operation ${request.method} ${request.path}`];
    return [...this.#checkParameters(hit, request), ...this.#checkBody(hit.operation, request)];
  }

  /** @param unknown whether properties that the document does not name are faults. Vendors add fields as they please; our own stand-ins may not. */
  checkResponse(response: SpecResponse, unknown: 'allow' | 'forbid' = 'allow'): string[] {
    const hit = this.match(response.method, response.path);
    return hit ? this.#checkAnswer(hit.operation, response, unknown) : [`no operation ${response.method} ${response.path}`];
  }

  /** Every example answer in the document: plain ones, and those of the vendor's sandbox. */
  *examples(): Generator<VendorExample> {
    for (const operation of this.operations) {
      const responses = operation.node['responses'];
      for (const [code, answer] of Object.entries(isObject(responses) ? responses : {})) {
        const status = Number(code);
        if (!isObject(answer) || Number.isNaN(status)) continue;
        for (const [label, body] of examplesOf(answer, code)) {
          yield { operation: operation.id, label, status, body, faults: this.#checkAnswer(operation, { status, body }, 'allow') };
        }
      }
    }
  }

  #readOperations(): Operation[] {
    const found: Operation[] = [];
    const paths = this.#document['paths'];
    for (const [pattern, item] of Object.entries(isObject(paths) ? paths : {})) {
      if (!isObject(item)) continue;
      for (const method of METHODS) {
        const node = item[method];
        if (!isObject(node)) continue;
        const listed = [...(Array.isArray(item['parameters']) ? item['parameters'] : []), ...(Array.isArray(node['parameters']) ? node['parameters'] : [])];
        found.push({
          id: typeof node['operationId'] === 'string' ? node['operationId'] : `${method} ${pattern}`, method, pattern, node,
          parameters: listed.map((entry) => this.#deref(entry)), pathNames: [...pattern.matchAll(/\{([^}]+)\}/g)].map((name) => name[1]!),
          matcher: new RegExp(`^${pattern.replace(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replace(/\{([^}]+)\}/g, '([^/]+)')}$`),
        });
      }
    }
    const literals = (operation: Operation) => operation.pattern.split('/').filter((segment) => !segment.includes('{')).length;
    return found.sort((a, b) => literals(b) - literals(a));
  }

  #deref(node: Json | undefined): JsonObject {
    let at: Json | undefined = node;
    for (let hops = 0; isObject(at) && typeof at['$ref'] === 'string' && hops < 20; hops++) {
      at = at['$ref'].slice(2).split('/').reduce<Json | undefined>((inner, key) => (isObject(inner) ? inner[key.replace(/~1/g, '/').replace(/~0/g, '~')] : undefined), this.#document);
    }
    return isObject(at) ? at : {};
  }

  #compile(ajv: Ajv2020, key: string, schema: Json): ValidateFunction {
    let validate = this.#compiled.get(key);
    if (!validate) {
      const own = normalizeSchema(structuredClone(schema));
      if (ajv === this.#requests || ajv === this.#forms) forbidUnknown(own);
      const rooted = JSON.parse(JSON.stringify(own), (name, value: Json) => (name === '$ref' && typeof value === 'string' && value.startsWith('#/') ? `spec${value}` : value)) as JsonObject;
      validate = ajv.compile(rooted);
      this.#compiled.set(key, validate);
    }
    return validate;
  }

  #checkParameters(hit: { operation: Operation; params: Readonly<Record<string, string>> }, request: SpecRequest): string[] {
    const { operation, params } = hit;
    const headers = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    const faults: string[] = [];
    const known = new Set<string>();
    for (const parameter of operation.parameters) {
      const name = String(parameter['name']);
      const where = String(parameter['in']);
      if (where === 'query') known.add(name);
      if (!['path', 'query', 'header'].includes(where) || (where === 'header' && ['authorization', 'accept'].includes(name.toLowerCase()))) continue;
      const value = where === 'path' ? params[name] : where === 'query' ? request.query?.[name] : name.toLowerCase() === 'content-type' ? request.contentType : headers[name.toLowerCase()];
      if (value === undefined) {
        if (parameter['required'] === true) faults.push(`missing ${where} ${name}`);
        continue;
      }
      const schema = parameter['schema'];
      if (schema === undefined) continue;
      const isList = this.#deref(schema)['type'] === 'array';
      const joined = parameter['explode'] === false || (parameter['style'] === 'form' && parameter['explode'] !== true);
      const wrapped = { value: isList ? (joined ? value.split(',') : [value]) : value };
      const validate = this.#compile(this.#parameters, `${operation.id}|${where}|${name}`, { type: 'object', properties: { value: schema } });
      if (!validate(wrapped)) faults.push(...(validate.errors ?? []).map((error) => `${where} ${name}${error.instancePath.slice('/value'.length)} ${error.message ?? ''}`));
    }
    for (const name of Object.keys(request.query ?? {})) if (!known.has(name)) faults.push(`unknown query ${name}`);
    return faults;
  }

  #checkBody(operation: Operation, request: SpecRequest): string[] {
    const body = operation.node['requestBody'] === undefined ? undefined : this.#deref(operation.node['requestBody']);
    if (!body) return request.body === undefined ? [] : ['body not expected'];
    if (request.body === undefined) return body['required'] === true ? ['missing body'] : [];
    const type = (request.contentType ?? 'application/json').split(';')[0]!.trim();
    const content = isObject(body['content']) ? body['content'] : {};
    const media = Object.entries(content).find(([name]) => name.split(';')[0] === type)?.[1];
    if (!isObject(media)) return [`content type ${type} not in ${Object.keys(content).join(', ')}`];
    if (media['schema'] === undefined) return [];
    const isForm = type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data';
    const validate = this.#compile(isForm ? this.#forms : this.#requests, `${operation.id}|body|${type}`, media['schema']);
    return validate(structuredClone(request.body)) ? [] : (validate.errors ?? []).map((error) => `body${faultText(error)}`);
  }

  #checkAnswer(operation: Operation, answer: { readonly status: number; readonly body: unknown }, unknown: 'allow' | 'forbid'): string[] {
    const { status, body } = answer;
    const responses = isObject(operation.node['responses']) ? operation.node['responses'] : {};
    const documented = responses[String(status)] ?? responses[`${String(status)[0]}XX`] ?? responses['default'];
    if (documented === undefined) return [`status ${status} is not documented`];
    const content = this.#deref(documented)['content'];
    const media = Object.entries(isObject(content) ? content : {}).find(([name]) => /json|^\*\/\*/.test(name))?.[1];
    if (!isObject(media) || media['schema'] === undefined) return [];
    const validate = this.#compile(unknown === 'allow' ? this.#answers : this.#requests, `${operation.id}|answer|${status}|${unknown}`, media['schema']);
    return validate(body) ? [] : (validate.errors ?? []).map((error) => (error.instancePath === '' ? '/' : '') + faultText(error));
  }
}

/** A copy of normalised components whose plain objects take no unknown properties. */
function closed(components: JsonObject): JsonObject {
  const copy = structuredClone(components);
  const combined = combinedSchemas(copy);
  const inner = isObject(copy['components']) ? copy['components'] : {};
  for (const [name, schema] of Object.entries(isObject(inner['schemas']) ? inner['schemas'] : {})) forbidUnknown(schema, combined.has(name));
  return copy;
}

function basePathsOf(document: JsonObject): string[] {
  const servers = Array.isArray(document['servers']) ? document['servers'].filter(isObject) : [];
  const paths = servers.map((server) => {
    const variables = isObject(server['variables']) ? server['variables'] : {};
    const url = String(server['url']).replace(/\{(\w+)\}/g, (_, name: string) => {
      const variable = variables[name];
      return isObject(variable) && typeof variable['default'] === 'string' ? variable['default'] : '';
    });
    return URL.canParse(url, 'http://vendor') ? new URL(url, 'http://vendor').pathname.replace(/\/$/, '') : '';
  });
  return [...new Set([...paths, ''])];
}

/** The conversion drops examples of Swagger 2 answers; they are carried over. */
function withVendorFields(swagger: JsonObject, openapi: JsonObject): JsonObject {
  const target = isObject(openapi['paths']) ? openapi['paths'] : {};
  for (const [pattern, item] of Object.entries(isObject(swagger['paths']) ? swagger['paths'] : {})) {
    for (const method of METHODS) {
      const from = isObject(item) && isObject(item[method]) ? item[method]['responses'] : undefined;
      const into = isObject(target[pattern]) && isObject(target[pattern][method]) ? target[pattern][method]['responses'] : undefined;
      if (!isObject(from) || !isObject(into)) continue;
      for (const [code, answer] of Object.entries(from)) {
        const converted = into[code];
        if (isObject(answer) && isObject(converted)) converted['x-swagger-examples'] = answer['examples'] ?? {};
      }
    }
  }
  return openapi;
}

function* examplesOf(answer: JsonObject, code: string): Generator<readonly [label: string, body: unknown]> {
  const plain = answer['x-swagger-examples'];
  if (isObject(plain) && plain['application/json'] !== undefined) yield [code, plain['application/json']];
  const content = isObject(answer['content']) ? answer['content'] : {};
  for (const media of Object.values(content)) {
    if (!isObject(media)) continue;
    if (media['example'] !== undefined && !isObject(plain)) yield [code, media['example']];
    for (const entry of Object.values(isObject(media['examples']) && !isObject(plain) ? media['examples'] : {})) if (isObject(entry) && entry['value'] !== undefined) yield [code, entry['value']];
  }
  const sandbox = answer['x-amzn-api-sandbox'];
  const cases = isObject(sandbox) && Array.isArray(sandbox['static']) ? sandbox['static'] : [];
  for (const entry of cases) if (isObject(entry) && entry['response'] !== undefined) yield [`sandbox ${code}`, entry['response']];
}

/** Lines `file <tab> operation label: fault` of the vendors' examples that break the vendors' own documents. */
export function knownBadExamples(): Map<string, string> {
  const text = readFileSync(path.join(SPECS_DIR, '_example/known-bad-vendor-examples.txt'), 'utf8');
  const known = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [file, rest] = line.split('\t');
    const colon = rest?.indexOf(': ') ?? -1;
    if (file && rest && colon > 0) known.set(`${file}\t${rest.slice(0, colon)}`, rest.slice(colon + 2));
  }
  return known;
}
