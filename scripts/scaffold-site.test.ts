import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SourceAdapter } from '#engine/sources/ports.ts';
import type { SiteTools } from '#scrapers/core/source/open-config.ts';
import { FixtureSite, offersOf, scanAll } from '#scrapers/core/source/serve-fixture.ts';
import { proposePlaces } from '#scrapers/core/extract/propose-places.ts';
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

/** As in `scrapers/sites/<name>`, from wherever it lies. */
const placed = (text: string) => text.replaceAll("'../../core/", `'${root}/scrapers/core/`).replaceAll("'../structured-shop/", `'${root}/scrapers/sites/structured-shop/`).replaceAll("'#engine/", `'${root}/electron/engine/`).replaceAll("'#kernel/", `'${root}/electron/kernel/`);

describe('what the scaffolder makes', () => {
  const pageUrl = 'https://corner.example/p/42';
  const page = '<html><body><h1>Falcon drill 500</h1><div class="buy"><span class="now">12 500 DA</span></div><dl><dt>Brand</dt><dd class="brand">Falcon</dd></dl></body></html>';
  const folder = mkdtempSync(path.join(tmpdir(), 'new-site-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reads the recorded page and goes through the site, as its own test says', async () => {
    const known = { name: 'Falcon drill 500', price: '12 500 DA', brand: 'Falcon' };
    const places = (['name', 'price', 'brand'] as const).flatMap((field) => proposePlaces(page, known, [field]).slice(0, 1).map(({ rule }) => ({ field, rule })));
    const found = parsePage(page, { url: pageUrl, externalId: '/p/42', seenAt: 0, currency: undefined, depth: 'full', label: 'corner-outlet', rules: places });
    for (const [file, text] of siteFiles({ name: 'corner-outlet', url: pageUrl, html: page, read: found, places, hasSitemap: true, day: '2026-11-21' })) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), placed(text));
    }
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    const made: unknown = await import(/* @vite-ignore */ pathToFileURL(path.join(folder, 'fetch.ts')).href);
    const { createCornerOutletAdapter } = z.object({ createCornerOutletAdapter: z.custom<(tools: SiteTools) => SourceAdapter>((value) => typeof value === 'function') }).parse(made);
    const shop: FixtureSite = await new FixtureSite((r) => (r.path === '/sitemap.xml' ? { body: `<urlset><url><loc>${shop.url}/p/1</loc></url></urlset>` } : r.path === '/p/1' ? { body: page } : null), 5).start();
    try {
      const pages = await scanAll(shop.open(createCornerOutletAdapter(shop.tools), { followLinks: 0 }));
      expect(offersOf(pages)).toMatchObject([{ title: 'Falcon drill 500', brand: 'Falcon', price: { minor: 1_250_000, currency: 'DZD' } }]);
    } finally {
      await shop.close();
    }
    expect(readFileSync(path.join(folder, 'corner-outlet.test.ts'), 'utf8')).toContain("toMatchObject({ title: 'Falcon drill 500', price: { minor: 1250000, currency: 'DZD' }, brand: 'Falcon' })");
  });

  // the compiler takes a second and a half: by hand, and with every other world
  it.runIf(process.env['RESALE_FULL'] === '1')('typechecks, its test too', () => {
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ extends: path.join(root, 'tsconfig.json'), include: [], files: ['corner-outlet.test.ts'] }));
    const { status, stdout } = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript-native/bin/tsc'), '-p', folder, '--noEmit', '--pretty', 'false'], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '']);
  });
});
