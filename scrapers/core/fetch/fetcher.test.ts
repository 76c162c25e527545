import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createFetcher, retryAfterMs, type Fetcher, type FetchPolicy } from './fetcher.ts';
import { CookieJar } from './cookie-jar.ts';
import { guardedLookup, isAllowedAddress } from './guard-address.ts';
import { HostBudget, quietUntil } from './host-budget.ts';
import { createMemoryPageStore } from './page-store.ts';
import { readSitemap } from './read-sitemap.ts';

const START = Date.UTC(2026, 10, 21, 12);
const AGENT = 'ResaleDesk/test (+https://example.org)';
const LOCAL: FetchPolicy = { minIntervalMs: 0, concurrency: 4, allowLoopback: true, timeoutMs: 2_000 };

interface Site {
  readonly url: string;
  readonly seen: { url: string; headers: IncomingMessage['headers'] }[];
}
const servers: Server[] = [];
const fetchers: Fetcher[] = [];

async function serve(handle: (request: IncomingMessage, response: ServerResponse, count: number) => void, robots?: string): Promise<Site> {
  const seen: Site['seen'] = [];
  const listener: RequestListener = (request, response) => {
    if (request.url === '/robots.txt') return robots === undefined ? void response.writeHead(404).end() : void response.end(robots);
    seen.push({ url: request.url ?? '', headers: request.headers });
    handle(request, response, seen.length);
  };
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function setUp() {
  const clock = new ManualClock(START);
  const store = createMemoryPageStore();
  const fetcher = createFetcher({ clock, random: seededRandom(1), store, userAgent: AGENT });
  fetchers.push(fetcher);
  const get = (url: string, policy: FetchPolicy = LOCAL, more: object = {}) => fetcher.fetch({ url, connector: 'test', operation: 'read', ...more }, policy, new AbortController().signal);
  return { clock, store, fetcher, get };
}

afterEach(async () => {
  await Promise.all(fetchers.splice(0).map((f) => f.close()));
  for (const server of servers.splice(0)) server.closeAllConnections();
});

const failure = (promise: Promise<unknown>) => promise.then(() => 'no error', (error: { detail?: { kind: string; code?: string; message: string } }) => error.detail ?? error);

describe('robots.txt', () => {
  it('keeps out of what it forbids, by an honest name', async () => {
    const site = await serve((_q, r) => r.end('page'), 'User-agent: *\nDisallow: /private\nCrawl-delay: 5\nSitemap: http://127.0.0.1/map.xml');
    const { get, clock, fetcher } = setUp();
    expect(await failure(get(`${site.url}/private/x`))).toMatchObject({ kind: 'Rejected', code: 'ROBOTS' });
    expect(site.seen).toHaveLength(0);
    await get(`${site.url}/a`);
    await get(`${site.url}/b`);
    expect(clock.now() - START).toBeGreaterThanOrEqual(5_000);
    expect(site.seen[0]?.headers['user-agent']).toBe(AGENT);
    expect(await fetcher.sitemaps(site.url, LOCAL, new AbortController().signal)).toEqual(['http://127.0.0.1/map.xml']);
  });
  it('holds for the target of a redirect too', async () => {
    const site = await serve((_q, r) => r.writeHead(302, { location: '/private' }).end(), 'User-agent: *\nDisallow: /private');
    expect(await failure(setUp().get(`${site.url}/go`))).toMatchObject({ code: 'ROBOTS' });
  });
});

describe('private addresses', () => {
  it('knows them in every spelling', () => {
    for (const bad of ['10.1.2.3', '127.0.0.1', '169.254.169.254', '192.168.0.1', '172.31.0.1', '100.64.0.1', '0.0.0.0', '::1', '::ffff:10.0.0.1', '::ffff:7f00:1', 'fd00::1', 'fe80::1', '64:ff9b::a00:1', '::ffff:0:a00:1', '2002:a00:1::', '3fff::1', '5f00::1', 'nonsense']) expect([bad, isAllowedAddress(bad, false)]).toEqual([bad, false]);
    for (const good of ['93.184.216.34', '2606:4700::6810:84e5', '172.32.0.1']) expect([good, isAllowedAddress(good, false)]).toEqual([good, true]);
    expect([isAllowedAddress('127.0.0.1', true), isAllowedAddress('::1', true), isAllowedAddress('10.0.0.1', true)]).toEqual([true, true, false]);
  });
  it('refuses them unless loopback is allowed', async () => {
    const site = await serve((_q, r) => r.end('secret'));
    const { get } = setUp();
    expect(await failure(get(`${site.url}/`, { ...LOCAL, allowLoopback: false }))).toMatchObject({ kind: 'Rejected', code: 'PRIVATE_ADDRESS' });
    expect(await failure(get('http://169.254.169.254/latest/meta-data', LOCAL))).toMatchObject({ kind: 'Rejected', code: 'PRIVATE_ADDRESS' });
    expect(await failure(get('file:///etc/passwd'))).toMatchObject({ kind: 'Rejected' });
    expect(site.seen).toHaveLength(0);
  });
  it('refuses a name that resolves to one, and a redirect to one', async () => {
    const site = await serve((_q, r) => r.writeHead(302, { location: 'http://10.0.0.1/' }).end());
    expect(await failure(setUp().get(`${site.url}/`))).toMatchObject({ kind: 'Rejected', code: 'PRIVATE_ADDRESS' });
    const resolve = guardedLookup(false, (_h, done) => done(null, [{ address: '93.184.216.34', family: 4 }, { address: '127.0.0.1', family: 4 }]));
    const error = await new Promise((done) => resolve('rebind.example', { all: true }, (e) => done(e)));
    expect(error).toMatchObject({ code: 'PRIVATE_ADDRESS' });
  });
});

describe('names', () => {
  it('are refused when they resolve to private addresses, at the first request and behind a redirect', async () => {
    const site = await serve((_q, r) => r.writeHead(302, { location: 'http://rebind.example/' }).end());
    const fetcher = createFetcher({ clock: new ManualClock(START), random: seededRandom(1), store: createMemoryPageStore(), userAgent: AGENT, resolve: (_host, done) => done(null, [{ address: '10.0.0.1', family: 4 }]) });
    fetchers.push(fetcher);
    const get = (url: string) => failure(fetcher.fetch({ url, connector: 'test', operation: 'read' }, LOCAL, new AbortController().signal));
    expect(await get('http://inside.example/')).toMatchObject({ kind: 'Rejected', code: 'PRIVATE_ADDRESS' });
    expect(await get(`${site.url}/`)).toMatchObject({ kind: 'Rejected', code: 'PRIVATE_ADDRESS' });
  });
  it('are checked anew with each connection: a shop that moves into the private network is not followed', async () => {
    let moved = false;
    const site = await serve((_q, r) => r.writeHead(200, { connection: 'close' }).end('page'));
    const { port } = new URL(site.url);
    const fetcher = createFetcher({ clock: new ManualClock(START), random: seededRandom(1), store: createMemoryPageStore(), userAgent: AGENT, resolve: (_host, done) => done(null, [{ address: moved ? '10.0.0.1' : '127.0.0.1', family: 4 }]) });
    fetchers.push(fetcher);
    const get = () => fetcher.fetch({ url: `http://shop.example:${port}/`, connector: 'test', operation: 'read' }, LOCAL, new AbortController().signal);
    expect((await get()).text).toBe('page');
    moved = true;
    servers.at(-1)?.closeAllConnections();
    expect(await failure(get())).toMatchObject({ code: 'PRIVATE_ADDRESS' });
  });
});

const signedIn = async (setCookies: string[] = []) => {
  const jars = new Map([['shop', CookieJar.fromHeader('sid=1; lang=fr', 'http://127.0.0.1/')]]);
  const saved: string[] = [];
  const site = await serve((q, r) => (q.url === '/gone' ? r.writeHead(302, { location: '/account/login?next=/gone' }).end() : q.url === '/401' ? r.writeHead(401).end() : r.writeHead(200, { 'set-cookie': setCookies }).end('page')));
  const sessions = { open: (name: string) => Promise.resolve(jars.get(name) ?? new CookieJar()), save: (_name: string, jar: CookieJar) => { saved.push(jar.toText()); return Promise.resolve(); } };
  const fetcher = createFetcher({ clock: new ManualClock(START), random: seededRandom(1), store: createMemoryPageStore(), userAgent: AGENT, sessions });
  fetchers.push(fetcher);
  return { site, saved, get: (path: string, session?: string) => fetcher.fetch({ url: site.url + path, connector: 'test', operation: 'read' }, { ...LOCAL, session }, new AbortController().signal) };
};

describe('sessions', () => {
  it('send their cookies with their own source alone, and keep what the site renews', async () => {
    const { site, saved, get } = await signedIn(['sid=2; Path=/; HttpOnly', 'other=1; Domain=elsewhere.example', 'old=1; Max-Age=0']);
    await get('/', 'shop');
    await get('/again', 'shop');
    await get('/anonymous');
    expect(site.seen.map((r) => r.headers.cookie)).toEqual(['sid=1; lang=fr', 'lang=fr; sid=2', undefined]);
    expect(saved).toHaveLength(1);
    expect(saved[0]).not.toMatch(/other|old/);
  });
  it('are lost when the site says so, or sends us to its sign-in', async () => {
    const { get } = await signedIn();
    for (const path of ['/gone', '/401']) expect(await failure(get(path, 'shop'))).toMatchObject({ kind: 'SessionLost' });
    expect((await get('/gone')).text).toBe('page'); // without a sign-in it is a page like any other
  });
});

describe('CookieJar', () => {
  it('keeps cookies to their host, path, scheme and time', () => {
    const jar = new CookieJar();
    jar.store('https://www.shop.example/a/b', ['x=1', 'all=2; Domain=shop.example; Path=/', 'safe=3; Secure; Path=/', 'evil=4; Domain=example', 'evil=5; Domain=other.example', 'brief=6; Max-Age=10; Path=/'], START);
    expect(jar.headerFor('https://www.shop.example/a/c', START)).toBe('x=1; all=2; safe=3; brief=6');
    expect(jar.headerFor('https://www.shop.example/ab', START + 11_000)).toBe('all=2; safe=3');
    expect(jar.headerFor('http://api.shop.example/', START)).toBe('all=2');
    expect(jar.headerFor('https://notshop.example/', START)).toBeNull();
    expect(CookieJar.fromText(jar.toText()).toText()).toBe(jar.toText());
    expect(CookieJar.fromText('{"not": "a jar"}').isEmpty).toBe(true);
  });
});

describe('retries', () => {
  it('tries again after 500 and cut connections, and waits as long as 429 says', async () => {
    const site = await serve((q, r, n) => (n === 1 ? r.writeHead(500).end() : n === 2 ? q.socket.destroy() : n === 3 ? r.writeHead(429, { 'retry-after': '7' }).end() : r.end('ok')));
    const { get, clock } = setUp();
    expect(await get(`${site.url}/`)).toMatchObject({ text: 'ok', requests: 4 });
    expect(clock.now() - START).toBeGreaterThanOrEqual(7_000);
  });
  it('gives up after its attempts, with the class of the last failure', async () => {
    const site = await serve((_q, r) => r.writeHead(503).end('down'));
    expect(await failure(setUp().get(`${site.url}/`))).toMatchObject({ kind: 'Retryable', httpStatus: 503, evidence: 'down' });
    expect(site.seen).toHaveLength(4);
  });
  it('does not repeat what was refused', async () => {
    for (const [status, kind] of [[403, 'Rejected'], [404, 'Rejected'], [401, 'SessionLost']] as const) {
      const site = await serve((_q, r) => r.writeHead(status).end());
      expect(await failure(setUp().get(`${site.url}/`))).toMatchObject({ kind, httpStatus: status });
      expect(site.seen).toHaveLength(1);
    }
  });
  it('reads both forms of Retry-After', () => {
    expect(retryAfterMs('120', START)).toBe(120_000);
    expect(retryAfterMs(new Date(START + 9_000).toUTCString(), START)).toBe(9_000);
    expect(retryAfterMs('soon', START)).toBeNull();
  });
  it('stops when told', async () => {
    const site = await serve(() => undefined);
    const stop = new AbortController();
    const { fetcher } = setUp();
    const pending = fetcher.fetch({ url: `${site.url}/`, connector: 'test', operation: 'read' }, { ...LOCAL, timeoutMs: 60_000 }, stop.signal);
    setTimeout(() => stop.abort(new Error('cancelled by the user')), 50);
    await expect(pending).rejects.toThrow('cancelled by the user');
  });
  it('takes a body that never ends for a failure', async () => {
    const site = await serve((_q, r) => void r.writeHead(200).write('start'));
    expect(await failure(setUp().get(`${site.url}/`, { ...LOCAL, timeoutMs: 200, attempts: 1 }))).toMatchObject({ kind: 'Retryable', message: 'no complete answer in time' });
  });
});

describe('bodies', () => {
  it('reads gzip, Brotli and foreign charsets', async () => {
    const site = await serve((q, r) => {
      if (q.url === '/gz') r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('zipped'));
      else if (q.url === '/br') r.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('brotli'));
      else r.writeHead(200, { 'content-type': 'text/html; charset=windows-1256' }).end(Buffer.from([0xcf, 0xcc]));
    });
    const { get } = setUp();
    expect([(await get(`${site.url}/gz`)).text, (await get(`${site.url}/br`)).text, (await get(`${site.url}/ar`)).text]).toEqual(['zipped', 'brotli', 'دج']);
  });
  it('stops at the limit, counted after decompression', async () => {
    const site = await serve((_q, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000))));
    expect(await failure(setUp().get(`${site.url}/`, { ...LOCAL, maxBytes: 1_000_000 }))).toMatchObject({ kind: 'Critical' });
  });
  it('refuses layers of compression, which multiply', async () => {
    const once = gzipSync(Buffer.alloc(1_000_000));
    const site = await serve((_q, r) => r.writeHead(200, { 'content-encoding': 'gzip, gzip, gzip' }).end(gzipSync(gzipSync(once))));
    expect(await failure(setUp().get(`${site.url}/`))).toMatchObject({ kind: 'Critical' });
  });
  it('asks only for what changed, once the version was remembered', async () => {
    const site = await serve((q, r) => (q.headers['if-none-match'] === '"1"' ? r.writeHead(304).end() : r.writeHead(200, { etag: '"1"' }).end('page')));
    const { get, fetcher } = setUp();
    const first = await get(`${site.url}/`, LOCAL, { conditional: true });
    expect((await get(`${site.url}/`, LOCAL, { conditional: true })).notModified).toBe(false);
    await fetcher.remember(`${site.url}/`, first.validators ?? {});
    expect((await get(`${site.url}/`, LOCAL, { conditional: true })).notModified).toBe(true);
  });
});

