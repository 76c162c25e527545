import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fieldsOf, parseDocument, type Arguments, type Document, type Selection, type Value } from '#practice/vendors/graphql/parse-document.ts';
import { SPECS_DIR } from './spec.ts';

interface TypeRef { readonly kind: string; readonly name: string | null; readonly ofType: TypeRef | null }
interface InputValue { readonly name: string; readonly type: TypeRef; readonly defaultValue: string | null; readonly isDeprecated?: boolean }
interface SchemaField { readonly name: string; readonly args: readonly InputValue[]; readonly type: TypeRef; readonly isDeprecated: boolean }
interface SchemaType {
  readonly kind: string; readonly name: string; readonly isOneOf?: boolean | null;
  readonly fields: readonly SchemaField[] | null; readonly inputFields: readonly InputValue[] | null; readonly enumValues: readonly { readonly name: string }[] | null; readonly possibleTypes: readonly { readonly name: string }[] | null;
}
interface Introspection {
  readonly queryType: { readonly name: string }; readonly mutationType: { readonly name: string };
  readonly types: readonly SchemaType[]; readonly directives: readonly { readonly name: string; readonly args: readonly InputValue[] }[];
}

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const named = (type: TypeRef): string => (type.ofType ? named(type.ofType) : type.name!);
const written = (type: TypeRef): string => (type.kind === 'NON_NULL' ? `${written(type.ofType!)}!` : type.kind === 'LIST' ? `[${written(type.ofType!)}]` : type.name!);

/** Scalars whose text is held to more than being text; others may be anything. */
const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  ID: (value) => typeof value === 'string', String: (value) => typeof value === 'string', Int: (value) => Number.isInteger(value), Float: (value) => typeof value === 'number', Boolean: (value) => typeof value === 'boolean',
  Money: (value) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value), Decimal: (value) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value), DateTime: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)), URL: (value) => typeof value === 'string' && URL.canParse(value),
};

/** A vendor's GraphQL schema by its introspection: what may be asked, sent and answered. */
export class GraphqlSchema {
  readonly #schema: Introspection;
  readonly #types: ReadonlyMap<string, SchemaType>;

  constructor(schema: Introspection) {
    this.#schema = schema;
    this.#types = new Map(schema.types.map((type) => [type.name, type]));
  }

  /** @param file below the folder of documents, gzip */
  static load(file: string): GraphqlSchema {
    const { data: { __schema: schema } } = JSON.parse(gunzipSync(readFileSync(path.join(SPECS_DIR, file))).toString('utf8')) as { data: { __schema: Introspection } };
    return new GraphqlSchema(schema);
  }

