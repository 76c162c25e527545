import fc from 'fast-check';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { conditionsOf, readFacets, type ListFilters } from './list-filters.ts';
import { byAmount, byNumber, byText, byTextOrNone, contains, inOrder, readPageOfIds, type PageQuery, type SortableList } from './sorted-page.ts';

type Key = 'name' | 'units' | 'total' | 'note' | 'added';
const LIST: SortableList<Key> = {
  from: 'Thing t', id: 't.id', usual: '-added',
  sorts: { name: [byText('t.name')], units: [{ sql: 't.units', nullable: true }], total: byAmount('t.currency', byNumber('t.minor')), note: [{ ...byTextOrNone('(SELECT o.note FROM Thing o WHERE o.id = t.id)'), costly: true }], added: [] },
};
interface Thing { readonly id: string; readonly name: string; readonly units: number | null; readonly currency: string; readonly minor: number; readonly note: string | null }
const things = fc.array(fc.record({ name: fc.constantFrom('a', 'B', 'b', 'é', '', 'c"\'%'), units: fc.option(fc.integer({ min: 0, max: 3 })), currency: fc.constantFrom('USD', 'EUR'), minor: fc.integer({ min: -2, max: 2 }), note: fc.option(fc.constantFrom('x', 'y')) }), { maxLength: 40 });
const sorts = fc.constantFrom(...(['name', 'units', 'total', 'note', 'added'] as const).flatMap((key) => [key, `-${key}`] as const));

function tableOf(rows: readonly Omit<Thing, 'id'>[]) {
  const db = new BetterSqlite3(':memory:');
  db.exec('CREATE TABLE Thing (id TEXT PRIMARY KEY, name TEXT NOT NULL, units INT, currency TEXT NOT NULL, minor INT NOT NULL, note TEXT)');
  const all = rows.map((row, n): Thing => ({ ...row, id: `t${String(n).padStart(3, '0')}` }));
  for (const { id, name, units, currency, minor, note } of all) db.prepare('INSERT INTO Thing VALUES (?, ?, ?, ?, ?, ?)').run(id, name, units, currency, minor, note);
  return { all, db, read: <Row>(sql: string, parameters: readonly (string | number | null)[] = []) => Promise.resolve(db.prepare(sql).all(...parameters) as Row[]) };
}

const fold = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
const plain = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);

/** The order by its definition, in plain code. */
function sorted(all: readonly Thing[], { sort = '-added', second }: Pick<PageQuery<Key>, 'sort' | 'second'>): string[] {
  const by = (text: string) => (a: Thing, b: Thing): number => {
    const [key, sign] = [text.replace('-', ''), text.startsWith('-') ? -1 : 1];
    const value = (thing: Thing) => (key === 'name' ? fold(thing.name) : key === 'units' ? thing.units : key === 'note' ? thing.note : key === 'total' ? thing.minor : 0);
    if (key === 'total' && a.currency !== b.currency) return plain(a.currency, b.currency);
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * plain(x, y);
  };
  const last = sort.startsWith('-') ? -1 : 1;
  return all.toSorted((a, b) => by(sort)(a, b) || (second ? by(second)(a, b) : 0) || last * plain(a.id, b.id)).map((thing) => thing.id);
}

