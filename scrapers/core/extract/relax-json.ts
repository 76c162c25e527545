/**
 * The second reading of a script that is no JSON even after the first repair: text in single or curly quotes, names without quotes, quotes left bare inside a
 * text (`"24" monitor"`), commas missing or doubled, values left empty, `undefined` and the like, tags of an editor between the lines, a brace too many at the
 * end. Of a text that ends too early the complete values are kept, and the one at the cut is dropped: half a price is another price. What can be read in two
 * ways stays unreadable.
 */

const DEEPEST = 200;
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '\u201c': '\u201d', '\u201d': '\u201d' };
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null, True: true, False: false, None: null, undefined: null, NaN: null, Infinity: null, '-Infinity': null };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const MARKERS = ['<![CDATA[', ']]>', '<!--', '-->'];
/** `<br />`, `<p>`: what editors of articles put between lines. */
const TAG = /<\/?[a-z][a-z0-9]*(?:\s[^<>]{0,200})?\/?>/iy;
/** `"name":`, where a comma before it is missing. */
const MEMBER = /["'\u201c\u201d][\w@$:. -]{1,60}["'\u201c\u201d]\s*:/y;
/** No JSON value: distinct from null. */
const NOTHING = Symbol('nothing');
type Parsed = unknown;

/**
 * Whether a value that is not all there may say something else than the whole: of several offers the first is not the price, nor is the lowest where the highest is still to come, and what kind of price it is may stand behind
 * the amount. A page's items speak for themselves.
 */
function saysOtherwise(key: string, value: unknown): boolean {
  if (Array.isArray(value)) return key !== '@graph';
  return key === 'priceSpecification' || (typeof value === 'object' && value !== null && 'lowPrice' in value && !('highPrice' in value));
}

export interface RelaxedJson {
  readonly values: readonly unknown[];
  /** The text ended inside a value, which is not among them, or not whole. */
  readonly isCut: boolean;
}

/** All values in the text, or null. */
export function relaxJson(text: string): RelaxedJson | null {
  const reader = new Reader(text);
  const values: unknown[] = [];
  for (;;) {
    reader.skip(values.length > 0 ? ',;' : '');
    if (reader.atEnd() || (values.length > 0 && reader.restIsClosing())) return values.length > 0 ? { values, isCut: false } : null;
    if (!reader.atContainer()) return null;
    const value = reader.value(0);
    if (value === NOTHING && !(reader.isCut && values.length > 0)) return null;
    if (value !== NOTHING) values.push(value);
    if (reader.isCut) return { values, isCut: true };
  }
}

/** The object or list that a program begins with; what the program goes on to do with it is not read. */
export function relaxFirst(text: string): RelaxedJson | null {
  const reader = new Reader(text);
  reader.skip();
  const value = reader.atContainer() ? reader.value(0) : NOTHING;
  if (value === NOTHING) return null;
  reader.skip();
  return reader.atEnd() || reader.endsStatement() ? { values: [value], isCut: reader.isCut } : null;
}

class Reader {
  readonly #text: string;
  #at = 0;
  /** The text ended inside a value: what was complete before is all there is. */
  isCut = false;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  atContainer(): boolean {
    return this.#here() === '{' || this.#here() === '[';
  }

  endsStatement(): boolean {
    return this.#here() === ';' || this.#here() === ')';
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
      const tag = c === '<' && marker === undefined ? this.#match(TAG) : null;
      if (marker !== undefined) this.#at += marker.length;
      else if (tag !== null) this.#at += tag.length;
      else if (c <= ' ' || c === '\ufeff' || c === '\u00a0' || c === '\u2028' || c === '\u2029' || also.includes(c)) this.#at += 1;
      else if (c === '/' && this.#text[this.#at + 1] === '*') this.#jump('*/');
      else if (c === '/' && this.#text[this.#at + 1] === '/') this.#jump('\n');
      else return;
    }
  }

  /** What a sticky pattern finds at `at`. */
  #match(pattern: RegExp, at = this.#at): string | null {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0] ?? null;
  }

  #jump(mark: string): void {
    const found = this.#text.indexOf(mark, this.#at + 2);
    this.#at = found < 0 ? this.#text.length : found + mark.length;
  }

  value(depth: number, isInArray = false): Parsed {
    const c = this.#here();
    if (depth > DEEPEST) return NOTHING;
    if (c === '{') return this.#object(depth);
    if (c === '[') return this.#array(depth);
    if (CLOSING[c] !== undefined) return this.#string(isInArray);
    const token = /^[\w+.-]+/.exec(this.#text.slice(this.#at, this.#at + 40))?.[0] ?? '';
    this.#at += token.length;
    // Nothing tells whether `9.9` at the cut was `9.99`.
    if (this.atEnd()) return this.#cut();
    if (Object.hasOwn(WORDS, token)) return WORDS[token];
    return /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(token) ? Number(token) : NOTHING;
  }

  /** The text is over: what stands complete, if anything does. */
  #cut(complete?: Readonly<Record<string, unknown>> | readonly unknown[]): Parsed {
    this.isCut = true;
    return complete === undefined || Object.keys(complete).length === 0 ? NOTHING : complete;
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
      const member = this.atEnd() ? NOTHING : this.#member(depth);
      if (Array.isArray(member)) entries.push(member as [string, unknown]);
      if (this.isCut || this.atEnd()) return this.#cut(Object.fromEntries(entries));
      if (member === NOTHING) return NOTHING;
    }
  }

  /** Name and value; null where the value was left empty. */
  #member(depth: number): [string, unknown] | null | typeof NOTHING {
    const key = this.#key();
    if (key === null) return NOTHING;
    this.skip();
    if (this.#here() !== ':') return NOTHING;
    this.#at += 1;
    this.skip();
    // `"price": ,`: a template that had nothing to say.
    if (this.#here() === ',' || this.#here() === '}') return null;
    const value = this.value(depth + 1);
    if (value === NOTHING || (this.isCut && saysOtherwise(key, value))) return NOTHING;
    return [key, value];
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
      const value = this.atEnd() ? this.#cut() : this.value(depth + 1, true);
      if (value !== NOTHING) values.push(value);
      if (this.isCut) return this.#cut(values);
      if (value === NOTHING) return NOTHING;
      this.skip();
      if (this.atEnd()) return this.#cut(values);
      // Texts and numbers side by side may be one that is torn; objects are not.
      if (this.#here() !== ',' && this.#here() !== ']' && !(typeof value === 'object' && value !== null && this.atContainer())) return NOTHING;
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
  #string(isInArray = false): Parsed {
    const closing = CLOSING[this.#here()] as string;
    let out = '';
    let i = this.#at + 1;
    for (; i < this.#text.length; i++) {
      const c = this.#text[i] as string;
      if (c === closing && this.#endsAt(i + 1, isInArray)) break;
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
    if (/"\s*\+\s*"/.test(out)) return NOTHING;
    this.#at = i + 1;
    return i >= this.#text.length ? this.#cut() : out;
  }

  #endsAt(from: number, isInArray: boolean): boolean {
    let i = from;
    while (i < this.#text.length && (this.#text[i] as string) <= ' ') i += 1;
    const c = this.#text[i];
    if (c === undefined || ',:}]/'.includes(c) || (c === '<' && this.#match(TAG, i) !== null)) return true;
    // A comma is missing: the next text of a list, or the next member, which has a name or begins on a line of its own.
    return CLOSING[c] !== undefined && (isInArray || this.#text.slice(from, i).includes('\n') || this.#match(MEMBER, i) !== null);
  }
}
