import { fieldsOf, GraphqlError, resolveValue, type Arguments, type Document, type Field } from './parse-document.ts';

export type Args = Readonly<Record<string, unknown>>;
/** What a server has under a field: a value, or a function of the field's arguments (and directives, for a mutation). */
export type Resolver = (args: Args, field: { readonly directives: Readonly<Record<string, Args>> }) => unknown;
type Variables = Readonly<Record<string, unknown>>;

const argsOf = (args: Arguments, variables: Variables): Args => Object.fromEntries(Object.entries(args).map(([name, value]) => [name, resolveValue(value, variables)]));

export interface Executed {
  readonly data: Record<string, unknown>;
  /** Objects that were answered. */
  readonly objects: number;
}

class Execution {
  readonly #document: Document;
  readonly #variables: Variables;
  objects = 0;

  constructor(document: Document, variables: Variables) {
    this.#document = document;
    this.#variables = variables;
  }

  select(record: Readonly<Record<string, unknown>>, given: { readonly type: string; readonly selections: Field['selections'] }): Record<string, unknown> {
    const answer: Record<string, unknown> = {};
    this.objects += 1;
    for (const { field } of fieldsOf(this.#document, given.selections ?? [])) {
      if (!Object.hasOwn(record, field.name)) throw new GraphqlError(`Field '${field.name}' doesn't exist on type '${given.type}'`);
      const held = record[field.name];
      const directives = Object.fromEntries(field.directives.map(({ name, args }) => [name, argsOf(args, this.#variables)]));
      answer[field.alias] = this.#complete(field, typeof held === 'function' ? (held as Resolver)(argsOf(field.args, this.#variables), { directives }) : held);
    }
    return answer;
  }

  #complete(field: Field, value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (Array.isArray(value)) return value.map((item: unknown) => this.#complete(field, item));
    if (typeof value !== 'object') {
      if (field.selections) throw new GraphqlError(`Selections can't be made on scalars (field '${field.name}')`);
      return value;
    }
    if (!field.selections) throw new GraphqlError(`Field must have selections (field '${field.name}')`);
    return this.select(value as Record<string, unknown>, { type: field.name, selections: field.selections });
  }
}

/** Answers with the fields that were asked for, in their order, and nothing else. Mutations run one after another. @throws GraphqlError */
export function executeDocument(document: Document, variables: Variables, root: Readonly<Record<'query' | 'mutation', Readonly<Record<string, Resolver>>>>): Executed {
  const { operation } = document;
  for (const { name, type, hasDefault } of operation.variables) {
    if (type.endsWith('!') && !hasDefault && (variables[name] === undefined || variables[name] === null)) throw new GraphqlError(`Variable $${name} of type ${type} was provided invalid value`);
  }
  const execution = new Execution(document, variables);
  const data = execution.select(root[operation.kind], { type: operation.kind === 'query' ? 'QueryRoot' : 'Mutation', selections: operation.selections });
  return { data, objects: execution.objects };
}

/** A list by pages, as a connection: the first so many after a cursor. */
export function connectionOf<T>(items: readonly T[], args: Args, cursorOf: (item: T) => string) {
  const first = typeof args['first'] === 'number' ? args['first'] : items.length;
  const { after } = args;
  const from = typeof after === 'string' ? items.findIndex((item) => cursorOf(item) > after) : 0;
  const nodes = from < 0 ? [] : items.slice(from, from + first);
  const last = nodes.at(-1);
  return { nodes, pageInfo: { hasNextPage: from >= 0 && from + nodes.length < items.length, hasPreviousPage: from > 0, endCursor: last === undefined ? null : cursorOf(last), startCursor: nodes[0] === undefined ? null : cursorOf(nodes[0]) } };
}

/** Shopify-like points: an object one, a list of the first n so many of what it holds, a mutation ten. */
export function costOf(document: Document, variables: Variables): number {
  const of = (field: Field): number => {
    if (!field.selections) return 0;
    const inner = fieldsOf(document, field.selections).reduce((total, { field: child }) => total + of(child), 0);
    const { first } = argsOf(field.args, variables);
    return typeof first === 'number' ? 1 + first * Math.max(1, inner) : 1 + inner;
  };
  const { operation } = document;
  return fieldsOf(document, operation.selections).reduce((total, { field }) => total + of(field) + (operation.kind === 'mutation' ? 9 : 0), 0);
}
