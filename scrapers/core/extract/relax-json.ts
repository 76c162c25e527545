/**
 * The second reading of a script that is no JSON even after the first repair: text in single or curly quotes, names without quotes, quotes left bare inside a
 * text (`"24" monitor"`), commas missing or doubled, values left empty, `undefined` and the like, a brace too many at the end. What is cut off, or
 * can be read in two ways, stays unreadable.
 */

const DEEPEST = 200;
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '\u201c': '\u201d', '\u201d': '\u201d' };
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null, True: true, False: false, None: null, undefined: null, NaN: null };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const MARKERS = ['<![CDATA[', ']]>', '<!--', '-->'];
/** No JSON value: distinct from null. */
const NOTHING = Symbol('nothing');
type Parsed = unknown;

/** All values in the text, or null. */
export function relaxJson(text: string): unknown[] | null {
  const reader = new Reader(text);
  const values: unknown[] = [];
  for (;;) {
    reader.skip(values.length > 0 ? ',;' : '');
    if (reader.atEnd() || (values.length > 0 && reader.restIsClosing())) return values.length > 0 ? values : null;
    if (!reader.atContainer()) return null;
    const value = reader.value(0);
    if (value === NOTHING) return null;
    values.push(value);
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  atContainer(): boolean {
    return this.#here() === '{' || this.#here() === '[';
  }

  restIsClosing(): boolean {
    return /^[}\];\s]+$/.test(this.#text.slice(this.#at, this.#at + 50)) && this.#text.length - this.#at <= 50;
  }

  #here(): string {
    return this.#text[this.#at] ?? '';
  }

  /** Past spaces, control characters, comments, and what is in `also`. */
  skip(also = ''): void {
    for (;;) {
      const c = this.#here();
      const marker = c === '<' || c === ']' || c === '-' ? MARKERS.find((m) => this.#text.startsWith(m, this.#at)) : undefined;
      if (c === '') return;
      if (marker !== undefined) this.#at += marker.length;
      else if (c <= ' ' || c === '\ufeff' || c === '\u00a0' || c === '\u2028' || c === '\u2029' || also.includes(c)) this.#at += 1;
      else if (c === '/' && this.#text[this.#at + 1] === '*') this.#jump('*/');
      else if (c === '/' && this.#text[this.#at + 1] === '/') this.#jump('\n');
      else return;
    }
  }

  #jump(mark: string): void {
    const found = this.#text.indexOf(mark, this.#at + 2);
    this.#at = found < 0 ? this.#text.length : found + mark.length;
  }

  value(depth: number): Parsed {
    const c = this.#here();
    if (depth > DEEPEST) return NOTHING;
    if (c === '{') return this.#object(depth);
    if (c === '[') return this.#array(depth);
    if (CLOSING[c] !== undefined) return this.#string();
    const token = /^[\w+.-]+/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0] ?? '';
    this.#at += token.length;
    if (Object.hasOwn(WORDS, token)) return WORDS[token];
    return /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(token) ? Number(token) : NOTHING;
  }

  #object(depth: number): Parsed {
    const entries: [string, unknown][] = [];
    this.#at += 1;
    for (;;) {
      this.skip(',');
      if (this.#here() === '}') {
        this.#at += 1;
        return Object.fromEntries(entries);
      }
      const key = this.#key();
      if (key === null) return NOTHING;
      this.skip();
      if (this.#here() !== ':') return NOTHING;
      this.#at += 1;
      this.skip();
      // `"price": ,`: a template that had nothing to say.
      if (this.#here() === ',' || this.#here() === '}') continue;
      const value = this.value(depth + 1);
      if (value === NOTHING) return NOTHING;
      entries.push([key, value]);
    }
  }

  #array(depth: number): Parsed {
    const values: unknown[] = [];
    this.#at += 1;
    for (;;) {
      this.skip(',');
      if (this.#here() === ']') {
        this.#at += 1;
        return values;
      }
      const value = this.value(depth + 1);
      if (value === NOTHING) return NOTHING;
      this.skip();
      // Texts and numbers side by side may be one that is torn; objects are not.
      if (this.#here() !== ',' && this.#here() !== ']' && !(typeof value === 'object' && value !== null && this.atContainer())) return NOTHING;
      values.push(value);
    }
  }

  #key(): string | null {
    if (CLOSING[this.#here()] !== undefined) {
      const text = this.#string();
      return typeof text === 'string' ? text : null;
    }
    const name = /^[A-Za-z_$@][\w$@-]*/.exec(this.#text.slice(this.#at, this.#at + 80))?.[0];
    if (name === undefined) return null;
    this.#at += name.length;
    return name;
  }

  /** A quote ends the text only where JSON can go on after it: inside a text shops leave inches and quotations bare. */
  #string(): Parsed {
    const closing = CLOSING[this.#here()] as string;
    let out = '';
    let i = this.#at + 1;
    for (; i < this.#text.length; i++) {
      const c = this.#text[i] as string;
      if (c === closing && this.#endsAt(i + 1)) break;
      if (c !== '\\') {
        out += c;
        continue;
      }
      i += 1;
      const next = this.#text[i] ?? '';
      const hex = next === 'u' ? /^[0-9a-fA-F]{4}/.exec(this.#text.slice(i + 1, i + 5))?.[0] : undefined;
      out += hex === undefined ? (ESCAPES[next] ?? next) : String.fromCharCode(Number.parseInt(hex, 16));
      if (hex !== undefined) i += 4;
    }
    // A text that is added to another is a program's, not JSON.
    if (i >= this.#text.length || /"\s*\+\s*"/.test(out)) return NOTHING;
    this.#at = i + 1;
    return out;
  }

  #endsAt(from: number): boolean {
    let i = from;
    while (i < this.#text.length && (this.#text[i] as string) <= ' ') i += 1;
    const c = this.#text[i];
    if (c === undefined || ',:}]/'.includes(c)) return true;
    // A comma is missing, and the next member begins on a line of its own.
    return CLOSING[c] !== undefined && this.#text.slice(from, i).includes('\n');
  }
}