  /** Faults of a document: fields, arguments, enum values and types that there are not, what is deprecated, variables that do not fit. */
  checkDocument(text: string): string[] {
    const document = parseDocument(text);
    const faults: string[] = [];
    const declared = new Map(document.operation.variables.map(({ name, type }) => [name, type]));
    const used = new Set<string>();
    for (const { name, type } of document.operation.variables) if (!this.#types.get(type.replace(/[[\]!]/g, ''))) faults.push(`$${name}: there is no type ${type}`);
    for (const [name, { on }] of document.fragments) if (!this.#types.get(on)) faults.push(`fragment ${name}: there is no type ${on}`);
    this.#selections({ document, declared, used, faults }, document.operation.selections, this.#rootOf(document));
    for (const name of declared.keys()) if (!used.has(name)) faults.push(`$${name} is never used`);
    return faults;
  }

  /** Faults of the values that are sent with a document: what is missing, unknown, deprecated or of another type. */
  checkVariables(text: string, variables: Json): string[] {
    const { operation } = parseDocument(text);
    const faults = Object.keys(variables).filter((name) => !operation.variables.some((declared) => declared.name === name)).map((name) => `$${name} is not declared`);
    for (const { name, type } of operation.variables) this.#value(variables[name], refOf(type, this.#types), { at: `$${name}`, faults });
    return faults;
  }

  /** Faults of an answer: a field that is missing, of another type, or null where there is always something. */
  checkAnswer(text: string, data: unknown): string[] {
    const document = parseDocument(text);
    const faults: string[] = [];
    this.#answer({ document, faults }, document.operation.selections, { type: this.#rootOf(document), data, at: document.operation.name });
    return faults;
  }

  #rootOf(document: Document): string {
    return document.operation.kind === 'query' ? this.#schema.queryType.name : this.#schema.mutationType.name;
  }

  #selections(context: { document: Document; declared: Map<string, string>; used: Set<string>; faults: string[] }, selections: readonly Selection[], typeName: string): void {
    for (const { field, on } of fieldsOf(context.document, selections)) {
      if (on !== null && on !== typeName && !this.#types.get(typeName)?.possibleTypes?.some(({ name }) => name === on)) context.faults.push(`${typeName}: a fragment on ${on} never fits`);
      const owner = on ?? typeName;
      const found = this.#types.get(owner)?.fields?.find(({ name }) => name === field.name);
      const at = `${owner}.${field.name}`;
      if (!found) {
        context.faults.push(`${at}: there is no such field`);
        continue;
      }
      if (found.isDeprecated) context.faults.push(`${at}: deprecated`);
      this.#arguments(context, found.args, { given: field.args, at });
      for (const { name, args } of field.directives) {
        const directive = this.#schema.directives.find((one) => one.name === name);
        if (directive) this.#arguments(context, directive.args, { given: args, at: `${at} @${name}` });
        else context.faults.push(`${at}: there is no directive @${name}`);
      }
      const type = this.#types.get(named(found.type));
      const composite = type?.fields !== null || type.kind === 'UNION';
      if (composite !== (field.selections !== null)) context.faults.push(`${at}: ${composite ? 'needs' : 'has no'} fields`);
      if (field.selections) this.#selections(context, field.selections, named(found.type));
    }
  }

  #arguments(context: { declared: Map<string, string>; used: Set<string>; faults: string[] }, known: readonly InputValue[], { given, at }: { given: Arguments; at: string }): void {
    for (const [name, value] of Object.entries(given)) {
      const argument = known.find((one) => one.name === name);
      if (!argument) context.faults.push(`${at}: there is no argument ${name}`);
      else if (argument.isDeprecated) context.faults.push(`${at}: the argument ${name} is deprecated`);
      else this.#literal(context, value, { type: argument.type, at: `${at}(${name})` });
    }
    for (const { name, type, defaultValue } of known) if (type.kind === 'NON_NULL' && defaultValue === null && !(name in given)) context.faults.push(`${at}: the argument ${name} is missing`);
  }

