import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { call } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeApp, type App } from '../../electron/app/compose.ts';
import { memorySecrets } from '../../electron/app/hosting/memory-secrets.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, ManualClock } from '#kernel/time.ts';
import { FixtureSite, type FixtureAnswer, type FixtureRequest } from '#scrapers/core/source/serve-fixture.ts';

const NOW = Date.UTC(2026, 10, 21);
let dataDir: string;
let clock: ManualClock;
let app: App;
let site: FixtureSite;
let answer: (request: FixtureRequest) => FixtureAnswer | null;

const KEYS = { keepa: { key: 'k' }, amazon: { clientId: 'c', clientSecret: 's', refreshToken: 'r', sellerId: 'A1' }, ebay: { clientId: 'c', clientSecret: 's', refreshToken: 'r' } };
const compose = (version = '0.1.0-test') => composeApp({
  version, dataDir, rootDir: path.resolve(import.meta.dirname, '../..'), clock, random: seededRandom(1), log: silentLogger, secrets: memorySecrets(),
  practice: { seed: 1, speed: 0, baseUrls: {}, keys: KEYS, sources: [] },
});

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sources-'));
  clock = new ManualClock(NOW);
  site = await new FixtureSite((r) => answer(r), NOW).start();
  app = await compose();
});
afterEach(async () => {
  await app.stop();
  await site.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const mug = (n: number, brand = true) => `<title>Mug ${n}</title><script type="application/ld+json">${JSON.stringify({ '@context': 'https://schema.org', '@type': 'Product', name: `Mug ${n}`, ...(brand ? { brand: 'Falcon', gtin13: '3165140821858' } : {}), offers: { '@type': 'Offer', price: `${n}.50`, priceCurrency: 'EUR', availability: 'https://schema.org/InStock' } })}</script>`;
const shop = (pages: number, brand = true) => (r: FixtureRequest): FixtureAnswer | null => {
  if (r.path === '/') return { body: '<title>Corner Outlet</title>' };
  if (r.path === '/sitemap.xml') return { body: `<urlset>${['/about', ...Array.from({ length: pages }, (_, i) => `/item/${i + 1}`)].map((p) => `<url><loc>${site.url}${p}</loc></url>`).join('')}</urlset>` };
  const n = Number(/^\/item\/(\d+)$/.exec(r.path)?.[1]);
  if (!n || n > pages) return null;
  const etag = `"${n}-${brand}"`;
  return r.headers['if-none-match'] === etag ? { status: 304 } : { headers: { etag }, body: mug(n, brand) };
};
const os = () => app.router.sources;
/** Runs the source until its run has ended. */
async function run(id: string) {
  const started = await call(os().run, { id });
  for (let i = 0; i < 400; i++) {
    await app.parts.ctx.jobs.runDue();
    const found = (await call(os().get, { id })).runs.find((r) => r.id === started.id)!;
    if (found.state !== 'queued' && found.state !== 'running') return found;
    await clock.sleep(HOUR_MS / 4);
  }
  throw new Error('the run did not end');
}
const pagesAsked = () => site.requests.filter((r) => r.path.startsWith('/item/'));

describe('a site, by its address', () => {
  it('is looked at, added as proposed, and scanned; then known', async () => {
    answer = shop(12);
    const found = await call(os().detect, { address: site.url });
    expect(found).toMatchObject({ kind: 'structured-shop', label: 'Corner Outlet', settings: { productPath: '/item/' }, coverage: { price: 10_000, identifiers: 10_000 }, problems: [{ code: 'field-missing', field: 'image' }] });
    expect(found.requests).toBeLessThanOrEqual(12);
    expect((await call(os().list, undefined)).length).toBe(0);
    const added = await call(os().add, { kind: found.kind!, name: found.label, baseUrl: found.baseUrl, settings: found.settings });
    expect(await run(added.id)).toMatchObject({ state: 'done', seen: 12, added: 12, rejected: 0 });
    expect((await call(os().detect, { address: site.url })).problems[0]).toMatchObject({ code: 'already-added', message: 'Corner Outlet' });
  });
  it('is read as a Shopify shop with all its variants', async () => {
    answer = (r) => (r.path === '/' ? { headers: { 'powered-by': 'Shopify' }, body: '' } : r.path === '/meta.json' ? { body: { currency: 'USD' } } : r.path === '/products.json' ? { body: { products: r.query.get('page') === '1' ? [{ id: 1, title: 'Cup', handle: 'cup', vendor: 'Falcon', variants: [{ id: 11, title: 'S', price: '9.50', available: true }, { id: 12, title: 'L', price: '12.50', available: true }], images: [] }] : [] } } : null);
    const found = await call(os().detect, { address: site.url });
    const added = await call(os().add, { kind: found.kind!, name: 'Cups', baseUrl: found.baseUrl, settings: found.settings });
    expect(await run(added.id)).toMatchObject({ state: 'done', seen: 2, added: 2 });
    const rows = await app.parts.ctx.db.prisma.offer.findMany({ orderBy: { externalId: 'asc' }, select: { title: true, priceMinor: true, currency: true } });
    expect(rows.map((o) => [o.title, Number(o.priceMinor), o.currency])).toEqual([['Cup - S', 950, 'USD'], ['Cup - L', 1_250, 'USD']]);
  });
  it('of Ouedkniss is asked at its interface, one source a search; Jumia is read only on its own sites', async () => {
    answer = () => null;
    const add = (baseUrl: string, kind: 'ouedkniss' | 'jumia', settings = {}) => call(os().add, { kind, name: 'x', baseUrl, settings });
    const first = await add('https://www.ouedkniss.com/telephones/1?keywords=iphone', 'ouedkniss', { categorySlug: 'telephones', query: 'iphone' });
    await add('https://www.ouedkniss.com/telephones/1?keywords=pixel', 'ouedkniss', { categorySlug: 'telephones', query: 'pixel' });
    const stored = await app.parts.ctx.db.prisma.source.findUniqueOrThrow({ where: { id: first.id } });
    expect(JSON.parse(stored.config)).toEqual({ terms: {}, site: { categorySlug: 'telephones', query: 'iphone' } });
    await expect(add('https://www.ouedkniss.com/telephones/1?keywords=pixel', 'ouedkniss')).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'duplicate' } });
    await add('https://www.jumia.ci/telephones/', 'jumia');
    await expect(add('https://shop.example/telephones/', 'jumia')).rejects.toMatchObject({ code: 'INVALID', data: { field: 'baseUrl' } });
    await expect(call(os().add, { kind: 'woocommerce', name: 'x', baseUrl: 'https://shop.example', settings: { productPath: '/p/' } })).rejects.toMatchObject({ code: 'INVALID' });
  });
  it('that cannot be read says why, and what is no address is refused', async () => {
    answer = () => ({ status: 403 });
    expect(await call(os().detect, { address: site.url })).toMatchObject({ kind: null, problems: [{ code: 'sign-in' }] });
    await expect(call(os().detect, { address: 'file:///etc/passwd' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'address' } });
    await expect(call(os().detect, { address: 'https://user:pass@shop.example/' })).rejects.toMatchObject({ code: 'INVALID' });
  });
});

