/** A GraphQL document that this server cannot read, or a field that it does not have; the message is for the answer's `errors`. */
export class GraphqlError extends Error {}

export type Value =
  | { readonly kind: 'variable'; readonly name: string } | { readonly kind: 'scalar'; readonly value: string | number | boolean | null } | { readonly kind: 'enum'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] } | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Value>> };
export type Arguments = Readonly<Record<string, Value>>;

export interface Field {
  readonly kind: 'field';
  readonly name: string;
  /** The name in the answer: the alias if there is one. */
  readonly alias: string;
  readonly args: Arguments;
  readonly directives: readonly { readonly name: string; readonly args: Arguments }[];
  readonly selections: readonly Selection[] | null;
}
export type Selection = Field | { readonly kind: 'spread'; readonly name: string } | { readonly kind: 'inline'; readonly on: string | null; readonly selections: readonly Selection[] };

export interface Operation {
  readonly kind: 'query' | 'mutation';
  readonly name: string;
  /** `type` as written: `[ID!]!`. */
  readonly variables: readonly { readonly name: string; readonly type: string; readonly hasDefault: boolean }[];
  readonly selections: readonly Selection[];
}
export interface Fragment {
  readonly on: string;
  readonly selections: readonly Selection[];
}
export interface Document {
  readonly operation: Operation;
  readonly fragments: ReadonlyMap<string, Fragment>;
}

const TOKEN = /[\s,]+|#[^\n]*|("(?:\\.|[^"\\])*"|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[{}()[\]:=!$@|&])/gy;

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new GraphqlError(`Syntax Error: Unexpected character at ${at}.`);
    if (match[1] !== undefined) tokens.push(match[1]);
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }
  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new GraphqlError('Syntax Error: Unexpected end of document.');
    return token;
  }
  #take(token: string): void {
    const found = this.#next();
    if (found !== token) throw new GraphqlError(`Syntax Error: Expected "${token}", found "${found}".`);
  }
  #name(): string {
    const token = this.#next();
    if (!/^[A-Za-z_]/.test(token)) throw new GraphqlError(`Syntax Error: Expected Name, found "${token}".`);
    return token;
  }

  #value(): Value {
    const token = this.#next();
    if (token === '$') return { kind: 'variable', name: this.#name() };
    if (token === '[') {
      const items: Value[] = [];
      while (this.#peek() !== ']') items.push(this.#value());
      this.#next();
      return { kind: 'list', items };
    }
    if (token === '{') {
      const fields: Record<string, Value> = {};
      while (this.#peek() !== '}') {
        const name = this.#name();
        this.#take(':');
        fields[name] = this.#value();
      }
      this.#next();
      return { kind: 'object', fields };
    }
    if (token.startsWith('"')) return { kind: 'scalar', value: JSON.parse(token) as string };
    if (/^-?\d/.test(token)) return { kind: 'scalar', value: Number(token) };
    if (token === 'true' || token === 'false' || token === 'null') return { kind: 'scalar', value: JSON.parse(token) as boolean | null };
    return { kind: 'enum', name: token };
  }

  #arguments(): Arguments {
    const found: Record<string, Value> = {};
    if (this.#peek() !== '(') return found;
    this.#next();
    while (this.#peek() !== ')') {
      const name = this.#name();
      this.#take(':');
      found[name] = this.#value();
    }
    this.#next();
    return found;
  }

  #directives(): { name: string; args: Arguments }[] {
    const found: { name: string; args: Arguments }[] = [];
    while (this.#peek() === '@') {
      this.#next();
      found.push({ name: this.#name(), args: this.#arguments() });
    }
    return found;
  }

  #selections(): Selection[] {
    this.#take('{');
    const found: Selection[] = [];
    while (this.#peek() !== '}') found.push(this.#peek() === '...' ? this.#spread() : this.#field());
    this.#next();
    return found;
  }

  #spread(): Selection {
    this.#next();
    if (this.#peek() === 'on') {
      this.#next();
      return { kind: 'inline', on: this.#name(), selections: this.#selections() };
    }
    return this.#peek() === '{' ? { kind: 'inline', on: null, selections: this.#selections() } : { kind: 'spread', name: this.#name() };
  }

  #field(): Field {
    const first = this.#name();
    let name = first;
    if (this.#peek() === ':') {
      this.#next();
      name = this.#name();
    }
    const args = this.#arguments();
    const directives = this.#directives();
    return { kind: 'field', name, alias: first, args, directives, selections: this.#peek() === '{' ? this.#selections() : null };
  }

  #type(): string {
    const core = this.#peek() === '[' ? (this.#next(), `[${this.#type()}${this.#closing()}`) : this.#name();
    if (this.#peek() !== '!') return core;
    this.#next();
    return `${core}!`;
  }
  #closing(): string {
    this.#take(']');
    return ']';
  }

  #variables(): { name: string; type: string; hasDefault: boolean }[] {
    const found: { name: string; type: string; hasDefault: boolean }[] = [];
    if (this.#peek() !== '(') return found;
    this.#next();
    while (this.#peek() !== ')') {
      this.#take('$');
      const name = this.#name();
      this.#take(':');
      const type = this.#type();
      const hasDefault = this.#peek() === '=';
      if (hasDefault) {
        this.#next();
        this.#value();
      }
      found.push({ name, type, hasDefault });
    }
    this.#next();
    return found;
  }

  read(): Document {
    const fragments = new Map<string, Fragment>();
    let operation: Operation | null = null;
    while (this.#at < this.#tokens.length) {
      const word = this.#peek();
      if (word === 'fragment') {
        this.#next();
        const name = this.#name();
        this.#take('on');
        fragments.set(name, { on: this.#name(), selections: this.#selections() });
        continue;
      }
      if (operation) throw new GraphqlError('An operation name is required where a document has several operations.');
      const kind = word === '{' ? 'query' : this.#name();
      if (kind !== 'query' && kind !== 'mutation') throw new GraphqlError(`Syntax Error: Unexpected Name "${kind}".`);
      const name = word === '{' || this.#peek() === '(' || this.#peek() === '{' ? '' : this.#name();
      operation = { kind, name, variables: this.#variables(), selections: this.#selections() };
    }
    if (!operation) throw new GraphqlError('Syntax Error: Unexpected end of document.');
    return { operation, fragments };
  }
}

/** One operation with its fragments. @throws GraphqlError for what is no such document */
export const parseDocument = (text: string): Document => new Reader(text).read();

/** The fields of a selection with its fragments written out, each with the type that its fragment names, if one does. */
export function fieldsOf(document: Document, selections: readonly Selection[], on: string | null = null): { readonly field: Field; readonly on: string | null }[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'field') return [{ field: selection, on }];
    if (selection.kind === 'inline') return fieldsOf(document, selection.selections, selection.on ?? on);
    const fragment = document.fragments.get(selection.name);
    if (!fragment) throw new GraphqlError(`Unknown fragment "${selection.name}".`);
    return fieldsOf(document, fragment.selections, fragment.on);
  });
}

/** A value with the variables put in; a variable that is not given is undefined. */
export function resolveValue(value: Value, variables: Readonly<Record<string, unknown>>): unknown {
  switch (value.kind) {
    case 'variable': return variables[value.name];
    case 'scalar': return value.value;
    case 'enum': return value.name;
    case 'list': return value.items.map((item) => resolveValue(item, variables));
    case 'object': return Object.fromEntries(Object.entries(value.fields).map(([name, field]) => [name, resolveValue(field, variables)]));
  }
}
