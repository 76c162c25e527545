import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { call } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeApp, type App } from '../../electron/app/compose.ts';
import { memorySecrets } from '../../electron/app/hosting/memory-secrets.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock } from '#kernel/time.ts';
import { FixtureSite, type FixtureAnswer, type FixtureRequest } from '#scrapers/core/source/serve-fixture.ts';

const NOW = Date.UTC(2026, 10, 21);
const hasBrowser = ['/usr/bin/chromium', '/usr/bin/google-chrome'].some((p) => existsSync(p));
if (!hasBrowser) process.stdout.write('skipped: pages that need a browser, for there is none here\n');

let dataDir: string;
let clock: ManualClock;
let app: App;
let site: FixtureSite;
let answer: (request: FixtureRequest) => FixtureAnswer | null;
const secrets = memorySecrets();

const KEYS = { keepa: { key: 'k' }, amazon: { clientId: 'c', clientSecret: 's', refreshToken: 'r', sellerId: 'A1' }, ebay: { clientId: 'c', clientSecret: 's', refreshToken: 'r' } };
const compose = () => composeApp({
  version: '0.1.0-test', dataDir, rootDir: path.resolve(import.meta.dirname, '../..'), clock, random: seededRandom(1), log: silentLogger, secrets,
  practice: { seed: 1, speed: 0, baseUrls: {}, keys: KEYS, sources: [] },
});

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'crawl-'));
  clock = new ManualClock(NOW);
  site = await new FixtureSite((r) => answer(r), NOW).start();
  app = await compose();
});
afterEach(async () => {
  await app.stop();
  await site.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const os = () => app.router.sources;
const product = (n: number) => ({ '@context': 'https://schema.org', '@type': 'Product', name: `Mug ${n}`, brand: 'Falcon', gtin13: '3165140821858', offers: { '@type': 'Offer', price: `${n}.50`, priceCurrency: 'EUR', availability: 'https://schema.org/InStock' } });
const jsonLd = (n: number) => `<script type="application/ld+json">${JSON.stringify(product(n))}</script>`;
const itemOf = (r: FixtureRequest) => Number(/^\/item\/(\d+)$/.exec(r.path)?.[1] ?? 0);
const itemsAsked = () => site.requests.map(itemOf).filter((n) => n > 0);

async function finish(id: string, runId: string) {
  for (let i = 0; i < 400; i++) {
    await app.parts.ctx.jobs.runDue();
    const found = (await call(os().get, { id })).runs.find((r) => r.id === runId)!;
    if (found.state !== 'queued' && found.state !== 'running') return found;
    await clock.sleep(HOUR_MS / 4);
  }
  throw new Error('the run did not end');
}
const run = async (id: string) => finish(id, (await call(os().run, { id })).id);

const listed = (n: number) => ({ body: `<urlset>${Array.from({ length: n }, (_, i) => `<url><loc>${site.url}/item/${i + 1}${i % 10 === 0 ? '?utm_source=map' : ''}</loc></url><url><loc>${site.url}/item/${i + 1}#top</loc></url>`).join('')}</urlset>` });

const page = (...links: string[]) => ({ body: `<title>Mugs</title>${links.map((l) => `<a href="${l}">x</a>`).join('')}<a href="/cart">Cart</a><a href="https://other.example/item/9">Other</a>` });

describe('a crawl', () => {

  it('that is stopped in the middle goes on where it was, reads no page twice, and says how far it is', async () => {
    let stopped = false;
    answer = (r) => {
      if (r.path === '/sitemap.xml') return listed(90);
      if (itemOf(r) === 45 && !stopped) return { status: 401 };
      return itemOf(r) ? { body: jsonLd(itemOf(r)) } : null;
    };
    const { id } = await call(os().add, { kind: 'structured-shop', name: 'Mugs', baseUrl: site.url });
    const { id: runId } = await call(os().run, { id });
    await app.parts.ctx.jobs.runDue();
    stopped = true;
    await app.stop();
    app = await compose();
    const half = (await call(os().health, { id })).crawl!;
    expect(half).toMatchObject({ done: 40, queued: 50, failed: 0 });
    const stored = await app.parts.ctx.db.prisma.offer.count();
    expect(stored).toBe(40);
    const before = new Set((await app.parts.ctx.db.prisma.frontierUrl.findMany({ where: { state: 'done', kind: 'page' } })).map((f) => Number(/\/item\/(\d+)/.exec(f.url)?.[1])));
    site.requests.length = 0;
    expect(await finish(id, runId)).toMatchObject({ state: 'done', seen: 90, added: 90, total: 90 });
    expect(itemsAsked().filter((n) => before.has(n))).toEqual([]);
    expect(itemsAsked().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 41));
    expect(site.requests.some((r) => r.path.endsWith('.xml'))).toBe(false);
    expect((await call(os().health, { id })).crawl).toMatchObject({ done: 90, queued: 0 });
  });

  it('tries a page again later that failed for a time, and keeps it as a reject only when it fails for good', async () => {
    let failures = 0;
    answer = (r) => {
      if (r.path === '/sitemap.xml') return listed(6);
      if (itemOf(r) === 2 && ++failures <= 5) return { status: 503 };
      if (itemOf(r) === 3) return { status: 500 };
      return itemOf(r) ? { body: jsonLd(itemOf(r)) } : null;
    };
    const { id } = await call(os().add, { kind: 'structured-shop', name: 'Mugs', baseUrl: site.url });
    expect(await run(id)).toMatchObject({ state: 'done', seen: 5, rejected: 1 });
    expect(await call(os().health, { id })).toMatchObject({ crawl: { done: 5, queued: 0, failed: 1 } });
  });

  it('finds the products of a shop without a sitemap by its links', async () => {
    answer = (r) => {
      if (r.path === '/') return page('/item/1', '/item/2', '/c/more');
      if (r.path === '/c/more') return page('/item/3', '/item/1?utm_medium=list', '/', '/c/more');
      return itemOf(r) ? { body: jsonLd(itemOf(r)) } : null;
    };
    const found = await call(os().detect, { address: site.url });
    expect(found).toMatchObject({ kind: 'structured-shop', settings: { followLinks: 3 } });
    const { id } = await call(os().add, { kind: found.kind!, name: 'Mugs', baseUrl: found.baseUrl, settings: found.settings });
    site.requests.length = 0;
    expect(await run(id)).toMatchObject({ state: 'done', seen: 3, rejected: 0 });
    expect(site.requests.map((r) => r.path).toSorted()).toEqual(['/', '/c/more', '/item/1', '/item/2', '/item/3']);
  });

  it('of a site that forbids it is not begun, and detection says so', async () => {
    answer = (r) => (r.path === '/robots.txt' ? { body: 'User-agent: *\nDisallow: /' } : { body: jsonLd(1) });
    expect(await call(os().detect, { address: site.url })).toMatchObject({ kind: null, problems: [{ code: 'forbidden-by-robots' }], requests: 0 });
    const { id } = await call(os().add, { kind: 'structured-shop', name: 'Mugs', baseUrl: site.url });
    expect(await run(id)).toMatchObject({ state: 'failed' });
    expect(site.requests).toEqual([]);
  });
});

const gtin = (n: number) => ['3165140821858', '4006381333931', '6291041500213', '5901234123457', '9780306406157', '3017620422003'][n - 1]!;

describe('a site that was rebuilt', () => {
  it('is repaired by a person with one click: the value is found again where it moved, and every page is read anew', async () => {
    let rebuilt = false;
    answer = (r) => {
      if (r.path === '/sitemap.xml') return { body: `<urlset>${[1, 2, 3, 4, 5, 6].map((n) => `<url><loc>${site.url}/item/${n}</loc></url>`).join('')}</urlset>` };
      const n = itemOf(r);
      if (!n) return null;
      const etag = `"${n}-${rebuilt}"`;
      if (r.headers['if-none-match'] === etag) return { status: 304 };
      const { brand, gtin13: _g, ...rest } = product(n);
      const data = rebuilt ? rest : { ...rest, brand, gtin13: gtin(n) };
      return { headers: { etag }, body: `<title>Mug</title><script type="application/ld+json">${JSON.stringify(data)}</script><h1>Mug ${n}</h1>${rebuilt ? `<p class="maker"><b>Falcon</b></p><dl class="specs"><dt>EAN</dt><dd class="barcode">${gtin(n)}</dd></dl>` : ''}` };
    };
    const { id } = await call(os().add, { kind: 'structured-shop', name: 'Mugs', baseUrl: site.url });
    await run(id);
    expect(await call(os().health, { id })).toMatchObject({ drift: [], repairable: true });
    rebuilt = true;
    await clock.sleep(24 * HOUR_MS);
    await run(id);
    expect((await call(os().health, { id })).drift.map((d) => d.field)).toEqual(['identifiers', 'brand']);

    const repair = await call(os().inspect, { id });
    expect(repair.good.text).toContain('gtin13');
    expect(repair.now.text).toContain('class="barcode"');
    expect(repair.fields.find((f) => f.field === 'price')).toMatchObject({ proposals: [] });
    const ean = repair.fields.find((f) => f.field === 'gtin')!;
    expect(ean).toMatchObject({ found: null, proposals: [{ rule: { css: 'dd.barcode' }, place: 'EAN' }] });
    await expect(call(os().acceptRepair, { id, field: 'gtin', rule: { css: 'body' } })).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'not-proposed' } });
    const after = await call(os().acceptRepair, { id, field: 'gtin', rule: ean.proposals[0]!.rule });
    expect(after.fields.find((f) => f.field === 'gtin')?.found).toBe(ean.known);
    const maker = after.fields.find((f) => f.field === 'brand')!;
    await call(os().acceptRepair, { id, field: 'brand', rule: maker.proposals[0]!.rule });

    await clock.sleep(24 * HOUR_MS);
    expect(await run(id)).toMatchObject({ state: 'done', seen: 6 });
    expect(await call(os().health, { id })).toMatchObject({ drift: [], coverage: { fields: { brand: 10_000, identifiers: 10_000 } } });
    await call(os().undoRepair, { id, field: 'brand' });
    expect((await call(os().inspect, { id })).accepted.map((a) => a.field)).toEqual(['gtin']);
  });
});