describe('the health of a source', () => {
  it('shows a field that vanished when the site was rebuilt', async () => {
    answer = shop(8);
    const { id } = await call(os().add, { kind: 'structured-shop', name: 'Corner', baseUrl: site.url, settings: { productPath: '/item/' } });
    await run(id);
    expect(await call(os().health, { id })).toMatchObject({ drift: [], coverage: { products: 8, fields: { brand: 10_000, identifiers: 10_000, image: 0 } }, error: null, permits: { scan: 'allowed', buy: 'human' } });
    await clock.sleep(DAY_MS);
    answer = shop(8, false);
    await run(id);
    const health = await call(os().health, { id });
    expect(health.drift).toEqual([{ field: 'identifiers', beforeBp: 10_000, nowBp: 0 }, { field: 'brand', beforeBp: 10_000, nowBp: 0 }]);
    expect((await call(os().list, undefined))[0]).toMatchObject({ id, health: 'drifting', lastError: null });
    expect(health.passedOver).toEqual([{ reason: { code: 'screen.no-rate', data: { currency: 'EUR', home: 'USD' } }, count: 8 }]);
  });
  it('keeps the page that a run failed at, with secrets masked, until a run does well', async () => {
    answer = (r) => (r.path === '/robots.txt' ? null : { body: '<form><input type="hidden" name="csrf_token" value="s3cret-value"></form> mail boss@shop.example {"sessionToken":"abcdef123456"}' });
    const { id } = await call(os().add, { kind: 'woocommerce', name: 'Shop', baseUrl: site.url });
    expect(await run(id)).toMatchObject({ state: 'failed' });
    expect((await call(os().health, { id })).error).toMatchObject({ kind: 'Critical', hasPage: true });
    const { text } = await call(os().errorPage, { id });
    expect(text).toContain('<form>');
    expect(text).not.toMatch(/s3cret|boss@|abcdef/);
    answer = () => ({ headers: { 'x-wp-totalpages': '1' }, body: [] });
    expect(await run(id)).toMatchObject({ state: 'done' });
    expect((await call(os().health, { id })).error).toBeNull();
  });
});

