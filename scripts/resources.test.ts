import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../resources');
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json')).toSorted();

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A file is one body of figures, or a list of them (`cards`, `models`) that may share the file's date. */
function entriesOf(file: Json): { where: string; entry: Json }[] {
  for (const name of ['cards', 'models']) {
    const list = file[name];
    if (Array.isArray(list)) return list.map((entry, i) => ({ where: `${name}[${i}]`, entry: { asOf: file['asOf'] ?? file['effectiveFrom'], ...(entry as Json) } }));
  }
  return [{ where: 'the file', entry: file }];
}

/** Wherever a source is named, deeper too. */
function sourcesIn(value: unknown, at = ''): { at: string; source: unknown; holder: Json }[] {
  if (Array.isArray(value)) return value.flatMap((entry, i) => sourcesIn(entry, `${at}[${i}]`));
  if (!isObject(value)) return [];
  return [...('source' in value ? [{ at, source: value['source'], holder: value }] : []), ...Object.entries(value).flatMap(([key, entry]) => sourcesIn(entry, `${at}.${key}`))];
}

/** How a figure can have been come by; anything else claims more, or less, than can be told. */
const KINDS = /third-party transcription|assumption|market facts|market-facts|API (?:document|models)|public (?:price guide|price table|repository)|published table/i;

describe('figures of the outside world', () => {
  it('are there to be read', () => expect(FILES.length).toBeGreaterThan(8));

  it.each(FILES)('%s says where they come from, of when, and how sure they are', (name) => {
    const file = JSON.parse(readFileSync(path.join(ROOT, name), 'utf8')) as Json;
    for (const { where, entry } of entriesOf(file)) {
      expect(entry['source'], `${where}: source`).toEqual(expect.stringMatching(/\S{3}/));
      expect(['high', 'medium', 'low'], `${where}: confidence`).toContain(entry['confidence']);
      const date = entry['asOf'] ?? entry['retrievedAt'] ?? entry['effectiveFrom'];
      expect(date, `${where}: a date`).toEqual(expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/));
      expect(Number.isNaN(Date.parse(String(date)))).toBe(false);
    }
    for (const { at, source, holder } of sourcesIn(file)) {
      expect(source, `${name}${at}`).toEqual(expect.stringMatching(KINDS));
      // What was assumed cannot be sure.
      if (String(source).startsWith('assumption')) expect(holder['confidence'], `${name}${at}: an assumption`).toBe('low');
    }
  });
});