describe('a source that wants a sign-in', () => {
  it('is read with the session that a person gave, kept among the secrets, and asks for another when it ends', async () => {
    answer = (r) => {
      if (r.path === '/sitemap.xml') return { body: `<urlset><url><loc>${site.url}/item/1</loc></url></urlset>` };
      if (r.path === '/account/login') return { body: '<form>Sign in</form>' };
      const cookies = r.headers.cookie ?? '';
      if (itemOf(r) && /sid=(?:good|fresh)/.test(cookies)) return { headers: { 'set-cookie': 'sid=fresh; Path=/; HttpOnly' }, body: jsonLd(itemOf(r)) };
      return itemOf(r) ? { status: 302, headers: { location: '/account/login' } } : null;
    };
    const { id } = await call(os().add, { kind: 'structured-shop', name: 'Wholesale', baseUrl: site.url });
    await call(os().signIn, { id, cookies: 'Cookie: sid=good; theme=dark' });
    expect(await run(id)).toMatchObject({ state: 'done', seen: 1 });
    const jar = await secrets.list();
    expect(jar).toEqual([`source-session/${id}`]);
    expect(await secrets.get(jar[0]!)).toContain('fresh');
    expect(JSON.stringify(await app.parts.ctx.db.prisma.source.findMany(), (_k, v: unknown) => (typeof v === 'bigint' ? Number(v) : v))).not.toMatch(/good|fresh/);
    await call(os().signIn, { id, cookies: 'sid=ended' });
    expect(await run(id)).toMatchObject({ state: 'failed' });
    expect((await call(os().health, { id })).error).toMatchObject({ kind: 'SessionLost' });
    expect((await call(os().health, { id })).session).toBe('lost');
    expect(await call(os().signIn, { id, cookies: 'sid=good' })).toMatchObject({ session: 'signed-in' });
    expect(await run(id)).toMatchObject({ state: 'done' });
  });
});