const state = async (externalId: string) => (await app.parts.ctx.db.prisma.offer.findFirstOrThrow({ where: { externalId } })).state;

describe('page versions', () => {
  it('survive a restart: the next pass asks only for what changed, and nothing is taken for gone', async () => {
    answer = shop(6);
    const { id } = await call(os().add, { kind: 'structured-shop', name: 'Corner', baseUrl: site.url, settings: { productPath: '/item/' } });
    await run(id);
    await app.stop();
    app = await compose();
    site.requests.length = 0;
    await clock.sleep(DAY_MS);
    expect(await run(id)).toMatchObject({ state: 'done', added: 0 });
    expect(pagesAsked()).toHaveLength(6);
    expect(pagesAsked().every((r) => r.headers['if-none-match'] !== undefined)).toBe(true);
    expect(await app.parts.ctx.db.prisma.offer.count({ where: { state: 'gone' } })).toBe(0);
  });
  it('bring an offer back that was gone for a while and has not changed since', async () => {
    answer = shop(6);
    const { id } = await call(os().add, { kind: 'structured-shop', name: 'Corner', baseUrl: site.url, settings: { productPath: '/item/' } });
    await run(id);
    await clock.sleep(DAY_MS);
    answer = shop(5);
    await run(id);
    expect(await state('/item/6')).toBe('gone');
    await clock.sleep(DAY_MS);
    answer = shop(6);
    await run(id);
    expect(pagesAsked().at(-1)?.headers['if-none-match']).toBeDefined();
    expect(await state('/item/6')).not.toBe('gone');
  });
  it('are forgotten by another version of the program, which may read more', async () => {
    answer = shop(6);
    const { id } = await call(os().add, { kind: 'structured-shop', name: 'Corner', baseUrl: site.url, settings: { productPath: '/item/' } });
    await run(id);
    await app.stop();
    app = await compose('0.2.0-test');
    expect(await app.parts.ctx.db.prisma.pageVersion.count()).toBe(0);
    site.requests.length = 0;
    await run(id);
    expect(pagesAsked().every((r) => r.headers['if-none-match'] === undefined)).toBe(true);
  });
  it('of one kind of source are not another’s', async () => {
    answer = shop(6);
    const plain = await call(os().add, { kind: 'structured-shop', name: 'Corner', baseUrl: site.url, settings: { productPath: '/item/' } });
    await run(plain.id);
    const other = await call(os().add, { kind: 'prestashop', name: 'Corner again', baseUrl: site.url });
    // it lists no page that is a PrestaShop product's
    expect(await run(other.id)).toMatchObject({ state: 'failed' });
    const scopes = await app.parts.ctx.db.prisma.pageVersion.groupBy({ by: ['scope'], _count: true });
    expect(scopes).toEqual([{ scope: 'structured-shop', _count: 6 }]);
  });
});