describe('readPageOfIds', () => {
  it('goes through every row once in the order that was asked for, whatever the page\'s size', async () => {
    await fc.assert(fc.asyncProperty(things, sorts, fc.option(sorts, { nil: undefined }), fc.integer({ min: 1, max: 7 }), async (rows, sort, second, limit) => {
      const table = tableOf(rows);
      const seen: string[] = [];
      let cursor: string | undefined;
      for (;;) {
        const page = await readPageOfIds(table, LIST, { sort, second, limit, cursor, where: [] });
        if (cursor === undefined) expect(page.total).toEqual({ count: rows.length, capped: false });
        seen.push(...page.ids);
        expect(seen.length).toBeLessThanOrEqual(rows.length);
        if (page.nextCursor === null) break;
        expect(page.nextCursor.length).toBeLessThanOrEqual(500);
        cursor = page.nextCursor;
      }
      table.db.close();
      expect(seen).toEqual(sorted(table.all, { sort, ...(second && second.replace('-', '') !== sort.replace('-', '') ? { second } : {}) }));
    }), { numRuns: 60 });
  });

  it('keeps its place when rows come before it or go, and refuses another order\'s cursor', async () => {
    const table = tableOf(Array.from({ length: 6 }, (_, n) => ({ name: `n${n}`, units: n, currency: 'USD', minor: n, note: null })));
    const first = await readPageOfIds(table, LIST, { sort: 'units', limit: 3, where: [] });
    table.db.exec(`DELETE FROM Thing WHERE id = 't002'; INSERT INTO Thing VALUES ('t100', 'n', 0, 'USD', 0, NULL)`);
    const next = await readPageOfIds(table, LIST, { sort: 'units', limit: 3, cursor: first.nextCursor!, where: [] });
    expect([first.ids, next.ids, next.nextCursor]).toEqual([['t000', 't001', 't002'], ['t003', 't004', 't005'], null]);
    for (const cursor of [first.nextCursor!, 'nonsense', '[]', '["units/",1]']) await expect(readPageOfIds(table, LIST, { sort: '-units', limit: 3, cursor, where: [] })).rejects.toMatchObject({ code: 'INVALID' });
    expect((await readPageOfIds(table, LIST, { limit: 9, where: [contains(['t.name', 't.note'], 'N3')] })).ids).toEqual(['t003']);
    expect(inOrder(['b', 'gone', 'a'], [{ id: 'a' }, { id: 'b' }])).toEqual([{ id: 'b' }, { id: 'a' }]);
    table.db.close();
  });
});

describe('filters of a list', () => {
  const FILTERS: ListFilters<'name' | 'note'> = {
    choices: { name: { key: 't.name', name: 'upper(t.name)' }, note: { key: 'o.note', from: 'Thing t JOIN Thing o ON o.id = t.id', holds: 't.id IN (SELECT o.id FROM Thing o WHERE o.note = ?)' } },
    at: 't.units', amount: { currency: 't.currency', minor: 't.minor' },
  };
  const query = fc.record({ name: fc.option(fc.constantFrom('a', 'B', 'é'), { nil: undefined }), note: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }), since: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), until: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), least: fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }), most: fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }), currency: fc.constantFrom('USD', 'EUR') });

  it('leaves exactly the rows that have all that is asked for, both ends of an amount among them and the end of a time not', async () => {
    await fc.assert(fc.asyncProperty(things, query, async (rows, asked) => {
      const table = tableOf(rows);
      const holds = (t: Thing) => (asked.name === undefined || t.name === asked.name) && (asked.note === undefined || t.note === asked.note) && t.currency === asked.currency && t.minor >= (asked.least ?? -9) && t.minor <= (asked.most ?? 9)
        && (asked.since === undefined || (t.units !== null && t.units >= asked.since)) && (asked.until === undefined || (t.units !== null && t.units < asked.until));
      const page = await readPageOfIds(table, LIST, { sort: 'added', limit: 99, where: conditionsOf(FILTERS, asked) });
      table.db.close();
      expect(page.ids).toEqual(table.all.filter(holds).map((t) => t.id));
    }), { numRuns: 60 });
  });

  it('refuses an amount of no currency, and tells what each choice offers', async () => {
    expect(() => conditionsOf(FILTERS, { least: 1 })).toThrow(/currency/);
    expect(conditionsOf(FILTERS, {})).toEqual([]);
    const table = tableOf([{ name: 'a', note: 'x', currency: 'USD' }, { name: 'b', note: null, currency: 'EUR' }, { name: 'b', note: 'x', currency: 'USD' }].map((row) => ({ ...row, units: 1, minor: 1 })));
    expect(await readFacets(table, 'Thing t', { filters: FILTERS })).toEqual({ choices: { name: [{ key: 'b', name: 'B', count: 2 }, { key: 'a', name: 'A', count: 1 }], note: [{ key: 'x', name: null, count: 2 }] }, currencies: ['EUR', 'USD'] });
    // a row that a table holds twice is one row
    const twice = { key: 't.note', from: 'Thing t JOIN Thing o ON o.note = t.note', row: 't.id' };
    expect((await readFacets(table, 'Thing t', { filters: { choices: { twice } } })).choices['twice']).toEqual([{ key: 'x', name: null, count: 2 }]);
    table.db.close();
  });
});
