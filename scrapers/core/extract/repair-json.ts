/**
 * JSON as pages hold it: inside comments or CDATA, with comments of its own, raw control characters in strings, trailing commas, a semicolon at the end,
 * encoded twice, or given a name by a program. Only damage whose intent is plain is repaired; what is ambiguous stays unreadable, and what is cut off is left out.
 */

import { relaxFirst, relaxJson, type RelaxedJson } from './relax-json.ts';
import { decodeOnce, unescapeEntities, unescapeQuotes, withoutAssignment } from './unwrap-json.ts';

export interface ReadJson {
  /** Every top-level value in the text: some pages put several side by side. */
  readonly values: readonly unknown[];
  readonly repaired: boolean;
  /** The text ended too early: what stands before the cut is all that is known. */
  readonly isCut?: boolean;
}

/** The values in a text, or null when it is no JSON even after repair. */
export function readJson(text: string): ReadJson | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const direct = tryParse(trimmed);
  if (direct !== undefined) {
    const inner = decodeOnce(direct);
    const decoded = inner === null ? null : readJson(inner);
    return decoded ? { ...decoded, repaired: true } : { values: [direct], repaired: false };
  }
  const read = repair(trimmed);
  return read && { values: read.values, repaired: true, ...(read.isCut ? { isCut: true } : {}) };
}

function repair(text: string): RelaxedJson | null {
  const candidates = [text, unescapeEntities(text), unescapeQuotes(text)].filter((c, i, all) => c !== null && all.indexOf(c) === i) as string[];
  for (const candidate of candidates) {
    const values = parseAll(clean(candidate));
    if (values) return { values, isCut: false };
  }
  for (const candidate of candidates) {
    const assigned = withoutAssignment(candidate);
    const read = assigned === null ? relaxJson(candidate) : relaxFirst(assigned);
    if (read) return read;
  }
  return null;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function parseAll(cleaned: string): unknown[] | null {
  const whole = tryParse(cleaned);
  if (whole !== undefined) return [whole];
  const values: unknown[] = [];
  for (const part of splitValues(cleaned)) {
    const value = tryParse(part);
    if (value === undefined) return null;
    values.push(value);
  }
  return values.length > 0 ? values : null;
}

/** Cuts text into its top-level objects and arrays; separators between them are dropped, anything else makes the whole unreadable. */
function splitValues(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = -1;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i += 1;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') {
      if (depth++ === 0) start = i;
    } else if ((c === '}' || c === ']') && depth > 0 && --depth === 0) parts.push(text.slice(start, i + 1));
    else if (depth === 0 && c !== ',' && c !== ';' && c !== undefined && c.trim() !== '') return [];
  }
  return depth === 0 ? parts : [];
}

const STARTS = ['<!--', '<![CDATA[', '/*<![CDATA[*/'];

/** One pass outside and inside strings. */
function clean(text: string): string {
  let out = '';
  let i = 0;
  const lastClose = text.lastIndexOf('-->');
  while (i < text.length) {
    const c = text[i] as string;
    if (c === '"') {
      const end = stringEnd(text, i);
      out += escapeString(text.slice(i, end));
      i = end;
    } else if (c === '/' && text[i + 1] === '/') i = lineEnd(text, i);
    else if (c === '/' && text[i + 1] === '*') i = after(text, '*/', i + 2);
    else if (text.startsWith('<!--', i)) i += lastClose > i && !hasJson(text, i + 4) ? after(text, '-->', i) - i : 4;
    else if (text.startsWith('-->', i)) i += 3;
    else if (text.startsWith('<![CDATA[', i)) i += 9;
    else if (text.startsWith(']]>', i)) i += 3;
    else if (c === ',' && closes(text, i + 1)) i += 1;
    else if (c === ';' && text.slice(i + 1).trim() === '') i += 1;
    else {
      // Control characters outside strings are spaces; U+FEFF and U+00A0 too.
      out += c < ' ' || c === '\ufeff' || c === '\u00a0' || c === '\u2028' || c === '\u2029' ? ' ' : c;
      i += 1;
    }
  }
  return out.trim();
}

/** Whether a comment that opens here wraps the JSON itself. */
function hasJson(text: string, at: number): boolean {
  const first = text.slice(at, at + 200).trimStart()[0];
  return first === '{' || first === '[';
}

function lineEnd(text: string, at: number): number {
  const line = text.slice(at, at + 20);
  for (const start of STARTS) if (line.startsWith(`//${start}`) || line.startsWith(`// ${start}`)) return at + line.indexOf(start);
  if (/^\/\/\s*\]\]>/.test(line)) return at + line.indexOf(']]>');
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

/** Whether the next thing, past spaces and comments, closes an object or array. */
function closes(text: string, from: number): boolean {
  let i = from;
  while (i < text.length) {
    const c = text[i] as string;
    if (c.trim() === '' || c < ' ') i += 1;
    else if (c === '/' && text[i + 1] === '*') i = after(text, '*/', i + 2);
    else if (c === '/' && text[i + 1] === '/') i = lineEnd(text, i);
    else return c === '}' || c === ']';
  }
  return false;
}

/** Past the closing quote. */
function stringEnd(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return Math.min(i + 1, text.length);
}

const LEGAL_ESCAPES = new Set(['"', '\\', '/', 'b', 'f', 'n', 'r', 't', 'u']);

function escapeString(quoted: string): string {
  let out = '';
  for (let i = 0; i < quoted.length; i++) {
    const c = quoted[i] as string;
    if (c === '\\') {
      const next = quoted[i + 1] ?? '';
      const legal = LEGAL_ESCAPES.has(next) && (next !== 'u' || /^[0-9a-fA-F]{4}/.test(quoted.slice(i + 2, i + 6)));
      if (legal) out += c + next;
      else out += next < ' ' ? controlEscape(next) : next;
      i += 1;
    } else out += c < ' ' ? controlEscape(c) : c;
  }
  return out;
}

const controlEscape = (c: string) => (c === '' ? '' : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
