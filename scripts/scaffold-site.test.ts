import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePage } from '#scrapers/sites/structured-shop/parse.ts';
import { ScaffoldError, siteFiles, siteRegistrations } from './scaffold-site.ts';

const root = path.resolve(import.meta.dirname, '..');
const url = "https://www.l'outil.example/p/42".replace("'", '');
const html = `<script type="application/ld+json">{"@type":"Product","name":"L'étau \\"500\\"","offers":{"price":"12500","priceCurrency":"DZD"}}</script>`;
const read = parsePage(html, { url, externalId: '/p/42', seenAt: 0, currency: undefined, depth: 'full', label: 'x' });
const site = { name: 'outil-dz', url, html, read, places: [{ field: 'brand' as const, rule: { css: 'dd[data-x="a"]' } }], hasSitemap: false, day: '2026-11-21' };

describe('the scaffolder of a site', () => {
  it('makes the files that every site has, with the page’s own texts as they are', () => {
    const files = siteFiles(site);
    expect([...files.keys()]).toEqual(['README.md', 'schema.ts', 'parse.ts', 'fetch.ts', 'outil-dz.test.ts', 'fixtures/product.html']);
    expect(files.get('outil-dz.test.ts')).toContain(String.raw`title: 'L\'étau "500"', price: { minor: 1250000, currency: 'DZD' }`);
    expect(files.get('parse.ts')).toContain(`[{ field: 'brand', rule: { css: 'dd[data-x="a"]' } }]`);
    expect(files.get('fetch.ts')).toContain('createOutilDzAdapter');
    expect(files.get('schema.ts')).toContain('.default(3)');
  });
  it('names the site wherever kinds of sources are named, and says where it could not', () => {
    for (const { file, edit } of siteRegistrations(site)) {
      const before = readFileSync(path.join(root, file), 'utf8');
      expect(edit(before)).toContain('outil-dz');
      expect(() => edit('something else')).toThrow(ScaffoldError);
    }
  });
  it('refuses names that are no folder', () => {
    for (const name of ['../x', 'Bad_Name', '', 'a--b', '1shop']) expect(() => siteFiles({ ...site, name })).toThrow(ScaffoldError);
  });
});