const at = (h: number) => Date.UTC(2026, 10, 21, h);

describe('HostBudget', () => {
  it('spaces requests and never has more at once than allowed', async () => {
    const clock = new ManualClock(START);
    const budget = new HostBudget(clock);
    let active = 0;
    let most = 0;
    const starts: number[] = [];
    await Promise.all(Array.from({ length: 10 }, async () => {
      const release = await budget.take('shop', { minIntervalMs: 100, concurrency: 2 });
      starts.push(clock.now());
      most = Math.max(most, ++active);
      await Promise.resolve();
      active -= 1;
      release();
    }));
    expect(most).toBeLessThanOrEqual(2);
    expect(Math.max(...starts) - START).toBeGreaterThanOrEqual(900);
  });
  it('keeps quiet hours of the site\u2019s own zone, also over a change of its clocks', () => {
    // Algiers is an hour ahead of UTC the whole year.
    expect(quietUntil(at(7), { from: 8, to: 10, zone: 'Africa/Algiers' })).toBe(at(9));
    expect(quietUntil(at(9), { from: 8, to: 10, zone: 'Africa/Algiers' })).toBe(at(9));
    expect(quietUntil(at(21), { from: 22, to: 5, zone: 'Africa/Algiers' })).toBe(at(24 + 4));
    // In Paris the clocks go back at 3:00 on 25 October 2026: the night has an hour more.
    expect(quietUntil(Date.UTC(2026, 9, 24, 21), { from: 22, to: 6, zone: 'Europe/Paris' })).toBe(Date.UTC(2026, 9, 25, 5));
  });
  it('keeps quiet hours, past midnight too', () => {
    expect(quietUntil(at(23), { from: 22, to: 5 })).toBe(at(24) + 5 * HOUR_MS);
    expect(quietUntil(at(3), { from: 22, to: 5 })).toBe(at(5));
    expect(quietUntil(at(12), { from: 22, to: 5 })).toBe(at(12));
    expect(quietUntil(at(9), { from: 8, to: 10 })).toBe(at(10));
  });
});