describe.skipIf(!hasBrowser)('a shop whose pages scripts fill', () => {
  it('is recognised, read with the browser, and kept to every rule', { timeout: 60_000 }, async () => {
    answer = (r) => {
      if (r.path === '/robots.txt') return { body: 'User-agent: *\nDisallow: /api/private' };
      if (r.path === '/app.js') {
        return { headers: { 'content-type': 'text/javascript' }, body: `
          const go = (url) => fetch(url).then((a) => a.ok, () => false);
          const item = /^\\/item\\/(\\d+)$/.exec(location.pathname)?.[1];
          Promise.all([go('/api/private/1'), go('http://169.254.169.254/latest'), go('http://10.0.0.1/')]).then(async (leaks) => {
            document.body.dataset.leaks = leaks.join();
            const root = document.getElementById('root');
            if (!item) { root.innerHTML = '<h1>Mugs</h1>' + [1, 2, 3, 4].map((n) => '<a href="/item/' + n + '">Mug</a>').join(''); return; }
            const data = await (await fetch('/api/items/' + item)).json();
            const script = document.createElement('script'); script.type = 'application/ld+json'; script.textContent = JSON.stringify(data); document.head.append(script);
            root.innerHTML = '<h1>' + data.name + '</h1><p>' + data.offers.price + ' EUR</p><img src="/photo.png">';
          });` };
      }
      const api = /^\/api\/items\/(\d+)$/.exec(r.path)?.[1];
      if (api) return { headers: { 'content-type': 'application/json' }, body: product(Number(api)) };
      if (r.path === '/' || itemOf(r) > 0) return { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Mugs</title><link rel="stylesheet" href="/app.css"><body><div id="root"></div><script src="/app.js"></script></body>' };
      return null;
    };
    const found = await call(os().detect, { address: site.url });
    expect(found).toMatchObject({ kind: 'structured-shop', settings: { render: true }, problems: [{ code: 'needs-browser' }, { code: 'field-missing' }] });
    expect(found.sample.map((o) => o.title)).toContain('Mug 1');
    const { id } = await call(os().add, { kind: found.kind!, name: found.label, baseUrl: found.baseUrl, settings: found.settings });
    site.requests.length = 0;
    expect(await run(id)).toMatchObject({ state: 'done', seen: 4, rejected: 0 });
    const asked = site.requests.map((r) => r.path);
    expect(asked.filter((p) => p === '/app.js')).toHaveLength(0); // kept from the look before
    expect(asked.some((p) => p.startsWith('/api/private') || p === '/photo.png' || p === '/app.css')).toBe(false);
    expect(site.requests.every((r) => (r.headers['user-agent'] ?? '').startsWith('ResaleDesk/'))).toBe(true);
  });
});
