/** A GraphQL document that this server cannot read, or a field that it does not have; the message is for the answer's `errors`. */
export class GraphqlError extends Error {}

interface Selection {
  /** The field's own name. */
  readonly name: string;
  /** The name in the answer: the alias if there is one. */
  readonly alias: string;
  readonly fields: readonly Selection[] | null;
}

const TOKEN = /\s+|#[^\n]*|,|("""[\s\S]*?"""|"(?:\\.|[^"\\])*"|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[{}()[\]:=!$@|&])/gy;

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

/** Reads selection sets; arguments, variables and directives are skipped (the caller takes the variables from the body). */
class Reader {
  readonly #tokens: readonly string[];
  #at = 0;
  readonly #fragments = new Map<string, readonly Selection[]>();

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

  #skipBrackets(open: string, close: string): void {
    if (this.#peek() !== open) return;
    let depth = 0;
    do {
      const token = this.#next();
      if (token === open) depth += 1;
      if (token === close) depth -= 1;
    } while (depth > 0);
  }

  #skipDirectives(): void {
    while (this.#peek() === '@') {
      this.#at += 2;
      this.#skipBrackets('(', ')');
    }
  }

  #selections(): Selection[] {
    if (this.#next() !== '{') throw new GraphqlError('Syntax Error: Expected "{".');
    const found: Selection[] = [];
    while (this.#peek() !== '}') {
      if (this.#peek() === '...') found.push(...this.#spread());
      else found.push(this.#field());
    }
    this.#next();
    return found;
  }

  #spread(): readonly Selection[] {
    this.#next();
    if (this.#peek() === 'on') this.#at += 2;
    else if (this.#peek() !== '{' && this.#peek() !== '@') {
      const fragment = this.#next();
      const fields = this.#fragments.get(fragment);
      if (!fields) throw new GraphqlError(`Unknown fragment "${fragment}".`);
      this.#skipDirectives();
      return fields;
    }
    this.#skipDirectives();
    return this.#selections();
  }

  #field(): Selection {
    const first = this.#next();
    if (!/^[A-Za-z_]/.test(first)) throw new GraphqlError(`Syntax Error: Expected Name, found "${first}".`);
    let name = first;
    if (this.#peek() === ':') {
      this.#next();
      name = this.#next();
    }
    this.#skipBrackets('(', ')');
    this.#skipDirectives();
    return { name, alias: first, fields: this.#peek() === '{' ? this.#selections() : null };
  }

  /** Fragments may stand after the operation that uses them, so they are read first. */
  read(): readonly Selection[] {
    let operation: number | null = null;
    while (this.#at < this.#tokens.length) {
      const word = this.#peek();
      if (word === 'fragment') {
        const name = this.#tokens[this.#at + 1] ?? '';
        this.#at += 4;
        this.#fragments.set(name, this.#selections());
      } else {
        operation ??= this.#at;
        if (word === 'mutation' || word === 'subscription') throw new GraphqlError(`Schema is not configured for ${word}s.`);
        this.#skipOperation();
      }
    }
    if (operation === null) throw new GraphqlError('Syntax Error: Unexpected end of document.');
    this.#at = operation;
    this.#toBody();
    return this.#selections();
  }

  #toBody(): void {
    while (this.#peek() !== '{') {
      if (this.#peek() === '(') this.#skipBrackets('(', ')');
      else this.#next();
    }
  }

  #skipOperation(): void {
    this.#toBody();
    this.#skipBrackets('{', '}');
  }
}

function project(value: unknown, selections: readonly Selection[] | null, type: string): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => project(item, selections, type));
  if (typeof value !== 'object') {
    if (selections) throw new GraphqlError(`Field "${type}" must not have a selection since it has no subfields.`);
    return value;
  }
  if (!selections) throw new GraphqlError(`Field "${type}" must have a selection of subfields.`);
  const record = value as Record<string, unknown>;
  return Object.fromEntries(selections.map(({ name, alias, fields }) => {
    if (name === '__typename') return [alias, type];
    if (!Object.hasOwn(record, name)) throw new GraphqlError(`Cannot query field "${name}" on type "${type}".`);
    return [alias, project(record[name], fields, name)];
  }));
}

/**
 * What a query selects of the root's fields, as a GraphQL server answers: nothing that was not asked for. `resolvers` are called only for fields asked for.
 * @throws GraphqlError for a document that does not parse and for fields that there are not
 */
export function answerQuery(query: string, resolvers: Readonly<Record<string, () => unknown>>): Record<string, unknown> {
  const answer: Record<string, unknown> = {};
  for (const { name, alias, fields } of new Reader(query).read()) {
    const resolve = Object.hasOwn(resolvers, name) ? resolvers[name] : undefined;
    if (!resolve) throw new GraphqlError(`Cannot query field "${name}" on type "Query".`);
    answer[alias] = project(resolve(), fields, name);
  }
  return answer;
}