describe('readSitemap', () => {
  it('reads indexes, pages, gzip and lists, and nothing else', () => {
    const pages = '<?xml version="1.0"?><urlset xmlns="x"><url><loc> https://s.example/a?x=1&amp;y=2 </loc><image:image><image:loc>https://s.example/i.png</image:loc></image:image></url><url><loc><![CDATA[https://s.example/b]]></loc></url></urlset>';
    expect(readSitemap(Buffer.from(pages))).toEqual({ kind: 'pages', urls: ['https://s.example/a?x=1&y=2', 'https://s.example/b'], changes: new Map() });
    const dated = readSitemap(Buffer.from('<urlset xmlns="x"><url><loc>https://s.example/a</loc></url><url><loc>https://s.example/b</loc><lastmod>2026-09-01</lastmod></url></urlset>'));
    expect([...(dated?.changes ?? [])]).toEqual([['https://s.example/b', '2026-09-01']]);
    expect(readSitemap(gzipSync(pages))?.urls).toHaveLength(2);
    expect(readSitemap(Buffer.from('<sitemapindex><sitemap><loc>https://s.example/1.xml</loc></sitemap></sitemapindex>'))?.kind).toBe('index');
    expect(readSitemap(Buffer.from('https://s.example/a\nhttps://s.example/b\n'))?.urls).toHaveLength(2);
    expect(readSitemap(Buffer.from('<html><body>404</body></html>'))).toBeNull();
  });
});