  #literal(context: { declared: Map<string, string>; used: Set<string>; faults: string[] }, value: Value, { type, at }: { type: TypeRef; at: string }): void {
    if (value.kind === 'variable') {
      context.used.add(value.name);
      const declared = context.declared.get(value.name);
      const wanted = written(type);
      if (declared === undefined) context.faults.push(`${at}: $${value.name} is not declared`);
      else if (declared !== wanted && declared !== `${wanted}!`) context.faults.push(`${at}: $${value.name} is ${declared}, not ${wanted}`);
      return;
    }
    const core = type.kind === 'NON_NULL' ? type.ofType! : type;
    if (value.kind === 'list' && core.kind === 'LIST') for (const item of value.items) this.#literal(context, item, { type: core.ofType!, at });
    else if (value.kind === 'object' && this.#types.get(core.name ?? '')?.inputFields) {
      for (const [name, field] of Object.entries(value.fields)) {
        const known = this.#types.get(core.name!)!.inputFields!.find((one) => one.name === name);
        if (known) this.#literal(context, field, { type: known.type, at: `${at}.${name}` });
        else context.faults.push(`${at}: there is no field ${name}`);
      }
    } else if (value.kind === 'enum' || value.kind === 'scalar') {
      const isEnum = this.#types.get(core.name ?? '')?.kind === 'ENUM';
      if (isEnum !== (value.kind === 'enum')) context.faults.push(`${at}: ${isEnum ? 'takes one of its words' : 'is no enum'}`);
      else this.#value(value.kind === 'enum' ? value.name : value.value, type, { at, faults: context.faults });
    } else context.faults.push(`${at}: takes ${written(type)}`);
  }

  #value(value: unknown, type: TypeRef, given: { at: string; faults: string[] }): void {
    const { at, faults } = given;
    if (type.kind === 'NON_NULL') {
      if (value === null || value === undefined) faults.push(`${at}: is missing`);
      else this.#value(value, type.ofType!, given);
      return;
    }
    if (value === null || value === undefined) return;
    if (type.kind === 'LIST') {
      if (Array.isArray(value)) value.forEach((item, n) => this.#value(item, type.ofType!, { at: `${at}[${n}]`, faults }));
      else faults.push(`${at}: is no list`);
      return;
    }
    const found = this.#types.get(type.name!)!;
    if (found.kind === 'ENUM' && !found.enumValues!.some(({ name }) => name === value)) faults.push(`${at}: ${String(value)} is none of ${found.name}`);
    if (found.kind === 'SCALAR' && SCALARS[found.name]?.(value) === false) faults.push(`${at}: ${JSON.stringify(value)} is no ${found.name}`);
    if (found.kind === 'INPUT_OBJECT') this.#input(value, found, given);
  }

  #input(value: unknown, type: SchemaType, { at, faults }: { at: string; faults: string[] }): void {
    if (!isRecord(value)) return void faults.push(`${at}: is no ${type.name}`);
    for (const name of Object.keys(value)) if (!type.inputFields!.some((field) => field.name === name)) faults.push(`${at}: there is no field ${name}`);
    if (type.isOneOf && Object.keys(value).length !== 1) faults.push(`${at}: takes exactly one of its fields`);
    for (const field of type.inputFields!) {
      if (field.isDeprecated && field.name in value) faults.push(`${at}.${field.name}: deprecated`);
      if (field.name in value || (field.type.kind === 'NON_NULL' && field.defaultValue === null)) this.#value(value[field.name], field.type, { at: `${at}.${field.name}`, faults });
    }
  }

  #answer(context: { document: Document; faults: string[] }, selections: readonly Selection[], given: { type: string; data: unknown; at: string }): void {
    const { data, at } = given;
    if (!isRecord(data)) return void context.faults.push(`${at}: is no object`);
    const asked = fieldsOf(context.document, selections);
    for (const name of Object.keys(data)) if (!asked.some(({ field }) => field.alias === name)) context.faults.push(`${at}.${name}: nobody asked for it`);
    for (const { field, on } of asked) {
      const type = this.#types.get(on ?? given.type)?.fields?.find(({ name }) => name === field.name)?.type;
      if (type) this.#answered(context, field.selections, { type, value: data[field.alias], at: `${at}.${field.alias}` });
    }
  }

  #answered(context: { document: Document; faults: string[] }, selections: readonly Selection[] | null, given: { type: TypeRef; value: unknown; at: string }): void {
    const { type, value, at } = given;
    if (type.kind === 'NON_NULL' && (value === null || value === undefined)) return void context.faults.push(`${at}: is never null`);
    const core = type.kind === 'NON_NULL' ? type.ofType! : type;
    if (value === null) return;
    if (value === undefined) return void context.faults.push(`${at}: is not answered`);
    if (core.kind === 'LIST') {
      if (!Array.isArray(value)) return void context.faults.push(`${at}: is no list`);
      return value.forEach((item: unknown, n) => this.#answered(context, selections, { type: core.ofType!, value: item, at: `${at}[${n}]` }));
    }
    if (selections) this.#answer(context, selections, { type: core.name!, data: value, at });
    else this.#value(value, core, { at, faults: context.faults });
  }
}

/** `[ID!]!` as a reference. */
function refOf(text: string, types: ReadonlyMap<string, SchemaType>): TypeRef {
  if (text.endsWith('!')) return { kind: 'NON_NULL', name: null, ofType: refOf(text.slice(0, -1), types) };
  if (text.startsWith('[')) return { kind: 'LIST', name: null, ofType: refOf(text.slice(1, -1), types) };
  return { kind: types.get(text)?.kind ?? 'SCALAR', name: text, ofType: null };
}
